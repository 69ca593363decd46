import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';
import { acceptedBy } from './tls-agreement.ts';

// The TLS prober beside sslscan, nmap and testssl.sh, on a strong and a weak nginx, at 0 and at 40 ms. As root, for the namespaces
// of the 40 ms link. Usage: node benchmarks/tls.ts [runs] [--testssl]

const runs = Number(process.argv.find((arg) => /^\d+$/.test(arg)) ?? 3);
const withTestssl = process.argv.includes('--testssl');
const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-benchmark-tls-'));
const at = (name: string): string => join(folder, name);
const ports = { strong: 9543, weak: 9544, status: 9545 } as const;
const children: ChildProcess[] = [];

/** Addresses of one server, each with an endpoint of its own. */
const fleet = Array.from({ length: 200 }, (_, index) => `10.99.0.${index + 1}`);
const onlyTls = `profile: only-tls
title: { zh: 仅 TLS, en: TLS only }
mode: any
maxAge: { months: 3 }
sources: { OWN: { title: { zh: 基准测试, en: Benchmark }, issued: "2026-01" } }
requirements:
  TLS-1:
    title: { zh: 协议版本, en: Protocol versions }
    cites: [{ source: OWN, clause: "1" }]
    part: technology
    occasions: always
    basis: measured
    checks: [{ tls/protocol-versions: { allowed: [TLSv1.2, TLSv1.3], forbidden: [TLSv1.1] } }]
`;

type Place = { name: string; address: string; client: string[]; server: string[] };
type Tool = { name: string; args(address: string, port: number): string[] };
/** `inside`: seconds without the start of the process, where the tool tells. */
type Result = { wall: number; inside?: number; cpu: number; connections: number; output: string };

// Built, as a user has it.
const cli = [process.execPath, at('built/src/cli.js')];
const probe = (name: string, ...options: string[]): Tool => ({
  name: `leqi-audit probe tls${name}`,
  args: (address, port) => [...cli, 'probe', 'tls', `${address}:${port}`, '--json', ...options],
});
const tools: Tool[] = [
  probe(', versions and suites', '--suites-only'),
  probe(', everything'),
  probe(', everything, 8 at a time', '--platform', at('gentle.yaml')),
  {
    name: 'sslscan, versions and suites',
    args: (address, port) => [
      'sslscan',
      ...[
        'no-colour',
        'no-check-certificate',
        'no-cipher-details',
        'no-groups',
        'no-heartbleed',
        'no-renegotiation',
      ].map((option) => `--${option}`),
      ...['no-compression', 'no-fallback', 'iana-names'].map((option) => `--${option}`),
      `${address}:${port}`,
    ],
  },
  {
    name: 'sslscan, default',
    args: (address, port) => ['sslscan', '--no-colour', '--iana-names', `${address}:${port}`],
  },
  {
    name: 'nmap ssl-enum-ciphers',
    args: (address, port) => ['nmap', '-n', '-Pn', '-p', `${port}`, '--script', 'ssl-enum-ciphers', address],
  },
  ...(withTestssl
    ? [
        {
          name: 'testssl.sh -p -E',
          args: (address: string, port: number) => [
            ...['testssl', '-p', '-E', '--mapping', 'iana', '--color', '0', '--warnings', 'off'],
            `${address}:${port}`,
          ],
        },
      ]
    : []),
];

