import { createHash } from 'node:crypto';
import { Unavailable } from '../../collector.ts';
import { reasonOf } from '../../transports/database.ts';
import { fieldOf } from './clients.ts';

/** What one statement of a script printed. */
export type Answer = {
  /** The fields of its lines. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** How many rows the server says there were; of a statement that is no query it says nothing true. */
  readonly count: number;
  /** Lines without a mark that came while it ran: what a SHOW prints, with its heading. */
  readonly plain: readonly string[];
  /** Why the server refused it. */
  readonly refused?: Unavailable;
};

/** What a script printed: by the number of each statement; undefined if it was not run. */
export type Transcript = { readonly answers: ReadonlyMap<number, Answer>; readonly end: number };

/** How an output is not what the script prints. */
export type Fault = 'cut' | 'disorder' | 'sums' | 'writable';

/** Thrown for an output that is not whole, or was changed. */
export class TranscriptFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault);
    this.name = 'TranscriptFault';
    this.fault = fault;
  }
}

type Open = {
  rows: (readonly (string | null)[])[];
  count: number;
  plain: string[];
  refused?: Unavailable;
  done?: true;
};

/** Reads the lines that bear a script’s mark. Throws {@link TranscriptFault}. */
export function readTranscript(text: string, run: string): Transcript {
  const answers = new Map<number, Open>();
  const openOf = (number: string | undefined): Open => {
    if (number === undefined || !/^\d{1,5}$/.test(number)) throw new TranscriptFault('disorder');
    const open = answers.get(Number(number)) ?? { rows: [], count: 0, plain: [] };
    answers.set(Number(number), open);
    return open;
  };
  let current: Open | undefined;
  let end: number | undefined;
  for (const line of text.split(/\r*\n/)) {
    if (!line.startsWith(`${run}|`)) {
      if (current && line !== '' && line !== 'l') current.plain.push(line);
      continue;
    }
    if (end !== undefined) throw new TranscriptFault('disorder');
    const [kind, number, ...fields] = line.slice(run.length + 1).split('|');
    if (kind === 'end') end = Number(number);
    else if (kind === 'at') current = openOf(number);
    else if (kind === 'row') addRow(openOf(number), checked(line, fields));
    else if (kind === 'done') {
      finish(openOf(number), checked(line, fields));
      current = undefined;
    } else throw new TranscriptFault('disorder');
  }
  if (end === undefined || [...answers.values()].some(({ done }) => !done)) throw new TranscriptFault('cut');
  return { answers, end };
}

// The last field is the checksum of all before it.
function checked(line: string, fields: readonly string[]): readonly string[] {
  const sum = fields.at(-1) ?? '';
  const covered = line.slice(0, -sum.length - 1);
  if (createHash('md5').update(covered).digest('hex') !== sum) throw new TranscriptFault('sums');
  return fields.slice(0, -1);
}

function addRow(open: Open, fields: readonly string[]): void {
  const row = fields.map(fieldOf);
  if (open.done || row.some((field) => field === undefined)) throw new TranscriptFault('disorder');
  open.rows.push(row.map((field) => field ?? null));
}

function finish(open: Open, [rows = '', state = '', number = '']: readonly string[]): void {
  if (open.done || !/^\d{1,9}$/.test(rows) || !/^[0-9A-Z]{5}$/.test(state)) throw new TranscriptFault('disorder');
  open.done = true;
  open.count = Number(rows);
  if (/^0[012]/.test(state)) return;
  const code = number === '0' ? state : (names[number] ?? number);
  open.refused = new Unavailable(reasonOf(code), code);
}

/** Errors of MariaDB and MySQL by the names that a driver gives them (mariadb.com/kb: error codes). */
const names: Readonly<Record<string, string>> = {
  1044: 'ER_DBACCESS_DENIED_ERROR',
  1045: 'ER_ACCESS_DENIED_ERROR',
  1142: 'ER_TABLEACCESS_DENIED_ERROR',
  1143: 'ER_COLUMNACCESS_DENIED_ERROR',
  1227: 'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  1370: 'ER_PROCACCESS_DENIED_ERROR',
  1049: 'ER_BAD_DB_ERROR',
  1054: 'ER_BAD_FIELD_ERROR',
  1146: 'ER_NO_SUCH_TABLE',
  1205: 'ER_LOCK_WAIT_TIMEOUT',
  3024: 'ER_QUERY_TIMEOUT',
};
