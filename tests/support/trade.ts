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

/** A made-up trade in one database: its names are drawn from a seed, its rows lie evenly over the months before a moment. */
export type Trade = {
  readonly engine: Engine;
  readonly names: Readonly<Record<Name, string>>;
  /** Credit codes of those who issue; GB 32100-2015 holds. */
  readonly units: readonly string[];
  readonly rows: number;
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
export function tradeOf(engine: Engine, seed: number, { rows = 60_000, months = 40, now = Date.now() } = {}): Trade {
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
  const trade = { engine, names, units, rows, since, until, quoted };
  return { ...trade, create: () => statements(trade) };
}

const quotes: Readonly<Record<Engine, (name: string) => string>> = {
  postgresql: (name) => `"${name.replaceAll('"', '""')}"`,
  mariadb: (name) => `\`${name.replaceAll('`', '``')}\``,
};

function statements({ engine, names, units, rows, since, until, quoted: q }: Omit<Trade, 'create'>): string {
  const step = (until - since) / rows;
  const isPostgresql = engine === 'postgresql';
  const g = isPostgresql ? 'g' : 'seq';
  const series = isPostgresql ? `generate_series(1, ${rows}) AS g` : `seq_1_to_${rows}`;
  const moment = (extra: number): string =>
    isPostgresql
      ? `to_timestamp(${since + extra} + (${g} - 1) * ${step})`
      : `from_unixtime(${since + extra} + (${g} - 1) * ${step})`;
  const time = isPostgresql ? 'timestamptz' : 'datetime';
  const list = units.map((code) => `'${code}'`).join(', ');
  const unit = isPostgresql
    ? `(ARRAY[${list}])[1 + ${g} % ${units.length}]`
    : `elt(1 + ${g} % ${units.length}, ${list})`;
  const amount = `(${g} * 7919 % 1000003) / 100.0`;
  const number = isPostgresql ? `'26372000' || lpad(${g}::text, 12, '0')` : `concat('26372000', lpad(${g}, 12, '0'))`;
  const digest = isPostgresql ? `encode(sha256(${g}::text::bytea), 'hex')` : `sha2(${g}, 256)`;
  const masked = isPostgresql
    ? `'138****' || lpad((${g} % 10000)::text, 4, '0')`
    : `concat('138****', lpad(${g} % 10000, 4, '0'))`;
  const n = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, q(name)])) as Record<Name, string>;
  return `${isPostgresql ? '' : "SET time_zone = '+08:00';"}
    CREATE TABLE ${n.transactions} (${n.number} bigint PRIMARY KEY, ${n.unit} varchar(20), ${n.amount} numeric(18, 2), ${n.at} ${time});
    INSERT INTO ${n.transactions} SELECT ${g}, ${unit}, ${amount}, ${moment(0)} FROM ${series};
    CREATE INDEX tx_at ON ${n.transactions} (${n.at});
    CREATE TABLE ${n.invoices} (${n.number} char(20) PRIMARY KEY, ${n.link} bigint, ${n.unit} varchar(20), ${n.amount} numeric(18, 2), ${n.at} ${time}, ${n.uploaded} ${time});
    INSERT INTO ${n.invoices} SELECT ${number}, ${g}, ${unit}, ${amount}, ${moment(600)}, ${moment(900)} FROM ${series};
    CREATE INDEX fp_at ON ${n.invoices} (${n.at});
    CREATE INDEX fp_link ON ${n.invoices} (${n.link});
    CREATE TABLE ${n.payments} (${n.number} bigint PRIMARY KEY, ${n.amount} numeric(18, 2), ${n.at} ${time});
    INSERT INTO ${n.payments} SELECT ${g}, ${amount}, ${moment(60)} FROM ${series};
    CREATE INDEX zf_at ON ${n.payments} (${n.at});
    CREATE TABLE ${n.customers} (${n.number} bigint PRIMARY KEY, ${n.phone} varchar(40), ${n.card} varchar(80), ${n.remark} text);
    INSERT INTO ${n.customers} SELECT ${g}, ${masked}, ${digest}, 'VIP' FROM ${isPostgresql ? 'generate_series(1, 3000) AS g' : 'seq_1_to_3000'};
    ${isPostgresql ? 'ANALYZE;' : `ANALYZE TABLE ${n.transactions}, ${n.invoices}, ${n.payments}, ${n.customers};`}`;
}

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
