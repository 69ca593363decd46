import { z } from 'zod';
import type { Records } from '../../../evidence/database/records.ts';
import { monthOf } from '../../../evidence/dates.ts';
import { plainDate } from '../../../evidence/schemas.ts';
import { said } from '../../../text.ts';
import { type CatalogueTable, TableUnavailable } from '../records/catalogue-table.ts';
import { tallied } from '../records/tally.ts';
import { dated } from '../records/time-columns.ts';
import { type Answer, TranscriptFault } from './transcript.ts';

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const forms = ['null', 'other', 'typed', 's', 'ms', 'us', 'd8', 'd14', 'parted', 'digits', 'none', 'large'] as const;
const rowSchema = z.tuple([
  z.enum(forms),
  z.string().nullable(),
  count,
  day.nullable(),
  day.nullable(),
  z.string().nullable(),
]);

type Row = z.output<typeof rowSchema>;
type Counts = Pick<Records['tables'][number], 'counted' | 'rows' | 'oldest' | 'newest' | 'months' | 'undated'>;

const numbers: readonly Row[0][] = ['s', 'ms', 'us', 'd8', 'd14'];

/** What a script counted of a table, as a connection would have: what dates nothing is undated. Throws {@link TableUnavailable} if nothing dates. */
export function countsFrom(answers: readonly (Answer | undefined)[], table: CatalogueTable): Counts {
  if (table.time.family === undefined) throw new TableUnavailable('no-time', table.time.type);
  const [answer] = answers.filter((each) => each !== undefined);
  if (!answer) throw new TableUnavailable('failed', said(uncounted));
  if (answer.refused) throw answer.refused;
  const rows = z.array(rowSchema).safeParse(answer.rows).data;
  if (!rows) throw new TranscriptFault('disorder');
  if (rows.some(([form]) => form === 'large' || form === 'none')) throw new TableUnavailable('failed', said(large));
  const dating = formsThatDate(rows, table);
  const counts = tallied(rows.map((row) => tallyOf(row, dating)));
  const isSample = rows.some(([, , , , , sample]) => (sample ?? '') !== '');
  return isSample ? { ...counts, counted: 'sample', rows: table.rows } : counts;
}

// As for a connection: of numbers the one reading that most of them have.
function formsThatDate(rows: readonly Row[], { time: { family, type } }: CatalogueTable): readonly Row[0][] {
  const sum = (of: readonly Row[0][]): number =>
    rows.filter(([form]) => of.includes(form)).reduce((all, [, , some]) => all + some, 0);
  const valued = sum(forms) - sum(['null']);
  if (family === 'number') {
    const [best] = numbers.toSorted((one, other) => sum([other]) - sum([one]));
    if (best !== undefined && sum([best]) * 2 >= valued) return [best];
    throw new TableUnavailable('no-time', `${type}: no known way to write dates`);
  }
  if (family !== 'text') return ['typed'];
  if (valued === 0 || sum(['parted', 'digits']) > 0) return ['parted', 'digits'];
  throw new TableUnavailable('no-time', `${type}: no way to write dates that a script can tell`);
}

function tallyOf(
  [form, bucket, rows, first, last]: Row,
  dating: readonly Row[0][],
): Parameters<typeof tallied>[0][number] {
  if (!dating.includes(form)) return { count: rows };
  const [from, to] = [first, last].map((each) => plainDate.safeParse(each).data);
  const [oldest, newest] = [from, to].map((each) => (each === undefined ? undefined : dated(each)));
  if (!oldest || !newest) return { count: rows };
  if (bucket === null || !oldest.startsWith(bucket) || !newest.startsWith(bucket)) throw new TranscriptFault('sums');
  return { month: monthOf(oldest), count: rows, oldest, newest };
}

const uncounted = { zh: '脚本未能统计该表', en: 'the script did not count it' };
const large = {
  zh: '表过大，脚本不予全部读取；须能连接该库',
  en: 'too large for a script to read all of it: it takes a connection',
};
