import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBundle } from '../../src/bundle/bundle.ts';
import { runCli } from '../support/cli.ts';

const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

const hostNames = ['app-1', '数据库 2'];
const platformText = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
hosts:
${hostNames.map((name, index) => `  - { name: '${name}', address: 127.0.0.${index + 1}, transport: script }`).join('\n')}
`;

const collect = (...args: string[]) =>
  runCli(['collect', '--platform', at('platform.yaml'), '--out', at('out'), ...args]);
const bring = (...files: string[]) =>
  runCli(['import', ...files.map(at), '--platform', at('platform.yaml'), '--out', at('out'), '--lang', 'en']);
const ofHosts = async () =>
  (await readBundle(at('out/evidence'))).observations.filter(({ subject }) => hostNames.includes(subject));

let script: string;
let output: Buffer;

beforeAll(async () => {
  await writeFile(at('platform.yaml'), platformText);
  const printed = await collect('--print-script', '--host', 'app-1');
  expect(printed).toMatchObject({ status: 0, stderr: '' });
  script = printed.stdout;
  await writeFile(at('app-1.sh'), script);
  output = spawnSync('sh', [at('app-1.sh')], { maxBuffer: 1e9 }).stdout;
  await writeFile(at('app-1.out'), output);
});

describe('the printed script', () => {
  test('says what it is, why each command is there, and carries the digest of what follows', () => {
    expect(script).toMatch(
      /^#!\/bin\/sh\n# leqi-audit [\d.]+：平台「乐企直连平台」主机 app-1 的采集脚本，打印于 20\d\d-/,
    );
    const shown = script.match(/SHA-256：([0-9a-f]{64})/)?.[1];
    const [below = ''] = script.split(/^# -+\n/m).slice(1);
    expect(createHash('sha256').update(below).digest('hex')).toBe(shown);
    expect(output.toString()).toContain(`@${shown} begin `);
    const byTools = execFileSync('sh', ['-c', `sed '1,/^# ---/d' ${at('app-1.sh')} | sha256sum`]).toString();
    expect(byTools.split(' ')[0]).toBe(shown);
    for (const line of script.matchAll(/^part (\d+) /gm)) {
      const before = script.slice(0, line.index).trimEnd().split('\n').at(-1);
      expect(before, line[0]).toMatch(/^# \S/);
    }
  });

  test('is the same every time but for the date, and another for another host', async () => {
    const undated = (text: string): string => text.replace(/打印于 \S+/, '');
    expect(undated((await collect('--print-script', '--host', 'app-1')).stdout)).toBe(undated(script));
    const other = (await collect('--print-script', '--host', '数据库 2')).stdout;
    expect(other.match(/[0-9a-f]{64}/)?.[0]).not.toBe(script.match(/[0-9a-f]{64}/)?.[0]);
  });

  test('wants a host named where there are several', async () => {
    expect(await collect('--print-script', '--lang', 'en')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'name one host of the platform file with --host: app-1, 数据库 2\n',
    });
  });
});

describe('import', () => {
  test('puts the evidence where the collection left a gap, and nothing else changes', async () => {
    expect((await bring('app-1.out')).status).toBe(2);
    expect(await collect()).toMatchObject({ status: 0 });
    const before = await ofHosts();
    expect(before.every(({ unobserved }) => unobserved?.reason === 'not-collected')).toBe(true);
    const others = (await readBundle(at('out/evidence'))).observations.filter(({ subject }) => subject !== 'app-1');
    expect(await bring('app-1.out')).toMatchObject({ status: 0, stdout: `${at('out/evidence')}\n` });
    const after = await readBundle(at('out/evidence'));
    expect(after.observations.filter(({ subject }) => subject !== 'app-1')).toEqual(others);
    const mine = after.observations.filter(({ subject }) => subject === 'app-1');
    expect(mine.map(({ kind }) => kind)).toEqual(
      before.filter(({ subject }) => subject === 'app-1').map(({ kind }) => kind),
    );
    const seen = mine.filter(({ observed }) => observed);
    expect(seen.length).toBeGreaterThan(3);
    for (const { source } of seen) expect(source.method).toMatch(/by hand-carried script sha256:[0-9a-f]{16}/);
    expect((await runCli(['verify', at('out/evidence')])).status).toBe(0);
    // Brought again, it is the same.
    const manifest = await readFile(at('out/evidence/manifest.json'), 'utf8');
    expect(await bring('app-1.out')).toMatchObject({ status: 0 });
    expect(await readFile(at('out/evidence/manifest.json'), 'utf8')).toBe(manifest);
  });

  const text = () => output.toString('latin1');
  test.each<[string, () => string, RegExp]>([
    ['cut in the middle', () => text().slice(0, text().length / 2), /is cut short/],
    ['cut before its last line', () => text().trimEnd().split('\n').slice(0, -1).join('\n'), /is cut short/],
    ['with a word changed', () => text().replace('rights root', 'rights sudo'), /a checksum differs/],
    [
      'with a part of it removed',
      () => text().replace(/^@\w+ part 2 .*?(?=^@\w+ part 3 )/ms, ''),
      /lines added, removed or moved/,
    ],
    ['with line ends converted', () => text().replaceAll('\n', '\r\n'), /line ends converted to CRLF/],
    [
      'of another script',
      () => text().replaceAll(/^@[0-9a-f]{8}/gm, '@00000000'),
      /another version, profile or platform file/,
    ],
    [
      'of a host that is not declared',
      () =>
        text()
          .replaceAll(/^@[0-9a-f]{8}/gm, '@00000000')
          .replace('|host app-1', '|host web-9'),
      /does not declare/,
    ],
    ['that is something else', () => 'root:x:0:0\n', /is not the output of a host script/],
    ['that is empty', () => '', /is not the output of a host script/],
  ])('refuses an output %s', async (_, change, says) => {
    await writeFile(at('changed.out'), Buffer.from(change(), 'latin1'));
    const manifest = await readFile(at('out/evidence/manifest.json'), 'utf8');
    const { status, stderr } = await bring('changed.out');
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
    expect(await readFile(at('out/evidence/manifest.json'), 'utf8')).toBe(manifest);
  });

  // The digest covers the commands, not the machine: a name stands in for another host’s.
  test('refuses an output of a machine that bears another declared host’s name', async () => {
    const elsewhere = script.replace('run=', 'uname() { [ "$1" = -n ] && echo \'数据库 2.example\'; }\nrun=');
    await writeFile(at('elsewhere.out'), spawnSync('sh', { input: elsewhere, maxBuffer: 1e9 }).stdout);
    expect(await bring('elsewhere.out')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/made for app-1, but was run on a machine named 数据库 2/),
    });
  });

  test('refuses an output of the future, and two of one host', async () => {
    // The digest covers the commands, not the clock: a date of the year 2100 stands in for the host’s.
    const early = script.replace('run=', 'date() { command date -d "2100-01-01" "$@"; }\nrun=');
    await writeFile(at('future.out'), spawnSync('sh', { input: early, maxBuffer: 1e9 }).stdout);
    expect(await bring('future.out')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/dated in the future/),
    });
    expect(await bring('app-1.out', 'app-1.out')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/two outputs/),
    });
  });

  test('refuses what is older than what is there', async () => {
    const early = script.replace('run=', 'date() { command date -d "2026-01-01" "$@"; }\nrun=');
    await writeFile(at('old.out'), spawnSync('sh', { input: early, maxBuffer: 1e9 }).stdout);
    expect(await bring('old.out')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/newer than what is imported/),
    });
  });
});
