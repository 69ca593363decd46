import { check } from '../../../checks/host/hosting-party.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import type { Account, Administration, Agent } from '../../../src/evidence/host/administration.ts';
import type { Hosting } from '../../../src/evidence/host/hosting.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fingerprint = (letter: string) => `SHA256:${letter.repeat(43)}`;
const key = (letter: string) => ({ fingerprint: fingerprint(letter), type: 'ssh-ed25519', authority: false });

const account = (name: string, value: Partial<Account> = {}): Account => ({
  name,
  uid: 1000,
  shell: true,
  password: 'set',
  privileges: [],
  keys: [],
  ...value,
});
const root = account('root', { uid: 0, password: 'locked', privileges: ['root'] });
const admin = account('lq-admin', { privileges: ['sudo'], keys: [key('A')] });

const agent = (name: string, abilities: Agent['abilities'] = ['runs-commands']): Agent => ({
  name,
  title: { zh: `${name} 代理`, en: `${name} agent` },
  vendor: 'vendor',
  abilities,
  signs: [`process ${name}`],
});

const host = (value: Partial<Administration> = {}, subject = 'app-1') =>
  seen(
    'administration',
    {
      accounts: [root, admin],
      otherAccounts: 20,
      grants: [{ who: 'lq-admin', accounts: ['lq-admin'], anyCommand: true, withoutPassword: false }],
      agents: [],
      logins: [{ account: 'lq-admin', from: '10.1.0.9', count: 3, last: '2026-02-27T01:00:00Z' }],
      directories: [],
      keySources: [],
      unread: [],
      ...value,
    },
    { subject },
  );

const place = (value: Partial<Hosting> = {}, subject = 'app-1') =>
  seen('hosting', { machine: 'physical', maker: 'Inspur', signs: [], ...value }, { subject });

const platform = (
  administrators: PlatformDeclaration['administrators'] = [
    { account: 'lq-admin', party: 'unit', keys: [fingerprint('A')] },
  ],
  agents: PlatformDeclaration['agents'] = [],
) =>
  seen(
    'platform',
    {
      name: '乐企直连平台',
      mode: 'self-use',
      since: '2025-01-01',
      timeZone: 'Asia/Shanghai',
      unit: { name: '示例公司', creditCode: '91370200MA00000000' },
      hosts: [],
      endpoints: [],
      stores: [],
      administrators,
      agents,
    },
    { subject: '乐企直连平台' },
  );

const unit = { account: 'lq-admin', party: 'unit' as const, keys: [fingerprint('A')] };
const vendor = { account: 'isv', party: 'vendor' as const, keys: [fingerprint('V')] };
const related = { account: 'group-it', party: 'related' as const, keys: [] };

const ifCommitted = { allow: ['unit'], when: { fact: 'committed', in: ['是'] } };
const committed = (said: string) =>
  seen('facts', { name: 'committed', value: { type: 'text', text: said }, declared: said }, { subject: 'committed' });

