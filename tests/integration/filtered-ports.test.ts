import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { type OpenPorts, openPorts } from '../../src/evidence/network/open-ports.ts';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../support/cli.ts';
import { canMakeNetworks, createNetwork, type Network, outside, said } from '../support/namespaces.ts';

// A platform behind a real firewall (nftables) in a network of its own; ports 443, 8080 and 23456 are served there.
const served = [443, 8080, 23_456];

const server = `const { createServer } = require('node:net');
let waiting = ${served.length};
for (const port of ${JSON.stringify(served)})
  createServer((socket) => socket.on('error', () => {}).end('220 test\\r\\n')).listen(port, '0.0.0.0', () => --waiting || console.log('ready'));`;

describe.skipIf(!canMakeNetworks())('ports behind a firewall', () => {
  let folder: string;
  let network: Network;
  let platform: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leqi-audit-filtered-ports-'));
    network = createNetwork();
    const [program, ...before] = network.outside;
    platform = spawn(program, [...before, process.execPath, '-e', server], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (platform.stdout) await said(platform, platform.stdout, /ready/);
    await writeFile(
      join(folder, 'profile.yaml'),
      `profile: ports
title: { zh: 端口, en: Ports }
mode: any
maxAge: { months: 1 }
sources: { T: { title: { zh: 测试, en: Test } } }
requirements:
  T-1:
    title: { zh: 端口, en: Ports }
    cites: [{ source: T, clause: "1" }]
    part: technology
    occasions: always
    basis: measured
    checks: [network/exposed-ports: { sensitive: { MySQL: { ports: [3306], speaks: [mysql] } } }]
`,
    );
  });

  afterEach(() => {
    inside('flush', 'ruleset');
  });

  afterAll(async () => {
    platform?.kill();
    network?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  function inside(...args: string[]): void {
    const [program, ...before] = network.outside;
    execFileSync(program, [...before, 'nft', ...args], { stdio: 'pipe' });
  }

  function firewall(...rules: string[]): void {
    inside('add', 'table', 'inet', 't');
    inside('add', 'set', 'inet', 't', 'caught', '{ type ipv4_addr; flags dynamic,timeout; timeout 60s; }');
    inside('add', 'chain', 'inet', 't', 'in', '{ type filter hook input priority 0; policy accept; }');
    for (const rule of rules) inside('add', 'rule', 'inet', 't', 'in', ...rule.split(' '));
  }

  async function scan(
    ports: string,
  ): Promise<{ seen: OpenPorts; verdict: string; says: string[]; texts: string; progress: string }> {
    const file = join(folder, 'platform.yaml');
    const out = join(folder, 'out');
    await rm(out, { recursive: true, force: true });
    await writeFile(
      file,
      `profile: ${join(folder, 'profile.yaml')}
zone: 互联网
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 示例直连平台, mode: joint-use, since: 2023-01-01 }
endpoints: [{ address: ${outside.ipv4}, port: 443, direction: inbound }]
limits: { ports: "${ports}", rate: 20000, services: "off" }
`,
    );
    const program = [...network.inside, process.execPath, join(packageRoot, 'src/cli.ts')];
    const { status, stderr } = await runCli(['scan', '--platform', file, '--out', out, '--format', 'html'], {
      program,
    });
    expect([0, 1, 3], stderr).toContain(status);
    const [line = ''] = (await readFile(join(out, 'evidence/observations/openPorts.jsonl'), 'utf8')).split('\n');
    const { verdicts } = {
      verdicts: assessmentSchema.parse(JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8'))),
    };
    const [row] = verdicts.requirements;
    return {
      seen: openPorts.value.parse(JSON.parse(line).observed),
      verdict: row?.verdict ?? '',
      says: row?.findings.map((finding) => finding.says) ?? [],
      texts: row?.findings.map((finding) => finding.text.zh).join('\n') ?? '',
      progress: stderr,
    };
  }

  const onlyDeclared = 'tcp dport != 443 drop';

  test('that drops all but the declared port: nothing else can be reached', async () => {
    firewall(onlyDeclared);
    const { seen, verdict, says, texts, progress } = await scan('1-65535');
    expect(seen).toMatchObject({
      from: '10.77.0.2',
      loopback: false,
      counts: { open: 1, closed: 0, filtered: 65_534 },
    });
    expect(seen.steady).toEqual({ port: 443, asked: seen.steady?.answered, answered: seen.steady?.asked, lost: '' });
    expect([verdict, says]).toEqual(['met', ['onlyDeclaredAnswer']]);
    expect(texts).toContain('取证位置“互联网”（源地址 10.77.0.2）');
    expect(texts).toContain('65534 个端口被过滤');
    expect(progress).toMatch(/端口扫描 10\.77\.0\.1：\d+%/);
  });

  test('that drops everything: silence proves nothing', async () => {
    firewall('tcp dport 1-65535 drop');
    const { seen, verdict, says } = await scan('1-65535');
    expect(seen).toMatchObject({ open: [], counts: { filtered: 65_535 } });
    expect([verdict, says]).toEqual(['unproven', ['silent']]);
  });

  test('that lets one more port through: it is found', async () => {
    firewall('tcp dport { 443, 23456 } accept', 'tcp dport 1-65535 drop');
    const { verdict, says, texts } = await scan('1-65535');
    expect([verdict, says]).toEqual(['unmet', ['undeclaredOpen']]);
    expect(texts).toContain('23456');
  });

  // Port 7 is no common one: only the scan itself touches the trap.
  const trap = 'tcp dport 7 add @caught { ip saddr }';

  test('that shuts out whoever scans: what falls silent then proves nothing', async () => {
    firewall('ip saddr @caught drop', trap);
    const { seen, says } = await scan('1-3000');
    expect(seen.steady?.answered).toBeLessThan(seen.steady?.asked ?? 0);
    expect(says).toContain('disturbed');
    expect(says).not.toContain('onlyDeclaredAnswer');
  });

  test('that shuts scanners out of all but the declared port: what was open before is open', async () => {
    firewall('tcp dport 443 accept', 'ip saddr @caught drop', trap);
    const { seen, verdict, says } = await scan('7,443,8080,23456');
    expect(seen.open.map(({ port }) => port)).toEqual(expect.arrayContaining([443, 8080]));
    expect([verdict, says]).toEqual(['unmet', expect.arrayContaining(['undeclaredOpen', 'notFull'])]);
  });
});
