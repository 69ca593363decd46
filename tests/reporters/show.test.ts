import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clockIn, firstLine, offsetOf, shortened, shown } from '../../src/reporters/show.ts';

describe('shown', () => {
  test.each([
    ['plain text stays', '日志留存 180 天, rotate 26', '日志留存 180 天, rotate 26'],
    ['lines and tabs stay', 'a\n\tb', 'a\n\tb'],
    ['markup stays text', '<script>{{x}}</script>', '<script>{{x}}</script>'],
    ['an emoji is named', '完成✅😀', '完成〔U+2705〕〔U+1F600〕'],
    ['symbols that the fonts have stay', '☐ ☑ ⚠ Ⅳ α', '☐ ☑ ⚠ Ⅳ α'],
    ['what takes no place is named', 'a\u200bb\u00adc\ufeff', 'a〔U+200B〕b〔U+00AD〕c〔U+FEFF〕'],
    ['a variation selector is named', '☑\ufe0f', '☑〔U+FE0F〕'],
    ['private use is named', '\ue000', '〔U+E000〕'],
    ['control and direction characters are dots', 'a\u0000\u001b[31m\u202eb', 'a··[31m·b'],
    ['a lone surrogate is the replacement character', '\ud800', '\ufffd'],
    ['decomposed text is composed', 'e\u0301', 'é'],
    ['a mark that composes with nothing is named', 'x\u0302', 'x〔U+0302〕'],
    ['rare hanzi of GB 2312 stay', '坶劐阢', '坶劐阢'],
    ['a script without font is named', 'ا', '〔U+0627〕'],
  ])('%s', (_, untrusted, expected) => {
    expect(shown(untrusted)).toBe(expected);
  });
});

describe('shortened', () => {
  test('leaves a text of the limit alone', () => {
    expect(shortened('一二三', 3, 'zh')).toBe('一二三');
  });

  test('says how long the whole is, and its hash', () => {
    const hash = createHash('sha256').update('一二三四').digest('hex');
    expect(shortened('一二三四', 3, 'zh')).toBe(`一二三……（全文 4 字，此处从略；全文 SHA-256：${hash}）`);
    expect(shortened('abcd', 3, 'en')).toMatch(/^abc… \(4 characters in all, .* SHA-256 of the whole: [0-9a-f]{64}\)$/);
  });

  test('does not cut a character in two', () => {
    expect(shortened('😀😀', 1, 'zh')).toMatch(/^〔U\+1F600〕……/);
  });
});

test.each([
  ['one line', '一行', 10, '一行'],
  ['the first of several', '第一行\n第二行', 10, '第一行…'],
  ['a long one', '一二三四', 3, '一二三…'],
])('firstLine: %s', (_, text, limit, expected) => {
  expect(firstLine(text, limit)).toBe(expected);
});

test.each([
  ['Asia/Shanghai', '2026-11-21T17:58:02Z', '2026-11-22 01:58:02', 'UTC+08:00'],
  ['America/New_York', '2026-07-01T00:00:00Z', '2026-06-30 20:00:00', 'UTC-04:00'],
  ['UTC', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00', 'UTC+00:00'],
])('times in %s', (zone, instant, clock, offset) => {
  expect(clockIn(zone)(instant)).toBe(clock);
  expect(offsetOf(instant, zone)).toBe(offset);
});
