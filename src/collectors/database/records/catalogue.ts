import type { DeclaredTable } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import { mysqlTable } from './catalogue-mysql.ts';
import { postgresqlTable } from './catalogue-postgresql.ts';
import type { CatalogueTable } from './catalogue-table.ts';

/** Looks a declared table up; throws {@link TableUnavailable} if it is none, or holds its rows elsewhere. */
export function catalogueTable(session: Session, table: DeclaredTable, database: string): Promise<CatalogueTable> {
  return session.engine === 'postgresql' ? postgresqlTable(session, table) : mysqlTable(session, table, database);
}
