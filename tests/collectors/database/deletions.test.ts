import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calls, deletionIn, type Target } from '../../../src/collectors/database/records/deletions.ts';
import { intervalOf } from '../../../src/collectors/database/records/purge-age.ts';
import { type Dialect, tokensOf } from '../../../src/collectors/database/records/sql-tokens.ts';

const target = (dialect: Dialect, parts: Partial<Target> = {}): Target => ({
  dialect,
  schema: dialect === 'postgresql' ? 'public' : 'trade',
  name: 'invoices',
  time: 'issued_at',
  isDated: true,
  partitions: dialect === 'postgresql' ? ['invoices_2020'] : [],
  ...(dialect === 'mysql' ? { home: 'trade' } : {}),
  ...parts,
});
const both = ['postgresql', 'mysql'] as const;

describe.each(both)('%s: what deletes', (dialect) => {
  test.each([
    'DELETE FROM invoices',
    'delete from INVOICES where status = 1',
    'BEGIN; UPDATE x SET y = 1; DELETE FROM invoices WHERE id = 1; END',
    '/* old */ DELETE /* really */ FROM invoices -- all\n WHERE 1 = 1',
    "SELECT 'DELETE'; DELETE FROM invoices",
    'WITH gone AS (DELETE FROM invoices RETURNING *) SELECT count(*) FROM gone',
    'DELETE FROM a USING invoices AS a JOIN b ON a.id = b.id',
    'TRUNCATE invoices',
    'TRUNCATE TABLE a, b, invoices',
    'DROP TABLE IF EXISTS a, invoices',
    'ALTER TABLE invoices DROP PARTITION p2020',
    'ALTER TABLE invoices TRUNCATE PARTITION p2020',
    'ALTER TABLE invoices DETACH PARTITION invoices_2020',
    'ALTER TABLE invoices EXCHANGE PARTITION p2020 WITH TABLE bin',
    'ALTER TABLE invoices RENAME TO invoices_old',
    'UPDATE invoices SET n = 1, issued_at = NULL WHERE id = 1',
    'MERGE INTO invoices USING s ON s.id = invoices.id WHEN MATCHED THEN DELETE',
    'IF n > 1 THEN DELETE i FROM invoices i JOIN b ON b.id = i.id; END IF',
    'ALTER TABLE other EXCHANGE PARTITION p2020 WITH TABLE invoices',
    'UPDATE invoices SET (n, issued_at) = (1, NULL)',
    'UPDATE invoices AS i SET i.issued_at = NULL',
    'INSERT INTO invoices SELECT * FROM s ON CONFLICT (id) DO UPDATE SET n = 1, issued_at = EXCLUDED.issued_at',
    'DROP OWNED BY app',
  ])('%s', (sql) => {
    expect(deletionIn(sql, target(dialect))).toBeDefined();
  });

  test.each([
    '',
    'SELECT 1',
    'SELECT __proto__, constructor, toString FROM invoices -- update',
    'DELETE FROM invoices_log',
    'DELETE FROM log WHERE id IN (SELECT id FROM invoices)',
    "SELECT 'DELETE FROM nothing'",
    '-- DELETE FROM invoices\nSELECT 1',
    '/* DELETE FROM invoices */ SELECT 1',
    'CREATE TRIGGER t AFTER DELETE ON invoices FOR EACH ROW SELECT 1',
    'ALTER TABLE invoices ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (a) ON DELETE CASCADE',
    'ALTER TABLE invoices DROP COLUMN n',
    'UPDATE invoices SET n = issued_at WHERE issued_at = 1',
    'SELECT TRUNCATE(a, 2) FROM invoices',
    'DELETE FROM archive.invoices',
    'TRUNCATE TABLE other; SELECT * FROM invoices',
    'DELETE FROM archive.public.invoices_log',
    'UPDATE other SET issued_at = 1 WHERE id IN (SELECT id FROM invoices)',
    'UPDATE invoices SET n = f(m, issued_at), k = (a, issued_at)',
    'INSERT INTO invoices (id, issued_at) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = 1',
    "SELECT REPLACE(invoices, 'a', 'b') FROM other",
    'ALTER TABLE other RENAME TO another; SELECT * FROM invoices',
    'GRANT EXECUTE ON FUNCTION f TO app',
    'CREATE TRIGGER t AFTER UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION f()',
  ])('does not: %s', (sql) => {
    expect(deletionIn(sql, target(dialect))).toBeUndefined();
  });

  test('quoted names', () => {
    const [open, close] = dialect === 'postgresql' ? ['"', '"'] : ['`', '`'];
    const name = `发票 ${open}x`;
    const quoted = `${open}${name.replaceAll(open, open + open)}${close}`;
    expect(deletionIn(`DELETE FROM ${quoted}`, target(dialect, { name }))).toBeDefined();
    expect(deletionIn(`DELETE FROM ${quoted}`, target(dialect, { name: 'x' }))).toBeUndefined();
  });

  test('the definition shows no literal', () => {
    const sql = "DELETE FROM invoices WHERE buyer = '91370200MA3C00000X' AND phone > 13800138000 AND n < 5";
    const { definition } = deletionIn(sql, target(dialect)) ?? {};
    expect(definition).toBe("DELETE FROM invoices WHERE buyer = '…' AND phone > … AND n < 5");
  });

  test('nor does it show what may be one', () => {
    const odd = [
      dialect === 'mysql' ? 'DELETE FROM invoices WHERE buyer = "张三"' : 'DELETE FROM invoices WHERE buyer = $$张三$$',
      'DELETE FROM invoices WHERE phone = 0x3133383030313338303030',
      `EXECUTE("DELETE FROM " + t + "WHERE buyer = '张三'")`,
      `query("DELETE FROM % WHERE buyer = '张三' AND phone = '13800138000'")`,
    ];
    for (const sql of odd) {
      const { definition } = deletionIn(sql, target(dialect)) ?? {};
      expect(definition, sql).toMatch(/DELETE|query|'…'/);
      expect(definition, sql).not.toMatch(/张三|13800138000|3133/);
    }
  });

  test('a view, and a table that it is a part of, are other names of the table, and what is kept of them is not known', () => {
    const aliases = [{ schema: dialect === 'mysql' ? 'trade' : 'public', name: 'recent' }];
    for (const sql of [
      'DELETE FROM recent',
      'TRUNCATE recent',
      "DELETE FROM recent WHERE issued_at < now() - interval '5' year",
    ])
      expect(deletionIn(sql, target(dialect, { aliases })), sql).toEqual({ definition: expect.any(String) });
    expect(deletionIn('DELETE FROM other.recent', target(dialect, { aliases }))).toBeUndefined();
  });

  test('text made to take long does not', () => {
    const blanks = ' '.repeat(100_000);
    const hostile = [
      `EXECUTE 'DELETE FROM${blanks}x'`,
      `DELETE FROM ${'a.'.repeat(50_000)}`,
      `EXECUTE '${'from '.repeat(20_000)} delete x' || y`,
      `DELETE FROM invoices WHERE ${'issued_at < '.repeat(10_000)}`,
      `${'('.repeat(50_000)} DELETE ${"'".repeat(50_001)}`,
      `${'/*'.repeat(50_000)} DELETE`,
      `EXECUTE 'ALTER TABLE ${'%'.repeat(100_000)}'`,
      `EXECUTE 'DROP TABLE ${'a'.repeat(100_000)}'`,
      `UPDATE invoices SET ${'(issued_at, '.repeat(10_000)}`,
    ];
    hostile.push(...['DELETE x ', 'DROP TABLE x ', 'UPDATE x SET a '].map((each) => each.repeat(5000)));
    const started = performance.now();
    for (const sql of hostile) deletionIn(sql, target(dialect));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('arbitrary text is read without a failure, and every token stands where it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const tokens = tokensOf(text, dialect);
        for (const { from, to } of tokens) expect(to).toBeGreaterThan(from);
        deletionIn(`${text} DELETE FROM invoices`, target(dialect));
      }),
    );
  });
});

