import { z } from 'zod';
import { type DeclaredTable, type MongoStore, tableName } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';

const seconds = z.number().or(z.nan());
const anything = z.unknown().optional();

const collectionSchema = z.object({
  name: z.string(),
  /** Absent before 3.4; `view`, `timeseries`. */
  type: z.string().default('collection'),
  options: z
    .object({
      capped: z.boolean().optional(),
      size: anything,
      max: anything,
      collation: anything,
      clusteredIndex: anything,
      expireAfterSeconds: anything,
      timeseries: z.object({ timeField: z.string() }).optional(),
      validator: anything,
    })
    .default({}),
});

/** A collection as the catalogue has it. */
export type Collection = z.output<typeof collectionSchema>;

const indexSchema = z.object({
  name: z.string(),
  /** Field and order: 1, -1; `hashed`, `text` and others are no order. */
  key: z.record(z.string(), z.unknown()),
  sparse: z.boolean().optional(),
  hidden: z.boolean().optional(),
  partialFilterExpression: anything,
  collation: anything,
  expireAfterSeconds: seconds.optional(),
});

/** An index of a collection. */
export type Index = z.output<typeof indexSchema>;

// Of a time-series collection there is no count.
const statsSchema = z.object({ storageStats: z.object({ count: z.number().default(0), size: z.number().default(0) }) });

/** The database that a declared collection lies in. */
export function databaseOf({ schema }: Pick<DeclaredTable, 'schema'>, { database }: MongoStore): string {
  return schema ?? database;
}

/** The collections of a database, or the one of a name; the system's own are left out. */
export async function collectionsIn(session: MongoSession, database: string, name?: string): Promise<Collection[]> {
  const filter = name === undefined ? {} : { filter: { name } };
  const all = await session.rows(collectionSchema, database, { listCollections: 1, ...filter });
  return all.filter((each) => !each.name.startsWith('system.'));
}

/** The declared collections that are not there. What fields documents have is in no catalogue. */
export async function unseenCollections(session: MongoSession, store: MongoStore): Promise<string[]> {
  const unseen: string[] = [];
  for (const table of store.tables) {
    const found = await collectionsIn(session, databaseOf(table, store), table.name);
    if (found.length === 0) unseen.push(tableName(table));
  }
  return unseen;
}

/** The indexes of a collection. */
export function indexesOf(session: MongoSession, database: string, name: string): Promise<Index[]> {
  return session.rows(indexSchema, database, { listIndexes: name });
}

/** How many documents a collection has, by the server's own account, and their bytes, all shards together. */
export async function sizeOf(
  session: MongoSession,
  database: string,
  name: string,
): Promise<{ documents: number; bytes: number }> {
  const pipeline = [{ $collStats: { storageStats: {} } }];
  const parts = await session.rows(statsSchema, database, { aggregate: name, pipeline, cursor: {} });
  return {
    documents: parts.reduce((sum, { storageStats }) => sum + storageStats.count, 0),
    bytes: parts.reduce((sum, { storageStats }) => sum + storageStats.size, 0),
  };
}

/** Refusals that concern one command; with any other the session is over. */
export function isOfOne(error: unknown): error is Unavailable {
  return error instanceof Unavailable && !['interrupted', 'unreachable', 'refused'].includes(error.reason);
}
