import { catalogueTable } from '../../../src/collectors/database/records/catalogue.ts';
import { records } from '../../../src/collectors/database/records.ts';
import { withSession } from '../../../src/collectors/transports/database.ts';
import type { Records } from '../../../src/evidence/database/records.ts';
import type { ServerStore } from '../../../src/platform-stores.ts';
import type { DatabaseServer } from '../../support/databases.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

export type Engine = 'postgresql' | 'mariadb';

type Declared = { name: string; time?: string; schema?: string };

/** A store of a test’s server, asked as `auditor`. */
export function storeOf(
  engine: Engine,
  { port }: DatabaseServer,
  tables: readonly Declared[],
  more: object = {},
): object {
  return {
    name: 'store',
    engine,
    address: '127.0.0.1',
    port,
    database: 'trade',
    user: 'auditor',
    password: { env: 'SECRET' },
    tls: 'none',
    tables: tables.map((table) => ({ holds: 'invoices', time: 'at', ...table })),
    ...more,
  };
}

/** What the records collector finds in such a store; its values and how they were found. */
export async function observe(
  store: object,
  { timeZone = 'Asia/Shanghai', signal = new AbortController().signal } = {},
): Promise<{ value: Records; method: string }> {
  if (records.by !== 'calls') throw new Error('records is collected by calls');
  const platform = platformOf({ stores: [store], timeZone }, '/');
  const found = await records.collect(
    'store',
    toolsFor(platform, signal, async () => 'right'),
  );
  return { value: found.value as Records, method: found.method };
}

/** Opens a session with such a store and looks one of its tables up. */
export async function withTable<T>(
  store: object,
  use: (session: Parameters<typeof catalogueTable>[0], table: Awaited<ReturnType<typeof catalogueTable>>) => Promise<T>,
): Promise<T> {
  const platform = platformOf({ stores: [store] }, '/');
  const [declared] = platform.stores as ServerStore[];
  const [first] = declared?.tables ?? [];
  if (!declared || !first) throw new Error('no table');
  const tools = toolsFor(platform, new AbortController().signal, async () => 'right');
  return withSession(declared, tools, async (session) =>
    use(session, await catalogueTable(session, first, declared.database)),
  );
}
