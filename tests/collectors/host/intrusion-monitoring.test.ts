import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { knownMonitors } from '../../../src/collectors/host/intrusion/monitors.ts';
import { monitorsScript } from '../../../src/collectors/host/intrusion/monitors-script.ts';
import { intrusionMonitoring } from '../../../src/collectors/host/intrusion-monitoring.ts';
import type { IntrusionMonitoring, Monitor } from '../../../src/evidence/host/intrusion-monitoring.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const read = (result: string | Partial<CommandResult>): IntrusionMonitoring =>
  kinds.intrusionMonitoring.value.parse(intrusionMonitoring.read(transcript({ monitors: result }), localHost()));
const named = ({ monitors }: IntrusionMonitoring, name: string): Monitor => {
  const found = monitors.find((each) => each.name === name);
  if (!found) throw new Error(`${name} was not found`);
  return found;
};

// Debian 12 with auditd 3.0.9 (cannot run in a container), aide 0.18.3 without its cron job, fail2ban 1.0.2 running.
const debian = lines(
  'uid:0',
  'now:1795351554',
  'all-seen',
  'process:fail2ban-server',
  'service:auditd enabled',
  'service:fail2ban enabled',
  'path:/sbin/auditd',
  'path:/usr/sbin/auditd',
  'path:/usr/bin/aide',
  'path:/usr/bin/fail2ban-server',
  'file:1795351551 /var/log/fail2ban.log',
  'jails:1',
  'version:aide 0.18.3-1+deb12u5',
  'version:auditd 1:3.0.9-1',
  'version:fail2ban 1.0.2-2',
  'end',
);

// CentOS 7.9 on Alibaba Cloud (reconstructed).
const centos = lines(
  'uid:0',
  'now:1795351554',
  'all-seen',
  'process:auditd',
  'process:AliYunDun',
  'process:AliYunDunMonito',
  'connected:AliYunDun',
  'service:auditd enabled',
  'service:aegis disabled',
  'path:/sbin/auditd',
  'path:/usr/local/aegis',
  'path:/usr/sbin/aide',
  'file:1795351500 /var/log/audit/audit.log',
  'file:1795264000 /var/log/aide/aide.log',
  'file:1790000000 /var/lib/aide/aide.db.gz',
  'scheduled:aide',
  'audit-rules:27',
  'audit-enabled:1',
  'version:audit 2.8.5-4.el7',
  'end',
);

// Kylin V10 with Qingteng and Wazuh (reconstructed).
const kylin = lines(
  'uid:0',
  'now:1795351554',
  'all-seen',
  'process:titanagent',
  'process:wazuh-agentd',
  'written:1795351550 titanagent',
  'service:titanagent enabled',
  'service:wazuh-agent enabled',
  'path:/titan/agent',
  'path:/var/ossec',
  'file:1795351552 /var/ossec/var/run/wazuh-agentd.state',
  'end',
);

