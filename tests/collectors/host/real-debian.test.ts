import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collectors } from '../../../src/collectors/index.ts';
import { type Kind, kinds, type Value } from '../../../src/evidence/kinds.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// What the whole script printed as root in minimal installations made by debootstrap in November 2026, in namespaces of their own with an
// address, an account in group sudo, a running sshd and, on 13, a filter: Debian 11 (OpenSSH 8.4, sudo 1.9.5, rsyslog 8.2102, logrotate
// 3.18) and Debian 13 (OpenSSH 10.0, sudo 1.9.16, nft 1.1.3, no wtmp). Left out: what a reader does not need of long lists of services.

const fixture = z.record(z.string(), z.array(z.string()));

function readerOf(name: string): <K extends Kind>(kind: K) => Value<K> {
  const lines = fixture.parse(JSON.parse(readFileSync(join(packageRoot, `tests/fixtures/hosts/${name}.json`), 'utf8')));
  return <K extends Kind>(kind: K) => {
    const collector = collectors.find((each) => each.kind === kind);
    if (collector?.by !== 'commands') throw new Error(`${kind} is not asked by commands`);
    const outputs = Object.entries(lines).flatMap(([command, each]): [string, string][] =>
      command.startsWith(`${collector.id} `) ? [[command.slice(collector.id.length + 1), each.join('\n')]] : [],
    );
    // The kind's own schema reads it, which the compiler cannot follow.
    return kinds[kind].value.parse(collector.read(transcript(Object.fromEntries(outputs)), localHost())) as Value<K>;
  };
}

describe.each(['debian-11', 'debian-13'])('%s', (name) => {
  const read = readerOf(name);

  test('who may become root', () => {
    const { accounts, grants, unread } = read('administration');
    expect(accounts.map((each) => [each.name, each.password, each.privileges])).toEqual([
      ['root', 'locked', ['root']],
      ['ops', 'set', ['sudo']],
    ]);
    expect(grants.map(({ who, accounts: names, anyCommand }) => [who, names, anyCommand])).toEqual([
      ['%sudo', ['ops'], true],
      ['root', ['root'], true],
    ]);
    expect(unread).toEqual(name === 'debian-11' ? [] : ['logins']);
  });

  test('the use of accounts', () => {
    const { accounts, unread } = read('accounts');
    expect(accounts.find((each) => each.name === 'ops')).toMatchObject({ passwordChanged: '2026-11-22' });
    // Debian 13 has no lastlog(8).
    expect(unread).toEqual(name === 'debian-11' ? [] : ['last-logins']);
  });

  test('an address that ifupdown sets, and the way out', () => {
    const { addresses, configured, egress, unread } = read('interfaces');
    expect(addresses).toContainEqual({ interface: 'd0', address: '192.0.2.5', prefix: 24, dynamic: false });
    expect(configured).toContainEqual(
      expect.objectContaining({ interface: 'd0', method: 'static', addresses: ['192.0.2.5'] }),
    );
    expect(egress).toEqual([{ family: 'ipv4', source: '192.0.2.5', via: '192.0.2.1', interface: 'd0' }]);
    expect(unread).toEqual([]);
  });

  test('the SSH service as it says itself', () => {
    const [server] = read('remoteLogin').servers;
    expect(server).toMatchObject({ running: true, source: 'effective' });
    expect(server?.settings).toMatchObject({ permitrootlogin: ['without-password'], passwordauthentication: ['yes'] });
    expect(read('listeners').sockets).toContainEqual({
      protocol: 'tcp',
      address: '0.0.0.0',
      port: 22,
      program: 'sshd',
    });
  });

  test('the distribution, without lists of packages', () => {
    const { system, metadata, pending } = read('patchState');
    expect(system).toMatchObject({ id: 'debian', version: name.slice(-2) });
    expect([metadata, pending]).toEqual([undefined, 0]);
  });
});

test('Debian 11 has no tool that shows a filter, which is said', () => {
  const { chains, unread } = readerOf('debian-11')('firewall');
  expect(chains).toEqual([]);
  expect(unread).toContainEqual({ part: 'nft', why: 'no-tool' });
});

test('the filter of Debian 13, its set and all', () => {
  const [chain, ...others] = readerOf('debian-13')('firewall').chains;
  expect(others).toEqual([]);
  expect(chain).toMatchObject({ id: 'nft inet filter input', hook: 'input', drops: true });
  expect(chain?.rules.map(({ verdict, opaque }) => [verdict, opaque])).toEqual([
    ['accept', false],
    ['accept', false],
    ['accept', false],
    ['accept', false],
  ]);
  expect(chain?.rules[2]?.conditions).toContainEqual({ of: 'from', not: false, values: ['10.0.0.0/8'] });
});

test('the rules that keep the logs of Debian 11', () => {
  const { rules, logrotate } = readerOf('debian-11')('logPolicies');
  expect(logrotate.installed).toBe(true);
  const rule = rules.find(({ covers }) => covers.includes('/var/log/auth.log'));
  expect(rule).toMatchObject({ by: 'logrotate', text: 'weekly rotate 4' });
});
