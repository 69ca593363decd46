import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { AssessedRequirement, Assessment } from '../../../src/assessment/assessment.ts';
import { summary } from '../../../src/reporters/terminal/terminal.ts';
import { widthOf } from '../../../src/reporters/terminal/width.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

const fixture = assessmentFixture();

function linesOf(assessment: Assessment, language: 'zh' | 'en' = 'zh'): string[] {
  return stripVTControlCharacters(summary(assessment, language)).split('\n');
}

/** The fixture with so many requirements of one verdict, each like its first that is unmet. */
function withOpen(count: number, verdict: AssessedRequirement['verdict']): Assessment {
  const [like] = fixture.requirements.filter((each) => each.verdict === 'unmet');
  if (!like) throw new Error('the fixture has nothing unmet');
  const requirements = Array.from(
    { length: count },
    (_, index): AssessedRequirement => ({ ...like, id: `QD-9.${index}`, verdict }),
  );
  return { ...fixture, requirements };
}

describe.each(languages)('in %s', (language) => {
  test.each([1, 5, 6, 12, 40, 400])('%i open requirements fit one screen of 80 columns', (count) => {
    const lines = linesOf(withOpen(count, 'unmet'), language);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(28);
  });
});

test('it begins with the answer', () => {
  expect(linesOf(withOpen(3, 'unmet'))[0]).toBe('不符合 3 项（共 3 项要求）');
  expect(linesOf(withOpen(3, 'unmet'), 'en')[0]).toBe('3 Unmet (of 3 requirements)');
  expect(linesOf(withOpen(2, 'partial'))[0]).toBe('部分符合 2 项（共 2 项要求）');
  expect(linesOf(withOpen(7, 'met'))[0]).toBe('适用的要求项全部符合（共 7 项要求）');
  // Nothing was judged: that is no pass.
  expect(linesOf(withOpen(4, 'not-applicable'))[0]).toBe('没有适用的要求项（共 4 项要求）');
  expect(linesOf(withOpen(0, 'met'), 'en')[0]).toBe('nothing applies (of 0 requirements)');
  expect(linesOf(fixture)[0]).toMatch(/^不符合 \d+ 项(，部分符合 \d+ 项)?，待确认 \d+ 项（共 \d+ 项要求）$/);
});

test('where little is open its particulars are shown; where much is, each on one line, the rest counted', () => {
  expect(linesOf(withOpen(6, 'unmet')).filter((line) => /QD-9\./.test(line))).toHaveLength(6);
  expect(linesOf(withOpen(2, 'unmet')).some((line) => line.startsWith('          '))).toBe(true);
  const many = linesOf(withOpen(20, 'unmet'));
  expect(many.filter((line) => /QD-9\./.test(line))).toHaveLength(12);
  expect(many).toContain('  另有 8 项不符合或部分符合，见报告');
});

test('nothing unmet is left out behind what is partial', () => {
  const { requirements } = withOpen(20, 'partial');
  const last = requirements.at(-1);
  if (!last) throw new Error('no requirement');
  const lines = linesOf({ ...fixture, requirements: [...requirements.slice(0, -1), { ...last, verdict: 'unmet' }] });
  expect(lines.find((line) => /QD-9\./.test(line))).toMatch(/^ {2}不符合 {2}QD-9\.19 /);
});
