/** A hello that was sent: suites in the order in which they stood, and the one that was chosen. */
export type Asked = { readonly offered: readonly number[]; readonly chosen: number | undefined };

/** Rounds in which the whole order is guessed and put to the test; after that, one place is asked for at a time. */
const guesses = 3;

/**
 * Whether the server chooses by an order of its own, as far as the answers show; undefined if they show nothing, `unknown` if
 * they fit neither (an order that changes, or an exception for some clients).
 */
export function whoDecides(
  asked: readonly Asked[],
  accepted: readonly number[],
): 'server' | 'client' | 'unknown' | undefined {
  const choices = choicesAmong(asked, accepted);
  const passedOver = choices.some(({ offered, chosen }) => offered[0] !== chosen);
  const beats = preferences(choices);
  const contradict = accepted.some((one) => [...(beats.get(one) ?? [])].some((other) => beats.get(other)?.has(one)));
  if (contradict) return passedOver ? 'unknown' : 'client';
  return passedOver ? 'server' : undefined;
}

/** An order that fits the answers so far; undefined where none does. */
export function likelyOrder(accepted: readonly number[], asked: readonly Asked[]): number[] | undefined {
  return fitting(accepted, preferences(choicesAmong(asked, accepted)));
}

type Ask = (suites: readonly number[]) => Promise<unknown>;

/**
 * Sorts what a server accepts by its preference, with few more hellos: guesses the order from what is known, asks for each place
 * that is not yet proven (all that should come after it, in reverse), and guesses again from the answers. `asked` grows with each
 * hello. Undefined if no order fits the answers, or a hello was not answered.
 */
export async function sortedByServer(
  accepted: readonly number[],
  asked: readonly Asked[],
  ask: Ask,
): Promise<number[] | undefined> {
  for (let round = 0; round < guesses; round += 1) {
    const beats = preferences(choicesAmong(asked, accepted));
    const guess = fitting(accepted, beats);
    if (!guess) return undefined;
    const open = guess.flatMap((suite, at) => {
      const next = guess[at + 1];
      return next === undefined || beats.get(suite)?.has(next) ? [] : [guess.slice(at).toReversed()];
    });
    if (open.length === 0) return guess;
    const answers = await Promise.all(open.map(ask));
    if (answers.some((answer) => typeof answer !== 'number')) return undefined;
  }
  return oneByOne(accepted, asked, ask);
}

// Only those can come next that nothing left is known to beat.
async function oneByOne(accepted: readonly number[], asked: readonly Asked[], ask: Ask): Promise<number[] | undefined> {
  const sorted: number[] = [];
  while (sorted.length < accepted.length) {
    const beats = preferences(choicesAmong(asked, accepted));
    const left = accepted.filter((suite) => !sorted.includes(suite));
    const heads = left.filter((suite) => !left.some((other) => beats.get(other)?.has(suite)));
    const next = heads.length > 1 ? await ask(heads.toReversed()) : heads[0];
    if (typeof next !== 'number') return undefined;
    sorted.push(next);
  }
  return sorted;
}

type Choice = { readonly offered: readonly number[]; readonly chosen: number };

// Suites that are never accepted play no part.
function choicesAmong(asked: readonly Asked[], accepted: readonly number[]): Choice[] {
  return asked.flatMap(({ offered, chosen }) => {
    if (chosen === undefined) return [];
    const real = offered.filter((suite) => accepted.includes(suite));
    return real.length > 1 ? [{ offered: real, chosen }] : [];
  });
}

function preferences(choices: readonly Choice[]): Map<number, Set<number>> {
  const beats = new Map<number, Set<number>>();
  for (const { offered, chosen } of choices) {
    const beaten = beats.get(chosen) ?? new Set();
    for (const suite of offered) if (suite !== chosen) beaten.add(suite);
    beats.set(chosen, beaten);
  }
  return beats;
}

// The given order, changed as little as the known preferences ask; undefined where they run in a circle.
function fitting(suites: readonly number[], beats: ReadonlyMap<number, ReadonlySet<number>>): number[] | undefined {
  const sorted: number[] = [];
  let left = [...suites];
  while (left.length > 0) {
    const best = left.find((suite) => !left.some((other) => beats.get(other)?.has(suite)));
    if (best === undefined) return undefined;
    sorted.push(best);
    left = left.filter((suite) => suite !== best);
  }
  return sorted;
}
