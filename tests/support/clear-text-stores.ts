import { DatabaseSync } from 'node:sqlite';
import type { DatabaseServer } from './databases.ts';
import { createNumbers } from './person-numbers.ts';
import { plantedColumns, plantedRows } from './planted-columns.ts';

export type Engine = 'postgresql' | 'mariadb' | 'sqlite';

/** The table that holds every column that is planted. */
export const plantedTable = '订"单`表';

function quoted(engine: Engine, identifier: string): string {
  return engine === 'mariadb' ? `\`${identifier.replaceAll('`', '``')}\`` : `"${identifier.replaceAll('"', '""')}"`;
}

function literal(engine: Engine, type: string, value: string | null): string {
  if (value === null) return 'NULL';
  if (type === 'bytea') return `'\\x${Buffer.from(value).toString('hex')}'`;
  if (type === 'blob') return `x'${Buffer.from(value).toString('hex')}'`;
  return `'${(engine === 'mariadb' ? value.replaceAll('\\', '\\\\') : value).replaceAll("'", "''")}'`;
}

function planting(engine: Engine, seed: number): string {
  const columns = plantedColumns.map((column) => `${quoted(engine, column.name)} ${column.type[engine]}`);
  const tuples = plantedRows(seed, 800).map(
    (row) =>
      `(${row.map((value, index) => literal(engine, plantedColumns[index]?.type[engine] ?? '', value)).join(', ')})`,
  );
  const at = quoted(engine, plantedTable);
  return `CREATE TABLE ${at} (${columns.join(', ')}); INSERT INTO ${at} VALUES ${tuples.join(', ')};`;
}

/** Values that may turn up nowhere outside the stores. */
export const canaries = (() => {
  const made = createNumbers(20_261_122);
  return [made.identityNumber(), made.bankCard(), made.creditCode(), made.mobile(), `${made.digits(9)}@example.com`];
})();

// Enough of them to be found, and words around one.
const canaryTable = `CREATE TABLE canaries (id bigint PRIMARY KEY, a varchar(40), b text); INSERT INTO canaries VALUES ${Array.from(
  { length: 40 },
  (_, row) => `(${row}, '${canaries[row % canaries.length]}', '备注：${canaries[(row + 1) % canaries.length]}，完')`,
).join(', ')};`;

function cardRows(seed: number): string {
  const made = createNumbers(seed + 1);
  return Array.from({ length: 1000 }, () => `('${made.bankCard()}')`).join(', ');
}

/** Fills PostgreSQL (which must know prepared transactions): the planted table, a large one and a partitioned one with a card in each hundredth note, and what cannot be read. */
export function fillPostgresql(server: DatabaseServer, seed: number): void {
  server.admin(`CREATE DATABASE trade; CREATE ROLE auditor LOGIN PASSWORD 'right';`);
  server.admin(
    `${planting('postgresql', seed)} ${canaryTable}
     CREATE TABLE cards (n serial, c text); INSERT INTO cards (c) VALUES ${cardRows(seed)};
     CREATE TABLE large (id bigint PRIMARY KEY, note text);
     INSERT INTO large SELECT g, CASE WHEN g % 100 = 0 THEN '卡 ' || c ELSE 'note of no interest ' || g END
       FROM generate_series(1, 100000) g JOIN cards ON n = 1 + g / 100 % 1000;
     CREATE TABLE parted (id bigint, note text) PARTITION BY RANGE (id);
     CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (50001);
     CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (50001) TO (200000);
     INSERT INTO parted SELECT * FROM large; DROP TABLE cards; ANALYZE large; ANALYZE parted;
     CREATE TABLE empty (id bigint, note text); CREATE VIEW shown AS SELECT * FROM large;
     CREATE MATERIALIZED VIEW kept AS SELECT * FROM large WHERE id <= 3000;
     CREATE TYPE pair AS (a text, b text); CREATE TYPE mood AS ENUM ('好', '坏'); CREATE DOMAIN code AS text; CREATE DOMAIN deep AS code;
     CREATE TABLE odd (p pair, m mood, d deep, l text[], e mood[], n numeric, f float8, x xml);
     INSERT INTO odd SELECT ROW('a', 'b')::pair, '好', note, ARRAY[note], '{好}', CASE WHEN id % 100 = 0 THEN substr(note, 3)::numeric END, id, '<a/>'
       FROM large WHERE id <= 2000;
     CREATE FUNCTION shout(pair) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''heard %'', $1; END';
     CREATE CAST (pair AS text) WITH FUNCTION shout(pair);
     CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.9');
     CREATE FOREIGN TABLE elsewhere (id int) SERVER far;
     CREATE TABLE policed (id int, note text); INSERT INTO policed VALUES (1, 'x'); ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
     CREATE POLICY none ON policed USING (false);
     GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor;
     CREATE TABLE secret (id int, note text); INSERT INTO secret VALUES (1, 'x');
     CREATE TABLE half (id int, note text, open text); INSERT INTO half VALUES (1, 'x', 'y'); GRANT SELECT (open) ON half TO auditor;
     CREATE TABLE held (id int, note text); INSERT INTO held VALUES (1, 'x'); GRANT SELECT ON held TO auditor;
     BEGIN; LOCK TABLE held; PREPARE TRANSACTION 'holding'`,
    'trade',
  );
}