try {
  await build();
  await makeFiles();
  process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores, medians of ${runs} runs\n`);
  await measurePlace({ name: '0 ms', address: '127.0.0.1', client: [], server: [] });
  if (process.getuid?.() === 0) await measureDistant();
  else process.stdout.write('\n40 ms: not measured, for only root may make a network namespace\n');
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true, force: true });
}

async function measureDistant(): Promise<void> {
  const link = spawn('python3', [join(packageRoot, 'benchmarks/delay-link.py'), 'leqi-client', 'leqi-server', '20'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(link.stdout, 'data');
  try {
    const within = (name: string): string[] => ['ip', 'netns', 'exec', name];
    await measurePlace({
      name: '40 ms round trip',
      address: '10.98.0.2',
      client: within('leqi-client'),
      server: within('leqi-server'),
    });
    await measureFleet(within('leqi-client'), within('leqi-server'));
  } finally {
    link.kill();
    await once(link, 'close');
  }
}

async function measurePlace(place: Place): Promise<void> {
  const server = start([...place.server, 'nginx', '-e', at('log'), '-c', at('nginx.conf')]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (const kind of ['strong', 'weak'] as const) {
    process.stdout.write(`\n${kind} nginx, ${place.name}\n`);
    let ours: Result | undefined;
    for (const tool of tools) {
      const result = measure(tool, place, ports[kind]);
      ours ??= result;
      const ratio = `${(result.wall / ours.wall).toFixed(1)}×`;
      const inside = result.inside === undefined ? '' : `, ${result.inside.toFixed(2)} s of it the probe itself`;
      process.stdout.write(
        `  ${tool.name.padEnd(34)} ${result.wall.toFixed(2).padStart(7)} s ${ratio.padStart(7)} ${result.cpu.toFixed(2).padStart(7)} s CPU ${String(result.connections).padStart(6)} connections  ${agreement(ours.output, result.output)}${inside}\n`,
      );
    }
  }
  server.kill();
  await once(server, 'close');
}

async function measureFleet(client: string[], inServer: string[]): Promise<void> {
  const run = ([command = '', ...args]: string[]): string => execFileSync(command, args, { encoding: 'utf8' });
  for (const address of fleet) run([...inServer, 'ip', 'address', 'add', `${address}/32`, 'dev', 'lo']);
  run([...client, 'ip', 'route', 'add', '10.99.0.0/24', 'via', '10.98.0.2']);
  const server = start([...inServer, 'nginx', '-e', at('log'), '-c', at('nginx.conf')]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const started = performance.now();
  run([...client, ...cli, 'collect', '--platform', at('fleet.yaml'), '--out', at('fleet'), '--quiet']);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const seen = await readFile(at('fleet/evidence/observations/tls.jsonl'), 'utf8');
  const whole = seen
    .split('\n')
    .filter((line) => line.includes('"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"')).length;
  process.stdout.write(
    `\n${fleet.length} endpoints (strong nginx, 40 ms), leqi-audit collect: ${seconds} s, ${whole} with suites\n`,
  );
  server.kill();
  await once(server, 'close');
}

function measure(tool: Tool, place: Place, port: number): Result {
  const results = Array.from({ length: runs }, () => runOnce(tool, place, port));
  const middle = Math.floor(results.length / 2);
  const [first] = results;
  if (!first) throw new Error('no run');
  return results.toSorted((a, b) => a.wall - b.wall)[middle] ?? first;
}

function runOnce(tool: Tool, place: Place, port: number): Result {
  const before = accepts(place);
  const started = performance.now();
  // The shell's `time` tells the CPU time of the child.
  const output = execFileSync(
    'bash',
    [
      '-c',
      'TIMEFORMAT="cpu=%U+%S"; { time "$@" 2>&1; } 2>&1',
      'bash',
      ...place.client,
      ...tool.args(place.address, port),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' },
  );
  const wall = (performance.now() - started) / 1000;
  const [, user = '0', system = '0'] = output.match(/cpu=([\d.]+)\+([\d.]+)/) ?? [];
  const inside = output.match(/"seconds": ([\d.]+)/)?.[1];
  return {
    wall,
    ...(inside ? { inside: Number(inside) } : {}),
    cpu: Number(user) + Number(system),
    connections: accepts(place) - before - 1,
    output,
  };
}

// What nginx has accepted so far, by its own count.
function accepts({ address, client }: Place): number {
  const [command = '', ...args] = [
    ...client,
    'bash',
    '-c',
    `exec 3<>/dev/tcp/${address}/${ports.status}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`,
  ];
  const text = execFileSync(command, args, { encoding: 'utf8' });
  return Number(text.match(/\n\s*(\d+)\s+\d+\s+\d+\s*\n/)?.[1] ?? 0);
}

function agreement(ours: string, theirs: string): string {
  const mine = acceptedBy(ours);
  const other = acceptedBy(theirs);
  const missing = [...mine].filter((each) => !other.has(each));
  const more = [...other].filter((each) => !mine.has(each));
  if (missing.length + more.length === 0) return `${other.size} suites, all the same`;
  const named = (list: readonly string[]): string => `${list.slice(0, 2).join(', ')}${list.length > 2 ? ', …' : ''}`;
  return `${other.size} suites; ${missing.length} fewer (${named(missing)}), ${more.length} more (${named(more)})`;
}

function start([command = '', ...args]: string[]): ChildProcess {
  const child = spawn(command, args, {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  children.push(child);
  return child;
}

async function build(): Promise<void> {
  execFileSync(process.execPath, [join(packageRoot, 'scripts/build.ts'), at('built')]);
  await copyFile(join(packageRoot, 'package.json'), at('built/package.json'));
  await symlink(join(packageRoot, 'node_modules'), at('built/node_modules'));
}

async function makeFiles(): Promise<void> {
  for (const [name, key] of [
    ['rsa', ['rsa:2048']],
    ['ec', ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']],
  ] as const) {
    const out = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-newkey', ...key, ...out],
      {
        stdio: 'pipe',
      },
    );
  }
  execFileSync('openssl', ['dhparam', '-dsaparam', '-out', at('dh.pem'), '2048'], { stdio: 'pipe' });
  const platform = `profile: ${at('profile.yaml')}
unit: { name: 示例单位, creditCode: 91350100M000100Y43 }
platform: { name: 示例平台, mode: joint-use, since: 2023-01-01 }
`;
  await writeFile(at('gentle.yaml'), `${platform}limits: { tls: { connections: 8 } }\n`);
  const endpoints = fleet.map((address) => `  - { address: ${address}, port: ${ports.strong}, direction: inbound }\n`);
  await writeFile(at('fleet.yaml'), `${platform}endpoints:\n${endpoints.join('')}`);
  await writeFile(at('profile.yaml'), onlyTls);
  const pair = (name: string): string =>
    `ssl_certificate ${at(`${name}.pem`)}; ssl_certificate_key ${at(`${name}.key`)};`;
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${at(each)};`);
  const strong =
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305';
  await writeFile(
    at('nginx.conf'),
    `daemon off; pid ${at('pid')}; worker_processes 1; error_log ${at('log')};
events { worker_connections 2048; }
http { access_log off; ${paths.join(' ')} ssl_prefer_server_ciphers on; ${pair('rsa')} ${pair('ec')} ssl_dhparam ${at('dh.pem')};
server { listen ${ports.strong} ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ${strong}; return 200; }
server { listen ${ports.weak} ssl; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0; return 200; }
server { listen ${ports.status}; location / { stub_status; } } }
`,
  );
}
