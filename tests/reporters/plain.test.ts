import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onOneLine, plain, plainShort } from '../../src/reporters/plain.ts';

test.each([
  ['plain text stays', '日志留存 180 天', '日志留存 180 天'],
  ['lines and tabs stay', 'a\n\tb', 'a\n\tb'],
  ['emoji and combining marks stay', '😀✅e\u0301', '😀✅e\u0301'],
  ['control and direction characters are dots', 'a\u0000\u001b[31m\u009b\u202eb\r', 'a··[31m··b·'],
  ['what takes no place is named', 'a\u200bb\u00adc\ufeff\u2028', 'a〔U+200B〕b〔U+00AD〕c〔U+FEFF〕〔U+2028〕'],
  ['what XML forbids is named', '\ufffe\uffff', '〔U+FFFE〕〔U+FFFF〕'],
  ['tags beyond the first plane are named', '\u{e0041}', '〔U+E0041〕'],
  ['half a pair is the replacement character', 'a\ud800b', 'a\ufffdb'],
])('plain: %s', (_, untrusted, expected) => {
  expect(plain(untrusted)).toBe(expected);
});

describe('plainShort', () => {
  test('leaves a text of the limit alone', () => {
    expect(plainShort('一二三', 3, 'zh')).toBe('一二三');
  });

  test('says how long the whole is, and its hash, within the limit', () => {
    const long = 'x'.repeat(1000);
    const hash = createHash('sha256').update(long).digest('hex');
    const short = plainShort(long, 300, 'en');
    expect(short).toHaveLength(300);
    expect(short).toMatch(new RegExp(`^x+… \\(1000 characters in all, .* SHA-256 of the whole: ${hash}\\)$`));
    expect(plainShort(long, 300, 'zh')).toContain(`……（全文 1000 字，此处从略；全文 SHA-256：${hash}）`);
  });

  test.each([299, 300, 301])('does not cut a pair in two, limit %i', (limit) => {
    const short = plainShort('😀'.repeat(500), limit, 'en');
    expect(short.isWellFormed()).toBe(true);
    expect(short.length).toBeLessThanOrEqual(limit);
  });

  test('counts what characters become', () => {
    expect(plainShort('\u200b'.repeat(100), 400, 'zh').length).toBeLessThanOrEqual(400);
  });
});

test('onOneLine', () => {
  expect(onOneLine(' a\n\n b\tc ')).toBe('a b c');
});
