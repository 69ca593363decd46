import { z } from 'zod';
import type { Session } from '../transports/database.ts';

/** Tables and columns that are named at most; a database of more is shown in part. */
const most = 20_000;

/** Characters of a comment that are read. */
const longest = 200;

const columnSchema = z.object({
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  type: z.string(),
  comment: z.string().nullable(),
  table_comment: z.string().nullable(),
  /** `1` for a column of the primary key. */
  key: z.string().nullable(),
  /** The table that it refers to. */
  refers: z.string().nullable(),
});

/** What a database says of one of its tables; no row is read. */
export type TableOverview = {
  readonly schema: string;
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly {
    readonly name: string;
    /** As the database spells it. */
    readonly type: string;
    readonly comment: string;
    readonly isKey: boolean;
    /** The name of the table that a foreign key leads to. */
    readonly refers?: string;
  }[];
};

const postgresql = `
  SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
         left(col_description(c.oid, a.attnum), ${longest}) AS comment, left(obj_description(c.oid, 'pg_class'), ${longest}) AS table_comment,
         (SELECT '1' FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey) LIMIT 1) AS key,
         (SELECT f.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
           WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) LIMIT 1) AS refers
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
   ORDER BY 1, 2, a.attnum
   LIMIT ${most + 1}`;

const mysql = `
  SELECT c.table_schema AS \`schema\`, c.table_name AS \`table\`, c.column_name AS \`column\`, c.column_type AS type,
         left(c.column_comment, ${longest}) AS comment, left(t.table_comment, ${longest}) AS table_comment,
         IF(c.column_key = 'PRI', '1', NULL) AS \`key\`,
         (SELECT MAX(k.referenced_table_name) FROM information_schema.key_column_usage k
           WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name) AS refers
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
   WHERE t.table_type LIKE 'BASE TABLE' AND c.table_schema = database()
   ORDER BY 1, 2, c.ordinal_position
   LIMIT ${most + 1}`;

/** The tables of a database; `isWhole`: there are no more. */
export type Overview = { readonly tables: readonly TableOverview[]; readonly isWhole: boolean };

/** The tables of the session's database with their columns, as its catalogue has them. */
export async function overviewOf(session: Session): Promise<Overview> {
  const rows = await session.query(columnSchema, session.engine === 'postgresql' ? postgresql : mysql);
  const tables = Map.groupBy(rows.slice(0, most), ({ schema, table }) => JSON.stringify([schema, table]));
  const named = [...tables.values()].flatMap((columns) => {
    const [first] = columns;
    return first ? [overviewFrom(first, columns)] : [];
  });
  return { tables: named, isWhole: rows.length <= most };
}

type ColumnRow = z.output<typeof columnSchema>;

function overviewFrom({ schema, table, table_comment }: ColumnRow, columns: readonly ColumnRow[]): TableOverview {
  return {
    schema,
    name: table,
    comment: table_comment ?? '',
    columns: columns.map(({ column, type, comment, key, refers }) => ({
      name: column,
      type,
      comment: comment ?? '',
      isKey: key === '1',
      ...(refers === null ? {} : { refers }),
    })),
  };
}
