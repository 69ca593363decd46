import type { Invoices, InvoiceTable } from '../../evidence/database/invoices.ts';
import { addToMonth, dateIn, monthOf } from '../../evidence/dates.ts';
import { type Place, tableName } from '../../platform-stores.ts';
import { defineCollector, type Tools, Unavailable } from '../collector.ts';
import { type Open, withConnections } from './invoices/connections.ts';
import { type Counterparts, counterpartsOf } from './invoices/counterparts.ts';
import type { OpenTable } from './invoices/lookup.ts';
import { createClock } from './invoices/moments.ts';
import { isOfInvoices, placesOf, refuseItself, siblingsOf } from './invoices/places.ts';
import { demandColumns, readInvoices } from './invoices/read-table.ts';
import { failureOf } from './invoices/shape.ts';

/** Whole months that are read beside the running one: the longest window that is asked for. */
const wholeMonths = 12;

/** How the invoices of a store trace to transactions, who issued them, and when they were uploaded. */
export const invoices = defineCollector({
  id: 'database/invoices',
  kind: 'invoices',
  subjects: (platform) => platform.stores.filter(({ tables }) => tables.some(isOfInvoices)).map((store) => store.name),
  async collect(subject, tools) {
    const { platform } = tools;
    const store = platform.stores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    const places = store.tables.filter(isOfInvoices).map((table): Place => ({ store, table }));
    const others = places
      .flatMap((place) => [...placesOf(platform.stores, place), ...siblingsOf(platform.stores, place)])
      .map((each) => each.store);
    return withConnections([store, ...others], tools, async (open) => {
      const own = open.get(store.name);
      if (!own || own instanceof Unavailable) throw own ?? new Unavailable('failed', subject);
      const until = dateIn(tools.now(), platform.timeZone);
      const from = `${addToMonth(monthOf(until), -wholeMonths)}-01`;
      const tables: InvoiceTable[] = [];
      for (const place of places) tables.push(await readPlace(place, open, tools, { from, until }));
      const value: Invoices = { engine: own.engine, version: own.version, from, until, tables };
      return {
        value,
        method: `${own.engine}, read-only: invoices from ${from} to ${until} by slices of time, their transactions by key`,
      };
    });
  },
});

type Period = { readonly from: string; readonly until: string };

async function readPlace(place: Place, open: Open, tools: Tools, { from, until }: Period): Promise<InvoiceTable> {
  const { platform } = tools;
  const origins = placesOf(platform.stores, place);
  const names = origins.map(({ store, table }) => `${store.name}/${tableName(table)}`);
  try {
    const at = await openTable(place, open);
    const ends = await counterparts(place, at, origins, tools, open);
    const clock = createClock(platform.timeZone);
    const now = clock.wallOf(tools.now().getTime() / 1000);
    return await readInvoices(at, { from, until, now, clock, origins: names, counterparts: ends });
  } catch (error) {
    tools.signal.throwIfAborted();
    if (!(error instanceof Unavailable)) throw error;
    return {
      name: tableName(place.table),
      unread: failureOf(error),
      origins: names,
      months: {},
      undated: 0,
      examples: [],
    };
  }
}

// That the other side cannot be read leaves who issued the invoices, and when.
async function counterparts(
  place: Place,
  at: OpenTable,
  origins: readonly Place[],
  { platform }: Pick<Tools, 'platform'>,
  open: Open,
): Promise<() => Counterparts> {
  try {
    const sides: OpenTable[] = [];
    for (const each of origins) sides.push(await openTable(each, open));
    refuseItself(place, origins);
    const siblings = await openAll(siblingsOf(platform.stores, place), open);
    return () => counterpartsOf(at, sides, siblings);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

// One that cannot be opened may hold what was invoiced beside.
async function openAll(places: readonly Place[], open: Open): Promise<OpenTable[] | undefined> {
  const tables: OpenTable[] = [];
  try {
    for (const each of places) tables.push(await openTable(each, open));
    return tables;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

async function openTable({ store, table }: Place, open: Open): Promise<OpenTable> {
  const connection = open.get(store.name);
  if (!connection || connection instanceof Unavailable) throw connection ?? new Unavailable('failed', store.name);
  const at = { connection, table, shape: await connection.shapeOf(table) };
  demandColumns(at);
  return at;
}
