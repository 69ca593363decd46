import { check } from '../../../checks/host/remote-login.ts';
import type { Account, Administration } from '../../../src/evidence/host/administration.ts';
import type { RemoteLogin, SshServer, SshSettings } from '../../../src/evidence/host/remote-login.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const good: SshSettings = {
  permitrootlogin: ['without-password'],
  passwordauthentication: ['yes'],
  kbdinteractiveauthentication: ['no'],
  usepam: ['yes'],
  permitemptypasswords: ['no'],
  hostbasedauthentication: ['no'],
  authenticationmethods: ['any'],
  maxauthtries: ['6'],
  logingracetime: ['120'],
  ciphers: ['aes256-gcm@openssh.com'],
  macs: ['hmac-sha2-256-etm@openssh.com'],
  kexalgorithms: ['curve25519-sha256'],
  hostkeyalgorithms: ['ssh-ed25519'],
};

const server = (settings: SshSettings = {}, value: Partial<SshServer> = {}): SshServer => ({
  running: true,
  source: 'effective',
  settings: { ...good, ...settings },
  conditions: [],
  mayBeOlder: false,
  ...value,
});

const login = (value: Partial<RemoteLogin> = {}) =>
  seen('remoteLogin', {
    servers: [server()],
    listening: [{ service: 'ssh', address: '0.0.0.0', port: 22, program: 'sshd' }],
    secondFactors: [],
    unread: [],
    ...value,
  });

const withSettings = (settings: SshSettings, value: Partial<RemoteLogin> = {}) =>
  login({ servers: [server(settings)], ...value });

const root = (value: Partial<Administration>, account: Partial<Account> = {}) =>
  seen('administration', {
    accounts: [{ name: 'root', uid: 0, shell: true, password: 'set', privileges: ['root'], keys: [], ...account }],
    otherAccounts: 20,
    grants: [],
    agents: [],
    logins: [],
    directories: [],
    keySources: [],
    unread: [],
    ...value,
  });

type Listening = RemoteLogin['listening'][number];
const telnet: Listening = { service: 'telnet', address: '[::]', port: 23, program: 'in.telnetd' };
const at = (...each: Listening[]) => login({ listening: each });

const openRoot = { permitrootlogin: ['yes'] };
const matched = (when: string, settings: SshSettings, base: SshSettings = {}) =>
  login({ servers: [server(base, { conditions: [{ when, settings }] })] });

const asked = {
  forbid: ['root-password', 'empty-passwords'],
  services: { forbid: ['telnet', 'rsh'], explain: ['vnc', 'web-console'] },
};
const only = (parameters: object) => ({ parameters: { forbid: [], ...parameters } });
const weak = only({ weakAlgorithms: ['*-cbc', 'hmac-md5*', 'diffie-hellman-group1-sha1'] });

