import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyExample } from '../../scripts/example-platform.ts';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { dateIn } from '../../src/evidence/dates.ts';
import { packageRoot } from '../../src/package-root.ts';
import { authority, leading, service, servicePort, unlisted } from '../support/authority-world.ts';
import { type Packet, startCapture } from '../support/capture.ts';
import { createMint } from '../support/certificates.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { canMakeNetworks, createNetwork, inside, type Network, outside, said } from '../support/namespaces.ts';

// In a network of its own, which leads nowhere, the authority can be reached by everything that leads to it in the world: its
// addresses answer, its names resolve. What the scanner sends there is captured, so that "nothing" is seen and not believed.

const lures = [
  'authorityInfoAccess=OCSP;URI:http://203.0.113.5/ocsp,caIssuers;URI:http://lqpt.chinatax.gov.cn/ca.crt',
  'crlDistributionPoints=URI:http://203.0.113.5/all.crl,URI:http://lqpt.chinatax.gov.cn/all.crl',
];

/** Whatever a program may take its way out from. */
const planted = Object.fromEntries([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'FTP_PROXY', 'npm_config_proxy', 'npm_config_https_proxy']
    .flatMap((name) => [name, name.toLowerCase()])
    .map((name) => [name, `http://${authority.ipv4}:3128`]),
  ['NO_PROXY', ''],
  ['NODE_USE_ENV_PROXY', '1'],
  ['SOCKS_SERVER', `${authority.ipv4}:3128`],
  ['CHROMIUM_FLAGS', `--proxy-server=${authority.ipv4}:3128`],
  ['LOCALDOMAIN', 'chinatax.gov.cn'],
]);

