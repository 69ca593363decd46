import type { AskedStore } from '../../../platform-stores.ts';
import { Unavailable } from '../../collector.ts';
import type { Row, Session } from '../../transports/database.ts';
import { type Ask, keyOf, notCarried } from './asks.ts';
import { ownGrants, ownGrantsIn } from './own-grants.ts';
import type { Answer, Transcript } from './transcript.ts';
import { TranscriptFault } from './transcript.ts';

/** A session that hears what a script printed. What it did not ask is unavailable. */
export type Replay = Session & {
  /** The same for what the script asked of one of the declared tables. */
  ofTable(index: number): Session;
  /** The account has roles, whose rights the script did not ask for. */
  readonly hasRoles: boolean;
};

/** Lets collectors ask the output of a script as they would ask the server. */
export function replay(store: AskedStore, version: string, asks: readonly Ask[], { answers }: Transcript): Replay {
  const numbers = new Map(asks.map((ask, number) => [keyOf(ask), number]));
  const answerTo = (asked: Pick<Ask, 'scope' | 'sql' | 'values'>): readonly Row[] => {
    const number = numbers.get(keyOf(asked));
    const answer = number === undefined ? undefined : answers.get(number);
    const ask = number === undefined ? undefined : asks[number];
    if (!answer || !ask) throw new Unavailable('not-collected', 'not asked by the script');
    if (answer.refused) throw answer.refused;
    return rowsOf(ask, answer);
  };
  const own = store.engine === 'postgresql' ? undefined : ownGrantsIn(ownGrants.map(valuesOf), version);
  function valuesOf(ask: Ask): (string | null)[] | undefined {
    try {
      return answerTo(ask).flatMap((row) => Object.values(row));
    } catch (error) {
      if (error instanceof Unavailable) return undefined;
      throw error;
    }
  }
  const session = (scope: string): Session => ({
    engine: store.engine,
    version,
    each: notCarried,
    async query(row, sql, values = []) {
      if (sql.startsWith('SHOW INDEX')) return [];
      if (!sql.startsWith('SHOW GRANTS')) return answerTo({ scope, sql, values }).map((each) => row.parse(each));
      if (!own) throw new Unavailable('denied', sql);
      return own.lines.map((grant) => row.parse({ grant }));
    },
  });
  return { ...session(''), ofTable: (index) => session(`t${index}`), hasRoles: own?.hasRoles ?? false };
}

function rowsOf({ sql, columns }: Ask, { rows, plain }: Answer): Row[] {
  if (sql.startsWith('SHOW')) return shownRows(sql, plain);
  return rows.map((fields) => {
    if (fields.length !== columns.length) throw new TranscriptFault('disorder');
    return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? null]));
  });
}

// The client separates fields by tabs, and escapes what would be mistaken (mariadb.com/kb: --batch).
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\' };

const headings = /^(?:Variable_name\tValue|Table\tCreate Table)$/;

function shownRows(sql: string, plain: readonly string[]): Row[] {
  const lines = plain.filter((line, index) => index > 0 || !headings.test(line));
  return lines.map((line): Row => {
    const fields = line
      .split('\t')
      .map((field) => field.replace(/\\([nt0\\])/g, (_, code: string) => escapes[code] ?? ''));
    const [first = '', second] = fields;
    if (sql.startsWith('SHOW CREATE') && fields.length === 2 && second?.startsWith('CREATE '))
      return { Table: first, 'Create Table': second };
    if (/^SHOW GLOBAL/.test(sql) && fields.length === 2 && /^\w+$/.test(first))
      return { Variable_name: first, Value: second ?? '' };
    throw new Unavailable('unparsable', sql.split(' ').slice(0, 3).join(' '));
  });
}
