import { isDate } from '../../evidence/dates.ts';
import type { LogPolicies, LogRule } from '../../evidence/host/log-policies.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type Command, type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { readConfigFiles } from './config-files.ts';
import { containerRules } from './log-containers.ts';
import { containerRulesScript } from './log-containers-script.ts';
import { deletionsIn } from './log-deletions.ts';
import { auditdRule, type JournalDisk, journaldRule, tmpfilesRules } from './log-limits.ts';
import { usualRoots } from './log-places.ts';
import { policyCommands } from './log-policy-commands.ts';
import { settingsRules, settingsScript } from './log-settings.ts';
import { readShipping } from './log-shipping.ts';
import { readLogrotate } from './logrotate.ts';
import { ranToEnd } from './output.ts';

const most = 400;

type Asked = Pick<LogPolicies, 'rules' | 'unread'> & { shipping?: LogPolicies['shipping'] };

const nothing: Asked = { rules: [], unread: [] };

/** What rotates, limits or deletes logs: logrotate, journald, auditd, tmpfiles.d, cron, timers, applications, containers; and what is sent elsewhere. */
export const logPolicies = defineHostCollector({
  id: 'host/log-policies',
  kind: 'logPolicies',
  ask: (host) => [
    ...policyCommands,
    ...(host.logs.some(({ settings }) => settings) ? [settingsCommand(host)] : []),
    ...(keepsContainers(host) ? [containersCommand(host)] : []),
  ],
  read: readPolicies,
});

function readPolicies(results: CommandResults, host: DeclaredHost): LogPolicies {
  const rotation = results('logrotate');
  if (!ranToEnd(rotation, 'done')) {
    throw new Unavailable(rotation.timedOut ? 'timed-out' : 'failed', rotation.stderr || 'logrotate');
  }
  const logrotate = logrotateOf(rotation.stdout);
  const rotated = readConfigFiles(rotation.stdout);
  const [journal, audit, cleaning, schedules] = ['journald', 'auditd', 'tmpfiles', 'schedules'].map((name) => ({
    ...readConfigFiles(results(name).stdout),
    result: results(name),
    name,
  }));
  const settings: Asked = host.logs.some((log) => log.settings) ? settingsRules(results('settings'), host) : nothing;
  const containers: Asked = keepsContainers(host) ? containerRules(results('containers')) : nothing;
  const mains = rotated.files.filter(
    ({ path }) => path === '/etc/logrotate.conf' || !path.startsWith('/etc/logrotate.'),
  );
  const shipping = readShipping(results('shipping'));
  const deletions = (schedules?.files ?? []).map(deletionsIn);
  const rules: LogRule[] = [
    ...mains.flatMap((main) => readLogrotate(main, rotated.files, logrotate.schedule)),
    ...(journal?.result.stdout.includes('journald=yes')
      ? [journaldRule(journal.files, diskOf(journal.result.stdout))]
      : []),
    ...(audit?.files ?? []).flatMap((file) => auditdRule(file) ?? []),
    ...tmpfilesRules(cleaning?.files ?? []),
    ...deletions.flatMap((found) => found.rules),
    ...settings.rules,
    ...containers.rules,
  ].filter((rule) => ['logrotate', 'application', 'container'].includes(rule.by) || concernsLogs(rule, host));
  const closed = [rotated, journal, audit, cleaning, schedules].flatMap((each) => each?.unread ?? []);
  // A loop in somebody's script ends in `done`, too: only the last line counts.
  const broken = [journal, audit, cleaning, schedules].filter((each) => each && !ranToEnd(each.result, 'done'));
  return {
    rules: rules.slice(0, most),
    logrotate,
    ...(shipping === undefined ? {} : { shipping: [...shipping, ...(containers.shipping ?? [])].slice(0, most) }),
    unread: [
      ...closed.map((path) => ({ path, why: 'permission denied' })),
      ...broken.flatMap((each) => (each ? [{ path: each.name, why: 'no answer' }] : [])),
      ...deletions.flatMap((found) => found.unread),
      ...settings.unread,
      ...containers.unread,
      ...(rules.length > most ? [{ path: '…', why: `more than ${most} rules` }] : []),
    ].slice(0, most),
  };
}

// Docker's own files may be declared by their paths, too.
function keepsContainers({ containers, logs }: DeclaredHost): boolean {
  return (
    containers !== undefined || logs.some(({ path }) => /^\/var\/(log\/(pods|containers)|lib\/docker)(\/|$)/.test(path))
  );
}

function settingsCommand(host: DeclaredHost): Command {
  return {
    name: 'settings',
    why: 'the declared settings of applications: what their logs are rotated and deleted by',
    asRoot: true,
    script: settingsScript(host),
  };
}

function containersCommand(host: DeclaredHost): Command {
  return {
    name: 'containers',
    why: 'Docker, Podman, kubelet: where the logs of the declared containers go, and how much of them is kept',
    asRoot: true,
    timeout: 90,
    script: containerRulesScript(host),
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
