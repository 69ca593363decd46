import type { AssessedRequirement, Assessment } from '../assessment/assessment.ts';
import { type Part, parts, partTitles } from '../assessment/profile-words.ts';
import { type Verdict, verdicts, verdictTitles } from '../assessment/verdict.ts';
import type { Language } from '../text.ts';
import { clausesOf, remedyOf } from './finding-table.ts';
import { onOneLine, plainShort } from './plain.ts';
import type { Renderer } from './reporter.ts';
import { tableTexts } from './words/tables.ts';
import { acceptedLabel, waiverLabel, waiversOf } from './words/waivers.ts';
import { xmlText, xmlValue } from './xml.ts';

/** UTF-16 units of the line that a list shows, of one text below it, and of all that stands there. */
const longestMessage = 400;
const longestPart = 2000;
const longestBody = 16_000;

/**
 * How a verdict stands in a test report: unproven is neither passed nor skipped, so it is an error, “could not be
 * determined”. What waivers cover wholly is skipped, as the exit status accepts it; its type says what it is.
 */
const elements: Readonly<Record<Verdict, 'failure' | 'error' | 'skipped' | undefined>> = {
  unmet: 'failure',
  partial: 'failure',
  unproven: 'error',
  met: undefined,
  'not-applicable': 'skipped',
};

/** JUnit XML as Jenkins and GitLab read it: a suite for each part, a case for each requirement. */
export const junit: Renderer = {
  render: async (assessment, { language }) => ({
    bytes: Buffer.from(documentOf(assessment, language), 'utf8'),
    notes: [],
  }),
};

function documentOf(assessment: Assessment, language: Language): string {
  const { tool, number, requirements } = assessment;
  const suites = parts.map((part, index) => suiteOf(assessment, part, index, language));
  const name = xmlValue(`${tool.name} ${number}`);
  const { tests, failures, errors } = countsOf(requirements);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" tests="${tests}" failures="${failures}" errors="${errors}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(assessment: Assessment, part: Part, index: number, language: Language): string {
  const own = assessment.requirements.filter((each) => each.part === part);
  const { tests, failures, errors, skipped } = countsOf(own);
  const name = partTitles[part][language];
  const counts = `tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  const timestamp = assessment.evidence.to.replace(/(\.\d+)?Z$/, '');
  // GitLab shows the class as the suite; Jenkins takes what stands before its last dot for a package.
  const className = xmlValue(`${assessment.profile.name}.${name}`);
  return [
    `<testsuite name="${xmlValue(name)}" id="${index}" ${counts} time="0" timestamp="${xmlValue(timestamp)}">`,
    propertiesOf(assessment, language),
    ...own.map((requirement) => caseOf(assessment, requirement, className, language)),
    '</testsuite>',
  ].join('\n');
}

function propertiesOf({ number, profile, unit, platform, asOf, evidence }: Assessment, language: Language): string {
  const properties = Object.entries({
    'report-number': number,
    profile: profile.title[language],
    unit: `${unit.name} ${unit.creditCode}`,
    platform: platform.name,
    'as-of': asOf,
    'evidence-manifest': evidence.manifest,
  });
  const lines = properties.map(
    ([name, value]) => `<property name="${name}" value="${xmlValue(plainShort(value, longestPart, language))}"/>`,
  );
  return ['<properties>', ...lines, '</properties>'].join('\n');
}

function elementOf({ verdict, remaining }: AssessedRequirement): (typeof elements)[Verdict] {
  if (remaining === 'none') return 'skipped';
  return elements[remaining ?? verdict];
}

function caseOf(
  assessment: Assessment,
  requirement: AssessedRequirement,
  className: string,
  language: Language,
): string {
  const { id, title, verdict } = requirement;
  const name = xmlValue(onOneLine(plainShort(`${id} ${title[language]}`, longestMessage, language)));
  const open = `<testcase classname="${className}" name="${name}" time="0"`;
  const element = elementOf(requirement);
  if (element === undefined) return `${open}/>`;
  const message = xmlValue(
    onOneLine(plainShort(messageOf(assessment, requirement, language), longestMessage, language)),
  );
  const body =
    verdict === 'not-applicable'
      ? ''
      : xmlText(plainShort(bodyOf(assessment, requirement, language), longestBody, language));
  return `${open}>\n<${element} type="${verdict}" message="${message}">${body}</${element}>\n</testcase>`;
}

function messageOf(assessment: Assessment, requirement: AssessedRequirement, language: Language): string {
  const { verdict, findings, reason, title } = requirement;
  const deciding = findings.find(({ outcome }) => outcome === (verdict === 'partial' ? 'unmet' : verdict));
  const why = deciding ? `${deciding.subject}: ${deciding.text[language]}` : (reason ?? title)[language];
  return `${verdictTitles[verdict][language]}${acceptedLabel(requirement, assessment)[language]}: ${why}`;
}

function bodyOf(assessment: Assessment, requirement: AssessedRequirement, language: Language): string {
  const waivers = waiversOf(requirement, assessment);
  const short = (text: string): string => plainShort(text, longestPart, language);
  const say = (label: keyof typeof tableTexts, text: string): string =>
    `${tableTexts[label][language]}: ${short(text)}`;
  // What decides comes first: a long body is cut at its end.
  const order = verdicts.flatMap((verdict) => requirement.findings.filter(({ outcome }) => outcome === verdict));
  const findings = order.map((finding) => {
    const waiver = waivers.find(({ id }) => id === finding.waiver);
    const remedy = finding.remedy && remedyOf(requirement, finding)?.[language];
    return [
      `[${verdictTitles[finding.outcome][language]}] ${short(finding.subject)}: ${short(finding.text[language])}`,
      ...(waiver ? [`  ${say('waiver', `${waiverLabel(waiver)[language]}: ${waiver.reason}`)}`] : []),
      ...(remedy ? [`  ${say('remedy', remedy)}`] : []),
      ...(finding.cites.length > 0 ? [`  ${say('evidence', finding.cites.join(' '))}`] : []),
    ].join('\n');
  });
  const remedy = requirement.remedy?.[language];
  return [say('clauses', clausesOf(requirement)), ...findings, ...(remedy ? [say('remedy', remedy)] : [])].join('\n');
}

function countsOf(requirements: readonly AssessedRequirement[]) {
  const counted = (element: string): number =>
    requirements.filter((requirement) => elementOf(requirement) === element).length;
  return {
    tests: requirements.length,
    failures: counted('failure'),
    errors: counted('error'),
    skipped: counted('skipped'),
  };
}
