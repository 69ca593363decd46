import { describe, expect, test } from 'vitest';
import { languages } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { inFolder } from '../support/folder.ts';
import { renderedText } from './rendered.ts';
import { junitMistakes } from './schemas.ts';
import { elementsOf } from './xlsx/workbook.ts';

const assessment = assessmentFixture();

describe.each(languages)('in %s', (language) => {
  test('is valid by the schema', async () => {
    const text = await renderedText('junit', assessment, language);
    await inFolder({ 'report.xml': text }, async (at) => expect(junitMistakes(at('report.xml'))).toBe(''));
  });

  test('a case for each requirement, with the result of its verdict', async () => {
    const elements = elementsOf(await renderedText('junit', assessment, language));
    const results: string[] = [];
    for (const { name, attributes } of elements) {
      if (name === 'testcase') results.push(`${attributes.name?.split(' ')[0]} passed`);
      if (name === 'failure' || name === 'error' || name === 'skipped')
        results.splice(-1, 1, `${results.at(-1)?.split(' ')[0]} ${name} ${attributes.type}`);
    }
    const words = {
      met: 'passed',
      unmet: 'failure unmet',
      partial: 'failure partial',
      unproven: 'error unproven',
      'not-applicable': 'skipped not-applicable',
    };
    const wanted = assessment.requirements.map(({ id, verdict }) => `${id} ${words[verdict]}`);
    expect(results.toSorted()).toEqual(wanted.toSorted());
  });

  test('counts add up', async () => {
    const elements = elementsOf(await renderedText('junit', assessment, language));
    const { counts } = assessment;
    const [all] = elements.filter(({ name }) => name === 'testsuites');
    expect(all?.attributes).toMatchObject({
      tests: String(assessment.requirements.length),
      failures: String(counts.unmet + counts.partial),
      errors: String(counts.unproven),
    });
    const suites = elements.filter(({ name }) => name === 'testsuite');
    for (const key of ['tests', 'failures', 'errors'] as const)
      expect(suites.reduce((sum, { attributes }) => sum + Number(attributes[key]), 0)).toBe(
        Number(all?.attributes[key]),
      );
    expect(suites.reduce((sum, { attributes }) => sum + Number(attributes.skipped), 0)).toBe(counts['not-applicable']);
  });

  test('a failure shows all findings with what to do', async () => {
    const row = assessment.requirements.find(({ verdict, remedy }) => verdict === 'unmet' && remedy);
    const elements = elementsOf(await renderedText('junit', assessment, language));
    const at = elements.findIndex(({ attributes }) => attributes.name?.startsWith(`${row?.id} `));
    const body = elements[at + 1]?.text ?? '';
    for (const { subject, text, cites } of row?.findings ?? [])
      for (const words of [subject, text[language], ...cites]) expect(body).toContain(words);
    expect(body).toContain(row?.remedy?.[language]);
  });
});

test('of thousands of findings those that decide are shown, and how much is not', async () => {
  const many = assessmentFixture((body) => {
    const row = body.requirements.find(({ verdict }) => verdict === 'unmet');
    const [first] = row?.findings ?? [];
    if (!row || !first) throw new Error('the fixture has no such row');
    const fine = Array.from({ length: 3000 }, (_, index) => ({
      ...first,
      outcome: 'met' as const,
      subject: `h${index}`,
    }));
    row.findings = [...fine, { ...first, outcome: 'unmet', subject: '最后一台' }];
  });
  const text = await renderedText('junit', many, 'zh');
  const [failure] = elementsOf(text).filter(
    ({ name, attributes }) => name === 'failure' && attributes.type === 'unmet',
  );
  expect(failure?.text).toContain('[不符合] 最后一台');
  expect(failure?.text).toMatch(/……（全文 \d+ 字，此处从略；全文 SHA-256：[0-9a-f]{64}）$/);
  expect(failure?.text.length).toBeLessThanOrEqual(16_000);
});

test('the schema finds mistakes', async () => {
  const text = await renderedText('junit', assessment, 'zh');
  const wrong = text.replace('type="unproven" ', '');
  await inFolder({ 'report.xml': wrong }, async (at) => expect(junitMistakes(at('report.xml'))).toContain("'type'"));
});
