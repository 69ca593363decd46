import { check } from '../../../checks/logs/retention.ts';
import type { LogPolicies, LogRule } from '../../../src/evidence/host/log-policies.ts';
import type { LogStore, LogStores } from '../../../src/evidence/host/log-stores.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const base: LogStore = {
  path: '/opt/app/logs/app.log',
  of: 'application',
  streams: ['/opt/app/logs/app.log'],
  carrier: 'files',
  files: [{ path: '/opt/app/logs/app.log', bytes: 1000, oldest: '2025-08-01', newest: '2026-03-01' }],
  parts: 1,
  bytes: 1000,
  oldest: '2025-08-01',
  newest: '2026-03-01',
  days: 200,
  startsDaily: true,
  missing: [],
  missingDays: 0,
  sampled: false,
  volatile: false,
  problems: [],
};
const store = (value: Partial<LogStore> = {}): LogStore => ({ ...base, ...value });
const { oldest: _oldest, newest: _newest, ...undated } = base;

const system = (path: string, streams: string[], value: Partial<LogStore> = {}): LogStore =>
  store({ path, of: 'system', streams, ...value });
const syslog = system('/var/log/syslog', ['general']);
const auth = system('/var/log/auth.log', ['auth']);
const journal = system('/var/log/journal', ['general', 'auth'], { carrier: 'journal', files: [], parts: 0 });

const stores = (list: LogStore[], value: Partial<LogStores> = {}) =>
  seen('logStores', { today: '2026-03-01', minutesAhead: 480, stores: list, unread: [], cut: false, ...value });

const rule = (value: Partial<LogRule>): LogRule => ({
  by: 'logrotate',
  where: '/etc/logrotate.d/app:1',
  text: 'daily rotate 200',
  covers: ['/opt/app/logs/*.log'],
  names: [],
  limits: [{ days: 200 }],
  ...value,
});
const policies = (rules: LogRule[] = [], value: Partial<LogPolicies> = {}) =>
  seen('logPolicies', { rules, logrotate: { installed: true, schedule: 'daily' }, rsyslog: [], unread: [], ...value });
const journald = rule({ by: 'journald', covers: ['journal'], text: 'SystemMaxUse=4G', where: 'journald.conf' });

const platform = (since = '2024-01-01', hostSince?: string) =>
  seen('platform', {
    name: 'p',
    mode: 'self-use',
    since,
    timeZone: 'Asia/Shanghai',
    unit: { name: 'u', creditCode: '1' },
    hosts: [{ name: 'app-1', addresses: ['127.0.0.1'], ...(hostSince ? { since: hostSince } : {}) }],
    endpoints: [],
    stores: [],
    administrators: [],
    agents: [],
  });

const given = (list: LogStore[], rules: LogRule[] = [], rest: Partial<LogStores> = {}) => ({
  logStores: [stores(list, rest)],
  logPolicies: [policies(rules)],
  platform: [platform()],
});
const run = (from: string, to: string, days: number, certain: boolean) => ({ from, to, days, certain });
const ofSystem = { of: 'system', months: 6 };
const weekly = rule({ covers: ['/var/log/syslog'], text: 'weekly rotate 4', limits: [{ days: 28 }] });

