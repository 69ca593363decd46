import { type Dialect, spelledOut, type Token } from './sql-tokens.ts';

const now = String.raw`(?:(?:now|sysdate|clock_timestamp|transaction_timestamp|statement_timestamp|utc_timestamp|utc_date|curdate|current_timestamp|localtimestamp|current_date|localtime) \( \d* ?\)|current_timestamp|localtimestamp|current_date|localtime|utc_timestamp|utc_date)`;
const unit = '(year|quarter|month|week|day|hour|minute|second)';

// PostgreSQL alone: to MySQL it is the number 20261122 less 1096.
const dayAge = /^current_date - (?<days>\d+)$/;
const ages = [
  // PostgreSQL: now() - interval '3 years', now() - '3 years'::interval
  new RegExp(`^${now} - interval '(?<interval>[^']+)'$`),
  new RegExp(`^${now} - '(?<interval>[^']+)' :: interval$`),
  // MySQL, MariaDB, TiDB: NOW() - INTERVAL 3 YEAR, DATE_SUB(NOW(), INTERVAL 3 YEAR), TIMESTAMPADD(YEAR, -3, NOW())
  new RegExp(`^${now} - interval '?(?<count>\\d+)'? (?<unit>${unit})$`),
  new RegExp(`^(?:date_sub|subdate) \\( ${now} , interval '?(?<count>\\d+)'? (?<unit>${unit}) \\)$`),
  new RegExp(`^(?:date_add|adddate) \\( ${now} , interval - (?<count>\\d+) (?<unit>${unit}) \\)$`),
  new RegExp(`^timestampadd \\( (?<unit>${unit}) , - (?<count>\\d+) , ${now} \\)$`),
];

const lengths: Readonly<Record<string, readonly [months: number, days: number]>> = {
  year: [12, 0],
  quarter: [3, 0],
  month: [1, 0],
  mon: [1, 0],
  week: [0, 7],
  day: [0, 1],
  hour: [0, 1 / 24],
  minute: [0, 1 / 1440],
  second: [0, 1 / 86_400],
};

type Age = { months: number; days: number };

/**
 * What a text keeps that is nothing but one `DELETE FROM table WHERE time < now - age`, in the spellings of both dialects: an age below which no row is
 * deleted. Undefined for anything else, be it by a bracket.
 */
export function keepsOf(
  tokens: readonly Token[],
  { time, isDated, dialect }: { readonly time: string; readonly isDated: boolean; readonly dialect: Dialect },
): Age | undefined {
  if (!isDated) return undefined;
  const all = spelledOut(tokens.map((token) => inOneWord(token, time)));
  const plain = all
    .replace(/^(?:do )?begin (?!transaction|;)/, '')
    .replace(/(?: ;)? return(?: new| old| null)? ; end(?: ;)?$| ; end(?: ;)?$/, '')
    .replace(/ ;$/, '');
  const [, condition] =
    plain.match(
      /^delete (?:(?:low_priority|quick|ignore) )*from (?:only )?\S+(?: \. \S+)? where (.+?)(?: limit \d+)?$/,
    ) ?? [];
  if (condition === undefined || condition.includes(';')) return undefined;
  const [, left = '', sign = '', right = ''] = condition.match(/^(.+?) (<=?|>=?) (.+)$/) ?? [];
  const [column, moment] = sign.startsWith('<') ? [left, right] : [right, left];
  if (column.split(' . ').at(-1) !== oneWord(time).toLowerCase()) return undefined;
  return ageIn(moment, dialect);
}

// A quoted name may hold blanks, and whatever else looks like SQL: as one word, that is no word of SQL, it is no more than a name.
function inOneWord(token: Token, time: string): Token {
  if (token.kind !== 'quoted') return token;
  return { ...token, text: `${token.text.toLowerCase() === time.toLowerCase() ? '' : '\u0002'}${oneWord(token.text)}` };
}

function oneWord(name: string): string {
  return name.replaceAll(/\s/g, '\u0001');
}

/** An age in PostgreSQL’s words: `3 years`, `2 years 6 mons`, `1096 days`; undefined if it is none. */
export function intervalOf(text: string): Age | undefined {
  const parts = [...text.trim().matchAll(/(\d+) ?([a-z]+)\s*/gi)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined;
  const found = parts.map(([, count, name = '']) => ageOf(Number(count), name));
  return found.includes(undefined) ? undefined : sum(found.filter((each) => each !== undefined));
}

function ageIn(moment: string, dialect: Dialect): Age | undefined {
  const patterns = dialect === 'postgresql' ? [...ages, dayAge] : ages;
  const { groups } = patterns.map((pattern) => moment.match(pattern)).find((match) => match !== null) ?? {};
  if (!groups) return undefined;
  if (groups.days !== undefined) return { months: 0, days: Number(groups.days) };
  if (groups.interval !== undefined) return intervalOf(groups.interval);
  return ageOf(Number(groups.count), groups.unit ?? '');
}

function ageOf(count: number, name: string): Age | undefined {
  const word = name.toLowerCase().replace(/(?<=.)s$/, '');
  const length = Object.hasOwn(lengths, word) ? lengths[word] : undefined;
  if (!length || count > 100_000_000) return undefined;
  return { months: count * length[0], days: Math.floor(count * length[1]) };
}

function sum(all: readonly Age[]): Age {
  return {
    months: all.reduce((total, each) => total + each.months, 0),
    days: all.reduce((total, each) => total + each.days, 0),
  };
}
