import { describe, expect, test } from 'vitest';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { logPolicies } from '../../../src/collectors/host/log-policies.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import { logPolicies as kind, type LogPolicies } from '../../../src/evidence/host/log-policies.ts';
import { createGate } from '../../../src/gate.ts';
import type { DeclaredHost } from '../../../src/platform.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';

const host: DeclaredHost = {
  name: 'app-1',
  address: '127.0.0.1',
  transport: 'local',
  sudo: false,
  logs: [{ of: 'application', path: '/opt/app/logs' }],
  data: [],
  backups: [],
};
const collector = logPolicies as HostCollector<'logPolicies'>;

const quiet = { journald: 'done', auditd: 'done', tmpfiles: 'done', schedules: 'done', shipping: 'done' };
const rotation = (files = '', state = '') => `installed=yes\nschedule= daily\nstate=${state}\n${files}\ndone\n`;
const read = (outputs: Record<string, string>): LogPolicies =>
  kind.value.parse(collector.read(transcript({ logrotate: rotation(), ...quiet, ...outputs }), host));

describe('transcripts', () => {
  // /etc/logrotate.conf and /etc/logrotate.d/rsyslog of Debian 12, comments left out.
  const debian = `== /etc/logrotate.conf
 weekly
 rotate 4
 create
 include /etc/logrotate.d

== /etc/logrotate.d/rsyslog
 /var/log/syslog
 /var/log/auth.log
 {
 	rotate 4
 	weekly
 	postrotate
 		/usr/lib/rsyslog/rsyslog-rotate
 	endscript
 }
== /etc/logrotate.d/rsyslog.dpkg-old
 /var/log/syslog { rotate 400
 }
`;

  test('Debian 12: four weeks of syslog; a file that dpkg left is not in force', () => {
    const value = read({ logrotate: rotation(debian, '2026-2-27-6:0:0 2026-11-1-6:0:0 2026-2-28-6:0:0 x') });
    expect(value.rules).toEqual([
      {
        by: 'logrotate',
        where: '/etc/logrotate.d/rsyslog:1',
        text: 'weekly rotate 4',
        covers: ['/var/log/syslog', '/var/log/auth.log'],
        names: [],
        limits: [{ days: 28 }],
      },
    ]);
    expect(value.logrotate).toEqual({ installed: true, schedule: 'daily', lastRun: '2026-11-01' });
    expect(value.unread).toEqual([]);
  });

  test('journald: room on the file system as df(1) and du(1) tell it', () => {
    const journald =
      'journald=yes\n== systemd/journald.conf\n [Journal]\n SystemMaxUse=1G\n\n/dev/vda1 104857600 1 52428800 1% /\nused=1024\ndone';
    expect(read({ journald }).rules).toMatchObject([
      { by: 'journald', covers: ['journal'], limits: [{ bytes: 1024 ** 3 - 128 * 1024 ** 2 }] },
    ]);
  });

  test('schedules: what touches logs stays, what cleans elsewhere does not', () => {
    const schedules = `== /etc/cron.d/clean
 3: 0 3 * * * root find /opt/app/logs -mtime +30 -delete
== /lib/systemd/system/man-db.service
 11: ExecStart=/usr/bin/find /var/cache/man -type f -name *.gz -atime +6 -delete
== /opt/clean.sh
 2: find $LOG_HOME -mtime +7 -delete
done`;
    const value = read({ schedules });
    expect(value.rules.map(({ where, limits }) => [where, limits])).toEqual([['/etc/cron.d/clean:3', [{ days: 31 }]]]);
    expect(value.unread).toEqual([{ path: '/opt/clean.sh:2', why: 'find $LOG_HOME -mtime +7 -delete' }]);
  });

  test('what could not be read, and commands that gave no answer, are named', () => {
    const value = read({ schedules: '!! /var/spool/cron/crontabs\ndone', tmpfiles: '' });
    expect(value.unread).toEqual([
      { path: '/var/spool/cron/crontabs', why: 'permission denied' },
      { path: 'tmpfiles', why: 'no answer' },
    ]);
    expect(() => read({ logrotate: '' })).toThrow('logrotate');
  });
});

test('this machine answers every command', async () => {
  const gate = createGate(createScope(['127.0.0.1'], []), () => new Date());
  const results = await runLocal(gate, host, collector.ask(host), new AbortController().signal);
  const value = kind.value.parse(collector.read((name) => results.get(name) ?? transcript({})(name), host));
  expect(value.logrotate.installed).toBe(true);
  // Debian's package of logrotate brings /etc/logrotate.d/{wtmp,btmp}: monthly, one kept.
  expect(value.rules).toContainEqual(expect.objectContaining({ covers: ['/var/log/wtmp'], limits: [{ months: 1 }] }));
  for (const name of ['journald', 'auditd', 'tmpfiles', 'schedules', 'shipping'])
    expect(results.get(name)?.stdout).toMatch(/done\n$/);
});
