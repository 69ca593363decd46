import { describe, expect, test } from 'vitest';
import { distanceOf, figureOf, figureText, isAtLeast, sumOf, type WrittenUnit } from '../../src/evidence/money.ts';

describe('figures as written', () => {
  test.each<[string, WrittenUnit, string]>([
    ['86612', '万元', '866120000'],
    ['86,612.05', '万元', '866120500'],
    ['８６，６１２．０５', '万元', '866120500'],
    ['1', '亿元', '100000000'],
    ['0.00000001', '亿元', '1'],
    ['0.000000001', '亿元', '0.1'],
    ['1,234,567.89', '元', '1234567.89'],
    ['-1,000.10', '元', '-1000.1'],
    [' 007 ', '元', '7'],
    ['12345678901234567890.12', '元', '12345678901234567890.12'],
  ])('%s %s is %s yuan', (written, unit, amount) => {
    expect(figureOf(written, unit)).toEqual({ amount, unit: '元' });
  });

  test.each<[string, WrittenUnit, string]>([
    ['32510', '张', '32510'],
    ['25,068', '张', '25068'],
    ['2.0', '户', '2'],
    ['0', '次', '0'],
  ])('%s %s', (written, unit, amount) => {
    expect(figureOf(written, unit)).toEqual({ amount, unit });
  });

  test.each<[string, WrittenUnit]>([
    ['', '元'],
    ['abc', '元'],
    ['1e5', '元'],
    ['1.2.3', '元'],
    ['1,00', '元'],
    ['1,0000', '元'],
    ['6000万', '元'],
    ['¥100', '元'],
    ['100元', '元'],
    ['NaN', '元'],
    ['Infinity', '元'],
    ['0x10', '元'],
    ['1 000', '元'],
    ['.5', '元'],
    ['5.', '元'],
    ['9'.repeat(41), '元'],
    ['2.5', '户'],
    ['-1', '张'],
  ])('%j %s is no figure', (written, unit) => {
    expect(figureOf(written, unit)).toBeUndefined();
  });
});

test('sums and comparisons lose nothing', () => {
  expect(sumOf(Array.from({ length: 10 }, () => '0.1'))).toBe('1');
  expect(sumOf(['9007199254740993', '0.01'])).toBe('9007199254740993.01');
  expect(sumOf([])).toBe('0');
  expect(distanceOf('1', '1.01')).toBe('0.01');
  expect(isAtLeast('10000000', '10000000.00')).toBe(true);
  expect(isAtLeast('9999999.99', '10000000')).toBe(false);
  expect(isAtLeast('9007199254740992', '9007199254740993')).toBe(false);
});

test.each([
  ['866120000', '86,612 万元', '866,120,000 yuan'],
  ['866120000.01', '86,612.000001 万元', '866,120,000.01 yuan'],
  ['9999.99', '9,999.99 元', '9,999.99 yuan'],
  ['10000', '1 万元', '10,000 yuan'],
  ['-20000', '-2 万元', '-20,000 yuan'],
  ['0', '0 元', '0 yuan'],
])('%s yuan reads %s', (amount, zh, en) => {
  expect(figureText({ amount, unit: '元' })).toEqual({ zh, en });
});

test('counts read in their unit', () => {
  expect(figureText({ amount: '57578', unit: '张' })).toEqual({ zh: '57,578 张', en: '57,578 invoices' });
});
