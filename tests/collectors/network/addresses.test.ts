import { afterEach, describe, expect, test } from 'vitest';
import { check } from '../../../checks/network/fixed-address.ts';
import type { DirectCollector, Tools } from '../../../src/collectors/collector.ts';
import { addresses } from '../../../src/collectors/network/addresses.ts';
import { ScopeError } from '../../../src/errors.ts';
import { type Addresses, addresses as kind } from '../../../src/evidence/network/addresses.ts';
import { declarationOf } from '../../../src/platform-declaration.ts';
import { seen } from '../../support/check-tester.ts';
import { type DnsOptions, type DnsServer, dnsServer, type Zone } from '../../support/dns-server.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const servers: DnsServer[] = [];

async function serve(zone: Zone, options: DnsOptions = {}): Promise<DnsServer> {
  const server = await dnsServer(zone, options);
  servers.push(server);
  return server;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const collector = addresses as DirectCollector<'addresses'>;
const a = (value: string, ttl = 300) => ({ type: 'A', value, ttl }) as const;
const aaaa = (value: string, ttl = 300) => ({ type: 'AAAA', value, ttl }) as const;
const alias = (value: string) => ({ type: 'CNAME', value }) as const;

type Endpoint = { address: string; direction?: 'inbound' | 'outbound'; serverName?: string };

const toolsOf = (endpoints: readonly Endpoint[], asked: readonly DnsServer[], more: object = {}): Tools =>
  toolsFor(
    platformOf({
      endpoints: endpoints.map((each) => ({ port: 443, direction: 'inbound', ...each })),
      resolvers: asked.map(({ resolver }) => resolver),
      ...more,
    }),
  );

async function collected(subject: string, tools: Tools): Promise<{ value: Addresses; method: string }> {
  const found = await collector.collect(subject, tools);
  return { value: kind.value.parse(found.value), method: found.method };
}

const viewsOf = async (name: string, asked: readonly DnsServer[]) => {
  const { value } = await collected(name, toolsOf([{ address: name }], asked));
  return value.written === 'name' ? value.views : [];
};

test('asks about each endpoint’s address and the name of its certificate, in both directions, once', () => {
  const endpoints: Endpoint[] = [
    { address: '127.0.0.1', serverName: 'leqi.test' },
    { address: '127.0.0.1', serverName: 'leqi.test' },
    { address: 'out.test', direction: 'outbound' },
  ];
  const { platform } = toolsOf(endpoints, []);
  expect(collector.subjects(platform)).toEqual(['127.0.0.1', 'leqi.test', 'out.test']);
});

test.each([
  ['192.52.193.34', { written: 'address', address: '192.52.193.34' }],
  ['10.1.2.3', { written: 'address', address: '10.1.2.3', range: 'private' }],
  ['100.64.0.1', { written: 'address', address: '100.64.0.1', range: 'shared' }],
  ['2001:db8::1', { written: 'address', address: '2001:db8::1', range: 'documentation' }],
])('%s has nothing to resolve', async (address, value) => {
  const server = await serve({});
  const tools = toolsOf([{ address }], [server]);
  expect(await collected(address, tools)).toEqual({ value, method: expect.stringContaining('written as an address') });
  expect([server.queries, tools.gate.contacts()]).toEqual([[], []]);
});

describe('a name', () => {
  test('with several addresses in two families, each with its TTL and range', async () => {
    const server = await serve({
      'leqi.test': [a('192.52.193.34', 60), a('10.1.2.3', 60), aaaa('2001:500:2::c', 20), aaaa('fd00::1')],
    });
    expect(await viewsOf('leqi.test', [server])).toEqual([
      {
        resolver: server.resolver,
        aliases: [],
        a: {
          addresses: [
            { address: '192.52.193.34', ttl: 60 },
            { address: '10.1.2.3', ttl: 60, range: 'private' },
          ],
        },
        aaaa: {
          addresses: [
            { address: '2001:500:2::c', ttl: 20 },
            { address: 'fd00::1', ttl: 300, range: 'private' },
          ],
        },
      },
    ]);
  });

  test('by way of aliases', async () => {
    const server = await serve({
      'leqi.test': [alias('Leqi.CDN.test')],
      'leqi.cdn.test': [alias('edge.cdn.test')],
      'edge.cdn.test': [a('192.52.193.34', 10)],
    });
    expect(await viewsOf('leqi.test', [server])).toMatchObject([
      {
        aliases: ['leqi.cdn.test', 'edge.cdn.test'],
        a: { addresses: [{ address: '192.52.193.34', ttl: 10 }] },
        aaaa: { none: 'no-records' },
      },
    ]);
  });

  test.each<[string, Zone, object]>([
    ['that does not exist', {}, { aliases: [], a: { none: 'no-such-name' }, aaaa: { none: 'no-such-name' } }],
    ['without an address', { 'leqi.test': [] }, { a: { none: 'no-records' }, aaaa: { none: 'no-records' } }],
    [
      'that the resolver cannot resolve',
      { 'leqi.test': 'SERVFAIL' },
      { aliasesBroken: 'server-failure', a: { none: 'server-failure' }, aaaa: { none: 'server-failure' } },
    ],
    ['that it will not resolve', { 'leqi.test': 'REFUSED' }, { a: { none: 'refused' }, aaaa: { none: 'refused' } }],
    [
      'whose alias leads nowhere',
      { 'leqi.test': [alias('gone.test')] },
      { aliases: ['gone.test'], aliasesBroken: 'no-such-name', a: { none: 'no-such-name' } },
    ],
    [
      'whose aliases go round',
      { 'leqi.test': [alias('pool.test')], 'pool.test': [alias('leqi.test')] },
      { aliases: ['pool.test'], aliasesBroken: 'loop', a: { none: 'no-records' } },
    ],
    [
      'whose aliases do not end',
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [
          index === 0 ? 'leqi.test' : `${index}.test`,
          [alias(`${index + 1}.test`)],
        ]),
      ),
      { aliases: Array.from({ length: 16 }, (_, index) => `${index + 1}.test`), aliasesBroken: 'too-long' },
    ],
    [
      'one of whose families fails',
      { 'leqi.test': (_, type) => (type === 'AAAA' ? 'SERVFAIL' : [a('192.52.193.34')]) },
      { a: { addresses: [{ address: '192.52.193.34', ttl: 300 }] }, aaaa: { none: 'server-failure' } },
    ],
    [
      'with more addresses than a platform has',
      { 'leqi.test': Array.from({ length: 65 }, (_, index) => a(`192.52.193.${index}`)) },
      { a: { none: 'too-many' }, aaaa: { none: 'no-records' } },
    ],
    [
      'whose answer is too long for UDP',
      { 'leqi.test': { truncated: [a('192.52.193.34')] } },
      { a: { addresses: [{ address: '192.52.193.34', ttl: 300 }] } },
    ],
  ])('%s', async (_, zone, view) => {
    expect(await viewsOf('leqi.test', [await serve(zone)])).toMatchObject([view]);
  });

  test('as each resolver sees it: one that is silent or not there does not spoil the other', async () => {
    const healthy = await serve({ 'leqi.test': [a('192.52.193.34')] });
    const other = await serve({ 'leqi.test': [a('192.52.193.35')] }, { host: '::1' });
    const silent = await serve({ 'leqi.test': 'silent' });
    const gone = await dnsServer({});
    await gone.close();
    const found = await viewsOf('leqi.test', [healthy, other, silent, gone]);
    expect(found.map(({ resolver, a: answer }) => [resolver, answer])).toEqual([
      [healthy.resolver, { addresses: [{ address: '192.52.193.34', ttl: 300 }] }],
      [other.resolver, { addresses: [{ address: '192.52.193.35', ttl: 300 }] }],
      [silent.resolver, { none: 'timed-out' }],
      [gone.resolver, { none: 'unreachable' }],
    ]);
    expect(silent.queries.every(({ type }) => type === 'CNAME')).toBe(true);
  });

  test('of the machine itself is asked of nobody', async () => {
    const server = await serve({});
    const tools = toolsOf([{ address: 'localhost' }], [server]);
    await expect(collected('localhost', tools)).rejects.toMatchObject({ reason: 'not-supported' });
    expect([server.queries, tools.gate.contacts()]).toEqual([[], []]);
  });

  test('of a certificate is asked about, and still no target', async () => {
    const server = await serve({ 'leqi.test': [a('192.52.193.34')] });
    const tools = toolsOf([{ address: '127.0.0.1', serverName: 'leqi.test' }], [server]);
    expect(await collected('leqi.test', tools)).toMatchObject({ value: { written: 'name' } });
    await expect(tools.gate.connect('leqi.test', 443, { timeout: 1, by: 'test' })).rejects.toBeInstanceOf(ScopeError);
    expect(tools.gate.contacts().every(({ by }) => by === 'dns')).toBe(true);
  });
});

