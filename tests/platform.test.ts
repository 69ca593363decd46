import { describe, expect, test } from 'vitest';
import { declaredTargets, pathFrom, readPlatform } from '../src/platform.ts';
import { declarationOf } from '../src/platform-declaration.ts';
import { complaints, inFolder } from './support/folder.ts';

const lines = [
  'profile: qingdao-joint-use',
  'unit: { name: 某公司, creditCode: 91370200MA3EXMPL6T }',
  'platform: { name: 平台, mode: joint-use, since: 2023-07-01 }',
  'hosts:',
  '  - name: app-1',
  '    address: 10.1.2.3',
  '    since: 2024-01-01',
  '  - name: app-2',
  '    address: app-2.example',
  'endpoints:',
  '  - address: 203.0.113.24',
  '    port: 8443',
  '    direction: inbound',
  '    serverName: platform.example',
  '    authority: tls/ca.pem',
  'facts:',
  '  - { name: paid-in-capital, amount: 2000, unit: 万元 }',
];

/** The platform file, with lines (numbered from 1) replaced. */
function platform(changes: Readonly<Record<number, string>> = {}): string {
  return `${lines.map((line, index) => changes[index + 1] ?? line).join('\n')}\n`;
}

const complaintsOn = (changes: Readonly<Record<number, string>>) =>
  complaints({ 'platform.yaml': platform(changes) }, readPlatform);

test('two names at one port of an address: the second would never be asked', async () => {
  const again = (name: string): string =>
    [...lines.slice(9, 15), ...lines.slice(10, 15)].join('\n').replace(/(.*)platform\.example/s, `$1${name}`);
  const both = (name: string) => complaintsOn({ 10: again(name), 11: '', 12: '', 13: '', 14: '', 15: '' });
  expect(await both('platform.example')).toEqual({ zh: [], en: [] });
  expect((await both('other.example')).en).toEqual([expect.stringContaining('203.0.113.24:8443 stands there already')]);
});

describe('a platform file that is right', () => {
  test('is read with defaults and the folder that its paths start from', async () => {
    await inFolder({ 'platform.yaml': platform() }, async (at) => {
      const read = await readPlatform(at('platform.yaml'));
      expect(read).toMatchObject({
        occasion: 'renewal',
        timeZone: 'Asia/Shanghai',
        zone: 'default',
        limits: { ports: '1-65535', rate: 5000 },
        hosts: [{ name: 'app-1', transport: 'local', sudo: false, logs: [] }, { name: 'app-2' }],
        endpoints: [{ protocol: 'https', environment: 'production' }],
        facts: [{ amount: '2000' }],
      });
      expect(pathFrom(read, 'tls/ca.pem')).toBe(at('tls/ca.pem'));
      expect(declaredTargets(read)).toEqual(['10.1.2.3', 'app-2.example', '203.0.113.24']);
    });
  });

  test('becomes a declaration without any path', async () => {
    const declared = await inFolder({ 'platform.yaml': platform() }, async (at) =>
      declarationOf(await readPlatform(at('platform.yaml'))),
    );
    expect(declared).toMatchObject({
      name: '平台',
      mode: 'joint-use',
      since: '2023-07-01',
      hosts: [{ name: 'app-1', addresses: ['10.1.2.3'], since: '2024-01-01' }, { name: 'app-2' }],
    });
    expect(JSON.stringify(declared)).not.toMatch(/ca\.pem/);
  });

  test.each(['10.1.2.3', '2001:db8::7', 'app-2.example', 'db', 'node7.rack-3.example'])(
    '%s is an address',
    async (address) => {
      expect(await complaintsOn({ 6: `    address: '${address}'` })).toEqual({ zh: [], en: [] });
    },
  );
});

test.each(['223.5.5.5', '2400:3200::1', '10.0.0.53:5353', '[fd00::53]:5353'])('%s is a resolver', async (resolver) => {
  await inFolder({ 'platform.yaml': platform({ 1: `${lines[0]}\nresolvers: ['${resolver}']` }) }, async (at) => {
    expect(await readPlatform(at('platform.yaml'))).toMatchObject({ resolvers: [resolver] });
  });
});

test('lists with nothing but comments below them are empty', async () => {
  const text = `${lines.slice(0, 3).join('\n')}\nfacts:\n  # - { name: a }\nledgers:\nstatements:\n`;
  await inFolder({ 'platform.yaml': text }, async (at) => {
    expect(await readPlatform(at('platform.yaml'))).toMatchObject({ facts: [], ledgers: [], statements: [] });
  });
});

test('a word may be a number', async () => {
  const facts = '  - { name: grade, text: 3 }\n  - { name: years, list: [2024, 是] }';
  await inFolder({ 'platform.yaml': platform({ 17: facts }) }, async (at) => {
    const read = await readPlatform(at('platform.yaml'));
    expect(read.facts).toEqual([
      { name: 'grade', text: '3' },
      { name: 'years', list: ['2024', '是'] },
    ]);
  });
});

