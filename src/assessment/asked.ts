import { type LedgerType, ledgerNames } from '../evidence/filed/ledger-types.ts';
import type { Occasion } from '../occasion.ts';
import { bindsAt } from './needs.ts';
import type { Profile, Requirement } from './profile.ts';

/** Something that a unit hands over, and the requirements that ask for it. */
export type Asked<T> = { readonly name: T; readonly by: readonly Requirement[] };

/** What a profile asks a unit to hand over. */
export type AskedFor = {
  readonly papers: readonly Asked<string>[];
  readonly facts: readonly Asked<string>[];
  readonly ledgers: readonly Asked<LedgerType>[];
  /** Requirements that a person signs for. */
  readonly statements: readonly Requirement[];
};

/** The papers, facts, ledgers and statements that a profile's requirements ask for, at one occasion or at all. */
export function askedFor(profile: Profile, occasion?: Occasion): AskedFor {
  const binding = profile.requirements.filter((requirement) => !occasion || bindsAt(requirement, occasion));
  const facts = whoAsks(Object.keys(profile.facts), binding);
  const sources = facts.flatMap(({ name, by }) => {
    const paper = profile.facts[name]?.paper;
    return paper === undefined ? [] : [{ name: paper, by }];
  });
  return {
    papers: joinedByName([...whoAsks(Object.keys(profile.papers), binding), ...sources]),
    facts,
    ledgers: whoAsks(ledgerNames, binding),
    statements: binding.filter(({ attest }) => attest),
  };
}

// A fact's source may be a paper that is asked for by itself as well.
function joinedByName(asked: readonly Asked<string>[]): Asked<string>[] {
  return [...Map.groupBy(asked, ({ name }) => name)].map(([name, all]) => ({
    name,
    by: [...new Set(all.flatMap(({ by }) => by))],
  }));
}

function whoAsks<T extends string>(names: readonly T[], requirements: readonly Requirement[]): Asked<T>[] {
  const named = requirements.map(({ uses }) => new Set(uses.flatMap(({ parameters }) => stringsIn(parameters))));
  return names.flatMap((name) => {
    const by = requirements.filter((_, index) => named[index]?.has(name));
    return by.length > 0 ? [{ name, by }] : [];
  });
}

/** Every text in a check's parameters: names of papers, facts and ledgers stand among them. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
