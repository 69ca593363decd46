import { describe, expect, test } from 'vitest';
import type { Check, Evidence, Outcome } from '../../../checks/check.ts';
import { check as clockCheck } from '../../../checks/host/clock.ts';
import { check as partyCheck } from '../../../checks/host/hosting-party.ts';
import { check as logCheck } from '../../../checks/logs/retention.ts';
import { fold, type Verdict } from '../../../src/assessment/verdict.ts';
import { type CommandResult, type HostCollector, Unavailable } from '../../../src/collectors/collector.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { addDays, daysFrom } from '../../../src/evidence/dates.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { type Kind, kinds } from '../../../src/evidence/kinds.ts';
import type { Seen } from '../../../src/evidence/observation.ts';
import { declaration } from '../../support/declaration.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// Outputs are made up to the scripts' forms: what matters here is what a reader makes of less than all of them.

type Outputs = Record<string, string | Partial<CommandResult>>;
type Scene = {
  check: Check;
  parameters: Record<string, unknown>;
  outputs: Record<string, string>;
  declared?: Partial<PlatformDeclaration>;
  says: Verdict;
};

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const today = '2026-03-01';
const now = Date.parse('2026-03-01T02:00:00Z') / 1000;
const midnight = now - ((now + 8 * 3600) % 86_400);

const running = (name: string): string => lines(name, 'processes-read=yes');
const chrony = (offset: string): string =>
  `7F000001,127.0.0.1,9,1795330292.849990515,${offset},0.000000077,0.000000254,0.023,0.002,0.105,0.000008076,0.000002224,1.0,Normal\n`;
const ntp = (offset: string, refid = '114.118.7.161'): string =>
  lines('associd=0 status=0615 leap_none, sync_ntp', `leap=00, stratum=2, refid=${refid}, offset=${offset}`);
const timesync = (offset: string): string =>
  lines('NTP=yes', 'NTPSynchronized=yes', `       Offset: ${offset}`, '  Delay: 1ms');
const clockScene = (outputs: Record<string, string>, says: Verdict): Scene => ({
  check: clockCheck,
  parameters: { maxOffset: 1 },
  outputs: { servers: 'server ntp.ntsc.ac.cn\n', ...outputs },
  says,
});

const key = 'a'.repeat(64);
const fingerprint = `SHA256:${Buffer.from(key, 'hex').toString('base64').replace(/=+$/, '')}`;
const party = (changes: Record<string, string>, says: Verdict): Scene => ({
  check: partyCheck,
  parameters: { allow: ['unit'] },
  declared: {
    administrators: [
      { account: 'root', party: 'unit', keys: [] },
      { account: 'ops', party: 'unit', keys: [fingerprint] },
      { account: 'helper', party: 'vendor', keys: [] },
    ],
    agents: [{ name: 'aliyun-assist', operator: 'vendor' }],
  },
  outputs: {
    accounts: lines(
      'account:root:0:0:shadow:/bin/bash',
      'account:ops:1000:1000:shadow:/bin/bash',
      'group:root:0:',
      'group:sudo:27:ops',
      'source:files',
      'end',
    ),
    shadow: lines('uid:0', 'state:root:locked', 'state:ops:locked', 'end'),
    sudo: lines('uid:0', 'grant:1:0:%sudo\tALL', 'end'),
    keys: lines('uid:0', `key:ops:key:ssh-ed25519:${key}:o***`, 'end'),
    logins: lines('ops      pts/0        192.0.2.7        Sun Mar  1 01:00:00 2026', 'read:/var/log/wtmp', 'end'),
    processes: lines('all-seen', 'process:systemd', 'process:sshd', 'end'),
    services: lines('service:ssh.service', 'end'),
    paths: lines('uid:0', 'end'),
    firmware: lines('sys_vendor=Dell Inc.', 'end'),
    virtualisation: lines('vm=none', 'container=none', 'hypervisor-flag=no', 'end'),
    'cloud-init': lines('end'),
    ...changes,
  },
  says,
});

