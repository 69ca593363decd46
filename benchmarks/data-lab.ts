import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabases, type DatabaseServer } from '../tests/support/databases.ts';
import { buildCli, type Cost, cost, row } from './lab.ts';

export type Engine = 'postgresql' | 'mariadb';

/** What a statement or a command made the server read: rows, and bytes by their pages, also those that lay in its memory. */
export type Read = { readonly rows: number; readonly megabytes: number };

/** One line of a table: what it took, its ratio to the first line, and what the server read. */
export function printLine(what: string, spent: Cost, first: Cost, { rows, megabytes }: Read): void {
  process.stdout.write(row(what, spent, first, `${rows} rows, ${megabytes.toFixed(0)} MB read`));
}

/** A server that holds the synthetic data, and the command line that scans it. */
export type DataLab = {
  readonly engine: Engine;
  readonly server: DatabaseServer;
  readonly rows: number;
  /** Runs `leqi-audit collect` for one check, on a platform file that declares these tables. */
  collect(check: object, tables: readonly object[]): Promise<Cost>;
  /** Runs a statement as an administrator would, by the server’s own client. */
  byHand(sql: string): Cost;
  /** What the server read meanwhile. */
  reading<T>(work: () => Promise<T> | T): Promise<{ result: T; read: Read }>;
};

const settings: Record<Engine, readonly string[]> = {
  postgresql: [
    'shared_buffers=2GB',
    'max_wal_size=8GB',
    'wal_level=minimal',
    'max_wal_senders=0',
    'log_statement=none',
    'maintenance_work_mem=512MB',
  ],
  mariadb: [
    ...['--innodb-buffer-pool-size=2G', '--innodb-log-file-size=1G', '--innodb-flush-log-at-trx-commit=0'],
    ...['--innodb-doublewrite=0', '--general-log=0'],
  ],
};

// What other checks ask of a store is measured by itself. JSON is YAML.
const profileOf = (check: object): string =>
  JSON.stringify({
    profile: 'one-check',
    title: { zh: '测量', en: 'Measurement' },
    mode: 'any',
    maxAge: { months: 3 },
    sources: { S: { title: { zh: '测量', en: 'Measurement' } } },
    requirements: {
      'X-1': {
        title: { zh: '测量', en: 'Measurement' },
        cites: [{ source: 'S', clause: '1-1' }],
        part: 'technology',
        occasions: 'always',
        basis: 'measured',
        checks: [check],
      },
    },
  });

// Forty months of invoices, each number of which is made of its place and the seed alone.
const seed = 20_261_122;
const first = '2023-07-01 00:00:00';
const seconds = 40 * 30.4 * 86_400;
const tables: Record<Engine, (rows: number) => string> = {
  postgresql: (rows) => `
    CREATE UNLOGGED TABLE invoices (id bigint PRIMARY KEY, number text NOT NULL, transaction_id bigint NOT NULL, unit text NOT NULL, amount numeric(18,2) NOT NULL, issued_at timestamptz NOT NULL);
    INSERT INTO invoices SELECT i, lpad(((i * 7919 + ${seed}) % 99999999999999)::text, 20, '2'), i, '9137' || lpad((i * 31 % 500)::text, 14, '0'), (i * 37 % 1000000) / 100.0,
      '${first}+08'::timestamptz + make_interval(secs => i * ${seconds}::float8 / ${rows}) FROM generate_series(1::bigint, ${rows}) i;
    CREATE INDEX by_time ON invoices (issued_at); GRANT SELECT ON invoices TO auditor;`,
  mariadb: (rows) => `
    CREATE TABLE invoices (id bigint PRIMARY KEY, number varchar(20) NOT NULL, transaction_id bigint NOT NULL, unit char(18) NOT NULL, amount decimal(18,2) NOT NULL, issued_at datetime NOT NULL);
    INSERT INTO invoices SELECT seq, lpad((seq * 7919 + ${seed}) % 99999999999999, 20, '2'), seq, concat('9137', lpad(seq * 31 % 500, 14, '0')), (seq * 37 % 1000000) / 100,
      '${first}' + INTERVAL floor(seq * ${seconds} / ${rows}) SECOND FROM seq_1_to_${rows};
    CREATE INDEX by_time ON invoices (issued_at); ANALYZE TABLE invoices;`,
};

