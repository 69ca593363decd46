import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualBudgets } from '../../../src/collectors/database/records/budgets.ts';
import { countRecords } from '../../../src/collectors/database/records/counts.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { type Engine, observe, storeOf, withTable } from './records-support.ts';

const databases = createDatabases();
const servers = {} as Record<Engine, DatabaseServer>;
const engines = ['postgresql', 'mariadb'] as const;

beforeAll(async () => {
  [servers.postgresql, servers.mariadb] = await Promise.all([
    databases.postgresql(undefined, ['log_line_prefix=%u|']),
    databases.mariadb(),
  ]);
  servers.postgresql.admin(
    `CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'; GRANT pg_read_all_settings TO auditor`,
  );
  servers.mariadb.admin(
    `CREATE DATABASE trade; CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON *.* TO auditor; GRANT EVENT, TRIGGER ON *.* TO auditor`,
  );
  servers.postgresql.admin(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO auditor`, 'trade');
}, 120_000);

afterAll(() => databases.remove());

const waiting: Record<Engine, string> = {
  postgresql: `SELECT count(*) FROM pg_locks WHERE NOT granted`,
  mariadb: `SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock%'`,
};

const quotedFor = (engine: Engine, name: string): string =>
  engine === 'postgresql' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '``')}\``;

/** Makes a table of one time column; rows are SQL values of it. */
function make(engine: Engine, name: string, type: string, rows: readonly string[], more = ''): void {
  const at = quotedFor(engine, name);
  const insert = rows.length === 0 ? '' : `INSERT INTO ${at} (at) VALUES ${rows.map((row) => `(${row})`).join(', ')};`;
  const key = engine === 'postgresql' ? 'bigserial' : 'bigint AUTO_INCREMENT';
  const zone = engine === 'postgresql' ? `SET timezone = 'UTC'` : `SET time_zone = '+00:00', sql_mode = ''`;
  const analyze = engine === 'postgresql' ? `ANALYZE ${at}` : `ANALYZE TABLE ${at}`;
  servers[engine].admin(
    `${zone}; CREATE TABLE ${at} (id ${key} PRIMARY KEY, at ${type}${more}); ${insert} ${analyze};`,
    'trade',
  );
}

const nulls = 'NULL';
const types: Record<Engine, Record<'instant' | 'local' | 'date' | 'number' | 'text', string>> = {
  postgresql: { instant: 'timestamptz', local: 'timestamp', date: 'date', number: 'bigint', text: 'text' },
  mariadb: {
    instant: 'timestamp NULL',
    local: 'datetime',
    date: 'date',
    number: 'bigint',
    text: 'varchar(60) CHARACTER SET utf8mb4',
  },
};

const cases: [string, keyof (typeof types)['mariadb'], string[], object][] = [
  [
    'an instant, a second before the month in Shanghai',
    'instant',
    ["'2026-01-31 15:59:59'"],
    { months: { '2026-01': 1 }, oldest: '2026-01-31' },
  ],
  [
    'an instant, at the month’s beginning',
    'instant',
    ["'2026-01-31 16:00:00'"],
    { months: { '2026-02': 1 }, oldest: '2026-02-01' },
  ],
  [
    'times without zone are the platform’s',
    'local',
    ["'2026-01-31 23:59:59'", "'2026-02-01 00:00:00'"],
    { months: { '2026-01': 1, '2026-02': 1 } },
  ],
  ['a leap day', 'date', ["'2024-02-29'"], { months: { '2024-02': 1 }, oldest: '2024-02-29', newest: '2024-02-29' }],
  [
    'years that date nothing',
    'local',
    ["'0001-01-01 00:00:00'", "'9999-12-31 23:59:59'", nulls, "'2025-05-05 05:05:05'"],
    { rows: 4, undated: 3, months: { '2025-05': 1 }, oldest: '2025-05-05', newest: '2025-05-05' },
  ],
  [
    'epoch seconds',
    'number',
    ['1769875199', '1769875200', nulls, '0', '99999999999999999'],
    { months: { '2026-01': 1, '2026-02': 1 }, undated: 3 },
  ],
  ['epoch milliseconds', 'number', ['1769875199999', '1769875200000'], { months: { '2026-01': 1, '2026-02': 1 } }],
  [
    'epoch microseconds',
    'number',
    ['1769875199999999', '1769875200000000'],
    { months: { '2026-01': 1, '2026-02': 1 } },
  ],
  ['numbers yyyyMMdd', 'number', ['20260131', '20260201'], { months: { '2026-01': 1, '2026-02': 1 } }],
  [
    'text in five formats',
    'text',
    [
      "'2024-01-05'",
      "'2024/2/6 08:00'",
      "'20240307120000'",
      "'2024年4月8日'",
      "'2024-05-31T16:00:00Z'",
      "'soon'",
      nulls,
    ],
    { months: { '2024-01': 1, '2024-02': 1, '2024-03': 1, '2024-04': 1, '2024-06': 1 }, undated: 2, rows: 7 },
  ],
  ['day and month told by others', 'text', ["'13/01/2024'", "'02/01/2024'"], { months: { '2024-01': 2 } }],
  ['no rows', 'instant', [], { rows: 0, months: {}, undated: 0 }],
  ['no numbers', 'number', [], { rows: 0, months: {}, undated: 0 }],
  ['only NULL among numbers', 'number', [nulls], { rows: 1, months: {}, undated: 1 }],
  ['only NULL', 'text', [nulls, nulls], { rows: 2, months: {}, undated: 2 }],
  ['发票 "x` \'y', 'instant', ["'2026-01-31 16:00:00'"], { months: { '2026-02': 1 } }],
];

