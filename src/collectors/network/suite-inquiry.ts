import type { TlsVersion } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import type { Answered, Inquiry } from './suite-discovery.ts';
import type { Asked } from './suite-order.ts';
import { ask, type Gap } from './tls-reply.ts';

/** What is asked about the suites of one version, and what was answered. */
export type SuiteInquiry = Inquiry & {
  readonly asked: Asked[];
  /** The first one. Silence ends the survey, for it costs its time limit once; anything else ends the list that met it. */
  gap: Gap | undefined;
  /** Suites are refused by closing the connection, as Windows does, instead of an alert. */
  closes: boolean;
  /** Suites of the longest list that was answered. */
  longestAnswered: number;
};

/** Opens the inquiry into one version's suites. */
export function openInquiry(line: Line, version: TlsVersion): SuiteInquiry {
  // Ends the hellos that still wait their turn.
  const stop = new AbortController();
  const own: Line = { ...line, signal: AbortSignal.any([line.signal, stop.signal]) };
  const accepted = new Set<number>();
  const refused = new Set<number>();
  // Whether any refusal came as an alert.
  let answers = false;
  const refuse = (suites: readonly number[]): 'refused' => {
    for (const suite of suites) if (!accepted.has(suite)) refused.add(suite);
    state.longestAnswered = Math.max(state.longestAnswered, suites.length);
    if (suites.some((suite) => accepted.has(suite))) state.gap ??= refusedLater;
    return 'refused';
  };
  // Tells a refusal from an accident: what was accepted before is accepted still.
  const isServed = async (): Promise<boolean> => {
    const [known] = accepted;
    return known !== undefined && (await ask(own, version, [known])).kind === 'chosen';
  };
  const state: SuiteInquiry = {
    accepted,
    refused,
    asked: [],
    gap: undefined,
    closes: false,
    longestAnswered: 0,
    async ask(suites): Promise<Answered> {
      if (state.gap?.reason === 'timed-out') return 'gap';
      const reply = await ask(own, version, suites);
      const entry: Asked = { offered: suites, chosen: reply.kind === 'chosen' ? reply.hello.suite : undefined };
      state.asked.push(entry);
      if (reply.kind === 'refused') {
        answers = true;
        if (state.closes) state.gap ??= bothWays;
        return refuse(suites);
      }
      if (reply.kind === 'undecided') {
        // An alert about a single suite may mean the suite, the scanner or the server's trouble: it decides nothing.
        if (suites.length === 1) state.gap ??= unfit('alert', reply.alert);
        return 'undecided';
      }
      if (reply.kind === 'chosen' && suites.includes(reply.hello.suite)) {
        accepted.add(reply.hello.suite);
        state.longestAnswered = Math.max(state.longestAnswered, suites.length);
        if (refused.has(reply.hello.suite)) state.gap ??= refusedLater;
        return reply.hello.suite;
      }
      const gap = reply.kind === 'dropped' ? reply.gap : unfit('unreadable', 'a suite was chosen that was not offered');
      if (cutOff.has(gap.reason) && !suites.some((suite) => accepted.has(suite)) && (await isServed())) {
        // A long hello may be cut off for its length.
        if (suites.length > shortHello) return 'undecided';
        state.closes = true;
        if (answers) state.gap ??= bothWays;
        return refuse(suites);
      }
      if (gap.reason === 'timed-out') {
        state.gap = gap;
        stop.abort();
      } else state.gap ??= gap;
      return 'gap';
    },
  };
  return state;
}

const cutOff: ReadonlySet<Gap['reason']> = new Set(['closed', 'reset']);

// Then it may be a device between that cuts off what is weak, and elsewhere the server may accept it.
const bothWays: Gap = {
  reason: 'reset',
  detail: 'some suites were refused by an alert, others by a closed connection',
};

/** Suites in a hello that no server cuts off for its length. */
const shortHello = 16;

/** An answer that contradicts an earlier one. */
export const refusedLater: Gap = { reason: 'alert', detail: 'an accepted suite was refused at another time' };

function unfit(reason: Gap['reason'], detail: string): Gap {
  return { reason, detail };
}