describe('transcripts', () => {
  test('Debian 12', () => {
    const value = read(debian);
    expect(value).toMatchObject({ hostTime: '2026-11-22T12:45:54Z', unread: [] });
    expect(value.monitors.map(({ name }) => name)).toEqual(['auditd', 'aide', 'fail2ban']);
    expect(named(value, 'fail2ban')).toEqual({
      name: 'fail2ban',
      title: { zh: 'fail2ban 登录攻击封禁', en: 'fail2ban' },
      watches: ['intrusions'],
      signs: ['process fail2ban-server', 'service fail2ban', 'path /usr/bin/fail2ban-server'],
      periodic: false,
      running: true,
      starts: true,
      life: { of: 'file', what: '/var/log/fail2ban.log', at: '2026-11-22T12:45:51Z' },
      version: '1.0.2-2',
      rules: 1,
    });
    expect(named(value, 'auditd')).toMatchObject({ running: false, starts: true, rules: 'unknown' });
    expect(named(value, 'aide')).toMatchObject({ running: false, periodic: true, starts: false });
  });

  test('CentOS 7.9 (reconstructed)', () => {
    const value = read(centos);
    expect(named(value, 'auditd')).toMatchObject({ running: true, rules: 27, version: '2.8.5-4.el7' });
    expect(named(value, 'aliyun-aegis')).toMatchObject({
      running: true,
      starts: false,
      life: { of: 'connection', what: 'AliYunDun', at: '2026-11-22T12:45:54Z' },
    });
    expect(named(value, 'aide')).toMatchObject({
      starts: true,
      database: '2026-09-21T14:13:20Z',
      life: { what: '/var/log/aide/aide.log' },
    });
  });

  test('Kylin V10 (reconstructed)', () => {
    const value = read(kylin);
    expect(named(value, 'qingteng')).toMatchObject({ running: true, life: { of: 'file', what: 'titanagent' } });
    expect(named(value, 'wazuh')).toMatchObject({
      running: true,
      life: { what: '/var/ossec/var/run/wazuh-agentd.state' },
    });
  });

  test('auditing that is switched off records nothing', () => {
    expect(named(read(centos.replace('audit-enabled:1', 'audit-enabled:0')), 'auditd')).toMatchObject({ rules: 0 });
  });

  // AIDE 0.18 without its database writes an error to its log and compares nothing: aide(1).
  test('what has nothing to compare with does nothing, whatever it writes', () => {
    const without = centos.replace('file:1790000000 /var/lib/aide/aide.db.gz\n', '');
    expect(named(read(without), 'aide')).toMatchObject({ periodic: true, starts: true });
    expect(named(read(without), 'aide').life).toBeUndefined();
  });

  test('agents that only their console hears are marked', () => {
    expect(named(read(kylin), 'wazuh').console).toBe(true);
    expect(named(read(debian), 'fail2ban').console).toBeUndefined();
  });

  test('a file from the future is no sign of life', () => {
    expect(named(read(debian.replace('file:1795351551', 'file:1805351551')), 'fail2ban').life).toBeUndefined();
  });
});

describe('what cannot be read', () => {
  test.each([
    ['cut', { stdout: debian.slice(0, 90), truncated: true }, 'too-large'],
    ['out of time', { stdout: debian.slice(0, 90), timedOut: true }, 'timed-out'],
    ['without the time', debian.replace('now:', 'then:'), 'failed'],
    ['nothing', '', 'failed'],
  ])('%s is nothing', (_, result, reason) => {
    expect(() => read(result)).toThrow(expect.objectContaining({ reason }));
  });

  test('without root, or with processes hidden, it is said', () => {
    expect(read({ stdout: debian, withoutRoot: true }).unread).toEqual([{ part: 'root', why: 'denied' }]);
    expect(read(debian.replace('all-seen\n', '')).unread).toEqual([{ part: '/proc', why: 'denied' }]);
    expect(read(debian.replace('jails', '!! denied /var/log/audit\njails')).unread).toEqual([
      { part: '/var/log/audit', why: 'denied' },
    ]);
  });
});

describe('the table', () => {
  test('has each name once, and words that a shell takes as they are', () => {
    const names = knownMonitors.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { processes, services, paths, life = [], database = [], packages = [] } of knownMonitors) {
      for (const word of [...processes, ...services, ...packages]) expect(word).toMatch(/^[\w.-]+$/);
      for (const path of [...paths, ...life, ...database]) expect(path).toMatch(/^(\/[\w.*-]+)+$/);
    }
  });
});

