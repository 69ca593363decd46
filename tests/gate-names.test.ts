import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { ScopeError } from '../src/errors.ts';
import { createGate, type Gate } from '../src/gate.ts';
import { createScope } from '../src/scope.ts';
import { type DnsOptions, type DnsServer, dnsServer, type Zone } from './support/dns-server.ts';

const run = promisify(execFile);
const servers: DnsServer[] = [];

async function serve(zone: Zone, options: DnsOptions = {}): Promise<DnsServer> {
  const server = await dnsServer(zone, options);
  servers.push(server);
  return server;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const now = () => new Date('2026-03-01T02:00:00Z');
const address = (value: string, ttl = 300) => ({ type: 'A', value, ttl }) as const;
const alias = (value: string) => ({ type: 'CNAME', value }) as const;

describe('query', () => {
  const gateTo = (server: { resolver: string }, declared: string[], authority: string[] = []): Gate =>
    createGate(createScope(declared, authority), now, { named: [server.resolver], machine: [] });
  const from = ({ resolver }: { resolver: string }, timeout = 3) => ({ resolver, timeout });

  test('gives addresses with their TTL, and logs the resolver', async () => {
    const server = await serve({ 'leqi.test': [address('127.0.0.9', 60), { type: 'AAAA', value: '2001:DB8:0::9' }] });
    const gate = gateTo(server, ['leqi.test']);
    expect(await gate.query('leqi.test', 'A', from(server))).toEqual({ records: [{ value: '127.0.0.9', ttl: 60 }] });
    expect(await gate.query('leqi.test', 'AAAA', from(server))).toEqual({
      records: [{ value: '2001:db8::9', ttl: 300 }],
    });
    const contact = { at: '2026-03-01T02:00:00Z', address: '127.0.0.1', port: server.port, by: 'dns' };
    expect(gate.contacts()).toEqual([contact, contact]);
  });

  test.each([
    ['no-such-name', 'NXDOMAIN'],
    ['no-records', [{ type: 'AAAA', value: '::1' }]],
    ['server-failure', 'SERVFAIL'],
    ['refused', 'REFUSED'],
    ['timed-out', 'silent'],
    ['bad-answer', 'garbage'],
    ['too-many', Array.from({ length: 65 }, (_, index) => address(`127.0.1.${index}`))],
  ] as const)('says why there is no address: %s', async (none, entry) => {
    const server = await serve({ 'leqi.test': entry });
    expect(await gateTo(server, ['leqi.test']).query('leqi.test', 'A', from(server, 0.3))).toEqual({ none });
  });

  test('fetches over TCP what UDP has no room for, and says so where it cannot', async () => {
    const zone: Zone = { 'leqi.test': { truncated: [address('127.0.0.9')] } };
    const server = await serve(zone);
    expect(await gateTo(server, ['leqi.test']).query('leqi.test', 'A', from(server))).toEqual({
      records: [{ value: '127.0.0.9', ttl: 300 }],
    });
    expect(server.queries.map(({ over }) => over)).toEqual(['udp', 'tcp']);
    const deaf = await serve(zone, { tcp: false });
    expect(await gateTo(deaf, ['leqi.test']).query('leqi.test', 'A', from(deaf))).toEqual({ none: 'unreachable' });
  });

  test('asks nothing about a name that is neither declared nor met on the way', async () => {
    const server = await serve({ 'leqi.test': [alias('Edge.test')], 'edge.test': [address('127.0.0.9')] });
    const gate = gateTo(server, ['leqi.test']);
    await expect(gate.query('edge.test', 'A', from(server))).rejects.toThrow(/not declared/);
    expect([server.queries, gate.contacts()]).toEqual([[], []]);
    expect(await gate.query('leqi.test', 'CNAME', from(server))).toEqual({ records: [{ value: 'edge.test' }] });
    expect(await gate.query('edge.test', 'A', from(server))).toMatchObject({ records: [{ value: '127.0.0.9' }] });
    await expect(gate.query('other.test', 'A', from(server))).rejects.toBeInstanceOf(ScopeError);
  });

  test.each([
    ['an alias of the authority’s', [alias('LQPT.ChinaTax.gov.cn')], 'CNAME'],
    ['an alias that is listed', [alias('a.entrance.test')], 'CNAME'],
    ['an alias that hides in escapes', [alias('a/b.chinatax.gov.cn')], 'CNAME'],
    ['an address that is listed', [address('127.0.0.9'), address('127.0.0.5')], 'A'],
    ['an address that carries a listed one', [{ type: 'AAAA', value: '64:ff9b::127.0.0.5' }], 'AAAA'],
  ] as const)('refuses a name that has %s', async (_, entry, type) => {
    const server = await serve({ 'leqi.test': entry });
    const gate = gateTo(server, ['leqi.test'], ['127.0.0.5', 'entrance.test']);
    await expect(gate.query('leqi.test', type, from(server))).rejects.toBeInstanceOf(ScopeError);
    await expect(gate.query('lqpt.chinatax.gov.cn', 'A', from(server))).rejects.toThrow(/tax authority/);
    await expect(gate.query('a.entrance.test', 'A', from(server))).rejects.toThrow(/tax authority/);
    expect(server.queries).toEqual([{ name: 'leqi.test', type, over: 'udp' }]);
  });

  test('asks no resolver that nobody named, nor one of the authority’s', async () => {
    const server = await serve({ 'leqi.test': [address('127.0.0.9')] }, { host: '127.0.0.5' });
    const named = gateTo({ resolver: '127.0.0.1:5300' }, ['leqi.test']);
    await expect(named.query('leqi.test', 'A', from(server))).rejects.toThrow(/no resolver that may be asked/);
    const gate = gateTo(server, ['leqi.test'], ['127.0.0.5']);
    await expect(gate.query('leqi.test', 'A', from(server))).rejects.toBeInstanceOf(ScopeError);
    expect([server.queries, gate.contacts()]).toEqual([[], []]);
  });

  test('an interruption ends it', async () => {
    const server = await serve({ 'leqi.test': 'silent' });
    const signal = AbortSignal.timeout(50);
    const asked = gateTo(server, ['leqi.test']).query('leqi.test', 'A', { ...from(server, 60), signal });
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('the machine’s own resolvers are asked where the platform file names none', () => {
    const scope = createScope([], []);
    const machine = ['127.0.0.53'];
    expect(createGate(scope, now, { machine }).resolvers).toEqual(machine);
    expect(createGate(scope, now, { machine, named: ['223.5.5.5'] }).resolvers).toEqual(['223.5.5.5']);
  });
});

/**
 * What a gate says of names on a machine with this DNS and this /etc/hosts: in a mount namespace of its own, for the C library
 * knows no other way.
 */
describe('a name, as the machine resolves it', () => {
  const source = JSON.stringify(new URL('../src', import.meta.url).href);

  async function resolvedBy(zone: Zone, hosts: string, names: readonly string[], authority: readonly string[] = []) {
    const server = await serve(zone, { host: '127.0.0.66', port: 53 });
    const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-names-'));
    const at = (file: string): string => join(folder, file);
    await writeFile(at('resolv.conf'), 'nameserver 127.0.0.66\noptions timeout:1 attempts:1\n');
    await writeFile(at('hosts'), hosts);
    const script = `
      const { createGate } = await import(${source} + '/gate.ts');
      const { createScope } = await import(${source} + '/scope.ts');
      const { lookup } = await import('node:dns/promises');
      const scope = createScope(${JSON.stringify(names)}, ${JSON.stringify(authority)});
      const gate = createGate(scope, () => new Date());
      const started = performance.now();
      const first = [], second = [], raw = [];
      for (const name of ${JSON.stringify(names)}) {
        const say = (error) => error.name;
        first.push(await gate.addressOf(name).catch(say));
        raw.push(await lookup(name).then(({ address }) => address, say));
        second.push(await gate.addressOf(name).catch(say));
      }
      const seconds = (performance.now() - started) / 1000;
      console.log(JSON.stringify({ first, second, raw, seconds, contacts: gate.contacts() }));`;
    const mounts = `mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/hosts && exec "$3" --input-type=module -e "$4"`;
    const args = [at('resolv.conf'), at('hosts'), process.execPath, script];
    try {
      const { stdout } = await run('unshare', ['--mount', 'sh', '-c', mounts, 'sh', ...args]);
      return { ...JSON.parse(stdout), queries: server.queries };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  test('is resolved once: what DNS says later does not count', async () => {
    const zone: Zone = { 'moving.test': (before) => [address(before === 0 ? '127.0.0.10' : '127.0.0.11')] };
    const found = await resolvedBy(zone, '', ['moving.test'], ['127.0.0.11']);
    expect(found).toMatchObject({ first: ['127.0.0.10'], raw: ['127.0.0.11'], second: ['127.0.0.10'] });
    expect(found.contacts).toEqual([expect.objectContaining({ address: '127.0.0.66', port: 53, by: 'dns' })]);
  });

  test('is refused where a name on the way is the authority’s, and its address is asked of nobody', async () => {
    const zone: Zone = {
      'direct.test': [alias('lqpt.chinatax.gov.cn')],
      'far.test': [alias('near.test')],
      'near.test': [alias('gate.entrance.test')],
      'lqpt.chinatax.gov.cn': [address('127.0.0.9')],
      'gate.entrance.test': [address('127.0.0.9')],
      'own.test': [alias('edge.test')],
      'edge.test': [address('127.0.0.12')],
    };
    const names = ['direct.test', 'far.test', 'own.test'];
    const found = await resolvedBy(zone, '', names, ['entrance.test']);
    expect(found.first).toEqual(['ScopeError', 'ScopeError', '127.0.0.12']);
    // The address is what the bare lookup of the test itself then asks for.
    const asked = found.queries.map(({ name, type }: { name: string; type: string }) => `${name} ${type}`);
    expect(asked.slice(0, asked.indexOf('direct.test A'))).toEqual(['direct.test CNAME']);
    expect(asked.filter((each: string) => /chinatax|entrance/.test(each))).toEqual([]);
  });

  test('may stand in /etc/hosts alone: a resolver that denies it, or is silent, costs little and breaks nothing', async () => {
    const hosts = '127.0.0.21 denied.test\n127.0.0.22 silent.test\n127.0.0.23 broken.test\n';
    const zone: Zone = { 'silent.test': 'silent', 'broken.test': 'SERVFAIL' };
    const found = await resolvedBy(zone, hosts, ['denied.test', 'silent.test', 'broken.test']);
    expect(found.first).toEqual(['127.0.0.21', '127.0.0.22', '127.0.0.23']);
    expect(found.seconds).toBeLessThan(3);
  });

  test('is refused for what DNS says although /etc/hosts says otherwise, and the other way round', async () => {
    const zone: Zone = { 'dns.test': [alias('lqpt.chinatax.gov.cn')], 'hosts.test': [address('127.0.0.9')] };
    const hosts = '127.0.0.21 dns.test\n127.0.0.5 hosts.test\n';
    const found = await resolvedBy(zone, hosts, ['dns.test', 'hosts.test'], ['127.0.0.5']);
    expect(found.first).toEqual(['ScopeError', 'ScopeError']);
  });

  test('is asked of the resolvers that the platform file names, too', async () => {
    const server = await serve({ localhost: [], 'leqi.test': [alias('lqpt.chinatax.gov.cn')] });
    const silent = await serve({ 'leqi.test': 'silent' });
    const scope = createScope(['leqi.test', 'localhost'], []);
    const gate = createGate(scope, now, { named: [server.resolver], machine: [silent.resolver] });
    await expect(gate.addressOf('leqi.test')).rejects.toThrow(/leqi\.test → lqpt\.chinatax\.gov\.cn/);
    const before = server.queries.length;
    await gate.addressOf('localhost');
    expect(server.queries.length).toBe(before);
  });

  test('is given up where its chain has no end', async () => {
    const zone: Zone = { 'loop.test': [alias('pool.test')], 'pool.test': [alias('loop.test')] };
    const found = await resolvedBy(zone, '', ['loop.test']);
    expect(found.first).toEqual(['Error']);
    const followed = found.queries.filter(({ type }: { type: string }) => type === 'CNAME');
    expect(followed.map(({ name }: { name: string }) => name)).toEqual(['loop.test', 'pool.test']);
  });
});
