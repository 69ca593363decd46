import type { Change, RightsAccount, RightsTable } from '../../../evidence/database/store-rights.ts';

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
      const might = new Set(held);
      const ways = [
        ...powers.flatMap((id) => tables.map((table) => ({ table, can: all, by: powerOf(id, role, byId) }))),
        ...direct,
        ...catalogue.functions
          .filter(({ callers }) => callers.some((caller) => caller === everybody || might.has(caller)))
          .filter(({ owner }) => !might.has(owner))
          .flatMap(({ name, owner }) => throughFunction(name, owner, catalogue, toAll, waysOfRole)),
      ];
      const may = folded(ways);
      const account = { name: role.name, login: 'yes' as const, everything: powers.length > 0, may };
      return may.length === 0 ? [] : [account];
    });
}

/** What everybody who can log in may do to a table. */
export function everybodyMay(table: string, catalogue: Catalogue): RightsTable['everybody'] {
  const mine = new Set(catalogue.relations.filter((each) => each.table === table).map(({ id }) => id));
  const can = catalogue.grants
    .filter(({ relation, grantee }) => grantee === everybody && mine.has(relation))
    .flatMap(({ privilege }) => changesBy[privilege] ?? []);
  return all.filter((each) => can.includes(each));
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

function ownWays(role: Role, { relations, grants, databaseOwner, version }: Catalogue): Way[] {
  const writesAll = role.name === 'pg_write_all_data' && version >= 140_000;
  return relations.flatMap(({ id, table, name, isItself, isView, owner, schemaOwner }): Way[] => {
    const where = isItself ? '' : ` (${name})`;
    const granted = grants.filter(({ relation, grantee }) => relation === id && grantee === role.id);
    const can = granted.flatMap(({ privilege }) => changesBy[privilege] ?? []);
    return [
      ...(owner === role.id && !isView ? [{ table, can: all, by: `owner${where}` }] : []),
      ...(can.length > 0 && owner !== role.id ? [{ table, can, by: `grant${where}` }] : []),
      ...(writesAll ? [{ table, can: ['delete', 'update'] as const, by: 'grant' }] : []),
      ...(isItself && schemaOwner === role.id ? [{ table, can: ['drop'] as const, by: 'schema owner' }] : []),
      ...(isItself && databaseOwner === role.id ? [{ table, can: ['drop'] as const, by: 'database owner' }] : []),
    ];
  });
}

function throughFunction(
  name: string,
  owner: string,
  catalogue: Catalogue,
  toAll: ReadonlySet<string>,
  ways: ReadonlyMap<string, readonly Way[]>,
): Way[] {
  const held = heldBy(owner, catalogue);
  const by = `function ${name}`;
  if (held.some((id) => toAll.has(id)))
    return tablesIn(catalogue).map((table) => ({ table, can: ['delete', 'update'], by }));
  return held.flatMap((id) => ways.get(id) ?? []).map(({ table, can }) => ({ table, can, by }));
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
