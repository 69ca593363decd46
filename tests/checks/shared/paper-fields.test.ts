import { describe, expect, test } from 'vitest';
import { dayIn, isFilled, numberIn, wordOf } from '../../../checks/shared/paper-fields.ts';

describe('dayIn', () => {
  test.each([
    ['2025-04-01', '2025-04-01'],
    ['2025年4月1日', '2025-04-01'],
    ['２０２５ 年 ４ 月 １ 号', '2025-04-01'],
    ['2025/4/1', '2025-04-01'],
    ['2025.04.01', '2025-04-01'],
    ['20250401', '2025-04-01'],
    ['二〇二五年四月一日', '2025-04-01'],
    ['二零二五年十月二十日', '2025-10-20'],
    ['二○二四年二月二十九日', '2024-02-29'],
    ['2025年2月29日', undefined],
    ['2025年13月1日', undefined],
    ['2025年4月31日', undefined],
    ['20250431', undefined],
    ['2025年4月', undefined],
    ['2025年4月1日前', undefined],
    ['自2025年4月1日', undefined],
    ['二〇二五年四月', undefined],
    ['二〇二五年二月三十日', undefined],
    ['二〇二五年十十月一日', undefined],
    ['', undefined],
  ])('%s', (written, day) => {
    expect(dayIn(written)).toBe(day);
  });
});

describe('numberIn', () => {
  test.each([
    ['3', 3],
    ['３个月', 3],
    ['3 个自然月', 3],
    ['3个月以内', 3],
    ['1.5个月', 1.5],
    ['三个月', 3],
    ['两个月', 2],
    ['叁个月', 3],
    ['十', 10],
    ['十二月', 12],
    ['二十个月', 20],
    ['拾贰', 12],
    ['九十九', 99],
    ['3年', undefined],
    ['90天', undefined],
    ['3-6个月', undefined],
    ['不超过3个月', undefined],
    ['-3', undefined],
    ['1,000', undefined],
    ['3e9', undefined],
    ['0x3', undefined],
    ['9'.repeat(400), undefined],
    ['月', undefined],
    ['个', undefined],
    ['一百', undefined],
    ['', undefined],
  ])('%s', (written, number) => {
    expect(numberIn(written)).toBe(number);
  });
});

test.each([
  ['X'.repeat(100_000), false],
  ['_'.repeat(100_000), false],
  ['年'.repeat(100_000), false],
  [`${'个'.repeat(100_000)}年`, true],
])('a long text is judged at once', (written, filled) => {
  const start = performance.now();
  expect(isFilled(written)).toBe(filled);
  numberIn(written);
  dayIn(written);
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a property of every object is no word', () => {
  expect(wordOf('constructor')).toBe('constructor');
  expect(wordOf('true')).toBe('是');
});
