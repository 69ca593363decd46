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
export const holdings = ['transactions', 'payments', 'invoices', 'invoice-links', 'audit-records', 'other'] as const;

/** The columns that tie invoices to what was traded; each is named as the database spells it. */
const columnsSchema = z.strictObject({
  /** What a record is known by: the number of the invoice, of the transaction. */
  number: identifier.optional(),
  /** Of an invoice, and of a link between both: the number of the transaction. */
  transaction: identifier.optional(),
  /** Of a transaction, where the data points that way, and of a link between both: the number of the invoice. */
  invoice: identifier.optional(),
  /** The amount with tax, as a decimal. */
  amount: identifier.optional(),
  /** Of an invoice: the credit code of who issued it; of a transaction: of the using unit it belongs to. */
  unit: identifier.optional(),
  /** Of an invoice: when its upload was confirmed. */
  uploaded: identifier.optional(),
  /** Of an invoice: in what state it is; the table's `void` says which of them mean that it is void. */
  status: identifier.optional(),
  /** Of a credit (red) invoice: the number of the invoice that it corrects. Without it an invoice of a negative amount is one. */
  corrects: identifier.optional(),
});

/** Hours from issue to upload that can be told apart: a month. */
export const longestUpload = 744;

const tableSchema = z.strictObject({
  name: identifier,
  /** PostgreSQL: `public` unless it is named. MariaDB, MySQL and MongoDB: the store's own database. */
  schema: identifier.optional(),
  holds: z.enum(holdings),
  /** The column that says when a record arose: a date or time, ISO or other text, epoch seconds or milliseconds. */
  time: identifier,
  columns: columnsSchema.default({}),
  /**
   * Of invoices: the tables of transactions or payments that they come from, `table` or `store/table`, or the one of links to them; without it
   * the transactions of the same store.
   */
  of: z.array(name).min(1).max(20).optional(),
  /** Of invoices: the words of the status column that mean void. */
  void: z.array(z.string().max(100)).min(1).max(20).optional(),
  /** Of invoices: a transaction may be invoiced in parts, so that less than its amount is no disagreement. */
  inParts: z.literal(true).optional(),
  /** What the amounts of this table are counted in. */
  amountIn: z.enum(['yuan', 'fen']).optional(),
  /** Of invoices: the hours within which the tax bureau asks for their upload. */
  uploadWithin: z.int().min(1).max(longestUpload).optional(),
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

/** The application encrypts the fields of tax data before they reach the store. A declaration: whether it is so cannot be seen of all of them. */
const encryptedFields = z.literal(true).optional();

const fileStore = z.strictObject({ name, engine: z.literal('sqlite'), path, tables, purges, encryptedFields });

const reached = (address: z.ZodType<string>) =>
  z.strictObject({
    name,
    /** With `through` as that machine sees it: `127.0.0.1` is then the machine itself. */
    address,
    port: z.int().min(1).max(65_535).optional(),
    /** The jump host or host, by its name, over whose SSH the server is reached. */
    through: name.optional(),
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
    encryptedFields,
  });

const serverEngines = ['postgresql', 'mariadb', 'mysql'] as const;

const serverStore = (address: z.ZodType<string>) =>
  reached(address).extend({ engine: z.enum(serverEngines), via: z.literal('connection').optional() });

// A word that begins so is an operator to the server, and an empty one is none.
const fieldPath = identifier.regex(/^(?!\$)[^.]+(\.(?!\$)[^.]+)*$/u, {
  error: '字段路径的各段不得为空，不得以 $ 开头 | no part of a field path may be empty or begin with $',
});

const mongoStore = (address: z.ZodType<string>) =>
  reached(address).extend({
    engine: z.literal('mongodb'),
    /** The database that knows the account. */
    authDatabase: identifier.default('admin'),
    /** Collections; their fields are written as paths, `buyer.name`. */
    tables: z.array(tableSchema.extend({ time: fieldPath })).min(1),
  });

/** A server that no scanner may reach: a person runs a script in the engine’s own client (psql, mariadb, mysql). */
const scriptStore = z.strictObject({
  name,
  engine: z.enum(serverEngines),
  via: z.literal('script'),
  database: identifier,
  writers: z.array(writerSchema).optional(),
  tables,
  purges,
  encryptedFields,
});

/** Engines without a driver that works everywhere: a person runs a script in their own client. */
const carriedStore = z.strictObject({
  name,
  engine: z.enum(['oracle', 'dameng']),
  /** The schema of the tables, spelt as the database has it: in capitals, as a rule. */
  schema: identifier,
  tables,
  purges,
  encryptedFields,
});

/** A data store that holds using units' tax data. */
export const storeSchema = (address: z.ZodType<string>) =>
  z.discriminatedUnion('engine', [
    fileStore,
    z.discriminatedUnion('via', [serverStore(address), scriptStore]),
    mongoStore(address),
    carriedStore,
  ]);

export type DeclaredStore = z.output<ReturnType<typeof storeSchema>>;
/** A store in a file on this machine. */
export type FileStore = Extract<DeclaredStore, { engine: 'sqlite' }>;
/** A store behind a server that is asked over the network. */
export type ReachedStore = Extract<DeclaredStore, { address: string }>;
/** One that is asked in SQL. */
export type ServerStore = Exclude<ReachedStore, { engine: 'mongodb' }>;
export type MongoStore = Extract<DeclaredStore, { engine: 'mongodb' }>;
/** A store of SQL engines that a person asks by a printed script. */
export type ScriptStore = Extract<DeclaredStore, { via: 'script' }>;
/** A store of an engine that only a printed script asks. */
export type CarriedStore = Extract<DeclaredStore, { engine: 'oracle' | 'dameng' }>;
/** A server’s store, however it is asked. */
export type AskedStore = Pick<ServerStore, 'name' | 'engine' | 'database' | 'tables' | 'purges'>;
export type DeclaredTable = DeclaredStore['tables'][number];

const ports = { postgresql: 5432, mariadb: 3306, mysql: 3306, mongodb: 27_017 } as const;

/** The port a store's server listens at. */
export function portOf({ engine, port }: ReachedStore): number {
  return port ?? ports[engine];
}

/** The stores that are asked over the network. */
export function reachedStores(stores: readonly DeclaredStore[]): ReachedStore[] {
  return stores.filter((store) => 'address' in store);
}

/** Those of them that are asked in SQL. */
export function serverStores(stores: readonly DeclaredStore[]): ServerStore[] {
  return reachedStores(stores).filter((store) => store.engine !== 'mongodb');
}

/** Whether a store is of an engine that only a printed script asks. */
export function isCarried(store: DeclaredStore): store is CarriedStore {
  return store.engine === 'oracle' || store.engine === 'dameng';
}

/** Whether a store is a server’s that a script can ask, be it declared so or not. */
export function isAskable(store: DeclaredStore): store is ServerStore | ScriptStore {
  return 'database' in store && store.engine !== 'mongodb';
}

/** Whether a store is asked by a printed script and by nothing else. */
export function awaitsScript(store: DeclaredStore): boolean {
  return isCarried(store) || ('via' in store && store.via === 'script');
}

/** A table as evidence names it: with its schema where one is declared. */
export function tableName({ name: table, schema }: Pick<DeclaredTable, 'name' | 'schema'>): string {
  return schema === undefined ? table : `${schema}.${table}`;
}

/** A table with the store that it lies in. */
export type Place = { readonly store: DeclaredStore; readonly table: DeclaredTable };

/** The tables that a table of invoices names as its origin; a name that is none of a declared table's is left out. */
export function originsOf(stores: readonly DeclaredStore[], { store, table }: Place): Place[] {
  const own = store.tables.filter(({ holds }) => holds === 'transactions').map(tableName);
  // A table may be declared twice, for each of what it holds.
  const all = stores
    .flatMap((each) => each.tables.map((one): Place => ({ store: each, table: one })))
    .toSorted((one, other) => Number(isOfInvoices(one)) - Number(isOfInvoices(other)));
  return [...new Set(table.of ?? own)].flatMap((wanted) => all.find((each) => isCalled(each, wanted, store)) ?? []);
}

function isOfInvoices({ table }: Place): boolean {
  return table.holds === 'invoices';
}

function isCalled({ store, table }: Place, wanted: string, from: DeclaredStore): boolean {
  return `${store.name}/${tableName(table)}` === wanted || (store === from && tableName(table) === wanted);
}

/** Whether a declared purge is of a table: named with its schema or without. */
export function isPurged(table: Pick<DeclaredTable, 'name' | 'schema'>, named: string): boolean {
  return named === table.name || named === tableName(table);
}

/** Purges of tables that are not declared, for the platform file's reader: nobody would look at them. */
export function checkPurges(stores: readonly DeclaredStore[], context: z.RefinementCtx): void {
  for (const [at, { tables: all, purges: jobs = [] }] of stores.entries()) {
    for (const [index, { table: named }] of jobs.entries()) {
      if (all.some((table) => isPurged(table, named))) continue;
      context.addIssue({
        code: 'custom',
        path: ['stores', at, 'purges', index, 'table'],
        message: '该库 tables 中未声明此表 | is no table that the store declares',
      });
    }
  }
}

type Machine = { readonly name: string; readonly transport?: string };

/** The hosts that stores are reached through are declared ones that SSH reaches. */
export function checkThrough(
  stores: readonly DeclaredStore[],
  { hosts, jumpHosts }: { readonly hosts: readonly Machine[]; readonly jumpHosts: readonly Machine[] },
  context: z.RefinementCtx,
): void {
  for (const [index, store] of stores.entries()) {
    const through = 'address' in store ? store.through : undefined;
    const machine = [...jumpHosts, ...hosts].find((each) => each.name === through);
    if (through === undefined || (machine && (machine.transport ?? 'ssh') === 'ssh')) continue;
    const message = machine
      ? `主机「${through}」的 transport 须为 ssh | the host "${through}" must have transport: ssh`
      : `没有名为「${through}」的主机或跳板 | there is no host or jump host named "${through}"`;
    context.addIssue({ code: 'custom', path: ['stores', index, 'through'], message });
  }
}

/** What the tables of invoices name that cannot be, for the platform file's reader. */
export function checkInvoices(stores: readonly DeclaredStore[], context: z.RefinementCtx): void {
  for (const [at, store] of stores.entries()) {
    for (const [index, table] of store.tables.entries()) {
      const wrong = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['stores', at, 'tables', index, key], message });
      const origins = originsOf(stores, { store, table });
      const sources = ['transactions', 'payments', 'invoice-links'];
      if (table.of && origins.length < new Set(table.of).size)
        wrong(
          'of',
          '其中有未声明的数据表，应写作「表」或「库/表」 | names a table that is not declared; write table or store/table',
        );
      else if (table.of && origins.some((each) => !sources.includes(each.table.holds)))
        wrong(
          'of',
          '须为存放 transactions、payments 或 invoice-links 的表 | must hold transactions, payments or invoice-links',
        );
      if (table.void && table.columns.status === undefined)
        wrong('void', '须同时声明 columns.status | goes with columns.status');
    }
  }
}