describe.each(engines)('%s', (engine) => {
  let all: Awaited<ReturnType<typeof observe>>['value'];
  let inKolkata: typeof all;

  beforeAll(async () => {
    for (const [name, family, rows] of cases) make(engine, name, types[engine][family], rows);
    make(engine, 'doubtful', types[engine].text, ["'03/04/2024'", "'05/06/2024'"]);
    make(engine, 'kolkata', types[engine].instant, ["'2026-01-31 18:29:59'", "'2026-01-31 18:30:00'"]);
    const tables = [...cases.map(([name]) => ({ name })), { name: 'doubtful' }];
    all = (await observe(storeOf(engine, servers[engine], tables))).value;
    inKolkata = (await observe(storeOf(engine, servers[engine], [{ name: 'kolkata' }]), { timeZone: 'Asia/Kolkata' }))
      .value;
  }, 60_000);

  test.each(cases)('%s', (name, _, __, expected) => {
    expect(all.tables.find((table) => table.name === name)).toMatchObject({ counted: 'all', ...expected });
  });

  test('day and month in doubtful order date nothing', () => {
    expect(all.missing).toMatchObject([{ name: 'doubtful', problem: 'no-time' }]);
  });

  test('a zone off by half an hour', () => {
    expect(inKolkata.tables).toMatchObject([{ months: { '2026-01': 1, '2026-02': 1 } }]);
  });
});

// 40 months of 500 rows at noon, but none in 2024-06 and 3 in 2025-02; one row each of the years 1 and 9999 and one without time.
const series: Record<Engine, (at: (day: string) => string) => string> = {
  postgresql: (
    at,
  ) => `SELECT ${at(`(date '2023-07-01' + make_interval(months => m, days => r % 28) + interval '12 hours')`)} AS at
     FROM generate_series(0, 39) m, generate_series(1, 500) r WHERE m <> 11 AND (m <> 19 OR r <= 3)`,
  mariadb: (at) => `SELECT ${at(`('2023-07-01 12:00:00' + INTERVAL m.seq MONTH + INTERVAL r.seq % 28 DAY)`)} AS at
     FROM seq_0_to_39 m, seq_1_to_500 r WHERE m.seq <> 11 AND (m.seq <> 19 OR r.seq <= 3)`,
};
const shapes: Record<Engine, readonly [string, string, (day: string) => string][]> = {
  postgresql: [
    ['instant', 'timestamptz', (day) => `${day} AT TIME ZONE 'Asia/Shanghai'`],
    ['local', 'timestamp', (day) => day],
    ['day', 'date', (day) => `${day}::date`],
    ['millis', 'bigint', (day) => `(extract(epoch FROM ${day} AT TIME ZONE 'Asia/Shanghai') * 1000)::bigint`],
    ['iso', 'text', (day) => `to_char(${day}, 'YYYY-MM-DD HH24:MI:SS')`],
    ['isoz', 'varchar(40)', (day) => `to_char(${day} - interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`],
    ['compact', 'text', (day) => `to_char(${day}, 'YYYYMMDDHH24MISS')`],
  ],
  mariadb: [
    ['instant', 'timestamp NULL', (day) => `${day} - INTERVAL 8 HOUR`],
    ['local', 'datetime', (day) => day],
    ['day', 'date', (day) => `date(${day})`],
    ['millis', 'bigint', (day) => `unix_timestamp(${day} - INTERVAL 8 HOUR) * 1000`],
    ['iso', 'varchar(40)', (day) => `date_format(${day}, '%Y-%m-%d %H:%i:%s')`],
    ['isoz', 'varchar(40)', (day) => `date_format(${day} - INTERVAL 8 HOUR, '%Y-%m-%dT%H:%i:%sZ')`],
    ['compact', 'varchar(40)', (day) => `date_format(${day}, '%Y%m%d%H%i%s')`],
  ],
};
const none = { ...usualBudgets, tiny: 0, whole: 0 };