testCheck(check, { of: 'application', months: 6 }, '2026-03-01', {
  met: {
    'one file that nothing rotates, half a year to the day': {
      ...given([store({ oldest: '2025-09-01' })]),
      says: 'kept',
    },
    'rotated daily, 184 kept: the longest six months': given([store()], [rule({ limits: [{ days: 184 }] })]),
    'monthly, six kept': given([store()], [rule({ text: 'monthly rotate 6', limits: [{ months: 6 }] })]),
    'rotate -1: no limit at all': given([store({ parts: 9 })], [rule({ limits: [] })]),
    'by size, and growth leaves enough': given(
      [store({ bytesPerDay: 1000 })],
      [rule({ limits: [{ bytes: 100_000, files: 10, days: 10 }] })],
    ),
    'by size, told from rotated parts': given(
      [
        store({
          files: [
            { path: '/opt/app/logs/app.log', bytes: 1, oldest: '2026-02-01', newest: '2026-03-01' },
            { path: '/opt/app/logs/app.log.1', bytes: 1, oldest: '2025-11-01', newest: '2026-01-31' },
            { path: '/opt/app/logs/app.log.2.gz', bytes: 1, oldest: '2025-08-01', newest: '2025-10-31' },
          ],
          parts: 3,
        }),
      ],
      [rule({ limits: [{ bytes: 100, files: 5, days: 5 }] })],
    ),
    'logrotate is not installed: its rules do nothing': {
      ...given([store()]),
      logPolicies: [policies([rule({ limits: [{ days: 7 }] })], { logrotate: { installed: false, schedule: 'none' } })],
    },
    'rotated by its own program, and what it holds shows more than the longest six months': given([
      store({ parts: 220 }),
    ]),
    'as old as the platform, which is younger': {
      ...given([store({ oldest: '2026-01-10' })]),
      platform: [platform('2026-01-10')],
      says: 'keptSinceStart',
    },
    'a hole before the period is none of its business': given([
      store({ missing: [run('2025-08-10', '2025-08-31', 22, true)], missingDays: 22 }),
    ]),
    'a deletion that concerns other names': given(
      [store()],
      [rule({ by: 'schedule', covers: ['/opt/app/logs/'], names: ['*.tmp'], limits: [{ days: 3 }] })],
    ),
    'system: the journal carries both streams, though syslog is short': {
      ...given([syslog, journal], [journald, weekly]),
      parameters: ofSystem,
    },
    'sampled, but every day was seen': given([store({ sampled: true })]),
    'another unreadable part that does not matter': given([store({ problems: ['broken'] })]),
  },
  unmet: {
    'one day short': { ...given([store({ oldest: '2025-09-02' })]), says: 'tooYoung' },
    'host behind in time zone: its date may be a day later here': {
      ...given([store({ oldest: '2025-09-01' })], [], { minutesAhead: 0 }),
      says: 'tooYoung',
    },
    'a hole': {
      ...given([store({ missing: [run('2025-12-01', '2025-12-03', 3, true)], missingDays: 3 })]),
      says: 'daysMissing',
    },
    'a hole that begins before the period': given([
      store({ missing: [run('2025-08-20', '2025-09-03', 15, true)], missingDays: 15 }),
    ]),
    'weekly, 26 kept: 182 days': {
      ...given([store()], [rule({ text: 'weekly rotate 26', limits: [{ days: 182 }] })]),
      says: 'ruleNearly',
    },
    'daily, 180 kept': { ...given([store()], [rule({ limits: [{ days: 180 }] })]), says: 'ruleTooShort' },
    'rotate 0 deletes': given([store()], [rule({ text: 'daily rotate 0', limits: [{ days: 0 }] })]),
    'monthly, five kept': given([store()], [rule({ limits: [{ months: 5 }] })]),
    'maxage beside a long rotation': given([store()], [rule({ limits: [{ days: 365 }, { days: 90 }] })]),
    'a scheduled deletion beside a long rotation': given(
      [store()],
      [rule({}), rule({ by: 'schedule', covers: ['/opt/app/logs/'], names: ['*.log*'], limits: [{ days: 31 }] })],
    ),
    'by size, outgrown': {
      ...given([store({ bytesPerDay: 100_000 })], [rule({ limits: [{ bytes: 100_000, files: 10, days: 10 }] })]),
      says: 'sizeTooSmall',
    },
    'of two stanzas for one file the first holds': given([store()], [rule({ limits: [{ days: 7 }] }), rule({})]),
    'system: kept in memory, and nothing else': {
      ...given([{ ...journal, path: '/run/log/journal', volatile: true }], [journald]),
      parameters: ofSystem,
      says: 'inMemory',
    },
    'system: syslog short and the journal too': {
      ...given([syslog, auth, { ...journal, oldest: '2026-02-01' }], [weekly, journald]),
      parameters: ofSystem,
      says: ['ruleTooShort', 'tooYoung', 'kept'],
    },
    'system: the general log stopped': {
      ...given([system('/var/log/syslog', ['general'], { missing: [run('2026-02-20', '2026-02-28', 9, true)] }), auth]),
      parameters: ofSystem,
      says: 'stopped',
    },
    'rules not observed, but the entries are too young anyway': {
      ...given([store({ oldest: '2026-02-01' })]),
      logPolicies: [],
      says: 'tooYoung',
    },
  },
  unproven: {
    'no host': { says: 'none' },
    'no such log on the host': { ...given([syslog]), says: 'none' },
    'system: nothing carries logins': { ...given([syslog]), parameters: ofSystem, says: ['kept', 'none'] },
    'system: the audit folder is closed': {
      ...given([syslog, auth], [], {
        unread: [{ path: '/var/log/audit', of: 'system', streams: ['audit'], problem: 'denied' }],
      }),
      parameters: ofSystem,
      says: 'unreadable',
    },
    'system: syslog is short, the journal was denied': {
      ...given([syslog, auth, { ...journal, problems: ['denied'], oldest: '2026-02-01' }], [weekly, journald]),
      parameters: ofSystem,
      says: 'notWhole',
    },
    'no platform': { ...given([store()]), platform: [], says: 'noPlatform' },
    'the host’s clock is off': { ...given([store()], [], { today: '2026-02-01' }), says: 'clockOff' },
    'not written every day, and young': {
      ...given([store({ oldest: '2026-02-01', startsDaily: false })]),
      says: 'notDaily',
    },
    'the host replaced another': {
      ...given([store({ oldest: '2025-12-01' })]),
      platform: [platform('2024-01-01', '2025-12-01')],
      says: 'replaced',
    },
    'days that may have been quiet': {
      ...given([store({ missing: [run('2025-12-01', '2025-12-03', 3, false)], missingDays: 3 })]),
      says: 'daysDoubtful',
    },
    'a log that ended': {
      ...given([
        store({ missing: [run('2026-02-01', '2026-02-28', 28, true)], missingDays: 28, newest: '2026-01-31' }),
      ]),
      says: 'stopped',
    },
    'a hole in what was only sampled': {
      ...given([store({ sampled: true, missing: [run('2025-12-01', '2025-12-03', 3, true)] })]),
      says: 'notWhole',
    },
    'young, but a part is unreadable': given([store({ oldest: '2026-02-01', problems: ['denied'] })]),
    'days before were not looked at': given([store({ lookedFrom: '2025-10-01' })]),
    'no entry date in it': { ...given([{ ...undated, days: 0, problems: ['undated'] }]), says: 'unreadable' },
    'a declared path is not there': given([], [], {
      unread: [{ path: '/opt/app/logs', of: 'application', streams: ['/opt/app/logs'], problem: 'not-found' }],
    }),
    'by size, too little history': {
      ...given([store()], [rule({ limits: [{ bytes: 100_000, files: 10, days: 10 }] })]),
      says: 'sizeUnknown',
    },
    'something deletes without an age': {
      ...given([store()], [rule({ by: 'schedule', covers: ['/opt/app/logs/'], limits: [{ unknown: 'rm' }] })]),
      says: 'ruleUnclear',
    },
    'rotated by its own program, not yet long enough to show': {
      ...given([store({ parts: 40, oldest: '2026-01-10' })]),
      platform: [platform('2026-01-10')],
      says: 'ownRotation',
    },
    'rules not observed': { ...given([store()]), logPolicies: [], says: 'rulesNotSeen' },
    'a cron table could not be read': {
      ...given([store()]),
      logPolicies: [policies([], { unread: [{ path: '/var/spool/cron/crontabs', why: 'permission denied' }] })],
      says: 'rulesUnread',
    },
    'a platform that begins after the observation': {
      ...given([store({ oldest: '2026-02-01', missing: [] })]),
      platform: [platform('2026-03-02')],
      says: 'noPlatform',
    },
    'the listing broke off': { ...given([store()], [], { cut: true }), says: 'listingCut' },
    'the journal’s rule was not seen': { ...given([journal]), parameters: ofSystem },
  },
});