describe('a name of the authority', () => {
  const zone: Zone = {
    'leqi.test': [alias('lqpt.chinatax.gov.cn')],
    'lqpt.chinatax.gov.cn': [a('192.52.193.99')],
    'own.test': [a('192.52.193.5')],
  };

  test.each(['leqi.test', 'own.test'])('stops the scan where a target leads to it: %s', async (address) => {
    const server = await serve(zone);
    const tools = toolsOf([{ address }], [server], { taxAuthority: ['192.52.193.5'] });
    await expect(collected(address, tools)).rejects.toBeInstanceOf(ScopeError);
    expect(server.queries.filter(({ name }) => name !== address)).toEqual([]);
    // After an alias of the authority's not even the address of the target's own name is asked for.
    if (address === 'leqi.test') expect(server.queries.map(({ type }) => type)).toEqual(['CNAME']);
  });

  test.each(['leqi.test', 'lqpt.chinatax.gov.cn'])(
    'stops nothing but the question about a certificate: %s',
    async (name) => {
      const server = await serve(zone);
      const tools = toolsOf([{ address: '127.0.0.1', serverName: name }], [server]);
      await expect(collected(name, tools)).rejects.toMatchObject({ reason: 'refused' });
      expect(server.queries.filter((each) => each.name.endsWith('chinatax.gov.cn'))).toEqual([]);
    },
  );
});

