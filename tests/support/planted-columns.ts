import { createHash } from 'node:crypto';
import { createNumbers, type Numbers } from './person-numbers.ts';

/** A column of a table that a test fills: what it holds, in which type, and what is to be said of it. */
export type PlantedColumn = {
  readonly name: string;
  readonly type: { readonly postgresql: string; readonly mariadb: string; readonly sqlite: string };
  /** The value of a row, as text; null for none. */
  readonly value: (made: Numbers, row: number) => string | null;
  /** The kind that it holds in clear text. */
  readonly holds?: string;
};

const text = { postgresql: 'text', mariadb: 'text', sqlite: 'text' };
const short = { postgresql: 'varchar(64)', mariadb: 'varchar(64)', sqlite: '' };
const long = { postgresql: 'bigint', mariadb: 'bigint', sqlite: 'integer' };
const json = { postgresql: 'jsonb', mariadb: 'json', sqlite: 'text' };
const bytes = { postgresql: 'bytea', mariadb: 'blob', sqlite: 'blob' };
const amount = { postgresql: 'numeric(20, 2)', mariadb: 'decimal(20, 2)', sqlite: 'real' };

// A number of SQLite’s would keep fifteen of its digits.
const scaled = { postgresql: 'numeric(22, 2)', mariadb: 'decimal(22, 2)', sqlite: 'text' };

const byFour = (card: string): string => card.replace(/(\d{4})(?=\d)/g, '$1 ');
const wide = (plain: string): string =>
  plain.replace(/\d/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));
const hash = (of: string): string => createHash('sha256').update(of).digest('hex');

/** Twenty-odd columns, planted and innocent, under names that want quoting. */
export const plantedColumns: readonly PlantedColumn[] = [
  { name: '身份证"号`', type: short, value: (made) => made.identityNumber(), holds: 'identity-number' },
  { name: 'card', type: long, value: (made) => made.bankCard(), holds: 'bank-card' },
  { name: 'card text', type: text, value: (made) => byFour(made.bankCard()), holds: 'bank-card' },
  { name: 'phone', type: long, value: (made) => made.mobile(), holds: 'mobile' },
  {
    name: '备注',
    type: text,
    value: (made, row) => (row % 100 === 3 ? `客户身份证${made.identityNumber()}，已核` : `第 ${row} 单，无`),
    holds: 'identity-number',
  },
  {
    name: 'extra',
    type: json,
    value: (made, row) =>
      JSON.stringify(row % 20 === 0 ? { payer: { card: made.bankCard() } } : { note: 'ok', n: row }),
    holds: 'bank-card',
  },
  {
    name: 'seller',
    type: { ...short, postgresql: 'char(18)', mariadb: 'char(18)' },
    value: (made) => made.creditCode(),
    holds: 'credit-code',
  },
  { name: 'mail', type: short, value: (made) => `u${made.digits(6)}@example.com`, holds: 'email' },
  { name: 'wide id', type: short, value: (made) => wide(made.identityNumber()), holds: 'identity-number' },
  { name: 'raw', type: bytes, value: (made) => `ID:${made.identityNumber()};`, holds: 'identity-number' },
  { name: 'buyer', type: short, value: (made) => made.name() },
  { name: 'masked', type: short, value: (made) => `${made.mobile().slice(0, 3)}****${made.digits(4)}` },
  { name: 'digest', type: short, value: (made) => hash(made.mobile()) },
  {
    name: 'cipher',
    type: text,
    value: (made) => Buffer.from(hash(made.digits(9)).repeat(2).slice(0, 96), 'hex').toString('base64'),
  },
  { name: 'order no', type: short, value: (made) => made.digits(18) },
  { name: 'trace', type: short, value: (made) => `62${made.digits(16)}` },
  { name: 'invoice', type: short, value: (made) => `2437${made.digits(16)}` },
  { name: 'like phone', type: long, value: (_, row) => String(13_800_000_000 + row) },
  { name: 'amount', type: amount, value: (made) => `${10_000_000_000 + made.below(1_000_000_000)}.${made.digits(1)}1` },
  { name: 'card .00', type: scaled, value: (made) => `${made.bankCard().slice(0, 19)}.00`, holds: 'bank-card' },
  {
    name: 'at',
    type: { postgresql: 'timestamptz', mariadb: 'datetime', sqlite: 'text' },
    value: () => '2026-01-02 03:04:05',
  },
  { name: 'millis', type: long, value: (_, row) => String(1_767_225_600_000 + row) },
  { name: 'serial', type: short, value: (_, row) => `37020220260115${String(row).padStart(4, '0')}` },
  {
    name: 'payload',
    type: json,
    value: (made, row) =>
      JSON.stringify({
        request: '请求'.repeat(300),
        payer: { idCard: made.identityNumber() },
        sign: 'ab'.repeat(250 + (row % 7)),
      }),
    holds: 'identity-number',
  },
  { name: 'nothing', type: text, value: () => null },
  { name: 'huge', type: { ...text, mariadb: 'longtext' }, value: (_, row) => (row === 5 ? '长'.repeat(300_000) : 'x') },
];

/** All rows of such a table from a seed, as texts by column. */
export function plantedRows(seed: number, count: number): (string | null)[][] {
  const made = createNumbers(seed);
  return Array.from({ length: count }, (_, row) => plantedColumns.map(({ value }) => value(made, row)));
}
