import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { codeOf, messageOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import { NotReady } from './ask-for-tls.ts';
import { type Answer, largestAnswer, listen, timeLimit, unheard } from './ear.ts';

/** A TLS service to talk to; everything goes through the gate, whose connections are ready for TLS. */
export type Line = {
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly serverName?: string;
  readonly signal: AbortSignal;
};

/** Sends bytes and hears the answer, until `enough` of it is there. */
export async function exchange(line: Line, bytes: Buffer, enough: (heard: Buffer) => boolean): Promise<Answer> {
  const socket = await open(line);
  if ('ending' in socket) return socket;
  return new Promise((resolve) => {
    const ear = listen(socket, (ending, detail) => {
      socket.destroy();
      resolve({ heard: ear.heard(), ending, detail });
    });
    socket.on('data', () => {
      const heard = ear.heard();
      if (enough(heard) || heard.length >= largestAnswer) ear.end('done');
    });
    socket.write(bytes);
    socket.resume();
  });
}

/** Connects; gives the answer that there is none if it cannot. */
export async function open({ gate, host, port, signal }: Line): Promise<Socket | Answer> {
  try {
    return await gate.connect(host, port, { timeout: timeLimit, signal, by: 'tls' });
  } catch (error) {
    if (error instanceof ScopeError) throw error;
    if (error instanceof NotReady) return error.answer;
    return unheard('not-connected', codeOf(error) ?? messageOf(error));
  }
}

/** The socket as a stream: TLS reads a socket natively, past any listener, but a stream's bytes can be heard. */
export function overStream(socket: Socket): Duplex {
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, _, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => stream.push(null));
  stream.on('error', () => {});
  return stream;
}
