import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assessment, assessmentSchema } from '../../src/assessment/assessment.ts';
import { packageRoot } from '../../src/package-root.ts';
import { widthOf } from '../../src/reporters/terminal/terminal.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { pointsIn, timed } from '../support/doctor.ts';
import { type Example, exampleOf } from '../support/example.ts';
import { inFolder } from '../support/folder.ts';
import { listening } from '../support/servers.ts';

const head = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
`;
const store = (path: string): string =>
  `stores: [{ name: ledger, engine: sqlite, path: ${path}, tables: [{ name: t, holds: invoices, time: at }] }]\n`;
const endpoint = (port: number, more = ''): string =>
  `endpoints: [{ address: 127.0.0.1, port: ${port}, direction: inbound${more} }]\n`;
const local = 'hosts: [{ name: app-1, address: 127.0.0.1, transport: local }]\n';
const measured = ['--origin', 'host,network,database'];

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.destroy());
  port = await listening(server, '127.0.0.1');
});
afterAll(() => {
  server.close();
});

/** Runs doctor on a platform file of this text, without a PDF unless asked for. */
function doctor(
  yaml: string,
  args: readonly string[] = [],
  options: Parameters<typeof runCli>[1] & { files?: Record<string, string | Buffer> } = {},
): Promise<Ended> {
  const { files = {}, ...run } = options;
  return inFolder({ ...files, 'platform.yaml': yaml }, (at) =>
    runCli(
      ['doctor', '--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--lang', 'en', ...args],
      run,
    ),
  );
}

function database(at: string): void {
  const made = new DatabaseSync(at);
  made.exec('CREATE TABLE t (at TEXT)');
  made.close();
}

describe('this machine and what it reaches by itself', () => {
  test('nothing lacks: exit 0, quickly, and the output folder is left as it was', async () => {
    await inFolder({ 'platform.yaml': head + local + endpoint(port) + store('ledger.sqlite') }, async (at) => {
      database(at('ledger.sqlite'));
      const args = ['--platform', at('platform.yaml'), '--out', at('deep/out'), '--format', 'html', ...measured];
      const ended = await timed(() => runCli(['doctor', ...args, '--json']));
      expect(ended.stdout, ended.stderr).toContain('"points"');
      expect(pointsIn(ended).filter(({ state }) => state !== 'ok')).toEqual([]);
      expect(ended.status).toBe(0);
      expect(pointsIn(ended).map(({ what }) => what.en)).toEqual(
        expect.arrayContaining(['Node', 'nmap', 'rights', 'clock', 'locale', 'output folder', 'app-1', 'ledger']),
      );
      expect(spawnSync('ls', ['-A', at('')]).stdout.toString()).toBe('ledger.sqlite\nplatform.yaml\n');
    });
  });

  test('the browser is started where a PDF is wanted, and one that is not there is lacking: exit 5', async () => {
    const env = { LEQI_CHROMIUM: '/nonexistent/browser' };
    const lacking = await doctor(head + local, ['--format', 'pdf', ...measured], { env });
    expect(lacking).toMatchObject({
      status: 5,
      stdout: expect.stringMatching(/✗ browser {9}the browser that LEQI_CHROMIUM/),
    });
    const there = await doctor(head + local, ['--format', 'pdf', '--json', ...measured]);
    const browser = pointsIn(there).find(({ what }) => what.en === 'browser');
    // On a busy machine it may take longer than there is time.
    expect(browser?.says.en).toMatch(/^starts, version \d+$|^gave no answer in time$/);
  });

  test.each([
    ['below a file', '/dev/null/out'],
    ['where nobody can make a folder', '/proc/out'],
    ['a file', '/dev/null'],
  ])('an output folder %s is lacking: exit 5', async (_, out) => {
    const ended = await doctor(head + local, ['--out', out, ...measured]);
    expect(ended).toMatchObject({ status: 5, stdout: expect.stringContaining('✗ output folder') });
  });

  test('without nmap the rows of open ports may stay unproven: exit 3', async () => {
    const ended = await doctor(head + endpoint(port), ['--origin', 'network', '--json'], { program: withoutNmap() });
    const nmap = pointsIn(ended).find(({ what }) => what.en === 'nmap');
    expect(nmap).toMatchObject({
      state: 'unproven',
      leaves: { surely: false },
      says: { en: expect.stringMatching(/^not installed/) },
    });
    expect(nmap?.leaves?.requirements).toContain('NS-6');
    expect(ended.status).toBe(3);
  });

  test('a clock that cannot be right is lacking: exit 5', async () => {
    await inFolder({ 'platform.yaml': head + local }, async (at) => {
      spawnSync('touch', ['-d', '2099-01-01', at('platform.yaml')]);
      const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', ...measured];
      expect(await runCli(['doctor', ...args])).toMatchObject({
        status: 5,
        stdout: expect.stringContaining('早于平台文件的修改时间'),
      });
    });
  });
});

// The same /usr/bin without nmap, in a mount namespace of its own.
function withoutNmap(): string[] {
  const script =
    'd=$(mktemp -d); trap "umount /usr/bin; umount $d/all; rm -rf $d" EXIT; mkdir $d/all $d/bin; mount --bind /usr/bin $d/all; ' +
    'ln -s $d/all/* $d/bin; rm $d/bin/nmap; mount --bind $d/bin /usr/bin; "$0" "$@"';
  return ['unshare', '-m', 'sh', '-c', script, process.execPath, join(packageRoot, 'src/cli.ts')];
}

describe('the platform file', () => {
  test.each([
    ['is not there', '', /cannot read .*no such file[\s\S]*leqi-audit init/],
    ['has mistakes: all are named', `${head}hosts: [{ name: a }]\nzone: ''\n`, /zone: Too[\s\S]*hosts\[0\]\.address/],
    [
      'names a profile that there is not',
      head.replace('natural-system-security', 'atlantis'),
      /no profile named "atlantis"/,
    ],
    [
      'declares the tax authority',
      `${head}hosts: [{ name: a, address: lqpt.chinatax.gov.cn }]\n`,
      /scope guard\s+refused/,
    ],
    [
      'declares a name that leads to the tax authority',
      `${head}taxAuthority: [127.0.0.0/8, '::1']\nendpoints: [{ address: localhost, port: 1, direction: inbound }]\n`,
      /✗ localhost {7}scope guard\s+refused/,
    ],
  ])('%s: exit 2, and the machine is looked at all the same', async (_, yaml, says) => {
    const args = yaml === '' ? ['--platform', '/nonexistent/platform.yaml'] : [];
    const { status, stdout } = await doctor(yaml, [...args, '--origin', 'network']);
    expect(stdout).toMatch(says);
    expect(stdout).toMatch(/✓ Node/);
    expect(status).toBe(2);
  });
});

describe('what is declared', () => {
  test('an endpoint that refuses, one without its authority, a store that is none: with the rows they leave', async () => {
    const refused = head + endpoint(1, ', authority: ca.pem') + store('ledger.sqlite');
    const ended = await doctor(refused, [...measured, '--json'], { files: { 'ledger.sqlite': 'no database' } });
    const lacks = pointsIn(ended).filter(({ state, area }) => state !== 'ok' && area !== 'hosts');
    expect(lacks.map(({ what, says, leaves }) => [what.en, says.en, leaves?.surely])).toEqual([
      ['127.0.0.1:1', 'ECONNREFUSED', true],
      ['127.0.0.1:1', 'ca.pem: ENOENT', false],
      ['ledger', expect.stringMatching(/not a database|^failed/), true],
    ]);
    expect(lacks[0]?.leaves?.requirements).toContain('NS-2');
    expect(ended.status).toBe(3);
  });

  test('what surely stays unproven is unproven after a scan', async () => {
    const host = 'hosts: [{ name: app-1, address: 127.0.0.1, transport: ssh, ssh: { port: 1 } }]\n';
    const yaml = head.replace('natural-system-security', 'qingdao-joint-use').replace('self-use', 'joint-use');
    const declared = `${yaml}${host}${endpoint(1)}${store('none.sqlite')}limits: { ports: 1-1024 }\n`;
    await inFolder({ 'platform.yaml': declared }, async (at) => {
      const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', ...measured];
      const lacks = pointsIn(await runCli(['doctor', ...args, '--json'])).filter(({ leaves }) => leaves);
      expect(lacks.map(({ area }) => area)).toEqual(['endpoints', 'hosts', 'stores']);
      const scanned = await runCli(['scan', ...args, '--fail-on', 'none', '--json']);
      const { requirements } = assessmentSchema.parse(JSON.parse(scanned.stdout));
      for (const id of lacks.flatMap(({ leaves }) => leaves?.requirements ?? []))
        expect(requirements.find((each) => each.id === id)?.verdict, id).toBe('unproven');
    });
  });

  test('no network and silent servers: told within ten seconds, 80 columns wide in both languages', async () => {
    const yaml = `${head}hosts: [{ name: app-1, address: app-1.example, transport: ssh }]\n${endpoint(443).replace('127.0.0.1', 'app-1.example')}`;
    for (const language of ['zh', 'en']) {
      const program = ['unshare', '-n', process.execPath, join(packageRoot, 'src/cli.ts')];
      const ended = await timed(() => doctor(yaml, ['--lang', language], { program }));
      expect(ended.stdout).toMatch(/! app-1\.example/);
      for (const line of ended.stdout.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
      expect(ended.status).toBe(3);
    }
  });
});

test('a name server that is silent holds nothing up', async () => {
  const yaml = `${head}endpoints: [{ address: app-1.example, port: 443, direction: inbound }]\n`;
  const silent = "require('dgram').createSocket('udp4').bind(53, '127.0.0.1')";
  const script = `ip link set lo up; echo nameserver 127.0.0.1 >"$0.resolv"; mount --bind "$0.resolv" /etc/resolv.conf
    "$1" -e "${silent}" & trap "kill $!" EXIT; sleep 1; "$@"`;
  await inFolder({}, async (at) => {
    const node = [process.execPath, join(packageRoot, 'src/cli.ts')];
    const program = ['unshare', '-n', '-m', 'sh', '-c', script, at('name'), ...node];
    const start = performance.now();
    const ended = await doctor(yaml, ['--origin', 'network', '--json'], { program });
    // A lookup by the system's own patience takes 15 seconds.
    expect(performance.now() - start).toBeLessThan(10_500);
    expect(pointsIn(ended).find(({ area }) => area === 'names')).toMatchObject({ state: 'unproven' });
    expect(ended.status).toBe(3);
  });
});

describe('papers, figures and ledgers', () => {
  let example: Example;
  let before: Assessment;
  beforeAll(async () => {
    example = await exampleOf('qingdao-joint-use');
    before = await example.assessed('renewal');
  });
  afterAll(() => example.remove());
  const verdictIn = ({ requirements }: Assessment, id: string) => requirements.find((each) => each.id === id)?.verdict;

  test.each([
    ['graded-protection-assessment', '14-等级测评报告.txt'],
    ['trade-statement', '04-平台交易收入统计表.txt'],
    ['platform-trade', 'series/platform-trade.csv'],
    ['events', 'ledgers/events.csv'],
    ['signed-statements', '25-已签署声明.txt'],
  ])('without the file of %s just the rows that doctor names become unproven', async (name, file) => {
    const lost = `lost-${basename(file)}`;
    const copy = await mkdtemp(join(tmpdir(), 'leqi-audit-doctor-'));
    try {
      await cp(example.folder, copy, { recursive: true });
      const yaml = await readFile(join(copy, 'platform.yaml'), 'utf8');
      await writeFile(join(copy, 'platform.yaml'), yaml.replace(file, lost));
      const args = ['--platform', join(copy, 'platform.yaml'), '--out', copy, '--format', 'html', '--origin', 'filed'];
      const point = pointsIn(await runCli(['doctor', ...args, '--json'])).find(({ what }) => what.en === name);
      expect(point).toMatchObject({ state: 'unproven', says: { zh: `未找到：${lost}`, en: `not found: ${lost}` } });
      const after = await example.assessed('renewal', [{ file: 'platform.yaml', from: file, to: lost }]);
      const changed = before.requirements.filter(({ id, verdict }) => verdict !== verdictIn(after, id));
      expect(changed.length).toBeGreaterThan(0);
      expect(point?.leaves?.requirements).toEqual(expect.arrayContaining(changed.map(({ id }) => id)));
      for (const { id } of changed) expect(verdictIn(after, id), id).toBe('unproven');
      const surely = point?.leaves?.surely ? point.leaves.requirements : [];
      for (const id of surely) expect(['unproven', 'unmet', 'not-applicable'], id).toContain(verdictIn(after, id));
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
