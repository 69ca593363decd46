import { z } from 'zod';
import { InputError } from '../../../errors.ts';
import type { Deleter, Records } from '../../../evidence/database/records.ts';
import { month, plainDate } from '../../../evidence/schemas.ts';
import { type CarriedStore, tableName } from '../../../platform-stores.ts';
import type { Text } from '../../../text.ts';
import { purgesOf } from '../records/purges.ts';
import { storeScript } from './script.ts';

/** What a store's script printed: when, by the server's clock (`YYYY-MM-DD HH:MM:SS`, without zone), and what it says of the records. */
export type CarriedRecords = { readonly at: string; readonly value: Records };

/** Whether a text holds lines of some store's script. */
export function isStoreOutput(text: string): boolean {
  return /^\s*LEQI1\|[0-9a-f]{16}\|/m.test(text);
}

/** Whether a text holds lines of the script that this version prints for a store. */
export function isOutputOf(store: CarriedStore, text: string): boolean {
  return text.includes(`${markOf(store)}begin|`);
}

/**
 * Reads what a store's script printed, whatever else the client printed around it. What a statement failed with leaves its table missing, or what it
 * asked for unread. Throws {@link InputError} for an output that is cut, out of order, or does not add up.
 */
export function readStoreOutput(store: CarriedStore, text: string, file: string): CarriedRecords {
  const printed = linesOf(store, text);
  const [begin] = printed.of('begin');
  if (!begin || printed.of('begin').length > 1 || !printed.ended) throw refused(file, faults.cut);
  const [at = '', version = ''] = begin;
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(at)) throw refused(file, faults.disorder);
  const found = store.tables.map((table, index) => {
    const named = { name: tableName(table), holds: table.holds };
    const [rows, twice] = printed.of('rows', `${index}`);
    if (twice) throw refused(file, faults.disorder);
    const detail = codesIn(printed.said(`rows|${index}`));
    const kinds = printed.of('object', `${index}`).map(([kind = '']) => kind);
    if (rows && kinds.some((kind) => kind !== 'TABLE'))
      return { missing: { ...named, problem: 'not-a-table' as const, detail: kinds.join(', ').slice(0, 100) } };
    if (!rows) return { missing: { ...named, problem: 'failed' as const, detail } };
    const counts = countsOf(rows, printed.of('month', `${index}`), file);
    const { deleters, unread } = deletersOf(printed, `${index}`, store.engine, kinds.length);
    return { table: { ...named, ...counts, deleters: [...deleters, ...purgesOf(store, table)], unread } };
  });
  const tables = found.flatMap(({ table }) => table ?? []);
  const missing = found.flatMap(({ missing: lost }) => lost ?? []);
  return { at, value: { engine: store.engine, version: version.slice(0, 200), tables, missing } };
}

type Fields = readonly string[];

type Printed = {
  readonly ended: boolean;
  /** The lines of a section; with `at`, those of it, without that field. */
  of(section: string, at?: string): readonly Fields[];
  /** What the client itself printed while a statement ran: its error. */
  said(place: string): string;
};

function linesOf(store: CarriedStore, text: string): Printed {
  const mark = markOf(store);
  const lines: Fields[] = [];
  const noise = new Map<string, string>();
  let place = '';
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line.startsWith(`${mark}at|`)) place = line.slice(`${mark}at|`.length);
    else if (line.startsWith(mark)) lines.push(line.slice(mark.length).split('|'));
    else if (line !== '') noise.set(place, `${noise.get(place) ?? ''} ${line}`.trim().slice(0, 300));
  }
  return {
    ended: lines.at(-1)?.[0] === 'end' && lines.filter(([section]) => section === 'end').length === 1,
    of: (section, at) =>
      lines
        .filter(([first, second]) => first === section && (at === undefined || second === at))
        .map((fields) => fields.slice(at === undefined ? 1 : 2)),
    said: (of) => noise.get(of) ?? '',
  };
}

