import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Deleter, Records } from '../../../src/evidence/database/records.ts';
import { createDatabases, type DatabaseServer } from '../../support/databases.ts';
import { type Engine, observe, storeOf } from './records-support.ts';

const databases = createDatabases();
const servers = {} as Record<Engine, DatabaseServer>;

beforeAll(async () => {
  [servers.postgresql, servers.mariadb] = await Promise.all([
    databases.postgresql(undefined, ['wal_level=logical']),
    databases.mariadb(),
  ]);
  servers.postgresql.admin(
    `CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right'; GRANT pg_read_all_settings, pg_read_all_data TO auditor`,
  );
  servers.mariadb.admin(
    `CREATE DATABASE trade; CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT, EVENT, TRIGGER ON *.* TO auditor`,
  );
}, 120_000);

afterAll(() => databases.remove());

async function found(engine: Engine, name: string, more: object = {}): Promise<Records['tables'][number]> {
  const { value } = await observe(storeOf(engine, servers[engine], [{ name }], more));
  const [table] = value.tables;
  if (!table) throw new Error(JSON.stringify(value.missing));
  return table;
}

function named(deleters: readonly Deleter[]): string[] {
  return deleters.map(({ kind, name, keeps }) => `${kind} ${name}${keeps ? `: ${keeps.months}` : ''}`).toSorted();
}