describe.each(engines)('%s, large tables', (engine) => {
  beforeAll(() => {
    const zone = engine === 'postgresql' ? `SET timezone = 'UTC'` : `SET time_zone = '+00:00'`;
    const key = engine === 'postgresql' ? 'bigserial' : 'bigint AUTO_INCREMENT';
    const statements = shapes[engine].map(([name, type, at]) => {
      const analyze = engine === 'postgresql' ? `VACUUM ANALYZE s_${name}` : `ANALYZE TABLE s_${name}`;
      return `CREATE TABLE s_${name} (id ${key} PRIMARY KEY, at ${type}); INSERT INTO s_${name} (at) ${series[engine](at)};
        INSERT INTO s_${name} (at) VALUES (NULL); CREATE INDEX i_${name} ON s_${name} (at); ${analyze};`;
    });
    servers[engine].admin(`${zone}; ${statements.join('\n')}`, 'trade');
  }, 60_000);

  test.each(shapes[engine].map(([name]) => name))('by the index: %s', async (name) => {
    const store = storeOf(engine, servers[engine], [{ name: `s_${name}` }]);
    const counts = await withTable(store, (session, table) => countRecords(session, table, 'Asia/Shanghai', none));
    expect(counts.method).toMatch(/by index i_/);
    expect(counts).toMatchObject({
      counted: 'all',
      rows: 19_004,
      undated: 1,
      oldest: '2023-07-01',
      newest: '2026-10-28',
    });
    expect(Object.keys(counts.months)).toHaveLength(39);
    expect(counts.months).toMatchObject({ '2023-07': 500, '2025-02': 3, '2026-10': 500 });
  });

  test('up to a cap a month, with the server’s estimates', async () => {
    const store = storeOf(engine, servers[engine], [{ name: 's_local' }]);
    const counts = await withTable(store, (session, table) =>
      countRecords(session, { ...table, rows: 1_900_000_000 }, 'Asia/Shanghai', { ...none, exact: 4000 }),
    );
    expect(counts).toMatchObject({ counted: 'capped', cap: 10_000, rows: 1_900_000_000 });
    expect(counts.months['2025-02']).toBe(3);
    const low = await withTable(store, (session, table) =>
      countRecords(session, { ...table, rows: 12_000 }, 'Asia/Shanghai', { ...none, exact: 4000, leastCap: 100 }),
    );
    expect(low).toMatchObject({ counted: 'capped', cap: 100 });
    expect(low.months['2023-08']).toBe(100);
    expect(low.estimates?.['2023-08']).toBeGreaterThan(200);
    expect(low.estimates?.['2023-08']).toBeLessThan(900);
  });

  test('without an index: a sample, which reaches over the whole table', async () => {
    const store = storeOf(engine, servers[engine], [{ name: 's_local' }]);
    const counts = await withTable(store, (session, { index: _, ...table }) =>
      countRecords(session, { ...table, rows: 10_000_000_000 }, 'Asia/Shanghai', none),
    );
    expect(counts).toMatchObject({ counted: 'sample', rows: 10_000_000_000 });
    expect(Object.keys(counts.months).length).toBeGreaterThan(30);
    expect(counts.oldest?.slice(0, 7)).toBe('2023-07');
    expect(counts.months['2024-06']).toBeUndefined();
  });
});

