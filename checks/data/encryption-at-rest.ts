import { z } from 'zod';
import { engineAtRest, type StoreEncryption } from '../../src/evidence/database/store-encryption.ts';
import { unreadViewsText } from '../../src/evidence/database/unread-views.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Interfaces } from '../../src/evidence/host/interfaces.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import { type DataPlace, encryptions, type Volume, type Volumes } from '../../src/evidence/host/volumes.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { judgeBucketAtRest } from '../shared/bucket-encryption.ts';
import { messages, remedies } from '../shared/encryption-at-rest-words.ts';
import { answersOn } from '../shared/store-servers.ts';

type Found = Finding<keyof typeof messages>;
type Level = 'volume' | 'any';

/** Whatever declared data a host keeps is encrypted: by the volumes it lies on or, where that will do, by the engine that writes it. */
export const check = defineCheck({
  id: 'data/encryption-at-rest',
  title: { zh: '数据加密存储', en: 'Data is encrypted at rest' },
  about: {
    zh: '从平台文件声明的数据路径出发，沿挂载点、设备映射、分区查到磁盘，并包括其下的挂载点、链接指向的卷和交换区：全部经 dm-crypt/LUKS、ZFS、fscrypt 等由主机加密的，符合；数据库引擎加密了全部声明的表及其日志、临时文件的，亦符合。数据库服务器的地址不属于声明存放其数据的主机的，待确认。两者都看到而都没有的，不符合；平台文件声明由应用加密字段的（encryptedFields），无从逐一核实，不判不符合也不判符合；磁盘自身和云平台一侧的加密从主机看不到。对象存储看默认加密和抽查的对象（最新、最早和其间若干）的加密标记，都加密的符合，否则待确认：存储服务之下的磁盘是否加密看不到。不打开任何数据文件。',
    en: 'Follows each declared path of data from its mount through the device mapper and partitions to the disks, with what is mounted below it, what links in it lead to, and swap: met where the host encrypts all of it (dm-crypt/LUKS, ZFS, fscrypt and the like), or where the database’s engine encrypts every declared table with its logs and temporary files; open where a store’s server answers at an address that none of the hosts has which are said to keep its data; unmet where both were seen and neither does. Where the platform file says that the application encrypts the fields (encryptedFields), which cannot be seen of all of them, it stays open. What a disk or a cloud encrypts by itself is not seen from the host. Of buckets the default and the marks of some objects (the newest, the oldest and some between) are looked at: met where all are encrypted, else open, for the disks below the store are not seen. No data file is opened.',
  },
  reads: ['platform', 'storeEncryption', 'buckets', 'volumes', 'interfaces'],
  alternatives: ['storeEncryption', 'interfaces'],
  parameters: z.strictObject({
    /** `volume`: the volume itself must be encrypted; `any`: encryption by the database’s engine does as well. */
    level: z.enum(['volume', 'any']),
  }),
  messages,
  remedies,

  judge({ platform, storeEncryption, buckets, volumes, interfaces }, { level }) {
    const files = buckets.filter(({ value }) => value.holds.length > 0).map(judgeBucketAtRest);
    const engines = level === 'any' ? storeEncryption : [];
    const hosts = volumes.filter(({ value }) => value.data.length > 0);
    const placed = new Set(hosts.flatMap(({ value }) => value.data.map(({ of }) => of)));
    const unplaced = storesOf(platform).filter((store) => !placed.has(store));
    const shownByEngine = unplaced.flatMap((store) =>
      engines.filter((each) => each.subject === store && isWhole(each)),
    );
    const rest = [
      ...files,
      ...shownByEngine.map((engine) => wholeEngine(engine, [engine])),
      ...unplaced
        .filter((store) => !shownByEngine.some(({ subject }) => subject === store))
        .map((store) => unproven('noPlace', platform, { store }, store)),
    ];
    if (volumes.length === 0)
      return shownByEngine.length + files.length > 0 ? rest : [unproven('noHost', [], {}, 'volumes')];
    const strangers = strangersAmong(platform, interfaces, hosts);
    const astray = strangers
      .filter(({ store }) => !engines.some((each) => each.subject === store && isWhole(each)))
      .map((stranger) => unproven('otherServer', platform, stranger, stranger.store));
    const isStrange = (store: string | undefined): boolean => strangers.some((each) => each.store === store);
    const found = hosts.flatMap((host) =>
      judgeHost(host, level, (place) => {
        const at = engineOf(place, engines, hosts, platform);
        return at && { ...at, isHere: at.isHere && !isStrange(place.of) };
      }),
    );
    const undeclared = storeEncryption
      .filter(
        ({ subject }) =>
          placed.has(subject) &&
          !(level === 'any' && engines.some((each) => each.subject === subject && isWhole(each))),
      )
      .flatMap((engine) => directoriesLeft(engine, hosts));
    const isNowhere = hosts.length === 0 && shownByEngine.length + files.length === 0;
    return [
      ...found,
      ...rest,
      ...astray,
      ...undeclared,
      ...(isNowhere ? [unproven('noData', volumes, {}, 'data')] : []),
    ];
  },
});

