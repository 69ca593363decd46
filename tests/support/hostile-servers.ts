import { connect, type Socket } from 'node:net';
import { message, number, records } from './flights.ts';

/** What a server does on a connection once it has heard the first bytes; `count` from 1. */
export type Behaviour = (socket: Socket, hello: Buffer, count: number) => void;

/** Takes the hello and says nothing. */
export const stall: Behaviour = () => {};

/** Sends bytes one at a time. */
export function drip(bytes: Buffer, milliseconds: number): Behaviour {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
    }, milliseconds);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Sends everything at once, whether or not it is read. */
export function flood(bytes: Buffer): Behaviour {
  return (socket) => socket.write(bytes);
}

/** Sends the same bytes again and again, as fast as they are read. */
export function endless(bytes: Buffer, first: Buffer = Buffer.alloc(0)): Behaviour {
  const many = Buffer.concat(Array.from({ length: Math.ceil(16_384 / bytes.length) }, () => bytes));
  return (socket) => {
    const more = (): void => {
      if (socket.writable) socket.write(many, () => setImmediate(more));
    };
    socket.write(first);
    more();
  };
}

/** A handshake record without end: the message in it is announced with 16 MB. */
export const endlessMessage = records(0x0303, Buffer.alloc(16_000));
export const startOfEndlessMessage = records(0x0303, Buffer.from('02ffffff0303', 'hex'));
export const warning = records(0x0303, Buffer.of(1, 112), { type: 21 });
export const emptyRecord = records(0x0303, Buffer.alloc(0));

/** A Certificate message as long as wanted, filled with one certificate of that length. */
export function certificateOf(size: number): Buffer {
  const der = Buffer.alloc(size - 6, 0x30);
  return message(11, Buffer.concat([number(der.length + 3, 3), number(der.length, 3), der]));
}

/** Hands a connection on to a good server; `each` may hold back or change what comes from it, the end comes `linger` ms later. */
export function onward(
  port: number,
  each: (chunk: Buffer, socket: Socket) => void = (chunk, socket) => socket.write(chunk),
  linger = 0,
): Behaviour {
  return (socket, hello) => {
    const behind = connect(port, '127.0.0.1', () => behind.write(hello));
    const end = (): void => void setTimeout(() => socket.end(), linger);
    behind.on('error', end);
    behind.on('end', end);
    behind.on('data', (chunk) => {
      if (socket.writable) each(chunk, socket);
    });
    socket.on('data', (chunk) => behind.write(chunk));
    socket.on('close', () => behind.destroy());
  };
}

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