describe('the script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-monitors-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // Namespaces of its own for processes, mounts and network: nothing of the machine is touched. Programs are copies of `sleep` that keep
  // a log open, and one that is connected to another machine’s address.
  const inside = (shell: string, before: string): string => {
    const script = `mount -t tmpfs leqi /var/log; mount -t tmpfs leqi /run; ip link set lo up; cd ${folder}\n${before}\nsleep 0.3; ${shell} ${join(folder, 'monitors.sh')} < /dev/null`;
    return execFileSync(
      'unshare',
      ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', script],
      { encoding: 'utf8' },
    );
  };
  writeFileSync(join(folder, 'monitors.sh'), monitorsScript);
  for (const name of ['titanagent', 'falco', 'wazuh-agentd', 'Suricata-Main', 'snort'])
    copyFileSync('/bin/sleep', join(folder, name));

  test.each(['dash', 'bash --posix', 'busybox ash'])(
    '%s: finds what runs, what it writes, and what stands still',
    (shell) => {
      const quiet = join(folder, 'quiet.log');
      const before = `./titanagent 60 7>> ${folder}/busy.log & ./falco 60 < /dev/null 7>> ${quiet} & sleep 0.1; echo x >> ${folder}/busy.log; touch -d '2020-01-01 00:00:00Z' ${quiet}; mkdir -p /var/log/suricata; : > "/var/log/suricata/eve.json"`;
      const value = read(inside(shell, before));
      const ago = (at: string | undefined): number => Date.parse(value.hostTime) - Date.parse(at ?? '');
      expect(named(value, 'qingteng')).toMatchObject({ running: true, life: { of: 'file', what: 'titanagent' } });
      expect(ago(named(value, 'qingteng').life?.at)).toBeLessThan(60_000);
      expect(named(value, 'falco')).toMatchObject({ running: true, life: { at: '2020-01-01T00:00:00Z' } });
      expect(value.unread).toEqual([]);
      utimesSync(quiet, new Date(), new Date());
    },
  );

  test('a connection to another machine is a sign, one to itself is none', () => {
    const socat = execFileSync('sh', ['-c', 'command -v socat'], { encoding: 'utf8' }).trim();
    for (const name of ['YDService', 'hostguard']) copyFileSync(socat, join(folder, name));
    const before = [
      'ip addr add 10.0.0.5/32 dev lo',
      'socat TCP-LISTEN:7777,fork,reuseaddr EXEC:cat &',
      'sleep 0.3',
      'sleep 60 | ./YDService - TCP:10.0.0.5:7777 > /dev/null &',
      'sleep 60 | ./hostguard - TCP:127.0.0.1:7777 > /dev/null &',
    ].join('\n');
    const value = read(inside('sh', before));
    expect(named(value, 'tencent-yunjing')).toMatchObject({ running: true, life: { of: 'connection' } });
    expect(named(value, 'huawei-hss')).toMatchObject({ running: true });
    expect(named(value, 'huawei-hss').life?.of).not.toBe('connection');
  });

  // Log lines after src/detect-engine-loader.c of Suricata 7 and parser.c of Snort 2.9; what stands first is overtaken by what follows.
  test.each([
    ['dash', 'none', 'unknown', 'unknown'],
    [
      'dash',
      'Info: detect: 1 rule files processed. 38012 rules successfully loaded, 3 rules failed',
      38_012,
      'unknown',
    ],
    [
      'busybox ash',
      '[1 - Suricata-Main] Warning: detect: 1 rule files specified, but no rules were loaded!',
      0,
      'unknown',
    ],
    ['busybox ash', 'Nov 22 host snort[12]: 4151 Snort rules read', 'unknown', 4151],
    ['dash', 'Nov 22 host snort[12]: 0 Snort rules read', 'unknown', 0],
  ] as const)('%s: what runs says how many rules it loaded: %s', (shell, line, suricata, snort) => {
    const log = suricata === 'unknown' ? '/var/log/syslog' : '/var/log/suricata/suricata.log';
    const before = `./Suricata-Main 60 & ./snort 60 & mkdir -p /var/log/suricata; echo 'x 1 rule files processed. 7 rules successfully loaded, 0 rules failed' > ${suricata === 'unknown' ? '/dev/null' : log}; echo '${line}' >> ${log}`;
    const value = read(inside(shell, before));
    expect([named(value, 'suricata').rules, named(value, 'snort').rules]).toEqual([suricata, snort]);
  });

  test('of Suricata whose log was rotated, its statistics tell', () => {
    const event =
      '{"event_type":"stats","stats":{"detect":{"engines":[{"id":0,"rules_loaded":33207,"rules_failed":0}]}}}';
    const before = `./Suricata-Main 60 & mkdir -p /var/log/suricata; echo '${event}' > /var/log/suricata/eve.json`;
    expect(named(read(inside('dash', before)), 'suricata').rules).toBe(33_207);
  });

  test('a name with a line end adds no line', () => {
    const before = `mkdir -p /var/log/snort; : > "$(printf '/var/log/snort/a\\nprocess:snort')"`;
    expect(read(inside('sh', before)).monitors.map(({ name }) => name)).not.toContain('snort');
  });
});
