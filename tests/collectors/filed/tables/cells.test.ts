import { describe, expect, test } from 'vitest';
import { countOf, monthOfText, plainDateOf, tidy, yesNoOf } from '../../../../src/collectors/filed/tables/cells.ts';

test.each([
  '2025-04-01',
  '2025/4/1',
  '2025.4.1',
  '2025.04.01',
  '2025年4月1日',
  '2025年04月01日',
  '20250401',
  ' ２０２５－０４－０１ ',
  '２０２５年４月１日',
  '2025-04-01 08:00:00',
  '2025-04-01T08:00:00.000',
  '2025/4/1 8:00',
  '45748',
])('%s is 1 April 2025', (text) => {
  expect(plainDateOf(text)).toBe('2025-04-01');
});

test.each([
  '',
  '—',
  '4/1/2025',
  '01-04-25',
  '25-04-01',
  '2025-04',
  '2025-4/1',
  '2025-02-29',
  '2025-13-01',
  '20251301',
  '91370200',
  '2025-04-01 25:00',
  '2025-04-01T23:00:00Z',
  '2025-04-01T08:00:00+08:00',
  '2025-04-01 起',
  '19999',
  '80001',
  '2025',
  `${' '.repeat(200)}2025-04-01`,
])('%j is no date', (text) => {
  expect(plainDateOf(text)).toBeUndefined();
});

test('a leap day exists only in its year', () => {
  expect(plainDateOf('2024-02-29')).toBe('2024-02-29');
  expect(plainDateOf('2024年2月30日')).toBeUndefined();
});

test('days counted by Excel: the first and last that are read', () => {
  expect(plainDateOf('20000')).toBe('1954-10-03');
  expect(plainDateOf('80000')).toBe('2119-01-11');
});

test.each(['2025-04', '2025/4', '2025.04', '2025年4月', '２０２５年０４月', '202504', '2025-04-01', '20250401'])(
  '%s is April 2025',
  (text) => {
    expect(monthOfText(text)).toBe('2025-04');
  },
);

test.each(['2025-04-02', '2025-13', '202500', '2025.1', '4月', '2025', '25-04', ''])('%j is no month', (text) => {
  expect(monthOfText(text)).toBeUndefined();
});

describe('answers', () => {
  test.each(['是', '有', '已', '能', 'Yes', 'Y', 'TRUE', '1', '１', '√', '✓', ' 是 '])('%s is yes', (text) => {
    expect(yesNoOf(text)).toBe('yes');
  });

  test.each(['否', '无', '未', 'no', 'N', 'False', '0', '×', '✗'])('%s is no', (text) => {
    expect(yesNoOf(text)).toBe('no');
  });

  test.each(['未知', '不详', 'Unknown', '?', '？'])('%s is unknown', (text) => {
    expect(yesNoOf(text)).toBe('unknown');
  });

  test.each(['', '是否', '是的', '部分', '2', '-', '/'])('%j answers nothing', (text) => {
    expect(yesNoOf(text)).toBeUndefined();
  });
});

test.each([
  ['0', '0'],
  ['1,234,567', '1234567'],
  ['１２，３４５', '12345'],
  ['007', '7'],
  ['12.0', '12'],
])('%s counts %s', (text, count) => {
  expect(countOf(text)).toBe(count);
});

test.each(['', '-1', '-0', '1.5', '1,23', '12户', '1e3', 'NaN', '约12'])('%j is no count', (text) => {
  expect(countOf(text)).toBeUndefined();
});

test('tidy makes full-width plain and collapses blanks', () => {
  expect(tidy(' 纳税人识别号（ＳＣ\u3000１２）\n 备注 ')).toBe('纳税人识别号(SC 12) 备注');
});
