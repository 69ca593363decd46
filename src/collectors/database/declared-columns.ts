import { z } from 'zod';
import { type DeclaredTable, type ServerStore, tableName } from '../../platform-stores.ts';
import type { Session } from '../transports/database.ts';

const columnSchema = z.object({ name: z.string() });

const sqls = {
  postgresql: `
    SELECT a.attname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
       AND (has_table_privilege(c.oid, 'SELECT') OR has_column_privilege(c.oid, a.attnum, 'SELECT'))`,
  // With some rights it shows columns that the account may not read, too.
  mysql: `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND PRIVILEGES LIKE '%select%'`,
} as const;

/** What of the declared tables the session’s account does not see, as `table` or `table.column`: it is not there, or may not be read. */
export async function unseenColumns(session: Session, store: ServerStore): Promise<string[]> {
  const isPostgresql = store.engine === 'postgresql';
  const unseen: string[] = [];
  for (const table of store.tables) {
    const schema = table.schema ?? (isPostgresql ? 'public' : store.database);
    const rows = await session.query(columnSchema, sqls[isPostgresql ? 'postgresql' : 'mysql'], [schema, table.name]);
    const names = rows.map(({ name }) => (isPostgresql ? name : name.toLowerCase()));
    if (names.length === 0) unseen.push(tableName(table));
    else
      unseen.push(
        ...declared(table)
          .filter((column) => !names.includes(isPostgresql ? column : column.toLowerCase()))
          .map((column) => `${tableName(table)}.${column}`),
      );
  }
  return unseen;
}

function declared({ time, columns }: DeclaredTable): string[] {
  return [...new Set([time, ...Object.values(columns)])].filter((column) => typeof column === 'string');
}