testCheck(check, { allow: ['unit'] }, '2026-03-01', {
  met: {
    'the commitment was given': {
      parameters: ifCommitted,
      administration: [host()],
      hosting: [place()],
      facts: [committed('是')],
      platform: [platform()],
    },
    'own people on own hardware': {
      administration: [host()],
      hosting: [place()],
      platform: [platform()],
      says: 'ownAdministration',
    },
    'a cloud counts neither way': {
      administration: [host({ agents: [agent('aliyun-assist'), agent('cloud-init')] })],
      hosting: [place({ machine: 'virtual', hypervisor: 'kvm', maker: 'Alibaba Cloud', cloud: 'aliyun' })],
      platform: [
        platform(
          [unit],
          [
            { name: 'aliyun-assist', operator: 'unit' },
            { name: 'CLOUD-INIT 代理', operator: 'unit' },
          ],
        ),
      ],
    },
    'a related company administers where the profile allows it': {
      administration: [host({ accounts: [root, account('group-it', { privileges: ['sudo'] })], logins: [] })],
      hosting: [place()],
      platform: [platform([related])],
      parameters: { allow: ['unit', 'related'] },
    },
    'a declared key in another declared account': {
      administration: [
        host({ accounts: [account('root', { uid: 0, privileges: ['root'], keys: [key('A')] }), admin] }),
      ],
      hosting: [place()],
      platform: [platform([unit, { account: 'root', party: 'unit', keys: [] }])],
    },
    'a vendor’s account without rights that nobody can use': {
      administration: [host({ accounts: [root, admin, account('isv', { password: 'locked' })] })],
      hosting: [place()],
      platform: [platform([unit, vendor])],
    },
  },
  unmet: {
    'a vendor with sudo': {
      administration: [host({ accounts: [root, admin, account('isv', { privileges: ['sudo'] })] })],
      hosting: [place()],
      platform: [platform([unit, vendor])],
      says: 'outsideAdministers',
    },
    'a vendor’s key opens root': {
      administration: [
        host({ accounts: [account('root', { uid: 0, privileges: ['root'], keys: [key('V')] }), admin] }),
      ],
      hosting: [place()],
      platform: [platform([unit, vendor, { account: 'root', party: 'unit', keys: [] }])],
      says: 'outsideAdministers',
    },
    'one account that unit and vendor share counts as the vendor’s': {
      administration: [host()],
      hosting: [place()],
      platform: [platform([unit, { account: 'lq-admin', party: 'vendor', keys: [] }])],
      says: 'outsideAdministers',
    },
    'a related company where only the unit may': {
      administration: [host({ accounts: [root, admin, account('group-it', { privileges: ['sudo'] })] })],
      hosting: [place()],
      platform: [platform([unit, related])],
      says: 'outsideAdministers',
    },
    'a remote-control agent that a vendor operates, with no administrator declared': {
      administration: [host({ agents: [agent('sunlogin', ['remote-desktop'])] })],
      hosting: [place()],
      platform: [platform([], [{ name: 'Sunlogin', operator: 'vendor' }])],
      says: ['outsideAgent', 'noAdministrators'],
    },
    'one host of two': {
      administration: [host(), host({ accounts: [root, account('isv', { privileges: ['group'] })] }, 'app-2')],
      hosting: [place(), place({}, 'app-2')],
      platform: [platform([unit, vendor])],
      says: ['ownAdministration', 'outsideAdministers'],
    },
  },
  unproven: {
    'whether it binds is not declared': {
      parameters: ifCommitted,
      administration: [host()],
      hosting: [place()],
      platform: [platform()],
      says: 'conditionUnknown',
    },
    'an undeclared account with rights and a key': {
      administration: [
        host({
          accounts: [root, admin, account('ops', { privileges: ['sudo'], password: 'locked', keys: [key('X')] })],
        }),
      ],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAdministers',
    },
    'an undeclared root that is logged in to': {
      administration: [
        host({
          accounts: [{ ...root, password: 'set' }, admin],
          logins: [{ account: 'root', from: '203.0.113.7', count: 2 }],
        }),
      ],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAdministers',
    },
    'no administrator declared': {
      administration: [host({ accounts: [root, { ...admin, keys: [key('X')] }] })],
      hosting: [place()],
      platform: [platform([])],
      says: 'noAdministrators',
    },
    'an undeclared account without rights': {
      administration: [host({ accounts: [root, admin, account('oracle')] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAccounts',
    },
    'an undeclared root with a password that nobody used': {
      administration: [host({ accounts: [{ ...root, password: 'set' }, admin] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAccounts',
    },
    'an undeclared root that only declared keys open': {
      administration: [
        host({
          accounts: [{ ...root, keys: [key('A')] }, admin],
          logins: [{ account: 'root', from: '10.1.0.9', count: 1 }],
        }),
      ],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAccounts',
    },
    'an undeclared account whose password state is not known': {
      administration: [host({ accounts: [root, admin, account('x', { password: 'unknown' })] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAccounts',
    },
    'many undeclared accounts are not all listed': {
      administration: [
        host({ accounts: [root, admin, ...Array.from({ length: 40 }, (_, index) => account(`user${index}`))] }),
      ],
      hosting: [place()],
      platform: [platform()],
    },
    'a key that is not declared for a declared account': {
      administration: [host({ accounts: [root, { ...admin, keys: [key('A'), key('X')] }] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredKeys',
    },
    'a sudo rule for an account that cannot log in': {
      administration: [
        host({
          accounts: [root, admin, account('zabbix', { shell: false, password: 'locked', privileges: ['sudo'] })],
        }),
      ],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredGrants',
    },
    'a sudo rule for somebody this host does not know': {
      administration: [host({ grants: [{ who: '%:domain admins', anyCommand: true, withoutPassword: false }] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredGrants',
    },
    'an undeclared agent': {
      administration: [host({ agents: [agent('todesk')] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredAgents',
    },
    'a vendor that only watches': {
      administration: [host({ agents: [agent('zabbix-agent', ['monitors'])] })],
      hosting: [place()],
      platform: [platform([unit], [{ name: 'zabbix-agent', operator: 'vendor' }])],
      says: 'outsideWatches',
    },
    'a vendor without rights': {
      administration: [host({ accounts: [root, admin, account('isv')] })],
      hosting: [place()],
      platform: [platform([unit, vendor])],
      says: 'outsidePresent',
    },
    'a vendor with rights whose account is locked': {
      administration: [host({ accounts: [root, admin, account('isv', { password: 'locked', privileges: ['sudo'] })] })],
      hosting: [place()],
      platform: [platform([unit, vendor])],
      says: 'outsidePresent',
    },
    'a vendor’s account that is gone but was logged in to': {
      administration: [host({ logins: [{ account: 'isv', from: '203.0.113.9', count: 1 }] })],
      hosting: [place()],
      platform: [platform([unit, vendor])],
      says: 'outsidePresent',
    },
    'an account that is gone but was logged in to': {
      administration: [host({ logins: [{ account: 'setup', from: '203.0.113.9', count: 1 }] })],
      hosting: [place()],
      platform: [platform()],
      says: 'undeclaredLogins',
    },
    'without root': {
      administration: [host({ unread: ['shadow', 'sudoers', 'authorized-keys'] })],
      hosting: [place()],
      platform: [platform()],
      says: 'unread',
    },
    'accounts from a directory': {
      administration: [host({ directories: ['sss'] })],
      hosting: [place()],
      platform: [platform()],
      says: 'directory',
    },
    'keys from a command': {
      administration: [host({ keySources: ['authorizedkeyscommand /usr/bin/google_authorized_keys'] })],
      hosting: [place()],
      platform: [platform()],
      says: 'keySource',
    },
    'a container': {
      administration: [host()],
      hosting: [place({ machine: 'virtual', container: 'docker' })],
      platform: [platform()],
      says: 'container',
    },
    'where it runs was not seen': {
      administration: [host()],
      hosting: [],
      platform: [platform()],
      says: 'placeUnknown',
    },
    'where another host runs says nothing': {
      administration: [host()],
      hosting: [place({}, 'app-2')],
      platform: [platform()],
      says: 'placeUnknown',
    },
    'the declared administrator is not there': {
      administration: [host({ accounts: [root], grants: [], logins: [] })],
      hosting: [place()],
      platform: [platform()],
      says: 'nobody',
    },
    'no declaration': { administration: [host()], hosting: [place()], platform: [], says: 'noDeclaration' },
    'no host': { administration: [], hosting: [place()], platform: [platform()], says: 'noHost' },
  },
  'not-applicable': {
    'no commitment was given': {
      parameters: ifCommitted,
      administration: [host()],
      facts: [committed('否')],
      platform: [platform()],
      says: 'doesNotBind',
    },
  },
});
