import type { AssessedRequirement, Assessment } from '../../assessment/assessment.ts';
import { partTitles } from '../../assessment/profile-words.ts';
import { type Language, languages } from '../../text.ts';
import { clausesOf } from '../finding-table.ts';
import { titleOf } from '../html/view.ts';
import { plainShort } from '../plain.ts';
import type { Renderer } from '../reporter.ts';
import { uuidOf } from '../uuid.ts';
import { wordsIn } from '../words/report.ts';
import { tableTexts } from '../words/tables.ts';
import { resultsOf } from './results.ts';
import { sarifMessage, sarifText } from './text.ts';

/** UTF-16 units of one text among several. */
const longestPart = 1500;

/** SARIF 2.1.0 with errata 01 (OASIS): a rule is a requirement, a result a finding. */
export const sarif: Renderer = {
  render: async (assessment, { language }) => ({
    bytes: Buffer.from(`${JSON.stringify(logOf(assessment, language), null, 1)}\n`, 'utf8'),
    notes: [],
  }),
};

function logOf(assessment: Assessment, language: Language): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(assessment, language)],
  };
}

function runOf(assessment: Assessment, language: Language): object {
  const { tool, profile, unit, platform, evidence, number, asOf, occasion } = assessment;
  const names = [unit.name, platform.name].map((name) => plainShort(name, longestPart, language));
  const subject = [unit.creditCode, platform.name, profile.name];
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        language: language === 'zh' ? 'zh-CN' : 'en',
        rules: assessment.requirements.map((requirement) => ruleOf(assessment, requirement, language)),
      },
    },
    // The part before the last slash is what runs of the same subject have in common: GitHub calls it the category.
    automationDetails: {
      id: `${tool.name}/${sarifText(profile.name)}/${uuidOf('subject', ...subject)}/${number}`,
      guid: uuidOf('run', number),
      correlationGuid: uuidOf('subject', ...subject),
      description: sarifMessage(`${titleOf(assessment, wordsIn(language))}：${names.join('，')}，${asOf}`, language),
    },
    invocations: [{ executionSuccessful: true, startTimeUtc: evidence.from, endTimeUtc: evidence.to }],
    language: language === 'zh' ? 'zh-CN' : 'en',
    columnKind: 'utf16CodeUnits',
    results: resultsOf(assessment, language),
    properties: {
      reportNumber: number,
      asOf,
      occasion,
      profile: sarifText(profile.name),
      evidenceManifest: evidence.manifest,
      counts: assessment.counts,
    },
  };
}

function ruleOf({ profile }: Assessment, requirement: AssessedRequirement, language: Language): object {
  const { id, title, part, cites, attest, ifMissed, remedy } = requirement;
  const short = (text: string): string => plainShort(text, longestPart, language);
  const say = (label: keyof typeof tableTexts, text: string): string =>
    `${tableTexts[label][language]}: ${short(text)}`;
  const documents = [...new Set(cites.map(({ source }) => source))].map(
    (source) => `${source} = ${short(profile.sources[source]?.title[language] ?? source)}`,
  );
  const help = [
    say('requirement', title[language]),
    say('clauses', clausesOf(requirement)),
    ...documents,
    ...(attest ? [say('statement', attest.text[language])] : []),
    ...(remedy ? [say('remedy', remedy[language])] : []),
    ...(ifMissed ? [say('ifMissed', ifMissed[language])] : []),
  ].join('\n');
  return {
    id: sarifText(id),
    shortDescription: sarifMessage(title[language], language),
    fullDescription: sarifMessage(`${short(title[language])} (${clausesOf(requirement)})`, language),
    help: sarifMessage(help, language),
    defaultConfiguration: { level: 'error' },
    properties: {
      part,
      partTitle: partTitles[part][language],
      clauses: cites.map(({ source, clause }) => sarifText(`${source} ${clause}`)),
      title: Object.fromEntries(languages.map((each) => [each, plainShort(title[each], longestPart, each)])),
    },
  };
}
