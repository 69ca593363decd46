import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { check } from '../../../checks/data/retention.ts';
import type { Deleter, Records } from '../../../src/evidence/database/records.ts';
import { dateIn } from '../../../src/evidence/dates.ts';
import { seen } from '../../support/check-tester.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { type Trade, tradeOf } from '../../support/trade.ts';
import { type Engine, observe, storeOf, withTable } from './records-support.ts';

const databases = createDatabases();
const engines = ['postgresql', 'mariadb'] as const;
const servers = {} as Record<Engine, DatabaseServer>;

const older = (age: string): string => `issued_at < now() - interval ${age}`;

beforeAll(async () => {
  [servers.postgresql, servers.mariadb] = await Promise.all([databases.postgresql(), databases.mariadb()]);
  servers.postgresql.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right' BYPASSRLS; GRANT pg_read_all_settings TO auditor;
    CREATE ROLE stranger LOGIN PASSWORD 'right'`);
  servers.postgresql.admin(
    `CREATE TABLE buyers (id int PRIMARY KEY);
     CREATE TABLE invoices (id int, issued_at timestamptz, buyer int REFERENCES buyers ON DELETE CASCADE);
     CREATE TABLE quiet (id int, issued_at timestamptz, buyer int REFERENCES buyers ON DELETE SET NULL);
     CREATE FUNCTION purge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM invoices WHERE id = 1; RETURN NULL; END $$;
     CREATE TRIGGER on_buyer AFTER INSERT ON buyers EXECUTE FUNCTION purge();
     CREATE PROCEDURE new_style() BEGIN ATOMIC DELETE FROM invoices WHERE id = 2; END;
     CREATE FUNCTION dynamic(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('TRUNCATE %I', t); END $$;
     CREATE FUNCTION harmless() RETURNS int LANGUAGE sql AS $$ SELECT 1 FROM invoices $$;
     CREATE RULE instead AS ON INSERT TO buyers DO ALSO DELETE FROM invoices WHERE id = NEW.id;
     -- What pg_cron, pg_partman, pgAgent and TimescaleDB keep, as their documents give it: the extensions themselves are not at hand.
     CREATE SCHEMA cron;
     CREATE TABLE cron.job (jobid bigint, schedule text, command text, database text DEFAULT current_database(), active boolean DEFAULT true);
     ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON cron.job USING (false);
     INSERT INTO cron.job VALUES (1, '0 3 * * *', $$DELETE FROM invoices WHERE ${older("'2 years'")}$$), (2, '0 4 * * *', 'SELECT purge()'),
       (3, '0 5 * * *', 'VACUUM invoices'), (4, '0 6 * * *', $$DELETE FROM invoices WHERE ${older("'5 years'")}$$);
     INSERT INTO cron.job VALUES (5, '@daily', 'TRUNCATE invoices', 'other', true), (6, '@daily', 'TRUNCATE invoices', 'trade', false);
     CREATE SCHEMA partman;
     CREATE TABLE partman.part_config (parent_table text, control text, retention text, retention_keep_table boolean);
     INSERT INTO partman.part_config VALUES ('public.invoices', 'issued_at', '18 months', false), ('public.other', 'at', '1 month', false), ('public.quiet', 'at', NULL, true);
     CREATE SCHEMA pgagent;
     CREATE TABLE pgagent.pga_job (jobid int, jobname text, jobenabled boolean); INSERT INTO pgagent.pga_job VALUES (1, 'nightly', true);
     CREATE TABLE pgagent.pga_jobstep (jstid int, jstjobid int, jstname text, jstcode text, jstenabled boolean);
     INSERT INTO pgagent.pga_jobstep VALUES (1, 1, 'clean', 'DROP TABLE invoices', true), (2, 1, 'off', 'DROP TABLE invoices', false);
     CREATE SCHEMA timescaledb_information;
     CREATE VIEW timescaledb_information.jobs AS SELECT 'policy_retention' AS proc_name, 'public' AS hypertable_schema, 'invoices' AS hypertable_name, '{"drop_after": "30 days"}'::jsonb AS config, true AS scheduled
       UNION ALL SELECT 'policy_compression', 'public', 'quiet', '{}', true UNION ALL SELECT 'policy_retention', 'public', 'quiet', '{"drop_after": "1 day"}', false;
     CREATE VIEW timescaledb_information.dimensions AS SELECT 'public' AS hypertable_schema, 'invoices' AS hypertable_name, 1 AS dimension_number, 'issued_at' AS column_name;
     SET allow_system_table_mods = on;
     INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) VALUES (99999, 'timescaledb', 10, 2200, false, '2');
     INSERT INTO pg_depend SELECT 'pg_class'::regclass, 'timescaledb_information.jobs'::regclass, 0, 'pg_extension'::regclass, 99999, 0, 'e';
     GRANT USAGE ON SCHEMA cron, partman, pgagent, timescaledb_information TO auditor; GRANT SELECT ON ALL TABLES IN SCHEMA public, cron, partman, pgagent, timescaledb_information TO auditor;
     GRANT USAGE ON SCHEMA cron TO stranger; GRANT SELECT ON ALL TABLES IN SCHEMA public, cron TO stranger`,
    'trade',
  );
  servers.mariadb.admin(
    `CREATE DATABASE trade; CREATE DATABASE other;
     CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON *.* TO auditor; GRANT TRIGGER ON *.* TO auditor;
     CREATE USER seer IDENTIFIED BY 'right'; GRANT SELECT, EVENT, TRIGGER ON *.* TO seer;
     CREATE USER reader IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO reader;
     USE trade;
     CREATE TABLE buyers (id int PRIMARY KEY);
     CREATE TABLE invoices (id int, issued_at datetime, buyer int, CONSTRAINT of_buyer FOREIGN KEY (buyer) REFERENCES buyers (id) ON DELETE CASCADE) WITH SYSTEM VERSIONING;
     CREATE TABLE quiet (id int, issued_at datetime, buyer int, FOREIGN KEY (buyer) REFERENCES buyers (id) ON DELETE SET NULL);
     CREATE PROCEDURE clean_up() DELETE FROM invoices WHERE id = 1;
     CREATE PROCEDURE harmless() SELECT 1 FROM invoices;
     CREATE TRIGGER on_buyer AFTER INSERT ON buyers FOR EACH ROW DELETE FROM invoices WHERE id = NEW.id;
     CREATE EVENT two_years ON SCHEDULE EVERY 1 DAY DO DELETE FROM invoices WHERE issued_at < NOW() - INTERVAL 2 YEAR;
     CREATE EVENT five_years ON SCHEDULE EVERY 1 DAY DO DELETE FROM trade.invoices WHERE issued_at < DATE_SUB(NOW(), INTERVAL 5 YEAR);
     CREATE EVENT calls_it ON SCHEDULE EVERY 1 DAY DO CALL clean_up();
     CREATE EVENT history ON SCHEDULE EVERY 1 DAY DO DELETE HISTORY FROM invoices;
     CREATE EVENT switched_off ON SCHEDULE EVERY 1 DAY DISABLE DO TRUNCATE TABLE invoices;
     USE other;
     CREATE TABLE invoices (id int);
     CREATE EVENT own_table ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE invoices;
     CREATE EVENT from_afar ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE trade.invoices;`,
  );
}, 120_000);

afterAll(() => databases.remove());

const tables = [
  { name: 'invoices', time: 'issued_at' },
  { name: 'quiet', time: 'issued_at' },
];

async function found(engine: Engine, more: object = {}): Promise<Records> {
  return (await observe(storeOf(engine, servers[engine], tables, more))).value;
}

function named(deleters: readonly Deleter[] = []): string[] {
  return deleters.map(({ kind, name, keeps }) => `${kind} ${name}${keeps ? `: ${keeps.months}` : ''}`).toSorted();
}

describe('PostgreSQL', () => {
  test('names all that deletes, and nothing else', async () => {
    const [invoices, quiet] = (await found('postgresql')).tables;
    expect(named(invoices?.deleters)).toEqual([
      'foreign-key invoices_buyer_fkey → buyers',
      'job pgAgent nightly/clean',
      'job pg_cron 1 (0 3 * * *): 24',
      'job pg_cron 4 (0 6 * * *): 60',
      'partitions TimescaleDB public.invoices: 0',
      'partitions pg_partman public.invoices: 18',
      'routine public.dynamic',
      'routine public.new_style',
      'routine public.purge',
      'rule instead ON public.buyers',
    ]);
    expect(invoices?.deleters.find(({ name }) => name === 'public.purge')?.calledBy).toEqual([
      'on_buyer ON public.buyers',
      'pg_cron 2 (0 4 * * *)',
    ]);
    // Which table it truncates shows only when it runs.
    expect(named(quiet?.deleters)).toEqual(['routine public.dynamic']);
    expect([invoices?.unread, quiet?.unread]).toEqual([[], []]);
  });

  test('what is denied is named', async () => {
    const [invoices] = (await found('postgresql', { user: 'stranger' })).tables;
    expect(invoices?.unread.toSorted()).toEqual(
      ['cron.job', 'partman.part_config', 'pgagent.pga_jobstep', 'timescaledb_information.jobs'].toSorted(),
    );
    servers.postgresql.admin('ALTER SCHEMA cron RENAME TO hidden', 'trade');
    const [later] = (await found('postgresql', { user: 'stranger' })).tables;
    expect(later?.unread).toContain('shared_preload_libraries');
    expect((await found('postgresql')).tables[0]?.unread).toEqual([]);
  });
});

describe('MariaDB', () => {
  test('names all that deletes, and nothing else', async () => {
    const [invoices, quiet] = (await found('mariadb')).tables;
    expect(named(invoices?.deleters)).toEqual([
      'event other.from_afar, event_scheduler=OFF',
      'event trade.five_years, event_scheduler=OFF: 60',
      'event trade.history, event_scheduler=OFF',
      'event trade.two_years, event_scheduler=OFF: 24',
      'foreign-key of_buyer → buyers',
      'routine trade.clean_up',
      'trigger trade.on_buyer ON buyers',
    ]);
    expect(invoices?.deleters.find(({ kind }) => kind === 'routine')?.calledBy).toEqual([
      'trade.calls_it, event_scheduler=OFF',
    ]);
    expect([quiet?.deleters, quiet?.unread]).toEqual([[], []]);
  });

  test('the rights that show triggers and events show them, and let nothing be changed', async () => {
    const value = await found('mariadb', { user: 'seer' });
    expect(value.tables).toEqual((await found('mariadb')).tables);
    const store = storeOf('mariadb', servers.mariadb, tables, { user: 'seer' });
    const statements = [
      'CREATE TRIGGER trade.mine BEFORE INSERT ON trade.buyers FOR EACH ROW SET @a = 1',
      'DROP TRIGGER trade.on_buyer',
      'CREATE EVENT trade.mine ON SCHEDULE EVERY 1 DAY DO SELECT 1',
      'DROP EVENT trade.two_years',
      'ALTER EVENT trade.two_years DISABLE',
    ];
    await withTable(store, async (session) => {
      for (const sql of statements) await expect(session.query(z.object({}), sql), sql).rejects.toThrow(/READ ONLY/);
    });
  });

  test('what the account has no right to see is named, and nothing is met', async () => {
    const value = await found('mariadb', { user: 'reader' });
    expect(value.tables.map(({ unread }) => unread)).toEqual([
      ['information_schema.EVENTS', 'information_schema.ROUTINES', 'information_schema.TRIGGERS'],
      ['information_schema.EVENTS', 'information_schema.ROUTINES', 'information_schema.TRIGGERS'],
    ]);
  });
});

test.each(engines)('%s: what the unit declares to delete', async (engine) => {
  const purges = [{ name: 'nightly clean-up', table: 'quiet', keepsMonths: 12 }];
  const [, quiet] = (await found(engine, { purges })).tables;
  expect(quiet?.deleters.filter(({ kind }) => kind === 'declared')).toEqual([
    { kind: 'declared', name: 'nightly clean-up', definition: 'keepsMonths: 12', keeps: { months: 12, days: 0 } },
  ]);
});

/** What the check says of the invoices and transactions of a made-up trade. */
async function judged(trade: Trade): Promise<string[]> {
  const { engine, names } = trade;
  const time = names.at;
  const declared = [
    { name: names.invoices, time, holds: 'invoices' },
    { name: names.transactions, time, holds: 'transactions' },
  ];
  const { value } = await observe(storeOf(engine, servers[engine], declared, { database: 'shop' }));
  const on = dateIn(new Date(), 'Asia/Shanghai');
  const parameters = { holds: ['invoices', 'transactions'], months: 36, thin: 0.1 };
  const findings = check.judge(
    { records: [seen('records', value, { subject: 'store', on })], buckets: [], platform: [] } as never,
    check.parameters.parse(parameters),
    on,
  );
  return findings.map(({ outcome, says }) => `${outcome} ${says}`).toSorted();
}

test('what is too long to be read is named', async () => {
  const long = 'x'.repeat(60_000);
  servers.postgresql.admin('CREATE DATABASE wordy');
  servers.postgresql.admin(
    `CREATE TABLE quiet (issued_at date); GRANT SELECT ON quiet TO auditor;
     CREATE FUNCTION long() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM '${long}'; DELETE FROM quiet; END $$`,
    'wordy',
  );
  const declared = [{ name: 'quiet', time: 'issued_at' }];
  const { value } = await observe(storeOf('postgresql', servers.postgresql, declared, { database: 'wordy' }));
  expect(value.tables[0]?.unread).toContain('pg_proc');
});

// Told by the name of the test when it fails.
const seed = Date.now() % 1_000_000;

test.each(engines)(
  `%s: a healthy trade is met, each defect is found and nothing else (seed ${seed})`,
  async (engine) => {
    const trade = tradeOf(engine, seed);
    const { names, quoted } = trade;
    const [invoices, at] = [quoted(names.invoices), quoted(names.at)];
    const admin = (sql: string): void => void servers[engine].admin(sql, 'shop');
    servers[engine].admin('CREATE DATABASE shop');
    admin(trade.create());
    if (engine === 'postgresql') admin('GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor');
    expect(await judged(trade)).toEqual(['met kept', 'met kept']);

    const now = engine === 'postgresql' ? 'now()' : 'utc_timestamp()';
    const month = (ago: number): string =>
      engine === 'postgresql'
        ? `${at} >= date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai' - interval '${ago} months') AT TIME ZONE 'Asia/Shanghai' AND ${at} < date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai' - interval '${ago - 1} months') AT TIME ZONE 'Asia/Shanghai'`
        : `${at} >= date_format(${now} + INTERVAL 8 HOUR - INTERVAL ${ago} MONTH, '%Y-%m-01') AND ${at} < date_format(${now} + INTERVAL 8 HOUR - INTERVAL ${ago - 1} MONTH, '%Y-%m-01')`;
    admin(`DELETE FROM ${invoices} WHERE ${month(20)}`);
    expect(await judged(trade)).toEqual(['met kept', 'unmet emptyMonths']);

    const number = quoted(names.number);
    const isMost = engine === 'postgresql' ? `right(${number}, 2)::int > 3` : `right(${number}, 2) > 3`;
    admin(`DELETE FROM ${invoices} WHERE ${month(10)} AND ${isMost}`);
    expect(await judged(trade)).toEqual(['met kept', 'unmet emptyMonths', 'unproven thinMonths']);

    admin(
      engine === 'postgresql'
        ? `CREATE FUNCTION tidy() RETURNS void LANGUAGE sql AS $$ DELETE FROM public.${quoted(names.transactions)} WHERE ${at} < now() - interval '30 months' $$`
        : `CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DO DELETE FROM ${quoted(names.transactions)} WHERE ${at} < NOW() - INTERVAL 30 MONTH`,
    );
    expect(await judged(trade)).toEqual(['unmet emptyMonths', 'unmet purgedEarly', 'unproven thinMonths']);

    admin(`UPDATE ${invoices} SET ${at} = NULL WHERE ${month(30)} AND ${isMost}`);
    expect(await judged(trade)).toContain('unproven undated');
    admin(
      `DELETE FROM ${invoices} WHERE ${at} < ${now} - INTERVAL ${engine === 'postgresql' ? "'2 years'" : '2 YEAR'}`,
    );
    expect(await judged(trade)).toContain('unmet tooYoung');
  },
  60_000,
);