describe('PostgreSQL', () => {
  test.each([
    'DO $$ BEGIN DELETE FROM invoices; END $$',
    "EXECUTE 'DELETE FROM invoices WHERE id = ' || n",
    "EXECUTE format('DROP TABLE %I', part)",
    "EXECUTE 'DROP TABLE ' || quote_ident(part)",
    "EXECUTE 'DROP TABLE invoices_' || to_char(d, 'YYYY')",
    "EXECUTE format('ALTER TABLE x DETACH PARTITION %I', part)",
    "EXECUTE format('DELETE FROM %s WHERE true', t)",
    'DROP TABLE invoices_2020',
    'DELETE FROM ONLY public.invoices',
    "SELECT 'it\\'; DELETE FROM invoices",
    "plpy.execute('DELETE FROM invoices')",
    'spi_exec_query("DELETE FROM $table WHERE true")',
    'plv8.execute("DROP TABLE invoices_" + year)',
    'plpy.execute("""DELETE FROM invoices""")',
    "EXECUTE 'DELETE FROM public.' || quote_ident(t)",
    "EXECUTE 'DROP TABLE public.\"' || t || '\"'",
    "EXECUTE concat('DELETE', ' FROM ', t)",
    "EXECUTE format('ALTER TABLE %I NO INHERIT invoices', part)",
    "EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', s, t, n)",
    "EXECUTE 'ALTER TABLE ' || part || ' NO INHERIT ' || parent",
    'ALTER TABLE invoices SET SCHEMA archive',
    'ALTER SCHEMA public RENAME TO old',
    'DELETE FROM trade.public.invoices',
    'BEGIN FOR r IN SELECT command FROM chores LOOP EXECUTE r.command; END LOOP; END',
    'BEGIN EXECUTE statement; END',
    'DROP SCHEMA public CASCADE',
    "SELECT a #> '{b}' FROM x; DELETE FROM invoices",
  ])('%s', (sql) => {
    expect(deletionIn(sql, target('postgresql'))).toBeDefined();
  });

  test.each([
    "EXECUTE 'DROP TABLE tmp_' || n",
    "RAISE NOTICE 'will delete from %', t",
    "EXECUTE 'DELETE FROM log'",
    'SELECT $x$ DELETE FROM invoices_log $x$',
    "BEGIN s := format('CREATE TABLE %I (id int)', t); EXECUTE s; END",
    "EXECUTE 'ALTER TABLE log ADD COLUMN ' || c",
  ])('does not: %s', (sql) => {
    expect(deletionIn(sql, target('postgresql'))).toBeUndefined();
  });
});