function markOf(store: CarriedStore): string {
  return `LEQI1|${storeScript(store).digest.slice(0, 16)}|`;
}

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const rowsSchema = z.tuple([count, count, z.union([z.literal(''), plainDate]), z.union([z.literal(''), plainDate])]);
const monthsSchema = z.array(z.tuple([month, count]));

type Counts = Pick<Records['tables'][number], 'counted' | 'rows' | 'oldest' | 'newest' | 'months' | 'undated'>;

// The months are counted by a statement of their own: they must add up to the rows of the first.
function countsOf(rows: Fields, months: readonly Fields[], file: string): Counts {
  const whole = rowsSchema.safeParse(rows);
  const each = monthsSchema.safeParse(months);
  if (!whole.success || !each.success) throw refused(file, faults.disorder);
  const [total, dated, oldest, newest] = whole.data;
  const byMonth = Object.fromEntries(each.data.filter(([, some]) => some > 0));
  const sum = Object.values(byMonth).reduce((all, some) => all + some, 0);
  const isOnce = Object.keys(byMonth).length === each.data.length;
  if (sum !== dated || dated > total || !isOnce) throw refused(file, faults.sums);
  return {
    counted: 'all',
    rows: total,
    ...(oldest === '' ? {} : { oldest }),
    ...(newest === '' ? {} : { newest }),
    months: byMonth,
    undated: total - dated,
  };
}

/** What each part asks, as it is named where it could not be read. */
const parts = { cascade: 'DBA_CONSTRAINTS', code: 'DBA_SOURCE' } as const;
const jobParts = { oracle: ['0', '1', '2', '3'], dameng: ['0', '1'] } as const;

// The rest of what a client says of a failure may quote values: ORA-00942, SP2-0734, [-2106].
function codesIn(said: string): string {
  return (said.match(/\b[A-Z][A-Z0-9]{1,4}-\d{4,5}\b|\[-?\d{1,6}\]|\bERROR \d{4}\b/g) ?? []).join(' ');
}

function deletersOf(
  printed: Printed,
  at: string,
  engine: CarriedStore['engine'],
  objects: number,
): Pick<Records['tables'][number], 'deleters' | 'unread'> {
  const done = printed.of('done', at).map(([section]) => section);
  const jobsDone = jobParts[engine].filter((job) => printed.of('done', job).some(([section]) => section === 'job'));
  const deleters: Deleter[] = [
    ...printed.of('cascade', at).map(([name = '']) => deleter('foreign-key', name, 'ON DELETE CASCADE')),
    ...printed
      .of('code', at)
      .map(([type = '', name = '']) => deleter(type === 'TRIGGER' ? 'trigger' : 'routine', name, '')),
    // A job is not seen to be of one table: it may be of each.
    ...printed.of('job').map(([, name = '']) => deleter('job', name, '')),
  ];
  const unread = [
    ...Object.entries(parts).flatMap(([section, view]) => (done.includes(section) ? [] : [view])),
    ...(jobsDone.length === jobParts[engine].length ? [] : ['DBA_JOBS']),
    ...(objects > 0 ? [] : ['DBA_OBJECTS']),
  ];
  return { deleters, unread };
}

function deleter(kind: Deleter['kind'], name: string, definition: string): Deleter {
  return { kind, name: name.slice(0, 200), definition };
}

const faults = {
  cut: { zh: '不完整或被截断', en: 'is not whole, or cut short' },
  disorder: { zh: '有行被增删或改动', en: 'has lines added, removed or changed' },
  sums: {
    zh: '各月记录数之和与总数不符，可能被改动，或者数据库未提供一致的只读快照',
    en: 'has months that do not add up to all rows: it was changed, or the database gave no consistent view',
  },
} as const satisfies Record<string, Text>;

function refused(file: string, { zh, en }: Text): InputError {
  return new InputError({ zh: `拒绝导入 ${file}：${zh}`, en: `${file} is not imported: it ${en}` });
}
