import { daysBetween, type PlainDate } from '../evidence/dates.ts';
import { originOf } from '../evidence/observation.ts';
import type { Text } from '../text.ts';
import type { AssessedFinding, AssessedRequirement, Assessment } from './assessment.ts';
import { bindsAt } from './needs.ts';
import type { Profile, Requirement } from './profile.ts';
import { isToDo, timeLimit, whatIsDue } from './renewal-duties.ts';
import { namesOf } from './renewal-names.ts';
import { type Deadline, type Renewal, type RenewalItem, renewalFormat, renewalSchema } from './renewal-schema.ts';
import { type Verdict, verdicts } from './verdict.ts';

/**
 * Lays an assessment of filed evidence out as a plan. Pure; `profile` is the one that was assessed, thresholds tightened;
 * `titles` are the unit's own of its papers, by document id.
 */
export function planRenewal(
  assessment: Assessment,
  profile: Profile,
  titles: ReadonlyMap<string, string> = new Map(),
): Renewal {
  const { asOf, unit, platform, requirements } = assessment;
  const nameOf = namesOf(profile, titles);
  const scanned = new Set(profile.requirements.filter(needsScan).map(({ id }) => id));
  const said = requirements.flatMap((row) => saidOf(row, nameOf));
  const problems = said.filter(({ item }) => item.outcome === 'unmet' || item.outcome === 'unproven');
  const about = (section: Section): RenewalItem[] =>
    problems.filter((each) => sectionOf(each, scanned) === section).map(({ item }) => item);
  const deadlines = said.flatMap((each) => deadlineOf(each, asOf)).toSorted(byDate);
  return renewalSchema.parse({
    format: renewalFormat,
    asOf,
    unit,
    platform: { name: platform.name },
    profile: { name: assessment.profile.name, title: assessment.profile.title },
    term: termOf(assessment, said),
    deadlines,
    thresholds: said.flatMap(({ item, finding: { figure } }) =>
      item.check.startsWith('figures/') ? [{ ...item, ...(figure ? { figure } : {}) }] : [],
    ),
    papers: about('papers'),
    ledgers: about('ledgers'),
    dates: about('dates'),
    others: about('others'),
    statements: about('statements'),
    duties: profile.requirements.flatMap((requirement) => dutyOf(requirement, deadlines)),
    measurement: requirements.filter(({ id, verdict }) => scanned.has(id) && verdict !== 'not-applicable').map(idOf),
    unchecked: requirements.filter(isUnchecked).map(idOf),
    counts: countsOf(requirements, scanned),
  });
}

type Said = { readonly item: RenewalItem; readonly finding: AssessedFinding };

function saidOf(row: AssessedRequirement, nameOf: ReturnType<typeof namesOf>): Said[] {
  const keys = new Map<string, number>();
  return row.findings
    .filter((finding) => finding.outcome !== 'not-applicable' && !isEcho(finding, row.findings))
    .map((finding) => {
      const key = `${row.id} ${finding.check} ${finding.subject}`;
      const times = (keys.get(key) ?? 0) + 1;
      keys.set(key, times);
      return { item: itemOf(row, finding, times === 1 ? key : `${key} ${times}`, nameOf(finding)), finding };
    });
}

function itemOf(row: AssessedRequirement, finding: AssessedFinding, key: string, name: Text | undefined): RenewalItem {
  const { check, subject, outcome, says, text, due } = finding;
  // The requirement's remedy is for what is known to be missing, and for what is good now but to be done again by its date.
  const isOpen = outcome === 'unmet' || (due !== undefined && isToDo(check));
  const remedy = finding.remedy ?? (isOpen ? row.remedy : undefined);
  return {
    ...rowOf(row),
    key,
    check,
    subject,
    ...(name ? { name } : {}),
    outcome,
    says,
    text,
    ...(remedy ? { remedy } : {}),
  };
}

// What only follows from something that is said already: a paper that is missing, or why something could not be read.
function isEcho({ check, subject, outcome, cites }: AssessedFinding, all: readonly AssessedFinding[]): boolean {
  if (outcome !== 'unproven') return false;
  return all.some((other) => {
    if (other.subject !== subject || other.outcome === 'met') return false;
    if (check.startsWith('documents/') && check !== other.check) return other.check === 'documents/present';
    const isReason = other.says.startsWith('unobserved:') && other.cites.length > 0;
    return other.check === check && cites.length === 0 && isReason;
  });
}

