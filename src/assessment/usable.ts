import type { Evidence } from '../../checks/check.ts';
import { addDays, addMonths, dateIn, type PlainDate } from '../evidence/dates.ts';
import type { PlatformDeclaration } from '../evidence/filed/platform.ts';
import { type Kind, kindNames, kinds, type Per } from '../evidence/kinds.ts';
import { isLater, placeOf } from '../evidence/latest.ts';
import { type Observation, originOf, type Reason, type Seen } from '../evidence/observation.ts';
import { missingShards, type ShardsOfZone } from '../evidence/shards.ts';
import { expectedSubjects } from '../evidence/subjects.ts';
import { said } from '../text.ts';
import { stringsIn } from './asked.ts';
import type { Profile } from './profile.ts';

/** Something expected that is not there, or cannot be used: a finding for every check that reads its kind. */
export type Gap = { kind: Kind; subject: string; reason: Reason; detail: string; cites: readonly string[] };

/** The evidence as checks see it, and what is missing of it. */
export type Usable = {
  readonly seen: Evidence<Kind>;
  readonly gaps: ReadonlyMap<Kind, readonly Gap[]>;
  readonly byId: ReadonlyMap<string, Observation>;
  /** Which logs each central store holds: a check of others does not answer for it. */
  readonly logKinds: ReadonlyMap<string, string>;
  /** The paper that a fact must be taken from, where the profile names it. */
  readonly paperOf: ReadonlyMap<string, string>;
  /** The first day whose measurements, and signatures without an end, still count. */
  readonly oldest: PlainDate;
};

/** Parts evidence into what checks may see and what is missing, unobserved, too old, or later than the as-of date. */
export function usableEvidence(
  observations: readonly Observation[],
  declaration: PlatformDeclaration,
  profile: Profile,
  asOf: PlainDate,
  shards?: readonly ShardsOfZone[],
): Usable {
  const seen = new Map<Kind, Seen<unknown>[]>(kindNames.map((kind) => [kind, []]));
  const gaps = new Map<Kind, Gap[]>();
  const limits = { oldest: addMonths(asOf, -profile.maxAgeMonths), ledgers: addDays(asOf, -profile.ledgerDays), asOf };
  const there = new Set<string>();
  const last = new Map<string, Observation>();
  const expected = new Map<Per, ReadonlySet<string>>();
  const expects = (per: Per, subject: string): boolean => {
    const subjects = expected.get(per) ?? new Set(expectedSubjects(per, declaration));
    expected.set(per, subjects);
    return subjects.has(subject);
  };
  for (const observation of observations) {
    const { id, kind, subject, at, source } = observation;
    there.add(`${kind}\n${subject}`);
    const on = dateIn(at, declaration.timeZone);
    const gap = gapOf(observation, on, limits) ?? strangerGap(observation, expects);
    if (gap) {
      push(gaps, kind, { kind, subject, cites: [id], ...gap });
      continue;
    }
    const place = placeOf(observation);
    const known = last.get(place);
    last.set(place, known && isLater(known, observation) ? known : observation);
    push(seen, kind, { id, subject, at, on, zone: source.zone, value: observation.observed });
  }
  // A machine seen twice is as it was seen last; papers that differ are for the checks to judge.
  const isLast = new Set([...last.values()].map(({ id }) => id));
  for (const [kind, all] of seen) {
    if (originOf(kind) !== 'filed')
      seen.set(
        kind,
        all.filter(({ id }) => isLast.has(id)),
      );
  }
  const detail = missingDetail(shards);
  for (const kind of new Set(profile.requirements.flatMap((each) => each.uses.flatMap((use) => use.check.reads)))) {
    for (const subject of expectedSubjects(kinds[kind].per, declaration)) {
      if (!there.has(`${kind}\n${subject}`))
        push(gaps, kind, { kind, subject, reason: 'not-collected', detail, cites: [] });
    }
  }
  // parseObservation has read each value by the schema of its kind, which a map cannot say.
  return {
    seen: Object.fromEntries(seen) as unknown as Evidence<Kind>,
    gaps,
    oldest: limits.oldest,
    logKinds: new Map((declaration.logStores ?? []).map(({ name, of }) => [name, of])),
    byId: new Map(observations.map((observation) => [observation.id, observation])),
    paperOf: new Map(Object.entries(profile.facts).flatMap(([name, { paper }]) => (paper ? [[name, paper]] : []))),
  };
}

// A part that was not merged is the likely reason, and it can be mended.
function missingDetail(shards: readonly ShardsOfZone[] | undefined): string {
  const missing = missingShards(shards);
  if (missing.length === 0) return '';
  const names = `${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ' …' : ''}`;
  return said({ zh: `证据包缺少分片 ${names}`, en: `the evidence lacks the parts ${names}` });
}

// Papers, facts, ledgers and statements are asked for by name; whatever else is judged must be the platform's own.
function strangerGap(
  { kind, subject }: Observation,
  expects: (per: Per, subject: string) => boolean,
): { reason: Reason; detail: string } | undefined {
  const { per } = kinds[kind];
  if (isNamed(per) || expects(per, subject)) return undefined;
  return { reason: 'not-declared', detail: subject };
}

function isNamed(per: Per): boolean {
  return per === 'document' || per === 'fact' || per === 'ledger' || per === 'statement';
}

function gapOf(
  observation: Observation,
  on: PlainDate,
  { oldest, ledgers, asOf }: { oldest: PlainDate; ledgers: PlainDate; asOf: PlainDate },
): { reason: Reason; detail: string } | undefined {
  if (observation.unobserved) return observation.unobserved;
  if (on > asOf)
    return { reason: 'after-as-of', detail: said({ zh: `${on} 晚于 ${asOf}`, en: `${on} is after ${asOf}` }) };
  if (originOf(observation.kind) !== 'filed' && on < oldest) return { reason: 'stale', detail: notBefore(on, oldest) };
  if (observation.kind === 'ledgers' && observation.observed.until < ledgers)
    return { reason: 'stale', detail: notBefore(observation.observed.until, ledgers) };
  return undefined;
}

function notBefore(on: PlainDate, first: PlainDate): string {
  return said({ zh: `${on} 早于 ${first}`, en: `${on} is before ${first}` });
}

/** What is missing that a check must answer for: of papers, facts, ledgers and statements only those its parameters name. */
export function gapsFor(kind: Kind, parameters: unknown, usable: Usable): readonly Gap[] {
  const gaps = usable.gaps.get(kind) ?? [];
  if (kinds[kind].per === 'log-store') {
    const asked = new Set(stringsIn(parameters));
    return gaps.filter(({ subject }) => asked.has(usable.logKinds.get(subject) ?? subject));
  }
  if (!isNamed(kinds[kind].per)) return gaps;
  const named = new Set(stringsIn(parameters));
  return gaps.filter((gap) => named.has(gap.subject));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
