import { createHash } from 'node:crypto';

/** The two engines that tests run for real. */
export type Engine = 'postgresql' | 'mariadb';

/** Numbers that look random and are the same for the same seed (splitmix32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

// Names as they are met: English, initials of pinyin, Chinese, and some that want quoting.
const nameChoices = {
  transactions: ['orders', 't_dd', '交易流水', 'Trade "all"', 'b2b`orders'],
  invoices: ['invoices', 't_fpxx', '数电票', 'Invoice (2024)', "fp'xx"],
  payments: ['payments', 't_zf', '收付记录', 'pay ments'],
  customers: ['customers', 't_kh', '客户', 'user info'],
  number: ['id', 'ddh', '编号', 'No "1"'],
  at: ['created_at', 'xdsj', '产生时间', 'at time'],
  amount: ['total', 'jshj', '价税合计'],
  unit: ['seller_code', 'xsfnsrsbh', '销售方'],
  link: ['order_no', 'ddh_ref', '订单号'],
  uploaded: ['uploaded_at', 'scsj', '上传时间'],
  phone: ['phone', 'sjhm', '手机'],
  card: ['card', 'yhkh', '卡号'],
  remark: ['remark', 'bz', '备注'],
} as const;

type Name = keyof typeof nameChoices;

/**
 * A made-up trade in one database: its names are drawn from a seed. Its rows lie over the months before a moment, fewer from month to month: what is
 * traced row by row are the last twelve months, and a test cannot wait for all of millions.
 */
export type Trade = {
  readonly engine: Engine;
  readonly names: Readonly<Record<Name, string>>;
  /** Credit codes of those who issue; GB 32100-2015 holds. */
  readonly units: readonly string[];
  /** Transactions, and as many invoices. */
  readonly rows: number;
  /** Settlements of twenty transactions each. */
  readonly payments: number;
  /** Epoch seconds of the first row. */
  readonly since: number;
  /** Epoch seconds after the last row. */
  readonly until: number;
  /** A name as the engine quotes it. */
  quoted(name: string): string;
  /** The statements that make it. */
  create(): string;
};

/** A healthy trade: each invoice has its transaction and was uploaded in minutes, no identity data in clear text, nothing deletes. */
export function tradeOf(engine: Engine, seed: number, { rows = 100_000, months = 40, now = Date.now() } = {}): Trade {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  };
  const names = Object.fromEntries(
    Object.entries(nameChoices).map(([role, choices]) => [role, pick(choices)]),
  ) as Record<Name, string>;
  const units = Array.from({ length: 6 + Math.floor(random() * 6) }, () => creditCode(random));
  const until = Math.floor(now / 1000) - 3600;
  const since = until - Math.floor(months * 30.44 * 86_400);
  const quoted = quotes[engine];
  const trade = { engine, names, units, rows, payments: Math.floor(rows / together), since, until, quoted };
  return { ...trade, create: () => statements(trade) };
}

const quotes: Readonly<Record<Engine, (name: string) => string>> = {
  postgresql: (name) => `"${name.replaceAll('"', '""')}"`,
  mariadb: (name) => `\`${name.replaceAll('`', '``')}\``,
};

/** Transactions that are paid together. */
const together = 20;
/** How fast trade wanes: the first day has e³ times the rows of the last, the last twelve months have 8 % of all. */
const waning = 3;

type Numbered = Readonly<Record<Name, string>>;

