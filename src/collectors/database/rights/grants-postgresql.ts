import type { Change, RightsAccount, RightsTable } from '../../../evidence/database/store-rights.ts';
import type { Effects } from './cascades.ts';

/** A role of the cluster. */
export type Role = {
  readonly id: string;
  readonly name: string;
  readonly canLogin: boolean;
  readonly isSuperuser: boolean;
  readonly canCreateRoles: boolean;
};

/** A declared table, a partition of it, or a view over it: what is done to it is done to the table’s rows. */
export type Relation = {
  readonly id: string;
  /** The declared table whose rows it holds. */
  readonly table: string;
  readonly name: string;
  readonly isItself: boolean;
  /** Its owner has no more rights to the rows by it than without it. */
  readonly isView: boolean;
  readonly owner: string;
  readonly schemaOwner: string;
  /** The declared table’s rows follow its own by a foreign key: what its deletion and update come to. */
  readonly byKey?: Effects;
};

/** What the catalogue says of roles and rights; ids are those of roles, `0` is everybody. */
export type Catalogue = {
  /** As `server_version_num`: 150014. */
  readonly version: number;
  readonly databaseOwner: string;
  readonly roles: readonly Role[];
  readonly memberships: readonly { readonly role: string; readonly member: string }[];
  readonly relations: readonly Relation[];
  readonly grants: readonly { readonly relation: string; readonly grantee: string; readonly privilege: string }[];
  /** Functions that run with their owner’s rights and whose text changes rows. */
  readonly functions: readonly { readonly name: string; readonly owner: string; readonly callers: readonly string[] }[];
};

const everybody = '0';
const all: readonly Change[] = ['delete', 'update', 'truncate', 'drop', 'alter'];

// With TRIGGER a function can be made to run as whoever writes to the table next.
const changesBy: Readonly<Record<string, readonly Change[]>> = {
  DELETE: ['delete'],
  UPDATE: ['update'],
  TRUNCATE: ['truncate'],
  TRIGGER: ['delete', 'update'],
};

/** Predefined roles by which a member can become anybody (postgresql.org/docs: Predefined Roles). */
const wayToAll = new Set(['pg_execute_server_program', 'pg_write_server_files']);

type Way = { readonly table: string; readonly can: readonly Change[]; readonly by: string };

/** Accounts that somebody can log in by and that may change a declared table, by themselves or by any role they are members of, inheriting or not. */
export function accountsOf(catalogue: Catalogue): RightsAccount[] {
  const byId = new Map(catalogue.roles.map((role) => [role.id, role]));
  const { roles, tables } = { roles: catalogue.roles, tables: tablesIn(catalogue) };
  const waysOfRole = new Map(roles.map((role) => [role.id, ownWays(role, catalogue)]));
  const toAll = new Set(roles.filter((role) => isAllPowerful(role, catalogue)).map(({ id }) => id));
  return roles
    .filter(({ canLogin }) => canLogin)
    .flatMap((role): RightsAccount[] => {
      const held = heldBy(role.id, catalogue);
      const powers = held.filter((id) => toAll.has(id));
      const direct = held.flatMap((id) =>
        (waysOfRole.get(id) ?? []).map((way) => (id === role.id ? way : { ...way, by: `role ${byId.get(id)?.name}` })),
      );
      const ways = [
        ...powers.flatMap((id) => tables.map((table) => ({ table, can: all, by: powerOf(id, role, byId) }))),
        ...direct,
        ...asEverybody(held, catalogue),
        ...throughFunctions(held, catalogue, toAll, waysOfRole),
      ];
      const may = folded(ways);
      const account = { name: role.name, login: 'yes' as const, everything: powers.length > 0, may };
      return may.length === 0 ? [] : [account];
    });
}

/** What everybody who can log in may do to a table. */
export function everybodyMay(table: string, catalogue: Catalogue): RightsTable['everybody'] {
  const can = catalogue.relations
    .filter((each) => each.table === table && isOpen(each, [everybody], catalogue))
    .flatMap((each) => grantedOn(each, everybody, catalogue));
  return all.filter((each) => can.includes(each));
}

// What everybody was granted, behind a schema that not everybody may enter.
function asEverybody(held: readonly string[], catalogue: Catalogue): Way[] {
  return catalogue.relations.flatMap((each): Way[] => {
    if (isOpen(each, [everybody], catalogue) || !isOpen(each, held, catalogue)) return [];
    const can = grantedOn(each, everybody, catalogue);
    return can.length > 0 ? [{ table: each.table, can, by: `grant to PUBLIC${placeOf(each)}` }] : [];
  });
}

