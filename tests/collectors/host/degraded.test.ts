import { check as clockCheck } from '../../../checks/host/clock.ts';
import { check as partyCheck } from '../../../checks/host/hosting-party.ts';
import { check as logCheck } from '../../../checks/logs/retention.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { addDays, daysFrom } from '../../../src/evidence/dates.ts';
import { lines, type Scene, testScenes, today } from './degraded.ts';

// Outputs are made up to the scripts' forms: what matters here is what a reader makes of less than all of them.

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
    shipping: lines('running rsyslogd', 'looked', '== /etc/rsyslog.conf', ' auth,authpriv.* /var/log/auth.log', 'done'),
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
  'four weeks are kept, and all is sent to an undeclared host': logs(
    {
      files: listing(file('/var/log/auth.log', last(20)), file('/var/log/syslog', last(20))),
      shipping: lines('running rsyslogd', 'looked', '== /etc/rsyslog.conf', ' *.* @@192.0.2.9:514', 'done'),
    },
    'unproven',
  ),
  'a script deletes after a week': logs({ schedules: `== /etc/cron.daily/clean\n${loop}done\n` }, 'unmet'),
};

testScenes(scenes);
