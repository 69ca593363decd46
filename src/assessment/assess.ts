import { createHash } from 'node:crypto';
import type { Finding } from '../../checks/check.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { PlainDate } from '../evidence/dates.ts';
import { type Kind, kinds } from '../evidence/kinds.ts';
import { type EvidenceSet, type Observation, originOf } from '../evidence/observation.ts';
import { missingShards } from '../evidence/shards.ts';
import { type Occasion, occasionTitles } from '../occasion.ts';
import { fill, joined, type Text } from '../text.ts';
import { annexIn } from './annex/annex.ts';
import {
  type AssessedFinding,
  type AssessedRequirement,
  type Assessment,
  assessmentFormat,
  assessmentSchema,
  type EvidenceEntry,
} from './assessment.ts';
import { basisOf, basisOfVerdict, citesFact } from './basis.ts';
import { exhibitsOf } from './exhibits.ts';
import { findingId, namesIn } from './finding-id.ts';
import { ruleHash, seenHasher } from './hashes.ts';
import { bindsAt, neededKinds } from './needs.ts';
import { gapFinding, noCheckYet, onlyAttested, onlyDeclared, signatureFinding, threw } from './own-findings.ts';
import type { Profile, Requirement, Use } from './profile.ts';
import { structured } from './structured.ts';
import { type SubjectNames, subjectNames } from './subject-names.ts';
import { tighten } from './tighten.ts';
import { uncollectedIn } from './uncollected.ts';
import { gapsFor, type Usable, usableEvidence } from './usable.ts';
import { fold, type Verdict, verdicts } from './verdict.ts';
import { withWaivers } from './waivers.ts';
import type { Waiver } from './waivers-file.ts';

/** What an assessment is made with besides evidence and profile. */
export type AssessOptions = {
  readonly asOf: PlainDate;
  readonly occasion: Occasion;
  readonly version: string;
  /** What the unit accepts for a time; absent where it has no list. */
  readonly waivers?: readonly Waiver[];
};

/**
 * Judges a bundle by a profile. Pure: the same bundle, profile and options give the same result, byte for byte,
 * on any machine and in any time zone.
 */
export function assess(bundle: EvidenceSet, given: Profile, options: AssessOptions): Assessment {
  const declaration = bundle.declaration;
  const profile = tighten(given, declaration.tightened);
  const usable = usableEvidence(bundle.observations, declaration, profile, options.asOf, bundle.manifest.shards);
  const seen = seenHasher(usable.byId);
  const names = subjectNames(profile, usable);
  const judgedRows = profile.requirements.map((requirement) => {
    const row = assessRequirement(requirement, { ...usable, names }, options);
    return { ...row, rule: ruleHash(requirement, profile), ...seen(row.findings) };
  });
  const divisible = new Set(profile.requirements.filter((row) => row.divisible).map(({ id }) => id));
  const { requirements, ...accepted } = options.waivers
    ? withWaivers(judgedRows, options.waivers, options.asOf, (id) => divisible.has(id))
    : { requirements: judgedRows };
  const exhibits = exhibitsOf(usable, profile);
  const missing = missingShards(bundle.manifest.shards);
  const annex = annexIn(profile, requirements, usable, exhibits);
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, requirements.filter((each) => each.verdict === verdict).length]),
  );
  const body: Omit<Assessment, 'number'> = {
    format: assessmentFormat,
    tool: { name: 'leqi-audit', version: options.version },
    asOf: options.asOf,
    timeZone: declaration.timeZone,
    occasion: options.occasion,
    profile: {
      name: profile.name,
      title: profile.title,
      sources: profile.sources,
      maxAge: { months: profile.maxAgeMonths, ledgerDays: profile.ledgerDays },
      ...(profile.files ? { files: [...profile.files] } : {}),
    },
    ...periodOf(profile, usable),
    unit: declaration.unit,
    platform: { name: declaration.name, mode: declaration.mode, since: declaration.since },
    evidence: {
      manifest: bundle.manifestDigest,
      from: bundle.manifest.from,
      to: bundle.manifest.to,
      observed: bundle.observations.filter((each) => each.observed !== undefined).length,
      unobserved: bundle.observations.filter((each) => each.unobserved !== undefined).length,
      ...(bundle.manifest.tool ? { tool: bundle.manifest.tool } : {}),
      uncollected: uncollectedIn(bundle.observations, declaration, neededKinds(profile, options.occasion)),
      ...(missing.length > 0 ? { missing } : {}),
      contacts: [...bundle.manifest.contacts],
    },
    counts: counts as Record<Verdict, number>,
    ...accepted,
    requirements,
    exhibits,
    ...(annex ? { annex } : {}),
    index: bundle.observations.map((each) => indexEntry(each, names)),
  };
  // Through the schema: what is written, read again and attached to a PDF then has one order of keys.
  return assessmentSchema.parse({ ...body, number: numberOf(body) });
}