describe.skipIf(!canMakeNetworks())('the tax authority', () => {
  const mint = createMint();
  let folder: string;
  let network: Network;
  let world: ChildProcess;
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leqi-audit-no-contact-'));
    network = createNetwork({
      addresses: [authority.ipv4, authority.ipv6, unlisted, service],
      etc: {
        'resolv.conf': `nameserver ${outside.ipv4}\nsearch chinatax.gov.cn\noptions timeout:2 attempts:1\n`,
        hosts: `127.0.0.1 localhost\n::1 localhost\n${authority.ipv4} in-hosts-file.example\n${service} own.example\n`,
      },
    });
    const { file, keyFile } = mint.issue('platform.example', undefined, {
      names: ['DNS:platform.example', ...lures].join('\n'),
    });
    const [program, ...before] = network.outside;
    const script = join(packageRoot, 'tests/support/authority-world.ts');
    world = spawn(program, [...before, process.execPath, script, file, keyFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (world.stdout) await said(world, world.stdout, /ready/);
  });

  afterAll(async () => {
    world?.kill();
    network?.remove();
    mint.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs something inside; gives all packets that were seen meanwhile. */
  async function captured<T>(run: () => Promise<T>): Promise<{ result: T; packets: readonly Packet[] }> {
    const capture = await startCapture(network.inside);
    const result = await run();
    return { result, packets: await capture.stop() };
  }

  /** The command line as a user would call it, inside. */
  const leqi = (args: readonly string[], env: Readonly<Record<string, string>> = planted): Promise<Ended> =>
    runCli(args, { env, cwd: folder, program: [...network.inside, process.execPath, join(packageRoot, 'src/cli.ts')] });

  /** Any program inside. */
  const node = (script: string, ...args: string[]): Promise<Ended> =>
    runCli(args, { program: [...network.inside, process.execPath, '-e', script] });

  const platformWith = async (file: object): Promise<string> => {
    const usual = {
      profile: 'natural-system-security',
      unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
      platform: { name: '示例直连平台', mode: 'joint-use', since: '2023-01-01' },
      taxAuthority: [authority.ipv4, authority.ipv6],
      limits: { ports: '1-500,8443', rate: 5000 },
    };
    await writeFile(at('platform.yaml'), JSON.stringify({ ...usual, ...file }));
    return at('platform.yaml');
  };

  const inbound = (address: string, more: object = {}) => ({
    endpoints: [{ address, port: servicePort, direction: 'inbound', ...more }],
  });

  describe('is seen when something does go there', () => {
    const knock = `const [host, port] = process.argv.slice(1); require('node:net').connect(Number(port), host).on('error', () => {}).setTimeout(500, function () { this.destroy() })`;

    test.each([
      ['IPv4', authority.ipv4, '443'],
      ['IPv6', authority.ipv6, '443'],
      ['mapped IPv6', `::ffff:${authority.ipv4}`, '443'],
      ['a port where nobody is', authority.ipv4, '4711'],
      ['NAT64', '64:ff9b::cb00:7105', '443'],
    ])('TCP: %s', async (_, host, port) => {
      const { packets } = await captured(() => node(knock, host, port));
      expect(towards(packets).map(({ protocol, toPort }) => [protocol, toPort])).toContainEqual([6, Number(port)]);
    });

    test('a relay of the platform, by whoever uses it', async () => {
      const nginx = await forwarding(network, folder);
      try {
        const { packets } = await captured(() => node(knock, inside.ipv4, '443'));
        expect(towards(packets).map(shown)).toContain(`6 ${inside.ipv4} → ${authority.ipv4} 8443`);
      } finally {
        nginx.kill();
      }
    });

    test('UDP, ICMP and names', async () => {
      const udp = `require('node:dgram').createSocket('udp4').send('x', 443, '${authority.ipv4}', function () { this.close() })`;
      const { packets } = await captured(async () => {
        await node(udp);
        await node("require('node:dns').lookup('lqpt.chinatax.gov.cn', () => {})");
        await runCli(['-n', '-sn', '-PE', authority.ipv4], { program: [...network.inside, 'nmap'] });
      });
      expect(new Set(towards(packets).map(({ protocol }) => protocol))).toEqual(new Set([17, 1]));
      expect(asked(packets)).toContain('lqpt.chinatax.gov.cn');
    });

    test('on the same link, where nothing but its hardware address is asked for', async () => {
      const neighbour = '10.77.0.99';
      const { packets } = await captured(() => node(knock, neighbour, '443'));
      expect(packets.filter(({ protocol, to }) => protocol === 'arp' && to === neighbour)).not.toEqual([]);
    });

    test('a proxy from the environment, by a program that heeds it', async () => {
      const script =
        "fetch('http://platform.example/', { signal: AbortSignal.timeout(1000) }).catch(() => {}).then(() => process.exit())";
      const { packets } = await captured(() =>
        runCli([], { env: planted, program: [...network.inside, process.execPath, '-e', script] }),
      );
      expect(towards(packets).map(shown)).not.toEqual([]);
    });
  });

  describe('is refused, and no packet leaves for it', () => {
    test.each([...leading, 'in-hosts-file.example'])('probe of %s', async (name) => {
      const platform = await platformWith({});
      const { result, packets } = await captured(() => leqi(['probe', 'tls', `${name}:8443`, '--platform', platform]));
      expect(result, result.stderr).toMatchObject({ status: 2, stdout: '' });
      expect(result.stderr).toMatch(/范围守卫拒绝 .*税务机关.*QD 5-3/);
      expectSilence(packets, [outside.ipv4], [name, 'near.example']);
    });

    test.each([
      'lqpt.chinatax.gov.cn',
      'LQPT.ChinaTax.gov.cn.',
      'lqpt。chinatax．gov｡cn',
      authority.ipv4,
      `[${authority.ipv6}]`,
      `[::ffff:${authority.ipv4}]`,
      '[::ffff:cb00:7105]',
      '[64:ff9b::cb00:7105]',
      '[2002:cb00:7105::1]',
      '0xcb007105',
      '0313.0.0161.05',
      '3405803781',
      '203.0.28933',
      '２０３.0.113.5',
      '203.0.113.5/32',
    ])('probe of %s: nothing is even resolved', async (target) => {
      const platform = await platformWith({});
      const { result, packets } = await captured(() =>
        leqi(['probe', 'tls', `${target}:8443`, '--platform', platform]),
      );
      expect(result, result.stderr).toMatchObject({ status: 2, stdout: '' });
      expectSilence(packets, [], []);
    });

    test('declared as host and endpoint, before anything else is contacted', async () => {
      const hosts = [{ name: 'a', address: authority.ipv4 }];
      const first = await platformWith({ ...inbound(service), hosts });
      const { result, packets } = await captured(() => leqi(['scan', '--platform', first, '--out', at('refused')]));
      expect(result, result.stderr).toMatchObject({ status: 2, stdout: '' });
      expectSilence(packets, [], []);
    });

    test.each(['listed.example', 'alias.example', 'second.example'])('scan with %s declared', async (name) => {
      const { result, packets } = await captured(async () =>
        leqi([
          'collect',
          '--origin',
          'network',
          '--platform',
          await platformWith(inbound(name)),
          '--out',
          at('refused'),
        ]),
      );
      expect(result, result.stderr).toMatchObject({ status: 2, stdout: '' });
      expectSilence(packets, [outside.ipv4], [name]);
    });

    test('asked for by name at an address of the unit, which might pass it on', async () => {
      const platform = await platformWith({});
      const target = ['probe', 'tls', `${service}:${servicePort}`, '--platform', platform];
      const { result, packets } = await captured(() => leqi([...target, '--server-name', 'lqpt.chinatax.gov.cn']));
      expect(result, result.stderr).toMatchObject({ status: 2, stdout: '' });
      expectSilence(packets, [], []);
      const declared = await platformWith(inbound(service, { serverName: 'lqpt.chinatax.gov.cn' }));
      const scan = await captured(() => leqi(['scan', '--platform', declared, '--out', at('refused')]));
      expect(scan.result, scan.result.stderr).toMatchObject({ status: 2, stdout: '' });
      expectSilence(scan.packets, [], []);
    });
  });

  describe('is nobody to a scan of what is the unit’s own', () => {
    test('a name that changes its answer is contacted where it was first', async () => {
      const platform = await platformWith({});
      const { result, packets } = await captured(() =>
        leqi(['probe', 'tls', 'rebinding.example:8443', '--json', '--platform', platform]),
      );
      expect(result, result.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining(`"${service}"`) });
      expectSilence(packets, [outside.ipv4, service], ['rebinding.example']);
    });

    test('a name in the hosts file only', async () => {
      const { result, packets } = await captured(() => leqi(['probe', 'tls', 'own.example:8443', '--json']));
      expect(result, result.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining(`"${service}"`) });
      expectSilence(packets, [outside.ipv4, service], ['own.example']);
    });

    test('a name that nobody knows is not looked for below the authority’s', async () => {
      const { result, packets } = await captured(async () => [
        await leqi(['probe', 'tls', 'entrance:8443', '--json']),
        await leqi(['probe', 'tls', 'missing.example:8443', '--json']),
      ]);
      for (const { status, stderr } of result) expect(status, stderr).toBe(3);
      expectSilence(packets, [outside.ipv4], ['entrance', 'missing.example']);
    });

    test('redirects, alternative services and a certificate’s addresses are not followed', async () => {
      const { result, packets } = await captured(() =>
        leqi(['probe', 'tls', `${service}:${servicePort}`, '--server-name', 'platform.example', '--json']),
      );
      expect(result, result.stderr).toMatchObject({ status: 0 });
      expectSilence(packets, [service], []);
      // The bait was there: the server's certificate crossed the wire in a handshake of TLS 1.2.
      expect(packets.some(({ isSent, bytes }) => !isSent && bytes.includes('http://203.0.113.5/ocsp'))).toBe(true);
    });

    test('nor anything that stands in papers, names, configurations and the report', async () => {
      const platform = await baited(folder);
      const nginx = await forwarding(network, folder);
      try {
        const { result, packets } = await captured(() => leqi(['scan', '--platform', platform, '--out', at('out')]));
        expect(result, result.stderr).toMatchObject({ status: 1 });
        expectSilence(packets, [outside.ipv4, service, inside.ipv4], ['platform.example']);
        const assessment = assessmentSchema.parse(JSON.parse(await readFile(at('out/assessment.json'), 'utf8')));
        expect(JSON.stringify(assessment.requirements)).toContain(`${authority.ipv4}:8443`);
        // What leads to the authority is left alone, although it is declared.
        const relay = assessment.index.find(({ kind, subject }) => kind === 'tls' && subject === relays.stream);
        expect(relay?.unobserved).toMatchObject({ reason: 'refused', detail: expect.stringContaining('nginx-conf:') });
        // What the report says of contacts is what the wire saw.
        const seen = new Set(packets.filter(isOut).map(({ to }) => to));
        expect(new Set(assessment.evidence.contacts.map(({ address }) => address))).toEqual(seen);
        expect([...seen]).toEqual(expect.arrayContaining([inside.ipv4, service]));
        const times = assessment.evidence.contacts.reduce((sum, contact) => sum + contact.times, 0);
        const report = await readFile(at('out/report.html'), 'utf8');
        expect(report).toContain(`共联系 ${seen.size} 个地址 ${times} 次`);
        expect(report).toContain('lqpt.chinatax.gov.cn/logo.png');
        // Without the right to send raw packets nmap makes full connections, which a relay would pass on.
        const plain = await captured(() =>
          runCli(['collect', '--platform', platform, '--out', at('plain')], {
            env: planted,
            program: [...network.inside, ...withoutRaw, process.execPath, join(packageRoot, 'src/cli.ts')],
          }),
        );
        expect(plain.result, plain.result.stderr).toMatchObject({ status: 0 });
        expectSilence(plain.packets, [outside.ipv4, service, inside.ipv4], ['platform.example']);
        const again = await captured(() => leqi(['report', at('out/assessment.json'), '--out', at('again')]));
        expect(again.result, again.result.stderr).toMatchObject({ status: 0 });
        expectSilence(again.packets, [], []);
      } finally {
        nginx.kill();
      }
    }, 240_000);
  });

  test('a page that the browser prints fetches nothing, also where it has the network that the scanner has', async () => {
    const script = join(packageRoot, 'tests/support/print-lures.ts');
    // Without unshare(1) there is no empty network to put the browser into.
    const shell = `mount --bind /bin/false /usr/bin/unshare && exec "$@"`;
    const { result, packets } = await captured(() =>
      runCli([], {
        env: planted,
        program: [...network.inside, 'sh', '-c', shell, 'sh', process.execPath, script, authority.ipv4],
      }),
    );
    expect(result, result.stderr).toMatchObject({ status: 0, stdout: 'printed without sandbox\n' });
    expectSilence(packets, [], []);
  });
});

