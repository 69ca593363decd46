import { checkServerIdentity, TLSSocket } from 'node:tls';
import pg from 'pg';
import { z } from 'zod';
import { Unavailable } from '../collector.ts';
import { type Bound, type Driver, type Login, type Row, serverNameOf } from './database.ts';
import { postgresqlLimits } from './session-limits.ts';

const keySchema = z.object({ processID: z.int(), secretKey: z.int() });
const settingsSchema = z.object({ version: z.string(), number: z.string(), read_only: z.literal('on') });

/**
 * Logs in to PostgreSQL. Each statement runs in a transaction of its own that the server holds to be read-only, with limits for time and locks,
 * without the search path that others can write to, and with row security off: rows that a policy hides are an error, not an absence.
 */
export async function openPostgresql(login: Login): Promise<Driver> {
  const { socket, host, port, database, user, password, tls } = login;
  const client = new pg.Client({
    stream: () => handedOver(socket),
    host,
    port,
    database,
    user,
    password,
    application_name: 'leqi-audit',
    ssl: tls === 'none' ? false : tlsOf(login),
    // All values as the server writes them.
    types: { getTypeParser: () => (text: string) => text },
  });
  // Errors outside of a statement (the server goes away) are seen by the next one.
  client.on('error', () => {});
  if (tls !== 'verified') refuseClearPassword(client, socket);
  await client.connect();
  const limits = postgresqlLimits(login.seconds);
  let watch = '';
  const run: Driver['run'] = async (sql, values, each) => {
    await client.query(`BEGIN TRANSACTION READ ONLY; ${limits}${watch}`);
    try {
      await rowsOf(client, sql, values, each);
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
    }
  };
  let settings: Row | undefined;
  await run(
    `SELECT version() AS version, current_setting('server_version_num') AS number, current_setting('transaction_read_only') AS read_only`,
    [],
    (row) => {
      settings = row;
    },
  );
  const { success, data } = settingsSchema.safeParse(settings);
  if (!success) throw new Unavailable('failed', 'the server does not confirm that the session is read-only');
  // From 14 on the server notices that we are gone, and ends the statement.
  if (Number(data.number) >= 140_000) watch = '; SET LOCAL client_connection_check_interval = 1000';
  return {
    version: data.version,
    ...protection(client, socket),
    run,
    close: () => client.end(),
    async stop() {
      socket.destroy();
      await cancel(client, login);
    },
  };
}

function rowsOf(client: pg.Client, sql: string, values: readonly Bound[], each: (row: Row) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query<Record<string, string | null>>(sql, [...values]);
    query.on('row', each);
    query.on('error', reject);
    query.on('end', () => resolve());
    client.query(query);
  });
}

// Up to 13 the server does not notice that the client is gone (PostgreSQL, 55.2.8: CancelRequest, on a connection of its own).
async function cancel(client: pg.Client, { again }: Login): Promise<void> {
  const { success, data } = keySchema.safeParse(client);
  if (!success) return;
  const request = Buffer.alloc(16);
  for (const [index, value] of [16, 80_877_102, data.processID, data.secretKey].entries())
    request.writeInt32BE(value, index * 4);
  const other = await again();
  other.on('error', () => {});
  other.end(request);
}

// The library connects a socket by itself; ours is connected already, through the gate, and may be a stream over SSH.
function handedOver(socket: Login['socket']): Login['socket'] {
  return Object.assign(socket, {
    connect: () => {
      setImmediate(() => socket.emit('connect'));
      return socket;
    },
    ...('setNoDelay' in socket ? {} : { setNoDelay: () => socket, setKeepAlive: () => socket }),
  });
}

function tlsOf({ host, tls, authority }: Login) {
  return {
    ...serverNameOf(host),
    rejectUnauthorized: tls === 'verified',
    ...(authority === undefined ? {} : { ca: authority }),
    checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(host, certificate),
  };
}

// To whom nobody vouches for, the password itself is never said.
function refuseClearPassword(client: pg.Client, socket: Login['socket']): void {
  const { connection } = z.object({ connection: z.custom<NodeJS.EventEmitter>() }).parse(client);
  connection.once('authenticationCleartextPassword', () =>
    socket.destroy(new Error('the server asks for the password in clear text')),
  );
}

function protection(client: pg.Client, socket: Login['socket']): Pick<Driver, 'tls'> {
  const { stream } = z.object({ connection: z.object({ stream: z.unknown() }) }).parse(client).connection;
  if (stream === socket || !(stream instanceof TLSSocket)) return {};
  return { tls: { protocol: stream.getProtocol() ?? '', cipher: stream.getCipher().standardName } };
}