/** Fills a server of each engine in turn with so many invoices, and hands it over. */
export async function withData(rows: number, use: (lab: DataLab) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-data-'));
  try {
    const cli = await buildCli(folder);
    for (const engine of ['postgresql', 'mariadb'] as const) {
      const databases = createDatabases();
      try {
        const server = await databases[engine](undefined, settings[engine]);
        const started = performance.now();
        fill(engine, server, rows);
        const took = (performance.now() - started) / 1000;
        process.stdout.write(`\n${engine}: ${rows} rows made in ${took.toFixed(0)} s\n`);
        await use(labOf(engine, server, rows, cli, folder));
      } finally {
        await databases.remove();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fill(engine: Engine, server: DatabaseServer, rows: number): void {
  if (engine === 'postgresql') {
    server.admin(
      `CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'; GRANT pg_read_all_settings TO auditor`,
    );
    server.admin(tables.postgresql(rows), 'trade');
    server.admin('VACUUM (ANALYZE) invoices', 'trade');
    return;
  }
  server.admin(
    `CREATE DATABASE trade; CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT, EVENT, TRIGGER ON *.* TO auditor`,
  );
  server.admin(tables.mariadb(rows), 'trade');
}

function labOf(engine: Engine, server: DatabaseServer, rows: number, cli: readonly string[], folder: string): DataLab {
  return {
    engine,
    server,
    rows,
    async collect(check, declared) {
      const file = join(folder, 'platform.yaml');
      await writeFile(join(folder, 'profile.yaml'), profileOf(check));
      await writeFile(file, platformFile(engine, server.port, declared, folder));
      return cost(
        [...cli, 'collect', '--platform', file, '--origin', 'database', '--out', join(folder, 'out'), '--quiet'],
        {
          env: { LEQI_BENCHMARK: 'right' },
        },
      );
    },
    byHand: (sql) => cost(server.client('trade'), { input: sql }),
    async reading(work) {
      const before = readSoFar(engine, server);
      const result = await work();
      const after = readSoFar(engine, server);
      return { result, read: { rows: after.rows - before.rows, megabytes: after.megabytes - before.megabytes } };
    },
  };
}

function platformFile(engine: Engine, port: number, declared: readonly object[], folder: string): string {
  return JSON.stringify({
    profile: join(folder, 'profile.yaml'),
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    platform: { name: '示例直连平台', mode: 'joint-use', since: '2023-01-01' },
    stores: [
      {
        ...{ name: 'store', engine, address: '127.0.0.1', port, database: 'trade', user: 'auditor', tls: 'none' },
        password: { env: 'LEQI_BENCHMARK' },
        tables: declared,
      },
    ],
  });
}

// PostgreSQL counts rows that scans returned and fetched, and pages of 8 KiB; its figures lag behind by a second. MariaDB: Handler_read%, pages of 16 KiB.
function readSoFar(engine: Engine, server: DatabaseServer): Read {
  if (engine === 'postgresql') {
    const [rows = 0, pages = 0] =
      server
        .admin(
          `SELECT pg_stat_force_next_flush(); SELECT pg_sleep(1.5); SELECT tup_returned, blks_hit + blks_read FROM pg_stat_database WHERE datname = 'trade'`,
        )
        .trim()
        .split('\n')
        .at(-1)
        ?.split('|')
        .map(Number) ?? [];
    return { rows, megabytes: (pages * 8) / 1024 };
  }
  const figures = server
    .admin(
      `SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler_read%' OR Variable_name = 'Innodb_buffer_pool_read_requests'`,
    )
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const sum = (prefix: string): number =>
    figures.filter(([name]) => name?.startsWith(prefix)).reduce((total, [, count]) => total + Number(count), 0);
  return { rows: sum('Handler_read'), megabytes: (sum('Innodb_buffer_pool_read_requests') * 16) / 1024 };
}
