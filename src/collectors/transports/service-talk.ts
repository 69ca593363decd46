import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { codeOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import { overStream } from './line.ts';

/** Seconds for a connection. */
const connectTime = 3;

/** Milliseconds that a server gets to speak first, to answer, and to go on after its first bytes. */
const greetingTime = 1000;
const answerTime = 2000;
const moreTime = 100;

/** Milliseconds that a server gets to speak first within TLS. */
const innerGreetingTime = 300;

/** Bytes of an answer that are heard. */
const longestAnswer = 4096;

/** A port to talk to; everything goes through the gate. */
export type Spot = {
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  /** Sent as SNI. */
  readonly serverName?: string;
  readonly signal: AbortSignal;
};

/** What a port said: in clear text, and within TLS if it has any. */
export type Said = {
  readonly clear: Buffer;
  /** `refused`: an alert came in place of a handshake, so that the port speaks TLS, but none was agreed on. */
  readonly tls: 'none' | 'spoken' | 'refused';
  readonly inner: Buffer;
};

const nothing = Buffer.alloc(0);

/** Asks for the head of a page, without a `Host` line, which Redis would take for an attack. */
export const headRequest = Buffer.from('HEAD / HTTP/1.0\r\n\r\n');

/** Waits for a greeting; if none comes, begins TLS, and there waits again, then asks for the head of a page. Writes nothing else. */
export async function greet(spot: Spot): Promise<Said> {
  const socket = await reach(spot);
  if (!socket) return { clear: nothing, tls: 'none', inner: nothing };
  try {
    const greeting = await hear(socket, greetingTime);
    if (greeting.length > 0 || socket.destroyed || socket.readableEnded)
      return { clear: greeting, tls: 'none', inner: nothing };
    return await secure(socket, spot);
  } finally {
    socket.destroy();
  }
}

/** Connects, says one thing, and gives what is heard. */
export async function ask(spot: Spot, question: Buffer): Promise<Buffer> {
  const socket = await reach(spot);
  if (!socket) return nothing;
  try {
    socket.write(question);
    return await hear(socket, answerTime);
  } finally {
    socket.destroy();
  }
}

async function reach({ gate, host, port, signal }: Spot): Promise<Socket | undefined> {
  try {
    return await gate.connect(host, port, { timeout: connectTime, signal, by: 'service detection' });
  } catch (error) {
    // The port may be gone by now; it has no name then.
    if (error instanceof ScopeError || signal.aborted || codeOf(error) === undefined) throw error;
    return undefined;
  }
}

async function secure(socket: Socket, { serverName }: Spot): Promise<Said> {
  const raw: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    if (size < longestAnswer) raw.push(chunk);
    size += chunk.length;
  });
  const inside = connect({
    socket: overStream(socket),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    minVersion: 'TLSv1',
    // Whatever it speaks; nothing is entrusted to it.
    ciphers: 'ALL:COMPLEMENTOFALL:@SECLEVEL=0',
    ...(serverName ? { servername: serverName } : {}),
  });
  inside.on('error', () => {});
  const isSecure = await agreement(inside, socket);
  const inner = isSecure ? await greetInside(inside) : nothing;
  inside.destroy();
  const clear = Buffer.concat(raw).subarray(0, longestAnswer);
  if (isSecure || isServerHello(clear)) return { clear: nothing, tls: 'spoken', inner };
  return isAlert(clear) ? { clear: nothing, tls: 'refused', inner } : { clear, tls: 'none', inner };
}

function agreement(inside: TLSSocket, socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), answerTime);
    const end = (isSecure: boolean): void => {
      clearTimeout(timer);
      resolve(isSecure);
    };
    inside.once('secureConnect', () => end(true));
    // What the server said in clear text comes before, or with, what the library could not read.
    inside.once('error', () => setTimeout(end, moreTime, false));
    socket.once('close', () => setImmediate(end, false));
    if (socket.destroyed) end(false);
  });
}

async function greetInside(inside: TLSSocket): Promise<Buffer> {
  const greeting = await hear(inside, innerGreetingTime);
  if (greeting.length > 0 || inside.destroyed) return greeting;
  inside.write(headRequest);
  return hear(inside, answerTime);
}

/** What comes until some time after its first bytes, until the end, or until the time is over. */
function hear(stream: Duplex, patience: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      clearTimeout(timer);
      stream.off('data', take);
      stream.off('end', end);
      stream.off('close', end);
      resolve(Buffer.concat(chunks).subarray(0, longestAnswer));
    };
    const take = (chunk: Buffer): void => {
      if (size === 0) {
        clearTimeout(timer);
        timer = setTimeout(end, moreTime);
      }
      chunks.push(chunk);
      size += chunk.length;
      if (size >= longestAnswer) end();
    };
    let timer = setTimeout(end, patience);
    stream.on('data', take);
    stream.once('end', end);
    stream.once('close', end);
    if (stream.destroyed) end();
  });
}

// RFC 8446, 5.1 and 4: handshake record, ServerHello; alert record.
function isServerHello(bytes: Buffer): boolean {
  return bytes[0] === 22 && (bytes[1] === 3 || bytes[1] === 1) && bytes[5] === 2;
}

function isAlert(bytes: Buffer): boolean {
  return bytes[0] === 21 && bytes[1] === 3;
}
