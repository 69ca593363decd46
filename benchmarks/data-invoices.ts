import { type DataLab, printLine } from './data-lab.ts';

/** Seconds that the invoices are spread over: all of them are of the twelve months that are traced. */
const year = 365 * 86_400;

// Transactions and invoices, 200 issuers, a confirmation within an hour; every 100,000th invoice has no transaction. The tables have the indexes that a
// platform has: keys, time, and the column that ties both. What is made and filled in one transaction needs no log.
const trade = {
  postgresql: (count: number) => `
    DROP TABLE invoices;
    BEGIN;
    CREATE TABLE trades AS SELECT n AS id, now()::timestamp(0) - make_interval(secs => ${year} - n * (${year} / ${count}::float8)) AS at, (n % 99991 + 0.01)::numeric(20,2) AS total FROM generate_series(1::bigint, ${count}) n;
    ALTER TABLE trades ADD PRIMARY KEY (id);
    CREATE TABLE invoices AS SELECT '26' || lpad(id::text, 18, '0') AS number, CASE WHEN id % 100000 = 7 THEN -id ELSE id END AS trade, at + interval '1 minute' AS at, total, '9137020' || lpad((id % 200)::text, 11, '0') AS unit, at + interval '1 hour' AS uploaded FROM trades;
    ALTER TABLE invoices ADD PRIMARY KEY (number);
    CREATE INDEX ON invoices (at); CREATE INDEX ON invoices (trade);
    COMMIT;
    VACUUM (ANALYZE) trades; VACUUM (ANALYZE) invoices;
    GRANT SELECT ON trades, invoices TO auditor;`,
  mariadb: (count: number) => `
    DROP TABLE invoices;
    CREATE TABLE trades (id bigint PRIMARY KEY, at datetime, total decimal(20,2));
    INSERT INTO trades SELECT seq, now() - INTERVAL floor(${year} - seq * (${year} / ${count})) SECOND, seq % 99991 + 0.01 FROM seq_1_to_${count};
    CREATE TABLE invoices (number char(20) PRIMARY KEY, trade bigint, at datetime, total decimal(20,2), unit char(18), uploaded datetime);
    INSERT INTO invoices SELECT concat('26', lpad(id, 18, '0')), if(id % 100000 = 7, -id, id), at + INTERVAL 1 MINUTE, total, concat('9137020', lpad(id % 200, 11, '0')), at + INTERVAL 1 HOUR FROM trades;
    ALTER TABLE invoices ADD KEY (at), ADD KEY (trade);
    ANALYZE TABLE trades, invoices;`,
} as const;

// The join by hand knows of no corrections, parts or duplicates, and takes for equal what the server’s collation does.
const join = {
  postgresql:
    'SELECT count(*), sum((t.id IS NULL)::int), sum((t.total <> i.total)::int) FROM invoices i LEFT JOIN trades t ON t.id = i.trade',
  mariadb:
    'SELECT count(*), sum(t.id IS NULL), sum(t.total <> i.total) FROM invoices i LEFT JOIN trades t ON t.id = i.trade',
} as const;

const check = { 'data/invoice-traceability': { months: 12, untraced: 0 } };
const columns = { number: 'number', transaction: 'trade', amount: 'total', unit: 'unit', uploaded: 'uploaded' };
const declared = [
  { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } },
  { name: 'invoices', holds: 'invoices', time: 'at', columns, uploadWithin: 24 },
];

/** Traces as many invoices of one year as the lab has rows, beside the join by hand; the lab’s own invoices make way for them. */
export async function measureInvoices({ engine, server, rows, collect, byHand, reading }: DataLab): Promise<void> {
  process.stdout.write(`  ${engine}, ${rows} invoices of a year traced to their transactions\n`);
  server.admin(trade[engine](rows), 'trade');
  const ours = await reading(() => collect(check, declared));
  byHand(join[engine]);
  const plain = await reading(() => byHand(join[engine]));
  printLine('leqi-audit collect (its start among it)', ours.result, ours.result, ours.read);
  printLine('a join over all rows, by hand', plain.result, ours.result, plain.read);
}
