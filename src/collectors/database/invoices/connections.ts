import { pathFrom } from '../../../platform.ts';
import type { DeclaredStore } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import type { SessionTools } from '../../transports/database.ts';
import { askSqlite } from '../../transports/sqlite.ts';
import { asServer, withStore } from '../store.ts';
import { mysqlConnection } from './mysql.ts';
import { postgresqlConnection } from './postgresql.ts';
import type { Connection } from './shape.ts';
import { sqliteConnection } from './sqlite.ts';

type Opener = SessionTools;

/** Stores that are open, and why others are not. */
export type Open = ReadonlyMap<string, Connection | Unavailable>;

/**
 * Opens stores and hands them over together. One that cannot be opened stands there with the reason. Always in the order of their names: two
 * collectors that want the same two stores do not wait for each other.
 */
export function withConnections<T>(
  stores: readonly DeclaredStore[],
  tools: Opener,
  use: (open: Open) => Promise<T>,
): Promise<T> {
  const ordered = [...new Set(stores)].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return openNext(ordered, new Map(), tools, use);
}

async function openNext<T>(
  [store, ...rest]: readonly DeclaredStore[],
  open: Open,
  tools: Opener,
  use: (open: Open) => Promise<T>,
): Promise<T> {
  if (!store) return use(open);
  let isOpen = false;
  const next = (connection: Connection | Unavailable): Promise<T> => {
    isOpen = true;
    return openNext(rest, new Map([...open, [store.name, connection]]), tools, use);
  };
  try {
    return await withConnection(store, tools, next);
  } catch (error) {
    // What fails once it is open is no failure to open it.
    if (isOpen || !(error instanceof Unavailable)) throw error;
    return next(error);
  }
}

async function withConnection<T>(
  store: DeclaredStore,
  tools: Opener,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (store.engine !== 'sqlite')
    return withStore(asServer(store, 'invoices'), tools, (session) =>
      use(store.engine === 'postgresql' ? postgresqlConnection(session) : mysqlConnection(session)),
    );
  const path = pathFrom(tools.platform, store.path);
  const { version } = await askSqlite(tools.gate, path, { tables: [] }, tools.signal);
  return use(sqliteConnection(tools.gate, path, version, tools.signal));
}