describe('PostgreSQL', () => {
  const admin = (sql: string): string => servers.postgresql.admin(sql, 'trade');

  test('by a view, and by a view of it', async () => {
    admin(`CREATE TABLE viewed (at date, void boolean); CREATE VIEW valid AS SELECT at FROM viewed WHERE NOT void;
      CREATE SCHEMA app; CREATE VIEW app.valid AS SELECT at AS issued FROM public.valid; CREATE VIEW others AS SELECT 1 AS one;
      CREATE FUNCTION by_view() RETURNS void LANGUAGE sql AS 'DELETE FROM app.valid WHERE issued < now()';
      CREATE FUNCTION by_other() RETURNS void LANGUAGE plpgsql AS 'BEGIN DELETE FROM others; END'`);
    expect(named((await found('postgresql', 'viewed')).deleters)).toEqual(['routine public.by_view']);
  });

  test('by the server itself, after a failure', async () => {
    admin('CREATE UNLOGGED TABLE volatile (at date)');
    expect(named((await found('postgresql', 'volatile')).deleters)).toEqual(['ttl UNLOGGED']);
  });

  test('in a schema of the server’s own', async () => {
    admin(
      `CREATE TABLE hidden_from (at date); CREATE FUNCTION pg_catalog.tidy_up() RETURNS void LANGUAGE sql AS 'DELETE FROM public.hidden_from'`,
    );
    expect(named((await found('postgresql', 'hidden_from')).deleters)).toEqual(['routine pg_catalog.tidy_up']);
  });

  test('by the table that it is a part of, and by what cascades to a part of it', async () => {
    admin(`CREATE TABLE whole (at date, n int) PARTITION BY RANGE (at); CREATE TABLE buyer (n int PRIMARY KEY);
      CREATE TABLE part PARTITION OF whole FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
      ALTER TABLE part ADD CONSTRAINT of_buyer FOREIGN KEY (n) REFERENCES buyer ON DELETE CASCADE;
      CREATE FUNCTION of_whole() RETURNS void LANGUAGE sql AS $$ DELETE FROM whole WHERE at < now() - interval '1 year' $$`);
    expect(named((await found('postgresql', 'part')).deleters)).toEqual([
      'foreign-key of_buyer → buyer',
      'routine public.of_whole',
    ]);
    expect(named((await found('postgresql', 'whole')).deleters)).toEqual([
      'foreign-key of_buyer → buyer',
      'routine public.of_whole: 12',
    ]);
  });

  test('partitions that are dropped by another column than the time say nothing of its age', async () => {
    admin(`CREATE TABLE by_time (at date); CREATE TABLE by_import (at date); CREATE SCHEMA partman;
      CREATE TABLE partman.part_config (parent_table text, control text, retention text, retention_keep_table boolean);
      INSERT INTO partman.part_config VALUES ('public.by_time', 'at', '5 years', false), ('public.by_import', 'imported', '5 years', false)`);
    expect(named((await found('postgresql', 'by_time')).deleters)).toEqual([
      'partitions pg_partman public.by_time: 60',
    ]);
    expect(named((await found('postgresql', 'by_import')).deleters)).toEqual([
      'partitions pg_partman public.by_import',
    ]);
  });

  test('where the rows come from', async () => {
    admin(`CREATE TABLE fed (at date)`);
    servers.postgresql.admin('CREATE DATABASE source');
    servers.postgresql.admin(
      `CREATE TABLE fed (at date); CREATE PUBLICATION all_of_it FOR ALL TABLES; SELECT pg_create_logical_replication_slot('feed', 'pgoutput')`,
      'source',
    );
    const self = `host=${servers.postgresql.client('source')[8]} port=${servers.postgresql.port} dbname=source user=postgres`;
    admin(`CREATE SUBSCRIPTION feed CONNECTION '${self}' PUBLICATION all_of_it WITH (create_slot = false)`);
    const { deleters } = await found('postgresql', 'fed');
    admin(`ALTER SUBSCRIPTION feed DISABLE; ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed`);
    servers.postgresql.admin(`SELECT pg_drop_replication_slot('feed')`, 'source');
    expect(named(deleters)).toEqual(['job subscription feed']);
  });

  test('what anybody may have made under the name of a known schedule is not run', async () => {
    admin(`CREATE TABLE lured (at date); CREATE SCHEMA evil; CREATE SEQUENCE evil.runs;
      CREATE FUNCTION evil.run() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE LOG 'code of another ran'; RETURN '1'; END $$;
      CREATE VIEW evil.part_config AS SELECT evil.run() AS parent_table, 'at' AS control, '1 day' AS retention, 't' AS retention_keep_table;
      CREATE SCHEMA cron; CREATE VIEW cron.job AS SELECT 1 AS jobid, evil.run() AS schedule, '' AS command, current_database() AS database, true AS active`);
    const { unread } = await found('postgresql', 'lured');
    admin('DROP SCHEMA evil CASCADE; DROP SCHEMA cron CASCADE');
    expect(unread.toSorted()).toEqual(['cron.job', 'evil.part_config']);
    expect(servers.postgresql.log()).not.toMatch(/LOG: {2}code of another ran/);
  });

  test('a schedule that is not as it is known is unread, and spoils nothing else', async () => {
    admin(`CREATE TABLE beside (at date); CREATE SCHEMA cron;
      CREATE TABLE cron.job (jobid int, schedule text, command text, database text DEFAULT current_database(), active boolean); INSERT INTO cron.job VALUES (1)`);
    const { unread, deleters } = await found('postgresql', 'beside');
    admin('DROP SCHEMA cron CASCADE');
    expect([unread, deleters]).toEqual([['cron.job'], []]);
  });

  test('C cannot be read, and an extension that names the table is', async () => {
    admin(
      `CREATE TABLE compiled (at date); CREATE FUNCTION in_c() RETURNS text LANGUAGE c AS '$libdir/utf8_and_win', 'utf8_to_win' `,
    );
    const first = await found('postgresql', 'compiled');
    admin(`DROP FUNCTION in_c()`);
    expect(first.unread).toEqual(['pg_proc (C): public.in_c']);
    admin(`CREATE FUNCTION of_tools() RETURNS void LANGUAGE sql AS 'DELETE FROM compiled'; SET allow_system_table_mods = on;
      INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) VALUES (99999, 'tools', 10, 2200, false, '2');
      INSERT INTO pg_depend SELECT 'pg_proc'::regclass, 'of_tools'::regproc, 0, 'pg_extension'::regclass, 99999, 0, 'e'`);
    expect(named((await found('postgresql', 'compiled')).deleters)).toEqual(['routine public.of_tools']);
  });

  test('of very many it is those that keep the longest that are left out', async () => {
    const routine = (name: string, age: string): string =>
      `CREATE FUNCTION many_${name}() RETURNS void LANGUAGE sql AS $$ DELETE FROM many WHERE at < now() - interval '${age}' $$;`;
    const long = Array.from({ length: 60 }, (_, index) => routine(`${index}`, '9 years')).join('\n');
    admin(`CREATE TABLE many (at date); ${long} ${routine('last', '1 year')}`);
    const { deleters } = await found('postgresql', 'many', {
      purges: [{ name: 'nightly', table: 'many', keepsMonths: 1 }],
    });
    expect(deleters).toHaveLength(50);
    expect(named(deleters)).toEqual(expect.arrayContaining(['declared nightly: 1', 'routine public.many_last: 12']));
  });
});

