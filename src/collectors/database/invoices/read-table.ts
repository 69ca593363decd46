import type { InvoiceMonth, InvoiceTable } from '../../../evidence/database/invoices.ts';
import { addDays, type PlainDate } from '../../../evidence/dates.ts';
import { tableName } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import { saltedHash } from '../../filed/persons.ts';
import type { Row } from '../../transports/database.ts';
import { type Counterparts, isBlank, isCorrection, isVoid, judgedFields } from './counterparts.ts';
import { createIssuerTally } from './issuers.ts';
import { amountOf, type Fields, type OpenTable } from './lookup.ts';
import { type Clock, day, formOf, isDaily, type TimeForm, wallOf } from './moments.ts';
import { createSeenNumbers } from './numbers.ts';
import { type ColumnType, failureOf, isFast, rowsOf, Unread, withoutIndex } from './shape.ts';
import { slicesOf, undatedRows } from './slices.ts';
import { type Outcome, type Traceable, trace } from './trace.ts';
import { createUploadTally } from './uploads.ts';

/** What is asked of a table. */
export type Asked = {
  readonly from: PlainDate;
  readonly until: PlainDate;
  /** The time of the observation, on the wall, in seconds. */
  readonly now: number;
  readonly clock: Clock;
  /** Store and table that it is held against. */
  readonly origins: readonly string[];
  /** How, or why not. */
  counterparts(): Counterparts;
};

const mostExamples = 5;

/** Reads the invoices of the period, holds each against its origin and counts what comes of it. Throws {@link Unread} for what cannot be read. */
export async function readInvoices(at: OpenTable, asked: Asked): Promise<InvoiceTable> {
  const { table, shape } = at;
  demandColumns(at);
  if (!isFast(shape, table.time)) throw withoutIndex(table.name, table.time);
  const issued = await timeForm(at, table.time);
  const time = { column: table.time, form: issued, clock: asked.clock };
  const { counterparts, ...unlinked } = counterpartsOrWhy(asked);
  const tally = await createTally(at, asked, issued);
  const fields = fieldsOf(at, counterparts);
  // The day of the observation is read to its end, for the clocks of two machines may differ.
  const period = [secondsOf(asked.from), secondsOf(addDays(asked.until, 1))] as const;
  let strays = 0;
  const make = (row: Row, wall: number): Invoice => invoiceOf(at, row, wall);
  for await (const { rows: invoices, stray } of slicesOf(at, time, fields, period, make)) {
    strays = Math.max(strays, stray);
    const live = invoices.filter(({ isVoid: gone }) => !gone);
    const outcomes = counterparts ? await trace(live, counterparts.lookups) : [];
    for (const invoice of invoices) tally.count(invoice);
    for (const [index, invoice] of live.entries()) tally.judge(invoice, outcomes[index]);
  }
  return {
    name: tableName(table),
    origins: [...asked.origins],
    ...(counterparts ? { link: counterparts.link } : {}),
    ...unlinked,
    ...(counterparts?.uncompared ? { uncompared: counterparts.uncompared } : {}),
    ...(table.inParts ? { inParts: true as const } : {}),
    // Slices may overlap: as many as one of them showed, at least.
    undated: (await undatedRows(at, time, addDays(asked.until, 1))) + strays,
    ...tally.result(),
  };
}

function counterpartsOrWhy(asked: Asked): { counterparts?: Counterparts } & Pick<InvoiceTable, 'unlinked'> {
  try {
    return { counterparts: asked.counterparts() };
  } catch (error) {
    if (error instanceof Unavailable) return { unlinked: failureOf(error) };
    throw error;
  }
}

/** Throws {@link Unread} if a declared column is not there. */
export function demandColumns({ table, shape }: OpenTable): void {
  const declared = [table.time, ...Object.values(table.columns)];
  const missing = declared.find((column) => column !== undefined && !shape.columns.has(column));
  if (missing === undefined) return;
  const { name } = table;
  throw new Unread('not-found', { zh: `${name} 没有列 ${missing}`, en: `${name} has no column ${missing}` });
}

const sampled = 1000;

// As many of the first that come, and of the latest by the time of the table, which can be asked for; another column need have no index, or be empty.
function sampleOf({ connection, table }: OpenTable, column: string): Promise<readonly Row[]> {
  const { dialect } = connection;
  const [at, type, time] = [dialect.quoted('at'), dialect.quoted('type'), dialect.quoted(table.time)];
  const part = (order: string, name: string): string =>
    `SELECT * FROM (SELECT ${dialect.text(column)} AS ${at}, ${dialect.typeOfValue?.(column) ?? `'-'`} AS ${type} FROM ${dialect.named(table)} WHERE ${time} IS NOT NULL ${order} LIMIT ${sampled}) AS ${name} WHERE ${at} IS NOT NULL`;
  return rowsOf(connection, `${part('', 'one')} UNION ALL ${part(`ORDER BY ${time} DESC`, 'other')}`);
}

// A column of times that is only ever midnight holds dates.
async function isDateOnly(at: OpenTable, column: string, form: TimeForm, clock: Clock): Promise<boolean> {
  if (isDaily(form)) return true;
  const walls = (await sampleOf(at, column)).map((row) => wallOf(row.at, form, clock));
  return walls.length > 0 && walls.every((wall) => wall === undefined || wall % day === 0);
}

