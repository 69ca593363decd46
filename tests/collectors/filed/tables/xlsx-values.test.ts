import { expect, test } from 'vitest';
import {
  isBuiltinDate,
  isDateFormat,
  isoText,
  numberText,
  unescaped,
} from '../../../../src/collectors/filed/tables/xlsx-values.ts';

test.each([
  ['0.1', '0.1'],
  ['0.10000000000000001', '0.1'],
  ['0.30000000000000004', '0.3'],
  ['1234567.8900000001', '1234567.89'],
  ['45748', '45748'],
  ['-12.50', '-12.5'],
  ['1E3', '1000'],
  ['1.5E-7', '0.00000015'],
  ['-2e-10', '-0.0000000002'],
  ['123456789012345', '123456789012345'],
  ['999999999999999', '999999999999999'],
  ['-0', '0'],
  ['.5', '0.5'],
])('the number %s is %s', (written, text) => {
  expect(numberText(written, false, 1900)).toEqual({ text });
});

test.each(['1000000000000000', '9.1370200123456794E+17', '-1e15', '999999999999999.9999'])(
  '%s has lost digits',
  (written) => {
    expect(numberText(written, false, 1900)).toMatchObject({ wrong: { zh: expect.stringContaining('以文本存储') } });
  },
);

test.each(['', 'x', '1,000', '0x10', 'Infinity', 'NaN', '1e999', '1e9999', '1 2'])('%j is no number', (written) => {
  expect(numberText(written, false, 1900)).toHaveProperty('wrong');
});

// Serial numbers as Excel and LibreOffice show them.
test.each([
  ['1', 1900, '1900-01-01'],
  ['59', 1900, '1900-02-28'],
  ['61', 1900, '1900-03-01'],
  ['45748', 1900, '2025-04-01'],
  ['45748.999988', 1900, '2025-04-01'],
  ['2958465', 1900, '9999-12-31'],
  ['1', 1904, '1904-01-02'],
  ['44286', 1904, '2025-04-01'],
  ['2957003', 1904, '9999-12-31'],
] as const)('day %s by %i is %s', (written, system, text) => {
  expect(numberText(written, true, system)).toEqual({ text });
});

test.each([
  ['60', 1900],
  ['60.5', 1900],
  ['-1', 1900],
  ['2958466', 1900],
  ['2957004', 1904],
] as const)('day %s by %i is no date', (written, system) => {
  expect(numberText(written, true, system)).toHaveProperty('wrong');
});

test('a time of day alone stays a number', () => {
  expect(numberText('0.5', true, 1900)).toEqual({ text: '0.5' });
});

test.each([
  'yyyy-mm-dd',
  'yyyy/m/d;@',
  'yyyy"年"m"月"d"日"',
  'yyyy年m月',
  '[$-804]yyyy"年"m"月"d"日";@',
  '[DBNum1][$-804]yyyy"年"m"月"d"日";@',
  'm/d/yy h:mm',
  'mmm\\-yy',
  'DD.MM.YYYY',
  '[Red]yyyy-mm-dd',
])('%s shows a date', (code) => {
  expect(isDateFormat(code)).toBe(true);
});

test.each([
  'General',
  '0.00%',
  '#,##0.00"元"',
  '0"days"',
  '#,##0_);[Red](#,##0)',
  '[$¥-804]#,##0.00',
  '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
  '0.00E+00',
  '0\\d',
  '0_d',
  '0*m',
  '@',
  '[h]:mm:ss',
  '000000',
  '"未闭合 yyyy',
])('%s shows none', (code) => {
  expect(isDateFormat(code)).toBe(false);
});

test('formats that are not written out', () => {
  const dates = Array.from({ length: 60 }, (_, id) => id).filter(isBuiltinDate);
  expect(dates).toEqual([
    ...[14, 15, 16, 17, 18, 19, 20, 21, 22],
    ...[27, 28, 29, 30, 31, 32, 33, 34, 35, 36],
    ...[45, 46, 47],
    ...[50, 51, 52, 53, 54, 55, 56, 57, 58],
  ]);
});

test('dates of strict workbooks', () => {
  expect(isoText('2025-04-01T08:00:00')).toEqual({ text: '2025-04-01' });
  expect(isoText('PT8H')).toHaveProperty('wrong');
});

test('escaped characters', () => {
  expect(unescaped('a_x000D_b_x005F_x000D_')).toBe('a\rb_x000D_');
});
