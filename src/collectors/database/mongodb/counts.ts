import type { Document } from 'bson';
import { z } from 'zod';
import { addToMonth, type Month, monthOf, monthsFrom, type PlainDate } from '../../../evidence/dates.ts';
import type { Counts } from '../records/counts-by-index.ts';
import { earliest, latest } from '../records/time-columns.ts';
import { planOf } from './plans.ts';
import { allTypes, dateTime, type MongoTime, timeIn } from './times.ts';
import { bySample, byValues, type Counted, type MongoBudgets, valueSchema, valuesOf } from './values.ts';

const countSchema = z.object({ n: z.number() });

// Values that say how a field writes its times.
const fewValues = 200;
// A capped month is counted to a fifth of the mean month: what is much thinner than its neighbours is then known exactly.
const shareOfMean = 0.2;
// Values that are no day may stand at the end of text, but not many.
const atTheEnd = 10;

/**
 * Counts documents by month of a time field: by an index of it, up to a cap a month in a huge collection; each where it is small; else a sample. Undefined
 * if nothing dates.
 */
export async function countDocuments(counted: Counted): Promise<Counts | undefined> {
  const sample = await valuesOf(counted, fewValues);
  const time = sample.values.length === 0 ? dateTime(counted.timeZone) : timeIn(sample.values, counted.timeZone);
  if (!time) return undefined;
  const counts = (await byIndex(counted, time)) ?? (await byValues(counted, time)) ?? (await bySample(counted, time));
  return { ...counts, method: `${counted.name} (${time.words}): ${counts.method}` };
}

// Undefined where no index, or none that has each document once, answers.
async function byIndex(counted: Counted, time: MongoTime): Promise<Counts | undefined> {
  const { session, database, time: field, index, isTimeSeries, documents, budgets } = counted;
  if (!time.isSorted || !(index || (isTimeSeries && time.isDate))) return undefined;
  const between = { [field]: { $gte: time.bound(earliest), $lt: time.bound(latest) } };
  if (index) {
    const plan = await planOf(session, database, counting(counted, between, 1));
    if (!plan.isIndexed || plan.isMultiKey) return undefined;
  }
  const [oldest, newest] = [await endOf(counted, time, between, 1), await endOf(counted, time, between, -1)];
  if (oldest === 'unclear' || newest === 'unclear') return undefined;
  // One more than there is: documents come in meanwhile, and the month may have just ended.
  const months =
    oldest === undefined || newest === undefined ? [] : monthsFrom(monthOf(oldest), addToMonth(monthOf(newest), 1));
  const cap = capOf(isTimeSeries ? Number.POSITIVE_INFINITY : documents, months.length, budgets);
  const counts: [Month, number][] = [];
  for (const month of months) {
    const [from, to] = [time.bound(`${month}-01`), time.bound(`${addToMonth(month, 1)}-01`)];
    counts.push([month, await count(counted, { [field]: { $gte: from, $lt: to } }, cap)]);
  }
  const undated = await countUndated(counted, time, [months[0], months.at(-1)], cap);
  const found = counts.filter(([, number]) => number > 0);
  return folded(counted, { found, undated, oldest, newest, cap });
}

type Folding = {
  readonly found: readonly (readonly [Month, number])[];
  readonly undated: number;
  readonly oldest: PlainDate | undefined;
  readonly newest: PlainDate | undefined;
  readonly cap: number | undefined;
};

function folded({ index, documents }: Counted, { found, undated, oldest, newest, cap }: Folding): Counts {
  const sum = found.reduce((total, [, number]) => total + number, undated);
  const dates = {
    ...(oldest ? { oldest } : {}),
    ...(newest ? { newest } : {}),
    months: Object.fromEntries(found),
    undated,
  };
  const method = index ? `by index ${index.name}` : 'by the time of a time-series collection';
  if (cap === undefined) return { counted: 'all', rows: sum, ...dates, method };
  const full = found.filter(([, number]) => number >= cap);
  // What the others leave is spread evenly: the server has no estimate of a month.
  const rest = Math.max(0, documents - sum + full.length * cap) / Math.max(full.length, 1);
  return {
    counted: 'capped',
    rows: Math.max(documents, sum),
    cap,
    estimates: Object.fromEntries(full.map(([month, number]) => [month, Math.max(number, Math.round(rest))])),
    ...dates,
    method: `${method}, each month up to ${cap}`,
  };
}

// Undefined where each document is counted.
function capOf(documents: number, months: number, { exact, leastCap }: MongoBudgets): number | undefined {
  if (documents <= exact) return undefined;
  const many = Math.max(months, 1);
  return Math.round(Math.max(leastCap, Math.min((documents / many) * shareOfMean, exact / many)));
}

// Nothing dates a document outside of the months, without a value, or by one of another type.
async function countUndated(
  counted: Counted,
  time: MongoTime,
  [first, last]: readonly [Month | undefined, Month | undefined],
  cap: number | undefined,
): Promise<number> {
  const { time: field, isTimeSeries } = counted;
  const before = time.bound(first === undefined ? earliest : `${first}-01`);
  const after = time.bound(last === undefined ? latest : `${addToMonth(last, 1)}-01`);
  const others = allTypes.filter((type) => !time.types.includes(type));
  // In a time-series collection each document has a date.
  const filters = [
    { [field]: { $lt: before } },
    { [field]: { $gte: after } },
    ...(isTimeSeries ? [] : [{ [field]: null }, { [field]: { $type: others } }]),
  ];
  let sum = 0;
  for (const filter of filters) sum += await count(counted, filter, cap);
  return sum;
}

function counting({ name, index }: Counted, filter: Document, cap: number | undefined): Document {
  return {
    aggregate: name,
    pipeline: [{ $match: filter }, ...(cap === undefined ? [] : [{ $limit: cap }]), { $count: 'n' }],
    cursor: {},
    allowDiskUse: false,
    ...(index ? { hint: index.name } : {}),
  };
}

async function count(counted: Counted, filter: Document, cap: number | undefined): Promise<number> {
  const { session, database } = counted;
  const [row] = await session.rows(countSchema, database, counting(counted, filter, cap));
  return row?.n ?? 0;
}

// Undefined if there is none.
async function endOf(
  { session, database, name, time: field, index }: Counted,
  time: MongoTime,
  filter: Document,
  order: 1 | -1,
): Promise<PlainDate | undefined | 'unclear'> {
  const command = {
    aggregate: name,
    pipeline: [
      { $match: filter },
      { $sort: { [field]: order } },
      { $limit: atTheEnd },
      { $project: { _id: 0, v: `$${field}` } },
    ],
    cursor: {},
    allowDiskUse: false,
    ...(index ? { hint: index.name } : {}),
  };
  const rows = await session.rows(valueSchema, database, command);
  const [date] = rows.flatMap(({ v }) => time.dateOf(v) ?? []);
  return rows.length > 0 ? (date ?? 'unclear') : undefined;
}