test.each<[Engine, string[]]>([
  [
    'postgresql',
    ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'0001-01-01'", "'9999-12-31'", "'294276-12-31'", nulls],
  ],
  ['mariadb', ["'0000-00-00'", "'2024-00-00'", "'0001-01-01'", "'9999-12-31'", nulls]],
])('%s: what dates nothing is undated by index, whole and in a sample', async (engine, odd) => {
  const name = 'odd';
  make(engine, name, types[engine].local, [...odd, "'2024-02-29 23:59:59'", "'2024-03-01 00:00:00'"]);
  servers[engine].admin(`CREATE INDEX i_odd ON odd (at)`, 'trade');
  const found = await withTable(storeOf(engine, servers[engine], [{ name }]), async (session, table) => {
    const count = (parts: object, budgets: object) =>
      countRecords(session, { ...table, ...parts }, 'Asia/Shanghai', { ...usualBudgets, ...budgets });
    return [await count({}, {}), await count({}, { tiny: 0 }), await count({ index: undefined }, none)];
  });
  expect(found.map(({ method }) => method.replace(/^.*?: /, '').slice(0, 8))).toEqual([
    'every ro',
    'by index',
    engine === 'postgresql' ? 'TABLESAM' : 'the next',
  ]);
  const months = { '2024-02': 1, '2024-03': 1 };
  expect(found[0]).toMatchObject({ months, undated: odd.length, oldest: '2024-02-29', newest: '2024-03-01' });
  expect(found[1]).toMatchObject({ months, undated: odd.length, oldest: '2024-02-29', newest: '2024-03-01' });
  expect(Object.keys(found[2]?.months ?? {}).toSorted()).toEqual(['2024-02', '2024-03']);
});

test('MariaDB: a point of the sample costs few pages, as the server counts them', async () => {
  const read = (): number =>
    Number(servers.mariadb.admin(`SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_read_requests'`).split('\t')[1]);
  const store = storeOf('mariadb', servers.mariadb, [{ name: 's_local' }]);
  const pages = await withTable(store, async (session, { index: _, ...table }) => {
    const before = read();
    await countRecords(session, table, 'Asia/Shanghai', { ...none, points: 1000 });
    return read() - before;
  });
  expect(pages).toBeGreaterThan(1000);
  expect(pages).toBeLessThan(12_000);
});

test('PostgreSQL: a plan that reads the table is not run', async () => {
  const store = storeOf('postgresql', servers.postgresql, [{ name: 's_local' }]);
  servers.postgresql.admin(
    'CREATE TABLE bare AS SELECT * FROM s_local; ANALYZE bare; GRANT SELECT ON bare TO auditor',
    'trade',
  );
  const counts = await withTable(store, (session, table) =>
    countRecords(session, { ...table, place: 'public.bare' }, 'Asia/Shanghai', none),
  );
  expect(counts.method).toMatch(/TABLESAMPLE/);
});

