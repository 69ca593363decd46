import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { codeOf, messageOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';

/** Seconds for a connection, and again for the answer. */
const timeout = 10;

/** Bytes of an answer that are kept: several times the longest certificate chain in use. */
const largestAnswer = 64 * 1024;

/** A TLS service to talk to; everything goes through the gate. */
export type Line = {
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly serverName?: string;
  readonly signal: AbortSignal;
};

/** What came back on one connection. */
export type Answer = {
  /** The first bytes, as they came. */
  readonly heard: Buffer;
  /** How it ended: by us, by the other side in order or not, by our time limit, or before it was connected. */
  readonly ending: 'done' | 'closed' | 'reset' | 'timed-out' | 'not-connected';
  /** The error code, where there was one. */
  readonly detail: string;
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
  });
}

/** Connects; gives the answer that there is none if it cannot. */
export async function open({ gate, host, port, signal }: Line): Promise<Socket | Answer> {
  try {
    return await gate.connect(host, port, { timeout, signal, by: 'tls' });
  } catch (error) {
    if (error instanceof ScopeError) throw error;
    return { heard: Buffer.alloc(0), ending: 'not-connected', detail: codeOf(error) ?? messageOf(error) };
  }
}

/** What is heard of a socket, until somebody ends it. */
export type Ear = { heard(): Buffer; end(ending: Answer['ending'], detail?: string): void };

/** Keeps what is heard, and calls back once, whatever ends the talk first. */
export function listen(socket: Socket, ended: (ending: Answer['ending'], detail: string) => void): Ear {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  const end: Ear['end'] = (ending, detail = '') => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    ended(ending, detail);
  };
  const timer = setTimeout(() => end('timed-out', `${timeout} s`), timeout * 1000);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, largestAnswer - size));
    size = Math.min(largestAnswer, size + chunk.length);
  });
  // Whoever reads the bytes comes first: an alert may stand before the end of the connection.
  socket.on('end', () => setImmediate(end, 'closed'));
  socket.on('error', (error) => setImmediate(end, 'reset', codeOf(error) ?? ''));
  socket.on('close', () => setImmediate(end, 'closed'));
  if (socket.destroyed) setImmediate(end, 'reset');
  return { heard: () => Buffer.concat(chunks), end };
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
