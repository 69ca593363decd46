import { setTimeout as sleep } from 'node:timers/promises';
import { ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';

/** Seconds that a port gets to answer: a lost packet is sent again after one (RFC 6298, 2.1). */
const timeout = 3;

/** Seconds between two connections: at first, and at most, after doubling each time. */
const firstPause = 1;
const longestPause = 15;

/** A port that is known to answer. */
export type Watched = {
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
};

/** How many connections were tried, and how many came about. */
export type Tally = { asked: number; answered: number };

/**
 * Connects to a port again and again while a scan runs, a last time after it: a defence that shuts the scanner out would show here.
 * Gives what the job gave, and the tally; the first connection is done before the job begins.
 */
export async function watched<T>(spot: Watched, job: () => Promise<T>): Promise<{ result: T; tally: Tally }> {
  const tally: Tally = { asked: 0, answered: 0 };
  await knock(spot, tally);
  const over = new AbortController();
  const watch = knockUntil(over.signal, spot, tally);
  try {
    const result = await job();
    over.abort();
    await watch;
    await knock(spot, tally);
    return { result, tally };
  } finally {
    over.abort();
    await watch;
  }
}

async function knockUntil(over: AbortSignal, spot: Watched, tally: Tally): Promise<void> {
  for (let pause = firstPause; !over.aborted; pause = Math.min(2 * pause, longestPause)) {
    await sleep(pause * 1000, undefined, { signal: over, ref: false }).catch(() => {});
    if (!over.aborted) await knock(spot, tally);
  }
}

async function knock({ gate, host, port, signal }: Watched, tally: Tally): Promise<void> {
  tally.asked += 1;
  try {
    (await gate.connect(host, port, { timeout, signal, by: 'port scan check' })).destroy();
    tally.answered += 1;
  } catch (error) {
    if (error instanceof ScopeError) throw error;
  }
}
