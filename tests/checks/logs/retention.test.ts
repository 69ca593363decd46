import { check } from '../../../checks/logs/retention.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import type { LogPolicies, LogRule } from '../../../src/evidence/host/log-policies.ts';
import type { LogStore, LogStores } from '../../../src/evidence/host/log-stores.ts';
import type { CentralLogs, CentralRule } from '../../../src/evidence/network/central-logs.ts';
import { central, daily, keepsLong } from '../../support/central-logs.ts';
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
  seen('logPolicies', { rules, logrotate: { installed: true, schedule: 'daily' }, shipping: [], unread: [], ...value });
const journald = rule({ by: 'journald', covers: ['journal'], text: 'SystemMaxUse=4G', where: 'journald.conf' });

const platform = (since = '2024-01-01', hostSince?: string, more: Partial<PlatformDeclaration> = {}) =>
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
    ...more,
  });

const given = (list: LogStore[], rules: LogRule[] = [], rest: Partial<LogStores> = {}) => ({
  logStores: [stores(list, rest)],
  logPolicies: [policies(rules)],
  platform: [platform()],
});
// The same from a host of another name.
const renamed = (name: string) => {
  const { logStores, logPolicies, platform: declared } = received([], ['log-1']);
  const of = <T extends { subject: string }>(each: T): T =>
    each.subject === 'app-1' ? { ...each, subject: name } : each;
  return {
    logStores: logStores.map(of),
    logPolicies: logPolicies.map(of),
    platform: declared.map((each) => ({
      ...each,
      value: {
        ...each.value,
        hosts: each.value.hosts.map((host) => (host.name === 'app-1' ? { ...host, name } : host)),
      },
    })),
  };
};
// app-1 keeps three weeks and sends all to another host, which holds what is given.
const received = (list: LogStore[], targets: string[], auths: Partial<LogStore> = {}, today = '2026-03-01') => {
  const short = { oldest: '2026-02-08' };
  const own = stores([system('/var/log/syslog', ['general'], short), system('/var/log/auth.log', ['auth'], short)]);
  const all = { by: 'rsyslog' as const, where: '/etc/rsyslog.conf', targets, covers: ['general', 'auth'] };
  const ofReceiver = [system('/var/log/messages', ['general']), system('/var/log/secure', ['auth'])];
  const there = [...list.map((each) => ({ ...each, ...auths })), ...ofReceiver];
  const receiver = { ...stores(there, { today }), id: 'E-ffffffffff', subject: 'log-1' };
  const declared = platform();
  return {
    logStores: [own, receiver],
    logPolicies: [policies([], { shipping: [all] }), { ...policies(), id: 'E-fffffffffe', subject: 'log-1' }],
    platform: [
      {
        ...declared,
        value: {
          ...declared.value,
          hosts: [
            { name: 'app-1', addresses: ['10.0.0.1'] },
            { name: 'log-1', addresses: ['10.0.0.9'] },
          ],
        },
      },
    ],
  };
};
const run = (from: string, to: string, days: number, certain: boolean) => ({ from, to, days, certain });
const ofSystem = { of: 'system', months: 6 };
const keeping = (keeps: CentralRule['keeps']): CentralRule => ({ ...keepsLong, keeps });
/** A host with a long application log of its own, and a store that stands by itself. */
const beside = (value: Partial<CentralLogs> = {}) => ({ ...given([store()]), centralLogs: [central(value)] });
/** A host whose logs are in the store, too: kept there as `value` says. */
const shipped = (list: LogStore[], value: Partial<CentralLogs> = {}, rules: LogRule[] = []) => ({
  ...given(list, rules),
  centralLogs: [central({ hosts: [{ name: 'app-1', ...daily }], ...value })],
});
/** What is declared of a store that holds the host's logs. */
const declaredStore = {
  name: 'es-1',
  kind: 'elasticsearch',
  of: 'application',
  address: '127.0.0.9',
  port: 9200,
  hosts: ['app-1'],
} as const;
const declaring: Partial<PlatformDeclaration> = { logStores: [{ ...declaredStore, hosts: ['app-1'] }] };
const youngSeries = { oldest: '2026-02-01', newest: '2026-03-01', days: 29, missing: [], startsDaily: true };
const young = store({ oldest: '2026-02-01' });
const forwarding = (target: string, whole?: true) =>
  policies([weekly], {
    shipping: [
      {
        by: 'rsyslog',
        where: '/etc/rsyslog.conf',
        targets: [target],
        covers: ['general', 'auth'],
        ...(whole ? { whole } : {}),
      },
    ],
  });
