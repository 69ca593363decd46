import type { Change, RightsAccount, RightsTable } from '../../../evidence/database/store-rights.ts';
import { type Cascade, type Effects, isIdle, itself, throughKey } from './cascades.ts';
import { hostsMeet, matches, same } from './grant-patterns.ts';
import { folded } from './grants-postgresql.ts';

/** An account or a role, by the two parts of its name; a role of MariaDB has no host. */
export type Grantee = { readonly user: string; readonly host: string };

export type Account = Grantee & {
  readonly login: RightsAccount['login'];
  /** Privileges on everything: `Delete`, `Super`, `Create user`, … */
  readonly privileges: readonly string[];
};

type TableName = { readonly database: string; readonly table: string };

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
  /** Views that can be written to, and that act with their definer’s rights; the text is empty where it is not shown. */
  readonly views: readonly {
    readonly database: string;
    readonly name: string;
    readonly definer: string;
    readonly text: string;
  }[];
  /** Foreign keys: of which table, and to which. */
  readonly keys: readonly (Cascade & TableName & { readonly refers: TableName })[];
  /** Who may log in as another; a name that is empty stands for anybody. */
  readonly proxies: readonly { readonly to: Grantee; readonly as: Grantee }[];
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

// Who can write to one of these can give itself any right, or has a routine of somebody else’s do it.
const grantTables = new Set([
  ...['user', 'global_priv', 'db', 'tables_priv', 'columns_priv', 'procs_priv', 'proxies_priv', 'roles_mapping'],
  ...['role_edges', 'default_roles', 'global_grants', 'proc', 'event', 'func', 'plugin'],
]);

const all: readonly Change[] = ['delete', 'update', 'truncate', 'drop', 'alter'];

type Way = { readonly table: string; readonly can: readonly Change[]; readonly by: string };

/** A declared table, or one that its rows follow by foreign keys. */
type Place = Target & { readonly effects: Effects; readonly isItself: boolean };

type Reach = { readonly everything: boolean; readonly ways: readonly Way[] };

/** Accounts that may change a declared table: by grants of their own or of any role granted to them, by routines, views and whom they may log in as. */
export function accountsOf(grants: GrantTables, targets: readonly Target[], isCaseless: boolean): RightsAccount[] {
  const reach = reachIn(grants, placesOf(targets, grants, isCaseless), isCaseless);
  const isRole = ({ user, host }: Grantee): boolean => host === '' || isPublic({ user, host });
  return grants.accounts
    .filter((account) => !isRole(account))
    .flatMap((account): RightsAccount[] => {
      const { everything, ways } = reach(account);
      const may = folded(ways);
      const { user, host, login } = account;
      return may.length === 0 ? [] : [{ name: user, from: host, login, everything, may }];
    });
}

/** What everybody may do to a table: MariaDB’s PUBLIC (from 10.11 on). */
export function everybodyMay(target: Target, grants: GrantTables, isCaseless: boolean): RightsTable['everybody'] {
  const places = placesOf([target], grants, isCaseless);
  const held = heldBy({ user: 'PUBLIC', host: '' }, grants);
  const ways = held.flatMap((one) => ownWays(one, grants, places, isCaseless).ways);
  return folded(ways)[0]?.can ?? [];
}

function placesOf(targets: readonly Target[], { keys }: GrantTables, isCaseless: boolean): Place[] {
  const isSame = (one: TableName, other: TableName): boolean =>
    same(one.database, other.database, isCaseless) && same(one.table, other.table, isCaseless);
  return targets.flatMap((target): Place[] => {
    const places: Place[] = [{ ...target, effects: itself, isItself: true }];
    // A key may lead back to where it came from.
    for (const place of places) {
      for (const { refers, ...key } of keys.filter((each) => isSame(each, place))) {
        const effects = throughKey(key, place.effects);
        if (!isIdle(effects) && !places.some((each) => isSame(each, refers)))
          places.push({ ...target, ...refers, effects, isItself: false });
      }
    }
    return places;
  });
}

function reachIn(
  grants: GrantTables,
  places: readonly Place[],
  isCaseless: boolean,
): (grantee: Grantee, before?: ReadonlySet<string>) => Reach {
  const own = new Map<string, ReturnType<typeof ownWays>>();
  const ownOf = (grantee: Grantee): ReturnType<typeof ownWays> => {
    const key = nameOf(grantee);
    const known = own.get(key) ?? ownWays(grantee, grants, places, isCaseless);
    own.set(key, known);
    return known;
  };
  const reach = (grantee: Grantee, before: ReadonlySet<string> = new Set()): Reach => {
    const held = heldBy(grantee, grants);
    const mine = held.map((one) => ({ one, ...ownOf(one) }));
    // Whom it acts as, by what; nobody twice, for they may act as each other.
    const others = actsAs(held, grants, places, isCaseless).filter(({ as }) => !before.has(nameOf(as)));
    const passed = new Set([...before, nameOf(grantee), ...others.map(({ as }) => nameOf(as))]);
    const found = others.map((other) => ({ ...other, ...reach(other.as, passed) }));
    const direct = mine.flatMap(({ one, ways }) =>
      one === held[0] ? ways : ways.map((way) => ({ ...way, by: `role ${one.user}` })),
    );
    const isNew = (table: string, change: Change): boolean =>
      !direct.some((way) => way.table === table && way.can.includes(change));
    const through = found.flatMap(({ ways, by, only = all }) =>
      ways.flatMap(({ table, can }) => {
        const further = can.filter((each) => only.includes(each) && isNew(table, each));
        return further.length > 0 ? [{ table, can: further, by }] : [];
      }),
    );
    return {
      everything: [...mine, ...found.filter(({ isWhole }) => isWhole)].some(({ everything }) => everything),
      ways: [...direct, ...through],
    };
  };
  return reach;
}

