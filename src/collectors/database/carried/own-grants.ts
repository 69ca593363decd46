import { isMariadb } from '../encryption/innodb-encryption.ts';
import type { Ask } from './asks.ts';

const of =
  "GRANTEE = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";

function granted(view: string, place: string): string {
  return `SELECT CONCAT('GRANT ', GROUP_CONCAT(PRIVILEGE_TYPE ORDER BY PRIVILEGE_TYPE SEPARATOR ', '), ' ON ', ${place}, ' TO ', GRANTEE) AS \`grant\` FROM information_schema.${view} WHERE ${of} GROUP BY GRANTEE, ${place}`;
}

/**
 * What stands in a script for SHOW GRANTS, which prints the hash of the account’s password: the same rights from views, as lines of the same form; whether
 * rights may be taken back in part (MySQL 8), and which roles the account has, whose rights are not asked.
 */
export const ownGrants: readonly Ask[] = [
  [
    granted('USER_PRIVILEGES', "'*.*'"),
    granted('SCHEMA_PRIVILEGES', "CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.*')"),
    granted(
      'TABLE_PRIVILEGES',
      "CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.`', REPLACE(TABLE_NAME, '`', '``'), '`')",
    ),
  ].join(' UNION ALL '),
  'SELECT @@partial_revokes AS value',
  'SELECT ROLE_NAME AS value FROM information_schema.APPLICABLE_ROLES',
].map((sql, index) => ({ scope: 'grants', sql, values: [], columns: [index === 0 ? 'grant' : 'value'] }));

/** What is known of the rights of the account that ran a script. */
export type OwnGrants = { readonly lines: readonly string[]; readonly hasRoles: boolean };

/** Reads the answers to {@link ownGrants}, in that order; undefined for one that the server refused. */
export function ownGrantsIn(
  [granted_, revokes, roles]: readonly (readonly (string | null)[] | undefined)[],
  version: string,
): OwnGrants | undefined {
  if (!granted_) return undefined;
  const mayBePartial = !isMariadb({ version }) && revokes?.[0] !== '0';
  return {
    lines: [...granted_.map((line) => line ?? ''), ...(mayBePartial ? ['REVOKE '] : [])],
    hasRoles: roles === undefined || roles.length > 0,
  };
}
