import { suiteName } from '../../evidence/network/cipher-suites.ts';
import type { TlsSuites, TlsVersion } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import { askedSuites, isTls12Only, lighterFirst } from './asked-suites.ts';
import { discover, discoverRest } from './suite-discovery.ts';
import { openInquiry, refusedLater, type SuiteInquiry } from './suite-inquiry.ts';
import { type Asked, likelyOrder, sortedByServer, whoDecides } from './suite-order.ts';
import { confirmRefusals } from './suite-refusals.ts';
import type { Gap } from './tls-reply.ts';

/** Suites that are sorted at once. */
const shortList = 8;

/** The suites that a version accepts. */
export type Survey = {
  /** In the order that evidence has. */
  readonly accepted: readonly number[];
  readonly order: TlsSuites['order'];
  /** Where the order is unknown: what was chosen out of all that is accepted, in whatever order it stood. */
  readonly chosen?: readonly number[];
  readonly gap?: Gap;
  /** What is not accepted was refused by closing the connection; an accepted suite was answered again each time. */
  readonly closes?: boolean;
  /** Hellos sent. */
  readonly hellos: number;
};

/** As evidence has it. */
export function suitesOf({ accepted, order, chosen, gap, closes }: Survey): TlsSuites {
  return {
    accepted: accepted.map(suiteName),
    order,
    ...(chosen ? { chosen: chosen.map(suiteName) } : {}),
    ...(closes ? { refusedByClosing: true } : {}),
    ...(gap ? { gap } : {}),
  };
}

/** A survey that is under way. */
export type Surveying = {
  /** What is accepted, in an order that fits what was seen: enough to ask for more. */
  readonly found: Promise<Survey>;
  readonly whole: Promise<Survey>;
};

/**
 * Asks one version for every suite. `newer` is what a newer version of the same endpoint accepts: it foretells the answers, so that
 * one round of hellos shows both what is accepted and in which order.
 */
export function surveySuites(line: Line, version: TlsVersion, newer?: Survey): Surveying {
  const state = openInquiry(line, version);
  const found = findAll(state, version, newer);
  return {
    found: found.then((accepted) => foundSoFar(state, accepted)),
    whole: found.then((accepted) => inOrder(state, accepted)),
  };
}

async function findAll(
  state: SuiteInquiry,
  version: TlsVersion,
  newer: Survey | undefined,
): Promise<readonly number[]> {
  const all = askedSuites(version);
  const foretold = foretoldBy(newer, version);
  if (foretold.length === 0) await discover(state, all);
  else {
    const others = all.filter((suite) => !foretold.includes(suite));
    await Promise.all([confirm(state, foretold, newer?.order === 'server'), discoverRest(state, others)]);
    await discoverRest(state, all);
  }
  return all.filter((suite) => state.accepted.has(suite));
}

function foundSoFar(state: SuiteInquiry, accepted: readonly number[]): Survey {
  return {
    accepted: likelyOrder(accepted, state.asked) ?? accepted,
    order: whoDecides(state.asked, accepted) ?? 'unknown',
    hellos: state.asked.length,
    ...(state.gap ? { gap: state.gap } : {}),
  };
}

async function inOrder(state: SuiteInquiry, accepted: readonly number[]): Promise<Survey> {
  const surveyed = state.asked.length;
  const [{ order, sorted }] = await Promise.all([orderOf(state, accepted), confirmRefusals(state, accepted[0])]);
  const chosen = order === 'unknown' && accepted.length > 1 ? await chosenOfAll(state, accepted) : undefined;
  await confirmAccess(state, accepted, surveyed);
  const { gap, closes, asked } = state;
  // What was refused before, and is accepted after all.
  const late = [...state.accepted].filter((suite) => !accepted.includes(suite));
  const whole =
    late.length > 0 ? { accepted: [...sorted, ...late], order: 'unknown' as const } : { accepted: sorted, order };
  return { ...whole, ...(chosen ? { chosen } : {}), closes, ...(gap ? { gap } : {}), hellos: asked.length };
}

// Where the server decides, each foretold suite is offered with all that should come after it; else it stands alone.
async function confirm(state: SuiteInquiry, foretold: readonly number[], byServer: boolean): Promise<void> {
  await Promise.all(foretold.map((suite, index) => state.ask(byServer ? foretold.slice(index).toReversed() : [suite])));
}

// A server that has begun to turn the scanner away refuses everything: what it took before, it must still take.
async function confirmAccess(state: SuiteInquiry, accepted: readonly number[], since: number): Promise<void> {
  if (accepted.length === 0 || state.gap) return;
  if (state.asked.length === since) await state.ask(accepted.slice(0, 100));
  const isTurnedAway = ({ offered, chosen }: Asked): boolean =>
    chosen === undefined && offered.some((suite) => accepted.includes(suite));
  if (state.asked.slice(since).some(isTurnedAway)) state.gap ??= refusedLater;
}

async function chosenOfAll(state: SuiteInquiry, accepted: readonly number[]): Promise<readonly number[]> {
  if (!state.gap) await Promise.all([state.ask(accepted), state.ask(accepted.toReversed())]);
  const whole = state.asked.filter(({ offered }) => accepted.every((suite) => offered.includes(suite)));
  return [...new Set(whole.flatMap(({ chosen }) => chosen ?? []))];
}

function foretoldBy(newer: Survey | undefined, version: TlsVersion): readonly number[] {
  if (!newer || newer.gap) return [];
  return version === 'TLSv1.2' ? newer.accepted : newer.accepted.filter((suite) => !isTls12Only(suite));
}

async function orderOf(
  state: SuiteInquiry,
  accepted: readonly number[],
): Promise<{ order: TlsSuites['order']; sorted: readonly number[] }> {
  const unsorted = (order: TlsSuites['order']) => ({ order, sorted: accepted });
  if (accepted.length < 2) return unsorted('unknown');
  const decides = (): ReturnType<typeof whoDecides> => whoDecides(state.asked, accepted);
  // A few are put to the test in both usual orders at once: that mostly shows the order, and who decides.
  const orders = accepted.length > shortList ? [] : [accepted, lighterFirst(accepted)];
  if (decides() === undefined)
    await Promise.all(
      orders.length === 0
        ? [state.ask(accepted), state.ask(accepted.toReversed())]
        : distinct(orders.flatMap(endsOf)).map((end) => state.ask(end.toReversed())),
    );
  if (decides() === 'client' || decides() === 'unknown') return unsorted(decides() ?? 'unknown');
  const sorted = await sortedByServer(accepted, state.asked, (suites) => state.ask(suites));
  if (sorted && decides() === undefined) await state.ask(sorted.toReversed());
  return sorted && decides() === 'server'
    ? { order: 'server', sorted }
    : unsorted(decides() === 'client' ? 'client' : 'unknown');
}

// From each place to the end: whichever is chosen precedes all that follow it.
function endsOf(suites: readonly number[]): (readonly number[])[] {
  return suites.slice(0, -1).map((_, at) => suites.slice(at));
}

function distinct(lists: readonly (readonly number[])[]): (readonly number[])[] {
  return [...new Map(lists.map((list) => [list.join(), list])).values()];
}