type Role = { readonly as: Grantee; readonly by: string; readonly isWhole?: true; readonly only?: readonly Change[] };

function actsAs(held: readonly Grantee[], grants: GrantTables, places: readonly Place[], isCaseless: boolean): Role[] {
  const { routines, views, proxies, accounts } = grants;
  const names = new Set(held.map(nameOf));
  const ofRoutines = routines
    .filter((routine) => held.some((one) => mayCall(one, routine, grants, isCaseless)))
    .map(({ database, name, definer }): Role => ({ as: granteeOf(definer), by: `routine ${database}.${name}` }));
  const ofViews = views
    .filter((view) => mayLeadTo(view, views, places))
    .flatMap(({ database, name, definer }): Role[] => {
      const place = { name, database, table: name, effects: itself, isItself: false };
      const only = held.flatMap((one) => ownWays(one, grants, [place], isCaseless).ways.flatMap(({ can }) => can));
      return only.length > 0 ? [{ as: granteeOf(definer), by: `view ${database}.${name}`, only }] : [];
    });
  const ofProxies = proxies
    .filter(({ to }) => held.some((one) => one.user === to.user && hostsMeet(to.host, one.host)))
    .flatMap(({ as }) => accounts.filter(({ user, host }) => isMeant(as, { user, host })))
    .map((as): Role => ({ as, by: `PROXY ${nameOf(as)}`, isWhole: true }));
  return [...ofRoutines, ...ofViews, ...ofProxies].filter(({ as }) => !names.has(nameOf(as)));
}

function isMeant(as: Grantee, { user, host }: Grantee): boolean {
  return host !== '' && (as.user === '' || as.user === user) && (as.host === '' || hostsMeet(as.host, host));
}

// A view may be made of views. What is not shown may be anything.
function mayLeadTo(
  { text }: GrantTables['views'][number],
  views: GrantTables['views'],
  places: readonly Place[],
): boolean {
  const folded = text.toLowerCase();
  const names = [...places.map(({ table }) => table), ...views.map(({ name }) => name)];
  return text === '' || names.some((name) => folded.includes(name.toLowerCase()));
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
  places: readonly Place[],
  isCaseless: boolean,
): { everything: boolean; ways: Way[] } {
  const mine = (each: Grantee): boolean => each.user === grantee.user && hostsMeet(each.host, grantee.host);
  // What is granted on databases to the account without a name holds for every name.
  const ofAll = (each: Grantee): boolean =>
    mine(each) || (each.user === '' && grantee.host !== '' && hostsMeet(each.host, grantee.host));
  const isWriting = (privilege: string): boolean => privilege === 'Insert' || privilege === 'Update';
  const everywhere = grants.accounts
    .filter((each) => nameOf(each) === nameOf(grantee))
    .flatMap(({ privileges }) => privileges);
  const power = [
    ...everywhere.filter((privilege) => toAll.has(privilege)),
    ...everywhere.filter(isWriting).map((privilege) => `${privilege} on *.*`),
    ...grants.databases
      .filter((each) => ofAll(each) && matches(each.database, 'mysql', isCaseless) && each.privileges.some(isWriting))
      .map(() => 'grant on mysql.*'),
    ...grants.tables
      .filter((each) => mine(each) && same(each.database, 'mysql', isCaseless) && grantTables.has(each.table))
      .filter(({ privileges }) => privileges.some(isWriting))
      .map(({ table }) => `grant on mysql.${table}`),
  ];
  const ways = places.flatMap((place): Way[] => [
    ...(place.isItself ? power.slice(0, 1) : []).map((by) => ({
      table: place.name,
      can: all,
      by,
    })),
    ...way(place, everywhere, 'grant on *.*'),
    ...grants.databases
      .filter((each) => ofAll(each) && matches(each.database, place.database, isCaseless))
      .flatMap(({ user, privileges, database: pattern }) =>
        way(place, privileges, `grant on ${pattern}.*${user === '' ? ` to ''` : ''}`),
      ),
    ...grants.tables
      .filter((each) => mine(each) && same(each.database, place.database, isCaseless))
      .filter((each) => same(each.table, place.table, isCaseless))
      .flatMap(({ privileges }) => way(place, privileges, 'grant')),
  ]);
  return { everything: power.length > 0, ways };
}

function way({ name, table, effects, isItself }: Place, privileges: readonly string[], by: string): Way[] {
  const can = isItself
    ? privileges.flatMap((privilege) => changesBy[privilege] ?? [])
    : privileges.flatMap((privilege) =>
        privilege === 'Delete' ? effects.delete : privilege === 'Update' ? effects.update : [],
      );
  return can.length === 0 ? [] : [{ table: name, can, by: isItself ? by : `${by} (${table})` }];
}

function mayCall(
  grantee: Grantee,
  routine: GrantTables['routines'][number],
  { accounts, databases, routineGrants }: GrantTables,
  isCaseless: boolean,
): boolean {
  const mine = (each: Grantee): boolean => each.user === grantee.user && hostsMeet(each.host, grantee.host);
  const ofAll = (each: Grantee): boolean =>
    mine(each) || (each.user === '' && grantee.host !== '' && hostsMeet(each.host, grantee.host));
  const has = ({ privileges }: { privileges: readonly string[] }): boolean => privileges.includes('Execute');
  return (
    accounts.some((each) => nameOf(each) === nameOf(grantee) && has(each)) ||
    databases.some((each) => ofAll(each) && has(each) && matches(each.database, routine.database, isCaseless)) ||
    routineGrants.some(
      (each) => mine(each) && same(each.database, routine.database, isCaseless) && same(each.name, routine.name, true),
    )
  );
}
