import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import { codeOf, messageOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import { pathFrom } from '../../platform.ts';
import { portOf, type ReachedStore, type ServerStore } from '../../platform-stores.ts';
import { type Tools, Unavailable } from '../collector.ts';
import { openLine } from './store-line.ts';

/** A value that a statement is handed. */
export type Bound = string | number | null;

/** One row, all of it text as the server writes it: no number loses a digit, no time its zone. */
export type Row = Readonly<Record<string, string | null>>;

/** What a driver offers; it is asked one statement at a time. */
export type Driver = {
  /** As the server says it. */
  readonly version: string;
  /** What the connection is protected by; absent in clear text. */
  readonly tls?: { readonly protocol: string; readonly cipher: string };
  /** Hands over each row as it comes; what is done with it throws nothing. */
  run(sql: string, values: readonly Bound[], each: (row: Row) => void): Promise<void>;
  /** Says goodbye, or hangs up where that is not heard. */
  close(): Promise<void>;
  /** Ends what the server is busy with, and hangs up. */
  stop(): Promise<void>;
};

/** A session with a database server that can only read, as the server itself confirmed. */
export type Session = {
  readonly engine: ServerStore['engine'];
  readonly version: string;
  readonly tls?: Driver['tls'];
  /** Runs one statement, values bound by `$1` or `?`, and reads each row; throws {@link Unavailable} if the server refuses or is too slow. */
  query<T extends z.ZodType>(row: T, sql: string, values?: readonly Bound[]): Promise<z.output<T>[]>;
  /** The same where there are many rows: each is handed over as it comes, as text, and kept nowhere. */
  each(sql: string, values: readonly Bound[], use: (row: Row) => void): Promise<void>;
};

/** What a driver needs to log in. */
export type Login = {
  readonly socket: Duplex;
  /** The name or address that the certificate must hold. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: ReachedStore['tls'];
  readonly authority?: string;
  /** Seconds a statement may take. */
  readonly seconds: number;
  /** Opens a second connection to the same server, to end a statement of the first. */
  again(): Promise<Duplex>;
};

/** Seconds to connect and log in. */
export const connecting = 15;

/** Seconds of grace for a server that ends a statement by itself. */
export const grace = 10;

/** What a session needs of what a collector is handed. */
export type SessionTools = Pick<Tools, 'platform' | 'gate' | 'signal' | 'secrets' | 'sshHome'>;

const busy = new WeakMap<Gate, Map<string, Promise<unknown>>>();

/**
 * Opens a session with a store's server, hands it over and closes it. A store has one session at a time, whoever asks. The session is read-only by
 * the server's own word; an interruption ends the statement on the server, too. Throws {@link Unavailable} with what stood in the way.
 */
export function withSession<T>(
  store: ServerStore,
  tools: SessionTools,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  return inTurn(store, tools, () => inSession(store, tools, use));
}

/** Does what asks a store after all that was to ask it before. */
export async function inTurn<T>(
  { name }: ReachedStore,
  { gate }: Pick<Tools, 'gate'>,
  work: () => Promise<T>,
): Promise<T> {
  const lanes = busy.get(gate) ?? new Map<string, Promise<unknown>>();
  busy.set(gate, lanes);
  const before = lanes.get(name) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(work);
  lanes.set(
    name,
    mine.catch(() => undefined),
  );
  return mine;
}

async function inSession<T>(
  store: ServerStore,
  tools: SessionTools,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { signal, platform } = tools;
  signal.throwIfAborted();
  const opening = () => openStore(store, tools, (login) => openBy(store.engine, login));
  const { opened: driver, socket } = await unlessRefused(opening);
  const stop = (): void => void driver.stop().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const seconds = platform.limits.stores.statement + grace;
    const each: Session['each'] = async (sql, values, take) => {
      const { guarded, rethrow } = guard(take);
      await unlessRefused(() => within(seconds, driver.run(sql, values, guarded), stop), stop);
      rethrow();
    };
    return await use({
      engine: store.engine,
      version: driver.version,
      ...(driver.tls ? { tls: driver.tls } : {}),
      each,
      async query(row, sql, values = []) {
        const rows: z.output<typeof row>[] = [];
        await each(sql, values, (one) => rows.push(row.parse(one)));
        return rows;
      },
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await within(connecting, driver.close(), stop).catch(() => undefined);
    socket.destroy();
  }
}

// What is thrown among the events of a driver would end the process.
function guard(take: (row: Row) => void): { guarded: (row: Row) => void; rethrow: () => void } {
  const failures: unknown[] = [];
  return {
    guarded(row) {
      if (failures.length > 0) return;
      try {
        take(row);
      } catch (error) {
        failures.push(error);
      }
    },
    rethrow() {
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Connects to a store's server, and has a driver log in there. The connection is the caller's to destroy. */
export async function openStore<T>(
  store: ReachedStore,
  tools: SessionTools,
  logIn: (login: Login) => Promise<T>,
): Promise<{ opened: T; socket: Duplex }> {
  const { platform, signal } = tools;
  const password = await passwordOf(store, tools);
  const authority =
    store.authority === undefined ? undefined : await readAuthority(pathFrom(platform, store.authority));
  const socket = await openLine(store, tools, signal);
  const login: Login = {
    socket,
    host: store.address,
    port: portOf(store),
    database: store.database,
    user: store.user,
    password,
    tls: store.tls,
    ...(authority === undefined ? {} : { authority }),
    seconds: platform.limits.stores.statement,
    // After an interruption, too.
    async again() {
      const line = await openLine(store, tools);
      setTimeout(() => line.destroy(), connecting * 1000).unref();
      return line;
    },
  };
  try {
    const opened = await within(connecting, logIn(login), () => socket.destroy());
    return { opened, socket };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

// A driver is loaded only where a store needs it.
async function openBy(engine: ServerStore['engine'], login: Login): Promise<Driver> {
  if (engine === 'postgresql') return (await import('./postgresql.ts')).openPostgresql(login);
  return (await import('./mysql.ts')).openMysql(login);
}

async function passwordOf(
  { name, user, password }: ReachedStore,
  { secrets }: Pick<Tools, 'secrets'>,
): Promise<string> {
  const found =
    password === 'prompt'
      ? await secrets({
          key: `password ${user}@${name}`,
          question: { zh: `数据库「${name}」账号 ${user} 的密码`, en: `password of ${user} at the store ${name}` },
        })
      : await secrets({ key: `env ${password.env}`, env: password.env });
  if (found === undefined)
    throw new Unavailable('denied', password === 'prompt' ? 'no password' : `${password.env} is not set`);
  return found;
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Unavailable('failed', messageOf(error));
  }
}

/** Waits for work at most so many seconds. */
export async function within<T>(seconds: number, work: Promise<T>, late: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new Unavailable('timed-out', `${seconds} s`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

const reasonsByCode = {
  // Class 28, 42501; ER_ACCESS_DENIED_ERROR and its kin.
  denied: /^(28...|42501|ER_\w*(DENIED|PRIVILEGE)\w*|ER_SPECIFIC_ACCESS_DENIED_ERROR)$/,
  'not-found': /^(3D000|3F000|42P01|42703|ER_BAD_DB_ERROR|ER_NO_SUCH_TABLE|ER_BAD_FIELD_ERROR|ENOTFOUND)$/,
  // Cancelled by a time limit; lock not available. 1969 is MariaDB’s ER_STATEMENT_TIMEOUT, which the library does not know by name.
  'timed-out': /^(57014|55P03|ETIMEDOUT|ER_QUERY_TIMEOUT|1969|ER_LOCK_WAIT_TIMEOUT)$/,
  unreachable: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|53300|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS)$/,
} as const;

// Failures whose messages quote values of the data: SQLSTATE 22 (data), 23 (constraints), P0 (raised); their kin of MySQL, and what has but a number.
const quoting =
  /^(?:22...|23...|P0...|\d{4}|ER_\w*(?:VALUE|DATA|DUP|RANGE|SIGNAL|RESIGNAL|JSON|WRONG|TRUNC|CONVERT|INVALID|REGEX|OVERFLOW|STRING)\w*)$/;

/** Has what a server or the network refuses said by its kind; messages of servers may quote values of the data. */
export async function unlessRefused<T>(work: () => Promise<T>, lost: () => void = () => {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unavailable || error instanceof ScopeError) throw error;
    const code = codeOf(error) ?? '';
    // The server may not have noticed, and be busy still.
    if (/^(PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE)$/.test(code)) lost();
    const reason = reasonOf(code);
    const isQuoting = reason === 'failed' && quoting.test(code);
    throw new Unavailable(reason, code === '' ? messageOf(error) : isQuoting ? code : `${code}: ${messageOf(error)}`);
  }
}

/** What an error code of a server, a driver or the system means to an observation. */
export function reasonOf(code: string): keyof typeof reasonsByCode | 'failed' {
  const reasons = Object.keys(reasonsByCode) as (keyof typeof reasonsByCode)[];
  return reasons.find((reason) => reasonsByCode[reason].test(code)) ?? 'failed';
}

/** What is given to TLS as the name to ask for; an address is none (RFC 6066, 3). */
export function serverNameOf(host: string): { servername?: string } {
  return isIP(host) ? {} : { servername: host };
}
