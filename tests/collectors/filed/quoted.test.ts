import { describe, expect, test } from 'vitest';
import { isOfPerson, withoutPersons } from '../../../src/collectors/filed/persons.ts';
import { isName, quoted, quotedFigure, quotedHead, withoutNumbers } from '../../../src/collectors/filed/quoted.ts';

// Names, telephone and identity numbers are made up; the identity number is the example of GB 11643-1999.

describe('a cell that should hold a date, a number or a code', () => {
  test.each([
    ['王小明', '王**'],
    ['欧阳明月 13812345678', '欧*** 138********'],
    ['填表人：万三', '填**：万*'],
    ['青岛甲公司', '青****'],
    ['2025年4月', '2025年4月'],
    ['2025-04-01T08:30:00Z', '2025-04-01T08:30:00Z'],
    ['四月一日', '四月一日'],
    ['未知', '未知'],
    ['2025-04-01 2025-05-01', '2025-04-01 2025-05-01'],
    ['138-1234-5678', '138**********'],
    ['１３８１２３４５６７８', '１３８********'],
    ['1101 0519 4912 3100 2X', '110*******************'],
  ])('%s is told as %s', (cell, shown) => {
    expect(quotedFigure(cell)).toEqual({ zh: `“${shown}”`, en: `"${shown}"` });
  });
});

describe('a cell that should hold words', () => {
  test.each([
    ['王小明', '王**'],
    ['李四 13812345678', '李* 138********'],
    ['联系人 司马光', '联系人 司**'],
    ['集团内企业', '集团内企业'],
    ['大概', '大概'],
    ['何时', '何时'],
  ])('%s is told as %s', (cell, shown) => {
    expect(quoted(cell).zh).toBe(`“${shown}”`);
  });
});

test('a head keeps its words, and hides who signs beside it', () => {
  expect(quotedHead('填表人:王小明 13812345678')).toBe('填表人:王** 138********');
  expect(quotedHead('余额（万元）')).toBe('余额（万元）');
  expect(quotedHead('何'.repeat(40))).toBe(`${'何'.repeat(30)}…`);
});

test('sizes of files are no numbers of persons', () => {
  expect(withoutNumbers('文件有 104857600 字节')).toBe('文件有 104857600 字节');
});

test.each([
  ['王小明', true],
  ['诸葛亮', true],
  ['使用单位名称', false],
  ['何人', false],
])('%s is a name: %s', (text, is) => {
  expect(isName(text)).toBe(is);
});

describe('free words in evidence', () => {
  test.each([
    ['11010519491231002X', '1****************X'],
    ['证号110105194912310021，电话138 1234 5678', '证号1****************1，电话138********78'],
    ['经办人：王小明，已办', '经办人：王**，已办'],
    ['信用代码91350100M000100Y43', '信用代码91350100M000100Y43'],
    ['发票24372000000012345678', '发票24372000000012345678'],
    ['通知〔2025〕13812345号', '通知〔2025〕13812345号'],
    ['负责人变更', '负责人变更'],
  ])('%s is kept as %s', (text, kept) => {
    expect(withoutPersons(text)).toBe(kept);
  });
});

test.each([
  ['11010519491231002X', true],
  ['110105194912310021', true],
  ['11010519491231002X00', true],
  ['91350100M000100Y43', false],
  ['913501000000100001', false],
])('%s is of a person: %s', (number, is) => {
  expect(isOfPerson(number, '2026-03-01')).toBe(is);
});