describe('MySQL', () => {
  test.each([
    'DELETE HISTORY FROM invoices',
    'DELETE LOW_PRIORITY QUICK IGNORE FROM trade.invoices',
    'DELETE i FROM invoices i JOIN b ON b.id = i.id',
    'RENAME TABLE invoices TO old',
    '/*!50000 DELETE FROM invoices */',
    "PREPARE s FROM 'DELETE FROM invoices'",
    "SET @q = CONCAT('ALTER TABLE invoices DROP PARTITION ', p); PREPARE s FROM @q; EXECUTE s",
    'EXECUTE IMMEDIATE "DELETE FROM invoices"',
    "SET @q = CONCAT('DROP TABLE ', t); PREPARE s FROM @q",
    "SELECT 'it''s'; # note\nDELETE FROM invoices",
    'SELECT 5--3; DELETE FROM invoices',
    'REPLACE INTO invoices SELECT * FROM s',
    'CREATE OR REPLACE TABLE invoices (id int)',
    'ALTER TABLE invoices CONVERT PARTITION p2020 TO TABLE old',
    'ALTER ONLINE IGNORE TABLE invoices DROP PARTITION p2020',
    'ALTER TABLE invoices DISCARD TABLESPACE',
    'UPDATE b JOIN invoices i ON b.id = i.id SET b.n = 1, i.issued_at = NOW()',
    'INSERT INTO invoices VALUES (1) ON DUPLICATE KEY UPDATE issued_at = VALUES(issued_at)',
    'SET @q = (SELECT q FROM chores LIMIT 1); PREPARE s FROM @q; EXECUTE s',
    'EXECUTE IMMEDIATE text_of_statement',
  ])('%s', (sql) => {
    expect(deletionIn(sql, target('mysql'))).toBeDefined();
  });

  test('a name without a schema is one of the program’s own database', () => {
    expect(deletionIn('DELETE FROM invoices', target('mysql', { home: 'other' }))).toBeUndefined();
    expect(deletionIn('DELETE FROM trade.invoices', target('mysql', { home: 'other' }))).toBeDefined();
    expect(deletionIn('DELETE FROM invoices', target('mysql', { home: 'trade' }))).toBeDefined();
  });
});

