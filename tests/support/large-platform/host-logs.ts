import type { LogStore, LogSubject } from '../../../src/evidence/host/log-stores.ts';
import { type Host, has } from './layout.ts';
import type { Views } from './views.ts';

/** Logs of a host: what it keeps, by which rules, and what its audit records say. */
export const logViews: Views<Host> = {
  logStores: (host, seen) => ({
    ...seen,
    today: '2026-11-23',
    minutesAhead: 480,
    stores: logs.map(([path, of, ...streams]) => logOf(host, path, of, streams)),
    unread: has(host, 'logs-denied')
      ? [
          {
            path: '/opt/example-platform/logs/trade',
            of: 'application',
            streams: ['/opt/example-platform/logs/trade'],
            problem: 'denied',
          },
        ]
      : [],
  }),
  logPolicies: (host, seen) => ({
    ...seen,
    rules: [
      ...seen.rules.filter(({ covers }) => covers.some((each) => each.includes('apt') || each.includes('dpkg'))),
      {
        by: 'logrotate',
        where: '/etc/logrotate.d/platform:1',
        text: has(host, 'short-logs') ? 'weekly rotate 4' : 'weekly rotate 104',
        covers: logs.map(([path]) => path),
        names: [],
        limits: [{ days: has(host, 'short-logs') ? 28 : 728 }],
      },
    ],
  }),
  auditRecords: (host, seen) => {
    const unread = has(host, 'records-unread') ? 40 : 0;
    const missing = has(host, 'records-lack-result') ? { result: 7 } : {};
    const complete = has(host, 'records-lack-result') ? 193 : 200;
    return {
      ...seen,
      logs: seen.logs.map((log) => ({
        ...log,
        samples: log.samples.map((each) => ({ ...each, formats: ['json'], records: 200, complete, unread, missing })),
      })),
    };
  },
};

type Log = readonly [path: string, of: LogSubject, ...streams: string[]];

const modules = ['audit', 'invoice', 'connector', 'trade', 'using-units', 'risk', 'notice', 'task', 'report', 'login'];

const logs: readonly Log[] = [
  ['/var/log/messages', 'system', 'general'],
  ['/var/log/secure', 'system', 'auth'],
  ['/var/log/audit/audit.log', 'system', 'audit'],
  ['/var/log/nginx/access.log', 'network', '/var/log/nginx/access.log'],
  ...modules.map((name): Log => {
    const path = `/opt/example-platform/logs/${name}.log`;
    return [path, 'application', path];
  }),
];

function logOf(host: Host, path: string, of: LogSubject, streams: string[]): LogStore {
  const oldest = has(host, 'short-logs') ? '2026-10-26' : `2026-0${1 + (host.index % 4)}-02`;
  const gap = { from: '2026-08-12', to: '2026-08-14', days: 3, certain: true };
  const missing = has(host, 'log-gap') && of === 'application' ? [gap] : [];
  return {
    path,
    of,
    streams,
    carrier: 'files',
    files: [{ path, bytes: 180_000 + host.index, oldest: '2026-11-16', newest: '2026-11-23' }],
    parts: 45,
    bytes: 9_800_000 + host.index * 1000,
    oldest,
    newest: '2026-11-23',
    days: has(host, 'short-logs') ? 29 : 290,
    startsDaily: true,
    missing,
    missingDays: missing.length * gap.days,
    sampled: false,
    volatile: false,
    bytesPerDay: 31_000 + host.index,
    problems: [],
  };
}