function isOpen({ id }: Relation, grantees: readonly string[], { grants }: Catalogue): boolean {
  return grants.some(
    ({ relation, grantee, privilege }) => relation === id && privilege === 'USAGE' && grantees.includes(grantee),
  );
}

function grantedOn({ id, byKey }: Relation, to: string, { grants }: Catalogue): Change[] {
  return grants
    .filter(({ relation, grantee }) => relation === id && grantee === to)
    .flatMap(({ privilege }) => {
      if (!byKey) return changesBy[privilege] ?? [];
      return privilege === 'DELETE' ? byKey.delete : privilege === 'UPDATE' ? byKey.update : [];
    });
}

function placeOf({ isItself, name }: Relation): string {
  return isItself ? '' : ` (${name})`;
}

function tablesIn({ relations }: Catalogue): string[] {
  return [...new Set(relations.map(({ table }) => table))];
}

function isAllPowerful({ name, isSuperuser, canCreateRoles }: Role, { version }: Catalogue): boolean {
  // Until 16 CREATEROLE could grant any role but a superuser’s to itself.
  return isSuperuser || wayToAll.has(name) || (canCreateRoles && version < 160_000);
}

function powerOf(id: string, role: Role, byId: ReadonlyMap<string, Role>): string {
  const power = byId.get(id);
  const kind = power?.isSuperuser ? 'superuser' : power?.canCreateRoles ? 'CREATEROLE' : (power?.name ?? '');
  return id === role.id || kind === power?.name ? kind : `${kind} (role ${power?.name})`;
}

/** The role itself and all that it is a member of, at any remove. */
function heldBy(id: string, { memberships, roles, databaseOwner }: Catalogue): string[] {
  const held = new Set([id]);
  const owners = roles.find(({ name }) => name === 'pg_database_owner')?.id;
  for (const each of held) {
    for (const { role, member } of memberships) if (member === each) held.add(role);
    if (each === databaseOwner && owners !== undefined) held.add(owners);
  }
  return [...held];
}

function ownWays(role: Role, catalogue: Catalogue): Way[] {
  const { relations, databaseOwner, version } = catalogue;
  const writesAll = role.name === 'pg_write_all_data' && version >= 140_000;
  return relations.flatMap((relation): Way[] => {
    const { table, isItself, isView, owner, schemaOwner, byKey } = relation;
    const where = placeOf(relation);
    const can = grantedOn(relation, role.id, catalogue);
    const owned = byKey ? [...byKey.delete, ...byKey.update] : all;
    return [
      ...(owner === role.id && !isView ? [{ table, can: owned, by: `owner${where}` }] : []),
      ...(can.length > 0 && owner !== role.id ? [{ table, can, by: `grant${where}` }] : []),
      ...(writesAll ? [{ table, can: ['delete', 'update'] as const, by: 'grant' }] : []),
      // With a partition its rows are gone, too.
      ...(!byKey && !isView && schemaOwner === role.id
        ? [{ table, can: ['drop'] as const, by: `schema owner${where}` }]
        : []),
      ...(isItself && databaseOwner === role.id ? [{ table, can: ['drop'] as const, by: 'database owner' }] : []),
    ];
  });
}

// A function runs with its owner’s rights, and may call what he may call.
function throughFunctions(
  held: readonly string[],
  catalogue: Catalogue,
  toAll: ReadonlySet<string>,
  ways: ReadonlyMap<string, readonly Way[]>,
  before: ReadonlySet<string> = new Set(),
): Way[] {
  const known = new Set([...before, ...held]);
  return catalogue.functions
    .filter(({ callers }) => callers.some((caller) => caller === everybody || held.includes(caller)))
    .filter(({ owner }) => !known.has(owner))
    .flatMap(({ name, owner }): Way[] => {
      const by = `function ${name}`;
      const might = heldBy(owner, catalogue);
      if (might.some((id) => toAll.has(id)))
        return tablesIn(catalogue).map((table) => ({ table, can: ['delete', 'update'], by }));
      const further = throughFunctions(might, catalogue, toAll, ways, known);
      return [...might.flatMap((id) => ways.get(id) ?? []), ...asEverybody(might, catalogue), ...further].map(
        ({ table, can }) => ({ table, can, by }),
      );
    });
}

/** How many ways are named at most. */
const most = 4;

/** One entry a table: all that can be done to it, and the first ways to it. */
export function folded(ways: readonly Way[]): RightsAccount['may'] {
  return [...Map.groupBy(ways, ({ table }) => table)].map(([table, its]) => ({
    table,
    can: all.filter((change) => its.some(({ can }) => can.includes(change))),
    by: [...new Set(its.map(({ by }) => by))].slice(0, most),
  }));
}
