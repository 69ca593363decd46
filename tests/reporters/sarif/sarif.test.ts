import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Assessment } from '../../../src/assessment/assessment.ts';
import { assessmentText } from '../../../src/assessment/file.ts';
import { type Language, languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { renderedText } from '../rendered.ts';
import { sarifMistakes } from '../schemas.ts';

const assessment = assessmentFixture();

const resultSchema = z.object({
  ruleId: z.string(),
  ruleIndex: z.int(),
  kind: z.string(),
  level: z.string(),
  message: z.object({ text: z.string() }),
  locations: z.array(
    z.object({
      physicalLocation: z.object({ region: z.object({ startLine: z.int() }) }),
      logicalLocations: z.array(z.object({ name: z.string() })),
    }),
  ),
  partialFingerprints: z.object({ 'finding/v1': z.string() }),
});

const logSchema = z.object({
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({ rules: z.array(z.object({ id: z.string(), help: z.object({ text: z.string() }) })) }),
      }),
      automationDetails: z.object({ id: z.string(), guid: z.string(), correlationGuid: z.string() }),
      results: z.array(resultSchema),
    }),
  ]),
});

async function runOf(of: Assessment, language: Language) {
  const log: unknown = JSON.parse(await renderedText('sarif', of, language));
  expect(sarifMistakes(log)).toEqual([]);
  return logSchema.parse(log).runs[0];
}

describe.each(languages)('in %s', (language) => {
  test('a rule for each requirement with title and clause, a result for each finding', async () => {
    const { tool, results } = await runOf(assessment, language);
    for (const [index, { id, title, cites }] of assessment.requirements.entries()) {
      const rule = tool.driver.rules[index];
      expect(rule?.id).toBe(id);
      expect(rule?.help.text).toContain(title[language]);
      expect(rule?.help.text).toContain(`${cites[0]?.source} ${cites[0]?.clause}`);
    }
    const wanted = assessment.requirements.flatMap(({ id, findings, reason }) =>
      findings.length === 0
        ? [[id, reason?.[language] ?? '']]
        : findings.map((finding) => [id, finding.text[language]]),
    );
    expect(results.map(({ ruleId }) => ruleId)).toEqual(wanted.map(([id]) => id));
    for (const [index, { message, ruleId, ruleIndex }] of results.entries()) {
      expect(message.text).toContain(wanted[index]?.[1]);
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
  });
});

test('each outcome has its kind, and only failures a level', async () => {
  const { results } = await runOf(assessment, 'zh');
  const kinds = { met: 'pass', unmet: 'fail', unproven: 'open', 'not-applicable': 'notApplicable' } as const;
  const wanted = assessment.requirements.flatMap(({ findings }) =>
    findings.length === 0 ? ['notApplicable'] : findings.map(({ outcome }) => kinds[outcome]),
  );
  expect(results.map(({ kind }) => kind)).toEqual(wanted);
  for (const { kind, level } of results) expect(level).toBe(kind === 'fail' ? 'error' : 'none');
});

test('what awaits a signature is for a person to review', async () => {
  const unsigned = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) Object.assign(finding, { outcome: 'unproven', says: 'awaiting-signature' });
  });
  expect((await runOf(unsigned, 'zh')).results[0]?.kind).toBe('review');
});

test('a result leads to its finding’s line in assessment.json', async () => {
  const lines = assessmentText(assessment).split('\n');
  const { results } = await runOf(assessment, 'zh');
  const findings = assessment.requirements.flatMap((row) =>
    row.findings.length === 0 ? [row.id] : row.findings.map((finding) => finding.text.zh),
  );
  for (const [index, { locations }] of results.entries()) {
    const line = locations[0]?.physicalLocation.region.startLine ?? 0;
    expect(lines[line - 1]?.trim()).toBe('{');
    const object = lines.slice(line - 1, line + 9).join('\n');
    expect(object).toContain(JSON.stringify(findings[index]));
  }
});

test('fingerprints name what a finding is about, whatever its figures', async () => {
  const printsOf = async (of: Assessment) =>
    (await runOf(of, 'zh')).results.map(({ partialFingerprints }) => partialFingerprints['finding/v1']);
  const prints = await printsOf(assessment);
  expect(new Set(prints).size).toBe(prints.length);
  const later = assessmentFixture((body) => {
    body.asOf = '2026-12-01';
    for (const finding of body.requirements.flatMap(({ findings }) => findings))
      finding.text = { zh: `${finding.text.zh} 201 天`, en: finding.text.en };
  });
  expect(await printsOf(later)).toEqual(prints);
  const twins = assessmentFixture((body) => {
    const findings = body.requirements.find((row) => row.findings.length > 1)?.findings ?? [];
    const [first, second] = findings;
    if (first && second) Object.assign(second, { check: first.check, subject: first.subject, says: first.says });
  });
  const withTwins = await printsOf(twins);
  expect(new Set(withTwins).size).toBe(withTwins.length);
});

test('runs of one platform share a category, and each has an id of its own', async () => {
  const first = (await runOf(assessment, 'zh')).automationDetails;
  const second = (
    await runOf(
      assessmentFixture((body) => Object.assign(body, { asOf: '2026-12-01' })),
      'zh',
    )
  ).automationDetails;
  expect(second.correlationGuid).toBe(first.correlationGuid);
  expect(second.id.slice(0, second.id.lastIndexOf('/'))).toBe(first.id.slice(0, first.id.lastIndexOf('/')));
  expect(second.id).not.toBe(first.id);
  expect(second.guid).not.toBe(first.guid);
});

test('the schema finds mistakes', () => {
  expect(sarifMistakes({ version: '2.1.0', runs: [{ tool: {}, results: [{ kind: 'maybe' }] }] })).not.toEqual([]);
});
