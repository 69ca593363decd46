import { describe, expect, test } from 'vitest';
import { mayHide, missingIn, unseenIn } from '../../../src/collectors/host/log-days.ts';
import { addDays, daysFrom, type PlainDate } from '../../../src/evidence/dates.ts';

const first = '2026-01-05'; // a Monday
const days = daysFrom(first, addDays(first, 99));
const yesterday = addDays(first, 99);
const without = (...gone: PlainDate[]): PlainDate[] => days.filter((day) => !gone.includes(day));
const weekday = (day: PlainDate): number => new Date(`${day}T00:00:00Z`).getUTCDay();

describe('missing days', () => {
  test('one day between its neighbours', () =>
    expect(missingIn(without('2026-02-18'), yesterday)).toEqual([
      { from: '2026-02-18', to: '2026-02-18', days: 1, certain: true },
    ]));

  test('weekends of a log of office days are not missing; a Wednesday is, and a weekend of a daily log', () => {
    const office = days.filter((day) => weekday(day) % 6 !== 0);
    expect(missingIn(office, yesterday)).toEqual([]);
    expect(
      missingIn(
        office.filter((day) => day !== '2026-02-18'),
        yesterday,
      ),
    ).toMatchObject([{ from: '2026-02-18', days: 1, certain: false }]);
    expect(missingIn(without('2026-02-21', '2026-02-22'), yesterday)).toMatchObject([
      { from: '2026-02-21', days: 2, certain: true },
    ]);
  });

  test('a weekend without entries where other weekends have some', () => {
    const holiday = without('2026-02-20', '2026-02-21', '2026-02-22', '2026-02-23');
    expect(missingIn(holiday, yesterday)).toMatchObject([{ from: '2026-02-20', to: '2026-02-23', days: 4 }]);
  });
});

describe('what a file read in part may hide', () => {
  test('days between the dates seen, and those up to its last writing where its end was not read', () => {
    expect(unseenIn(['2026-01-01', '2026-01-02', '2026-01-05'], undefined)).toEqual([
      { from: '2026-01-03', to: '2026-01-04', open: false },
    ]);
    expect(unseenIn(['2026-01-01'], '2026-01-03')).toEqual([{ from: '2026-01-02', to: '2026-01-03', open: true }]);
    expect(unseenIn(['2026-01-01', '2026-01-02'], '2026-01-02')).toEqual([]);
    expect(unseenIn([], '2026-01-02')).toEqual([]);
  });

  test('dates in no order: any day between', () =>
    expect(unseenIn(['2026-01-09', '2026-01-01', '2026-01-10'], undefined)).toEqual([
      { from: '2026-01-01', to: '2026-01-10', open: true },
    ]));

  test('a missing day in it, or too many days to tell which are missing', () => {
    const hole = [{ from: '2026-02-18', to: '2026-02-18' }];
    expect(mayHide(hole, days, [{ from: '2026-02-17', to: '2026-02-19', open: false }])).toBe(true);
    expect(mayHide(hole, days, [{ from: '2026-03-01', to: '2026-03-02', open: false }])).toBe(false);
    expect(mayHide(hole, days, [])).toBe(false);
    // Packed weekly, of which only the starts were unpacked.
    const mondays = days.filter((day) => weekday(day) === 1);
    const weeks = mondays.map((day) => ({ from: addDays(day, 1), to: addDays(day, 7), open: true }));
    expect(missingIn(mondays, yesterday)).toEqual([]);
    expect(mayHide([], mondays, weeks)).toBe(true);
    expect(mayHide([], days, weeks)).toBe(false);
  });

  test('weekends between the pieces of a large file are no doubt', () => {
    const office = days.filter((day) => weekday(day) % 6 !== 0);
    expect(mayHide([], office, unseenIn(office, undefined))).toBe(false);
  });
});