describe('what is wrong is named by line, column and key, with exit status 2', () => {
  const cases: Readonly<Record<string, readonly [Readonly<Record<number, string>>, string]>> = {
    'a port above 65535': [
      { 12: '    port: 70000' },
      'platform.yaml:12:5  endpoints[0].port: Too big: expected number to be <=65535',
    ],
    'a port of zero': [
      { 12: '    port: 0' },
      'platform.yaml:12:5  endpoints[0].port: Too small: expected number to be >=1',
    ],
    'a port in words': [
      { 12: '    port: https' },
      'platform.yaml:12:5  endpoints[0].port: Invalid input: expected number, received string',
    ],
    'a day that does not exist': [
      { 3: 'platform: { name: 平台, mode: joint-use, since: 2026-02-30 }' },
      'platform.yaml:3:40  platform.since: not a date that exists, written YYYY-MM-DD',
    ],
    'a key that there is not': [
      { 7: '    sinse: 2024-01-01' },
      'platform.yaml:7:5  hosts[0].sinse: there is no such key; there are: name, address, transport, ssh, sudo, since, logs, application, containers, data, backups, connector',
    ],
    'an address with an octet above 255': [
      { 11: '  - address: 300.1.1.1' },
      'platform.yaml:11:5  endpoints[0].address: Invalid IPv4 address',
    ],
    'an address in a spelling that only resolvers read': [
      { 6: '    address: 0x7f.1' },
      'platform.yaml:6:5  hosts[0].address: Invalid IPv4 address',
    ],
    'a resolver by name': [
      { 1: `${lines[0]}\nresolvers: [223.5.5.5, dns.example]` },
      'platform.yaml:2:24  resolvers[1]: must be an IP address, a port may follow',
    ],
    'a resolver at no port': [
      { 1: `${lines[0]}\nresolvers: ['10.0.0.53:0']` },
      'platform.yaml:2:13  resolvers[0]: must be an IP address, a port may follow',
    ],
    'a resolver with an octet above 255': [
      { 1: `${lines[0]}\nresolvers: ['300.1.1.1:53']` },
      'platform.yaml:2:13  resolvers[0]: must be an IP address, a port may follow',
    ],
    'a number for a server name': [
      { 14: "    serverName: '10.90.661.910'" },
      'platform.yaml:14:5  endpoints[0].serverName: not a host name',
    ],
    'a service that cannot be asked for TLS': [
      { 14: '    startTls: ldap' },
      'platform.yaml:14:5  endpoints[0].startTls: Invalid option: expected one of "postgresql"|"mysql"|"smtp"',
    ],
    'two hosts of one name': [
      { 8: '  - name: app-1' },
      'platform.yaml:8:5  hosts[1]: "app-1" stands twice; names must be unique',
    ],
    'two facts of one name': [
      { 17: `${lines[16]}\n  - { name: paid-in-capital, date: 2024-01-01 }` },
      'platform.yaml:18:5  facts[1]: "paid-in-capital" stands twice; names must be unique',
    ],
    'a mode that there is not': [
      { 3: 'platform: { name: 平台, mode: shared, since: 2023-07-01 }' },
      'platform.yaml:3:23  platform.mode: Invalid option: expected one of "self-use"|"joint-use"|"other-use"',
    ],
    'a time zone that there is not': [
      { 1: `${lines[0]}\ntimeZone: Asia/Qingdao` },
      'platform.yaml:2:1  timeZone: not an IANA time zone such as Asia/Shanghai',
    ],
    'an amount that has lost digits': [
      { 17: '  - { name: paid-in-capital, amount: 12345678901234567890, unit: 元 }' },
      'platform.yaml:17:30  facts[0].amount: Too big: expected number to be <=9007199254740991',
    ],
    'a fraction that has lost digits': [
      { 17: '  - { name: paid-in-capital, amount: 12345678901234.567, unit: 元 }' },
      'platform.yaml:17:30  facts[0].amount: quote a number of more than 15 digits',
    ],
    'a relative path of a log': [
      { 7: '    logs: [{ of: application, path: logs }]' },
      'platform.yaml:7:31  hosts[0].logs[0].path: must be an absolute path',
    ],
    'a form of time that says no day': [
      { 7: '    logs: [{ of: application, path: /logs, time: { format: HH:mm:ss } }]' },
      'platform.yaml:7:52  hosts[0].logs[0].time.format: no form of time that is known, such as iso8601, yyyy-MM-dd HH:mm:ss,SSS or %d/%b/%Y',
    ],
    'a container’s name that is none': [
      { 7: '    containers: [{ name: "app;x" }]' },
      'platform.yaml:7:20  hosts[0].containers[0].name: not a container name or a pattern of them',
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [changes, expected]) => {
    const { zh, en, exitCode } = await complaintsOn(changes);
    expect(en).toEqual([expected]);
    expect(zh).toEqual([expect.stringMatching(/\p{Script=Han}/u)]);
    expect(exitCode).toBe(2);
  });

  test('all at once', async () => {
    const { en } = await complaintsOn({
      3: 'platform: { name: 平台, mode: joint-use, since: 2026-02-30 }',
      7: '    sinse: 2024-01-01',
      11: '  - address: 300.1.1.1',
      12: '    port: 70000',
    });
    expect(en.map((line) => Number(line.split(':')[1])).toSorted((a, b) => a - b)).toEqual([3, 7, 11, 12]);
  });
});
