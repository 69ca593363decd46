import { randomBytes } from 'node:crypto';
import { checkServerIdentity, connect, TLSSocket } from 'node:tls';
import type { Document } from 'bson';
import { z } from 'zod';
import type { MongoStore } from '../../platform-stores.ts';
import { Unavailable } from '../collector.ts';
import {
  connecting,
  grace,
  inTurn,
  type Login,
  openStore,
  type Session,
  type SessionTools,
  serverNameOf,
  unlessRefused,
  within,
} from './database.ts';
import { type Ask, asking, type Batch, batchOf } from './mongodb-commands.ts';
import { logIn, mechanismOf } from './mongodb-login.ts';
import { createWire, type Wire } from './mongodb-wire.ts';

/** What a server is beside others of the same data. */
export type Member = {
  /** It passes on to shards, and keeps nothing itself. */
  readonly isRouter: boolean;
  /** The replica set that it is of; hidden members are named to nobody who says hello. */
  readonly set?: string;
};

/** A session with a MongoDB server. */
export type MongoSession = Pick<Session, 'version' | 'tls'> &
  Member & {
    /** It obeys whoever connects, without a login: then nobody's privileges bind anybody. */
    readonly isOpen: boolean;
    readonly ask: Ask;
    /** Says one command that answers with documents, and reads them; more than one batch of them are too many. */
    rows<T extends z.ZodType>(row: T, database: string, command: Document): Promise<z.output<T>[]>;
    /** The same, content with the first batch. */
    batch<T extends z.ZodType>(row: T, database: string, command: Document): Promise<Batch<z.output<T>>>;
  };

const helloSchema = z.object({
  msg: z.string().optional(),
  setName: z.string().max(200).optional(),
  maxWireVersion: z.number(),
  saslSupportedMechs: z.array(z.string()).optional(),
});
const buildSchema = z.object({
  version: z.string().max(100),
  modules: z.array(z.string().max(50)).default([]),
  psmdbVersion: z.string().optional(),
});
const operationsSchema = z.object({ inprog: z.array(z.object({ opid: z.union([z.number(), z.string()]) })) });

/**
 * Opens a session with a MongoDB server, hands it over and closes it; a store has one at a time. Each command bears a time limit, and an interruption
 * ends it on the server. Throws {@link Unavailable} with what stood in the way.
 */
export function withMongo<T>(
  store: MongoStore,
  tools: SessionTools,
  use: (session: MongoSession) => Promise<T>,
): Promise<T> {
  return inTurn(store, tools, async () => {
    const { signal } = tools;
    signal.throwIfAborted();
    const { opened, socket } = await unlessRefused(() => openStore(store, tools, (login) => open(store, login)));
    const halt = (): void => void opened.stop().catch(() => undefined);
    signal.addEventListener('abort', halt, { once: true });
    try {
      return await use(opened.session);
    } finally {
      signal.removeEventListener('abort', halt);
      await within(connecting, opened.close(), () => {}).catch(() => undefined);
      socket.destroy();
    }
  });
}

type Opened = { readonly session: MongoSession; close(): Promise<void>; stop(): Promise<void> };

async function open(store: MongoStore, login: Login): Promise<Opened> {
  const name = `leqi-audit ${randomBytes(8).toString('hex')}`;
  const { stream, session, wire } = await enter(store, login, login.socket, name);
  return {
    session,
    close: () => wire.end(),
    async stop() {
      // From 4.2 on a server ends a read whose client is gone; before, it is asked to. Nobody is kept from ending what is their own.
      stream.destroy();
      const line = await login.again();
      try {
        const other = await enter(store, login, line, 'leqi-audit');
        const mine = { currentOp: 1, $ownOps: true, appName: name };
        const { inprog } = await other.session.ask(operationsSchema, 'admin', mine);
        for (const { opid } of inprog) await other.session.ask(z.unknown(), 'admin', { killOp: 1, op: opid });
        await other.wire.end();
      } finally {
        line.destroy();
      }
    },
  };
}

type Entered = { readonly stream: Login['socket']; readonly wire: Wire; readonly session: MongoSession };

async function enter(store: MongoStore, login: Login, socket: Login['socket'], name: string): Promise<Entered> {
  const stream = login.tls === 'none' ? socket : await secured(login, socket);
  const wire = createWire(stream);
  const ask = asking(wire, login.seconds);
  const { database, user, password } = login;
  const hello = await greet(ask, `${store.authDatabase}.${user}`, name);
  const isOpen = await obeysAnyone(ask, database);
  const account = { user, password, database: store.authDatabase };
  await logIn((at, command) => ask(z.unknown(), at, command), account, mechanismOf(hello.saslSupportedMechs));
  const build = await ask(buildSchema, 'admin', { buildInfo: 1 });
  const limited = { ask: limitedTo(login.seconds, ask, stream) };
  return {
    stream,
    wire,
    session: {
      version: versionOf(build),
      ...(stream instanceof TLSSocket ? { tls: protectionOf(stream) } : {}),
      isRouter: hello.msg === 'isdbgrid',
      ...(hello.setName === undefined ? {} : { set: hello.setName }),
      isOpen,
      ...limited,
      batch: (row, at, command) => batchOf(limited.ask, row, at, command),
      async rows(row, at, command) {
        const { rows, isWhole } = await batchOf(limited.ask, row, at, command);
        if (!isWhole) throw new Unavailable('too-large', 'more documents than one batch');
        return rows;
      },
    },
  };
}

function secured({ host, tls, authority }: Login, plain: Login['socket']): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const stream = connect({
      socket: plain,
      ...serverNameOf(host),
      rejectUnauthorized: tls === 'verified',
      ...(authority === undefined ? {} : { ca: authority }),
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    });
    stream.once('secureConnect', () => resolve(stream));
    stream.once('error', reject);
    stream.once('close', () => reject(Object.assign(new Error('the server hung up'), { code: 'ECONNRESET' })));
  });
}

function protectionOf(stream: TLSSocket): NonNullable<Session['tls']> {
  return { protocol: stream.getProtocol() ?? '', cipher: stream.getCipher().standardName };
}

function limitedTo(seconds: number, ask: Ask, stream: Login['socket']): Ask {
  return (answer, database, command) =>
    unlessRefused(() => within(seconds + grace, ask(answer, database, command), () => stream.destroy()));
}

// Servers before 4.4.2 know it by its old name only.
async function greet(ask: Ask, saslSupportedMechs: string, name: string): Promise<z.output<typeof helloSchema>> {
  const client = { application: { name }, driver: { name: 'leqi-audit', version: '1' }, os: { type: 'unknown' } };
  const more = { saslSupportedMechs, client };
  try {
    return await ask(helloSchema, 'admin', { hello: 1, ...more });
  } catch (error) {
    if (!(error instanceof Unavailable) || error.reason !== 'not-supported') throw error;
    return ask(helloSchema, 'admin', { isMaster: 1, ...more });
  }
}

// Where privileges bind, the catalogue is for those who have logged in.
async function obeysAnyone(ask: Ask, database: string): Promise<boolean> {
  try {
    await ask(z.unknown(), database, { listCollections: 1, nameOnly: true, filter: { name: 'leqi-audit' } });
    return true;
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}

function versionOf({ version, modules, psmdbVersion }: z.output<typeof buildSchema>): string {
  const kind = psmdbVersion === undefined ? (modules.includes('enterprise') ? ' Enterprise' : '') : ' (Percona)';
  return `MongoDB ${version}${kind}`;
}