/** The report number that a body must carry: `verify` computes it again. */
export function numberOf(body: Omit<Assessment, 'number'>): string {
  const hash = createHash('sha256').update(canonicalJson(body)).digest('hex').slice(0, 8).toUpperCase();
  return `LQ-${body.asOf.replaceAll('-', '')}-${hash}`;
}

function periodOf({ period }: Profile, usable: Usable): Pick<Assessment, 'period'> {
  const dateOf = (name: string | undefined): PlainDate | undefined => {
    const value = usable.seen.facts.find((fact) => fact.value.name === name)?.value.value;
    return value?.type === 'date' ? value.date : undefined;
  };
  const [from, until] = [dateOf(period?.from), dateOf(period?.until)];
  return from && until ? { period: { from, until } } : {};
}

/** Evidence, and what its subjects are called. */
type Material = Usable & { readonly names: SubjectNames };

function assessRequirement(requirement: Requirement, usable: Material, options: AssessOptions): AssessedRequirement {
  const { id, title, part, cites, awaits, remedy, ifMissed, tightened } = requirement;
  const frame = {
    id,
    title,
    part,
    cites: [...cites],
    awaits: [...awaits],
    ...(remedy ? { remedy } : {}),
    ...(ifMissed ? { ifMissed } : {}),
    ...(tightened ? { tightened: [...tightened] } : {}),
  };
  if (!bindsAt(requirement, options.occasion)) {
    const attest = requirement.attest ? { attest: { text: requirement.attest, signed: false } } : {};
    return {
      ...frame,
      ...attest,
      verdict: 'not-applicable',
      reason: otherOccasion(requirement, options.occasion),
      findings: [],
    };
  }
  const signature = requirement.attest ? signatureFinding(requirement, usable, options.asOf) : undefined;
  const findings = [
    ...requirement.uses.flatMap((use) => judged(id, use, usable, options.asOf)),
    ...requirement.awaits.map((way) => identified(id, noCheckYet(way, id), [way])),
    ...(signature ? [identified(id, signature)] : []),
  ];
  findings.push(...shortfalls(requirement, findings, usable).map((finding) => identified(id, finding)));
  const verdict = folded(findings, requirement);
  const basis = basisOfVerdict(verdict, findings);
  return {
    ...frame,
    verdict,
    ...(basis ? { basis } : {}),
    findings: findings.map((finding) => ({ ...finding, ...usable.names.ofFinding(id, finding) })),
    ...(requirement.attest ? { attest: { text: requirement.attest, signed: signature?.outcome === 'met' } } : {}),
  };
}

