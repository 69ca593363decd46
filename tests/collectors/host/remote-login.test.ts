import { describe, expect, test } from 'vitest';
import { remoteLogin } from '../../../src/collectors/host/remote-login.ts';
import type { RemoteLogin } from '../../../src/evidence/host/remote-login.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

type Outputs = Parameters<typeof transcript>[0];

const read = (outputs: Outputs): RemoteLogin =>
  kinds.remoteLogin.value.parse(remoteLogin.read(transcript(outputs), localHost()));

const lines = (...each: string[]): string => `${each.join('\n')}\n`;

// Debian 12, OpenSSH 9.2p1, as root with dash: the settings of a fresh installation, lists of algorithms shortened.
const debian = {
  sshd: lines(
    'uid:0',
    'all-seen',
    'server:running',
    'set:port 22',
    'set:usepam yes',
    'set:logingracetime 120',
    'set:maxauthtries 6',
    'set:permitrootlogin without-password',
    'set:hostbasedauthentication no',
    'set:passwordauthentication yes',
    'set:kbdinteractiveauthentication no',
    'set:permitemptypasswords no',
    'set:ciphers chacha20-poly1305@openssh.com,aes128-ctr',
    'set:authenticationmethods any',
    'answered',
    'loaded:1795349998',
    'changed:1795341513',
    'file:\tkbdinteractiveauthentication no',
    'file:\tusepam yes',
    'end',
  ),
  listening: lines('uid:0', 'socket:0.0.0.0:22 sshd', 'socket:[::]:22 sshd', 'socket:127.0.0.1:5432 postgres', 'end'),
  'login-limits': lines(
    'uid:0',
    'pam:common-auth\tauth\t[success=1 default=ignore]\tpam_unix.so\t',
    'pam:common-auth\tauth\trequisite\tpam_deny.so\t',
    'pam:common-auth\tauth\trequired\tpam_permit.so\t',
    'pam:sshd\tany\tinclude\tcommon-auth\t',
    'pam:sshd\taccount\trequired\tpam_nologin.so\t',
    'end',
  ),
};

test('Debian 12 as installed', () => {
  expect(read(debian)).toEqual({
    servers: [
      {
        running: true,
        source: 'effective',
        settings: {
          port: ['22'],
          usepam: ['yes'],
          logingracetime: ['120'],
          maxauthtries: ['6'],
          permitrootlogin: ['without-password'],
          hostbasedauthentication: ['no'],
          passwordauthentication: ['yes'],
          kbdinteractiveauthentication: ['no'],
          permitemptypasswords: ['no'],
          ciphers: ['chacha20-poly1305@openssh.com', 'aes128-ctr'],
          authenticationmethods: ['any'],
        },
        conditions: [],
        mayBeOlder: false,
      },
    ],
    listening: [
      { service: 'ssh', address: '0.0.0.0', port: 22, program: 'sshd' },
      { service: 'ssh', address: '[::]', port: 22, program: 'sshd' },
    ],
    secondFactors: [],
    unread: [],
  });
});

// OpenSSH 7.4 of CentOS 7 (reconstructed from its sshd_config(5)): older spellings.
test('CentOS 7: older names of keywords', () => {
  const sshd = lines(
    'uid:0',
    'all-seen',
    'server:running',
    'set:challengeresponseauthentication yes',
    'set:permitrootlogin yes',
    'set:protocol 2,1',
    'answered',
    'end',
  );
  expect(read({ ...debian, sshd }).servers).toEqual([
    {
      running: true,
      source: 'effective',
      settings: {
        kbdinteractiveauthentication: ['yes'],
        permitrootlogin: ['yes'],
        protocol: ['2', '1'],
        usepam: ['no'],
      },
      conditions: [],
      // Neither when it was loaded nor when a file changed is known.
      mayBeOlder: true,
    },
  ]);
});

// A service that a socket unit starts, as on Ubuntu 24.04 (reconstructed): nothing runs until somebody calls.
test('a socket unit offers the installed service', () => {
  const sshd = lines('uid:0', 'all-seen', 'server:socket', 'set:port 22', 'answered', 'changed:1795341513', 'end');
  expect(read({ ...debian, sshd }).servers).toMatchObject([{ running: true, mayBeOlder: false }]);
});

