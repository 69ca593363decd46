/** A sum of amounts; undefined if one of them is missing or cannot be read. */
export type Sum = bigint | undefined;

/** All invoices of one key: with and without those that correct another. */
export type Invoiced = { readonly net: Sum; readonly plain: Sum; readonly hasPlain: boolean };

/** An invoice that counts, as far as its origin is concerned. */
export type Traceable = {
  readonly number: string | undefined;
  /** What it shares with its transaction; of links, its own number. */
  readonly key: string | undefined;
  readonly amount: Sum;
  readonly isRed: boolean;
  /** The number of the invoice that it corrects. */
  readonly corrects: string | undefined;
};

/** What came of an invoice. `corrects`: it corrects an invoice that is there. */
export type Outcome = 'keyless' | 'unlike' | 'untraced' | 'corrects' | 'agree' | 'above' | 'below' | 'uncompared';

/** Where an invoice’s counterparts are looked up; every map is by the key exactly as it was asked for. */
export type Lookups = {
  /** Whether the other side’s columns can hold a key. */
  canHold(key: string): boolean;
  /** Whether the other side’s server took another key for it when it was looked up: `A1` for `a1`. */
  isLike?(key: string): boolean;
  /** The sums of the transactions that there are. */
  traded(keys: readonly string[]): Promise<ReadonlyMap<string, Sum>>;
  /** The sums of all invoices of keys, whatever their time; absent where a key is unique, so that an invoice is alone. */
  readonly invoiced?: (keys: readonly string[]) => Promise<ReadonlyMap<string, Invoiced>>;
  /** Those of some keys that more than one invoice has, or may have, whatever their time; absent where all of them may. */
  readonly shared?: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Which numbers of invoices there are. */
  readonly known?: (numbers: readonly string[]) => Promise<ReadonlySet<string>>;
  /** The links of invoices to transactions, and back. */
  readonly links?: {
    transactionsOf(numbers: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
    invoicesOf(transactions: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  };
  /** Whether both sides have amounts that can be compared. */
  readonly isCompared: boolean;
};

/** Finds each invoice’s transaction and compares the amounts: all invoices of a key together with all transactions of it, exactly. */
export async function trace(invoices: readonly Traceable[], lookups: Lookups): Promise<Outcome[]> {
  const corrected = await knownCorrections(invoices, lookups);
  const open = invoices.filter((each) => !corrected.has(each));
  const judged = await (lookups.links ? byLinks(open, lookups, lookups.links) : byKeys(open, lookups));
  return invoices.map((each) => (corrected.has(each) ? 'corrects' : (judged.get(each) ?? 'untraced')));
}

async function knownCorrections(invoices: readonly Traceable[], { known }: Lookups): Promise<ReadonlySet<Traceable>> {
  const red = invoices.filter(({ corrects }) => corrects !== undefined);
  if (!known || red.length === 0) return new Set();
  const there = await known(distinct(red.map(({ corrects }) => corrects)));
  return new Set(red.filter(({ corrects = '' }) => there.has(corrects)));
}

async function byKeys(invoices: readonly Traceable[], lookups: Lookups): Promise<ReadonlyMap<Traceable, Outcome>> {
  const keys = distinct(invoices.map(({ key }) => key)).filter((key) => lookups.canHold(key));
  const traded = await lookups.traded(keys);
  const there = keys.filter((key) => traded.has(key));
  const together = lookups.isCompared ? await sharedOf(there, lookups) : new Map<string, undefined>();
  return new Map(
    invoices.map((invoice): [Traceable, Outcome] => {
      const { key } = invoice;
      if (key === undefined) return [invoice, 'keyless'];
      if (!lookups.canHold(key)) return [invoice, 'unlike'];
      if (!traded.has(key)) return [invoice, lookups.isLike?.(key) ? 'unlike' : 'untraced'];
      if (!lookups.isCompared) return [invoice, 'uncompared'];
      return [invoice, compared(traded.get(key), together.has(key) ? together.get(key) : alone(invoice))];
    }),
  );
}

// The sums of all invoices of those keys that more than one may have.
async function sharedOf(
  keys: readonly string[],
  { shared, invoiced }: Lookups,
): Promise<ReadonlyMap<string, Invoiced | undefined>> {
  if (!invoiced) return new Map();
  const some = shared ? await shared(keys) : new Set(keys);
  const asked = keys.filter((key) => some.has(key));
  const sums = asked.length === 0 ? undefined : await invoiced(asked);
  return new Map(asked.map((key) => [key, sums?.get(key)]));
}

async function byLinks(
  invoices: readonly Traceable[],
  lookups: Lookups,
  links: NonNullable<Lookups['links']>,
): Promise<ReadonlyMap<Traceable, Outcome>> {
  const ways = await links.transactionsOf(distinct(invoices.map(({ key }) => key)));
  const traded = await lookups.traded(distinct([...ways.values()].flat()).filter((key) => lookups.canHold(key)));
  const outcomes = new Map<Traceable, Outcome>();
  const there = new Map<Traceable, readonly string[]>();
  for (const invoice of invoices) {
    const { key } = invoice;
    const ends = key === undefined ? [] : (ways.get(key) ?? []);
    if (ends.length === 0) outcomes.set(invoice, 'keyless');
    else if (ends.every((each) => traded.has(each))) there.set(invoice, ends);
    else {
      const missing = ends.filter((each) => !traded.has(each));
      const isUnlike = missing.every((each) => !lookups.canHold(each) || lookups.isLike?.(each));
      outcomes.set(invoice, isUnlike ? 'unlike' : 'untraced');
    }
  }
  if (!lookups.isCompared)
    return new Map([...outcomes, ...[...there.keys()].map((each) => [each, 'uncompared'] as const)]);
  const shared = await sharersOf([...there.values()].flat(), lookups, links);
  for (const [invoice, ends] of there) {
    const due = total(ends.map((each) => traded.get(each)));
    outcomes.set(invoice, shared.isTangled(ends) ? 'uncompared' : compared(due, shared.sumOf(ends)));
  }
  return outcomes;
}

// All invoices of a transaction must agree with it together. Where several invoices have several transactions, nothing can be told.
async function sharersOf(
  transactions: readonly string[],
  { invoiced }: Lookups,
  links: NonNullable<Lookups['links']>,
): Promise<{ isTangled(ends: readonly string[]): boolean; sumOf(ends: readonly string[]): Invoiced | undefined }> {
  const back = await links.invoicesOf(distinct(transactions));
  const numbers = distinct([...back.values()].flat());
  const ends = await links.transactionsOf(numbers);
  const sums = (await invoiced?.(numbers)) ?? new Map<string, Invoiced>();
  const invoicesOf = (of: readonly string[]): string[] => distinct(of.flatMap((each) => back.get(each) ?? []));
  return {
    isTangled: (of) => invoicesOf(of).length > 1 && invoicesOf(of).some((each) => (ends.get(each) ?? []).length > 1),
    sumOf: (of) => together(invoicesOf(of).map((each) => sums.get(each))),
  };
}

function alone({ amount, isRed }: Traceable): Invoiced {
  return { net: amount, plain: isRed ? 0n : amount, hasPlain: !isRed };
}

function together(all: readonly (Invoiced | undefined)[]): Invoiced | undefined {
  const there = all.filter((each) => each !== undefined);
  if (there.length < all.length) return undefined;
  return {
    net: total(there.map(({ net }) => net)),
    plain: total(there.map(({ plain }) => plain)),
    hasPlain: there.some(({ hasPlain }) => hasPlain),
  };
}

/** The sum of amounts, if all of them can be read. */
export function total(amounts: readonly Sum[]): Sum {
  return amounts.reduce<Sum>((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each), 0n);
}

// A correction may undo an invoice that is then issued anew (the sum of all agrees), or follow a return of goods that left the record of the
// transaction as it was (the sum without corrections agrees).
function compared(traded: Sum, invoiced: Invoiced | undefined): Outcome {
  if (traded === undefined || invoiced?.net === undefined) return 'uncompared';
  if (invoiced.net === traded || (invoiced.hasPlain && invoiced.plain === traded)) return 'agree';
  return invoiced.net > traded ? 'above' : 'below';
}

function distinct(keys: readonly (string | undefined)[]): string[] {
  return [...new Set(keys.filter((key) => key !== undefined))];
}
