import type { Socket } from 'node:net';
import { codeOf } from '../../errors.ts';

/** Seconds for a connection, and again for the answer. */
export const timeLimit = 10;

/** Bytes of an answer that are kept: several times the longest certificate chain in use. */
export const largestAnswer = 64 * 1024;

/** Bytes after which nothing more is listened to, for a server that has this much to say before the client's turn means harm. */
const longestTalk = 1024 * 1024;

/** What came back on one connection. */
export type Answer = {
  /** The first bytes, as they came. */
  readonly heard: Buffer;
  /**
   * How it ended: by us, by the other side in order or not, by our time limit, or before it was connected; refused before TLS by
   * the service, or not begun lest it refuse.
   */
  readonly ending: 'done' | 'closed' | 'reset' | 'timed-out' | 'not-connected' | 'turned-away' | 'held-back';
  /** The error code, where there was one; else words. */
  readonly detail: string;
};

/** The answer of a connection on which nothing was heard. */
export function unheard(ending: Answer['ending'], detail: string): Answer {
  return { heard: Buffer.alloc(0), ending, detail };
}

/** What is heard of a socket, until somebody ends it. */
export type Ear = { heard(): Buffer; end(ending: Answer['ending'], detail?: string): void };

/** Keeps what is heard, and calls back once, whatever ends the talk first; then it listens no more. */
export function listen(socket: Socket, ended: (ending: Answer['ending'], detail: string) => void): Ear {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  const end: Ear['end'] = (ending, detail = '') => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    for (const [event, hear] of hears) socket.off(event, hear);
    ended(ending, detail);
  };
  const timer = setTimeout(() => end('timed-out', `${timeLimit} s`), timeLimit * 1000);
  const hears = [
    [
      'data',
      (chunk: Buffer) => {
        // Even an empty part of a chunk would keep all of it in memory.
        if (size < largestAnswer) chunks.push(chunk.subarray(0, largestAnswer - size));
        size += chunk.length;
        if (size > longestTalk) setImmediate(end, 'done', 'too long');
      },
    ],
    // Whoever reads the bytes comes first: an alert may stand before the end of the connection.
    ['end', () => void setImmediate(end, 'closed')],
    ['error', (error: Error) => void setImmediate(end, 'reset', codeOf(error) ?? '')],
    ['close', () => void setImmediate(end, 'closed')],
  ] as const;
  for (const [event, hear] of hears) socket.on(event, hear);
  if (socket.destroyed) setImmediate(end, 'reset');
  return { heard: () => Buffer.concat(chunks), end };
}
