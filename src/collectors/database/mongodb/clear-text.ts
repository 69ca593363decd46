import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { SampledTable } from '../../../evidence/database/clear-text.ts';
import type { PlainDate } from '../../../evidence/dates.ts';
import { type MongoStore, tableName } from '../../../platform-stores.ts';
import type { Found, Tools } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import { allowanceOf, chosen, mostRows, rowsWithin } from '../clear-text/budget.ts';
import { type Looked, parted, type Unread, unlessUnreadable } from '../clear-text/sampled.ts';
import { createTally, longest, reach, tableOf } from '../clear-text/tally.ts';
import { collectionsIn, isOfOne, sizeOf } from './collections.ts';
import { anyField, eachField } from './fields.ts';
import { privilegesOf, withMongoStore } from './privileges.ts';
import { someOf, usualBudgets } from './values.ts';

const documentSchema = z.record(z.string(), z.unknown());

// Fields of one collection that are told apart; the others are looked at together.
const mostFields = 500;

type Place = { readonly database: string; readonly collection: string; readonly name: string; readonly holds?: string };
type Sized = Place & { readonly documents: number; readonly bytes: number };

/** Asks a MongoDB store whether numbers of persons stand there in clear text. */
export function mongoClearText(store: MongoStore, tools: Tools, asOf: PlainDate): Promise<Found<'clearText'>> {
  return withMongoStore(store, tools, async (session) => {
    const looked = await lookMongo(store, session, asOf);
    tools.signal.throwIfAborted();
    return {
      value: { engine: store.engine, version: session.version, ...looked },
      method: `mongodb, commands that only read: $sample of up to ${mostRows} documents a collection, up to ${longest} characters a value; check characters counted in the scanner`,
    };
  });
}

// By samples of whole documents, counted in this process.
async function lookMongo(store: MongoStore, session: MongoSession, asOf: PlainDate): Promise<Looked> {
  const { places, unread } = await placesOf(store, session);
  const sized: Sized[] = [];
  for (const place of places) {
    try {
      sized.push({ ...place, ...(await sizeOf(session, place.database, place.collection)) });
    } catch (error) {
      if (!isOfOne(error)) throw error;
      unread.push({ table: place.name, why: error.reason === 'denied' ? 'denied' : 'failed' });
    }
  }
  const { chosen: mine, beyond } = chosen(sized);
  const results: (SampledTable | Unread)[] = [];
  for (const place of mine)
    results.push(await unlessUnreadable(place.name, () => lookInto(place, mine.length, session, asOf)));
  const looked = parted(results);
  return {
    tables: looked.tables,
    unread: [...unread, ...looked.unread],
    beyond,
    seesAll: session.isOpen || (await readsWhole(session, store.database)),
  };
}

async function placesOf(store: MongoStore, session: MongoSession): Promise<{ places: Place[]; unread: Unread[] }> {
  const databases = [...new Set([store.database, ...store.tables.map(({ schema }) => schema ?? store.database)])];
  const declared = new Map(
    store.tables.map((table) => [JSON.stringify([table.schema ?? store.database, table.name]), table]),
  );
  const places: Place[] = [];
  const unread: Unread[] = [];
  for (const database of databases) {
    for (const { name: collection, type } of await collectionsIn(session, database)) {
      const key = JSON.stringify([database, collection]);
      const table = declared.get(key);
      declared.delete(key);
      if (!table && database !== store.database) continue;
      const name = table ? tableName(table) : collection;
      if (type !== 'view') places.push({ database, collection, name, ...(table ? { holds: table.holds } : {}) });
      else if (table) unread.push({ table: name, why: 'view' });
    }
  }
  const missing = [...declared.values()].map((table): Unread => ({ table: tableName(table), why: 'missing' }));
  return { places, unread: [...unread, ...missing] };
}

async function readsWhole(session: MongoSession, database: string): Promise<boolean> {
  const privileges = await privilegesOf(session);
  return privileges.some(
    ({ resource: { db, collection, anyResource }, actions }) =>
      actions.includes('find') && (anyResource === true || ((db === '' || db === database) && collection === '')),
  );
}

async function lookInto(place: Sized, count: number, session: MongoSession, asOf: PlainDate): Promise<SampledTable> {
  const { database, collection, documents, bytes, name, holds } = place;
  const wanted = rowsWithin(allowanceOf(count).elsewhere, bytes / Math.max(documents, 1), 1, longest);
  const { stage, size, isRandom } = someOf(place, wanted, usualBudgets.whole);
  const command = {
    aggregate: collection,
    pipeline: [stage],
    cursor: { batchSize: size + 1 },
    allowDiskUse: false,
  };
  const { rows, isWhole } = await session.batch(documentSchema, database, command);
  const isAll = !isRandom && isWhole && rows.length < size;
  const fields = countedIn(rows, asOf);
  return tableOf(
    {
      name,
      ...(holds === undefined ? {} : { holds }),
      sampling: isAll ? 'all' : isRandom ? 'random' : 'head',
      rows: rows.length,
    },
    [...fields].map(([field, tally]) => ({ name: field, counts: tally.counts() })),
  );
}

type Fields = Map<string, ReturnType<typeof createTally>>;

function countedIn(documents: readonly unknown[], asOf: PlainDate): Fields {
  const fields: Fields = new Map();
  eachField(documents, (path, value) => {
    const place = fields.has(path) || fields.size < mostFields ? path : anyField;
    const tally = fields.get(place) ?? createTally(asOf);
    fields.set(place, tally);
    tally.add(pieceOf(value));
  });
  return fields;
}

// Of a long value a piece from anywhere near its beginning, so that over many documents every place has its turn.
function pieceOf(value: string): string {
  if (value.length <= longest) return value;
  const from = randomInt(Math.min(value.length, reach) - longest);
  return value.slice(from, from + longest + 1);
}
