import type { AskedStore, DeclaredTable } from '../../../platform-stores.ts';
import { usualBudgets } from '../records/budgets.ts';
import { quotedForMysql, storing } from '../records/catalogue-mysql.ts';
import { quotedForPostgresql } from '../records/catalogue-postgresql.ts';
import { literal } from './asks.ts';
import { begun, mysqlAsked, mysqlRows, mysqlText, psqlDone, psqlRows } from './clients.ts';

const { whole, sample } = usualBudgets;

/** Estimated rows up to which a large table is counted by the index on its time: some seconds, and 20 bytes or so a row are read. */
const byIndex = 20_000_000;

/** The columns of what a table is counted by: `form` says how its values are written. */
const columns = ['form', 'bucket', 'rows', 'first', 'last', 'sample'];

/** Epoch seconds of 1980-01-01 and 2100-01-01, with a day to spare for time zones. */
const [since, until] = [315_446_400, 4_102_531_200];

const zoned = "'(Z|[+-][0-9]{2}:?([0-9]{2})?)$'";
const digits = "'^(19[89]|20[0-9])[0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([0-9]{4}|[0-9]{6}|[0-9]{9})?$'";
const parted = "'^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$'";

/** What the values of numbers may be, as both engines compare them. */
const numberForm = `CASE WHEN v IS NULL THEN 'null' ${[
  ['s', since, until],
  ['ms', since * 1000, until * 1000],
  ['us', since * 1_000_000, until * 1_000_000],
  ['d8', 19_800_101, 21_000_101],
  ['d14', 19_800_101_000_000, 21_000_101_000_000],
]
  .map(([name, from, to]) => `WHEN v >= ${from} AND v < ${to} THEN '${name}'`)
  .join(' ')} ELSE 'other' END`;

// `rows` is a word of its own to MariaDB and MySQL.
function grouped(rows: string, length: number, isSample: string, rowsName = 'rows'): string {
  return `SELECT form, left(day, ${length}) AS bucket, count(*) AS ${rowsName}, min(day) AS first, max(day) AS last, ${isSample} AS sample FROM (${rows}) AS d GROUP BY 1, 2`;
}

/** The lines that count a table in psql, a statement for each family of types; of each only one runs. */
export function psqlCounts(table: DeclaredTable, index: number, numbers: readonly number[], of: CountsOf): string[] {
  const place = `${quotedForPostgresql(table.schema ?? 'public')}.${quotedForPostgresql(table.name)}`;
  const column = quotedForPostgresql(table.time);
  const is = `c${index}`;
  const from = `${place} :${is}_sample`;
  const isSample = `:'${is}_sample'::text`;
  const counting = {
    typed: psqlTyped(column, from, isSample),
    number: grouped(psqlNumbers(column, from), 7, isSample),
    text: grouped(psqlTexts(column, from), 10, isSample),
  };
  return [
    ...[`\\set ${is}_sample ''`, `\\set ${is}_seqscan on`, ...families.map((family) => `\\set ${is}_${family} false`)],
    begun(of.timeZone),
    `${psqlFacts(table, is)} \\gset`,
    'ROLLBACK;',
    ...families.flatMap((family, at) => {
      const sql = counting[family];
      const number = numbers[at] ?? 0;
      return [
        `\\if :${is}_${family}`,
        begun(of.timeZone),
        `SET LOCAL enable_seqscan = :${is}_seqscan;`,
        `${psqlRows({ scope: '', sql, values: [], columns }, of.run, number)};`,
        ...psqlDone(of.run, number),
        '\\endif',
      ];
    }),
  ];
}

/** What counting needs besides the table. */
export type CountsOf = { readonly run: string; readonly timeZone: string };

const families = ['typed', 'number', 'text'] as const;

const psqlTypes: Readonly<Record<(typeof families)[number], readonly string[]>> = {
  typed: ['timestamp with time zone', 'timestamp without time zone', 'date'],
  number: ['integer', 'bigint', 'numeric', 'double precision'],
  text: ['text', 'character varying', 'character', 'bpchar'],
};

