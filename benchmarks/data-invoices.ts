import { invoices } from '../src/collectors/database/invoices.ts';
import type { Invoices } from '../src/evidence/database/invoices.ts';
import type { DatabaseServer } from '../tests/support/databases.ts';
import { platformOf, toolsFor } from '../tests/support/tools.ts';

// Tracing invoices to transactions, beside the join that a DBA would write. Called by the benchmark of data stores.

/** A server with an account that reads, and whose database is `trade`. */
type TradeServer = {
  readonly engine: 'postgresql' | 'mariadb';
  readonly server: DatabaseServer;
  /** What says where it is, but for the tables. */
  readonly store: object;
};

/** A server that was filled with other data before. */
export type InvoiceLab = Pick<TradeServer, 'engine' | 'server'> & { readonly rows: number };

/** Days that the invoices are spread over: 40 months. */
const days = 1217;

/**
 * Makes so many transactions and invoices of the days before now, 200 issuers, a confirmation within two hours; every 100,000th invoice has no
 * transaction. The tables have the indexes that a platform has: keys, time, and the column that ties both.
 */
function fillTrade({ engine, server }: Pick<TradeServer, 'engine' | 'server'>, count: number): void {
  const perDay = Math.ceil(count / days);
  if (engine === 'postgresql')
    server.admin(
      `CREATE TABLE trades AS SELECT n AS id, now()::timestamp - (${days} - n / ${perDay}) * interval '1 day' AS at, (n % 99991 + 0.01)::numeric(20,2) AS total FROM generate_series(1, ${count}) n;
       CREATE TABLE invoices AS SELECT '26' || lpad(n::text, 18, '0') AS number, CASE WHEN n % 100000 = 7 THEN -n ELSE n END AS trade, t.at + interval '1 minute' AS at, t.total, '9137020' || lpad((n % 200)::text, 11, '0') AS unit, t.at + interval '1 hour' AS uploaded FROM trades t, LATERAL (SELECT t.id AS n) x;
       ALTER TABLE trades ADD PRIMARY KEY (id); ALTER TABLE invoices ADD PRIMARY KEY (number);
       CREATE INDEX ON invoices (at); CREATE INDEX ON invoices (trade); VACUUM ANALYZE trades; VACUUM ANALYZE invoices;
       GRANT SELECT ON trades, invoices TO auditor`,
      'trade',
    );
  else
    server.admin(
      `CREATE TABLE trades (id bigint PRIMARY KEY, at datetime, total decimal(20,2));
       INSERT INTO trades SELECT seq, now() - INTERVAL (${days} - floor(seq / ${perDay})) DAY, seq % 99991 + 0.01 FROM seq_1_to_${count};
       CREATE TABLE invoices (number char(20) PRIMARY KEY, trade bigint, at datetime, total decimal(20,2), unit char(18), uploaded datetime, KEY (at), KEY (trade));
       INSERT INTO invoices SELECT concat('26', lpad(id, 18, '0')), if(id % 100000 = 7, -id, id), at + INTERVAL 1 MINUTE, total, concat('9137020', lpad(id % 200, 11, '0')), at + INTERVAL 1 HOUR FROM trades;
       ANALYZE TABLE trades, invoices`,
      'trade',
    );
}

/** What one run took. */
type Traced = {
  readonly seconds: number;
  /** Peak memory of this process beyond what it had before, in MiB. */
  readonly memory: number;
  /** Rows that the server read. */
  readonly rows: number;
  readonly value: Invoices;
};

/** Traces as many invoices as the lab has rows, beside the join by hand; the lab's own invoices make way for them. */
export async function measureInvoices({ engine, server, rows }: InvoiceLab): Promise<void> {
  server.admin('DROP TABLE invoices', 'trade');
  fillTrade({ engine, server }, rows);
  const address = { address: '127.0.0.1', port: server.port, database: 'trade', user: 'auditor', tls: 'none' };
  const at: TradeServer = { engine, server, store: { name: 'store', engine, ...address, password: { env: 'X' } } };
  const { seconds, memory, rows: read, value } = await traceOnce(at);
  const traced = value.tables.map(({ months }) => Object.keys(months).length).join();
  const byHand = joinOnce(at, value);
  process.stdout.write(
    `  ${engine}, invoices since ${value.from} traced (${traced} months): ${seconds.toFixed(1)} s, ${memory.toFixed(0)} MiB, ${read} rows read; the join by hand ${byHand.toFixed(1)} s\n`,
  );
}

/** Runs the collector once. */
async function traceOnce(at: TradeServer): Promise<Traced> {
  const columns = { number: 'number', transaction: 'trade', amount: 'total', unit: 'unit', uploaded: 'uploaded' };
  const tables = [
    { name: 'trades', holds: 'transactions', time: 'at', columns: { number: 'id', amount: 'total' } },
    { name: 'invoices', holds: 'invoices', time: 'at', columns, uploadWithin: 24 },
  ];
  const platform = platformOf({ stores: [{ ...at.store, tables }] }, '/');
  if (invoices.by !== 'calls') throw new Error('invoices are collected by calls');
  const before = rowsRead(at);
  let peak = 0;
  const idle = process.memoryUsage().rss;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const start = performance.now();
  try {
    const found = await invoices.collect(
      platform.stores[0]?.name ?? '',
      toolsFor(platform, undefined, async () => 'right'),
    );
    const seconds = (performance.now() - start) / 1000;
    const value = found.value as Invoices;
    return { seconds, memory: Math.max(0, peak - idle) / 2 ** 20, rows: rowsRead(at) - before, value };
  } finally {
    clearInterval(watch);
  }
}

/** Runs the join by hand over the same months; it knows of no corrections, parts or duplicates. In seconds. */
function joinOnce({ engine, server }: TradeServer, { from }: Pick<Invoices, 'from'>): number {
  const start = performance.now();
  server.admin(
    `SELECT count(*), sum(t.id IS NULL), sum(t.total <> i.total) FROM invoices i LEFT JOIN trades t ON t.id = i.trade WHERE i.at >= '${from}'`.replaceAll(
      /sum\((.*?)\)(?=,| FROM)/g,
      engine === 'postgresql' ? 'sum(($1)::int)' : 'sum($1)',
    ),
    'trade',
  );
  return (performance.now() - start) / 1000;
}

function rowsRead({ engine, server }: TradeServer): number {
  const sql =
    engine === 'postgresql'
      ? 'SELECT pg_stat_force_next_flush(); SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables'
      : `SELECT sum(variable_value) FROM information_schema.global_status WHERE variable_name LIKE 'Handler_read%'`;
  return Number(server.admin(sql, 'trade').trim().split('\n').at(-1));
}