const file = (path: string, days: readonly string[]): string[] => [
  `file 1000 ${now} ${path}`,
  ...days.map((day) => `t 3 ${day}`),
  `lines ${days.length * 3} ${days.length * 3} ${days.length}`,
];
const last = (count: number): string[] => daysFrom(addDays(today, 1 - count), today);
const listing = (...files: string[][]): string => lines(`now ${now} +0800`, ...files.flat(), 'done');
const journal = (days: number, hole = false): string =>
  lines(
    'at /var/log/journal 8200',
    'groups root',
    `first ${midnight - (days - 1) * 86_400 + 5}`,
    `last ${now}`,
    ...Array.from({ length: Math.min(days, 200) }, (_, index) => {
      const start = midnight - index * 86_400;
      return `day ${start} ${hole && index > 100 && index < 104 ? 'none' : start + 5}`;
    }),
    'done',
  );
// The first line ends as the command's own output does.
const loop = ' 1: for d in a b; do cd /opt/$d; done\n 2: find /var/log -name "*.log" -mtime +7 -delete\n';
const logs = (changes: Record<string, string>, says: Verdict): Scene => ({
  check: logCheck,
  parameters: { of: 'system', months: 6 },
  declared: { since: '2024-01-01' },
  outputs: {
    files: listing(file('/var/log/auth.log', last(200)), file('/var/log/syslog', last(200))),
    journal: lines('groups root', 'no-journalctl'),
    logrotate: lines('installed=yes', 'schedule= daily', 'state=', 'done'),
    journald: lines('done'),
    auditd: lines('done'),
    tmpfiles: lines('done'),
    schedules: lines('done'),
    rsyslog: lines('done'),
    ...changes,
  },
  says,
});
const noFiles = listing();

const scenes: Record<string, Scene> = {
  'chrony near its server': clockScene({ 'time-services': running('chronyd'), chrony: chrony('-0.000001994') }, 'met'),
  'chrony far off': clockScene({ 'time-services': running('chronyd'), chrony: chrony('-12.000001994') }, 'unmet'),
  'ntpd near its server': clockScene({ 'time-services': running('ntpd'), ntp: ntp('-0.512') }, 'met'),
  'ntpd far off': clockScene({ 'time-services': running('ntpd'), ntp: ntp('20480.5') }, 'unmet'),
  'ntpd that follows itself': clockScene({ 'time-services': running('ntpd'), ntp: ntp('0.0', '127.127.1.0') }, 'unmet'),
  'timesyncd near its server': clockScene(
    { 'time-services': running('systemd-timesyn'), timesync: timesync('+1.5ms') },
    'met',
  ),
  'timesyncd far off': clockScene(
    { 'time-services': running('systemd-timesyn'), timesync: timesync('-2min 10s') },
    'unmet',
  ),
  'administered by the unit': party({}, 'met'),
  'a vendor has an account': party(
    {
      accounts: lines(
        'account:root:0:0:shadow:/bin/bash',
        'account:ops:1000:1000:shadow:/bin/bash',
        'account:helper:1001:1001:shadow:/bin/bash',
        'group:sudo:27:ops,helper',
        'end',
      ),
      shadow: lines('uid:0', 'state:root:locked', 'state:ops:locked', 'state:helper:set', 'end'),
    },
    'unmet',
  ),
  'an account that nobody declares': party(
    {
      accounts: lines(
        'account:root:0:0:shadow:/bin/bash',
        'account:ops:1000:1000:shadow:/bin/bash',
        'account:guest:1002:1002:shadow:/bin/bash',
        'end',
      ),
    },
    'unproven',
  ),
  'a container': party({ virtualisation: lines('vm=kvm', 'container=lxc', 'end') }, 'unproven'),
  'files of 200 days': logs({}, 'met'),
  'files of 90 days': logs(
    { files: listing(file('/var/log/auth.log', last(200)), file('/var/log/syslog', last(90))) },
    'unmet',
  ),
  'files short of days, a journal that holds them': logs(
    { files: listing(file('/var/log/auth.log', last(90)), file('/var/log/syslog', last(90))), journal: journal(190) },
    'unproven',
  ),
  'an audit log of 90 days': logs(
    {
      files: listing(
        file('/var/log/auth.log', last(200)),
        file('/var/log/syslog', last(200)),
        file('/var/log/audit/audit.log', last(90)),
      ),
    },
    'unmet',
  ),
  'a journal of 190 days': logs({ files: noFiles, journal: journal(190) }, 'unproven'),
  'a journal that nothing limits': logs(
    {
      files: noFiles,
      journal: journal(190),
      journald: lines(
        'journald=yes',
        '== systemd/journald.conf',
        ' [Journal]',
        ' SystemMaxUse=400G',
        ' SystemKeepFree=1M',
        '',
        '/dev/vda 2000000000 1000 1900000000 1% /var/log',
        'used=8200',
        'done',
      ),
    },
    'met',
  ),
  'a journal with a hole': logs({ files: noFiles, journal: journal(190, true) }, 'unmet'),
  'a journal of 90 days': logs({ files: noFiles, journal: journal(90) }, 'unmet'),
  'four weeks are kept': logs(
    {
      logrotate: lines(
        'installed=yes',
        'schedule= daily',
        'state=',
        '== /etc/logrotate.conf',
        ' /var/log/syslog { weekly',
        ' rotate 4',
        ' }',
        'done',
      ),
    },
    'unmet',
  ),
  'a script deletes after a week': logs({ schedules: `== /etc/cron.daily/clean\n${loop}done\n` }, 'unmet'),
};