type Section = 'thresholds' | 'papers' | 'ledgers' | 'dates' | 'statements' | 'others' | 'elsewhere';

const sections: Readonly<Record<string, Section>> = {
  figures: 'thresholds',
  documents: 'papers',
  ledgers: 'ledgers',
  calendar: 'dates',
};

// What the assessment itself says; what a scan must answer and what no check judges yet are counted instead.
const ownSections: Readonly<Record<string, Section>> = {
  'awaiting-signature': 'statements',
  'signature-not-shown': 'statements',
  'signature-not-valid': 'statements',
  'signature-old': 'statements',
  'only-attested': 'papers',
};

function sectionOf({ item: { check, outcome, requirement }, finding }: Said, scanned: ReadonlySet<string>): Section {
  if (check === '-') return ownSections[finding.says] ?? 'elsewhere';
  const section = sections[check.split('/')[0] ?? ''];
  if (section) return section;
  return outcome === 'unmet' || !scanned.has(requirement) ? 'others' : 'elsewhere';
}

// What is met and past is done.
function deadlineOf({ item, finding: { due } }: Said, asOf: PlainDate): Deadline[] {
  if (due === undefined || (item.outcome === 'met' && due < asOf)) return [];
  const overdue = due < asOf && item.outcome === 'unmet';
  return [{ ...item, what: whatIsDue(item.check), due, daysLeft: daysBetween(asOf, due), overdue }];
}

function byDate(a: Deadline, b: Deadline): number {
  return a.due < b.due ? -1 : a.due > b.due ? 1 : 0;
}

function termOf({ asOf, period }: Assessment, said: readonly Said[]): Renewal['term'] {
  const filings = said.filter(({ item }) => item.check === 'calendar/filing-window');
  const filing = filings.find(({ finding }) => finding.due) ?? filings[0];
  return {
    ...(period ? { ...period, daysLeft: daysBetween(asOf, period.until) } : {}),
    ...(filing ? { filing: filingOf(filing, asOf) } : {}),
  };
}

function filingOf({ item, finding: { opens, due } }: Said, asOf: PlainDate): Renewal['term']['filing'] {
  return {
    ...item,
    ...(opens ? { opens } : {}),
    ...(due ? { due, daysLeft: daysBetween(asOf, due) } : {}),
  };
}

function dutyOf(requirement: Requirement, deadlines: readonly Deadline[]): Renewal['duties'] {
  const limits = requirement.uses.flatMap((use) => timeLimit(use) ?? []);
  if (limits.length === 0) return [];
  const next = deadlines.find((each) => each.requirement === requirement.id);
  const distinct = limits.filter(({ zh }, index) => limits.findIndex((each) => each.zh === zh) === index);
  return [
    {
      ...rowOf(requirement),
      limits: distinct,
      binds: bindsAt(requirement, 'renewal'),
      ...(next ? { due: next.due } : {}),
    },
  ];
}

function rowOf({
  id,
  title,
  cites,
  ifMissed,
}: Pick<Requirement, 'id' | 'title' | 'cites' | 'ifMissed'>): Pick<
  RenewalItem,
  'requirement' | 'title' | 'cites' | 'ifMissed'
> {
  return { requirement: id, title, cites: [...cites], ...(ifMissed ? { ifMissed } : {}) };
}

/** Whether papers, figures, registers and dates alone cannot answer a requirement. */
function needsScan({ uses, awaits }: Requirement): boolean {
  return awaits.includes('scan') || uses.some(({ check }) => check.reads.some((kind) => originOf(kind) !== 'filed'));
}

function isUnchecked({ verdict, awaits }: AssessedRequirement): boolean {
  return verdict !== 'not-applicable' && awaits.some((way) => way !== 'scan');
}

function idOf({ id }: AssessedRequirement): string {
  return id;
}

function countsOf(rows: readonly AssessedRequirement[], scanned: ReadonlySet<string>): Record<string, number> {
  const counted = rows.filter(
    ({ id, verdict }) =>
      !scanned.has(id) || verdict === 'unmet' || verdict === 'partial' || verdict === 'not-applicable',
  );
  const count = (verdict: Verdict): number => counted.filter((row) => row.verdict === verdict).length;
  return Object.fromEntries(verdicts.map((verdict) => [verdict, count(verdict)]));
}
