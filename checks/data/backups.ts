import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { BackupPlace, Backups } from '../../src/evidence/host/backups.ts';
import type { Volumes } from '../../src/evidence/host/volumes.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, stricter, unmet, unproven } from '../check.ts';
import { bucketsIn, type Copy, foldersIn, isBesideData } from '../shared/backup-copies.ts';
import { backupMessages, backupRemedies } from '../shared/backup-words.ts';
import { keepingText } from '../shared/bucket-words.ts';
import { judgeRestores, restored } from '../shared/restore-tests.ts';

type Found = Finding<keyof typeof backupMessages>;

/** Each store is backed up in time, whole, apart from its data and, where that is asked for, encrypted. */
export const check = defineCheck({
  id: 'data/backups',
  title: { zh: '数据备份', en: 'Data is backed up' },
  about: {
    zh: '查看平台文件声明的备份目录：最新文件的时间和大小、大小的变化、所在磁盘是否与数据相同、是否加密（restic、带密钥的 borg、GPG、age、openssl 等文件头，或者所在卷加密），并列出计划任务中的备份工具和备份代理；存储桶中的备份同样看时间、大小和加密标记，并与数据所在主机的地址比较。不打开备份内容；能否恢复，以恢复测试台账所登记的最近一次测试为准。',
    en: 'Looks at the declared backup folders: age and size of the newest files, how sizes change, whether they lie on the data’s own disks, whether they are encrypted (restic, borg with a key, headers of GPG, age, openssl and the like, or an encrypted volume), beside the tools in schedules and the agents that run; of buckets age, sizes and whether objects are stored encrypted, and whether they are served from the data’s own host. No backup is opened; that it can be restored is taken from the last test in the ledger of restore tests.',
  },
  reads: ['backups', 'buckets', 'ledgers', 'platform', 'volumes'],
  parameters: z.strictObject({
    /** Days that the newest backup may be old. */
    within: z.number().positive().meta(stricter.lower),
    /** The share of the usual size that the newest may not fall short of. */
    least: z.number().positive().max(1).meta(stricter.higher),
    /** Bytes of a day’s backup that are too few to hold anything: of a dump that failed, packed, some twenty are left. */
    leastBytes: z.int().positive().meta(stricter.higher).default(1),
    /** Whether backups must be encrypted, too. */
    encrypted: z.boolean(),
    restored: restored.optional(),
  }),
  messages: backupMessages,
  remedies: backupRemedies,

  judge({ backups, buckets, ledgers, platform, volumes }, parameters, asOf) {
    const copies = [...foldersIn(backups), ...bucketsIn(buckets)];
    if (backups.length === 0 && copies.length === 0) return [unproven('noHost', [], {}, 'backups')];
    const groups = [...Map.groupBy(copies, ({ place, seen }) => place.of ?? `${seen.subject}:${place.path}`)];
    const frame = { platform, volumes, parameters };
    const found = groups.flatMap(([store, those]) => judgeStore(store, those, frame));
    const stores = platform.flatMap(({ value }) => value.stores.map(({ name }) => name));
    const unplaced = stores.filter((store) => !copies.some(({ place }) => place.of === store));
    const named = [...new Set([...stores, ...copies.flatMap(({ place }) => place.of ?? [])])];
    return [
      ...found,
      ...unplaced.map((store) =>
        unproven('noPlace', [...platform, ...backups], { store, tools: toolsOf(backups) }, store),
      ),
      ...(copies.length === 0 && stores.length === 0
        ? [unproven('noneDeclared', backups, { tools: toolsOf(backups) }, 'backups')]
        : []),
      ...(parameters.restored ? judgeRestores(named, { ledgers, platform }, parameters.restored, asOf) : []),
    ];
  },
});

type Parameters = {
  readonly within: number;
  readonly least: number;
  readonly leastBytes: number;
  readonly encrypted: boolean;
};

type Frame = {
  readonly platform: readonly Seen<PlatformDeclaration>[];
  readonly volumes: readonly Seen<Volumes>[];
  readonly parameters: Parameters;
};

// One copy in time is enough; older ones beside it are no fault.
function judgeStore(store: string, copies: readonly Copy[], frame: Frame): Found[] {
  const { within } = frame.parameters;
  const fresh = copies.filter((copy) => isFresh(copy, within));
  if (fresh.length === 0) return copies.map((copy) => judgeStale(store, copy, within));
  const old = copies.filter((copy) => !fresh.includes(copy));
  return [
    ...fresh.flatMap((copy) => judgeFresh(store, copy, frame)),
    ...old.map(({ place, seen }) => notApplicable('olderCopy', seen, { path: place.path, store }, store)),
  ];
}

function isFresh({ place }: Copy, within: number): boolean {
  return place.problem === undefined && isInTime(place.newestHours, within) && isInTime(ageOf(place), within);
}

function isInTime(hours: number | undefined, within: number): boolean {
  return hours !== undefined && hours >= 0 && hours <= within * 24;
}

