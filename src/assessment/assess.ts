import { createHash } from 'node:crypto';
import type { Evidence, Finding } from '../../checks/check.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { addMonths, dateIn, type PlainDate } from '../evidence/dates.ts';
import type { PlatformDeclaration } from '../evidence/filed/platform.ts';
import { type Kind, kinds } from '../evidence/kinds.ts';
import { type Observation, originOf, type Reason, reasons, type Seen } from '../evidence/observation.ts';
import { expectedSubjects } from '../evidence/subjects.ts';
import type { Occasion } from '../occasion.ts';
import { occasionTitles } from '../occasion.ts';
import { fill, joined, type Text } from '../text.ts';
import type { AssessedFinding, AssessedRequirement, Assessment, EvidenceEntry } from './assessment.ts';
import { assessmentFormat } from './assessment.ts';
import { bindsAt } from './needs.ts';
import type { Basis, Profile, Requirement, Use, Way } from './profile.ts';
import { fold, type Verdict, verdicts } from './verdict.ts';

/** What an assessment is made with besides evidence and profile. */
export type AssessOptions = { readonly asOf: PlainDate; readonly occasion: Occasion; readonly version: string };

/** Something expected that is not there, or cannot be used: a finding for every check that reads its kind. */
type Gap = { kind: Kind; subject: string; reason: Reason; detail: string; cites: readonly string[] };

/** The evidence as checks see it, and what is missing of it. */
type Usable = { seen: Map<Kind, Seen<unknown>[]>; gaps: Map<Kind, Gap[]>; byId: Map<string, Observation> };

/**
 * Judges a bundle by a profile. Pure: the same bundle, profile and options give the same result, byte for byte,
 * on any machine and in any time zone.
 */
export function assess(bundle: Bundle, profile: Profile, options: AssessOptions): Assessment {
  const declaration = bundle.declaration;
  const usable = usableEvidence(bundle.observations, declaration, profile, options.asOf);
  const requirements = profile.requirements.map((requirement) => assessRequirement(requirement, usable, options));
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, requirements.filter((each) => each.verdict === verdict).length]),
  );
  const body: Omit<Assessment, 'number'> = {
    format: assessmentFormat,
    tool: { name: 'leqi-audit', version: options.version },
    asOf: options.asOf,
    timeZone: declaration.timeZone,
    occasion: options.occasion,
    profile: { name: profile.name, title: profile.title, sources: profile.sources },
    unit: declaration.unit,
    platform: { name: declaration.name, mode: declaration.mode, since: declaration.since },
    evidence: {
      manifest: bundle.manifestDigest,
      from: bundle.manifest.from,
      to: bundle.manifest.to,
      observed: bundle.observations.filter((each) => each.observed !== undefined).length,
      unobserved: bundle.observations.filter((each) => each.unobserved !== undefined).length,
      contacts: bundle.manifest.contacts,
    },
    counts: counts as Record<Verdict, number>,
    requirements,
    index: bundle.observations.map(indexEntry),
  };
  return { ...body, number: numberOf(body) };
}

/** The report number that a body must carry: `verify` computes it again. */
export function numberOf(body: Omit<Assessment, 'number'>): string {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 8).toUpperCase();
  return `LQ-${body.asOf.replaceAll('-', '')}-${hash}`;
}

function usableEvidence(
  observations: readonly Observation[],
  declaration: PlatformDeclaration,
  profile: Profile,
  asOf: PlainDate,
): Usable {
  const seen = new Map<Kind, Seen<unknown>[]>();
  const gaps = new Map<Kind, Gap[]>();
  const oldest = addMonths(asOf, -profile.maxAgeMonths);
  const there = new Set<string>();
  for (const observation of observations) {
    const { id, kind, subject, at } = observation;
    there.add(`${kind}\n${subject}`);
    const on = dateIn(at, declaration.timeZone);
    const gap = gapOf(observation, on, oldest, asOf);
    if (gap) push(gaps, kind, { kind, subject, cites: [id], ...gap });
    else push(seen, kind, { id, subject, at, on, value: observation.observed });
  }
  for (const kind of new Set(profile.requirements.flatMap((each) => each.uses.flatMap((use) => use.check.reads)))) {
    for (const subject of expectedSubjects(kinds[kind].per, declaration)) {
      if (!there.has(`${kind}\n${subject}`))
        push(gaps, kind, { kind, subject, reason: 'not-collected', detail: '', cites: [] });
    }
  }
  return { seen, gaps, byId: new Map(observations.map((observation) => [observation.id, observation])) };
}

