import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { renewalCalendar } from '../../src/reporters/renewal-calendar.ts';
import type { Language } from '../../src/text.ts';
import { planOf, row, sampleRows, saying } from '../fixtures/renewal.ts';

function eventsOf(asOf = '2026-11-22', language: Language = 'zh', rows = sampleRows): ICAL.Event[] {
  const { text, events } = renewalCalendar(planOf(rows, asOf), language);
  const read = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each));
  expect(read).toHaveLength(events);
  return read;
}

const shown = (event: ICAL.Event): string[] => [event.startDate.toString(), event.summary];

describe('a calendar', () => {
  test('has one all-day event for each date', () => {
    expect(eventsOf().map(shown)).toEqual([
      ['2026-09-20', '延续申请期开始 · S-1'],
      ['2026-11-10', '【逾期】材料有效期届满 · S-5'],
      ['2026-11-25', '办理的最后一日：涉税服务功能备案台账 · S-6'],
      ['2026-12-20', '申请延续的最后一日 · S-1'],
      ['2026-12-20', '接入有效期届满'],
    ]);
    for (const { startDate, duration } of eventsOf()) {
      expect(startDate.isDate).toBe(true);
      expect(duration.toSeconds()).toBe(86_400);
    }
  });

  test('titles follow the language', () => {
    expect(eventsOf('2026-11-22', 'en').map(({ summary }) => summary)).toContain('last day to ask for renewal · S-1');
  });

  test('says clause, what to do and what follows', () => {
    const event = eventsOf().find(({ summary }) => summary.startsWith('申请延续'));
    expect(event?.description.split('\n')).toEqual([
      '要求项：S-1（S 1）',
      '有效期届满前3个月之内申请延续',
      '截至 2026-11-22：申请期 2026-09-20 至 2026-12-20',
      '办理：提交自评报告',
      '后果：接入失效',
    ]);
  });

  test('reminds 30 and 7 days before', () => {
    for (const { component } of eventsOf()) {
      const alarms = component.getAllSubcomponents('valarm');
      expect(alarms.map((alarm) => String(alarm.getFirstPropertyValue('trigger')))).toEqual(['-P30D', '-P7D']);
      for (const alarm of alarms) expect(alarm.getFirstPropertyValue('action')).toBe('DISPLAY');
    }
  });

  test('made again later it updates and does not double: same UIDs, later stamp, higher sequence', () => {
    const [before, after] = [eventsOf('2026-11-22'), eventsOf('2026-11-24')];
    expect(new Set(before.map(({ uid }) => uid)).size).toBe(before.length);
    expect(after.map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid));
    expect(after[0]?.sequence).toBe((before[0]?.sequence ?? 0) + 2);
    expect(after[0]?.component.getFirstPropertyValue('dtstamp')?.toString()).toBe('2026-11-24T00:00:00Z');
  });

  test('a moved date keeps its UID', () => {
    const paper = (due: string) =>
      saying('documents/in-date', { outcome: 'met', subject: 'plan', text: { zh: '至', en: 'to' }, data: { due } });
    const uids = (due: string) =>
      eventsOf('2026-11-22', 'zh', [row('S-1', { uses: [paper(due)] })]).map(({ uid }) => uid);
    expect(uids('2027-01-01')).toEqual(uids('2028-01-01'));
  });

  test('the same plan gives the same bytes', () => {
    expect(renewalCalendar(planOf(sampleRows), 'zh')).toEqual(renewalCalendar(planOf(sampleRows), 'zh'));
  });

  test('no line is longer than 75 octets', () => {
    for (const line of renewalCalendar(planOf(sampleRows), 'zh').text.split('\r\n'))
      expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
  });
});

test('once filed, the window and its last day are gone; the end of the validity stays', () => {
  const filed = saying('calendar/filing-window', { outcome: 'met', text: { zh: '已申请', en: 'filed' } });
  expect(eventsOf('2026-11-22', 'zh', [row('S-1', { uses: [filed] })]).map(shown)).toEqual([
    ['2026-12-20', '接入有效期届满'],
  ]);
});

test('the end of the validity stands once where a check judges it', () => {
  const data = { due: '2026-12-20' };
  const inForce = saying('calendar/in-force', { outcome: 'met', text: { zh: '有效', en: 'valid' }, data });
  expect(eventsOf('2026-11-22', 'zh', [row('S-1', { uses: [inForce] })]).map(shown)).toEqual([
    ['2026-12-20', '接入有效期届满 · S-1'],
  ]);
});

test('text cannot break out of its property', () => {
  const hostile = 'a\r\nEND:VEVENT\nBEGIN:VEVENT;x,y\\n\u0007';
  const rows = [
    row('S-1', {
      title: { zh: hostile, en: hostile },
      uses: [
        saying('documents/in-date', {
          outcome: 'met',
          text: { zh: hostile, en: hostile },
          data: { due: '2027-01-01' },
        }),
      ],
    }),
  ];
  const [event, ...others] = eventsOf('2026-11-22', 'zh', rows);
  expect(others).toHaveLength(1);
  expect(event?.description).toContain('BEGIN:VEVENT;x,y\\n·');
});
