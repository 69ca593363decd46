import { createHash } from 'node:crypto';
import type { Outcome } from '../../../checks/check.ts';
import type {
  AssessedFinding,
  AssessedRequirement,
  AssessedWaiver,
  Assessment,
  EvidenceEntry,
} from '../../assessment/assessment.ts';
import type { Language } from '../../text.ts';
import { findingLines } from '../finding-lines.ts';
import { checkOf, remedyOf } from '../finding-table.ts';
import { plainShort } from '../plain.ts';
import { tableTexts } from '../words/tables.ts';
import { waiverLabel } from '../words/waivers.ts';
import { sarifMessage, sarifText } from './text.ts';

/** Places that one result names; UTF-16 units of a place's name, and of each text of a message. */
const mostPlaces = 50;
const longestName = 400;
const longestPart = 3000;

/** What a finding is in SARIF; a level belongs to failures only (3.27.10). */
const kinds: Readonly<Record<Outcome, { kind: string; level: string }>> = {
  met: { kind: 'pass', level: 'none' },
  unmet: { kind: 'fail', level: 'error' },
  unproven: { kind: 'open', level: 'none' },
  'not-applicable': { kind: 'notApplicable', level: 'none' },
};

/** What a person has to decide or sign. */
const forPersons: ReadonlySet<string> = new Set(['awaiting-signature', 'signature-not-shown']);

/** Every finding as a result, and a result for each requirement without findings. */
export function resultsOf(assessment: Assessment, language: Language): object[] {
  const lines = findingLines(assessment);
  const entries = new Map(assessment.index.map((entry) => [entry.id, entry]));
  return assessment.requirements.flatMap((requirement, ruleIndex) => {
    const seen = new Map<string, number>();
    const place = lines[ruleIndex];
    if (requirement.findings.length === 0) return [withoutFindings(requirement, ruleIndex, place?.line, language)];
    return requirement.findings.map((finding, index) => ({
      ...head(requirement, ruleIndex),
      ...(forPersons.has(finding.says) ? { kind: 'review', level: 'none' } : kinds[finding.outcome]),
      message: messageOf(requirement, finding, language),
      locations: [
        locationOf(place?.findings[index], [subjectPlace(finding, language), ...places(finding, entries, language)]),
      ],
      partialFingerprints: { 'finding/v1': fingerprint(requirement, finding, seen) },
      ...suppressed(finding, assessment.waivers, language),
      properties: propertiesOf(requirement, finding, entries),
    }));
  });
}

function head(requirement: AssessedRequirement, ruleIndex: number): object {
  return { ruleId: sarifText(requirement.id), ruleIndex };
}

function withoutFindings(
  requirement: AssessedRequirement,
  ruleIndex: number,
  line: number | undefined,
  language: Language,
): object {
  const { id, verdict, reason, title } = requirement;
  // Without findings a requirement is not applicable for its reason, or nothing is known of it.
  return {
    ...head(requirement, ruleIndex),
    ...kinds[verdict === 'not-applicable' ? 'not-applicable' : 'unproven'],
    message: sarifMessage((reason ?? title)[language], language),
    locations: [locationOf(line, [{ name: plainShort(id, longestName, language) }])],
    partialFingerprints: { 'finding/v1': digest(id) },
    properties: { verdict },
  };
}

function messageOf(requirement: AssessedRequirement, finding: AssessedFinding, language: Language): { text: string } {
  const remedy = remedyOf(requirement, finding)?.[language];
  const subject = plainShort(finding.subject, longestName, language);
  const text = `${subject}: ${plainShort(finding.text[language], longestPart, language)}`;
  const measure = remedy && `\n${tableTexts.remedy[language]}: ${plainShort(remedy, longestPart, language)}`;
  return sarifMessage(text + (measure ?? ''), language);
}

// In the file a viewer can open, at the finding itself; and by the names of what it is about.
function locationOf(line: number | undefined, logicalLocations: readonly object[]): object {
  return {
    physicalLocation: { artifactLocation: { uri: 'assessment.json' }, region: { startLine: line ?? 1 } },
    logicalLocations,
  };
}

function subjectPlace({ subject }: AssessedFinding, language: Language): object {
  return { name: plainShort(subject, longestName, language), kind: 'resource' };
}

function places({ cites }: AssessedFinding, entries: ReadonlyMap<string, EvidenceEntry>, language: Language): object[] {
  return cites.slice(0, mostPlaces).flatMap((id) => {
    const entry = entries.get(id);
    if (!entry) return [];
    const name = plainShort(entry.subject, longestName, language);
    return [{ name, kind: entry.kind, fullyQualifiedName: `${entry.origin}/${entry.kind}/${name}` }];
  });
}

// Where there is a list of waivers, every result says whether one covers it (3.27.23).
function suppressed(
  { waiver }: AssessedFinding,
  waivers: readonly AssessedWaiver[] | undefined,
  language: Language,
): object {
  if (!waivers) return {};
  const suppressions = waivers
    .filter(({ id }) => id === waiver)
    .map((each) => ({
      kind: 'external',
      status: 'accepted',
      justification: plainShort(`${waiverLabel(each)[language]}: ${each.reason}`, longestPart, language),
      properties: { waiver: sarifText(each.id), from: each.from, until: each.until },
    }));
  return { suppressions };
}

function propertiesOf(
  { verdict }: AssessedRequirement,
  finding: AssessedFinding,
  entries: ReadonlyMap<string, EvidenceEntry>,
): object {
  const { outcome, says, basis, cites } = finding;
  const { due } = finding;
  const check = checkOf(finding);
  return {
    verdict,
    outcome,
    ...(finding.id ? { findingId: sarifText(finding.id) } : {}),
    ...(check ? { check } : {}),
    says: plainShort(says, longestName, 'en'),
    ...(basis ? { basis } : {}),
    ...(due ? { due } : {}),
    evidence: cites.map((id) => ({ id: sarifText(id), ...rawOf(entries.get(id)) })),
  };
}

function rawOf(entry: EvidenceEntry | undefined): object {
  return entry?.raw ? { sha256: entry.raw } : {};
}

// The next run's finding on the same thing has the same print, whatever figures its text has by then; findings alike are counted.
function fingerprint(
  { id }: AssessedRequirement,
  { check, subject, says }: AssessedFinding,
  seen: Map<string, number>,
): string {
  const name = JSON.stringify([id, check, subject, says]);
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return digest(count === 1 ? name : `${name}#${count}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
}
