import { describe, expect, test } from 'vitest';
import { heard, said } from '../src/text.ts';

describe('both languages on one line', () => {
  test.each([
    { zh: '甲.csv：文件为空', en: '甲.csv: the file is empty' },
    { zh: 'a | b.csv：不是普通文件', en: 'a | b.csv: no regular file' },
    { zh: 'app-1：ECONNREFUSED', en: 'app-1: ECONNREFUSED' },
  ])('%j is parted again', (text) => {
    expect(heard(said(text))).toEqual(text);
  });

  test.each(['甲.csv', 'ps aux | grep sshd', '甲 | 乙 | 丙', ''])('%j is the same in both', (detail) => {
    expect(heard(detail)).toEqual({ zh: detail, en: detail });
  });

  test('control characters do not pass', () => {
    expect(said({ zh: '\u001b[31m红', en: '\u202ered' })).toBe('·[31m红 | ·red');
  });
});