describe('MariaDB', () => {
  const admin = (sql: string): string => servers.mariadb.admin(sql, 'trade');

  test('by a view, be it one that is hidden', async () => {
    admin(`CREATE TABLE viewed (at date, void boolean); CREATE TABLE plain (at date); CREATE VIEW valid AS SELECT at FROM viewed WHERE NOT void;
      CREATE DATABASE app; CREATE VIEW app.valid AS SELECT at AS issued FROM trade.valid;
      CREATE EVENT by_view ON SCHEDULE EVERY 1 DAY DO DELETE FROM app.valid WHERE issued < now();
      CREATE USER seer IDENTIFIED BY 'right'; GRANT SELECT, EVENT, TRIGGER, SHOW VIEW ON *.* TO seer`);
    const event = ['event trade.by_view, event_scheduler=OFF'];
    expect(named((await found('mariadb', 'viewed', { user: 'seer' })).deleters)).toEqual(event);
    expect(named((await found('mariadb', 'plain', { user: 'seer' })).deleters)).toEqual([]);
    expect(named((await found('mariadb', 'viewed')).deleters)).toEqual(event);
    expect(named((await found('mariadb', 'plain')).deleters)).toEqual(event);
    admin('DROP EVENT by_view; DROP DATABASE app; DROP VIEW valid');
  });

  test('in a database of the server’s own, and in a package', async () => {
    admin(`CREATE TABLE tidied (at date); CREATE PROCEDURE mysql.tidy() DELETE FROM trade.tidied WHERE at < '2020-01-01';
      CREATE EVENT calls_it ON SCHEDULE EVERY 1 DAY DO CALL mysql.tidy();
      SET sql_mode = ORACLE;
DELIMITER $$
      CREATE PACKAGE keeper AS PROCEDURE sweep(); END; $$
      CREATE PACKAGE BODY keeper AS PROCEDURE sweep() AS BEGIN TRUNCATE TABLE tidied; END; END; $$`);
    const { deleters } = await found('mariadb', 'tidied');
    expect(named(deleters)).toEqual(['routine mysql.tidy', 'routine trade.keeper']);
    expect(deleters.flatMap(({ calledBy }) => calledBy ?? [])).toEqual(['trade.calls_it, event_scheduler=OFF']);
  });

  test('a role that is not taken on shows nothing', async () => {
    admin(`CREATE TABLE roled (at date); CREATE EVENT of_roled ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE roled;
      CREATE ROLE viewer; GRANT SELECT, EVENT, TRIGGER ON *.* TO viewer;
      CREATE USER passive IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO passive; GRANT viewer TO passive;
      CREATE USER active IDENTIFIED BY 'right'; GRANT viewer TO active; SET DEFAULT ROLE viewer FOR active`);
    const passive = await found('mariadb', 'roled', { user: 'passive' });
    expect(passive.unread).toEqual([
      'information_schema.EVENTS',
      'information_schema.ROUTINES',
      'information_schema.TRIGGERS',
    ]);
    const active = await found('mariadb', 'roled', { user: 'active' });
    expect([named(active.deleters), active.unread]).toEqual([['event trade.of_roled, event_scheduler=OFF'], []]);
  });

  test('a key whose name, columns and comments look like something else', async () => {
    admin(`CREATE TABLE buyers (n int, m int, PRIMARY KEY (n, m));
      CREATE TABLE keyed (at date, \`of (a)\` int COMMENT 'FOREIGN KEY (x) REFERENCES y (x) ON DELETE CASCADE', m int COMMENT 'ttl_enable = \\'off\\'',
        CONSTRAINT \`of buyer, all\` FOREIGN KEY (\`of (a)\`, m) REFERENCES buyers (n, m) ON DELETE CASCADE ON UPDATE CASCADE)`);
    expect(named((await found('mariadb', 'keyed')).deleters)).toEqual(['foreign-key of buyer, all → buyers']);
  });
});