describe('the age below which nothing is deleted', () => {
  test.each<[Dialect, string, { months: number; days: number } | undefined]>([
    ['postgresql', "DELETE FROM invoices WHERE issued_at < now() - interval '3 years'", { months: 36, days: 0 }],
    [
      'postgresql',
      "DELETE FROM public.invoices WHERE issued_at <= CURRENT_DATE - INTERVAL '1096 days';",
      { months: 0, days: 1096 },
    ],
    [
      'postgresql',
      'DELETE FROM invoices WHERE "issued_at" < current_timestamp - \'2 years 6 mons\'::interval',
      { months: 30, days: 0 },
    ],
    ['postgresql', 'DELETE FROM invoices i WHERE issued_at < current_date - 400', undefined],
    ['postgresql', 'DELETE FROM invoices WHERE issued_at < current_date - 400', { months: 0, days: 400 }],
    ['postgresql', "DELETE FROM invoices WHERE now() - interval '36 months' > issued_at", { months: 36, days: 0 }],
    [
      'postgresql',
      "BEGIN DELETE FROM invoices WHERE issued_at < now() - interval '5 years'; RETURN NULL; END;",
      { months: 60, days: 0 },
    ],
    [
      'postgresql',
      "DO $$BEGIN DELETE FROM invoices WHERE issued_at < now() - interval '5 years'; END$$",
      { months: 60, days: 0 },
    ],
    ['mysql', 'DELETE FROM invoices WHERE issued_at < NOW() - INTERVAL 3 YEAR', { months: 36, days: 0 }],
    [
      'mysql',
      'DELETE FROM trade.invoices WHERE issued_at < DATE_SUB(CURDATE(), INTERVAL 1100 DAY) LIMIT 1000',
      { months: 0, days: 1100 },
    ],
    [
      'mysql',
      'BEGIN DELETE FROM invoices WHERE invoices.issued_at <= SUBDATE(NOW(6), INTERVAL 2 QUARTER); END',
      { months: 6, days: 0 },
    ],
    ['mysql', 'DELETE FROM invoices WHERE issued_at < TIMESTAMPADD(MONTH, -48, NOW())', { months: 48, days: 0 }],
    ['mysql', 'DELETE FROM invoices WHERE issued_at < CURRENT_TIMESTAMP - INTERVAL 100 HOUR', { months: 0, days: 4 }],
    ['postgresql', "DELETE FROM invoices WHERE issued_at < now() - interval '3 years' OR status = 1", undefined],
    [
      'postgresql',
      "DELETE FROM invoices WHERE issued_at < now() - interval '3 years'; DELETE FROM invoices WHERE id = 1",
      undefined,
    ],
    ['postgresql', "DELETE FROM invoices WHERE issued_at < now() + interval '3 years'", undefined],
    ['postgresql', "DELETE FROM invoices WHERE issued_at > now() - interval '3 years'", undefined],
    ['postgresql', "DELETE FROM invoices WHERE created < now() - interval '3 years'", undefined],
    ['postgresql', "DELETE FROM invoices WHERE issued_at < now() - interval '3 fortnights'", undefined],
    ['postgresql', 'DELETE FROM invoices WHERE issued_at < now() - keep', undefined],
    ['mysql', 'DELETE FROM invoices WHERE issued_at < NOW() - INTERVAL n YEAR', undefined],
    ['postgresql', "DELETE FROM invoices WHERE issued_at < now() - interval '-3 years'", undefined],
    ['postgresql', 'TRUNCATE invoices', undefined],
    // To MySQL that is 20261122 less 1096, by which all of the years before is deleted.
    ['mysql', 'DELETE FROM invoices WHERE issued_at < CURRENT_DATE - 1096', undefined],
    ['postgresql', 'DELETE FROM invoices WHERE issued_at < "current_date" - 1096', undefined],
    ['postgresql', 'DELETE FROM invoices WHERE issued_at < "now"() - interval \'3 years\'', undefined],
  ])('%s: %s', (dialect, sql, keeps) => {
    const found = deletionIn(sql, target(dialect));
    expect(found).toBeDefined();
    expect(found?.keeps).toEqual(keeps);
  });

  test('a column that is no date, and a schema that a name may not mean, have none', () => {
    const sql = "DELETE FROM invoices WHERE issued_at < now() - interval '3 years'";
    expect(deletionIn(sql, target('postgresql', { isDated: false }))).toEqual({ definition: expect.any(String) });
    expect(deletionIn(sql, target('postgresql', { schema: 'other' }))).toEqual({ definition: expect.any(String) });
  });

  test.each([
    ['3 years', { months: 36, days: 0 }],
    ['1 year 2 mons 3 days', { months: 14, days: 3 }],
    ['2 weeks', { months: 0, days: 14 }],
    ['', undefined],
    ['P3Y', undefined],
    ['3 years ago', undefined],
    ['5000000', undefined],
  ])('%s', (text, age) => {
    expect(intervalOf(text)).toEqual(age);
  });
});

test.each([
  ['SELECT purge()', true],
  ['CALL maintenance.purge', true],
  ['EXECUTE FUNCTION public.purge()', true],
  ['SELECT purge_all()', false],
  ["SELECT 'purge()'", false],
  ['SELECT purge FROM t', false],
])('%s calls purge: %s', (sql, expected) => {
  expect(calls(sql, 'purge', 'postgresql')).toBe(expected);
});

test.each([
  ['a name with a blank', '`fp xx`', '`at time` < now() - INTERVAL 12 MONTH', { months: 12, days: 0 }],
  [
    'a name that looks like a condition',
    '`fp xx`',
    '`at time < now() - interval 9 year` < now() - INTERVAL 12 MONTH',
    undefined,
  ],
  ['a column called nearly alike', '`fp xx`', '`at_time` < now() - INTERVAL 12 MONTH', undefined],
])('what is kept is seen behind %s', (_, table, condition, keeps) => {
  const odd = target('mysql', { name: 'fp xx', time: 'at time' });
  expect(deletionIn(`DELETE FROM ${table} WHERE ${condition}`, odd)?.keeps).toEqual(keeps);
});