function verdictOf({ check, parameters, declared = {} }: Scene, outputs: Outputs): Verdict {
  const given: Partial<Record<Kind, Seen<unknown>[]>> = {};
  const gaps: Outcome[] = [];
  for (const kind of check.reads) {
    if (kind === 'platform') {
      const value = declaration({ hosts: [{ name: 'app-1', addresses: ['127.0.0.1'] }], ...declared });
      given.platform = [seenAs(value)];
      continue;
    }
    given[kind] = [];
    // What is filed is no host's to withhold.
    if (kinds[kind].origin === 'filed') continue;
    try {
      given[kind] = [seenAs(kinds[kind].value.parse(collectorOf(kind).read(transcript(outputs), localHost())))];
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      gaps.push('unproven');
    }
  }
  const findings = check.judge(given as Evidence<Kind>, check.parameters.parse(parameters), today);
  return fold([...findings.map((finding) => finding.outcome), ...gaps], false);
}

function collectorOf(kind: Kind): HostCollector {
  const found = collectors.find((each) => each.kind === kind);
  if (found?.by !== 'commands') throw new Error(`${kind} is not asked by commands`);
  return found;
}

function seenAs(value: unknown): Seen<unknown> {
  return { id: 'E-0000000000', subject: 'app-1', at: '2026-03-01T02:00:00Z', on: today, value };
}

/** What else a command may leave: each cut to many lengths, by a limit, by time or by a signal; refused; failed. */
function* worse(stdout: string): Generator<[string, Partial<CommandResult>]> {
  const step = Math.max(1, Math.floor(stdout.length / 50));
  for (let length = 0; length < stdout.length; length += length < 80 || stdout.length - length < 40 ? 1 : step) {
    const part = stdout.slice(0, length);
    const shown = JSON.stringify(part.slice(-30));
    yield [`cut by its limit after ${shown}`, { stdout: part, truncated: true, status: undefined }];
    yield [`out of time after ${shown}`, { stdout: part, timedOut: true, status: undefined }];
    if (length < stdout.length - 1) yield [`killed after ${shown}`, { stdout: part, status: undefined }];
  }
  yield ['cut at its very end', { stdout, truncated: true, status: undefined }];
  yield ['missing', { stdout: '', status: 127, stderr: 'sh: not found' }];
  yield ['refused by sudo', { stdout: '', status: 1, stderr: 'sudo: a password is required' }];
  yield ['without root', { stdout, withoutRoot: true }];
}

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  test(`as it is: ${scene.says}`, () => {
    expect(verdictOf(scene, scene.outputs)).toBe(scene.says);
  });

  // Less evidence may leave it open; it must never make it better, nor worse.
  test.each(Object.keys(scene.outputs))('with less of %s it is the same or unproven', (name) => {
    const wrong: string[] = [];
    for (const [what, result] of worse(scene.outputs[name] ?? '')) {
      const verdict = verdictOf(scene, { ...scene.outputs, [name]: result });
      if (verdict !== scene.says && verdict !== 'unproven') wrong.push(`${verdict}: ${what}`);
    }
    expect(wrong).toEqual([]);
  });
});