async function timeForm(at: OpenTable, column: string): Promise<TimeForm> {
  const { connection, table, shape } = at;
  const { dialect } = connection;
  const declared = shape.columns.get(column) ?? 'other';
  const isTyped = declared === 'instant' || declared === 'local' || declared === 'date';
  const sample = isTyped ? [] : await sampleOf(at, column);
  const type = dialect.typeOfValue ? typeOfValues(sample) : declared;
  const values = sample.flatMap((row) => (row.at == null || isBlank(row.at) ? [] : row.at));
  const form = formOf(type, values);
  if (form) return form;
  throw new Unread('not-supported', {
    zh: `${table.name} 的列 ${column} 不是可识别的时间，或者有几种写法`,
    en: `${table.name}’s column ${column} is no time that can be read, or is written in several ways`,
  });
}

function typeOfValues(sample: readonly Row[]): ColumnType {
  const types = new Set(sample.map(({ type }) => (type === 'real' ? 'integer' : type)));
  const [type = 'text'] = types;
  return types.size <= 1 && (type === 'integer' || type === 'text') ? type : 'other';
}

function fieldsOf({ table }: OpenTable, counterparts: Counterparts | undefined): Fields {
  const { number, unit, uploaded } = table.columns;
  return {
    ...judgedFields(table),
    ...(number === undefined ? {} : { number }),
    ...(unit === undefined ? {} : { unit }),
    ...(uploaded === undefined ? {} : { uploaded }),
    ...(counterparts ? { key: counterparts.key } : {}),
  };
}

type Invoice = Traceable & {
  readonly isVoid: boolean;
  readonly month: string;
  readonly wall: number;
  readonly unit: string | null | undefined;
  readonly uploaded: string | null | undefined;
};

const months = new Map<number, string>();

function monthOfWall(wall: number): string {
  const date = Math.floor(wall / day);
  const known = months.get(date) ?? new Date(date * day * 1000).toISOString().slice(0, 7);
  months.set(date, known);
  return known;
}

function invoiceOf(at: OpenTable, row: Row, wall: number): Invoice {
  const { table } = at;
  const amount = amountOf(at, row.amount);
  const isRed = isCorrection(table, row, amount);
  return {
    number: filled(row.number),
    key: filled(row.key),
    amount,
    isRed,
    corrects: isRed ? filled(row.corrects) : undefined,
    isVoid: isVoid(table, row),
    month: monthOfWall(wall),
    wall,
    unit: row.unit,
    uploaded: row.uploaded,
  };
}

function filled(text: string | null | undefined): string | undefined {
  return text == null || isBlank(text) ? undefined : text;
}

type Results = Pick<InvoiceTable, 'months' | 'duplicates' | 'examples' | 'issuers' | 'uploads'>;

async function createTally(at: OpenTable, { clock, now }: Asked, issued: TimeForm) {
  const { number, unit, uploaded } = at.table.columns;
  const counts: Record<string, InvoiceMonth> = {};
  const examples: InvoiceTable['examples'] = [];
  const numbers = number === undefined || at.shape.unique.has(number) ? undefined : createSeenNumbers();
  const issuers = unit === undefined ? undefined : createIssuerTally();
  const uploads = uploaded === undefined ? undefined : await uploadsOf(at, { clock, now }, issued, uploaded);

  return {
    count({ month, wall, number: own, isVoid: gone, isRed, unit: issuer, uploaded: done }: Invoice): void {
      const sums = counts[month] ?? noInvoices();
      counts[month] = sums;
      sums.rows += 1;
      if (own === undefined && number !== undefined) sums.numberless += 1;
      else if (own !== undefined) numbers?.add(own);
      const isLate = gone ? false : (uploads?.add(month, wall, done) ?? false);
      issuers?.add(issuer, wall, isLate);
      if (gone) sums.void += 1;
      else if (isRed) sums.red += 1;
    },
    judge({ month, number: own, key }: Invoice, outcome: Outcome | undefined): void {
      const sums = counts[month];
      if (!sums || outcome === undefined) return;
      const isUntraced = outcome === 'untraced' || outcome === 'keyless' || outcome === 'unlike';
      sums[isUntraced ? 'untraced' : 'traced'] += 1;
      if (outcome !== 'untraced' && outcome !== 'corrects') sums[outcome] += 1;
      const of = isUntraced ? 'untraced' : outcome;
      const shown = own ?? key;
      if (shown === undefined || (of !== 'untraced' && of !== 'above' && of !== 'below')) return;
      if (examples.filter((each) => each.of === of).length < mostExamples)
        examples.push({ of, month, hash: saltedHash(shown) });
    },
    result(): Results {
      const duplicates = number === undefined ? undefined : numbers ? numbers.repeated() : 0;
      return {
        months: counts,
        ...(duplicates === undefined ? {} : { duplicates }),
        examples,
        ...(issuers ? { issuers: issuers.result() } : {}),
        ...(uploads ? { uploads: uploads.result() } : {}),
      };
    },
  };
}

async function uploadsOf(
  at: OpenTable,
  { clock, now }: Pick<Asked, 'clock' | 'now'>,
  issued: TimeForm,
  column: string,
) {
  const form = await timeForm(at, column);
  const isCoarse = (await isDateOnly(at, at.table.time, issued, clock)) || (await isDateOnly(at, column, form, clock));
  return createUploadTally({ form, isCoarse }, clock, now, at.table.uploadWithin);
}

function noInvoices(): InvoiceMonth {
  const judged = { traced: 0, untraced: 0, keyless: 0, unlike: 0, agree: 0, above: 0, below: 0, uncompared: 0 };
  return { rows: 0, void: 0, red: 0, numberless: 0, ...judged };
}

function secondsOf(date: PlainDate): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}