test('an interruption ends it', async () => {
  const server = await serve({ 'leqi.test': 'silent' });
  const tools = { ...toolsOf([{ address: 'leqi.test' }], [server]), signal: AbortSignal.timeout(50) };
  await expect(collected('leqi.test', tools)).rejects.toMatchObject({ name: 'TimeoutError' });
});

describe('what the check on fixed addresses makes of it', () => {
  const paper = (address: string) =>
    seen(
      'documents',
      {
        id: 'filing',
        title: '网络地址备案表',
        file: 'filing.pdf',
        held: true,
        bytes: 1,
        mediaType: 'application/pdf',
        sha256: 'b'.repeat(64),
        states: { addresses: [{ address, environment: 'production' }], ports: [], phones: [], identities: [] },
      },
      { subject: 'filing' },
    );
  const rows: [string, Zone, Zone, string, string][] = [
    [
      'both agree',
      { 'leqi.test': [a('192.52.193.34', 5)] },
      { 'leqi.test': [a('192.52.193.34')] },
      'met',
      'resolvesAsFiled',
    ],
    [
      'one knows more',
      { 'leqi.test': [a('192.52.193.34')] },
      { 'leqi.test': [a('192.52.193.34'), aaaa('2001:500:2::c')] },
      'unproven',
      'disagree',
    ],
    [
      'both lead elsewhere',
      { 'leqi.test': [a('192.52.193.35')] },
      { 'leqi.test': [a('192.52.193.35')] },
      'unmet',
      'resolvesElsewhere',
    ],
    ['one fails', { 'leqi.test': [a('192.52.193.34')] }, { 'leqi.test': 'SERVFAIL' }, 'unproven', 'silent'],
    ['nobody knows it', {}, {}, 'unproven', 'noAddress'],
  ];

  test.each(rows)('%s', async (_, one, other, outcome, says) => {
    const asked = [await serve(one), await serve(other, { host: '127.0.0.2' })];
    const tools = toolsOf([{ address: 'leqi.test' }], asked);
    const { value } = await collected('leqi.test', tools);
    const evidence = {
      addresses: [seen('addresses', value, { subject: 'leqi.test' })],
      documents: [paper('192.52.193.34')],
      platform: [seen('platform', declarationOf(tools.platform))],
    };
    const parameters = check.parameters.parse({ filing: 'filing', onHost: [] });
    const all = { ...Object.fromEntries(check.reads.map((each) => [each, []])), ...evidence };
    const findings = check.judge(all as unknown as Parameters<typeof check.judge>[0], parameters, '2026-03-01');
    expect(findings).toContainEqual(expect.objectContaining({ outcome, says, subject: 'leqi.test' }));
  });
});