/** Fills MariaDB likewise; `narrow` may read one table only. */
export function fillMariadb(server: DatabaseServer, seed: number): void {
  server.admin('CREATE DATABASE trade CHARACTER SET utf8mb4');
  server.admin(
    `${planting('mariadb', seed)} ${canaryTable}
     CREATE TABLE cards (n int AUTO_INCREMENT PRIMARY KEY, c text); INSERT INTO cards (c) VALUES ${cardRows(seed)};
     CREATE TABLE large (id bigint PRIMARY KEY, note text);
     INSERT INTO large SELECT g.seq * 1000, CASE WHEN g.seq % 100 = 0 THEN concat('卡 ', c) ELSE concat('note of no interest ', g.seq) END
       FROM seq_1_to_60000 g JOIN cards ON n = 1 + g.seq DIV 100 % 1000;
     CREATE TABLE parted (id bigint PRIMARY KEY, note text) PARTITION BY HASH (id) PARTITIONS 4; INSERT INTO parted SELECT * FROM large;
     CREATE TABLE worded (id varchar(20) PRIMARY KEY, note text); INSERT INTO worded SELECT concat('k', id), note FROM large WHERE id <= 6000000;
     CREATE TABLE begun (id varchar(20), note text, PRIMARY KEY (id(12))); INSERT INTO begun SELECT concat('k', id), note FROM large WHERE id <= 3000000;
     CREATE TABLE heap (id bigint, note text); INSERT INTO heap SELECT * FROM large WHERE id <= 6000000;
     DROP TABLE cards; ANALYZE TABLE large, parted, worded, begun, heap;
     CREATE TABLE empty (id bigint, note text); CREATE VIEW shown AS SELECT * FROM large;
     CREATE TABLE places (p point, e enum('a'), u uuid, n decimal(20, 0)); INSERT INTO places VALUES (point(1, 2), 'a', uuid(), 5)`,
    'trade',
  );
  server.admin(`CREATE USER auditor IDENTIFIED BY 'right'; GRANT SELECT ON trade.* TO auditor;
    CREATE USER narrow IDENTIFIED BY 'right'; GRANT SELECT ON trade.large TO narrow;
    CREATE USER wide IDENTIFIED BY 'right'; GRANT SELECT ON \`tr_de\`.* TO wide;
    CREATE USER roled IDENTIFIED BY 'right'; CREATE ROLE readers; GRANT SELECT ON trade.* TO readers; GRANT readers TO roled; SET DEFAULT ROLE readers FOR roled`);
}

/** Fills a file of SQLite likewise. */
export function fillSqlite(file: string, seed: number): void {
  const database = new DatabaseSync(file);
  database.exec(`${planting('sqlite', seed)} ${canaryTable}
    CREATE TABLE broken (a); INSERT INTO broken VALUES ('${canaries[1]} is no JSON'); ALTER TABLE broken ADD COLUMN g AS (json_extract(a, '$.x'));
    CREATE TABLE empty (id, note); CREATE TABLE cards (n INTEGER PRIMARY KEY, c); INSERT INTO cards (c) VALUES ${cardRows(seed)};
    CREATE TABLE large (id INTEGER PRIMARY KEY, note);
    WITH RECURSIVE g (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 60000)
      INSERT INTO large SELECT g.n * 1000, CASE WHEN g.n % 100 = 0 THEN '卡 ' || c ELSE 'note of no interest ' || g.n END
        FROM g JOIN cards ON cards.n = 1 + g.n / 100 % 1000;
    CREATE TABLE worded (id TEXT PRIMARY KEY, note) WITHOUT ROWID; INSERT INTO worded SELECT 'k' || id, note FROM large WHERE id <= 6000000;
    CREATE TABLE hidden (rowid, _rowid_, oid, note); INSERT INTO hidden SELECT 1, 2, 3, note FROM large WHERE id <= 3000000;
    CREATE VIEW shown AS SELECT * FROM large; CREATE VIRTUAL TABLE found USING fts5(note); INSERT INTO found SELECT c FROM cards;
    DROP TABLE cards`);
  database.close();
}