function gapOf(
  observation: Observation,
  on: PlainDate,
  oldest: PlainDate,
  asOf: PlainDate,
): { reason: Reason; detail: string } | undefined {
  if (observation.unobserved) return observation.unobserved;
  if (on > asOf) return { reason: 'after-as-of', detail: `${on} > ${asOf}` };
  if (originOf(observation.kind) !== 'filed' && on < oldest) return { reason: 'stale', detail: `${on} < ${oldest}` };
  return undefined;
}

function assessRequirement(requirement: Requirement, usable: Usable, options: AssessOptions): AssessedRequirement {
  const { id, title, part, cites, awaits, remedy } = requirement;
  const frame = { id, title, part, cites: [...cites], awaits: [...awaits], ...(remedy ? { remedy } : {}) };
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
    ...requirement.uses.flatMap((use) => judged(use, usable, options.asOf)),
    ...requirement.awaits.map(noCheckYet),
    ...(signature ? [signature] : []),
  ];
  const measured = findings.some((finding) => finding.outcome === 'met' && finding.basis === 'measured');
  const folded = fold(
    findings.map((finding) => finding.outcome),
    requirement.divisible,
  );
  if (folded === 'met' && requirement.basis === 'measured' && !measured) findings.push(onlyDeclared(id));
  if (
    folded === 'met' &&
    requirement.basis === 'filed' &&
    findings.some((finding) => finding.outcome === 'met' && finding.basis === 'attested' && finding.check !== '-')
  ) {
    findings.push(onlyAttested(id));
  }
  const verdict = fold(
    findings.map((finding) => finding.outcome),
    requirement.divisible,
  );
  const basis = basisOfVerdict(verdict, findings);
  return {
    ...frame,
    verdict,
    ...(basis ? { basis } : {}),
    findings,
    ...(requirement.attest ? { attest: { text: requirement.attest, signed: signature?.outcome === 'met' } } : {}),
  };
}

function judged({ check, parameters }: Use, usable: Usable, asOf: PlainDate): AssessedFinding[] {
  const evidence = Object.fromEntries(check.reads.map((kind) => [kind, usable.seen.get(kind) ?? []]));
  const gaps = check.reads.flatMap((kind) => gapsFor(kind, parameters, usable)).map((gap) => gapFinding(check.id, gap));
  let findings: readonly Finding[];
  try {
    // Keyed by the kinds that the check reads; parseObservation has read each value by its kind's schema.
    findings = check.judge(evidence as unknown as Evidence<Kind>, parameters, asOf);
  } catch (error) {
    return [...gaps, threw(check.id, error)];
  }
  return [...findings.map((finding) => described(check, finding, usable)), ...gaps];
}

// Papers, facts and statements are asked for by name in a check's parameters: what is missing elsewhere is not its concern.
function gapsFor(kind: Kind, parameters: unknown, usable: Usable): readonly Gap[] {
  const gaps = usable.gaps.get(kind) ?? [];
  if (!['document', 'fact', 'statement'].includes(kinds[kind].per)) return gaps;
  const named = new Set(stringsIn(parameters));
  return gaps.filter((gap) => named.has(gap.subject));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function described(check: Use['check'], finding: Finding, usable: Usable): AssessedFinding {
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
    text: fill(message, finding.data),
    ...(remedy ? { remedy: fill(remedy, finding.data) } : {}),
    ...(basis ? { basis } : {}),
    cites: [...finding.cites],
  };
}

function gapFinding(check: string, { kind, subject, reason, detail, cites }: Gap): AssessedFinding {
  const text = fill(
    { zh: '{{kind}}未能取证：{{reason}}{{detail}}', en: '{{kind}} not observed: {{reason}}{{detail}}' },
    {
      kind: kinds[kind].title,
      reason: reasons[reason],
      detail: detail ? { zh: `（${detail}）`, en: ` (${detail})` } : '',
    },
  );
  return { check, subject, outcome: 'unproven', says: `unobserved:${reason}`, text, cites: [...cites] };
}

const wayTitles: Readonly<Record<Way, Text>> = {
  scan: { zh: '扫描', en: 'scan' },
  document: { zh: '材料', en: 'document' },
  fact: { zh: '数据', en: 'fact' },
  ledger: { zh: '台账', en: 'ledger' },
  date: { zh: '期限', en: 'date' },
};

function noCheckYet(way: Way): AssessedFinding {
  const text = fill(
    { zh: '尚无{{way}}类检查项，暂不能判定', en: 'no check yet for: {{way}}' },
    { way: wayTitles[way] },
  );
  return { check: '-', subject: way, outcome: 'unproven', says: 'no-check-yet', text, cites: [] };
}

function onlyDeclared(subject: string): AssessedFinding {
  const text = {
    zh: '只有申报，没有实测证据；本项要求实测',
    en: 'only declared; this requirement asks for measured evidence',
  };
  return { check: '-', subject, outcome: 'unproven', says: 'only-declared', text, cites: [] };
}

