import { check as accountCheck } from '../../../checks/host/account-privileges.ts';
import { check as loginCheck } from '../../../checks/host/remote-login.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { lines, type Scene, testScenes } from './degraded.ts';

// Outputs are made up to the scripts' forms: what matters here is what a reader makes of less than all of them.

const hash = 'a'.repeat(64);
const fingerprint = `SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`;

const usual = {
  accounts: lines(
    'account:root:0:0:shadow:/bin/bash',
    'account:ops:1000:1000:shadow:/bin/bash',
    'account:isv:1001:1001:shadow:/bin/bash',
    'account:isvx:1002:1002:shadow:/usr/sbin/nologin',
    'group:wheel:10:ops',
    'group:docker:999:isvx',
    'source:files',
    'end',
  ),
  shadow: lines('uid:0', 'state:root:locked', 'state:ops:set', 'state:isv:locked', 'state:isvx:locked', 'end'),
  sudo: lines(
    'uid:0',
    'grant:1:0:root\tALL',
    'grant:1:0:%wheel\tALL',
    'grant:0:1:isv ALL',
    'grant:3:0:isvx ALL',
    'end',
  ),
  keys: lines('uid:0', `key:ops:key:ssh-ed25519:${hash}:o***`, 'end'),
  logins: lines('read:/var/log/wtmp', 'end'),
  processes: lines('all-seen', 'process:systemd', 'end'),
  services: lines('service:ssh.service', 'end'),
  paths: lines('uid:0', 'end'),
  'account-use': lines(
    'uid:0',
    'account:root:0:shadow',
    'account:ops:1000:shadow',
    'listed',
    'minimum:1000',
    'age:root:locked:20000:99999:',
    'age:ops:set:20500:90:',
    'aged',
    'latest:root:never',
    'latest:ops:2026-Feb-28',
    'recorded',
    'end',
  ),
};

const declared = {
  administrators: [
    { account: 'root', party: 'unit' as const, keys: [] },
    { account: 'ops', party: 'unit' as const, keys: [fingerprint] },
    { account: 'isv', party: 'vendor' as const, keys: [] },
  ],
};

const rights = (changes: Partial<typeof usual>, says: Verdict): Scene => ({
  check: accountCheck,
  parameters: {
    administrators: ['unit', 'related'],
    forbid: ['root-twins', 'empty-passwords', 'everybody-root', 'passwordless-root', 'system-logins'],
    maxIdleDays: 90,
    maxPasswordDays: 90,
  },
  declared,
  outputs: { ...usual, ...changes },
  says,
});

const settings = (...set: string[]): string =>
  lines(
    'uid:0',
    'all-seen',
    'server:running',
    ...set,
    'answered',
    'loaded:1795349998',
    'changed:1795341513',
    'file:\tusepam yes',
    'end',
  );
const safe = [
  'set:permitrootlogin without-password',
  'set:passwordauthentication yes',
  'set:kbdinteractiveauthentication no',
  'set:usepam yes',
  'set:permitemptypasswords no',
  'set:maxauthtries 4',
];
const pam = lines(
  'uid:0',
  'pam:sshd\tauth\trequired\tpam_faillock.so\t preauth deny=5',
  'pam:sshd\tauth\tsufficient\tpam_unix.so\t',
  'pam:sshd\tauth\t[default=die]\tpam_faillock.so\t authfail deny=5',
  'tmout:600',
  'end',
);

const logins = (changes: Record<string, string>, says: Verdict): Scene => ({
  check: loginCheck,
  parameters: {
    forbid: ['root-password', 'empty-passwords'],
    services: { forbid: ['telnet', 'rsh'], explain: ['web-console'] },
    maxAuthTries: 5,
    lockoutAfter: 5,
    idleSeconds: 900,
  },
  outputs: {
    ...usual,
    sshd: settings(...safe),
    listening: lines('uid:0', 'socket:0.0.0.0:22 sshd', 'socket:0.0.0.0:514 rsyslogd', 'end'),
    'login-limits': pam,
    ...changes,
  },
  says,
});

const open = safe.map((line) => line.replace('without-password', 'yes'));

testScenes({
  'declared administrators only': rights({ 'account-use': usual['account-use'].replace('20500', '20510') }, 'met'),
  'a vendor may do all': rights(
    {
      shadow: usual.shadow.replace('isv:locked', 'isv:set'),
      sudo: usual.sudo.replace('grant:0:1:isv ALL', 'grant:1:1:isv ALL'),
      'account-use': usual['account-use'].replace('20500', '20510'),
    },
    'unmet',
  ),
  'a twin of root': rights(
    {
      accounts: usual.accounts.replace('group:wheel', 'account:toor:0:0:set:/bin/sh\ngroup:wheel'),
      'account-use': usual['account-use'].replace('20500', '20510'),
    },
    'unmet',
  ),
  'an old password': rights({ 'account-use': usual['account-use'].replace('20500', '20400') }, 'unmet'),
  'an unused account': rights(
    { 'account-use': usual['account-use'].replace('20500', '20510').replace('2026-Feb', '2025-Feb') },
    'unproven',
  ),
  'safe settings': logins({}, 'met'),
  'root by password': logins(
    { sshd: settings(...open), shadow: usual.shadow.replace('root:locked', 'root:set') },
    'unmet',
  ),
  'root by password, which is locked': logins({ sshd: settings(...open) }, 'met'),
  'a Match block decides': logins(
    { sshd: settings(...safe).replace('end\n', 'file:address 10.0.0.0/8\tpermitrootlogin yes\nend\n') },
    'unproven',
  ),
  telnet: logins({ listening: lines('uid:0', 'socket:0.0.0.0:22 sshd', 'socket:*:23 in.telnetd', 'end') }, 'unmet'),
  'no service': logins({ sshd: lines('uid:0', 'all-seen', 'no-sshd', 'end'), listening: lines('uid:0', 'end') }, 'met'),
  'nothing locks': logins(
    { 'login-limits': lines('uid:0', 'pam:sshd\tauth\trequired\tpam_unix.so\t', 'tmout:600', 'end') },
    'unmet',
  ),
});