// A large table is read whole if the index on its time is, and is not too long; else by random blocks.
function psqlFacts(table: DeclaredTable, is: string): string {
  const isOf = families.map(
    (family) =>
      `(NOT elsewhere AND kind IN ('r', 'p') AND type IN (${psqlTypes[family].map(literal).join(', ')}))::text AS ${is}_${family}`,
  );
  return `WITH RECURSIVE t AS (
  SELECT c.oid, c.relkind AS kind, a.attnum, format_type(CASE WHEN y.typtype = 'd' THEN y.typbasetype ELSE y.oid END, NULL) AS type
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type y ON y.oid = a.atttypid
   WHERE n.nspname = ${literal(table.schema ?? 'public')} AND c.relname = ${literal(table.name)} AND a.attname = ${literal(table.time)} AND a.attnum > 0 AND NOT a.attisdropped
), part AS (SELECT oid FROM t UNION SELECT i.inhrelid FROM pg_inherits i JOIN part ON part.oid = i.inhparent
), size AS (
  SELECT coalesce(bool_or(c.relkind = 'f'), false) AS elsewhere, sum(CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) ELSE 0 END) AS bytes,
         sum(greatest(c.reltuples, 0)) AS tuples, count(*) AS leaves
    FROM part JOIN pg_class c ON c.oid = part.oid
), way AS (
  SELECT CASE WHEN bytes <= ${whole} THEN 'whole' WHEN tuples BETWEEN 1 AND ${byIndex} AND (kind = 'p' OR leaves = 1) AND EXISTS (
    SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
     WHERE i.indrelid = t.oid AND i.indkey[0] = t.attnum AND i.indisvalid AND i.indisready AND i.indpred IS NULL AND m.amname = 'btree'
  ) THEN 'index' ELSE 'sample' END AS way FROM t, size
)
SELECT ${isOf.join(', ')}, CASE way WHEN 'sample' THEN format('TABLESAMPLE SYSTEM (%s)', trunc(least(100, ${sample}.0 * 100 / bytes), 6)) ELSE '' END AS ${is}_sample,
       CASE way WHEN 'index' THEN 'off' ELSE 'on' END AS ${is}_seqscan FROM t, size, way`;
}

// Text is made of the ends of months alone: of millions of rows it would take longer than to read them.
function psqlTyped(column: string, from: string, isSample: string): string {
  const isDated = `${column} >= '1980-01-01' AND ${column} < '2100-01-01'`;
  const months = `SELECT CASE WHEN ${isDated} THEN date_trunc('month', ${column}) END AS month, count(*) AS rows, min(${column}) AS first, max(${column}) AS last FROM ${from} GROUP BY 1`;
  const day = (end: string): string => `CASE WHEN month IS NOT NULL THEN to_char(${end}, 'YYYY-MM-DD') END`;
  return `SELECT CASE WHEN month IS NULL THEN 'other' ELSE 'typed' END AS form, to_char(month, 'YYYY-MM') AS bucket, rows, ${day('first')} AS first, ${day('last')} AS last, ${isSample} AS sample FROM (${months}) AS m`;
}

function psqlNumbers(column: string, from: string): string {
  const epoch = (parts: number): string => `to_char(to_timestamp((v / ${parts})::float8), 'YYYY-MM-DD')`;
  const written = `substr(trunc(v)::text, 1, 4) || '-' || substr(trunc(v)::text, 5, 2) || '-' || substr(trunc(v)::text, 7, 2)`;
  return `SELECT form, CASE form WHEN 's' THEN ${epoch(1)} WHEN 'ms' THEN ${epoch(1000)} WHEN 'us' THEN ${epoch(1_000_000)} WHEN 'd8' THEN ${written} WHEN 'd14' THEN ${written} END AS day FROM (SELECT v, ${numberForm} AS form FROM (SELECT ${column}::numeric AS v FROM ${from}) AS b) AS c`;
}

