import type { Document } from 'bson';
import { z } from 'zod';
import { monthOf } from '../../../evidence/dates.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import type { Counts } from '../records/counts-by-index.ts';
import { tallied } from '../records/tally.ts';
import type { Index } from './collections.ts';
import type { MongoTime } from './times.ts';

/** A collection that is counted. */
export type Counted = {
  readonly session: MongoSession;
  readonly database: string;
  readonly name: string;
  /** The path of its time field. */
  readonly time: string;
  readonly timeZone: string;
  /** By the server's own account. */
  readonly documents: number;
  readonly bytes: number;
  /** An index whose order is that of the time; absent of a time-series collection, which lies by its time. */
  readonly index?: Index;
  readonly isTimeSeries: boolean;
  readonly budgets: MongoBudgets;
};

/** How much a server may be asked to read for one collection. */
export type MongoBudgets = {
  /** Bytes up to which a collection without an index is read whole: some seconds on slow disks. */
  readonly whole: number;
  /** Documents whose times fit one answer of 16 MiB. */
  readonly answer: number;
  /** Documents of a sample: each costs a page of 32 KiB, so 128 MiB. */
  readonly sample: number;
  /** Documents up to which each is counted by the index: some seconds at most. */
  readonly exact: number;
  /** A capped month is counted so far at least. */
  readonly leastCap: number;
};

/** Chosen so that a store of a few collections is done in seconds and nobody else notices. */
export const usualBudgets: MongoBudgets = {
  whole: 100 * 1024 * 1024,
  answer: 200_000,
  sample: 4000,
  exact: 2_000_000,
  leastCap: 10_000,
};

/** A document of which a field alone is read, or none. */
export const valueSchema = z.record(z.string(), z.unknown());

/** Values of the time field, and whether they are all that there are. */
type Values = { readonly values: unknown[]; readonly isAll: boolean };

/** A stage that takes some documents, and how many at most. */
type Some = { readonly stage: Document; readonly size: number; readonly isRandom: boolean };

/** The stage that takes some documents: at random where the server need not read more than is allowed for that, else the first. */
export function someOf(
  { documents, bytes }: Pick<Counted, 'documents' | 'bytes'>,
  wanted: number,
  whole: number,
): Some {
  const isSmall = bytes <= whole;
  // Of a twentieth or more, or of a hundred documents, it reads them all and sorts them (MongoDB manual, “$sample”).
  const cheap = documents > 100 ? Math.min(wanted, Math.floor(documents * 0.049)) : 0;
  const random = isSmall ? (documents > wanted ? wanted : 0) : cheap;
  if (random > 0) return { stage: { $sample: { size: random } }, size: random, isRandom: true };
  const affordable = Math.floor(whole / (bytes / Math.max(documents, 1)));
  const size = isSmall ? wanted : Math.max(1, Math.min(wanted, affordable));
  return { stage: { $limit: size }, size, isRandom: false };
}

/** Some values of the time field: it alone leaves the server. */
export async function valuesOf(counted: Counted, wanted: number): Promise<Values> {
  const { session, database, name, time, budgets } = counted;
  const { stage, size, isRandom } = someOf(counted, wanted, budgets.whole);
  const pipeline = [stage, { $project: { _id: 0, v: `$${time}` } }];
  const command = { aggregate: name, pipeline, cursor: { batchSize: size + 1 }, allowDiskUse: false };
  const { rows, isWhole } = await session.batch(valueSchema, database, command);
  return { values: rows.map(({ v }) => v), isAll: isWhole && rows.length < size && !isRandom };
}

/** Counts each document by its value; undefined where they are too many, or too large. */
export async function byValues(counted: Counted, time: MongoTime): Promise<Counts | undefined> {
  const { documents, bytes, budgets } = counted;
  if (documents > budgets.answer || bytes > budgets.whole) return undefined;
  const { values, isAll } = await valuesOf({ ...counted, documents: 0 }, budgets.answer + 1);
  // An answer that was full, or ended early, is none of all.
  return isAll && values.length >= documents ? { ...ofValues(values, time), method: 'every document' } : undefined;
}

/** Counts a sample. */
export async function bySample(counted: Counted, time: MongoTime): Promise<Counts> {
  const { values } = await valuesOf(counted, counted.budgets.sample);
  return {
    ...ofValues(values, time),
    counted: 'sample',
    rows: counted.documents,
    method: `$sample of ${values.length} documents`,
  };
}

function ofValues(values: readonly unknown[], time: MongoTime): ReturnType<typeof tallied> {
  return tallied(
    values.map((value) => {
      const date = time.dateOf(value);
      return date === undefined ? { count: 1 } : { month: monthOf(date), count: 1, oldest: date, newest: date };
    }),
  );
}