function storesOf(platform: readonly Seen<PlatformDeclaration>[]): string[] {
  return platform.flatMap(({ value }) => value.stores.map(({ name }) => name));
}

// Encrypted volumes of a host on which the server is not say nothing of what the server writes.
function strangersAmong(
  platform: readonly Seen<PlatformDeclaration>[],
  interfaces: readonly Seen<Interfaces>[],
  hosts: readonly Seen<Volumes>[],
): { store: string; address: string; hosts: string }[] {
  return platform.flatMap(({ value }) =>
    value.stores.flatMap(({ name: store, server }) => {
      const keepers = hosts.filter(({ value: { data } }) => data.some(({ of }) => of === store));
      const names = keepers.map(({ subject }) => subject);
      const isKnown = !server || names.some((name) => answersOn(server, name, platform, interfaces));
      return isKnown || names.length === 0 ? [] : [{ store, address: server.address, hosts: listed(names) }];
    }),
  );
}

type Engine = Seen<StoreEncryption>;

/** An engine, whether a place is surely where it keeps its data, and whether the application is said to encrypt the fields. */
type EngineAt = { readonly engine: Engine; readonly isHere: boolean; readonly hasFields: boolean };

// What was asked is one server: of a store on several hosts it is not known which. Exports and dumps of a store are not its engine’s.
function engineOf(
  { path, of, seenAs = path }: DataPlace,
  engines: readonly Engine[],
  hosts: readonly Seen<Volumes>[],
  platform: readonly Seen<PlatformDeclaration>[],
): EngineAt | undefined {
  const engine = engines.find(({ subject }) => subject === of);
  if (!engine) return undefined;
  const places = hosts.map(({ value }) => value.data.filter((place) => place.of === of)).filter((of) => of.length > 0);
  const { directory } = engine.value.rest;
  const isOwn =
    directory === undefined ? places[0]?.length === 1 : `${bare(seenAs)}/`.startsWith(`${bare(directory)}/`);
  const hasFields = platform.some(({ value }) =>
    value.stores.some((store) => store.name === of && store.encryptedFields),
  );
  return { engine, isHere: places.length === 1 && isOwn, hasFields };
}

// What the server itself says of where its data lies, and no declared place holds.
function directoriesLeft(engine: Engine, hosts: readonly Seen<Volumes>[]): Found[] {
  const places = hosts.flatMap(({ value }) => value.data.filter(({ of }) => of === undefined || of === engine.subject));
  const { directory, beside = [] } = engine.value.rest;
  const left = [...(directory === undefined ? [] : [directory]), ...beside].filter(
    (each) => !places.some((place) => isBelow(each, place)),
  );
  if (left.length === 0) return [];
  const paths = places.map(({ path, seenAs }) => (seenAs === undefined ? path : `${path} (${seenAs})`));
  const data = { store: engine.subject, directories: listed(left), paths: listed(paths) };
  return [unproven('directoryLeft', [engine, ...hosts], data, engine.subject)];
}

function isBelow(path: string, { path: own, seenAs = own }: DataPlace): boolean {
  return `${bare(path)}/`.startsWith(`${bare(seenAs)}/`);
}

function bare(path: string): string {
  return path.replace(/\/+$/, '');
}

function judgeHost(host: Seen<Volumes>, level: Level, engineAt: (place: DataPlace) => EngineAt | undefined): Found[] {
  const { data, swap, unread } = host.value;
  const open = swap.filter(({ encryption, cipherUnread }) => !isSafe(encryption) || cipherUnread);
  return [
    ...data.map((place) => {
      const at = engineAt(place);
      const found = judgePlace(place, host, level, at);
      return at?.isHere && found.outcome !== 'met' && isWhole(at.engine)
        ? wholeEngine(at.engine, [at.engine, host])
        : found;
    }),
    ...(open.length > 0 ? [unproven('swapOpen', host, { volumes: shown(open) })] : []),
    ...(unread.length > 0 ? [unproven('unread', host, { parts: unreadText(unread) })] : []),
  ];
}

function isSafe(encryption: Volume['encryption']): boolean {
  return encryption === 'whole' || encryption === 'memory';
}

