import { z } from 'zod';
import type { MongoSession } from '../../transports/mongodb.ts';
import type { Overview, TableOverview } from '../overview.ts';
import { type Collection, collectionsIn, indexesOf, isOfOne } from './collections.ts';

const schemaSchema = z.looseObject({
  $jsonSchema: z.looseObject({
    description: z.string().optional(),
    properties: z.record(
      z.string(),
      z.looseObject({ bsonType: z.unknown().optional(), description: z.string().optional() }),
    ),
  }),
});

/** The collections of a database with what their validators and indexes tell of their fields; no document is read. */
export async function mongoOverview(session: MongoSession, database: string): Promise<Overview> {
  const tables: TableOverview[] = [];
  for (const collection of await collectionsIn(session, database)) {
    if (collection.type === 'view') continue;
    tables.push({ ...(await overviewOf(session, database, collection)), schema: database, name: collection.name });
  }
  return { tables, isWhole: true };
}

async function overviewOf(
  session: MongoSession,
  database: string,
  { name, options }: Collection,
): Promise<Pick<TableOverview, 'comment' | 'columns'>> {
  const validator = schemaSchema.safeParse(options.validator).data?.$jsonSchema;
  const described = Object.entries(validator?.properties ?? {}).map(([field, { bsonType, description }]) => ({
    name: field,
    type: typeOf(bsonType),
    comment: description ?? '',
    isKey: field === '_id',
  }));
  const known = new Set(described.map((column) => column.name));
  const time = options.timeseries ? [options.timeseries.timeField] : [];
  const indexed = [...time, ...(await indexedFields(session, database, name))].filter((field) => !known.has(field));
  return {
    comment: validator?.description ?? '',
    // An index tells no type: what looks like a time by its name is taken for one.
    columns: [
      ...described,
      ...[...new Set(indexed)].map((field) => ({ name: field, type: 'text', comment: '', isKey: field === '_id' })),
    ],
  };
}

async function indexedFields(session: MongoSession, database: string, name: string): Promise<string[]> {
  try {
    return (await indexesOf(session, database, name)).flatMap(({ key }) => Object.keys(key));
  } catch (error) {
    if (isOfOne(error)) return [];
    throw error;
  }
}

// In words that are known of other engines.
function typeOf(bsonType: unknown): string {
  const [type] = [bsonType].flat();
  if (type === 'date') return 'timestamp';
  if (type === 'string') return 'text';
  return type === 'long' ? 'bigint' : typeof type === 'string' ? type : '';
}
