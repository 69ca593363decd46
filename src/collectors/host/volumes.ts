import type { DataPlace, Volume, Volumes } from '../../evidence/host/volumes.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { unreadLine } from './forwards/configurations.ts';
import { clean, isComplete, linesOf } from './output.ts';
import { atMost, swapAt, volumeAt, volumesBelow } from './volumes/devices.ts';
import { isCut, type Listing, readListing } from './volumes/listing.ts';
import { volumesScript } from './volumes/script.ts';

const most = 500;

/** On what the declared data lies: mounts, device mapper, disks, and what of that encrypts. */
export const volumes = defineHostCollector({
  id: 'host/volumes',
  kind: 'volumes',
  ask: (host) => [
    {
      name: 'volumes',
      why: 'mounts, block devices and swap; where the declared data lies; which layer encrypts, by what cipher (no key is printed)',
      script: volumesScript(host),
      asRoot: true,
      timeout: 30,
      limit: 4 * 1024 * 1024,
    },
  ],
  read: readVolumes,
});

function readVolumes(results: CommandResults, host: DeclaredHost): Volumes {
  const result = results('volumes');
  // Of a listing that was cut, a layer may be missing: nothing is taken from it.
  if (!isComplete(result)) throw new Unavailable(result.timedOut ? 'timed-out' : 'failed', result.stderr || 'volumes');
  const listing = readListing(result.stdout);
  if (listing.mounts.length === 0) throw new Unavailable('denied', '/proc/self/mountinfo');
  const swaps = linesOf(result.stdout, 'swap:').map((line) => line.split('\t'));
  return {
    data: host.data.map(({ path, of, seenAs }, index) => ({
      path: clean(path),
      ...(of === undefined ? {} : { of }),
      ...(seenAs === undefined ? {} : { seenAs: clean(seenAs) }),
      ...placeOf(index, result.stdout, listing),
    })),
    swap: swaps.map(([area = '', type = '']) => swapAt(area, type, listing)).slice(0, most),
    unread: [
      ...(isCut(listing) ? [{ part: '/sys/block', why: 'too-many' as const }] : []),
      ...linesOf(result.stdout, '!! ').map((line) => unreadLine(`!! ${line}`)),
    ].slice(0, most),
  };
}

function placeOf(index: number, output: string, listing: Listing): Pick<DataPlace, 'problem' | 'volumes'> {
  const [state = 'missing', path = ''] = linesOf(output, `place:${index}\t`)[0]?.split('\t') ?? [];
  if (state === 'far') return { volumes: [volumeAt(path, listing)] };
  if (state !== 'there') return { problem: state === 'denied' ? 'denied' : 'missing', volumes: [] };
  const own = withFscrypt(volumeAt(path, listing), linesOf(output, `flags:${index}\t`).includes('E'));
  const isOutside = (target: string): boolean => !`${target}/`.startsWith(path === '/' ? path : `${path}/`);
  const links = linesOf(output, `link:${index}\t`)
    .filter(isOutside)
    .map((target) => volumeAt(target, listing));
  const others = [...volumesBelow(path, listing), ...links];
  return { volumes: atMost(unique([own, ...others])) };
}

// fscrypt encrypts a folder with all below it on the same file system, and sets the flag E on it: lsattr shows FS_ENCRYPT_FL.
function withFscrypt(volume: Volume, flagged: boolean): Volume {
  return flagged && /^(ext4|f2fs|ubifs|ceph)$/.test(volume.fileSystem)
    ? { ...volume, encryption: 'whole', by: ['fscrypt'], cipherUnread: false }
    : volume;
}

function unique(list: readonly Volume[]): Volume[] {
  return [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
}
