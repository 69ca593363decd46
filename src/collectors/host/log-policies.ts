import { isDate } from '../../evidence/dates.ts';
import type { LogPolicies, LogRule } from '../../evidence/host/log-policies.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { type ConfigFile, readConfigFiles } from './config-files.ts';
import { deletionsIn } from './log-deletions.ts';
import { auditdRule, type JournalDisk, journaldRule, tmpfilesRules } from './log-limits.ts';
import { usualRoots } from './log-places.ts';
import { policyCommands } from './log-policy-commands.ts';
import { readLogrotate } from './logrotate.ts';
import { ranToEnd } from './output.ts';

const most = 400;

/** What rotates, limits or deletes logs: logrotate, journald, auditd, tmpfiles.d, cron, timers; and where rsyslog sends them. */
export const logPolicies = defineHostCollector({
  id: 'host/log-policies',
  kind: 'logPolicies',
  ask: () => policyCommands,
  read: readPolicies,
});

function readPolicies(results: CommandResults, host: DeclaredHost): LogPolicies {
  const rotation = results('logrotate');
  if (!ranToEnd(rotation, 'done')) {
    throw new Unavailable(rotation.timedOut ? 'timed-out' : 'failed', rotation.stderr || 'logrotate');
  }
  const logrotate = logrotateOf(rotation.stdout);
  const rotated = readConfigFiles(rotation.stdout);
  const [journal, audit, cleaning, schedules, syslog] = ['journald', 'auditd', 'tmpfiles', 'schedules', 'rsyslog'].map(
    (name) => ({ ...readConfigFiles(results(name).stdout), result: results(name), name }),
  );
  const mains = rotated.files.filter(
    ({ path }) => path === '/etc/logrotate.conf' || !path.startsWith('/etc/logrotate.'),
  );
  const deletions = (schedules?.files ?? []).map(deletionsIn);
  const rules: LogRule[] = [
    ...mains.flatMap((main) => readLogrotate(main, rotated.files, logrotate.schedule)),
    ...(journal?.result.stdout.includes('journald=yes')
      ? [journaldRule(journal.files, diskOf(journal.result.stdout))]
      : []),
    ...(audit?.files ?? []).flatMap((file) => auditdRule(file) ?? []),
    ...tmpfilesRules(cleaning?.files ?? []),
    ...deletions.flatMap((found) => found.rules),
  ].filter((rule) => rule.by === 'logrotate' || concernsLogs(rule, host));
  const closed = [rotated, journal, audit, cleaning, schedules].flatMap((each) => each?.unread ?? []);
  // A loop in somebody's script ends in `done`, too: only the last line counts.
  const broken = [journal, audit, cleaning, schedules].filter((each) => each && !ranToEnd(each.result, 'done'));
  return {
    rules: rules.slice(0, most),
    logrotate,
    rsyslog: rsyslogTargets(syslog?.files ?? []).slice(0, most),
    unread: [
      ...closed.map((path) => ({ path, why: 'permission denied' })),
      ...broken.flatMap((each) => (each ? [{ path: each.name, why: 'no answer' }] : [])),
      ...deletions.flatMap((found) => found.unread),
      ...(rules.length > most ? [{ path: '…', why: `more than ${most} rules` }] : []),
    ].slice(0, most),
  };
}

function logrotateOf(text: string): LogPolicies['logrotate'] {
  const value = (name: string): string | undefined => text.match(new RegExp(`^${name}=(.*)$`, 'm'))?.[1];
  const dates = [...(value('state') ?? '').matchAll(/(\d{4})-(\d{1,2})-(\d{1,2})/g)].map(
    ([, year = '', month = '', day = '']) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  );
  const lastRun = dates.filter(isDate).toSorted().at(-1);
  const schedule = (['hourly', 'daily', 'weekly', 'monthly'] as const).find((each) =>
    (value('schedule') ?? '').split(' ').includes(each),
  );
  return { installed: value('installed') === 'yes', schedule: schedule ?? 'none', ...(lastRun ? { lastRun } : {}) };
}

function diskOf(text: string): JournalDisk | undefined {
  const [, total, available] = text.match(/^\S+ +(\d{1,18}) +\d+ +(\d{1,18}) +\d+% \//m) ?? [];
  const used = text.match(/^used=(\d{1,15})$/m)?.[1] ?? '0';
  if (total === undefined || available === undefined) return undefined;
  return { total: Number(total) * 1024, available: Number(available) * 1024, used: Number(used) * 1024 };
}

// Scripts delete much besides logs: only what may touch a log folder is kept.
function concernsLogs(rule: LogRule, host: DeclaredHost): boolean {
  const logs = ['/var/log/', ...usualRoots, ...host.logs.map((log) => log.path)];
  return rule.covers.some((pattern) => {
    const fixed = pattern.replace(/[*?[].*$/, '');
    return (
      pattern === 'journal' ||
      /log/i.test(pattern) ||
      logs.some((log) => log.startsWith(fixed) || fixed.startsWith(log))
    );
  });
}

/** `mail.* -/var/log/mail.log`, `*.* @@10.0.0.9:514`, `action(type="omfwd" target="10.0.0.9" …)`: rsyslog.conf(5). */
function rsyslogTargets(files: readonly ConfigFile[]): LogPolicies['rsyslog'] {
  return files.flatMap(({ lines }) =>
    lines.flatMap((raw) => {
      const line = raw.replace(/^\d+: ?/, '').trim();
      if (line.startsWith('#')) return [];
      const action = line.match(/action\s*\(.*?type\s*=\s*"(omfwd|omrelp|omfile)"/i)?.[1]?.toLowerCase();
      const target = line.match(/\b(?:target|file)\s*=\s*"([^"]{1,300})"/i)?.[1];
      const selector = line.match(/^([\w*.,;!=]{1,200})\s+(?=\S)/)?.[1] ?? '*';
      if (action !== undefined && target !== undefined) return [{ selector, target, forward: action !== 'omfile' }];
      const [, forward, plain] = line.match(/^[\w*.,;!=]+\s+(?:(@@?\S{1,300})|-?(\/\S{1,300}))/) ?? [];
      if (forward === undefined && plain === undefined) return [];
      return [{ selector, target: forward ?? plain ?? '', forward: forward !== undefined }];
    }),
  );
}
