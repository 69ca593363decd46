import { z } from 'zod';

const name = z.string().min(1).max(200);
const path = z.string().min(1).max(4096);
// As the database spells it; it is quoted wherever it stands in a query.
const identifier = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]+$/u, { error: '不得含控制字符 | must hold no control character' });

/** What a table holds, as the unit says. */
export const holdings = ['transactions', 'payments', 'invoices', 'audit-records', 'other'] as const;

/** The columns that tie invoices to what was traded; each is named as the database spells it. */
const columnsSchema = z.strictObject({
  /** What a record is known by: the number of the invoice, of the transaction. */
  number: identifier.optional(),
  /** Of an invoice: the number of its transaction. */
  transaction: identifier.optional(),
  /** Of a transaction: the number of its invoice, where the data points that way. */
  invoice: identifier.optional(),
  /** The amount with tax, as a decimal. */
  amount: identifier.optional(),
  /** Of an invoice: the credit code of who issued it; of a transaction: of the using unit it belongs to. */
  unit: identifier.optional(),
  /** Of an invoice: when its upload was confirmed. */
  uploaded: identifier.optional(),
});

const tableSchema = z.strictObject({
  name: identifier,
  /** PostgreSQL: `public` unless it is named. MariaDB and MySQL: the store's own database. */
  schema: identifier.optional(),
  holds: z.enum(holdings),
  /** The column that says when a record arose: a date or time, ISO or other text, epoch seconds or milliseconds. */
  time: identifier,
  columns: columnsSchema.default({}),
});

const tables = z.array(tableSchema).min(1);

/** An account of the server that changes or deletes rows in the course of business. */
const writerSchema = z.strictObject({
  /** As the server names it: `app`; MariaDB and MySQL: `app@10.0.0.%`, or `app` for whatever host it comes from. */
  account: name,
  party: z.enum(['unit', 'related', 'vendor']),
  purpose: z.string().min(1).max(500).optional(),
});

/** Jobs outside of the store (of the application, of cron) that delete rows of a table older than so many months by its time. */
const purges = z
  .array(z.strictObject({ name, table: identifier, keepsMonths: z.int().nonnegative().max(1200) }))
  .optional();

const fileStore = z.strictObject({ name, engine: z.literal('sqlite'), path, tables, purges });

const serverStore = (address: z.ZodType<string>) =>
  z.strictObject({
    name,
    engine: z.enum(['postgresql', 'mariadb', 'mysql']),
    address,
    port: z.int().min(1).max(65_535).optional(),
    database: identifier,
    user: identifier,
    /** Never the password itself: `prompt`, or the environment variable that holds it. */
    password: z.union([
      z.literal('prompt'),
      z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/) }),
    ]),
    /** `verified`: by a certificate that is checked; `unverified`: encrypted, whoever answers; `none`: in clear text. */
    tls: z.enum(['verified', 'unverified', 'none']).default('verified'),
    /** PEM file of the certificate authority; without it the system's list holds. */
    authority: path.optional(),
    /** Goes on though the account could write; the report says so. */
    mayWrite: z.boolean().default(false),
    /** Who may change or delete rows, and for whom they work; any other account that can is named by the report. */
    writers: z.array(writerSchema).optional(),
    tables,
    purges,
  });

/** A data store that holds using units' tax data. */
export const storeSchema = (address: z.ZodType<string>) =>
  z.discriminatedUnion('engine', [fileStore, serverStore(address)]);

export type DeclaredStore = z.output<ReturnType<typeof storeSchema>>;
/** A store in a file on this machine. */
export type FileStore = Extract<DeclaredStore, { engine: 'sqlite' }>;
/** A store behind a server that is asked over the network. */
export type ServerStore = Exclude<DeclaredStore, FileStore>;
export type DeclaredTable = DeclaredStore['tables'][number];

const ports = { postgresql: 5432, mariadb: 3306, mysql: 3306 } as const;

/** The port a store's server listens at. */
export function portOf({ engine, port }: ServerStore): number {
  return port ?? ports[engine];
}

/** The stores that are asked over the network. */
export function serverStores(stores: readonly DeclaredStore[]): ServerStore[] {
  return stores.filter((store) => store.engine !== 'sqlite');
}

/** A table as evidence names it: with its schema where one is declared. */
export function tableName({ name: table, schema }: Pick<DeclaredTable, 'name' | 'schema'>): string {
  return schema === undefined ? table : `${schema}.${table}`;
}