// What passes, or is said not to bind, on less than the requirement asks for does not pass.
function shortfalls(requirement: Requirement, findings: readonly AssessedFinding[], usable: Usable): AssessedFinding[] {
  const verdict = folded(findings, requirement);
  if (verdict !== 'met' && verdict !== 'not-applicable') return [];
  const judged = findings.filter(({ check }) => check !== '-');
  const bases = judged.filter(({ outcome }) => outcome === verdict).map(({ basis }) => basis);
  if (requirement.basis === 'measured' && !bases.includes('measured')) return [onlyDeclared(requirement.id)];
  // A mere word that keeps part of it from binding decides as much as one that passes.
  const attested = judged.filter(({ basis }) => basis === 'attested');
  const isOnlyAttested =
    (requirement.basis === 'filed' && attested.length > 0) ||
    (requirement.basis === 'measured' && attested.some(({ cites }) => citesFact(cites, usable)));
  return isOnlyAttested ? [onlyAttested(requirement.id)] : [];
}

function folded(findings: readonly AssessedFinding[], { divisible }: Requirement): Verdict {
  const outcomes = findings.map((finding) => finding.outcome);
  return fold(outcomes, divisible);
}

function judged(row: string, { check, parameters }: Use, usable: Material, asOf: PlainDate): AssessedFinding[] {
  const gapsIn = (kinds: readonly Kind[]): AssessedFinding[] =>
    kinds
      .flatMap((kind) => gapsFor(kind, parameters, usable))
      .map((gap) => identified(row, gapFinding(check.id, gap), [gap.kind]));
  const gaps = gapsIn(check.reads.filter((kind) => !check.alternatives.includes(kind)));
  try {
    const findings = check.judge(usable.seen, parameters, asOf);
    const isOpen = findings.some(({ outcome }) => outcome === 'unproven');
    const further = isOpen ? gapsIn(check.alternatives) : [];
    const said = findings.map((finding) => identified(row, described(check, finding, usable), namesIn(finding.data)));
    return [...said, ...gaps, ...further];
  } catch (error) {
    return [...gaps, identified(row, threw(check.id, error))];
  }
}

function identified(requirement: string, finding: AssessedFinding, names: readonly string[] = []): AssessedFinding {
  return { id: findingId({ requirement, ...finding, names }), ...finding };
}

function described(check: Use['check'], finding: Finding, usable: Material): AssessedFinding {
  const message = check.messages[finding.says];
  if (!message) throw new Error(`${check.id} says "${finding.says}", which is none of its messages`);
  const basis = basisOf(finding.cites, usable);
  const remedy = finding.outcome === 'met' ? undefined : check.remedies[finding.says];
  // A pass that cites nothing is a bug in the check; it must not reach an auditor as a pass.
  if (finding.outcome === 'met' && !basis)
    return threw(check.id, new Error(`"${finding.says}" is met without evidence`));
  return {
    check: check.id,
    subject: finding.subject,
    outcome: finding.outcome,
    says: finding.says,
    text: fill(message, usable.names.inMessage(finding.data)),
    ...(remedy ? { remedy: fill(remedy, usable.names.inRemedy(finding.data)) } : {}),
    ...structured(finding.data),
    ...(basis ? { basis } : {}),
    cites: [...finding.cites],
  };
}

function otherOccasion(requirement: Requirement, occasion: Occasion): Text {
  const own = requirement.occasions === 'always' ? [] : requirement.occasions.map((each) => occasionTitles[each]);
  return fill(
    { zh: '适用事项为{{own}}，本次事项为{{now}}', en: 'binds at {{own}}; this assessment is for {{now}}' },
    { own: joined(own, '、', ', '), now: occasionTitles[occasion] },
  );
}

function indexEntry(observation: Observation, names: SubjectNames): EvidenceEntry {
  const { id, kind, subject, at, source, raw, unobserved } = observation;
  return {
    id,
    kind,
    kindTitle: kinds[kind].title,
    origin: originOf(kind),
    subject,
    ...names.ofObservation(observation),
    at,
    collector: source.collector,
    zone: source.zone,
    method: source.method,
    ...(raw ? { raw } : {}),
    ...(unobserved ? { unobserved } : {}),
  };
}
