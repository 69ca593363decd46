import { describe, expect, test } from 'vitest';
import type { SshHome } from '../src/collectors/transports/ssh-files.ts';
import { entranceTo, routeTo } from '../src/collectors/transports/ssh-route.ts';
import { declaredTargets, platformSchema } from '../src/platform.ts';
import { declarationOf } from '../src/platform-declaration.ts';
import { platformOf } from './support/tools.ts';

const problems = (file: object): string[] => {
  const read = platformSchema.safeParse({
    profile: 'natural-system-security',
    unit: { name: '示例', creditCode: '91370200MA3C00000X' },
    platform: { name: '平台', mode: 'self-use', since: '2025-01-01' },
    ...file,
  });
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message.split(' | ').at(-1)}`);
};
const host = (ssh: object, more: object = {}) => ({
  name: 'app-1',
  address: '192.0.2.7',
  transport: 'ssh',
  ssh,
  ...more,
});

describe('the ssh settings of a host', () => {
  test.each<[string, object, string[]]>([
    ['none', { hosts: [host({})] }, []],
    [
      'all',
      {
        hosts: [
          host({
            user: 'ops',
            port: 2222,
            keyFile: '~/.ssh/k',
            login: 'key',
            password: { env: 'PASS' },
            fingerprint: `SHA256:${'a'.repeat(43)}`,
          }),
        ],
      },
      [],
    ],
    [
      'a fingerprint in the old form',
      { hosts: [host({ fingerprint: 'MD5:aa:bb' })] },
      ['hosts.0.ssh.fingerprint: must be a fingerprint written SHA256:…'],
    ],
    [
      'a jump host that is not declared',
      { hosts: [host({ jump: 'bastion' })] },
      ['hosts.0.ssh.jump: there is no host or jump host named "bastion"'],
    ],
    [
      'a jump over itself',
      { hosts: [host({ jump: 'app-1' })] },
      ['hosts.0.ssh.jump: the jump host "app-1" leads back to itself'],
    ],
    [
      'jumps in a circle',
      {
        hosts: [host({ jump: 'a' })],
        jumpHosts: [
          { name: 'a', address: '192.0.2.1', ssh: { jump: 'b' } },
          { name: 'b', address: '192.0.2.2', ssh: { jump: 'a' } },
        ],
      },
      [
        'hosts.0.ssh.jump: the jump host "a" leads back to itself',
        'jumpHosts.0.ssh.jump: the jump host "a" leads back to itself',
        'jumpHosts.1.ssh.jump: the jump host "b" leads back to itself',
      ],
    ],
    [
      'two jump hosts of one name',
      {
        jumpHosts: [
          { name: 'a', address: '192.0.2.1' },
          { name: 'a', address: '192.0.2.2' },
        ],
      },
      ['jumpHosts.1: "a" stands twice; names must be unique'],
    ],
  ])('%s', (_, file, expected) => {
    expect(problems(file)).toEqual(expected);
  });

  test('never hold a password, and do not show one that was written there', () => {
    const said = problems({ hosts: [host({ password: 'hunter2' })] });
    expect(said).toHaveLength(1);
    expect(said.join()).not.toContain('hunter2');
  });

  test('stay out of the evidence; jump hosts may be contacted', () => {
    const platform = platformOf({
      hosts: [host({ user: 'ops', keyFile: '/home/ops/key', jump: 'bastion' })],
      jumpHosts: [{ name: 'bastion', address: '192.0.2.1' }],
    });
    expect(JSON.stringify(declarationOf(platform))).not.toMatch(/ops|key|bastion/);
    expect(declaredTargets(platform)).toEqual(['192.0.2.7', '192.0.2.1']);
  });
});

describe('the way to a host', () => {
  const home = (configuration = ''): SshHome => ({ folder: '/home/me', user: 'me', configuration, knownHosts: [] });
  const wayOf = (file: object, configuration?: string) => {
    const platform = platformOf(file, '/platforms');
    const [first] = platform.hosts;
    if (!first) throw new Error('no host');
    return routeTo(platform, first, home(configuration)).map(({ name, address, port, user, keys }) => ({
      at: `${name} ${user}@${address}:${port}`,
      keys: keys.files,
    }));
  };

  const entranceOf = (file: object, configuration?: string): string | undefined => {
    const platform = platformOf(file, '/platforms');
    const [first] = platform.hosts;
    if (!first) throw new Error('no host');
    return entranceTo(platform, first, home(configuration));
  };

  test('takes what ssh would take where nothing is declared', () => {
    expect(wayOf({ hosts: [host({})] })).toEqual([
      {
        at: 'app-1 me@192.0.2.7:22',
        keys: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => `/home/me/.ssh/${name}`),
      },
    ]);
  });

  test('puts the platform file before the client configuration', () => {
    const configuration = 'Host 192.0.2.*\n User them\n Port 2200\n IdentityFile ~/.ssh/theirs\n';
    expect(wayOf({ hosts: [host({ user: 'ops', keyFile: 'keys/ops' })] }, configuration)).toEqual([
      { at: 'app-1 ops@192.0.2.7:2200', keys: ['/platforms/keys/ops'] },
    ]);
    expect(wayOf({ hosts: [host({})] }, configuration)).toEqual([
      { at: 'app-1 them@192.0.2.7:2200', keys: ['/home/me/.ssh/theirs'] },
    ]);
  });

  test('leads over every jump host, nearest first', () => {
    const jumpHosts = [
      { name: 'inner', address: '192.0.2.2', ssh: { jump: 'outer' } },
      { name: 'outer', address: '192.0.2.1' },
    ];
    const names = (way: { at: string }[]) => way.map(({ at }) => at.split(' ')[0]);
    expect(names(wayOf({ hosts: [host({ jump: 'inner' })], jumpHosts }))).toEqual(['outer', 'inner', 'app-1']);
    const byConfiguration = 'Host 192.0.2.7\n ProxyJump ops@192.0.2.1:2222,inner\n';
    const flat = [
      { name: 'inner', address: '192.0.2.2' },
      { name: 'outer', address: '192.0.2.1' },
    ];
    expect(names(wayOf({ hosts: [host({})], jumpHosts: flat }, byConfiguration))).toEqual(['outer', 'inner', 'app-1']);
  });

  test('is entered by its first jump host, if it has one', () => {
    const jumpHosts = [
      { name: 'inner', address: '192.0.2.2', ssh: { jump: 'outer' } },
      { name: 'outer', address: '192.0.2.1' },
    ];
    expect(entranceOf({ hosts: [host({ jump: 'inner' })], jumpHosts })).toBe('outer');
    expect(entranceOf({ hosts: [host({})], jumpHosts })).toBeUndefined();
    expect(entranceOf({ hosts: [host({})], jumpHosts }, 'Host 192.0.2.7\n ProxyJump 192.0.2.1\n')).toBe('outer');
    expect(entranceOf({ hosts: [host({})] }, 'Host *\n ProxyJump undeclared\n')).toBeUndefined();
  });

  test('that leads in a circle by the configuration ends', () => {
    expect(() =>
      wayOf({ hosts: [host({})], jumpHosts: [{ name: 'a', address: '192.0.2.1' }] }, 'Host *\n ProxyJump a\n'),
    ).toThrow(/circle/);
  });
});