// Made by the server out of a series, so that millions take seconds: tables first, what the tables are searched by when they are full.
function statements({ engine, names, units, rows, payments, since, until, quoted: q }: Omit<Trade, 'create'>): string {
  const { g, series, time, moment, float, digits, digest, some, begin, end } = wordings[engine];
  const n = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, q(name)])) as Numbered;
  const at = (place: string, extra: number): string =>
    moment(
      `${since + extra} - ${(until - since) / waning} * ln(1 - ${float(`${place} - 1`)} * ${(1 - Math.exp(-waning)) / rows})`,
    );
  const unit = some(units.map((code) => `'${code}'`));
  const amount = `(${g} * 7919 % 1000003) / 100.0`;
  return `${begin}
    CREATE TABLE ${n.transactions} (${n.number} bigint PRIMARY KEY, ${n.unit} varchar(20), ${n.amount} numeric(18, 2), ${n.at} ${time});
    INSERT INTO ${n.transactions} SELECT ${g}, ${unit}, ${amount}, ${at(g, 0)} FROM ${series(rows)};
    CREATE INDEX tx_at ON ${n.transactions} (${n.at});
    CREATE TABLE ${n.invoices} (${n.number} char(20) PRIMARY KEY, ${n.link} bigint, ${n.unit} varchar(20), ${n.amount} numeric(18, 2), ${n.at} ${time}, ${n.uploaded} ${time});
    INSERT INTO ${n.invoices} SELECT ${digits('26372000', g, 12)}, ${g}, ${unit}, ${amount}, ${at(g, 600)}, ${at(g, 900)} FROM ${series(rows)};
    CREATE INDEX fp_at ON ${n.invoices} (${n.at});
    CREATE INDEX fp_link ON ${n.invoices} (${n.link});
    CREATE TABLE ${n.payments} (${n.number} bigint PRIMARY KEY, ${n.amount} numeric(18, 2), ${n.at} ${time});
    INSERT INTO ${n.payments} SELECT ${g}, ${amount}, ${at(`${g} * ${together}`, 60)} FROM ${series(payments)};
    CREATE INDEX zf_at ON ${n.payments} (${n.at});
    CREATE TABLE ${n.customers} (${n.number} bigint PRIMARY KEY, ${n.phone} varchar(40), ${n.card} varchar(80), ${n.remark} text);
    INSERT INTO ${n.customers} SELECT ${g}, ${digits('138****', `${g} % 10000`, 4)}, ${digest}, 'VIP' FROM ${series(3000)};
    ${end([n.transactions, n.invoices, n.payments, n.customers])}`;
}

/** How an engine writes what the statements need. */
type Wording = {
  /** The number of a row of the series. */
  readonly g: string;
  series(count: number): string;
  readonly time: string;
  /** A time from epoch seconds. */
  moment(seconds: string): string;
  /** A number that is computed with quickly. */
  float(number: string): string;
  digits(start: string, number: string, length: number): string;
  readonly digest: string;
  /** One of a list, by the number of the row. */
  some(list: readonly string[]): string;
  readonly begin: string;
  end(tables: readonly string[]): string;
};

const wordings: Readonly<Record<Engine, Wording>> = {
  postgresql: {
    g: 'g',
    series: (count) => `generate_series(1::bigint, ${count}) AS g`,
    time: 'timestamptz',
    moment: (seconds) => `to_timestamp(${seconds})`,
    float: (number) => `(${number})::float8`,
    digits: (start, number, length) => `'${start}' || lpad((${number})::text, ${length}, '0')`,
    digest: `encode(sha256(g::text::bytea), 'hex')`,
    some: (list) => `(ARRAY[${list.join(', ')}])[1 + g % ${list.length}]`,
    // What is made and filled in one transaction needs no log (wal_level=minimal).
    begin: 'BEGIN;',
    end: () => 'COMMIT; VACUUM (ANALYZE);',
  },
  mariadb: {
    g: 'seq',
    series: (count) => `seq_1_to_${count}`,
    time: 'datetime',
    moment: (seconds) => `from_unixtime(${seconds})`,
    float: (number) => `(${number}) * 1e0`,
    digits: (start, number, length) => `concat('${start}', lpad(${number}, ${length}, '0'))`,
    digest: 'sha2(seq, 256)',
    some: (list) => `elt(1 + seq % ${list.length}, ${list.join(', ')})`,
    begin: `SET time_zone = '+08:00';`,
    end: (tables) => `ANALYZE TABLE ${tables.join(', ')};`,
  },
};

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code of nobody’s, by the rules of GB 32100-2015 and GB 11714-1997. */
export function creditCode(random: () => number): string {
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const body = digits(8);
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  const organisation = body + '0123456789X'[(11 - (sum % 11)) % 11];
  const first = `91370200${organisation}`;
  const total = [...first].reduce((all, each, at) => all + ((alphabet.indexOf(each) * 3 ** at) % 31), 0);
  return organisation.endsWith('X') ? creditCode(random) : first + alphabet[(31 - (total % 31)) % 31];
}

/** A bank card number of nobody’s: Luhn holds (ISO/IEC 7812-1, annex B). */
export function bankCard(index: number): string {
  const body = `622202${createHash('sha256').update(`${index}`).digest().readUInt32BE().toString().padStart(12, '0').slice(-12)}`;
  const sum = [...body]
    .reverse()
    .reduce(
      (all, digit, at) => all + (at % 2 === 0 ? ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0) : Number(digit)),
      0,
    );
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** An identity number of nobody’s: region, date and check character hold (GB 11643-1999). */
export function identityNumber(index: number): string {
  const body = `370202${1960 + (index % 40)}${String(1 + (index % 12)).padStart(2, '0')}${String(1 + (index % 28)).padStart(2, '0')}${String(index % 1000).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, at) => all + weight * Number(body[at]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}