function judgePlace(
  { path, problem, volumes }: DataPlace,
  host: Seen<Volumes>,
  level: Level,
  at: EngineAt | undefined,
): Found {
  if (problem) return unproven(problem === 'denied' ? 'denied' : 'notThere', host, { path });
  const found = new Set(volumes.map(({ encryption }) => encryption));
  const data = { path, volumes: shown(volumes) };
  if (found.has('none') || found.has('part')) return openPlace(volumes, host, level, data, at);
  if (found.has('elsewhere')) return unproven('elsewhere', host, data);
  if (found.has('unknown') || !found.has('whole')) return unproven('unclear', host, data);
  if (volumes.some(({ cipherUnread }) => cipherUnread)) return unproven('cipherUnread', host, data);
  return met('encrypted', host, data);
}

function openPlace(
  volumes: readonly Volume[],
  host: Seen<Volumes>,
  level: Level,
  data: { path: string; volumes: Text },
  at: EngineAt | undefined,
): Found {
  const open = volumes.filter(({ encryption }) => encryption === 'none' || encryption === 'part');
  const isProviders = open.every(({ virtualDisk }) => virtualDisk);
  if (level === 'volume') return isProviders ? unproven('providerDisk', host, data) : unmet('notEncrypted', host, data);
  if (!at || !(at.isHere || isWhole(at.engine))) return unproven('openVolume', host, data);
  return openEngine(at, host, data, isProviders);
}

function openEngine(
  { engine, isHere, hasFields }: EngineAt,
  host: Seen<Volumes>,
  data: { path: string; volumes: Text },
  isProviders: boolean,
): Found {
  const state = engineAtRest(engine.value);
  const { tables, parts, directory = '-' } = engine.value.rest;
  const more = { ...data, store: engine.subject };
  if (!isHere) return unproven('engineElsewhere', [host, engine], { ...more, directory });
  if (state === 'open') {
    const plain = tables.filter((table) => table.state === 'plain').map(({ name }) => name);
    const found = { ...more, tables: listed(plain) };
    if (isProviders) return unproven('engineOpen', [host, engine], found);
    return hasFields ? unproven('fieldsSaid', [host, engine], found) : unmet('bothOpen', [host, engine], found);
  }
  if (state === 'part') {
    const lacking = parts.filter((part) => part.state === 'plain' || part.state === 'unknown').map(({ part }) => part);
    return unproven('enginePart', [host, engine], { ...more, parts: lacking.join(', ') || '-' });
  }
  const unclear = tables.filter((table) => table.state === 'unknown').map(({ name, by }) => `${name} (${by})`);
  const { unread } = engine.value;
  const seen = { zh: listed(unclear), en: listed(unclear) };
  return unproven('engineUnclear', [host, engine], {
    ...more,
    parts: joined(unread.length > 0 ? [seen, unreadViewsText(unread)] : [seen]),
  });
}

function isWhole({ value }: Engine): boolean {
  return engineAtRest(value) === 'whole';
}

// A key that lies on the disks that it protects is as safe as they are: said, not judged.
function wholeEngine(engine: Engine, cites: readonly [Seen<unknown>, ...Seen<unknown>[]]): Found {
  const { tables, keys } = engine.value.rest;
  const places = keys.map(({ plugin, place }) => ({
    zh: `${plugin}（${keyPlaces[place].zh}）`,
    en: `${plugin} (${keyPlaces[place].en})`,
  }));
  const data = {
    store: engine.subject,
    tables: listed(tables.map(({ name }) => name)),
    keys: places.length > 0 ? joined(places, '、', ', ') : keyPlaces.unknown,
  };
  return met('engineEncrypted', cites, data, engine.subject);
}

const keyPlaces = {
  file: { zh: '服务器上的文件，可能与数据在同一磁盘', en: 'a file on the server, perhaps on the data’s own disk' },
  service: { zh: '外部密钥服务', en: 'a key service' },
  unknown: { zh: '来源未知', en: 'from where is not known' },
} as const satisfies Record<string, Text>;

function listed(names: readonly string[]): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} … (${names.length})` : names.join(', ') || '-';
}

const most = 8;

function shown(volumes: readonly Volume[]): Text {
  const each = volumes.slice(0, most).map(({ mountPoint, fileSystem, encryption, by, devices }) => {
    const how = by.length > 0 ? verbatim(by.join(' + ')) : encryptions[encryption];
    const part = by.length > 0 && encryption === 'part' ? encryptions.part : { zh: '', en: '' };
    const chain = [fileSystem, ...devices.slice(0, most)].join(' → ');
    return {
      zh: `${mountPoint}（${chain}：${how.zh}${part.zh === '' ? '' : `，${part.zh}`}）`,
      en: `${mountPoint} (${chain}: ${how.en}${part.en === '' ? '' : `, ${part.en}`})`,
    };
  });
  const more = volumes.length > most ? [{ zh: `等 ${volumes.length} 个`, en: `${volumes.length} in all` }] : [];
  return joined([...each, ...more], '、', ', ');
}
