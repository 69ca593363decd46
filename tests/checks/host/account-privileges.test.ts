import { check } from '../../../checks/host/account-privileges.ts';
import type { AccountState, Accounts } from '../../../src/evidence/host/accounts.ts';
import type { Account, Administration, Grant, Key } from '../../../src/evidence/host/administration.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';

const fingerprint = (letter: string): string => `SHA256:${letter.repeat(43)}`;
const key = (letter: string, value: Partial<Key> = {}): Key => ({
  fingerprint: fingerprint(letter),
  type: 'ssh-ed25519',
  authority: false,
  ...value,
});
const account = (name: string, uid: number, value: Partial<Account> = {}): Account => ({
  name,
  uid,
  shell: true,
  password: 'set',
  privileges: uid === 0 ? ['root'] : [],
  keys: [],
  ...value,
});
const rule = (who: string, accounts: string[], value: Partial<Grant> = {}): Grant => ({
  who,
  accounts,
  anyCommand: true,
  withoutPassword: false,
  ...value,
});

const administration = (accounts: Account[], grants: Grant[] = [], value: Partial<Administration> = {}) =>
  seen('administration', {
    accounts,
    otherAccounts: 20,
    grants,
    agents: [],
    logins: [],
    directories: [],
    keySources: [],
    unread: [],
    ...value,
  });

const use = (states: Partial<AccountState>[], unread: Accounts['unread'] = []) =>
  seen('accounts', {
    accounts: states.map((state) => ({ name: 'ops', uid: 1000, system: false, password: 'set' as const, ...state })),
    unread,
  });

const platform = [
  seen(
    'platform',
    declaration({
      administrators: [
        { account: 'root', party: 'unit', keys: [fingerprint('a')] },
        { account: 'ops', party: 'unit', keys: [fingerprint('b'), fingerprint('c')] },
        { account: 'isv', party: 'vendor', keys: [fingerprint('v')] },
      ],
    }),
    { subject: '示例直连平台' },
  ),
];

const root = account('root', 0, { password: 'locked', keys: [key('a')] });
const ops = account('ops', 1000, { privileges: ['sudo'] });
const isv = account('isv', 1001, { privileges: ['sudo'] });
const clerk = account('clerk', 1002);
const wheel = rule('%wheel', ['ops']);

const own = { platform, administration: [administration([root, ops, clerk], [wheel])] };
const vendor = (grants: Grant[], value: Partial<Account> = {}, rest: Partial<Administration> = {}) => ({
  platform,
  administration: [administration([root, { ...isv, ...value }], grants, rest)],
});
const onHost = (accounts: Account[], grants: Grant[] = [], rest: Partial<Administration> = {}) => ({
  platform,
  administration: [administration(accounts, grants, rest)],
});

const asked = {
  administrators: ['unit', 'related'],
  forbid: ['root-twins', 'empty-passwords', 'everybody-root', 'passwordless-root', 'system-logins', 'shared-accounts'],
};
const usual = { parameters: { administrators: ['unit', 'related'] } };
const idle = { parameters: { administrators: ['unit', 'related'], maxIdleDays: 90 } };
const aged = { parameters: { administrators: ['unit', 'related'], maxPasswordDays: 90 } };

