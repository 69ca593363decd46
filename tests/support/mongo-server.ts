import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type Document, deserialize, serialize } from 'bson';
import type { Issued } from './certificates.ts';
import { createScram } from './mongo-login.ts';
import { type Account, answerOf, collectionOf, type MongoWorld, Refusal } from './mongo-world.ts';
import { listening } from './servers.ts';

/** A stand-in for a MongoDB server. */
export type MongoServer = {
  readonly port: number;
  /** All commands that were said to it, in order, without the payloads of logins. */
  said(): readonly Document[];
  /** Reads that are under way. */
  running(): number;
};

type Operation = { readonly id: number; readonly name: string; end(error: Refusal): void };

/** Starts stand-ins on loopback, with TLS where there is a certificate; `remove` ends them. */
export function createMongoServers() {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    async start(world: MongoWorld, issued?: Issued, options: { proves?: boolean } = {}): Promise<MongoServer> {
      const said: Document[] = [];
      const operations = new Map<number, Operation>();
      const onConnection = (socket: Socket): void => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        serve(socket, world, { said, operations, ...options });
      };
      const server = issued
        ? createTlsServer({ key: readFileSync(issued.keyFile), cert: readFileSync(issued.file) }, onConnection)
        : createServer(onConnection);
      server.on('tlsClientError', () => {});
      servers.push(server);
      const port = await listening(server, '127.0.0.1');
      return { port, said: () => said, running: () => operations.size };
    },
    async remove(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

type Shared = { readonly said: Document[]; readonly operations: Map<number, Operation>; readonly proves?: boolean };

function serve(socket: Socket, world: MongoWorld, { said, operations, proves }: Shared): void {
  let heard = Buffer.alloc(0);
  let name = '';
  let account: Account | undefined;
  const scram = createScram(world.users ?? [], proves);
  const mine = new Set<number>();
  socket.on('close', () => {
    // As servers do since 4.2.
    if (!world.version?.startsWith('4.0')) for (const id of mine) operations.delete(id);
  });

  const wait = (maxTimeMS: number): Promise<never> =>
    new Promise((_, reject) => {
      const id = operations.size + said.length;
      const timer = setTimeout(
        () => end(new Refusal(50, 'MaxTimeMSExpired', 'operation exceeded time limit')),
        maxTimeMS,
      );
      const end = (error: Refusal): void => {
        clearTimeout(timer);
        operations.delete(id);
        reject(error);
      };
      if (!world.version?.startsWith('4.0')) socket.once('close', () => clearTimeout(timer));
      operations.set(id, { id, name, end });
      mine.add(id);
    });

  const answer = async (command: Document): Promise<Document | Buffer> => {
    const odd = world.odd?.(command);
    if (odd) return odd;
    if (command.client) name = command.client.application?.name ?? '';
    if ('saslStart' in command || 'saslContinue' in command) {
      const found = scram.answer(command);
      const user = scram.account();
      account = (world.users ?? []).find((each) => each.user === user?.user && each.db === user.db);
      if (!found) throw new Refusal(18, 'AuthenticationFailed', 'Authentication failed.');
      return found;
    }
    if ('currentOp' in command)
      return {
        inprog: [...operations.values()]
          .filter((each) => each.name === command.appName)
          .map(({ id }) => ({ opid: id })),
        ok: 1,
      };
    if ('killOp' in command) {
      operations.get(command.op)?.end(new Refusal(11601, 'Interrupted', 'operation was interrupted'));
      return { info: 'attempting to kill op', ok: 1 };
    }
    const found = answerOf(world, account, command);
    return 'aggregate' in command && collectionOf(world, command)?.isSlow ? wait(command.maxTimeMS) : found;
  };

  const respond = async (request: number, command: Document): Promise<void> => {
    const { payload: _, ...rest } = command;
    said.push(rest);
    const found = await answer(command).catch((error: unknown) => {
      if (error instanceof Refusal) return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName };
      return { ok: 0, errmsg: String(error), code: 2, codeName: 'BadValue' };
    });
    socket.write(Buffer.isBuffer(found) ? found : message(request, found));
  };

  socket.on('data', (piece) => {
    heard = Buffer.concat([heard, piece]);
    // A hello of TLS, for one.
    if (heard[0] === 0x16 && heard[1] === 3) socket.destroy();
    while (heard.length >= 16 && heard.length >= heard.readInt32LE(0)) {
      const length = heard.readInt32LE(0);
      const one = heard.subarray(0, length);
      heard = heard.subarray(length);
      void respond(one.readInt32LE(4), deserialize(one.subarray(21), { useBigInt64: false }));
    }
  });
}

/** One answer as it goes over the line. */
export function message(request: number, answer: Document): Buffer {
  const body = serialize(answer);
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(request + 1000, 4);
  head.writeInt32LE(request, 8);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}