describe('what is no table of the store’s own', () => {
  test.each<[Engine, string, string, RegExp]>([
    ['postgresql', 'v', 'CREATE VIEW v AS SELECT now() AS at', /^view$/],
    ['postgresql', 'mv', 'CREATE MATERIALIZED VIEW mv AS SELECT now() AS at', /^materialized view$/],
    [
      'postgresql',
      'ft',
      `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (at timestamptz) SERVER far`,
      /^foreign table$/,
    ],
    [
      'postgresql',
      'fp',
      `CREATE TABLE fp (at timestamptz) PARTITION BY RANGE (at); CREATE FOREIGN TABLE fp_old PARTITION OF fp DEFAULT SERVER far`,
      /fp_old is a foreign table/,
    ],
    ['mariadb', 'v', 'CREATE VIEW v AS SELECT now() AS at', /^VIEW$/],
    ['mariadb', 'b', 'CREATE TABLE b (at datetime) ENGINE=BLACKHOLE', /BLACKHOLE|not/i],
    ['mariadb', 'm', 'CREATE TABLE m (at datetime) ENGINE=MEMORY', /MEMORY/],
  ])('%s: %s', async (engine, name, sql, says) => {
    const withFile = name === 'b' ? 'CREATE TABLE b (at datetime) ENGINE=MRG_MyISAM' : sql;
    servers[engine].admin(withFile, 'trade');
    make(engine, `beside_${name}`, 'date', ["'2025-01-01'"]);
    const { tables, missing } = (
      await observe(storeOf(engine, servers[engine], [{ name }, { name: `beside_${name}` }]))
    ).value;
    expect(tables.map((table) => table.name)).toEqual([`beside_${name}`]);
    expect(missing).toMatchObject([
      { name, problem: 'not-a-table', detail: expect.stringMatching(name === 'b' ? /MRG_/i : says) },
    ]);
  });

  test.each(engines)(
    '%s: a missing table, a missing column, a type that dates nothing; the others are counted',
    async (engine) => {
      make(engine, 'good', 'date', ["'2025-01-01'"]);
      make(engine, 'clock', 'time', ["'12:00:00'"]);
      const tables = [{ name: 'nothing' }, { name: 'good', time: 'nowhen' }, { name: 'clock' }, { name: 'good' }];
      const { value } = await observe(storeOf(engine, servers[engine], tables));
      expect(value.tables).toHaveLength(1);
      expect(value.missing.map(({ name, problem }) => [name, problem])).toEqual([
        ['nothing', 'not-found'],
        ['good', 'not-found'],
        ['clock', 'no-time'],
      ]);
    },
  );

  test('MariaDB: a time that changes with each update says nothing of when a record arose', async () => {
    make('mariadb', 'moving', 'datetime NOT NULL DEFAULT now() ON UPDATE now()', ["'2025-01-01'"]);
    const { value } = await observe(storeOf('mariadb', servers.mariadb, [{ name: 'moving' }, { name: 'good' }]));
    expect(value.missing).toMatchObject([{ name: 'moving', problem: 'moving-time' }]);
    expect(value.tables).toHaveLength(1);
  });

  test('PostgreSQL: rows are estimated by what there is now, not when it was last looked at', async () => {
    servers.postgresql.admin(
      `CREATE TABLE grown (at date) WITH (autovacuum_enabled = false); INSERT INTO grown SELECT now() FROM generate_series(1, 1000); ANALYZE grown;
       INSERT INTO grown SELECT now() FROM generate_series(1, 99000)`,
      'trade',
    );
    const store = storeOf('postgresql', servers.postgresql, [{ name: 'grown' }]);
    const rows = await withTable(store, async (_, table) => table.rows);
    expect(rows).toBeGreaterThan(80_000);
    expect(rows).toBeLessThan(120_000);
  });

  test('PostgreSQL: a table that may not be read', async () => {
    servers.postgresql.admin(`CREATE TABLE secret (at date); REVOKE ALL ON secret FROM auditor`, 'trade');
    const { value } = await observe(storeOf('postgresql', servers.postgresql, [{ name: 'secret' }]));
    expect(value).toMatchObject({ tables: [], missing: [{ name: 'secret', problem: 'denied' }] });
  });
});

describe('partitions', () => {
  test('PostgreSQL: counted through all of them, by their index', async () => {
    servers.postgresql.admin(
      `CREATE TABLE parted (at timestamptz, n int) PARTITION BY RANGE (at); CREATE INDEX ON parted (at);
       CREATE TABLE parted_old PARTITION OF parted FOR VALUES FROM (MINVALUE) TO ('2025-01-01+08');
       CREATE TABLE parted_new PARTITION OF parted FOR VALUES FROM ('2025-01-01+08') TO (MAXVALUE);
       INSERT INTO parted SELECT '2024-01-15 12:00+08'::timestamptz + make_interval(months => m), r FROM generate_series(0, 23) m, generate_series(1, 200) r`,
      'trade',
    );
    servers.postgresql.admin('VACUUM ANALYZE parted', 'trade');
    const store = storeOf('postgresql', servers.postgresql, [{ name: 'parted' }]);
    const counts = await withTable(store, (session, table) => {
      expect(table.partitions).toEqual(['parted_old', 'parted_new']);
      expect(table.rows).toBe(4800);
      return countRecords(session, table, 'Asia/Shanghai', none);
    });
    expect(counts).toMatchObject({ counted: 'all', rows: 4800, method: expect.stringMatching(/by index/) });
    const capped = await withTable(store, (session, table) =>
      countRecords(session, table, 'Asia/Shanghai', { ...none, exact: 100, exactUnseen: 100, leastCap: 50 }),
    );
    expect(Object.values(capped.estimates ?? {})).toHaveLength(24);
  });

  test('PostgreSQL: an index that is partial, or of another column first, is none', async () => {
    servers.postgresql.admin(
      `CREATE TABLE loose (at timestamptz, n int); CREATE INDEX ON loose (at) WHERE n > 0; CREATE INDEX ON loose (n, at); CREATE INDEX ON loose USING brin (at)`,
      'trade',
    );
    const store = storeOf('postgresql', servers.postgresql, [{ name: 'loose' }]);
    expect(await withTable(store, async (_, table) => table.index)).toBeUndefined();
  });
});

