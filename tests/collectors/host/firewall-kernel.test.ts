import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { firewallScript } from '../../../src/collectors/host/firewall/firewall-script.ts';
import { firewall } from '../../../src/collectors/host/firewall.ts';
import type { Firewall } from '../../../src/evidence/host/firewall.ts';
import { defaultsOf, type Passage, passageTo } from '../../../src/evidence/host/inbound.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

// The kernel is the judge: rules are loaded in a network namespace of its own, another one connects from three addresses, and what is
// computed from the rules must be what gets through. The machine's own rules stay as they are, and nothing leaves it.

const host = `leqi-h${process.pid}`;
const peer = `leqi-p${process.pid}`;
const near = '10.0.0.1';
const far = '10.9.0.1';
/** An address that no rule names. */
const unnamed = '203.0.113.77';
const ports = [21, 22, 80, 443, 8080];

const run = (program: string, args: readonly string[], input = ''): string =>
  execFileSync(program, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
const inside = (space: string, ...args: readonly string[]): string => run('ip', ['netns', 'exec', space, ...args]);

const listening = `const net = require('node:net');
let left = ${ports.length};
for (const port of ${JSON.stringify(ports)}) net.createServer((socket) => socket.on('error', () => {}).destroy()).listen(port, '::', () => { if (--left === 0) console.log('ready'); });`;
// Prints address and port of every connection that was made.
const connecting = `const net = require('node:net');
const [patience, to, ...from] = process.argv.slice(1);
for (const localAddress of from) for (const port of ${JSON.stringify(ports)}) {
  const socket = net.connect({ host: to, port, localAddress }, () => { console.log(localAddress, port); socket.destroy(); });
  socket.on('error', () => {});
  setTimeout(() => socket.destroy(), Number(patience));
}`;

let server: ChildProcess;

beforeAll(async () => {
  for (const space of [host, peer]) run('ip', ['netns', 'add', space]);
  run('ip', ['-n', host, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', peer]);
  const set = (space: string, ...addresses: string[]): void => {
    for (const address of addresses)
      run('ip', ['-n', space, 'addr', 'add', address, 'dev', 'eth0', ...(address.includes(':') ? ['nodad'] : [])]);
    for (const link of ['lo', 'eth0']) run('ip', ['-n', space, 'link', 'set', link, 'up']);
  };
  set(host, '10.0.0.5/24', 'fd00::5/64');
  set(peer, `${near}/24`, `${far}/32`, `${unnamed}/32`, 'fd00::1/64');
  run('ip', ['-n', host, 'route', 'add', 'default', 'via', near]);
  server = spawn('ip', ['netns', 'exec', host, process.execPath, '-e', listening], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (server.stdout) await once(server.stdout, 'data');
});

afterEach(() => {
  run('ip', ['netns', 'exec', host, 'iptables-legacy-restore'], '*filter\n:INPUT ACCEPT\nCOMMIT\n');
  inside(host, 'nft', 'flush', 'ruleset');
});

afterAll(() => {
  server.kill();
  for (const space of [host, peer]) run('ip', ['netns', 'del', space]);
});

function loaded(): Firewall {
  const stdout = inside(host, 'sh', '-c', firewallScript);
  const value = kinds.firewall.value.parse(firewall.read(transcript({ 'packet-filter': stdout }), localHost()));
  expect(value.unread).toEqual([]);
  return value;
}

type Made = ReadonlyMap<string, ReadonlySet<number>>;

/** The ports that can be connected to within some milliseconds, by the address that connects. */
function connected(patience: number, to: string, ...from: string[]): Made {
  const printed = inside(peer, process.execPath, '-e', connecting, String(patience), to, ...from);
  const made = printed
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(
    from.map((address) => [address, new Set(made.flatMap(([who, port]) => (who === address ? [Number(port)] : [])))]),
  );
}

/** What speaks against a passage; never fewer sources may be named than get through. */
function against(passage: Passage, port: number, made: Made): string[] {
  const isIn = (address: string): boolean => made.get(address)?.has(port) ?? false;
  const isNamed = (start: string): boolean =>
    passage.is === 'anywhere' || (passage.is === 'sources' && passage.sources.some((each) => each.startsWith(start)));
  return [
    ...(passage.is === 'unknown' ? ['unknown'] : []),
    ...(isIn(unnamed) === (passage.is === 'anywhere') ? [] : [`${unnamed} ${isIn(unnamed)}`]),
    ...(isIn(near) && !isNamed('10.0.0.') ? [near] : []),
    ...(isIn(far) && !isNamed('10.9.') ? [far] : []),
  ].map((what) => `${port} ${JSON.stringify(passage)}: ${what}`);
}

/** Compares each port; tells what they are computed to be. */
function compare(): Passage['is'][] {
  const filter = loaded();
  const passages = ports.map((port) => passageTo(filter, { protocol: 'tcp', address: '0.0.0.0', port }));
  const wrong = (patience: number): string[] => {
    const made = connected(patience, '10.0.0.5', near, far, unnamed);
    return ports.flatMap((port, index) => against(passages[index] ?? { is: 'unknown' }, port, made));
  };
  // On a busy machine a connection may take longer.
  if (wrong(120).length > 0) expect(wrong(3000), inside(host, 'nft', 'list', 'ruleset')).toEqual([]);
  return passages.map(({ is }) => is);
}

// Park and Miller's generator: the same rules in every run.
function chooser(seed: number): <T>(list: readonly T[]) => T {
  let state = seed * 7919 + 17;
  return (list) => {
    state = (state * 48_271) % 2_147_483_647;
    const found = list[state % list.length];
    if (found === undefined) throw new Error('an empty list');
    return found;
  };
}

function load(rules: string): boolean {
  try {
    run('ip', ['netns', 'exec', host, 'nft', '-f', '-'], rules);
    return true;
  } catch {
    return false;
  }
}

const nftConditions = [
  'ip saddr 10.9.0.0/16',
  'ip saddr 10.0.0.0/24',
  'ip saddr { 10.0.0.0/24, 10.9.0.0/16 }',
  'ip saddr != 10.9.0.0/16',
  'ip saddr { 10.0.0.0/24, 192.0.2.1 }',
  'ip saddr @far',
  'tcp dport 22',
  'tcp dport { 22, 443 }',
  'tcp dport != 80',
  'tcp dport 20-100',
  'ct state established,related',
  'ct state new',
  'ct state != invalid',
  'iifname "eth0"',
  'iifname != "eth0"',
  'iif lo',
  'meta l4proto tcp',
  'ip protocol udp',
  'meta nfproto ipv6',
  'ip daddr 10.0.0.5',
  'ip daddr != 10.0.0.5',
  'tcp flags & (fin|syn|rst|ack) != syn',
  'tcp flags & (fin|syn|rst|ack) == syn',
  'counter',
  'tcp sport 1-65535',
  'ip6 saddr fd00::/8',
];

function nftRules(seed: number): string {
  const choose = chooser(seed);
  const rule = (last: number): string => {
    const targets = Array.from({ length: 3 - last }, (_, index) => `c${last + index + 1}`).filter(
      (name) => name !== 'c4',
    );
    const verdicts = [
      'accept',
      'accept',
      'drop',
      'reject',
      'return',
      '',
      ...targets.flatMap((name) => [`jump ${name}`, `goto ${name}`]),
    ];
    const count = choose([0, 1, 1, 2, 2]);
    return (
      [...Array.from({ length: count }, () => choose(nftConditions)), choose(verdicts)]
        .filter((part) => part !== '')
        .join(' ') || 'counter'
    );
  };
  const body = (last: number): string =>
    Array.from({ length: choose([1, 2, 3, 4]) }, () => `    ${rule(last)}\n`).join('');
  const chains = [3, 2, 1].map((number) => `  chain c${number} {\n${body(number)}  }\n`).join('');
  const base = `  chain input { type filter hook input priority 0; policy ${choose(['accept', 'drop'])};\n    ct state established accept\n${body(0)}${body(0)}  }\n`;
  return `flush ruleset\ntable inet t {\n  set far { type ipv4_addr; flags interval; elements = { 10.9.0.0/16 } }\n${chains}${base}}\n`;
}

describe('rules made at random', () => {
  test('nftables lets through whom it is computed to', () => {
    const seen = new Set<string>();
    let loads = 0;
    for (let seed = 1; loads < 20; seed += 1) {
      // Two conditions of a rule may contradict each other, which nft refuses.
      if (!load(nftRules(seed))) continue;
      loads += 1;
      for (const is of compare()) seen.add(is);
    }
    expect([...seen].toSorted()).toEqual(['anywhere', 'blocked', 'sources']);
  });

  test.each(['iptables-nft', 'iptables-legacy'])('%s lets through whom it is computed to', (tool) => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 12; seed += 1) {
      run('ip', ['netns', 'exec', host, `${tool}-restore`], iptablesRules(seed));
      for (const is of compare()) seen.add(is);
    }
    expect([...seen].toSorted()).toEqual(['anywhere', 'blocked', 'sources']);
  });
});

const iptablesConditions = [
  '-s 10.9.0.0/16',
  '-s 10.0.0.0/24',
  '-s 10.0.0.1',
  '! -s 10.9.0.0/16',
  '-p tcp --dport 22',
  '-p tcp -m multiport --dports 22,443,8000:8100',
  '-p tcp ! --dport 80',
  '-p udp',
  '! -p udp',
  '-m conntrack --ctstate RELATED,ESTABLISHED',
  '-m conntrack --ctstate NEW',
  '-m conntrack ! --ctstate INVALID',
  '-i eth0',
  '! -i eth0',
  '-i lo',
  '-d 10.0.0.5',
  '! -d 10.0.0.5',
  '-p tcp --syn',
  '-p tcp ! --syn',
  '-p tcp --tcp-flags ALL NONE',
  '-m addrtype --dst-type LOCAL',
  '-m addrtype ! --dst-type LOCAL',
  '-m iprange --src-range 10.0.0.1-10.0.0.9',
  '-p tcp --sport 1:65535',
  '-m comment --comment "-j DROP"',
  '-m comment --comment -j',
];

function iptablesRules(seed: number): string {
  const choose = chooser(seed + 100);
  const rule = (chain: string, further: readonly string[]): string => {
    const jumps = [
      '-j ACCEPT',
      '-j ACCEPT',
      '-j DROP',
      '-j REJECT',
      '-j RETURN',
      '',
      ...further.flatMap((name) => [`-j ${name}`, `-g ${name}`]),
    ];
    return `-A ${chain} ${choose(['', ...iptablesConditions, ...iptablesConditions])} ${choose(jumps)}\n`;
  };
  const body = (chain: string, further: readonly string[]): string =>
    Array.from({ length: choose([2, 3, 4]) }, () => rule(chain, further)).join('');
  return `*filter\n:INPUT ${choose(['ACCEPT', 'DROP'])}\n:one - [0:0]\n:two - [0:0]\n${body('two', [])}${body('one', ['two'])}-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n${body('INPUT', ['one', 'two'])}${body('INPUT', ['one'])}COMMIT\n`;
}

test('both kinds of iptables and nftables at once: a packet has to pass all of them', () => {
  run(
    'ip',
    ['netns', 'exec', host, 'iptables-legacy-restore'],
    '*filter\n:INPUT DROP\n-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT\nCOMMIT\n',
  );
  run(
    'ip',
    ['netns', 'exec', host, 'iptables-nft-restore'],
    '*filter\n:INPUT ACCEPT\n-A INPUT -p tcp --dport 80 -j DROP\nCOMMIT\n',
  );
  expect(compare()).toEqual(['blocked', 'anywhere', 'blocked', 'blocked', 'blocked']);
  run('ip', ['netns', 'exec', host, 'iptables-legacy-restore'], '*filter\n:INPUT ACCEPT\nCOMMIT\n');
  inside(host, 'nft', 'flush', 'ruleset');
});

test('IPv4 alone is filtered: IPv6 stays open', () => {
  run('ip', ['netns', 'exec', host, 'iptables-nft-restore'], '*filter\n:INPUT DROP\nCOMMIT\n');
  expect(defaultsOf(loaded())).toMatchObject({ ip: { is: 'blocked' } });
  expect(passageTo(loaded(), { protocol: 'tcp', address: '::', port: 22 })).toMatchObject({ is: 'anywhere' });
  expect(connected(500, '10.0.0.5', near).get(near)).toEqual(new Set());
  expect(connected(500, 'fd00::5', 'fd00::1').get('fd00::1')).toEqual(new Set(ports));
  inside(host, 'nft', 'flush', 'ruleset');
});

test('what is redirected or translated before the filter counts as where it goes', () => {
  run(
    'ip',
    ['netns', 'exec', host, 'nft', '-f', '-'],
    `table ip n { chain p { type nat hook prerouting priority -100; tcp dport 8080 redirect to :443; }; }
table inet f { chain i { type filter hook input priority 0; policy drop; tcp dport 443 accept; tcp dport 8080 drop; }; }\n`,
  );
  expect(compare()).toEqual(['blocked', 'blocked', 'blocked', 'anywhere', 'anywhere']);
  inside(host, 'nft', 'flush', 'ruleset');
});
