import { suiteName } from '../../evidence/network/cipher-suites.ts';
import type { TlsSuites, TlsVersion } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import { askedSuites, dealt, isTls12Only, sliced } from './asked-suites.ts';
import { type Asked, sortedByServer, whoDecides } from './suite-order.ts';
import { ask, type Gap } from './tls-reply.ts';

/** Lists that the suites of a version are dealt into: asked in parallel, each loses its accepted suites one by one. */
const lists = 8;

/** The suites that a version accepts. */
export type Survey = {
  /** In the order that evidence has. */
  readonly accepted: readonly number[];
  readonly order: TlsSuites['order'];
  readonly gap?: Gap;
  /** Hellos sent. */
  readonly hellos: number;
};

/** As evidence has it. */
export function suitesOf({ accepted, order, gap }: Survey): TlsSuites {
  return { accepted: accepted.map(suiteName), order, ...(gap ? { gap } : {}) };
}

/**
 * Asks one version for every suite. `newer` is what a newer version of the same endpoint accepts: it foretells the answers, so that
 * one round of hellos shows both what is accepted and in which order.
 */
export async function surveySuites(line: Line, version: TlsVersion, newer?: Survey): Promise<Survey> {
  const state = createState(line, version);
  const all = askedSuites(version);
  const foretold = foretoldBy(newer, version);
  if (foretold.length === 0) await Promise.all(dealt(all, lists).map((list) => discover(state, list)));
  else {
    const others = all.filter((suite) => !foretold.includes(suite));
    await Promise.all([
      confirm(state, foretold, newer?.order === 'server'),
      ...dealt(others, sliced(others).length).map((list) => discover(state, list)),
    ]);
    await discover(
      state,
      foretold.filter((suite) => !state.accepted.has(suite) && !state.refused.has(suite)),
    );
  }
  const accepted = all.filter((suite) => state.accepted.has(suite));
  const surveyed = state.asked.length;
  const { order, sorted } = await orderOf(state, accepted);
  await confirmAccess(state, accepted, surveyed);
  return { accepted: sorted, order, ...(state.gap ? { gap: state.gap } : {}), hellos: state.asked.length };
}

type State = {
  readonly accepted: Set<number>;
  readonly refused: Set<number>;
  readonly asked: Asked[];
  /** The first one. Silence ends the survey, for it costs its time limit once; anything else ends the list that met it. */
  gap: Gap | undefined;
  /** The suite that is chosen; `undecided` where the alert may be about another part of the hello. */
  ask(suites: readonly number[]): Promise<number | 'refused' | 'undecided' | 'gap'>;
};

function createState(line: Line, version: TlsVersion): State {
  // Ends the hellos that still wait their turn.
  const stop = new AbortController();
  const own: Line = { ...line, signal: AbortSignal.any([line.signal, stop.signal]) };
  const state: State = {
    accepted: new Set(),
    refused: new Set(),
    asked: [],
    gap: undefined,
    async ask(suites) {
      if (state.gap?.reason === 'timed-out') return 'gap';
      const reply = await ask(own, version, suites);
      const entry: Asked = { offered: suites, chosen: reply.kind === 'chosen' ? reply.hello.suite : undefined };
      state.asked.push(entry);
      if (reply.kind === 'refused') for (const suite of suites) state.refused.add(suite);
      if (reply.kind === 'refused') return 'refused';
      if (reply.kind === 'undecided') {
        // An alert about a single suite may mean the suite, the scanner or the server's trouble: it decides nothing.
        if (suites.length === 1) state.gap ??= unfit('alert', reply.alert);
        return 'undecided';
      }
      if (reply.kind === 'chosen' && suites.includes(reply.hello.suite)) {
        state.accepted.add(reply.hello.suite);
        return reply.hello.suite;
      }
      const gap = reply.kind === 'dropped' ? reply.gap : unfit('unreadable', 'a suite was chosen that was not offered');
      if (gap.reason === 'timed-out') {
        state.gap = gap;
        stop.abort();
      } else state.gap ??= gap;
      return 'gap';
    },
  };
  return state;
}

// The weakest stand first in the hello: if a good one is chosen all the same, it is the server that decides.
async function discover(state: State, list: readonly number[]): Promise<void> {
  let open = list.toReversed();
  while (open.length > 0) {
    const reply = await state.ask(open);
    if (reply === 'refused' || reply === 'gap') return;
    if (reply === 'undecided') {
      if (open.length === 1) return;
      await Promise.all(sliced(open, Math.ceil(open.length / 2)).map((half) => discover(state, half.toReversed())));
      return;
    }
    open = open.filter((suite) => suite !== reply);
  }
}

// Where the server decides, each foretold suite is offered with all that should come after it; else it stands alone.
async function confirm(state: State, foretold: readonly number[], byServer: boolean): Promise<void> {
  await Promise.all(foretold.map((suite, index) => state.ask(byServer ? foretold.slice(index).toReversed() : [suite])));
}

// A server that has begun to turn the scanner away refuses everything: what it took before, it must still take.
async function confirmAccess(state: State, accepted: readonly number[], since: number): Promise<void> {
  if (accepted.length === 0 || state.gap) return;
  if (state.asked.length === since) await state.ask(accepted.slice(0, 100));
  if (state.asked.slice(since).some(({ chosen }) => chosen === undefined))
    state.gap ??= unfit('alert', 'an accepted suite was refused later');
}

function unfit(reason: Gap['reason'], detail: string): Gap {
  return { reason, detail };
}

function foretoldBy(newer: Survey | undefined, version: TlsVersion): readonly number[] {
  if (!newer || newer.gap) return [];
  return version === 'TLSv1.2' ? newer.accepted : newer.accepted.filter((suite) => !isTls12Only(suite));
}

async function orderOf(
  state: State,
  accepted: readonly number[],
): Promise<{ order: TlsSuites['order']; sorted: readonly number[] }> {
  if (accepted.length < 2) return { order: 'unknown', sorted: accepted };
  let decides = whoDecides(state.asked, accepted);
  if (decides === undefined) {
    await Promise.all([state.ask(accepted), state.ask(accepted.toReversed())]);
    decides = whoDecides(state.asked, accepted);
  }
  if (decides !== 'server') return { order: decides ?? 'unknown', sorted: accepted };
  const sorted = await sortedByServer(accepted, state.asked, (suites) => state.ask(suites));
  return sorted ? { order: 'server', sorted } : { order: 'unknown', sorted: accepted };
}
