import { halved, isCommon, isUsual, longestList, sliced } from './asked-suites.ts';

/** What a hello with these suites brings: the suite that is chosen; `undecided` where the alert may be about something else. */
export type Answered = number | 'refused' | 'undecided' | 'gap';

/** What is known of one version's suites, and the way to ask for more. */
export type Inquiry = {
  readonly accepted: ReadonlySet<number>;
  readonly refused: ReadonlySet<number>;
  ask(suites: readonly number[]): Promise<Answered>;
};

/** Suites that are asked for one after the other; more are asked for in parallel. */
const longestWalk = 3;

/** Parts of an unlikely list, once something of it is accepted all the same. */
const pieces = 4;

/**
 * Asks until each suite is accepted or refused, or a gap ends it. `suites` stand in the order in which most servers prefer them:
 * the nearer the server's own order, the fewer hellos, down to little more than one for each accepted suite.
 */
export async function discover(inquiry: Inquiry, suites: readonly number[]): Promise<void> {
  const others = suites.filter((suite) => !isCommon(suite));
  await Promise.all([
    ...suites.filter(isCommon).map((suite) => inquiry.ask([suite])),
    ...sliced(others).map((slice, at, slices) => split(inquiry, slice, slices.slice(at + 1).flat())),
  ]);
  await discoverRest(inquiry, suites);
}

/** The same for suites of which few are expected to be accepted. */
export async function discoverRest(inquiry: Inquiry, suites: readonly number[]): Promise<void> {
  await Promise.all(
    sliced(open(inquiry, suites)).map(async (slice) => {
      if ((await askFor(inquiry, slice, [])) === undefined) return;
      const left = open(inquiry, slice);
      await Promise.all(sliced(left, Math.ceil(left.length / pieces)).map((piece) => walk(inquiry, piece, [])));
    }),
  );
}

// One hello for the whole list. If something of it is accepted, the usual suites in parallel, and the others together.
async function split(inquiry: Inquiry, list: readonly number[], later: readonly number[]): Promise<void> {
  if ((await askFor(inquiry, list, [])) === undefined) return;
  const left = open(inquiry, list);
  const expected = left.filter(isUsual);
  const following = [...expected, ...later.filter(isUsual)];
  await Promise.all([
    ...sliced(expected, longestWalk).map((piece, at) => walk(inquiry, piece, following.slice((at + 1) * longestWalk))),
    discoverRest(
      inquiry,
      left.filter((suite) => !isUsual(suite)),
    ),
  ]);
}

/*
 * One accepted suite after the other. What is probably preferred less stands behind in the same hello: that a suite is chosen before
 * its successor shows their order at no cost. When one of those behind is chosen, nothing more is expected of the list: what is left
 * of it is asked for later, together with what is left of the others.
 */
async function walk(inquiry: Inquiry, list: readonly number[], behind: readonly number[]): Promise<void> {
  for (let left = open(inquiry, list); left.length > 0; left = open(inquiry, left)) {
    const chosen = await askFor(inquiry, left, behind);
    if (chosen === undefined || !left.includes(chosen)) return;
  }
}

// The weakest stand first in the hello: if a good one is chosen all the same, it is the server that decides.
async function askFor(
  inquiry: Inquiry,
  list: readonly number[],
  behind: readonly number[],
): Promise<number | undefined> {
  const tail = behind.slice(0, Math.max(0, longestList - list.length));
  const reply = await inquiry.ask([...list.toReversed(), ...tail.toReversed()]);
  if (typeof reply === 'number') return reply;
  if (reply !== 'undecided' || (list.length === 1 && tail.length === 0)) return undefined;
  if (tail.length > 0) return askFor(inquiry, list, []);
  await Promise.all(halved(list).map((half) => walk(inquiry, half, [])));
  return undefined;
}

function open({ accepted, refused }: Inquiry, suites: readonly number[]): readonly number[] {
  return suites.filter((suite) => !accepted.has(suite) && !refused.has(suite));
}