testCheck(check, asked, '2026-03-01', {
  met: {
    'root by key only': { remoteLogin: [login()], says: 'guarded' },
    'root by password, but no password is accepted': {
      remoteLogin: [withSettings({ ...openRoot, passwordauthentication: ['no'] })],
    },
    'root by password, and its password is locked': {
      remoteLogin: [withSettings(openRoot)],
      administration: [root({}, { password: 'locked' })],
      says: 'rootLocked',
    },
    'root is not among the allowed users': {
      remoteLogin: [withSettings({ ...openRoot, allowusers: ['ops', 'li*@10.0.0.0/8'] })],
    },
    'root is denied': { remoteLogin: [withSettings({ ...openRoot, denyusers: ['r*t'] })] },
    'a password counts only after a key': {
      remoteLogin: [
        withSettings({ ...openRoot, authenticationmethods: ['publickey,password', 'publickey,keyboard-interactive'] }),
      ],
    },
    'a Match block that is stricter, for something that holds anyway': {
      remoteLogin: [matched('group sftp', { permitemptypasswords: ['no'], passwordauthentication: ['no'] })],
    },
    'from the files, where they say it': {
      remoteLogin: [
        login({
          servers: [
            server({}, { source: 'files', settings: { permitrootlogin: ['no'], permitemptypasswords: ['no'] } }),
          ],
        }),
      ],
    },
    'no SSH service': {
      remoteLogin: [login({ servers: [server({}, { running: false })], listening: [] })],
      says: 'noSsh',
    },
    'telnet on loopback only': {
      remoteLogin: [
        at(
          { service: 'telnet', address: '127.0.0.1', port: 23, program: 'telnetd' },
          { service: 'telnet', address: '[::1]', port: 23, program: 'telnetd' },
        ),
      ],
    },
    'a service that is not asked about': {
      remoteLogin: [at({ service: 'rdp', address: '0.0.0.0', port: 3389, program: 'xrdp' })],
    },
    'modern algorithms': { remoteLogin: [login()], ...weak },
    'limits kept': { remoteLogin: [login()], ...only({ maxAuthTries: 6, loginGraceSeconds: 120 }) },
    'locks after five': {
      remoteLogin: [login({ lockout: { module: 'pam_faillock', after: 5, root: true } })],
      ...only({ lockoutAfter: 5 }),
    },
    'nothing to lock where no password is accepted': {
      remoteLogin: [withSettings({ passwordauthentication: ['no'] })],
      ...only({ lockoutAfter: 5 }),
    },
    'idle sessions end': { remoteLogin: [login({ idleSeconds: 600 })], ...only({ idleSeconds: 900 }) },
  },
  unmet: {
    'root by password': { remoteLogin: [withSettings(openRoot)], administration: [root({})], says: 'broken' },
    'root by keyboard-interactive, which asks PAM for the password': {
      remoteLogin: [
        withSettings({ ...openRoot, passwordauthentication: ['no'], kbdinteractiveauthentication: ['yes'] }),
      ],
      administration: [root({})],
    },
    'a twin of root has a password': {
      remoteLogin: [withSettings(openRoot)],
      administration: [
        root({
          accounts: [
            { name: 'root', uid: 0, shell: true, password: 'locked', privileges: ['root'], keys: [] },
            { name: 'toor', uid: 0, shell: true, password: 'set', privileges: ['root'], keys: [] },
          ],
        }),
      ],
    },
    'empty passwords': { remoteLogin: [withSettings({ permitemptypasswords: ['yes'] })], says: 'broken' },
    'the second of two services': {
      remoteLogin: [login({ servers: [server(), server({ ...openRoot, port: ['2222'] })] })],
      administration: [root({})],
    },
    telnet: { remoteLogin: [at(telnet)], says: 'forbiddenService' },
    'rsh held by xinetd': {
      remoteLogin: [at({ service: 'rsh', address: '0.0.0.0', port: 514, program: 'xinetd' })],
    },
    'a weak cipher': { remoteLogin: [withSettings({ ciphers: ['aes256-ctr', 'aes128-cbc'] })], ...weak },
    'too many attempts': { remoteLogin: [login()], ...only({ maxAuthTries: 4 }) },
    'no limit to log in': {
      remoteLogin: [withSettings({ logingracetime: ['0'] })],
      ...only({ loginGraceSeconds: 120 }),
    },
    'nothing locks': { remoteLogin: [login()], ...only({ lockoutAfter: 5 }) },
    'a module that only counts': {
      remoteLogin: [login({ lockout: { module: 'pam_tally2', root: false } })],
      ...only({ lockoutAfter: 5 }),
    },
    'locks late': {
      remoteLogin: [login({ lockout: { module: 'pam_faillock', after: 10, root: false } })],
      ...only({ lockoutAfter: 5 }),
    },
    'no time limit of sessions': { remoteLogin: [login()], ...only({ idleSeconds: 900 }) },
    'a time limit that is switched off': { remoteLogin: [login({ idleSeconds: 0 })], ...only({ idleSeconds: 900 }) },
  },
  unproven: {
    'root by password, nothing known of its password': { remoteLogin: [withSettings(openRoot)], says: 'rootUnknown' },
    'root by password, another host’s is locked': {
      remoteLogin: [withSettings(openRoot)],
      administration: [{ ...root({}, { password: 'locked' }), subject: 'db-1' }],
    },
    'a Match block lets root in by password': {
      remoteLogin: [matched('address 10.0.0.0/8', openRoot)],
      says: 'conditional',
    },
    'a Match block shuts root out for some': {
      remoteLogin: [matched('user root', { permitrootlogin: ['no'] }, openRoot)],
    },
    'two Match blocks that together let root in': {
      remoteLogin: [
        login({
          servers: [
            server(
              { passwordauthentication: ['no'] },
              {
                conditions: [
                  { when: 'address 10.0.0.0/8', settings: openRoot },
                  { when: 'localport 2222', settings: { passwordauthentication: ['yes'] } },
                ],
              },
            ),
          ],
        }),
      ],
      says: 'conditional',
    },
    'root by password, where PAM asks for a second factor': {
      remoteLogin: [withSettings(openRoot, { secondFactors: ['pam_google_authenticator.so'] })],
      says: 'unknown',
    },
    'root by password, where groups decide': { remoteLogin: [withSettings({ ...openRoot, allowgroups: ['wheel'] })] },
    'root by password, where PAM was not read': { remoteLogin: [withSettings(openRoot, { unread: ['pam'] })] },
    'root by password in a file, where a file was not read': {
      remoteLogin: [
        login({ servers: [server({ ...openRoot, usepam: ['no'] }, { source: 'files' })], unread: ['ssh'] }),
      ],
      says: ['unknown', 'unread'],
    },
    'the files do not say it': {
      remoteLogin: [login({ servers: [server({}, { source: 'files', settings: {} })] })],
      says: 'unknown',
    },
    'files newer than the service': {
      remoteLogin: [login({ servers: [server(openRoot, { mayBeOlder: true })] })],
      says: 'older',
    },
    'locked as far as the list goes': {
      remoteLogin: [withSettings({ ...openRoot, denyusers: ['root@10.0.0.1'] }, { unread: ['arguments'] })],
      administration: [root({ unread: ['accounts'] }, { password: 'locked' })],
    },
    'not read in full': { remoteLogin: [login({ unread: ['programs'] })], says: 'unread' },
    'no service runs, as far as could be seen': {
      remoteLogin: [login({ servers: [], listening: [], unread: ['processes'] })],
      says: 'unread',
    },
    'only another SSH service, whose settings are not read': {
      remoteLogin: [
        login({
          servers: [],
          listening: [{ service: 'other-ssh', address: '0.0.0.0', port: 22, program: 'dropbear' }],
        }),
      ],
      says: 'otherSsh',
    },
    'another SSH service beside OpenSSH': {
      remoteLogin: [
        at(
          { service: 'ssh', address: '0.0.0.0', port: 22, program: 'sshd' },
          { service: 'other-ssh', address: '0.0.0.0', port: 2222, program: 'dropbear' },
        ),
      ],
      says: 'otherSsh',
    },
    'the SSH port is held for a service that was not found': {
      remoteLogin: [login({ servers: [], listening: [{ service: 'ssh', address: '*', port: 22, program: 'xinetd' }] })],
      says: 'otherSsh',
    },
    'the telnet port, by an unknown program': {
      remoteLogin: [at({ service: 'telnet', address: '0.0.0.0', port: 23 })],
      says: 'perhapsService',
    },
    'another way in': {
      remoteLogin: [at({ service: 'web-console', address: '*', port: 9090, program: 'cockpit-tls' })],
      says: 'otherWay',
    },
    'algorithms only as a change to the defaults': {
      remoteLogin: [withSettings({ ciphers: ['+aes128-cbc'] })],
      ...weak,
    },
    'a limit that is no number': {
      remoteLogin: [withSettings({ maxauthtries: ['many'] })],
      ...only({ maxAuthTries: 4 }),
    },
    'locks, where PAM was not read in full': {
      remoteLogin: [login({ unread: ['pam'], lockout: { module: 'pam_faillock', after: 5, root: true } })],
      ...only({ lockoutAfter: 5 }),
    },
    'locks, where the service does not use PAM': {
      remoteLogin: [withSettings({ usepam: ['no'] }, { lockout: { module: 'pam_faillock', after: 5, root: true } })],
      ...only({ lockoutAfter: 5 }),
    },
    'a profile was not read': {
      remoteLogin: [login({ idleSeconds: 600, unread: ['profile'] })],
      ...only({ idleSeconds: 900 }),
    },
    'no host': { remoteLogin: [], says: 'noHost' },
  },
});
