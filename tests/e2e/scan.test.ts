import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeExamplePlatform } from '../../scripts/example-platform.ts';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { dateIn } from '../../src/evidence/dates.ts';
import { createGate } from '../../src/gate.ts';
import { createScope } from '../../src/scope.ts';
import { type Ended, runCli } from '../support/cli.ts';

let folder: string;
let out: string;
let platform: string;
let endpoint: Server;
let scanned: Ended;

const today = dateIn(new Date(), 'Asia/Shanghai');
const at = (...parts: string[]): string => join(folder, ...parts);
const assessmentIn = async (path: string) => assessmentSchema.parse(JSON.parse(await readFile(path, 'utf8')));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-e2e-'));
  out = at('out');
  const made = await makeExamplePlatform(
    at('platform'),
    today,
    createGate(createScope([], []), () => new Date()),
  );
  platform = made.file;
  endpoint = createServer(
    { cert: await readFile(made.certificate), key: await readFile(made.key), minVersion: 'TLSv1.2' },
    (socket) => socket.end(),
  );
  endpoint.on('tlsClientError', (_, socket) => socket.destroy());
  endpoint.listen(made.port, '127.0.0.1');
  await once(endpoint, 'listening');
  scanned = await runCli(['scan', '--platform', platform, '--out', out]);
});

afterAll(async () => {
  endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a scan of this machine', () => {
  test('leaves evidence, assessment and reports, and exits 1 for what is unmet', async () => {
    expect(scanned, scanned.stderr).toMatchObject({ status: 1 });
    expect((await readdir(out)).toSorted()).toEqual(['assessment.json', 'evidence', 'report.html', 'report.pdf']);
    expect(scanned.stdout).toContain('青岛示例供应链科技有限公司');
    expect(scanned.stderr).toMatch(/已采集/);
  });

  test('finds the month that is missing from the ledger', async () => {
    const { requirements } = await assessmentIn(join(out, 'assessment.json'));
    const kept = requirements.find((row) => row.id === 'QD-5.5-5');
    expect(kept).toMatchObject({ verdict: 'unmet', basis: 'measured' });
    expect(kept?.findings.map((finding) => finding.says)).toContain('emptyMonths');
  });

  test('judges what the example does well', async () => {
    const { requirements } = await assessmentIn(join(out, 'assessment.json'));
    const verdictOf = (id: string) => requirements.find((row) => row.id === id)?.verdict;
    expect(verdictOf('QD-4.3-2')).toBe('met');
    expect(verdictOf('QD-4.3-3')).toBe('met');
    expect(verdictOf('QD-2.1-4')).toBe('met');
    // By papers, ledgers and a signature.
    for (const id of ['QD-2.1-3', 'QD-4.2-4', 'QD-4.4.1', 'QD-5.1-2', 'QD-A2-3']) expect(verdictOf(id), id).toBe('met');
    expect(verdictOf('QD-6.1')).toBe('not-applicable');
  });

  test('holds each invoice of the ledger against its transaction, and its issuer against the register', async () => {
    const { requirements } = await assessmentIn(join(out, 'assessment.json'));
    const saysOf = (id: string, check: string) =>
      requirements.find((row) => row.id === id)?.findings.filter((each) => each.check === check);
    expect(saysOf('QD-2.1-6', 'data/invoice-traceability')).toMatchObject([{ says: 'traced', basis: 'measured' }]);
    expect(saysOf('QD-1.4', 'data/issuer-scope')).toMatchObject([{ says: 'inScope', basis: 'measured' }]);
    expect(saysOf('QD-4.4.1-5', 'data/units-active')).toMatchObject([{ says: 'active', basis: 'measured' }]);
    for (const id of ['QD-1.4', 'QD-2.1-6', 'QD-4.4.1-5'])
      expect(requirements.find((row) => row.id === id)?.verdict, id).toBe('met');
  });

  test('every verdict that is met or unmet cites evidence that is in the bundle', async () => {
    const { requirements, index } = await assessmentIn(join(out, 'assessment.json'));
    const known = new Set(index.map((entry) => entry.id));
    for (const finding of requirements.flatMap((row) => row.findings)) {
      for (const id of finding.cites) expect(known).toContain(id);
      if (finding.outcome === 'met') expect(finding.cites).not.toEqual([]);
    }
  });

  test.each(['zh', 'en'])('the summary in %s has a blank between its columns', async (language) => {
    const { stdout } = await runCli([
      'assess',
      join(out, 'evidence'),
      '--out',
      join(folder, `summary-${language}`),
      '--lang',
      language,
      '--fail-on',
      'none',
    ]);
    const heads =
      language === 'zh'
        ? /不符合 +部分符合 +待确认 +符合 +不适用/
        : /Unmet +Partially met +Unproven +Met +Not applicable/;
    expect(stdout).toMatch(heads);
    for (const line of stdout.split('\n')) if (heads.test(line)) expect(line.trimEnd().length).toBeLessThanOrEqual(80);
  });

  test('the terminal fits 80 columns', async () => {
    const { widthOf } = await import('../../src/reporters/terminal/terminal.ts');
    for (const line of scanned.stdout.split('\n').filter((each) => !each.startsWith(folder)))
      expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  test('the PDF opens again: pages, text, embedded fonts and no Type 3', async () => {
    const pdf = join(out, 'report.pdf');
    const { number } = await assessmentIn(join(out, 'assessment.json'));
    expect(Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [pdf], { encoding: 'utf8' }))?.[1])).toBeGreaterThan(
      10,
    );
    const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
    for (const words of [number, 'QD-5.4-3', '自评报告', '青岛示例供应链科技有限公司']) expect(text).toContain(words);
    const fonts = execFileSync('pdffonts', [pdf], { encoding: 'utf8' }).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(1);
    for (const font of fonts) expect(font).toMatch(/Noto.*CID TrueType\s+\S+\s+yes yes yes/);
  });

  test('the PDF carries the very assessment it shows', async () => {
    execFileSync('pdfdetach', ['-save', '1', '-o', at('attached.json'), join(out, 'report.pdf')]);
    expect(await readFile(at('attached.json'), 'utf8')).toBe(await readFile(join(out, 'assessment.json'), 'utf8'));
  });

  test('a second assessment of the same evidence is the same to the byte, in another time zone and locale', async () => {
    const again = await runCli(['assess', join(out, 'evidence'), '--as-of', today, '--out', at('again')], {
      env: { TZ: 'America/New_York', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    });
    expect(again.status, again.stderr).toBe(1);
    expect(await readFile(at('again', 'assessment.json'), 'utf8')).toBe(
      await readFile(join(out, 'assessment.json'), 'utf8'),
    );
    const report = await runCli(['report', at('again', 'assessment.json'), '--format', 'html'], {
      env: { TZ: 'America/New_York', LANG: 'tr_TR.UTF-8' },
    });
    expect(report.status, report.stderr).toBe(0);
    expect(await readFile(at('again', 'report.html'), 'utf8')).toBe(await readFile(join(out, 'report.html'), 'utf8'));
  });
});