const shippedSystem = (target: string, whole?: true) => ({
  ...shipped([syslog, { ...auth, oldest: '2026-02-01' }], { of: 'system' }),
  logPolicies: [forwarding(target, whole)],
  platform: [platform(undefined, undefined, { logStores: [{ ...declaredStore, of: 'system', hosts: ['app-1'] }] })],
  parameters: ofSystem,
});
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
    'an access log that a script cuts: nothing was seen to delete, and it holds more than the longest six months': {
      ...given([store({ of: 'network', parts: 220 })]),
      parameters: { of: 'network', months: 6 },
    },
    'rotated by its own program, whose settings keep all': given(
      [store({ parts: 220 })],
      [rule({ by: 'application', text: 'maxHistory=0', limits: [] })],
    ),
    'settings: seven months of monthly files': given(
      [store({ parts: 7 })],
      [rule({ by: 'application', text: 'maxHistory=7', limits: [{ months: 7 }] })],
    ),
    'settings: a cap on the whole size, packed parts counted as they lie on the disk': given(
      [store({ parts: 200, bytes: 2_120_000, bytesPerDay: 900_000 })],
      [rule({ by: 'application', text: 'maxHistory=200, totalSizeCap=3MB', limits: [{ days: 200 }, { bytes: 3e6 }] })],
    ),
    'settings: each day far below what is kept of it': given(
      [store({ parts: 200, bytesPerDay: 1000 })],
      [rule({ by: 'application', limits: [{ bytesADay: 100_000 }] })],
    ),
    'a container older than the period, its json-file unlimited and complete': given(
      [store({ container: { created: '2025-08-01' } })],
      [rule({ by: 'container', text: 'json-file, no max-size; removed with the container', limits: [] })],
    ),
    'short here, and complete on the declared host it is sent to, in a folder of its own': {
      ...received([system('/srv/remote/app-1/syslog', ['a']), system('/srv/remote/app-1/auth.log', ['b'])], ['log-1']),
      parameters: ofSystem,
      says: ['kept', 'kept', 'kept'],
    },
    'the same by address, all in one file': {
      ...received([system('/srv/remote/10.0.0.1.log', ['/srv/remote/10.0.0.1.log'])], ['10.0.0.9']),
      parameters: ofSystem,
    },
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
    'another unreadable part that does not matter': given([store({ problems: ['broken'] })]),
    'a central store beside it: 200 days from rollover, and that old': { ...beside(), says: ['kept', 'centralKept'] },
    'a central store, read in clear text, which deletes nothing': beside({
      channel: 'clear',
      rules: [keeping({ ever: true })],
    }),
    'a central store under no policy, which shows the longest six months': beside({ rules: [], unruled: 8 }),
    'a central store as old as the platform': {
      ...beside({ all: { ...youngSeries, oldest: '2026-01-10' } }),
      logStores: [stores([store({ oldest: '2026-01-10' })])],
      platform: [platform('2026-01-10')],
      says: 'centralSinceStart',
    },
    'a central store with a hole before the period': beside({
      all: { ...daily, missing: [run('2025-08-10', '2025-08-31', 22, true)] },
    }),
    'a central store, of which some was not seen and nothing is missing': beside({ unseen: ['closed'] }),
    'a central store of other logs is none of its business': beside({ of: 'network', all: youngSeries }),
    'seen twice, it counts as it was seen last': {
      ...given([store()], [], {}),
      centralLogs: [central({ all: youngSeries }, { on: '2026-02-28' }), central()],
      logStores: [stores([store()])],
    },
    'a host without application logs of its own, which the central store holds': {
      ...shipped([syslog]),
      says: 'centralKept',
    },
    'the host keeps them, and the store was not observed': {
      ...given([store()]),
      platform: [platform(undefined, undefined, declaring)],
    },
    'the host keeps them, whatever becomes of the copy': {
      ...shipped([store()], { hosts: [{ name: 'app-1', ...youngSeries }], rules: [keeping({ days: 7 })] }),
      says: 'kept',
    },
    'system: short on the host, forwarded whole to the address of the central store': {
      ...shippedSystem('127.0.0.9', true),
      says: 'centralKept',
    },
    'system: forwarded whole to another spelling of its address': shippedSystem('::ffff:127.0.0.9', true),
  },
  unmet: {
    'a central store that is too young': { ...beside({ all: youngSeries }), says: 'centralYoung' },
    'a central store with a hole': {
      ...beside({ all: { ...daily, missing: [run('2025-12-01', '2025-12-03', 3, true)] } }),
      says: 'centralDaysMissing',
    },
    'a central store that deletes after 183 days': {
      ...beside({ rules: [keepsLong, keeping({ days: 183.9 })] }),
      says: 'centralTooShort',
    },
    'a central store that deletes soon, though not all rules were read': beside({
      rules: [keeping({ days: 30 })],
      unread: [{ part: 'data-stream', why: '403' }],
    }),
    'short on the host and in the store': {
      ...shipped([young], { hosts: [{ name: 'app-1', ...youngSeries }] }),
      says: 'tooYoung',
    },
    'system: forwarded whole to a store that is short, too': {
      ...shippedSystem('127.0.0.9', true),
      centralLogs: [central({ of: 'system', hosts: [{ name: 'app-1', ...youngSeries }] })],
      says: 'ruleTooShort',
    },
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
    'settings: six files, of days where months were meant': {
      ...given([store({ parts: 7 })], [rule({ by: 'application', text: 'maxHistory=6', limits: [{ days: 6 }] })]),
      says: 'ruleTooShort',
    },
    'settings: the cap is reached first': {
      ...given(
        [store({ parts: 150, bytes: 2_120_000 })],
        [rule({ by: 'application', text: 'totalSizeCap=1MB', limits: [{ days: 200 }, { bytes: 1e6 }] })],
      ),
      says: 'sizeTooSmall',
    },
    'settings: more a day than is kept of one': {
      ...given([store({ bytesPerDay: 1e6 })], [rule({ by: 'application', limits: [{ bytesADay: 1e5 }] })]),
      says: 'sizeTooSmall',
    },
    'a container that was there all along, its log rotated away': {
      ...given([store({ oldest: '2026-02-01', container: { created: '2025-08-01' } })]),
      says: 'tooYoung',
    },
    'a container made anew, but what came after is gone, too': {
      ...given([store({ oldest: '2026-02-01', container: { created: '2025-12-01' } })]),
      says: 'tooYoung',
    },
    'max-size and max-file, outgrown': given(
      [store({ container: {}, bytesPerDay: 1e6 })],
      [rule({ by: 'container', text: '10m × 3', limits: [{ bytes: 1e7, files: 2 }] })],
    ),
    'a hole of one day between its neighbours': {
      ...given([store({ missing: [run('2025-12-03', '2025-12-03', 1, true)], missingDays: 1 })]),
      says: 'daysMissing',
    },
    'sent to a declared host, which keeps it no longer': {
      ...received([system('/srv/remote/app-1.log', ['/srv/remote/app-1.log'], { oldest: '2026-02-01' })], ['log-1'], {
        oldest: '2026-02-01',
      }),
      parameters: ofSystem,
    },
  },
  unproven: {
    'no host, though a central store': { ...beside(), logStores: [], says: ['centralKept', 'none'] },
    'a central store before the platform began': {
      ...beside(),
      platform: [platform('2026-03-02')],
      says: 'noPlatform',
    },
    'a central store without entries': {
      ...beside({ all: { days: 0, missing: [] }, unseen: ['not-permitted'] }),
      says: 'centralEmpty',
    },
    'a central store whose policies are out of reach': {
      ...beside({ rules: [], unread: [{ part: 'ilm', why: 'HTTP 403' }] }),
      says: 'centralRulesUnread',
    },
    'a central store under no policy, young as the platform': {
      ...beside({ all: { ...youngSeries, oldest: '2026-01-10' }, rules: [keepsLong], unruled: 1 }),
      platform: [platform('2026-01-10')],
      logStores: [stores([store({ oldest: '2026-01-10' })])],
      says: 'centralNoRule',
    },
    'a central store whose policy cannot be told': {
      ...beside({ rules: [keeping({ unknown: 'cron' })] }),
      says: 'centralUnclear',
    },
    'a central store where a longer rule may hold': beside({ rules: [keeping({ days: 30, orMore: true })] }),
    'a central store that is young, and was not seen whole': {
      ...beside({ all: youngSeries, unseen: ['rights-unknown'] }),
      says: 'centralNotWhole',
    },
    'a central store with a hole, where days may be closed': beside({
      all: { ...daily, missing: [run('2025-12-01', '2025-12-03', 3, true)] },
      unseen: ['closed'],
    }),
    'a central store without entries every day': {
      ...beside({ all: { ...youngSeries, startsDaily: false } }),
      says: 'centralNotDaily',
    },
    'a central store that ended': {
      ...beside({ all: { ...daily, newest: '2026-01-31', missing: [run('2026-02-01', '2026-02-28', 28, true)] } }),
      says: 'centralStopped',
    },
    'a central store with days that may have been quiet': {
      ...beside({ all: { ...daily, missing: [run('2025-12-06', '2025-12-06', 1, false)] } }),
      says: 'centralDaysDoubtful',
    },
    'a central store that was not asked about all of it': {
      ...beside({ lookedFrom: '2025-10-01' }),
      says: 'centralNotAsked',
    },
    'the host’s own log is short, and that this one is in the store is not shown': {
      ...shipped([young]),
      says: 'centralUnsure',
    },
    'short on the host, and the store was not seen whole': {
      ...shipped([young], { hosts: [{ name: 'app-1', ...youngSeries }], unseen: ['shards'] }),
      says: 'centralNotWhole',
    },
    'a host that joined later, as far back as it can be in the store': {
      ...shipped([syslog], { hosts: [{ name: 'app-1', ...youngSeries }] }),
      platform: [platform('2024-01-01', '2026-02-01')],
      says: 'centralNotDaily',
    },
    'system: forwarded to another address': { ...shippedSystem('127.0.0.8', true), says: ['shipped', 'centralUnsure'] },
    'application: sent to a central store that is not declared to hold this host’s logs': {
      ...given([young]),
      logPolicies: [
        policies([], {
          shipping: [{ by: 'filebeat', where: 'filebeat.yml', targets: ['127.0.0.9'], covers: [base.path] }],
        }),
      ],
      platform: [platform(undefined, undefined, { logStores: [{ ...declaredStore, hosts: [] }] })],
      centralLogs: [central()],
      says: 'centralNotLinked',
    },
    'system: some of it is forwarded, on a condition or not': shippedSystem('127.0.0.9'),
    'short on the host, and the store that holds its logs was not observed': {
      ...given([young]),
      platform: [platform(undefined, undefined, declaring)],
      says: 'centralUnseen',
    },
    'nothing on the host, and the store that holds its logs was not observed': {
      ...given([syslog]),
      platform: [platform(undefined, undefined, declaring)],
      says: 'centralUnseen',
    },
    'a store that holds another host’s logs': {
      ...shipped([syslog], { hosts: [{ name: 'app-2', ...daily }] }),
      says: 'none',
    },
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
    'read in part, so that days may be hidden': { ...given([store({ sampled: true })]), says: 'notWhole' },
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
    'a size that several logs share: each would be kept, all of them are not': {
      ...given(
        [
          store(),
          store({ path: '/opt/app/logs/big.log', of: 'other', streams: [], files: [], bytes: 2_000_000, parts: 3 }),
        ],
        [rule({ by: 'application', text: 'Delete 1 MB', covers: ['/opt/app/logs/'], limits: [{ bytes: 1e6 }] })],
      ),
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
    'rules not observed, and the entries are too young: they may be sent elsewhere': {
      ...given([store({ oldest: '2026-02-01' })]),
      logPolicies: [],
      says: ['shippingNotSeen', 'tooYoung'],
    },
    'rotated by its own program, whose settings were not declared, however much it holds': {
      ...given([store({ parts: 220 })]),
      says: 'ownRotation',
    },
    'settings: a cap, and no history to tell how long it lasts': {
      ...given(
        [store({ parts: 3, oldest: '2026-02-27', newest: '2026-03-01' })],
        [rule({ by: 'application', limits: [{ bytes: 1e6 }] })],
      ),
      platform: [platform('2026-02-27')],
      says: 'sizeUnknown',
    },
    'settings: days may be larger than what is kept of one': {
      ...given([store({ bytesPerDay: 50_000 })], [rule({ by: 'application', limits: [{ bytesADay: 1e5 }] })]),
      says: 'sizeUnknown',
    },
    'a container made anew: unlimited by its driver, but gone with its predecessor': {
      ...given(
        [store({ oldest: '2025-12-02', container: { created: '2025-12-01' } })],
        [rule({ by: 'container', text: 'json-file', limits: [] })],
      ),
      says: 'recreated',
    },
    'pods: when they were made is not known': {
      ...given([store({ oldest: '2025-12-02', container: {} })]),
      says: 'recreated',
    },
    'too young here, and sent to a place that is not declared': {
      ...given([store({ oldest: '2026-02-01' })]),
      logPolicies: [
        policies([], {
          shipping: [{ by: 'filebeat', where: 'f.yml', targets: ['es-1'], covers: ['/opt/app/logs/*.log'] }],
        }),
      ],
      says: ['shipped', 'tooYoung'],
    },
    'a shipper whose configuration could not be read': {
      ...given([store({ oldest: '2026-02-01' })]),
      logPolicies: [policies([], { shipping: [{ by: 'vector', where: 'vector', targets: [], covers: ['/'] }] })],
      says: ['shipped', 'tooYoung'],
    },
    'sent to a declared host, where logins are not among what is of this host': {
      ...received([system('/srv/remote/app-1/syslog', ['a'])], ['log-1']),
      parameters: ofSystem,
      says: ['kept', 'shippedMixed'],
    },
    'sent to a declared host from one that is called as a folder is: its own logs are not the other’s': {
      ...renamed('log'),
      parameters: ofSystem,
      says: ['shippedMixed'],
    },
    'sent to a declared host, mixed there with others’': {
      ...received([system('/srv/remote/app-10/syslog', ['x'])], ['log-1']),
      parameters: ofSystem,
    },
    'sent to a declared host, whose log was read in part': {
      ...received(
        [system('/srv/remote/app-1.log', ['/srv/remote/app-1.log'], { problems: ['denied'], oldest: '2026-02-01' })],
        ['log-1'],
      ),
      parameters: ofSystem,
    },
    'sent to a declared host whose clock is five years off': {
      ...received([system('/srv/remote/app-1.log', ['/srv/remote/app-1.log'])], ['log-1'], {}, '2021-03-01'),
      parameters: ofSystem,
    },
    'the clock of the host is five years off': { ...given([store()], [], { today: '2021-03-01' }), says: 'clockOff' },
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