const withoutRaw = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'];

/** Where nginx takes what it passes on: requests, and every connection. */
const relays = { http: `${inside.ipv4}:80`, stream: `${inside.ipv4}:443` };

/** Not even a byte of it: no packet from, to or about it, and none that carries its address or its name out. */
function expectSilence(packets: readonly Packet[], contacts: readonly string[], names: readonly string[]): void {
  expect([...new Set(towards(packets).map(shown))]).toEqual([]);
  const sent = packets.filter(isOut);
  expect(sent.filter((packet) => theirBytes.some((each) => packet.bytes.includes(each))).map(shown)).toEqual([]);
  expect(sent.filter((packet) => /chinatax/i.test(packet.bytes.toString('latin1'))).map(shown)).toEqual([]);
  expect([...new Set(sent.filter(({ to }) => !contacts.includes(to)).map(shown))]).toEqual([]);
  expect(asked(packets).filter((name) => !names.includes(name))).toEqual([]);
}

/** What was sent on purpose, by a program: a kernel looks for its neighbours and routers by itself, and says what is unreachable. */
function isOut({ isSent, protocol, to, toPort, bytes }: Packet): boolean {
  if (!isSent || protocol === 'arp' || protocol === 58 || to.startsWith('ff02:')) return false;
  if (protocol === 1 && bytes[20] === 3) return false;
  // This host's own time service, which the commands that read the host ask; the capture's own last packet.
  const isOwn = to.startsWith('127.') || to === '::1';
  return !(isOwn && protocol === 17 && (toPort === 323 || toPort === 9));
}

