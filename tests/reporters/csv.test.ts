import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { languages } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { renderedText } from './rendered.ts';

const assessment = assessmentFixture();

/** Records as a strict reader of RFC 4180 sees them. */
const records = (text: string): string[][] =>
  parse(text, { bom: true, record_delimiter: '\r\n', relax_quotes: false, relax_column_count: false });

describe.each(languages)('in %s', (language) => {
  test('a row for each finding, and for each requirement without one', async () => {
    const text = await renderedText('csv', assessment, language);
    expect(text.startsWith('\ufeff"')).toBe(true);
    const [head, ...rows] = records(text);
    const wanted = assessment.requirements.flatMap(({ id, findings, reason }) =>
      findings.length === 0 ? [[id, reason?.[language]]] : findings.map((finding) => [id, finding.text[language]]),
    );
    const textColumn = head?.indexOf(language === 'zh' ? '发现内容' : 'Finding') ?? -1;
    expect(rows.map((row) => [row[0], row[textColumn]])).toEqual(wanted);
    expect(new Set(head).size).toBe(head?.length);
  });

  test('every head in its own language', async () => {
    const [head = []] = records(await renderedText('csv', assessment, language));
    for (const title of head) expect(title).toMatch(language === 'zh' ? /\p{Script=Han}|SHA/u : /^[ -~]+$/);
  });
});

test.each([
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '·=1'],
  [' =1', "' =1"],
  ['\n=1', "'\n=1"],
  ['＝1', "'＝1"],
  ['＠x', "'＠x"],
  ['a=1', 'a=1'],
  ['"=1"', '"=1"'],
  ['1,2\r\n"3"', '1,2·\n"3"'],
])('the cell %j becomes %j', async (cell, expected) => {
  const hostile = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) finding.subject = cell;
  });
  const [head = [], row = []] = records(await renderedText('csv', hostile, 'zh'));
  expect(row[head.indexOf('对象')]).toBe(expected);
});

test('a cell holds no more than a spreadsheet’s, and says what was left out', async () => {
  const hostile = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) finding.text = { zh: '='.repeat(1_000_000), en: 'x' };
  });
  const [, row = []] = records(await renderedText('csv', hostile, 'zh'));
  const long = row.find((cell) => cell.length > 1000) ?? '';
  expect(long.length).toBe(32_767);
  expect(long).toMatch(/^'=+……（全文 1000000 字，此处从略；全文 SHA-256：[0-9a-f]{64}）$/);
});

test('a date to act by stands in a column of its own', async () => {
  const dated = assessmentFixture((body) => {
    for (const finding of body.requirements.flatMap(({ findings }) => findings)) finding.due = '2026-12-31';
  });
  const [head = [], ...rows] = records(await renderedText('csv', dated, 'zh'));
  const findings = dated.requirements.flatMap((row) => (row.findings.length === 0 ? [undefined] : row.findings));
  expect(rows.map((row) => row[head.indexOf('最迟日期')])).toEqual(
    findings.map((finding) => (finding ? '2026-12-31' : '')),
  );
});
