import { describe, expect, test } from 'vitest';
import { datesOf, minutesOf } from '../../../src/collectors/host/log-dates.ts';
import { missingIn, startsDaily } from '../../../src/collectors/host/log-days.ts';
import { storePathOf } from '../../../src/collectors/host/log-groups.ts';
import { addDays, daysFrom } from '../../../src/evidence/dates.ts';

const clock = { today: '2026-03-01', minutesAhead: 480 };
const dates = (tokens: string[], written = '2026-03-01') =>
  datesOf(
    tokens.map((token) => ({ token, count: 1 })),
    written,
    clock,
  );

describe('dates of entries', () => {
  test.each([
    [['2026-02-28'], ['2026-02-28']],
    [
      ['2026/2/8', '8/Feb/2026'],
      ['2026-02-08', '2026-02-08'],
    ],
    // 20:00 UTC is the next day at +08:00; with its own offset it stays.
    [
      ['2026-02-27T20Z', '2026-02-27T20+0800'],
      ['2026-02-28', '2026-02-27'],
    ],
    [['27/Feb/2026:20+0000'], ['2026-02-28']],
    // 1700000000 = 2023-11-14T22:13:20Z, hour 472222
    [['@472222'], ['2023-11-15']],
    [['2026-02-30', 'Foo 12', '99/Feb/2026', '@99999999', 'x'], []],
  ])('%j', (tokens, expected) => expect(dates(tokens)).toEqual(expected));

  test('years are counted back from the day the file was written, over new year and over more than one', () => {
    expect(dates(['Nov 30', 'Dec 31', 'Jan  1', 'Mar  1'])).toEqual([
      '2025-11-30',
      '2025-12-31',
      '2026-01-01',
      '2026-03-01',
    ]);
    expect(dates(['Mar 10', 'Sep 10', 'Jan  5'], '2025-01-05')).toEqual(['2024-03-10', '2024-09-10', '2025-01-05']);
  });

  test('29 February falls in a leap year', () =>
    expect(dates(['Feb 29', 'Mar  1'])).toEqual(['2024-02-29', '2026-03-01']));

  test('lines a day out of order stay in their year', () =>
    expect(dates(['Feb 20', 'Feb 21', 'Feb 20', 'Feb 21', 'Feb 22'])).toEqual([
      '2026-02-20',
      '2026-02-21',
      '2026-02-20',
      '2026-02-21',
      '2026-02-22',
    ]));

  test('one line with another date does not push what stands before it into an earlier year', () => {
    const kept = dates(['Feb 20', 'Feb 21', 'Dec 31', 'Feb 22', 'Feb 23']);
    expect(kept).toEqual(['2026-02-20', '2026-02-21', '2026-02-22', '2026-02-23']);
  });

  test('a lone old date amid others, and dates after the file was written, are no entry dates', () => {
    expect(dates(['2026-02-20', '2019-01-01', '2026-02-20'])).toEqual(['2026-02-20', '2026-02-20']);
    expect(dates(['2026-02-20', '2099-01-01'])).toEqual(['2026-02-20']);
  });

  test('time zone offsets', () =>
    expect(['Z', '+0800', '-03:30', 'CST', ''].map(minutesOf)).toEqual([0, 480, -210, undefined, undefined]));
});

describe('missing days', () => {
  const yesterday = '2026-02-28';
  const all = daysFrom('2025-08-01', yesterday);
  const without = (...gone: string[]) => all.filter((day) => !gone.includes(day));
  const weekday = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());

  test('none where every day is there, none after yesterday', () => {
    expect(missingIn(all, yesterday)).toEqual([]);
    expect(missingIn([...all, '2026-03-01'], yesterday)).toEqual([]);
    expect(missingIn([], yesterday)).toEqual([]);
  });

  test('one day, three days and the last days, newest first', () => {
    const gone = ['2025-10-05', ...daysFrom('2025-12-01', '2025-12-03'), ...daysFrom('2026-02-20', yesterday)];
    expect(missingIn(without(...gone), yesterday)).toEqual([
      { from: '2026-02-20', to: '2026-02-28', days: 9, certain: true },
      { from: '2025-12-01', to: '2025-12-03', days: 3, certain: true },
      { from: '2025-10-05', to: '2025-10-05', days: 1, certain: true },
    ]);
  });

  test('a log of office days is silent on weekends; a week without is not certain', () => {
    const office = all.filter(weekday);
    expect(missingIn(office, yesterday)).toEqual([]);
    const holiday = office.filter((day) => day < '2025-10-01' || day > '2025-10-08');
    expect(missingIn(holiday, yesterday)).toEqual([{ from: '2025-10-01', to: '2025-10-08', days: 8, certain: false }]);
  });

  test('a log with an entry now and then has none to expect', () => {
    const rare = all.filter((_, index) => index % 11 === 0);
    expect(missingIn(rare, yesterday).filter((run) => run.certain)).toEqual([]);
    expect(missingIn(rare, yesterday)).toEqual([]);
  });

  test('one entry of an earlier age does not stand for the time between', () => {
    const [run] = missingIn(['1970-01-01', ...daysFrom('2026-01-01', yesterday)], yesterday);
    expect(run).toMatchObject({ from: '1970-01-02', to: '2025-12-31', certain: false });
  });

  test('written every day from its start, or not, or too young to tell', () => {
    expect(startsDaily(all, yesterday)).toBe(true);
    expect(startsDaily(all.filter(weekday), yesterday)).toBe(false);
    expect(startsDaily(daysFrom(addDays(yesterday, -3), yesterday), yesterday)).toBeUndefined();
    expect(startsDaily([], yesterday)).toBeUndefined();
  });
});

describe('rotated parts belong to their live file', () => {
  test.each([
    ['/var/log/syslog', '/var/log/syslog'],
    ['/var/log/syslog.1', '/var/log/syslog'],
    ['/var/log/syslog.2.gz', '/var/log/syslog'],
    ['/var/log/messages-20260101', '/var/log/messages'],
    ['/var/log/messages-20260101.xz', '/var/log/messages'],
    ['/var/log/nginx/access.log-20260101-1767225600.gz', '/var/log/nginx/access.log'],
    ['/a/app.2026-01-01.log', '/a/app.log'],
    ['/a/app-2026-01-01.0.log.gz', '/a/app.log'],
    ['/a/app.log.2026-01-01', '/a/app.log'],
    ['/a/app.log.2026-01-01-03.zst', '/a/app.log'],
    ['/a/localhost_access_log.2026-01-01.txt', '/a/localhost_access_log.txt'],
    ['/a/archive/app-2026-01-01.log.bz2', '/a/app.log'],
    ['/a/2026-01-01/app.log', '/a/*/app.log'],
    ['/a/2026/05/app.log', '/a/*/app.log'],
    ['/a/20260101.log', '/a/*.log'],
    ['/a/catalina.out', '/a/catalina.out'],
    ['/a/redis_6379.log', '/a/redis_6379.log'],
    ['/a/app-12345678.log', '/a/app-12345678.log'],
    ['/a/app.3.log', '/a/app.log'],
    ['/a/.1', '/a/.1'],
  ])('%s', (path, live) => expect(storePathOf(path)).toBe(live));
});
