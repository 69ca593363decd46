import { z } from 'zod';
import { unreadViews } from './unread-views.ts';

/** What can be done to rows that are there: `drop` of the table or all its rows at once, `alter` of its columns. */
export const changes = ['delete', 'update', 'truncate', 'drop', 'alter'] as const;

export type Change = (typeof changes)[number];

const change = z.enum(changes);

/** Names of accounts and roles only: no password, nor its hash, is read. */
const account = z.strictObject({
  name: z.string(),
  /** From where it may come, as MariaDB and MySQL bind it: `%`, `10.0.0.%`. */
  from: z.string().optional(),
  /** Whether somebody can log in by it. */
  login: z.enum(['yes', 'no', 'unknown']),
  /** May do everything, or give itself the right to. */
  everything: z.boolean(),
  /** What it may do to which declared table, and by what. */
  may: z.array(
    z.strictObject({
      table: z.string(),
      can: z.array(change).min(1),
      /** `superuser`, `owner`, `grant`, `role app_rw`, `function purge()`: the shortest ways, a few. */
      by: z.array(z.string()).min(1),
    }),
  ),
});

/** Who can change or delete rows of the declared tables. */
export const storeRights = {
  origin: 'database',
  per: 'store',
  title: { zh: '数据更改权限', en: 'Rights to change data' },
  value: z.strictObject({
    engine: z.string(),
    version: z.string(),
    /** The account that asked, and what it could change in the whole database, in the server’s words. */
    own: z.strictObject({ account: z.string(), writes: z.array(z.string()) }),
    tables: z.array(
      z.strictObject({
        name: z.string(),
        /** `missing`; `remote`: its rows are on another server; `view`: its rows are other tables’. */
        problem: z.enum(['missing', 'remote', 'view', 'unclear']).optional(),
        owner: z.string().optional(),
        /** Row security binds those it does not exempt. */
        rowSecurity: z.boolean().optional(),
        /** What everybody who can log in may do. */
        everybody: z.array(change),
      }),
    ),
    /** Accounts and roles that may change a declared table. */
    accounts: z.array(account),
    /** How many accounts there are that somebody can log in by. */
    logins: z.int().nonnegative().optional(),
    unread: unreadViews,
  }),
} as const;

export type StoreRights = z.output<typeof storeRights.value>;
export type RightsAccount = z.output<typeof account>;
export type RightsTable = StoreRights['tables'][number];