testCheck(check, asked, '2026-03-01', {
  met: {
    'root and one administrator': { ...own, accounts: [use([{}])], says: 'bounded' },
    'a vendor with named commands': { ...vendor([rule('isv', ['isv'], { anyCommand: false })]), ...usual },
    'a vendor that runs commands as others': { ...vendor([rule('isv', ['isv'], { notRoot: true })]), ...usual },
    'a vendor’s locked account': { ...vendor([rule('isv', ['isv'])], { password: 'locked' }), ...usual },
    'a vendor, where vendors may': {
      ...vendor([rule('isv', ['isv'])]),
      parameters: { administrators: ['unit', 'vendor'] },
    },
    'a twin of root that nobody can use': {
      ...onHost([root, account('halt', 0, { shell: false, password: 'locked' })]),
      parameters: { ...usual.parameters, forbid: ['root-twins'] },
    },
    'nobody can become root': { ...onHost([account('root', 0, { password: 'locked' }), clerk]), ...usual },
    'logged in lately': { ...own, accounts: [use([{ lastLogin: '2025-12-01' }])], ...idle },
    'a new account that nobody used yet': {
      ...own,
      accounts: [use([{ neverLoggedIn: true, passwordChanged: '2026-02-20' }])],
      ...idle,
    },
    'passwords change': { ...own, accounts: [use([{ passwordChanged: '2026-01-10', maxDays: 90 }])], ...aged },
  },
  unmet: {
    'a vendor with any command': { ...vendor([rule('isv', ['isv'])]), ...usual, says: 'outsideRoot' },
    'a vendor in a group that is as good as root': {
      ...vendor([], { privileges: ['group'] }),
      ...usual,
    },
    'a vendor’s key on root': {
      ...onHost([account('root', 0, { password: 'locked', keys: [key('a'), key('v')] })]),
      ...usual,
      says: 'outsideRoot',
    },
    'a twin of root': { ...onHost([root, account('toor', 0)]), accounts: [use([])], says: ['fault', 'undeclared'] },
    'an empty password': { ...onHost([root, account('clerk', 1002, { password: 'empty' })]), accounts: [use([])] },
    'everybody may': { ...onHost([root, ops], [rule('ALL', ['root', 'ops'])]), accounts: [use([])] },
    'without a password': {
      ...onHost([root, ops], [rule('ops', ['ops'], { withoutPassword: true })]),
      accounts: [use([])],
    },
    'a system account with a password': {
      ...onHost([root, account('oracle', 54)]),
      accounts: [use([{ name: 'oracle', uid: 54, system: true }])],
      says: 'fault',
    },
    'an old password': {
      ...own,
      accounts: [use([{ passwordChanged: '2025-11-30', maxDays: 90 }])],
      ...aged,
      says: 'stalePasswords',
    },
    'a password for ever': { ...own, accounts: [use([{ passwordChanged: '2026-02-01' }])], ...aged },
  },
  unproven: {
    'a vendor’s rule that may lead to more': {
      ...vendor([rule('isv', ['isv'], { anyCommand: false, openCommand: true })]),
      ...usual,
      says: 'outsideUnclear',
    },
    'a vendor’s key on root for one command': {
      ...onHost([account('root', 0, { password: 'locked', keys: [key('a'), key('v', { bounds: ['command'] })] })]),
      ...usual,
      says: 'outsideUnclear',
    },
    'a vendor whose password was not seen': {
      ...vendor([rule('isv', ['isv'])], { password: 'unknown' }, { unread: ['shadow'] }),
      ...usual,
      says: ['outsideUnclear', 'unread'],
    },
    'a vendor, where rules were not read in full': {
      ...vendor([rule('isv', ['isv'])], {}, { unread: ['sudoers'] }),
      ...usual,
    },
    'faults in a list that was cut': {
      ...onHost([root, account('toor', 0)], [], { unread: ['accounts'] }),
      accounts: [use([])],
      says: 'unread',
    },
    'an undeclared account': {
      ...onHost([root, account('guest', 1003)], [rule('guest', ['guest'])]),
      ...usual,
      says: 'undeclared',
    },
    'an undeclared key on a declared account': {
      ...onHost([account('root', 0, { keys: [key('a'), key('x')] })]),
      ...usual,
      says: 'undeclared',
    },
    'nobody is declared': {
      platform: [seen('platform', declaration(), { subject: '示例直连平台' })],
      administration: own.administration,
      ...usual,
    },
    'a rule for somebody who is not listed': {
      ...onHost([root], [{ who: '+admins', anyCommand: true, withoutPassword: false }]),
      ...usual,
      says: 'unresolved',
    },
    'two keys open one account': {
      ...onHost([root, { ...ops, keys: [key('b'), key('c')] }]),
      accounts: [use([{}])],
      says: 'perhapsShared',
    },
    'long unused': { ...own, accounts: [use([{ lastLogin: '2025-11-30' }])], ...idle, says: 'idle' },
    'never used': { ...own, accounts: [use([{ neverLoggedIn: true, passwordChanged: '2024-01-01' }])], ...idle },
    'last logins are not recorded': { ...own, accounts: [use([{}], ['last-logins'])], ...idle, says: 'unread' },
    'ages of passwords were not read': { ...own, accounts: [use([{}], ['shadow'])], ...aged },
    'no evidence of use': { ...own, ...idle, says: 'unusedUnknown' },
    'accounts of a directory': {
      ...onHost([root, ops], [wheel], { directories: ['sss'] }),
      ...usual,
      says: 'directory',
    },
    'keys from elsewhere': {
      ...onHost([root], [], { keySources: ['authorizedkeyscommand /usr/bin/eic_run'] }),
      ...usual,
      says: 'keySource',
    },
    'no host': { platform, says: 'noHost' },
  },
});
