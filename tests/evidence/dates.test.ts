import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  addToMonth,
  dateIn,
  daysBetween,
  daysFrom,
  instantOf,
  isDate,
  isTimeZone,
  monthOf,
  monthsBefore,
  monthsFrom,
} from '../../src/evidence/dates.ts';

describe('addMonths', () => {
  test.each([
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2028-05-31', -3, '2028-02-29'],
    ['2027-05-31', -3, '2027-02-28'],
    ['2026-08-31', -3, '2026-05-31'],
    ['2026-08-31', -6, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 24, '2026-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2025-12-31', 1, '2026-01-31'],
    ['2026-01-01', -1, '2025-12-01'],
    ['2026-06-15', 0, '2026-06-15'],
    // 2100 is no leap year, 2000 was one.
    ['2100-01-31', 1, '2100-02-28'],
    ['2000-01-31', 1, '2000-02-29'],
  ])('%s and %i months: %s', (from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
    expect(monthsBefore(from, -months)).toBe(to);
  });

  test.each([
    ['2025-09-01', '2026-03-01', 181],
    ['2026-03-01', '2026-09-01', 184],
  ])('six months from %s are not always as long: to %s, %i days', (from, to, days) => {
    expect(addMonths(from, 6)).toBe(to);
    expect(daysBetween(from, to)).toBe(days);
  });
});

describe('days', () => {
  test.each([
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-08', 0, '2026-03-08'],
    // New York put its clocks forward that night: a day there has 23 hours, a calendar day is still one.
    ['2026-03-08', 1, '2026-03-09'],
  ])('%s and %i days: %s', (from, days, to) => {
    expect(addDays(from, days)).toBe(to);
    expect(daysBetween(from, to)).toBe(days);
  });

  test('lists run from first to last, both included, and are empty the other way round', () => {
    expect(daysFrom('2028-02-27', '2028-03-01')).toEqual(['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01']);
    expect(daysFrom('2026-01-01', '2026-01-01')).toEqual(['2026-01-01']);
    expect(daysFrom('2026-01-02', '2026-01-01')).toEqual([]);
    expect(monthsFrom('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(monthsFrom('2026-02', '2026-01')).toEqual([]);
  });

  test('months follow each other over the year', () => {
    expect(monthOf('2026-12-31')).toBe('2026-12');
    expect(addToMonth('2026-12', 1)).toBe('2027-01');
    expect(addToMonth('2026-01', -12)).toBe('2025-01');
  });
});

describe('dateIn', () => {
  test.each([
    // A second before midnight in Shanghai, and midnight itself.
    ['2026-02-28T15:59:59Z', { 'Asia/Shanghai': '2026-02-28', UTC: '2026-02-28', 'America/New_York': '2026-02-28' }],
    ['2026-02-28T16:00:00Z', { 'Asia/Shanghai': '2026-03-01', UTC: '2026-02-28', 'America/New_York': '2026-02-28' }],
    ['2028-02-28T16:00:00Z', { 'Asia/Shanghai': '2028-02-29', UTC: '2028-02-28', 'America/New_York': '2028-02-28' }],
    ['2025-12-31T23:59:59Z', { 'Asia/Shanghai': '2026-01-01', UTC: '2025-12-31', 'America/New_York': '2025-12-31' }],
    // Midnight in New York: 5 hours behind in winter, 4 in summer.
    ['2026-01-15T04:59:59Z', { 'Asia/Shanghai': '2026-01-15', UTC: '2026-01-15', 'America/New_York': '2026-01-14' }],
    ['2026-07-15T03:59:59Z', { 'Asia/Shanghai': '2026-07-15', UTC: '2026-07-15', 'America/New_York': '2026-07-14' }],
    ['2026-07-15T04:00:00Z', { 'Asia/Shanghai': '2026-07-15', UTC: '2026-07-15', 'America/New_York': '2026-07-15' }],
    // Shanghai had summer time until 1991: 9 hours ahead.
    ['1990-06-30T15:00:00Z', { 'Asia/Shanghai': '1990-07-01', UTC: '1990-06-30', 'America/New_York': '1990-06-30' }],
  ])('%s', (instant, dates) => {
    for (const [zone, date] of Object.entries(dates)) {
      expect(dateIn(instant, zone), zone).toBe(date);
      expect(dateIn(new Date(instant), zone), zone).toBe(date);
    }
  });

  test('does not depend on the zone of the machine', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati']) {
        process.env.TZ = zone;
        expect(dateIn('2026-02-28T16:00:00Z', 'Asia/Shanghai')).toBe('2026-03-01');
        expect(addMonths('2026-08-31', -3)).toBe('2026-05-31');
        expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
        expect(instantOf(new Date(Date.UTC(2026, 1, 28, 16)))).toBe('2026-02-28T16:00:00Z');
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

test('instants are whole seconds in UTC', () => {
  expect(instantOf(new Date('2026-03-01T10:00:00.999+08:00'))).toBe('2026-03-01T02:00:00Z');
});

test.each([
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-04-31', false],
  ['2026-4-1', false],
  ['20260401', false],
  ['2026-04-01T00:00:00Z', false],
  [' 2026-04-01', false],
  ['', false],
])('isDate(%j) is %j', (text, expected) => {
  expect(isDate(text)).toBe(expected);
});

test.each([
  ['Asia/Shanghai', true],
  ['UTC', true],
  ['America/New_York', true],
  ['Asia/Peking', false],
  ['中国', false],
  ['', false],
])('isTimeZone(%j) is %j', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
