import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/reporters/terminal/terminal.ts';
import { hanging, shortLine, wrap } from '../../../src/reporters/terminal/wrap.ts';

describe('wrap', () => {
  test.each([
    ['a short text stays', 'one two', 10, ['one two']],
    ['between words', 'one two three', 8, ['one two', 'three']],
    ['between Chinese characters, two cells each', '一二三四五', 6, ['一二三', '四五']],
    ['a line begins with no closing sign', '一二三，四', 6, ['一二', '三，四']],
    ['a line ends with no opening sign', '一二（三）', 6, ['一二', '（三）']],
    ['a number keeps its unit', '还有还有 28 天', 11, ['还有还有', '28 天']],
    ['a word longer than the line is cut', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['lines stay lines', 'a\n\nb', 10, ['a', '', 'b']],
    ['a tab is a blank', 'a\tb', 10, ['a b']],
    ['an empty text is one line', '', 10, ['']],
    ['rare hanzi take two cells too', '𠀀𠀁𠀂', 4, ['𠀀𠀁', '𠀂']],
  ])('%s', (_, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  test.each([2, 7, 20, 79])('no line of %i cells is wider, and nothing is lost', (width) => {
    const text =
      '申请期（2026-09-20 至 2026-12-20）：SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b，见《办法》第3条。';
    const lines = wrap(text, width);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });
});

test('hanging: lines after the first stand below the text', () => {
  expect(hanging('办理：', '一二三四', 10)).toEqual(['办理：一二', '      三四']);
});

test.each([
  ['一二三', 6, '一二三'],
  ['一二三四', 7, '一二三…'],
  ['one two three', 8, 'one two…'],
])('shortLine: %s in %i cells', (text, width, expected) => {
  expect(shortLine(text, width)).toBe(expected);
});