function psqlTexts(column: string, from: string): string {
  const part = (n: number): string => `lpad(split_part(p, '-', ${n}), 2, '0')`;
  return `SELECT form, CASE form WHEN 'parted' THEN split_part(p, '-', 1) || '-' || ${part(2)} || '-' || ${part(3)} WHEN 'digits' THEN substr(v, 1, 4) || '-' || substr(v, 5, 2) || '-' || substr(v, 7, 2) END AS day FROM (SELECT v, p, CASE WHEN v IS NULL THEN 'null' WHEN v ~ ${digits} THEN 'digits' WHEN p ~ ${parted} AND NOT (length(v) > 12 AND v ~* ${zoned}) THEN 'parted' ELSE 'other' END AS form FROM (SELECT v, split_part(translate(v, 'T日年月/.', '  ----'), ' ', 1) AS p FROM (SELECT btrim(${column}::text) AS v FROM ${from}) AS a) AS b) AS c`;
}

const mysqlTypes: Readonly<Record<(typeof families)[number], readonly string[]>> = {
  typed: ['timestamp', 'datetime', 'date'],
  number: ['int', 'bigint', 'decimal', 'double'],
  text: ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'],
};

/** The lines that count a table in mariadb or mysql: one statement, put together on the server by the type of the column and the size of the table. */
export function mysqlCounts(
  store: AskedStore,
  table: DeclaredTable,
  numbers: readonly number[],
  { run, offset }: Pick<CountsOf, 'run'> & { readonly offset: number },
): string[] {
  const schema = table.schema ?? store.database;
  const place = `${quotedForMysql(schema)}.${quotedForMysql(table.name)}`;
  const column = quotedForMysql(table.time);
  const [prepare = 0, execute = 0] = numbers;
  const written = (sql: string): string => mysqlRows({ scope: '', sql, values: [], columns }, run, execute);
  const counting = {
    numbers: mysqlText(written(grouped(mysqlNumbers(column, place, offset), 7, "''", '`rows`'))),
    texts: mysqlText(written(grouped(mysqlTexts(column, place), 10, "''", '`rows`'))),
  };
  const mark = '\u0001';
  const [before = '', after = ''] = written(mysqlTyped(column, `${place}${mark}`)).split(mark);
  const just = (form: string): string =>
    mysqlText(
      written(`SELECT '${form}' AS form, NULL AS bucket, 0 AS \`rows\`, NULL AS first, NULL AS last, NULL AS sample`),
    );
  const where = `TABLE_SCHEMA = ${mysqlText(schema)} AND TABLE_NAME = ${mysqlText(table.name)}`;
  const family = Object.entries(mysqlTypes)
    .map(([name, types]) => `WHEN DATA_TYPE IN (${types.map(literal).join(', ')}) THEN '${name}'`)
    .join(' ');
  const engines = [...storing].map(literal).join(', ');
  return [
    'SET @f = NULL, @b = 0, @r = 0, @i = NULL, @k = 0;',
    `SET @k = (SELECT COUNT(*) FROM information_schema.TABLES WHERE ${where} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND LOWER(ENGINE) IN (${engines}));`,
    `SET @f = IF(@k = 0, NULL, (SELECT CASE ${family} END FROM information_schema.COLUMNS WHERE ${where} AND COLUMN_NAME = ${mysqlText(table.time)}));`,
    `SET @b = IF(@k = 0, 0, (SELECT COALESCE(DATA_LENGTH, 0) FROM information_schema.TABLES WHERE ${where})), @r = IF(@k = 0, 0, (SELECT COALESCE(TABLE_ROWS, 0) FROM information_schema.TABLES WHERE ${where}));`,
    `SET @i = IF(@k = 0, NULL, (SELECT INDEX_NAME FROM information_schema.STATISTICS WHERE ${where} AND SEQ_IN_INDEX = 1 AND COLUMN_NAME = ${mysqlText(table.time)} AND INDEX_TYPE = 'BTREE' AND SUB_PART IS NULL LIMIT 1));`,
    `SET @q = CASE WHEN @f IS NULL THEN ${just('none')} WHEN @b > ${whole} AND (@f <> 'typed' OR @i IS NULL OR @r > ${byIndex}) THEN ${just('large')} WHEN @f = 'typed' THEN CONCAT(${mysqlText(before)}, IF(@b > ${whole}, CONCAT(' FORCE INDEX (\`', REPLACE(@i, '\`', '\`\`'), '\`)'), ''), ${mysqlText(after)}) WHEN @f = 'number' THEN ${counting.numbers} ELSE ${counting.texts} END;`,
    "PREPARE c FROM 'DO 0';",
    ...mysqlAsked('PREPARE c FROM @q;', run, prepare),
    ...mysqlAsked('EXECUTE c;', run, execute),
  ];
}

