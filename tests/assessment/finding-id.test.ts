import { describe, expect, test } from 'vitest';
import { findingId, namesIn } from '../../src/assessment/finding-id.ts';
import type { TextData } from '../../src/text.ts';

const base = {
  requirement: 'QD-1',
  check: 'logs/retention',
  outcome: 'unmet',
  says: 'tooYoung',
  subject: 'app-1',
} as const;
const idOf = (data: TextData, more: Partial<Parameters<typeof findingId>[0]> = {}): string =>
  findingId({ ...base, names: namesIn(data), ...more });

const log = { path: '/var/log/app1.log', oldest: '2026-08-01', due: '2026-05-22', days: 112 };

test('is the same whenever it is computed', () => {
  expect(idOf(log)).toBe('F-d7e91b7fe2a7');
  expect(idOf(Object.fromEntries(Object.entries(log).toReversed()))).toBe(idOf(log));
});

describe('stays, although from run to run there is another', () => {
  test.each<[string, TextData, TextData]>([
    ['date', log, { ...log, oldest: '2026-08-02' }],
    ['date within a text', { at: '自 2026-08-01 起' }, { at: '自 2026-08-02 起' }],
    ['instant', { at: '2026-08-01T10:00:00Z' }, { at: '2026-08-02T11:30:05Z' }],
    ['month', { month: '2026-08' }, { month: '2026-09' }],
    ['number', log, { ...log, days: 113 }],
    ['number in text', { free: '1,024' }, { free: '2048.5' }],
    ['number with a unit', { left: '剩余 12 天，占 45%' }, { left: '剩余 9 天，占 46%' }],
    [
      'sum',
      { amount: { zh: '900 万元', en: '9' }, threshold: '1' },
      { amount: { zh: '901 万元', en: '8' }, threshold: '2' },
    ],
    ['English wording', { what: { zh: '日志', en: 'log' } }, { what: { zh: '日志', en: 'logs' } }],
  ])('%s', (_, one, other) => expect(idOf(one)).toBe(idOf(other)));
});

describe('is another for another', () => {
  test.each<[string, TextData, TextData]>([
    ['path', log, { ...log, path: '/var/log/app2.log' }],
    ['port', { port: 8443 }, { port: 9000 }],
    ['list of ports', { ports: '8443/tcp, 9000/tcp' }, { ports: '8443/tcp' }],
    ['address', { to: '10.0.0.5' }, { to: '10.0.0.6' }],
    ['address and port', { to: '10.0.0.5:80' }, { to: '10.0.0.5:81' }],
    ['name in a list', { accounts: 'alice, bob' }, { accounts: 'alice, bob, mallory' }],
    ['version of a name', { suite: 'TLSv1.0' }, { suite: 'TLSv1.1' }],
    ['key', { from: 'a' }, { to: 'a' }],
  ])('%s', (_, one, other) => expect(idOf(one)).not.toBe(idOf(other)));

  test.each([
    { requirement: 'QD-2' },
    { check: 'data/retention' },
    { outcome: 'unproven' },
    { says: 'none' },
    { subject: 'app-2' },
  ] as const)('%o', (more) => expect(idOf(log, more)).not.toBe(idOf(log)));
});
