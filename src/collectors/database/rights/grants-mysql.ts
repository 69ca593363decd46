import type { Change, RightsAccount, RightsTable } from '../../../evidence/database/store-rights.ts';
import { folded } from './grants-postgresql.ts';

/** An account or a role, by the two parts of its name; a role of MariaDB has no host. */
export type Grantee = { readonly user: string; readonly host: string };

export type Account = Grantee & {
  readonly login: RightsAccount['login'];
  /** Privileges on everything: `Delete`, `Super`, `Create user`, … */
  readonly privileges: readonly string[];
};

/** What the grant tables say. */
export type GrantTables = {
  readonly accounts: readonly Account[];
  /** `database` is a pattern, as grants on databases are. */
  readonly databases: readonly (Grantee & { readonly database: string; readonly privileges: readonly string[] })[];
  readonly tables: readonly (Grantee & {
    readonly database: string;
    readonly table: string;
    readonly privileges: readonly string[];
  })[];
  readonly roles: readonly { readonly to: Grantee; readonly role: Grantee }[];
  /** Routines that run with their definer’s rights. */
  readonly routines: readonly { readonly database: string; readonly name: string; readonly definer: string }[];
  readonly routineGrants: readonly (Grantee & { readonly database: string; readonly name: string })[];
};

/** A declared table. */
export type Target = { readonly name: string; readonly database: string; readonly table: string };

// ALTER can change a column’s type and thereby its values; DROP is what TRUNCATE and dropping a partition ask for.
const changesBy: Readonly<Record<string, readonly Change[]>> = {
  Delete: ['delete'],
  'Delete versioning rows': ['delete'],
  Update: ['update'],
  Drop: ['truncate', 'drop'],
  Alter: ['alter'],
  // A trigger runs with the rights of who made it, and sees each row before it is written.
  Trigger: ['update'],
};

const toAll = new Set(['Super', 'Create user']);

type Way = { readonly table: string; readonly can: readonly Change[]; readonly by: string };

/** Accounts that may change a declared table: by global, database, table or column grants of their own or of any role granted to them. */
export function accountsOf(grants: GrantTables, targets: readonly Target[], isCaseless: boolean): RightsAccount[] {
  const direct = new Map<string, ReturnType<typeof ownWays>>();
  const waysOf = (grantee: Grantee): ReturnType<typeof ownWays> => {
    const key = nameOf(grantee);
    const known = direct.get(key) ?? ownWays(grantee, grants, targets, isCaseless);
    direct.set(key, known);
    return known;
  };
  const reach = (grantee: Grantee): { everything: boolean; ways: Way[]; held: readonly Grantee[] } => {
    const held = heldBy(grantee, grants);
    const each = held.map((one) => ({ one, ...waysOf(one) }));
    return {
      held,
      everything: each.some(({ everything }) => everything),
      ways: each.flatMap(({ one, ways }) =>
        one === held[0] ? ways : ways.map((way) => ({ ...way, by: `role ${one.user}` })),
      ),
    };
  };
  const isRole = ({ user, host }: Grantee): boolean => host === '' || isPublic({ user, host });
  return grants.accounts
    .filter((account) => !isRole(account))
    .flatMap((account): RightsAccount[] => {
      const { everything, ways, held } = reach(account);
      const through = grants.routines
        .filter((routine) => held.some((one) => mayCall(one, routine, grants, isCaseless)))
        .filter(({ definer }) => definer !== nameOf(account))
        .flatMap(({ database, name, definer }) =>
          reach(granteeOf(definer)).ways.map(({ table, can }) => ({ table, can, by: `routine ${database}.${name}` })),
        );
      const may = folded([...ways, ...through]);
      const { user, host, login } = account;
      return may.length === 0 ? [] : [{ name: user, from: host, login, everything, may }];
    });
}

/** What everybody may do to a table: MariaDB’s PUBLIC (from 10.11 on). */
export function everybodyMay(target: Target, grants: GrantTables, isCaseless: boolean): RightsTable['everybody'] {
  const held = heldBy({ user: 'PUBLIC', host: '' }, grants);
  const ways = held.flatMap((one) => ownWays(one, grants, [target], isCaseless).ways);
  return folded(ways)[0]?.can ?? [];
}

function isPublic({ user, host }: Grantee): boolean {
  return user === 'PUBLIC' && host === '';
}

/** An account as `user@host`; a role of MariaDB as its name. */
function nameOf({ user, host }: Grantee): string {
  return host === '' ? user : `${user}@${host}`;
}

