import { type AuthPlugin, authPlugins, type Connection, createConnection, type FieldPacket } from 'mysql2';
import { z } from 'zod';
import { Unavailable } from '../collector.ts';
import type { Bound, Driver, Login, Row } from './database.ts';

const settingsSchema = z.object({ version: z.string(), read_only: z.literal('1'), thread: z.string().regex(/^\d+$/) });
// A limit that a server has for all cuts answers short, and says nothing.
const everyRow = '18446744073709551615';
const protectionSchema = z.object({ Value: z.string() });

type Ask = (sql: string) => Promise<readonly Row[]>;

/**
 * Logs in to MySQL or MariaDB. The session’s transactions are read-only, as the server confirms, with limits for time and locks. The server may not
 * ask for local files, and no statement is put together from values on this side.
 */
export async function openMysql(login: Login): Promise<Driver> {
  const connection = await connect(login, login.socket);
  const ask: Ask = async (sql) => {
    const rows: Row[] = [];
    await run(connection, sql, [], (row) => rows.push(row));
    return rows;
  };
  const [named] = await ask('SELECT version() AS version');
  const isMariadb = /mariadb/i.test(String(named?.version));
  const readOnly = await restrict(ask, isMariadb, login.seconds);
  const [settings] = await ask(
    `SELECT version() AS version, @@session.${readOnly} AS read_only, connection_id() AS thread`,
  );
  const { success, data } = settingsSchema.safeParse(settings);
  if (!success) throw new Unavailable('failed', 'the server does not confirm that the session is read-only');
  const protocol = await statusOf(ask, 'Ssl_version');
  return {
    version: data.version,
    ...(protocol === '' ? {} : { tls: { protocol, cipher: await statusOf(ask, 'Ssl_cipher') } }),
    run: (sql, values, each) => run(connection, sql, values, each),
    close: () => connection.promise().end(),
    async stop() {
      connection.destroy();
      // This server does not notice that the client is gone: the statement would run to its limit.
      const line = await login.again();
      try {
        const other = await connect(login, line);
        await run(other, `KILL QUERY ${data.thread}`, [], () => {}).catch(() => undefined);
        await other.promise().end();
      } finally {
        line.destroy();
      }
    },
  };
}

async function connect(
  { host, port, database, user, password, tls, authority }: Login,
  socket: Login['socket'],
): Promise<Connection> {
  // The library checks the certificate's name by what Node takes from the socket, and a socket opened by address has none.
  Object.assign(socket, { _host: host });
  const connection = createConnection({
    stream: () => socket,
    host,
    port,
    database,
    user,
    password,
    charset: 'utf8mb4',
    ...(tls === 'none'
      ? {}
      : {
          ssl: {
            rejectUnauthorized: tls === 'verified',
            verifyIdentity: tls === 'verified',
            ...(authority === undefined ? {} : { ca: authority }),
          },
        }),
    ...(tls === 'verified' ? {} : { authPlugins: cautious }),
    flags: ['-LOCAL_FILES'],
    connectAttributes: { program_name: 'leqi-audit' },
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  // Errors outside of a statement (the server goes away) are seen by the next one.
  connection.on('error', () => {});
  return new Promise((resolve, reject) => {
    connection.once('connect', () => resolve(connection));
    connection.once('error', reject);
  });
}

function run(connection: Connection, sql: string, values: readonly Bound[], each: (row: Row) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      connection.off('error', settle);
      if (error === undefined) resolve();
      else reject(withCode(error));
    };
    // A statement that is handed over row by row does not itself hear that the connection is lost.
    connection.on('error', settle);
    const asked = { sql, rowsAsArray: true };
    // Prepared only where there is something to bind: some statements cannot be.
    const command = values.length === 0 ? connection.query(asked) : connection.execute(asked, [...values]);
    let names: readonly string[] = [];
    command.on('fields', (fields: FieldPacket[] | undefined) => {
      names = fields?.map(({ name }) => name) ?? [];
    });
    // What is no list of values says how a statement without rows went.
    command.on('result', (row: unknown) => {
      if (Array.isArray(row)) each(textsOf(names, row));
    });
    command.on('error', settle);
    command.on('end', () => settle());
  });
}

// To whom nobody vouches for, the password itself is never said: neither in such a session nor encrypted for whatever key is offered (MySQL's Protocol::AuthMoreData, 4: perform_full_authentication).
const cautious: Record<string, AuthPlugin> = {
  caching_sha2_password(about) {
    const usual = authPlugins.caching_sha2_password()(about);
    return (data) => (data.equals(Buffer.of(4)) ? refusal() : usual(data));
  },
  sha256_password: () => refusal,
};

async function refusal(): Promise<never> {
  throw new Error(
    'the server asks for the password itself: declare tls verified with its authority, or log in once from elsewhere so that the server remembers (caching_sha2_password)',
  );
}

// MariaDB and MySQL differ in the names and units of their limits (mariadb.com/kb, dev.mysql.com: server system variables).
async function restrict(ask: Ask, isMariadb: boolean, seconds: number): Promise<string> {
  const known = await ask(`SHOW VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')`);
  const names = known.map((row) => row.Variable_name);
  await ask('SET SESSION TRANSACTION READ ONLY');
  await ask(
    `SET SESSION lock_wait_timeout = 5, time_zone = '+00:00', group_concat_max_len = 1048576, sql_select_limit = ${everyRow}`,
  );
  await ask(
    isMariadb ? `SET SESSION max_statement_time = ${seconds}` : `SET SESSION max_execution_time = ${seconds * 1000}`,
  );
  return names.includes('transaction_read_only') ? 'transaction_read_only' : 'tx_read_only';
}

async function statusOf(ask: Ask, name: string): Promise<string> {
  const [row] = await ask(`SHOW SESSION STATUS LIKE '${name}'`);
  return protectionSchema.safeParse(row).data?.Value ?? '';
}

function textsOf(names: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, string | null> = {};
  for (const [at, name] of names.entries()) row[name] = textOf(values[at]);
  return row;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

// MariaDB's own errors have a number and no name in the library.
function withCode(error: unknown): unknown {
  const { success, data } = z.object({ errno: z.number(), code: z.undefined() }).safeParse(error);
  return success && error instanceof Error ? Object.assign(error, { code: String(data.errno) }) : error;
}