describe('explain', () => {
  test('leads from a verdict to evidence', async () => {
    const { status, stdout } = await runCli(['explain', 'QD-5.5-5', '--assessment', join(out, 'assessment.json')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/QD 5-5-\(2\)/);
    expect(stdout).toMatch(/不符合/);
    expect(stdout).toMatch(/E-[0-9a-f]{10} {2}records {2}ledger/);
  });

  test('traces every verdict of the report', async () => {
    const { requirements } = await assessmentIn(join(out, 'assessment.json'));
    const sample = ['met', 'unmet', 'unproven', 'not-applicable'].flatMap(
      (verdict) => requirements.find((row) => row.verdict === verdict)?.id ?? [],
    );
    expect(sample.length).toBe(4);
    for (const id of sample)
      expect((await runCli(['explain', id, '--assessment', join(out, 'assessment.json')])).stdout).toContain(id);
  });

  test('says what there is for an id that there is not', async () => {
    expect(await runCli(['explain', 'QD-9', '--assessment', join(out, 'assessment.json')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/QD-9/),
    });
  });
});

describe('verify', () => {
  test('holds for what was left', async () => {
    expect(await runCli(['verify', out])).toMatchObject({ status: 0 });
    expect(await runCli(['verify', join(out, 'evidence')])).toMatchObject({ status: 0 });
  });

  test('fails and names the file when one byte changes, wherever it is', async () => {
    await cp(out, at('changed'), { recursive: true });
    const files = (await readdir(at('changed', 'evidence'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const assessment = at('changed', 'assessment.json');
    for (const file of [...files.slice(0, 6), ...files.filter((each) => each.includes('manifest')), assessment]) {
      const bytes = await readFile(file);
      const digit = bytes.findLastIndex((byte) => byte >= 0x30 && byte < 0x39);
      const changed = Buffer.from(bytes);
      changed[digit] = (bytes[digit] ?? 0) + 1;
      await writeFile(file, changed);
      const { status, stdout, stderr } = await runCli(['verify', at('changed')]);
      expect(status, `${file}\n${stdout}${stderr}`).toBe(1);
      expect(stdout).toContain(file.endsWith('.sha256') ? 'manifest.json' : file);
      await writeFile(file, bytes);
    }
  });
});

describe('what goes wrong', () => {
  const changed = async (name: string, change: (text: string) => string): Promise<string> => {
    const file = at('platform', `${name}.yaml`);
    await writeFile(file, change(await readFile(platform, 'utf8')));
    return file;
  };

  test('all mistakes of a platform file at once: file, line, key', async () => {
    const file = await changed('mistakes', (text) =>
      text
        .replace('port: 18443', 'port: 184430')
        .replace('since: 2', 'sinse: 2')
        .replace('engine: sqlite', 'engine: db2'),
    );
    const { status, stderr } = await runCli(['scan', '--platform', file, '--out', at('no')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/mistakes\.yaml:\d+:\d+ {2}platform\.sinse/);
    expect(stderr).toMatch(/mistakes\.yaml:\d+:\d+ {2}endpoints\[0\]\.port/);
    expect(stderr).toMatch(/mistakes\.yaml:\d+:\d+ {2}stores\[0\]\.engine/);
    expect(stderr).not.toMatch(/ at /);
  });

  test('the tax authority is refused before anything is contacted', async () => {
    const file = await changed('authority', (text) =>
      text.replace('address: 127.0.0.1\n    port', 'address: lqpt.chinatax.gov.cn\n    port'),
    );
    const { status, stderr } = await runCli(['scan', '--platform', file, '--out', at('no')]);
    expect(status, stderr).toBe(2);
    expect(stderr).toMatch(/chinatax\.gov\.cn.*QD 5-3/);
    await expect(readdir(at('no'))).rejects.toThrow();
  });

  test('without Chromium the PDF fails with the package’s name; nothing else is lost', async () => {
    const { status, stderr } = await runCli(['report', join(out, 'assessment.json'), '--out', at('without-chromium')], {
      env: { LEQI_CHROMIUM: '/nonexistent/chromium' },
    });
    expect(status).toBe(5);
    expect(stderr).toMatch(/LEQI_CHROMIUM/);
    expect(await readdir(at('without-chromium'))).toEqual(['report.html']);
  });

  test('an interrupted collection keeps what it has, and says the rest is unobserved', async () => {
    const { status, stderr } = await runCli(['collect', '--platform', platform, '--out', at('interrupted')], {
      signal: { after: /已采集/, send: 'SIGINT' },
    });
    expect(status, stderr).toBe(130);
    expect(await runCli(['verify', at('interrupted', 'evidence')])).toMatchObject({ status: 0 });
    expect(
      (await runCli(['assess', at('interrupted', 'evidence'), '--out', at('interrupted'), '--fail-on', 'none'])).status,
    ).toBe(0);
  });

  test('an impossible date, an unknown format, an unknown profile', async () => {
    expect(await runCli(['assess', join(out, 'evidence'), '--as-of', '2026-02-30', '--out', at('no')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/2026-02-30/),
    });
    expect(await runCli(['report', join(out, 'assessment.json'), '--format', 'docx'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/docx/),
    });
    expect(await runCli(['scan', '--platform', platform, '--profile', 'beijing'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/beijing.*qingdao-joint-use/),
    });
  });

  test('--max-unproven exits 3, and 1 wins over 3', async () => {
    const evidence = join(out, 'evidence');
    expect(
      (await runCli(['assess', evidence, '--out', at('limit'), '--fail-on', 'none', '--max-unproven', '0'])).status,
    ).toBe(3);
    expect((await runCli(['assess', evidence, '--out', at('limit'), '--max-unproven', '0'])).status).toBe(1);
  });
});

describe('other commands', () => {
  test.each(['scan', 'collect', 'import', 'assess', 'report', 'verify', 'profiles', 'checks', 'explain'])(
    '%s --help shows an example, in both languages',
    async (command) => {
      const zh = await runCli([command, '--help'], { env: { LANG: 'zh_CN.UTF-8' } });
      const en = await runCli([command, '--help', '--lang', 'en']);
      expect(zh).toMatchObject({ status: 0, stdout: expect.stringMatching(/示例:\n {2}\$ leqi-audit/) });
      expect(en).toMatchObject({ status: 0, stdout: expect.stringMatching(/Example:\n {2}\$ leqi-audit/) });
    },
  );

  test('--print-script prints every command and runs none', async () => {
    const { status, stdout } = await runCli(['collect', '--print-script', '--platform', platform]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/chronyc/);
    expect(() => execFileSync('sh', ['-n'], { input: stdout })).not.toThrow();
  });

  test('profiles and checks print JSON', async () => {
    const profiles: unknown = JSON.parse((await runCli(['profiles', '--json'])).stdout);
    expect(profiles).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'qingdao-joint-use' })]));
    expect(JSON.parse((await runCli(['profiles', 'show', 'natural-system-security', '--json'])).stdout)).toMatchObject({
      name: 'natural-system-security',
    });
    expect(JSON.parse((await runCli(['checks', '--json'])).stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'data/retention' })]),
    );
  });

  test('an unknown option exits 2', async () => {
    expect(await runCli(['scan', '--nmap-args', 'x'])).toMatchObject({ status: 2 });
  });
});