describe('locks after failed logins, reconstructed from pam_faillock(8) and pam_tally2(8)', () => {
  const rule = (type: string, control: string, module: string, args = '', file = 'password-auth') =>
    `pam:${file}\t${type}\t${control}\t${module}\t${args && ` ${args}`}`;
  const substack = 'pam:sshd\tauth\tsubstack\tpassword-auth\t';
  const preauth = rule('auth', 'required', 'pam_faillock.so', 'preauth deny=5 even_deny_root');
  const unix = rule('auth', 'sufficient', 'pam_unix.so');
  const authfail = rule('auth', '[default=die]', 'pam_faillock.so', 'authfail deny=5');
  const deny = rule('auth', 'required', 'pam_deny.so');
  const tally = rule('auth', 'required', 'pam_tally2.so', 'deny=3');
  const lockoutOf = (...rules: string[]) =>
    read({ ...debian, 'login-limits': lines('uid:0', substack, ...rules, 'end') }).lockout;

  test.each([
    ['RHEL 8, openEuler', [preauth, unix, authfail, deny], { module: 'pam_faillock', after: 5, root: true }],
    [
      'the settings file',
      [preauth, unix, authfail, deny, 'faillock:deny=4'].map((each) => each.replace(/ deny=5/, '')),
      { module: 'pam_faillock', after: 4, root: true },
    ],
    [
      'three unless told otherwise',
      [preauth, unix, authfail, deny].map((each) => each.replace(/ deny=5( even_deny_root)?/, '')),
      { module: 'pam_faillock', after: 3, root: false },
    ],
    ['failures that are never counted', [preauth, unix, deny], { module: 'pam_faillock', root: true }],
    ['failures that are counted too late', [preauth, unix, deny, authfail], { module: 'pam_faillock', root: true }],
    [
      'limits that differ: the laxer one',
      [preauth, unix, authfail.replace('5', '8'), deny],
      { module: 'pam_faillock', after: 8, root: true },
    ],
    ['CentOS 7', [tally, unix, deny], { module: 'pam_tally2', after: 3, root: false }],
    ['a module that is asked too late', [unix, tally, deny], { module: 'pam_tally2', root: false }],
    ['a module that only counts', [tally.replace(' deny=3', ''), unix], { module: 'pam_tally2', root: false }],
    ['switched off', [tally.replace('3', '0'), unix], { module: 'pam_tally2', root: false }],
    ['none', [unix, deny], undefined],
    ['rules of another service', [rule('auth', 'required', 'pam_tally2.so', 'deny=3', 'login'), unix], undefined],
  ])('%s', (_, rules, expected) => {
    expect(lockoutOf(...rules)).toEqual(expected);
  });

  test('second factors are named', () => {
    const factor = rule('auth', 'required', 'pam_google_authenticator.so');
    const optional = rule('auth', 'optional', 'pam_oath.so');
    const limits = lines('uid:0', substack, factor, optional, unix, 'end');
    expect(read({ ...debian, 'login-limits': limits }).secondFactors).toEqual(['pam_google_authenticator.so']);
  });

  test('includes that go in a circle end', () => {
    const limits = lines('uid:0', 'pam:sshd\tany\tinclude\tsshd\t', 'pam:sshd\tauth\tinclude\tsshd\t', 'end');
    expect(read({ ...debian, 'login-limits': limits }).unread).toEqual([]);
  });
});