function mysqlTyped(column: string, from: string): string {
  const isDated = `${column} >= '1980-01-01' AND ${column} < '2100-01-01'`;
  const months = `SELECT CASE WHEN ${isDated} THEN EXTRACT(YEAR_MONTH FROM ${column}) END AS month, COUNT(*) AS \`rows\`, MIN(${column}) AS first, MAX(${column}) AS last FROM ${from} GROUP BY 1`;
  const day = (end: string): string => `CASE WHEN month IS NOT NULL THEN DATE_FORMAT(${end}, '%Y-%m-%d') END`;
  return `SELECT CASE WHEN month IS NULL THEN 'other' ELSE 'typed' END AS form, CONCAT(LEFT(month, 4), '-', RIGHT(month, 2)) AS bucket, \`rows\`, ${day('first')} AS first, ${day('last')} AS last, '' AS sample FROM (${months}) AS m`;
}

function mysqlNumbers(column: string, from: string, offset: number): string {
  const epoch = (parts: number): string =>
    `DATE_FORMAT(TIMESTAMPADD(SECOND, FLOOR(v / ${parts}) + ${offset}, '1970-01-01'), '%Y-%m-%d')`;
  const written = `CONCAT_WS('-', SUBSTR(FLOOR(v), 1, 4), SUBSTR(FLOOR(v), 5, 2), SUBSTR(FLOOR(v), 7, 2))`;
  return `SELECT form, CASE form WHEN 's' THEN ${epoch(1)} WHEN 'ms' THEN ${epoch(1000)} WHEN 'us' THEN ${epoch(1_000_000)} WHEN 'd8' THEN ${written} WHEN 'd14' THEN ${written} END AS day FROM (SELECT v, ${numberForm} AS form FROM (SELECT CAST(${column} AS DECIMAL(30, 6)) AS v FROM ${from}) AS b) AS c`;
}

function mysqlTexts(column: string, from: string): string {
  const p = ['年', '月', '/', '.'].reduce((inner, each) => `REPLACE(${inner}, '${each}', '-')`, 'v');
  const day = `SUBSTRING_INDEX(REPLACE(REPLACE(${p}, '日', ' '), 'T', ' '), ' ', 1)`;
  const part = (n: number): string => `LPAD(SUBSTRING_INDEX(SUBSTRING_INDEX(p, '-', ${n}), '-', -1), 2, '0')`;
  return `SELECT form, CASE form WHEN 'parted' THEN CONCAT_WS('-', SUBSTRING_INDEX(p, '-', 1), ${part(2)}, ${part(3)}) WHEN 'digits' THEN CONCAT_WS('-', SUBSTR(v, 1, 4), SUBSTR(v, 5, 2), SUBSTR(v, 7, 2)) END AS day FROM (SELECT v, p, CASE WHEN v IS NULL THEN 'null' WHEN v REGEXP ${digits} THEN 'digits' WHEN p REGEXP ${parted} AND NOT (CHAR_LENGTH(v) > 12 AND v REGEXP ${zoned}) THEN 'parted' ELSE 'other' END AS form FROM (SELECT v, ${day} AS p FROM (SELECT TRIM(CONVERT(${column} USING utf8mb4)) AS v FROM ${from}) AS a) AS b) AS c`;
}