/** Locks the table `held`, until the client is ended. */
async function holding(engine: Engine): Promise<ChildProcess> {
  const [name = '', ...args] = servers[engine].client('trade');
  const client = spawn(name, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const lock = engine === 'postgresql' ? 'BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE;' : 'LOCK TABLES held WRITE;';
  client.stdin.write(`${lock} SELECT 1;\n`);
  await once(client.stdout, 'data');
  return client;
}

test('a locked table is said to be, and the others are counted', async () => {
  const locked = await Promise.all(
    engines.map(async (engine) => {
      make(engine, 'held', 'date', ["'2025-01-01'"]);
      make(engine, 'free', 'date', ["'2025-01-01'"]);
      const holder = await holding(engine);
      const { value } = await observe(storeOf(engine, servers[engine], [{ name: 'held' }, { name: 'free' }]));
      holder.kill();
      return value;
    }),
  );
  for (const { tables, missing } of locked) {
    expect(tables.map(({ name }) => name)).toEqual(['free']);
    expect(missing).toMatchObject([{ name: 'held', problem: 'timed-out' }]);
  }
}, 30_000);

/** What the server was asked to run by an account, from its log. */
function statementsOf(engine: Engine, account: string): string[] {
  const log = servers[engine].log();
  if (engine === 'postgresql') {
    return log.split(/^(?=\w*\|[A-Z]+:)/m).flatMap((entry) => {
      const [, user, sql] = entry.match(/^(\w*)\|LOG: {2}(?:statement|execute [^:]*): ([\s\S]*)$/) ?? [];
      return user === account && sql !== undefined ? [sql.trim()] : [];
    });
  }
  const entries = [
    ...log.matchAll(
      /^(?:\d{6}\s+[\d:]+)?\s+(\d+) (Connect|Query|Prepare|Execute)\t([\s\S]*?)(?=^(?:\d{6}\s+[\d:]+)?\s+\d+ \w|$(?![\s\S]))/gm,
    ),
  ];
  const own = new Set(
    entries.flatMap(([, id, command, text]) => (command === 'Connect' && text?.startsWith(`${account}@`) ? [id] : [])),
  );
  return entries.flatMap(([, id, command, text = '']) => (own.has(id) && command !== 'Connect' ? [text.trim()] : []));
}

test.each(engines)('%s was asked for nothing but what reads', (engine) => {
  const allowed =
    engine === 'postgresql'
      ? /^(?:BEGIN TRANSACTION READ ONLY; SET LOCAL [^;]*(?:; SET LOCAL [^;]*)*|ROLLBACK|(?:EXPLAIN \(FORMAT JSON\) )?SELECT\s(?![\s\S]*\bFOR (?:UPDATE|SHARE))[\s\S]*|WITH (?:RECURSIVE )?\w+ AS \(\s*SELECT\s[\s\S]*)$/
      : /^(?:SET SESSION |SELECT\s(?![\s\S]*\bINTO (?:OUT|DUMP)FILE)|\(SELECT |SHOW |EXPLAIN FORMAT=TRADITIONAL SELECT\s)/;
  const own = statementsOf(engine, 'auditor');
  expect(own.length).toBeGreaterThan(200);
  expect(own.filter((statement) => !allowed.test(statement))).toEqual([]);
});

// Last, for the servers are gone afterwards.
test.each(engines)(
  '%s dies while it is asked',
  async (engine) => {
    const holder = await holding(engine);
    const seen = observe(storeOf(engine, servers[engine], [{ name: 'free' }, { name: 'held' }, { name: 'good' }]));
    await eventually(() => servers[engine].admin(waiting[engine]).trim() !== '0');
    servers[engine].kill();
    const { value } = await seen;
    holder.kill();
    expect(value.tables.map(({ name }) => name)).toEqual(['free']);
    expect(value.missing.map(({ name, problem }) => [name, problem])).toEqual([
      ['held', 'failed'],
      ['good', 'failed'],
    ]);
  },
  30_000,
);

// Polls, for what another program does a moment later.
async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('did not come about');
    await delay(20);
  }
}
