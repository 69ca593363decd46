import { ScopeError } from '../../../errors.ts';
import type { Records } from '../../../evidence/database/records.ts';
import { type AskedStore, type DeclaredTable, type ServerStore, tableName } from '../../../platform-stores.ts';
import { type Found, type Tools, Unavailable } from '../../collector.ts';
import type { Session } from '../../transports/database.ts';
import { withStore } from '../store.ts';
import { catalogueTable } from './catalogue.ts';
import { type CatalogueTable, TableUnavailable } from './catalogue-table.ts';
import { countRecords } from './counts.ts';
import { deletersOf, programsOf } from './deleters.ts';
import type { Programs } from './programs.ts';
import { purgesOf } from './purges.ts';
import { deletersInDefinition } from './table-deleters.ts';

type Counted = { readonly table: Records['tables'][number]; readonly method: string };
type Missing = Records['missing'][number];

/** Counts the declared tables of a store behind a server; a table that cannot be counted spoils no other. */
export function serverRecords(store: ServerStore, tools: Tools): Promise<Found<'records'>> {
  return withStore(store, tools, async (session) => {
    const programs = await programsOf(
      session,
      store.tables.map(({ name }) => name),
    );
    const counted: Counted[] = [];
    const missing: Missing[] = [];
    for (const [index, declared] of store.tables.entries()) {
      const name = tableName(declared);
      tools.tell?.({
        zh: `数据库「${store.name}」：统计 ${name}（${index + 1}/${store.tables.length}）`,
        en: `store ${store.name}: counting ${name} (${index + 1}/${store.tables.length})`,
      });
      try {
        counted.push(await countTable(session, store, declared, programs, tools));
      } catch (error) {
        tools.signal.throwIfAborted();
        missing.push(missingTable(declared, error));
      }
    }
    return {
      value: {
        engine: session.engine,
        version: session.version,
        tables: counted.map(({ table }) => table),
        missing,
      },
      method: [`${session.engine} ${session.version}, read-only`, ...counted.map(({ method }) => method)].join('; '),
    };
  });
}

async function countTable(
  session: Session,
  store: ServerStore,
  declared: DeclaredTable,
  programs: Programs,
  { platform }: Tools,
): Promise<Counted> {
  const table = await catalogueTable(session, declared, store.database);
  const { method, ...counts } = await countRecords(session, table, platform.timeZone);
  return { method, table: countedTable(store, declared, { table, counts, programs }) };
}

type Parts = {
  readonly table: CatalogueTable;
  readonly counts: Omit<Records['tables'][number], 'name' | 'holds' | 'deleters' | 'unread'>;
  readonly programs: Programs;
};

/** What is known of a table that was counted, with what deletes from it. */
export function countedTable(
  store: AskedStore,
  declared: DeclaredTable,
  { table, counts, programs }: Parts,
): Records['tables'][number] {
  const own = [...deletersInDefinition(table), ...purgesOf(store, declared)];
  return {
    name: tableName(declared),
    holds: declared.holds,
    ...counts,
    deleters: deletersOf(table, programs, store.engine, own),
    unread: [...programs.unread],
  };
}

/** What is said of a table that could not be counted; throws what is no such failure. */
export function missingTable(declared: DeclaredTable, error: unknown): Missing {
  return { name: tableName(declared), holds: declared.holds, ...problemOf(error) };
}

function problemOf(error: unknown): Pick<Missing, 'problem' | 'detail'> {
  if (error instanceof TableUnavailable) return { problem: error.problem, detail: error.message };
  if (error instanceof ScopeError) throw error;
  // An answer that is none, of a server that is another than it says.
  if (!(error instanceof Unavailable)) return { problem: 'failed', detail: error instanceof Error ? error.name : '' };
  const { reason, message } = error;
  // Of what a server says of its failures, only the known kinds are kept: others may quote values.
  if (reason === 'denied' || reason === 'timed-out' || reason === 'not-found')
    return { problem: reason, detail: message };
  return { problem: 'failed', detail: message.split(':')[0] ?? '' };
}
