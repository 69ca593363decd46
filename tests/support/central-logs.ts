import type { CentralLogs, CentralRule, CentralSeries } from '../../src/evidence/network/central-logs.ts';
import { seen } from './check-tester.ts';

/** Entries every day from the summer before 1 March 2026. */
export const daily: CentralSeries = {
  oldest: '2025-08-01',
  newest: '2026-03-01',
  days: 213,
  startsDaily: true,
  missing: [],
};

/** A policy under which each entry is kept for 200 days. */
export const keepsLong: CentralRule = {
  by: 'ilm',
  name: 'logs-200d',
  text: 'delete min_age 200d from rollover',
  parts: 8,
  keeps: { days: 200 },
};

/** A store of application logs as it was seen on 1 March 2026; whole and kept long enough unless it says otherwise. */
export function central(value: Partial<CentralLogs> = {}, options: Parameters<typeof seen>[2] = {}) {
  return seen(
    'centralLogs',
    {
      kind: 'elasticsearch',
      version: '8.13.4',
      of: 'application',
      selection: 'app-*',
      host: '127.0.0.9',
      address: '127.0.0.9',
      channel: 'tls',
      today: '2026-03-01',
      lookedFrom: '2023-12-01',
      all: daily,
      hosts: [],
      parts: { all: 8, closed: 0, frozen: 0, readOnly: 7 },
      aliases: ['app'],
      rules: [keepsLong],
      unruled: 0,
      unread: [],
      unseen: [],
      ...value,
    },
    { subject: 'es-1', ...options },
  );
}