// A copy is written anew: what it holds is no newer than the day that its name bears.
function ageOf({ newestHours, namedHours }: BackupPlace): number | undefined {
  return namedHours ?? newestHours;
}

function judgeStale(store: string, { place, seen, unread, bucket }: Copy, within: number): Found {
  const { path, problem, newestHours, count } = place;
  const data = { path, store, within };
  if (problem) return unproven(bucket ? 'bucketDenied' : problems[problem], seen, data, store);
  // What could not be read below it might be newer.
  if (unread) return unproven('unread', seen, { ...data, parts: unread }, store);
  if (newestHours === undefined || count === 0) return unmet('empty', seen, data, store);
  if (newestHours < 0) return unproven('future', seen, data, store);
  // A name may mean something else by its date.
  if (isInTime(newestHours, within))
    return unproven(
      'namedOlder',
      seen,
      { ...data, age: days(newestHours), named: days(ageOf(place) ?? newestHours) },
      store,
    );
  return unmet('tooOld', seen, { ...data, age: days(newestHours) }, store);
}

const problems = {
  missing: 'notThere',
  denied: 'denied',
  far: 'far',
  unclear: 'unclear',
} as const satisfies Record<NonNullable<BackupPlace['problem']>, keyof typeof backupMessages>;

function judgeFresh(store: string, copy: Copy, { platform, volumes, parameters }: Frame): Found[] {
  const { place, seen, bucket } = copy;
  const { path, form } = place;
  const beside = bucket ? [] : volumes.filter((each) => sharesDisk(place, seen, each));
  const data = { path, store };
  const faults = [
    ...sizesOf(store, place, seen, parameters),
    ...(beside.length > 0 ? [unproven('sameDisk', [seen, ...beside], data, store)] : []),
    ...(bucket && isBesideData(bucket, store, platform, volumes)
      ? [unproven('sameHost', [bucket, ...platform], { ...data, address: bucket.value.address }, store)]
      : []),
    ...(parameters.encrypted ? encryptionOf(store, place, seen) : []),
  ];
  if (faults.length > 0) return faults;
  const said = { ...data, age: days(ageOf(place) ?? 0), state: states[place.encrypted] };
  if (bucket) {
    const { address } = bucket.value;
    return [met('inBucket', bucket, { ...said, address, keeping: keepingText(bucket.value) }, store)];
  }
  return [met('backedUp', seen, { ...said, form, tools: listed(copy.tools) }, store)];
}

// A backup of nothing, or of much less than before, is the usual sign of one that fails quietly. Repositories only write what is new.
function sizesOf(
  store: string,
  { path, days: written, form }: BackupPlace,
  seen: Seen<unknown>,
  { least, leastBytes }: Parameters,
): Found[] {
  const [newest, ...before] = written;
  if (!newest || (newest.bytes < leastBytes && form === 'files') || newest.bytes === 0)
    return [unproven('nothingIn', seen, { path, store }, store)];
  if (form !== 'files') return [];
  // Of few the smallest: one of them may be the first, that holds all.
  const sizes = before.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
  const usual = sizes[sizes.length < 3 ? 0 : Math.floor(sizes.length / 2)] ?? 0;
  if (newest.bytes >= usual * least) return [];
  return [unproven('shrunk', seen, { path, store, bytes: newest.bytes, usual }, store)];
}

function sharesDisk({ volume, of }: BackupPlace, seen: Seen<unknown>, other: Seen<Volumes>): boolean {
  if (!volume || other.subject !== seen.subject) return false;
  const data = other.value.data.filter((each) => of === undefined || each.of === undefined || each.of === of);
  return data.some(({ volumes }) =>
    volumes.some(
      ({ mountPoint, devices }) =>
        mountPoint === volume.mountPoint || devices.some((device) => volume.devices.includes(device)),
    ),
  );
}

function encryptionOf(store: string, { path, encrypted, volume }: BackupPlace, seen: Seen<unknown>): Found[] {
  const isOnCrypt = volume?.encryption === 'whole' && !volume.cipherUnread;
  if (encrypted === 'yes' || isOnCrypt) return [];
  const data = { path, store };
  return [encrypted === 'unknown' ? unproven('maybePlain', seen, data, store) : unmet('plain', seen, data, store)];
}

const states: Readonly<Record<BackupPlace['encrypted'], Text>> = {
  yes: { zh: '已加密', en: 'encrypted' },
  no: { zh: '未加密', en: 'not encrypted' },
  part: { zh: '部分加密', en: 'encrypted in part' },
  unknown: { zh: '是否加密未能识别', en: 'whether encrypted is not known' },
};

function days(hours: number): string {
  return (hours / 24).toFixed(1);
}

const most = 8;

function toolsOf(hosts: readonly Seen<Backups>[]): Text {
  return listed(hosts.flatMap(({ value }) => [...value.jobs.map(({ tool }) => tool), ...value.agents]));
}

function listed(tools: readonly string[]): Text {
  const all = [...new Set(tools)];
  if (all.length === 0) return { zh: '未发现', en: 'none found' };
  const shown = all.slice(0, most).join(', ');
  return { zh: shown, en: shown };
}