describe('listening', () => {
  const found = (...sockets: string[]) => read({ ...debian, listening: lines('uid:0', ...sockets, 'end') }).listening;

  test.each([
    ['socket:*:23 in.telnetd', { service: 'telnet', address: '*', port: 23, program: 'in.telnetd' }],
    ['socket:*:2323 telnetd', { service: 'telnet', address: '*', port: 2323, program: 'telnetd' }],
    ['socket:[::]:23 systemd', { service: 'telnet', address: '[::]', port: 23, program: 'systemd' }],
    ['socket:0.0.0.0:514 xinetd', { service: 'rsh', address: '0.0.0.0', port: 514, program: 'xinetd' }],
    ['socket:0.0.0.0:514 ', { service: 'rsh', address: '0.0.0.0', port: 514 }],
    ['socket:0.0.0.0:5901 Xtigervnc', { service: 'vnc', address: '0.0.0.0', port: 5901, program: 'Xtigervnc' }],
    ['socket:0.0.0.0:3389 xrdp', { service: 'rdp', address: '0.0.0.0', port: 3389, program: 'xrdp' }],
    ['socket:*:9090 systemd,cockpit-tls', { service: 'web-console', address: '*', port: 9090, program: 'cockpit-tls' }],
    ['socket:0.0.0.0:7681 ttyd', { service: 'web-terminal', address: '0.0.0.0', port: 7681, program: 'ttyd' }],
    ['socket:0.0.0.0:22 dropbear', { service: 'other-ssh', address: '0.0.0.0', port: 22, program: 'dropbear' }],
    [
      'socket:0.0.0.0:22 ssh-server-g3',
      { service: 'other-ssh', address: '0.0.0.0', port: 22, program: 'ssh-server-g3' },
    ],
    ['hex:00000000:0017', { service: 'telnet', address: '0.0.0.0', port: 23 }],
    ['hex:0100007F:0016', { service: 'ssh', address: '127.0.0.1', port: 22 }],
    ['hex:00000000000000000000000000000000:0201', { service: 'rsh', address: '[::]', port: 513 }],
    ['hex:00000000000000000000000001000000:0201', { service: 'rsh', address: '[::1]', port: 513 }],
    ['hex:0000000000000000FFFF00000100007F:0201', { service: 'rsh', address: '[::ffff:127.0.0.1]', port: 513 }],
    [
      'hex:B80D0120000000000000000001000000:0017',
      { service: 'telnet', address: '[2001:0db8:0000:0000:0000:0000:0000:0001]', port: 23 },
    ],
  ])('%s', (socket, expected) => {
    expect(found(socket)).toEqual([expected]);
  });

  test('what is held by another program is no such service', () => {
    expect(found('socket:0.0.0.0:514 rsyslogd', 'socket:0.0.0.0:5900 java', 'socket:*:9090 prometheus')).toEqual([]);
  });

  test('a program named to look like two', () => {
    expect(found('socket:0.0.0.0:23 x telnetd', 'socket:nonsense', 'hex:zz:0017', 'socket:a:99999 sshd')).toEqual([]);
  });
});

test.each([
  ['the longest counts', ['tmout:600', 'tmout:900'], 900],
  ['switched off somewhere', ['tmout:600', 'tmout:0'], 0],
  ['not set', [], undefined],
])('time limit of sessions: %s', (_, set, expected) => {
  const limits = lines(debian['login-limits'].replace(/end\n$/, '').trimEnd(), ...set, 'end');
  expect(read({ ...debian, 'login-limits': limits }).idleSeconds).toBe(expected);
});

describe('what was not read is named', () => {
  test.each<[string, Outputs, string[]]>([
    ['sockets without programs', { ...debian, listening: lines('uid:0', 'no-programs', 'end') }, ['programs']],
    ['sockets as nobody', { ...debian, listening: lines('uid:65534', 'end') }, ['programs']],
    ['no sockets', { ...debian, listening: lines('uid:0', 'unread:listening', 'end') }, ['listening']],
    ['processes that are hidden', { ...debian, sshd: debian.sshd.replace('all-seen\n', '') }, ['processes']],
    ['settings that were cut', { ...debian, sshd: debian.sshd.slice(0, -2) }, ['ssh', 'processes']],
    ['no PAM rules of the service', { ...debian, 'login-limits': lines('uid:0', 'end') }, ['pam']],
    [
      'a time limit that is computed',
      { ...debian, 'login-limits': debian['login-limits'].replace('end', 'tmout:odd\nend') },
      ['profile'],
    ],
  ])('%s', (_, outputs, unread) => {
    expect(read(outputs).unread).toEqual(unread);
  });

  test('nothing at all is unavailable', () => {
    expect(() => read({})).toThrow(expect.objectContaining({ reason: 'denied' }));
  });
});

describe('whatever the host prints', () => {
  const binary = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)).toString('utf8');

  test.each([
    ['binary', binary],
    ['a long line', 'x'.repeat(1_000_000)],
    ['many blocks', 'server:running\nset:permitrootlogin \u001b[31mno\nfile:no-tab\nset:\nset: \n'.repeat(1000)],
    [
      'many conditions',
      `server:running\n${Array.from({ length: 5000 }, (_, index) => `file:user u${index}\tusepam yes`).join('\n')}`,
    ],
    ['prototype', 'server:running\nset:__proto__ yes\nset:constructor yes\nset:hasOwnProperty no'],
  ])('%s is bounded and makes nothing better', (_, garbage) => {
    const value = read({
      sshd: lines('uid:0', garbage, 'end'),
      listening: lines(garbage, 'end'),
      'login-limits': lines(garbage, 'end'),
    });
    expect(JSON.stringify(value)).not.toContain('\u001b');
    expect(value.unread).toContain('processes');
    for (const server of value.servers) {
      expect(server.mayBeOlder).toBe(true);
      expect(server.conditions.length).toBeLessThanOrEqual(50);
      if (server.conditions.length > 0) expect(value.unread).toContain('ssh');
    }
  });
});