function granteeOf(name: string): Grantee {
  const at = name.lastIndexOf('@');
  return at < 0 ? { user: name, host: '' } : { user: name.slice(0, at), host: name.slice(at + 1) };
}

/** The account itself, and every role that is granted to it, to everybody, or to such a role. */
function heldBy(grantee: Grantee, { roles }: GrantTables): Grantee[] {
  const held = new Map([[nameOf(grantee), grantee]]);
  held.set('PUBLIC', { user: 'PUBLIC', host: '' });
  for (const each of held.values()) {
    for (const { to, role } of roles)
      if (nameOf(to) === nameOf(each) && !held.has(nameOf(role))) held.set(nameOf(role), role);
  }
  return [...held.values()];
}

function ownWays(
  grantee: Grantee,
  grants: GrantTables,
  targets: readonly Target[],
  isCaseless: boolean,
): { everything: boolean; ways: Way[] } {
  const mine = (each: Grantee): boolean => nameOf(each) === nameOf(grantee);
  const everywhere = grants.accounts.filter(mine).flatMap(({ privileges }) => privileges);
  const inMysql = grants.databases
    .filter(mine)
    .filter(({ database }) => matches(database, 'mysql', isCaseless))
    .flatMap(({ privileges }) => privileges);
  const power = [
    ...everywhere.filter((privilege) => toAll.has(privilege)),
    // Who can write to the grant tables can give itself any right.
    ...inMysql.filter((privilege) => ['Insert', 'Update'].includes(privilege)).map(() => 'grant on mysql.*'),
  ];
  const ways = targets.flatMap(({ name: table, database, table: own }): Way[] => [
    ...power.slice(0, 1).map((by) => ({ table, can: ['delete', 'update', 'truncate', 'drop', 'alter'] as const, by })),
    ...way(table, everywhere, 'grant on *.*'),
    ...grants.databases
      .filter((each) => mine(each) && matches(each.database, database, isCaseless))
      .flatMap(({ privileges, database: pattern }) => way(table, privileges, `grant on ${pattern}.*`)),
    ...grants.tables
      .filter((each) => mine(each) && same(each.database, database, isCaseless) && same(each.table, own, isCaseless))
      .flatMap(({ privileges }) => way(table, privileges, 'grant')),
  ]);
  return { everything: power.length > 0, ways };
}

function way(table: string, privileges: readonly string[], by: string): Way[] {
  const can = privileges.flatMap((privilege) => changesBy[privilege] ?? []);
  return can.length === 0 ? [] : [{ table, can, by }];
}

function mayCall(
  grantee: Grantee,
  routine: GrantTables['routines'][number],
  { accounts, databases, routineGrants }: GrantTables,
  isCaseless: boolean,
): boolean {
  const mine = (each: Grantee): boolean => nameOf(each) === nameOf(grantee);
  const has = ({ privileges }: { privileges: readonly string[] }): boolean => privileges.includes('Execute');
  return (
    accounts.some((each) => mine(each) && has(each)) ||
    databases.some((each) => mine(each) && has(each) && matches(each.database, routine.database, isCaseless)) ||
    routineGrants.some(
      (each) => mine(each) && same(each.database, routine.database, isCaseless) && same(each.name, routine.name, true),
    )
  );
}

function same(one: string, other: string, isCaseless: boolean): boolean {
  return isCaseless ? one.toLowerCase() === other.toLowerCase() : one === other;
}

// `%` is any text, `_` any character, unless a backslash stands before (mariadb.com/kb “GRANT”). Without backtracking, for patterns may be hostile.
function matches(pattern: string, name: string, isCaseless: boolean): boolean {
  const wanted = [...(isCaseless ? pattern.toLowerCase() : pattern).matchAll(/\\([\s\S])|([\s\S])/gu)];
  // Whether what was read of the pattern matches the first n characters.
  const characters = [...(isCaseless ? name.toLowerCase() : name)];
  let reached = [true, ...characters.map(() => false)];
  for (const [, escaped, plain] of wanted) {
    const before = reached;
    if (plain === '%') reached = before.map((_, index) => before.slice(0, index + 1).includes(true));
    else {
      const isMatch = (character: string): boolean =>
        escaped === undefined && plain === '_' ? true : character === (escaped ?? plain);
      reached = [false, ...characters.map((character, index) => before[index] === true && isMatch(character))];
    }
  }
  return reached.at(-1) === true;
}
