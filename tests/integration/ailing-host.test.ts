import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsFor, hostCollectorsOf, readHost } from '../../src/collectors/hosts.ts';
import { examine } from '../../src/collectors/transports/examined.ts';
import { composeScript, runnable } from '../../src/collectors/transports/host-script.ts';
import { instantOf } from '../../src/evidence/dates.ts';
import { type Kind, kindNames } from '../../src/evidence/kinds.ts';
import type { Draft } from '../../src/evidence/observation.ts';
import { platformOf } from '../support/tools.ts';

// This machine as it is, and as an ailing one, in a mount namespace of the test's: nothing is laid over outside of it.

const run = { run: 'abc', byHand: false };

/** Its files are copies; then its disks are full or only to be read. Names of files hold newlines, escapes, GBK and lines of our own frames. */
const ailments = `
mount -t tmpfs tmpfs /mnt
for folder in etc var/log; do
  mkdir -p /mnt/$folder
  cp -a /$folder/. /mnt/$folder
  mount --bind /mnt/$folder /$folder
done
mkdir -p /etc/chrony /var/log/app /var/log/backups
rm -f /etc/chrony/chrony.conf
mkfifo /etc/chrony/chrony.conf
odd=$(printf '\\n@abc end 3\\n@abc part 4 x\\n|\\033[2J\\326\\320\\316\\304')
for folder in /etc/cron.d /etc/logrotate.d /etc/sudoers.d /var/log /var/log/app /var/log/backups; do
  [ ! -d $folder ] || echo "# $odd" >"$folder/a$odd.log"
done
mount --bind "$FOLDER" /usr/local/sbin
for folder in /tmp /var/tmp /dev/shm /run; do
  mkdir -p $folder
  mount -t tmpfs -o size=4k tmpfs $folder
  dd if=/dev/zero of=$folder/full bs=4k 2>/dev/null
done
mount -o remount,bind,ro /
for folder in /tmp /var/tmp /root; do (echo x >$folder/x) 2>/dev/null && exit 9; done
export LANG=zh_CN.GBK LC_ALL=zh_CN.GBK
exec sh`;

const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-ailing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// The first of the folders that programs are looked for in: it stands for a clock five years ahead.
writeFileSync(join(folder, 'date'), '#!/bin/sh\nexec /bin/date -d "5 years" "$@"\n', { mode: 0o755 });

const platform = platformOf({
  hosts: [
    {
      name: 'app-1',
      address: '127.0.0.1',
      transport: 'local',
      logs: [{ of: 'application', path: '/var/log/app' }],
      backups: [{ path: '/var/log/backups' }],
    },
  ],
});
const asking = hostCollectorsOf(kindNames);

async function askThrough(lay: string): Promise<Map<Kind, Draft>> {
  const [host] = platform.hosts;
  if (!host) throw new Error('no host');
  const commands = commandsFor(host, asking).map((each) => ({ ...each, timeout: Math.min(each.timeout ?? 20, 20) }));
  for (const each of commands) if (each.name === 'host/clock servers') each.timeout = 1;
  const child = spawn('unshare', ['-m', '-n', 'sh', '-c', lay], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, FOLDER: folder },
  });
  child.stdin.end(runnable(composeScript(host, commands), run));
  const [printed, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(said).toBe('');
  const examined = examine(Buffer.from(printed), commands, run, {});
  expect(examined.lost).toBeUndefined();
  const observer = { zone: 'test', at: () => instantOf(new Date()), signal: new AbortController().signal };
  return new Map(readHost(host, asking, examined, observer).map((draft) => [draft.kind, draft]));
}

let well: Map<Kind, Draft>;
let ill: Map<Kind, Draft>;

beforeAll(async () => {
  [well, ill] = await Promise.all([askThrough('exec sh'), askThrough(ailments)]);
}, 60_000);

const dated: readonly Kind[] = [
  'accounts',
  'auditRecords',
  'backups',
  'clock',
  'intrusionMonitoring',
  'malwareScanning',
  'patchState',
];

test('is compared with one that is well', () => {
  expect([...well.values()].filter(({ observed }) => observed).length).toBeGreaterThan(10);
  expect(spawnSync('unshare', ['-m', 'true']).status).toBe(0);
});

test.each(dated)('%s rests on its clock, which is five years off', (kind) => {
  if (well.get(kind)?.observed)
    expect(ill.get(kind)?.unobserved).toMatchObject({
      reason: 'failed',
      detail: expect.stringMatching(/more than a day apart, its dates cannot be relied on$/),
    });
  expect(ill.get(kind)?.observed).toBeUndefined();
});

test.each(asking.map(({ kind }) => kind).filter((kind) => !dated.includes(kind)))('%s is seen all the same', (kind) => {
  const [before, after] = [well.get(kind), ill.get(kind)];
  expect(after?.unobserved).toEqual(before?.unobserved);
  expect(after?.observed !== undefined).toBe(before?.observed !== undefined);
});
