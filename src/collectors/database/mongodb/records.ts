import type { Records } from '../../../evidence/database/records.ts';
import { type DeclaredTable, type MongoStore, tableName } from '../../../platform-stores.ts';
import { type Found, type Tools, Unavailable } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import { TableUnavailable } from '../records/catalogue-table.ts';
import type { Counts } from '../records/counts-by-index.ts';
import { purgesOf } from '../records/purges.ts';
import { missingTable } from '../records/server.ts';
import { type Collection, collectionsIn, databaseOf, type Index, indexesOf, isOfOne, sizeOf } from './collections.ts';
import { countDocuments } from './counts.ts';
import { deletersOf } from './deleters.ts';
import { withMongoStore } from './privileges.ts';
import { usualBudgets } from './values.ts';

type Table = Records['tables'][number];

/** Counts the declared collections of a MongoDB store; one that cannot be counted spoils no other. */
export function mongoRecords(store: MongoStore, tools: Tools): Promise<Found<'records'>> {
  return withMongoStore(store, tools, async (session) => {
    const methods: string[] = [];
    const tables: Table[] = [];
    const missing: Records['missing'] = [];
    for (const [index, declared] of store.tables.entries()) {
      const name = tableName(declared);
      tools.tell?.({
        zh: `数据库「${store.name}」：统计 ${name}（${index + 1}/${store.tables.length}）`,
        en: `store ${store.name}: counting ${name} (${index + 1}/${store.tables.length})`,
      });
      try {
        const { method, ...table } = await countCollection(session, store, declared, tools);
        tables.push(table);
        methods.push(method);
      } catch (error) {
        tools.signal.throwIfAborted();
        missing.push(missingTable(declared, error));
      }
    }
    return {
      value: { engine: store.engine, version: session.version, tables, missing },
      method: [`${session.version}, commands that only read`, ...methods].join('; '),
    };
  });
}

async function countCollection(
  session: MongoSession,
  store: MongoStore,
  declared: DeclaredTable,
  { platform }: Tools,
): Promise<Table & Pick<Counts, 'method'>> {
  const database = databaseOf(declared, store);
  const [collection] = await collectionsIn(session, database, declared.name);
  if (!collection) throw new TableUnavailable('not-found', 'no such collection');
  const { type } = collection;
  if (type !== 'collection' && type !== 'timeseries') throw new TableUnavailable('not-a-table', type);
  const indexes = await indexesOr(session, database, declared.name);
  const isTimeSeries = collection.options.timeseries?.timeField === declared.time;
  const index = isTimeSeries ? undefined : indexFor(declared.time, collection, indexes ?? []);
  const size = await sizeOf(session, database, declared.name);
  const counts = await countDocuments({
    ...{ session, database, isTimeSeries, budgets: usualBudgets },
    ...size,
    name: declared.name,
    time: declared.time,
    timeZone: platform.timeZone,
    ...(index ? { index } : {}),
  });
  if (!counts) throw new TableUnavailable('no-time', 'no known way to write dates');
  return {
    name: tableName(declared),
    holds: declared.holds,
    ...counts,
    deleters: [...deletersOf(collection, indexes ?? [], declared.time), ...purgesOf(store, declared)],
    unread: indexes ? [] : ['listIndexes'],
  };
}

// Without the indexes the documents can still be counted; what would delete them then stays open.
async function indexesOr(session: MongoSession, database: string, name: string): Promise<Index[] | undefined> {
  try {
    return await indexesOf(session, database, name);
  } catch (error) {
    if (isOfOne(error) && error instanceof Unavailable) return undefined;
    throw error;
  }
}

// One that has every document, in the order of its first field; text is ordered as bytes only without a collation.
function indexFor(time: string, { options }: Collection, indexes: readonly Index[]): Index | undefined {
  if (options.collation !== undefined) return undefined;
  return indexes.find(({ key, sparse, hidden, partialFilterExpression, collation }) => {
    const [[field, order] = []] = Object.entries(key);
    const isWhole = !sparse && !hidden && partialFilterExpression === undefined && collation === undefined;
    return field === time && (order === 1 || order === -1) && isWhole;
  });
}
