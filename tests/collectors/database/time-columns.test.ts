import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberColumn, typedColumn } from '../../../src/collectors/database/records/time-columns.ts';
import { textColumn } from '../../../src/collectors/database/records/time-texts.ts';
import { beginningOf, dateIn, instantOf } from '../../../src/evidence/dates.ts';

const zone = 'Asia/Shanghai';

describe('instants, times without zone, days', () => {
  test.each([
    ['2026-01-31 15:59:59+00', '2026-01-31'],
    ['2026-01-31 16:00:00.000001+00', '2026-02-01'],
    ['2024-02-28 16:00:00', '2024-02-29'],
    ['infinity', undefined],
    ['-infinity', undefined],
    ['0001-01-01 00:00:00+00', undefined],
    ['0044-03-15 00:00:00+00 BC', undefined],
    ['9999-12-31 23:59:59+00', undefined],
    ['10000-01-01 00:00:00+00', undefined],
    ['0000-00-00 00:00:00', undefined],
    ['', undefined],
  ])('%s is %s', (value, date) => {
    expect(typedColumn('instant', zone).dateOf(value)).toBe(date);
  });

  test.each([
    ['2026-01-31 23:59:59', '2026-01-31'],
    ['1979-12-31 23:59:59', undefined],
    ['1980-01-01 00:00:00', '1980-01-01'],
    ['2099-12-31 23:59:59', '2099-12-31'],
    ['2100-01-01 00:00:00', undefined],
    ['2023-02-29 00:00:00', undefined],
    ['infinity', undefined],
    ['2000-01-01 00:00:00 BC', undefined],
  ])('without zone %s is %s', (value, date) => {
    expect(typedColumn('local', zone).dateOf(value)).toBe(date);
  });

  test('a month begins where its first day does in the zone', () => {
    expect(typedColumn('instant', zone).bound('2026-02-01')).toBe('2026-01-31 16:00:00');
    expect(typedColumn('local', zone).bound('2026-02-01')).toBe('2026-02-01 00:00:00');
    expect(typedColumn('date', zone).bound('2026-02-01')).toBe('2026-02-01');
  });

  test('a day begins at the first instant that lies in it, in any zone', () => {
    const zones = ['Asia/Shanghai', 'Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Apia', 'Europe/Berlin', 'UTC'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(...zones), (day, timeZone) => {
        const date = new Date(Date.UTC(1985, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
        const at = beginningOf(date, timeZone);
        const before = dateIn(instantOf(new Date(Date.parse(at) - 60_000)), timeZone);
        expect(before < date).toBe(true);
        // Apia had no 30 December 2011: the day after begins there.
        expect(dateIn(at, timeZone) >= date).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

test.each<[string, string[], string | undefined, string[]]>([
  ['seconds', ['1769875200', '0'], 'epoch seconds', ['1769875200']],
  ['milliseconds', ['1769875200000'], 'epoch milliseconds', ['1769875200000']],
  ['microseconds', ['1769875200000000'], 'epoch microseconds', ['1769875200000000']],
  ['fractions of seconds', ['1769875200.25'], 'epoch seconds', ['1769875200']],
  ['yyyyMMdd', ['20260201', '20260230'], 'numbers yyyyMMdd', ['20260201']],
  ['yyyyMMddHHmmss', ['20260201235959'], 'numbers yyyyMMddHHmmss', ['20260201000000']],
  ['running numbers', ['1', '2', '3'], undefined, []],
  ['mostly running numbers', ['1', '2', '1769875200'], undefined, []],
])('numbers: %s', (_, sample, words, [bound]) => {
  const column = numberColumn(sample, zone);
  expect(column?.words).toBe(words);
  expect(column?.bound('2026-02-01')).toBe(bound);
  if (column) expect(column.dateOf(sample[0] ?? '')).toBe('2026-02-01');
});

describe('text', () => {
  test.each<[string, string[], { sorted: boolean; bound?: string; dates: (string | undefined)[] }]>([
    [
      'ISO',
      ['2024-01-05', '2024-02-06 08:00:00'],
      { sorted: true, bound: '2026-02-01', dates: ['2024-01-05', '2024-02-06'] },
    ],
    ['slashes', ['2024/01/05 00:00'], { sorted: true, bound: '2026/02/01', dates: ['2024-01-05'] }],
    ['not filled up', ['2024/1/5', '2024/11/15'], { sorted: false, dates: ['2024-01-05', '2024-11-15'] }],
    ['compact', ['20240105', '20240206'], { sorted: true, bound: '20260201', dates: ['2024-01-05', '2024-02-06'] }],
    ['compact with time', ['20240105235959'], { sorted: true, bound: '20260201', dates: ['2024-01-05'] }],
    ['Chinese', ['2024年1月5日', '2024年02月29日 08时'], { sorted: false, dates: ['2024-01-05', '2024-02-29'] }],
    [
      'UTC',
      ['2026-01-31T16:00:00Z', '2026-01-31T15:59:59.999Z'],
      { sorted: true, bound: '2026-01-31T16:00:00', dates: ['2026-02-01', '2026-01-31'] },
    ],
    [
      'one offset',
      ['2026-02-01 00:00:00+08:00'],
      { sorted: true, bound: '2026-02-01 00:00:00', dates: ['2026-02-01'] },
    ],
    [
      'several offsets',
      ['2026-01-31T17:00:00+01:00', '2026-01-31T23:59:00+0800'],
      { sorted: false, dates: ['2026-02-01', '2026-01-31'] },
    ],
    ['day first', ['13/01/2024', '02.01.2024'], { sorted: false, dates: ['2024-01-13', '2024-01-02'] }],
    ['month first', ['01/13/2024', '02/01/2024'], { sorted: false, dates: ['2024-01-13', '2024-02-01'] }],
    [
      'both orders',
      ['13/01/2024', '01/13/2024', '2024-01-01'],
      { sorted: false, dates: [undefined, undefined, '2024-01-01'] },
    ],
    ['epoch', ['1769875200', '1769875199'], { sorted: true, bound: '1769875200', dates: ['2026-02-01', '2026-01-31'] }],
    ['epoch of different length', ['1769875200', '1769875199000'], { sorted: false, dates: ['2026-02-01', undefined] }],
    ['mixed', ['2024-01-05', '2024/1/6', 'soon'], { sorted: false, dates: ['2024-01-05', '2024-01-06', undefined] }],
  ])('%s', (_, sample, { sorted, bound, dates }) => {
    const column = textColumn(sample, zone);
    expect(sample.map((value) => column?.dateOf(value))).toEqual(dates);
    expect(column?.isSorted).toBe(sorted);
    if (bound !== undefined) expect(column?.bound('2026-02-01')).toBe(bound);
  });

  test.each([[[]], [['soon', '']], [['03/04/2024']], [['12345']]])('%o is no time', (sample) => {
    expect(textColumn(sample, zone)).toBeUndefined();
  });

  test('values cut behind the day are read alike', () => {
    const column = textColumn(['2024-01-05 08:00:00', '2024年1月5日 08时'], zone);
    for (const value of ['2024-01-05 08:00:00', '2024-12-31T23:59:59', '2024年12月31日 08时', '2024年1月5日'])
      expect(column?.dateOf(value.slice(0, column.head))).toBe(column?.dateOf(value));
  });

  test('any text is read without a failure', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 20 }), (sample) => {
        const column = textColumn(sample, zone);
        for (const value of sample) column?.dateOf(value);
      }),
    );
  });
});