const theirs = [authority.ipv4, authority.ipv6, unlisted, '64:ff9b::cb00:7105', '2001:db8:64::cb00:7105'];
const theirBytes = theirs.map((address) => Buffer.from(ipaddr.parse(address).toByteArray()));

// ARP and neighbour discovery are about an address in their body.
function towards(packets: readonly Packet[]): Packet[] {
  const isAbout = ({ protocol, bytes }: Packet): boolean =>
    (protocol === 58 || protocol === 'arp') && theirBytes.some((address) => bytes.includes(address));
  return packets.filter((packet) => theirs.includes(packet.from) || theirs.includes(packet.to) || isAbout(packet));
}

function shown({ from, to, protocol, toPort, asks }: Packet): string {
  return `${protocol} ${from} → ${to} ${toPort ?? ''} ${asks.join(' ')}`.trim();
}

function asked(packets: readonly Packet[]): string[] {
  return [...new Set(packets.flatMap(({ asks }) => asks))];
}

/** The Qingdao example with the authority wherever a platform file, a paper or a name can hold it. */
async function baited(folder: string): Promise<string> {
  const today = dateIn(new Date(), 'Asia/Shanghai');
  await copyExample('qingdao-joint-use', join(folder, 'platform'), today);
  const file = join(folder, 'platform', 'platform.yaml');
  const before = await readFile(file, 'utf8');
  const link = `http://lqpt.chinatax.gov.cn/logo.png`;
  const text = before
    .replaceAll('port: 18443', `port: ${servicePort}`)
    .replaceAll('192.52.193.18', service)
    .replace(
      /^( {2}name: )青岛示例供应链科技有限公司$/m,
      `$1'青岛<img src="${link}"><script src=http://${authority.ipv4}/></script>'`,
    )
    .replace(/^taxAuthority:$/m, `taxAuthority:\n  - ${authority.ipv4}\n  - 203.0.113.0/30\n  - '${authority.ipv6}'`)
    .replace(/^endpoints:$/m, `endpoints:\n  - { address: ${inside.ipv4}, port: 443, direction: inbound }`)
    .concat("\nlimits:\n  ports: '1-500,8443'\n  rate: 5000\n");
  await writeFile(file, text);
  return file;
}

/** An nginx inside that passes on to the authority what it is asked, or every connection, as platforms do. */
async function forwarding({ inside: [program, ...before] }: Network, folder: string): Promise<ChildProcess> {
  const at = (name: string): string => join(folder, `nginx-${name}`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${at(each)};`);
  const server = `server { listen ${relays.http}; location / { proxy_pass https://${authority.ipv4}:8443; } }`;
  await writeFile(
    at('conf'),
    `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; master_process off; pid ${at('pid')}; error_log ${at('log')};
events {} http { access_log off; ${paths.join(' ')} ${server} }
stream { server { listen ${relays.stream}; proxy_pass ${authority.ipv4}:8443; } }`,
  );
  const child = spawn(program, [...before, 'nginx', '-e', at('log'), '-c', at('conf')], { stdio: 'ignore' });
  const script = `const { connect } = require('node:net'); (function knock() { connect(80, '${inside.ipv4}', () => process.exit()).on('error', () => setTimeout(knock, 50)) })()`;
  await runCli([], { program: [program, ...before, process.execPath, '-e', script] });
  return child;
}
