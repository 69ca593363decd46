import { z } from 'zod';
import type { RightsAccount, StoreRights } from '../../src/evidence/database/store-rights.ts';
import { unreadViewsText } from '../../src/evidence/database/unread-views.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { type Party, partyTitles } from '../../src/evidence/host/parties.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { judgeBucketRights } from '../shared/bucket-rights.ts';
import { messages, remedies } from '../shared/change-rights-words.ts';

type Found = Finding<keyof typeof messages>;
type Writers = NonNullable<PlatformDeclaration['stores'][number]['writers']>;

/** Whoever can change or delete rows of the declared tables is declared, and works for a permitted party. */
export const check = defineCheck({
  id: 'data/change-rights',
  title: { zh: '数据更改和删除权限', en: 'Rights to change and delete data' },
  about: {
    zh: '从数据库的角色、授权和属主查出能更改、删除声明各表记录的登录账号（含经角色、视图、级联外键、以属主权限运行的函数或程序、PROXY 取得的），与平台文件 stores 的 writers 核对。有这种权限不等于用过，授权本身由声明答复。MariaDB 中账号是否锁定，以及 SET USER、BINLOG REPLAY 等权限看不到。采集账号自身可写的，写明。存储桶（包括存放备份的）向任何人开放的不符合；其余的列出对象锁定、桶策略和访问控制列表中可写的账号，账号自身的策略看不到。',
    en: 'Finds, from roles, grants and owners, the accounts that can change or delete rows of the declared tables (by roles, views, foreign keys that cascade, PROXY, and functions or routines that run with their owner’s rights, too), and holds them against writers of the store in the platform file. A right is not its use; authorisation itself is answered by a signed statement. Whether an account of MariaDB is locked, and its rights SET USER, BINLOG REPLAY and the like, are not seen. If the account that scans could write, that is said. A bucket, of backups too, that is open to anybody is unmet; of others its lock and the writers that its policy and grants name are shown, and it stays open, for accounts’ own policies are not seen.',
  },
  reads: ['platform', 'storeRights', 'buckets'],
  parameters: z.strictObject({
    /** Parties whose accounts may change data. */
    allow: z
      .array(z.enum(['unit', 'related', 'vendor']))
      .min(1)
      .meta(stricter.fewer),
  }),
  messages,
  remedies,

  judge({ platform, storeRights, buckets }, { allow }) {
    const files = buckets.flatMap(judgeBucketRights);
    if (storeRights.length + files.length === 0) return [unproven('noStore', platform, {}, 'stores')];
    const found = storeRights.flatMap((seen) => {
      const writers = platform.flatMap(
        ({ value }) => value.stores.find(({ name }) => name === seen.subject)?.writers ?? [],
      );
      return judgeStore(seen, writers, allow);
    });
    return [...found, ...files];
  },
});

function judgeStore(seen: Seen<StoreRights>, writers: Writers, allow: readonly Party[]): Found[] {
  const { tables, accounts, own, unread, logins } = seen.value;
  const store = seen.subject;
  const holders = accounts.filter(({ login }) => login !== 'no');
  const parties = new Map(holders.map((holder) => [holder, partyOf(holder, writers)]));
  const undeclared = holders.filter((holder) => parties.get(holder) === undefined);
  const outside = holders.filter((holder) => {
    const party = parties.get(holder);
    return party !== undefined && !allow.includes(party);
  });
  const open = tables.filter(({ everybody }) => everybody.length > 0);
  const odd = tables.filter(({ problem }) => problem !== undefined);
  const all = holders.filter(({ everything }) => everything).length;
  const faults = [
    ...open.map(({ name, everybody }) =>
      unmet('everybody', seen, { store, table: name, can: everybody.join(', ') }, store),
    ),
    ...(undeclared.length > 0
      ? [unproven('undeclared', seen, { store, names: named(undeclared), count: undeclared.length, all }, store)]
      : []),
    ...(outside.length > 0 ? [unproven('outside', seen, { store, names: namedWith(outside, parties) }, store)] : []),
    ...odd.map(({ name, problem = 'unclear' }) =>
      unproven('table', seen, { store, table: name, problem: problems[problem] }, store),
    ),
    ...(unread.length > 0 ? [unproven('unread', seen, { store, views: unreadViewsText(unread) }, store)] : []),
    ...(own.writes.length > 0
      ? [
          unproven(
            'scannerWrites',
            seen,
            { store, account: own.account, writes: own.writes.slice(0, most).join('; ') },
            store,
          ),
        ]
      : []),
  ];
  if (faults.length > 0) return faults;
  if (logins === undefined) return [unproven('unread', seen, { store, views: '-' }, store)];
  const data = { store, names: namedWith(holders, parties), all, logins, account: own.account };
  return [met(holders.length > 0 ? 'declared' : 'nobody', seen, data, store)];
}

// A name alone stands for the account from whatever host; the most distant party counts.
function partyOf({ name, from }: RightsAccount, writers: Writers): Party | undefined {
  const mine = writers.filter(
    ({ account }) => account === name || (from !== undefined && account === `${name}@${from}`),
  );
  return (['vendor', 'related', 'unit'] as const).find((party) => mine.some((writer) => writer.party === party));
}

const problems = {
  missing: { zh: '不存在', en: 'is not there' },
  remote: { zh: '其记录在另一台服务器', en: 'has its rows on another server' },
  view: { zh: '是视图，其记录属于其他表', en: 'is a view: its rows are other tables’' },
  unclear: { zh: '未能识别', en: 'is not understood' },
} as const satisfies Record<string, Text>;

const most = 10;

function nameOf({ name, from, everything, may }: RightsAccount): string {
  const account = from === undefined ? name : `${name}@${from}`;
  const what = everything ? 'all' : [...new Set(may.flatMap(({ can }) => can))].join('/');
  const by = [...new Set(may.flatMap((each) => each.by))].slice(0, 2).join(', ');
  return `${account} (${what}: ${by})`;
}

function named(holders: readonly RightsAccount[]): string {
  const shown = holders.slice(0, most).map(nameOf).join('; ');
  return holders.length > most ? `${shown} … (${holders.length})` : shown;
}

function namedWith(holders: readonly RightsAccount[], parties: ReadonlyMap<RightsAccount, Party | undefined>): Text {
  const shown = holders.slice(0, most).map((holder) => {
    const party = parties.get(holder);
    const title = party ? partyTitles[party] : { zh: '-', en: '-' };
    return { zh: `${nameOf(holder)}（${title.zh}）`, en: `${nameOf(holder)} (${title.en})` };
  });
  const more = holders.length > most ? [{ zh: `等 ${holders.length} 个`, en: `${holders.length} in all` }] : [];
  return joined([...shown, ...more], '；', '; ');
}
