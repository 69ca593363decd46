import { z } from 'zod';
import type { Session } from '../../transports/database.ts';

const lineSchema = z.record(z.string(), z.string());

/**
 * Whether the account may read every table of a database, for tables of which it may not are not shown to it at all. Grants of single tables do not
 * tell whether there are others; where a right was taken back in part (MySQL’s partial_revokes), nothing is assumed.
 */
export async function readsWhole(session: Session, database: string): Promise<boolean> {
  const lines = await grantsInForce(session);
  if (lines.some((line) => line.startsWith('REVOKE'))) return false;
  return lines.some((line) => {
    const [, privileges = '', place = ''] = line.match(/^GRANT (.*?) ON (\*\.\*|`.*?`\.\*) TO /) ?? [];
    const reads = /(^|, )(SELECT|ALL|ALL PRIVILEGES)(,|$)/.test(privileges);
    return reads && (place === '*.*' || isFor(place.slice(1, -3), database));
  });
}

// MariaDB shows the grants of the role in force beside the account’s own; MySQL only if it is named.
async function grantsInForce(session: Session): Promise<string[]> {
  const roles =
    session.engine === 'mysql' && !/mariadb/i.test(session.version)
      ? (await session.query(lineSchema, 'SELECT current_role() AS roles')).map((row) => row.roles ?? '')
      : [];
  const using = roles
    .filter((each) => each !== '' && each !== 'NONE')
    .map((each) => ` FOR CURRENT_USER() USING ${each}`);
  return (await session.query(lineSchema, `SHOW GRANTS${using.join('')}`)).flatMap((row) => Object.values(row));
}

// In a grant `_` and `%` stand for any, unless a backslash stands before them.
function isFor(pattern: string, database: string): boolean {
  const escaped = pattern
    .replaceAll('``', '`')
    .replace(/\\([_%])|([_%])|([.*+?^${}()|[\]\\])/g, (_, literal, any, special) => {
      if (literal !== undefined) return literal;
      if (any !== undefined) return any === '_' ? '.' : '.*';
      return `\\${special}`;
    });
  return new RegExp(`^${escaped}$`, 's').test(database);
}