function onlyAttested(subject: string): AssessedFinding {
  const text = {
    zh: '数据没有附带可核对的原始材料，仅为声明；本项要求材料',
    en: 'a figure without its hashed source document is a mere statement; this requirement asks for the document',
  };
  return { check: '-', subject, outcome: 'unproven', says: 'only-attested', text, cites: [] };
}

function signatureFinding(requirement: Requirement, usable: Usable, asOf: PlainDate): AssessedFinding {
  const mine = (usable.seen.get('statements') ?? []).filter(
    (each): each is Seen<{ requirement: string } & Record<string, unknown>> => {
      return (
        typeof each.value === 'object' &&
        each.value !== null &&
        'requirement' in each.value &&
        each.value.requirement === requirement.id
      );
    },
  );
  const observation = usable.byId.get(mine[0]?.id ?? '');
  const base = { check: '-', subject: requirement.id };
  if (observation?.kind !== 'statements' || !observation.observed) {
    return {
      ...base,
      outcome: 'unproven',
      says: 'awaiting-signature',
      text: { zh: '待签署声明', en: 'awaiting a signed statement' },
      cites: [],
    };
  }
  const { signedOn, validUntil, capacity, document } =
    (observation as Observation<'statements'>).observed ?? failImpossible();
  const cites = [observation.id];
  if (!document.sha256) {
    return {
      ...base,
      outcome: 'unproven',
      says: 'signature-not-shown',
      text: { zh: '未提供已签署的声明文件', en: 'the signed paper is not there' },
      cites,
    };
  }
  if (signedOn > asOf || (validUntil !== undefined && validUntil < asOf)) {
    return {
      ...base,
      outcome: 'unproven',
      says: 'signature-not-valid',
      text: fill({ zh: '声明在 {{asOf}} 不在有效期内', en: 'the statement does not hold on {{asOf}}' }, { asOf }),
      cites,
    };
  }
  const text = fill(
    { zh: '{{capacity}}已于 {{signedOn}} 签署声明', en: 'signed by {{capacity}} on {{signedOn}}' },
    { capacity, signedOn },
  );
  return { ...base, outcome: 'met', says: 'signed', text, basis: 'attested', cites };
}

function failImpossible(): never {
  throw new Error('a statement that was seen has no value');
}

function threw(check: string, error: unknown): AssessedFinding {
  const text = fill(
    { zh: '检查项出错，不作判定：{{error}}', en: 'the check failed, nothing is judged: {{error}}' },
    { error: error instanceof Error ? error.message : String(error) },
  );
  return { check, subject: check, outcome: 'unproven', says: 'check-failed', text, cites: [] };
}

// Measured if any cited evidence was; a fact or statement without a hashed paper is only somebody's word.
function basisOf(cites: readonly string[], usable: Usable): Basis | undefined {
  const cited = cites.flatMap((id) => usable.byId.get(id) ?? []);
  if (cited.length === 0) return undefined;
  if (cited.some((each) => originOf(each.kind) !== 'filed')) return 'measured';
  return cited.every(hasPaper) ? 'filed' : 'attested';
}

function hasPaper(observation: Observation): boolean {
  const value: unknown = observation.observed;
  if (typeof value !== 'object' || value === null) return false;
  if (observation.kind === 'documents') return 'sha256' in value && value.sha256 !== undefined;
  if (observation.kind !== 'facts') return false;
  return (
    'document' in value && typeof value.document === 'object' && value.document !== null && 'sha256' in value.document
  );
}

function basisOfVerdict(verdict: Verdict, findings: readonly AssessedFinding[]): Basis | undefined {
  const deciding = findings.filter((finding) =>
    verdict === 'partial' ? ['met', 'unmet'].includes(finding.outcome) : finding.outcome === verdict,
  );
  return (['measured', 'filed', 'attested'] as const).find((basis) =>
    deciding.some((finding) => finding.basis === basis),
  );
}

function otherOccasion(requirement: Requirement, occasion: Occasion): Text {
  const own = requirement.occasions === 'always' ? [] : requirement.occasions.map((each) => occasionTitles[each]);
  return fill(
    { zh: '适用事项为{{own}}，本次事项为{{now}}', en: 'binds at {{own}}; this assessment is for {{now}}' },
    { own: joined(own, '、', ', '), now: occasionTitles[occasion] },
  );
}

function indexEntry({ id, kind, subject, at, source, raw, unobserved }: Observation): EvidenceEntry {
  return {
    id,
    kind,
    kindTitle: kinds[kind].title,
    origin: originOf(kind),
    subject,
    at,
    collector: source.collector,
    zone: source.zone,
    method: source.method,
    ...(raw ? { raw } : {}),
    ...(unobserved ? { unobserved } : {}),
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
