import { describe, expect, test } from 'vitest';
import { canHold } from '../../../../src/collectors/database/invoices/lookup.ts';
import {
  boundOf,
  createClock,
  formOf,
  type TimeForm,
  wallOf,
} from '../../../../src/collectors/database/invoices/moments.ts';
import { createSeenNumbers } from '../../../../src/collectors/database/invoices/numbers.ts';
import type { ColumnType } from '../../../../src/collectors/database/invoices/shape.ts';

const clock = createClock('Asia/Shanghai');
const wall = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`) / 1000;
const textual: TimeForm = { kind: 'text', separator: '-', daily: false };

describe('the time on the wall', () => {
  test.each<[string, TimeForm, string | undefined]>([
    ['2026-01-31 16:00:00+00', { kind: 'instant' }, '2026-02-01 00:00:00'],
    ['2026-01-31 15:59:59.999+00', { kind: 'instant' }, '2026-01-31 23:59:59'],
    ['2026-01-31 16:00:00', { kind: 'instant' }, '2026-02-01 00:00:00'],
    ['2026-01-31 23:59:59.5', { kind: 'local' }, '2026-01-31 23:59:59'],
    ['2026-01-31', { kind: 'date' }, '2026-01-31 00:00:00'],
    ['1769875200', { kind: 'seconds' }, '2026-02-01 00:00:00'],
    ['1769875199999', { kind: 'milliseconds' }, '2026-01-31 23:59:59'],
    ['2026-01-31T16:00:00Z', textual, '2026-02-01 00:00:00'],
    ['2026-02-01T00:00:00+08:00', textual, '2026-02-01 00:00:00'],
    ['2026-01-31T11:00:00-0500', textual, '2026-02-01 00:00:00'],
    ['2026/01/31 08:00', textual, '2026-01-31 08:00:00'],
    ['20260131080000', textual, '2026-01-31 08:00:00'],
    ['2026-02-31', textual, undefined],
    ['0001-01-01 00:00:00', { kind: 'local' }, undefined],
    ['9999-12-31 00:00:00', { kind: 'local' }, undefined],
    ['infinity', { kind: 'instant' }, undefined],
    ['soon', textual, undefined],
    ['-1', { kind: 'seconds' }, undefined],
  ])('%s', (text, form, expected) => {
    expect(Math.floor(wallOf(text, form, clock) ?? Number.NaN)).toEqual(
      expected === undefined ? Number.NaN : wall(expected),
    );
  });

  test('a zone with summer time', () => {
    const berlin = createClock('Europe/Berlin');
    expect(wallOf('2026-07-01 00:00:00+00', { kind: 'instant' }, berlin)).toBe(wall('2026-07-01 02:00:00'));
    expect(wallOf('2026-01-01 00:00:00+00', { kind: 'instant' }, berlin)).toBe(wall('2026-01-01 01:00:00'));
    expect(boundOf(wall('2026-07-01 00:00:00'), { kind: 'instant' }, berlin)).toBe('2026-06-30 22:00:00');
  });

  test.each<[TimeForm, number, unknown]>([
    [{ kind: 'instant' }, 0, '2026-01-31 16:00:00'],
    [{ kind: 'local' }, 0, '2026-02-01 00:00:00'],
    [{ kind: 'date' }, 0, '2026-02-01'],
    [{ kind: 'seconds' }, 0, 1_769_875_200],
    [{ kind: 'milliseconds' }, 0, 1_769_875_200_000],
    [{ kind: 'text', separator: '/', daily: false }, -1, '2026/01/31'],
    [{ kind: 'text', separator: '', daily: false }, 2, '20260203'],
  ])('what a column is compared with: %o', (form, late, expected) => {
    expect(boundOf(wall('2026-02-01 00:00:00'), form, clock, late)).toBe(expected);
  });
});

test.each<[ColumnType, string[], TimeForm | undefined]>([
  ['instant', [], { kind: 'instant' }],
  ['integer', ['1769875200', '1'], { kind: 'seconds' }],
  ['integer', ['1769875200000'], { kind: 'milliseconds' }],
  ['integer', ['1769875200000', '1769875200'], undefined],
  ['text', ['2026-01-31T16:00:00Z', '2026-01-31 08:00'], { kind: 'text', separator: '-', daily: false }],
  ['text', ['2026/01/31'], { kind: 'text', separator: '/', daily: true }],
  ['char', ['20260131'], { kind: 'text', separator: '', daily: true }],
  ['text', ['2026-01-31', '2026/01/31'], undefined],
  ['text', ['2026-1-31'], undefined],
  ['text', ['1769875200'], undefined],
  ['text', ['2026年01月31日'], undefined],
  ['other', [], undefined],
])('the form of %s %o', (type, sample, expected) => {
  expect(formOf(type, sample)).toEqual(expected);
});

test.each<[ColumnType, string, boolean]>([
  ['integer', '7', true],
  ['integer', '007', false],
  ['integer', '9223372036854775807', true],
  ['integer', '9223372036854775808', false],
  ['integer', '1.0', false],
  ['decimal', '24312000000012345678', true],
  ['decimal', '0.5', false],
  ['text', 'a\0b', false],
  ['text', "'; --", true],
  ['uuid', '0D0FA2D2-0000-4000-8000-000000000000', false],
  ['uuid', '0d0fa2d2-0000-4000-8000-000000000000', true],
])('%s can hold %s: %s', (type, key, expected) => {
  expect(canHold(type, key)).toBe(expected);
});

test('numbers that stand twice are counted, until there are too many to remember', () => {
  const seen = createSeenNumbers(2 ** 17);
  for (let index = 0; index < 8000; index += 1) seen.add(`n${index % 7990}`);
  expect(seen.repeated()).toBe(10);
  for (let index = 0; index < 5000; index += 1) seen.add(`m${index}`);
  expect(seen.repeated()).toBeUndefined();
});
