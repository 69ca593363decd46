import type { AssessedFinding, AssessedRequirement, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import { type Verdict, verdictTitles } from '../../assessment/verdict.ts';
import { isAccepted } from '../../assessment/waivers.ts';
import { addDays, addMonths, beginningOf, dateIn } from '../../evidence/dates.ts';
import { fill, type Language } from '../../text.ts';
import { checkOf, clausesOf, remedyOf } from '../finding-table.ts';
import { uuidOf } from '../uuid.ts';
import { tableTexts } from '../words/tables.ts';
import { waiverLabel, waiversOf } from '../words/waivers.ts';
import { listed, type OscalText, property, tokenOf } from './text.ts';

/** What every part of the results is made with. */
export type OscalFrame = {
  readonly assessment: Assessment;
  readonly language: Language;
  readonly text: OscalText;
  readonly entries: ReadonlyMap<string, EvidenceEntry>;
};

/** The programs and machines behind it, named by UUID. */
export const toolUuid = (assessment: Assessment): string =>
  uuidOf('tool', assessment.tool.name, assessment.tool.version);
export const resourceUuid = (evidenceId: string): string => uuidOf('evidence', evidenceId);
export const subjectUuid = ({ assessment }: OscalFrame, subject: string): string =>
  uuidOf('subject', assessment.unit.creditCode, assessment.platform.name, subject);
const observationUuid = ({ assessment }: OscalFrame, id: string, index: number): string =>
  uuidOf('observation', assessment.number, id, String(index));
const riskUuid = ({ assessment }: OscalFrame, id: string): string => uuidOf('risk', assessment.number, id);

/** OSCAL knows two states; the reason and our own word keep unproven apart from unmet. */
const states: Readonly<Record<Exclude<Verdict, 'not-applicable'>, { state: string; reason: string }>> = {
  met: { state: 'satisfied', reason: 'pass' },
  partial: { state: 'not-satisfied', reason: 'fail' },
  unmet: { state: 'not-satisfied', reason: 'fail' },
  unproven: { state: 'not-satisfied', reason: 'other' },
};

/** The objective that stands for a requirement. */
export const objectiveId = ({ id }: AssessedRequirement): string => `${tokenOf(id)}_obj`;

/** What each finding saw, one observation each. */
export function observationsOf(frame: OscalFrame, requirement: AssessedRequirement): object[] {
  const { text, language } = frame;
  return requirement.findings.map((finding, index) => {
    const cited = citedBy(frame, finding);
    const expires = expiryOf(frame, cited);
    return {
      uuid: observationUuid(frame, requirement.id, index),
      title: text.markupLine(`${requirement.id}: ${finding.subject}`),
      description: text.markup(finding.text[language]),
      props: [
        ...property('outcome', finding.outcome, text),
        ...property('check', checkOf(finding), text),
        ...property('message', finding.says, text),
        ...property('basis', finding.basis, text),
      ],
      methods: methodsOf(cited),
      types: ['control-objective'],
      origins: [{ actors: [{ type: 'tool', 'actor-uuid': toolUuid(frame.assessment) }] }],
      ...listed('subjects', subjectsOf(frame, cited)),
      ...listed(
        'relevant-evidence',
        cited.map((entry) => evidenceOf(frame, entry)),
      ),
      collected: cited.map(({ at }) => at).toSorted()[0] ?? frame.assessment.evidence.to,
      ...(expires ? { expires } : {}),
    };
  });
}

/** What a requirement came out as; none for one that does not apply, which OSCAL's two states cannot say. */
export function findingOf(frame: OscalFrame, requirement: AssessedRequirement): object[] {
  const { text, language, assessment } = frame;
  const { id, title, verdict, basis, findings, part } = requirement;
  if (verdict === 'not-applicable') return [];
  const word = verdictTitles[verdict][language];
  return [
    {
      uuid: uuidOf('finding', assessment.number, id),
      title: text.markupLine(`${id} ${title[language]}`),
      description: text.markup(
        `${word}. ${clausesOf(requirement)}`,
        ...listOf(
          findings.filter(({ outcome }) => outcome !== 'met' || verdict === 'met'),
          language,
        ),
      ),
      props: [
        ...property('verdict', verdict, text),
        ...property('basis', basis, text),
        ...property('part', part, text),
        ...waiverProperties(frame, requirement),
      ],
      target: {
        type: 'objective-id',
        'target-id': objectiveId(requirement),
        status: { ...states[verdict], remarks: text.markup(word) },
        ...(verdict === 'partial' ? { 'implementation-status': { state: 'partial' } } : {}),
      },
      ...listed(
        'related-observations',
        findings.map((_, index) => ({ 'observation-uuid': observationUuid(frame, id, index) })),
      ),
      ...(isOpen(requirement) ? { 'related-risks': [{ 'risk-uuid': riskUuid(frame, id) }] } : {}),
    },
  ];
}

/** What follows from a requirement that is unmet, with what to do and by when. */
export function riskOf(frame: OscalFrame, requirement: AssessedRequirement): object[] {
  if (!isOpen(requirement)) return [];
  const { text, language, assessment } = frame;
  const { id, title, ifMissed, findings } = requirement;
  const open = findings.filter(({ outcome }) => outcome === 'unmet');
  const [due] = open.flatMap((finding) => finding.due ?? []).toSorted();
  const remedies = new Set(open.flatMap((finding) => remedyOf(requirement, finding)?.[language] ?? []));
  return [
    {
      uuid: riskUuid(frame, id),
      title: text.markupLine(`${id} ${title[language]}`),
      description: text.markup(...listOf(open, language)),
      statement: text.markup(
        ifMissed?.[language] ?? `${verdictTitles[requirement.verdict][language]}: ${title[language]}`,
      ),
      props: [...property('verdict', requirement.verdict, text), ...waiverProperties(frame, requirement)],
      // A waiver is an approved deviation: the verdict stays.
      status: isAccepted(requirement) ? 'deviation-approved' : 'open',
      ...(due ? { deadline: beginningOf(addDays(due, 1), assessment.timeZone) } : {}),
      ...listed(
        'remediations',
        [...remedies].map((remedy) => ({
          uuid: uuidOf('remedy', assessment.number, id, remedy),
          lifecycle: 'recommendation',
          title: text.markupLine(remedy),
          description: text.markup(remedy),
        })),
      ),
      ...listed(
        'related-observations',
        findings.flatMap((each, index) =>
          each.outcome === 'unmet' ? [{ 'observation-uuid': observationUuid(frame, id, index) }] : [],
        ),
      ),
    },
  ];
}

/** Findings that a description lists. */
const mostListed = 20;

function listOf(findings: readonly AssessedFinding[], language: Language): string[] {
  const more = findings.length - mostListed;
  return [
    ...findings.slice(0, mostListed).map(({ subject, text }) => `${subject}: ${text[language]}`),
    ...(more > 0 ? [fill(tableTexts.others, { count: more })[language]] : []),
  ];
}

// Who accepts it until when and why, one property a waiver; whether they cover all of it.
function waiverProperties({ assessment, text, language }: OscalFrame, requirement: AssessedRequirement): object[] {
  const waivers = waiversOf(requirement, assessment);
  if (waivers.length === 0) return [];
  return [
    ...property('waived', isAccepted(requirement) ? 'whole' : 'part', text),
    ...waivers.flatMap((each) => property('waiver', `${each.id} ${waiverLabel(each)[language]}: ${each.reason}`, text)),
  ];
}

function isOpen({ verdict }: AssessedRequirement): boolean {
  return verdict === 'unmet' || verdict === 'partial';
}

function citedBy({ entries }: OscalFrame, { cites }: AssessedFinding): EvidenceEntry[] {
  return [...new Set(cites)].flatMap((id) => entries.get(id) ?? []);
}

// Handed-over papers and read configurations are examined, a signature is a person's answer, the network is tried out.
function methodsOf(cited: readonly EvidenceEntry[]): string[] {
  const methods = cited.map(({ kind, origin }) =>
    kind === 'statements' ? 'INTERVIEW' : origin === 'network' ? 'TEST' : 'EXAMINE',
  );
  return methods.length === 0 ? ['EXAMINE'] : [...new Set(methods)].toSorted();
}

function subjectsOf(frame: OscalFrame, cited: readonly EvidenceEntry[]): object[] {
  const references = cited.map(({ id, origin, subject }) => {
    const [type, uuid] =
      origin === 'filed' ? ['resource', resourceUuid(id)] : ['inventory-item', subjectUuid(frame, subject)];
    return [uuid, { 'subject-uuid': uuid, type, title: frame.text.markupLine(subject) }] as const;
  });
  return [...new Map(references).values()];
}

function evidenceOf({ text, language }: OscalFrame, entry: EvidenceEntry): object {
  return {
    href: `#${resourceUuid(entry.id)}`,
    description: text.markup(`${entry.id} ${entry.kindTitle[language]}: ${entry.subject}`),
    ...listed('props', property('sha-256', entry.raw, text)),
  };
}

// The first instant at which the profile takes the oldest of it for too old; papers have terms of their own.
function expiryOf({ assessment }: OscalFrame, cited: readonly EvidenceEntry[]): string | undefined {
  const { timeZone, profile } = assessment;
  const months = profile.maxAge?.months;
  const measured = cited.filter(({ origin }) => origin !== 'filed').map(({ at }) => at);
  const [oldest] = measured.toSorted();
  if (months === undefined || oldest === undefined) return undefined;
  return beginningOf(addDays(addMonths(dateIn(oldest, timeZone), months), 1), timeZone);
}
