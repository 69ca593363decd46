import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeAssessment } from '../../src/assessment/file.ts';
import { packageRoot } from '../../src/package-root.ts';
import { findChromium } from '../../src/reporters/pdf/chromium.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { canMakeNetworks } from '../support/namespaces.ts';

let folder: string;
let chromium: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-browser-'));
  // As root the browser is nobody.
  await chmod(folder, 0o755);
  chromium = await findChromium(process.env);
  await writeAssessment(at('assessment.json'), assessmentFixture());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const broken = (how: string): string =>
  `exec ${process.execPath} ${join(packageRoot, 'tests/support/broken-browser.ts')} ${how} ${chromium} "$@"`;

type Case = {
  readonly name: string;
  /** What stands in for the browser: lines of a shell script. */
  readonly script: () => string;
  readonly says: RegExp;
  readonly seconds?: number;
};

const cases: readonly Case[] = [
  {
    name: 'exits at once',
    script: () => 'echo "error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127',
    says: /无法启动：退出码 127，error while loading shared libraries: libnss3\.so.*apt install chromium/,
  },
  {
    name: 'answers with garbage',
    script: () => 'head -c 3000 /dev/urandom >&4; printf "\\0" >&4; exec sleep 1000',
    says: /无法启动：应答的不是浏览器.*LEQI_CHROMIUM/,
  },
  {
    name: 'starts and hangs, with a child of its own',
    script: () => 'trap "" TERM; sleep 1000 & exec sleep 1000',
    says: /启动 3 秒仍无应答，已终止。.*LEQI_CHROMIUM_SECONDS/,
    seconds: 3,
  },
  // A document of some hundred kilobytes: a little more than the time to start.
  {
    name: 'hangs while printing',
    script: () => broken('deaf'),
    says: /排版 1[1-9] 秒仍未完成，已终止。.*LEQI_CHROMIUM_SECONDS/,
    seconds: 10,
  },
  { name: 'is too old', script: () => broken('old'), says: /版本 98 过旧，页眉和页码需要 131 或更新的版本/ },
  { name: 'refuses to print', script: () => broken('full'), says: /浏览器未能排版：.*No space left on device/ },
  { name: 'is killed while printing', script: () => broken('killed'), says: /在排版时中止：退出码 137.*内存不足/ },
  {
    name: 'loses its page while printing',
    script: () => broken('crashed'),
    says: /在排版时中止：页面进程崩溃.*内存不足/,
  },
  {
    name: 'gets 400 MB of address space',
    script: () => `ulimit -v 400000; exec ${chromium} "$@"`,
    says: /无法启动：.*(内存不足|apt install chromium)/,
  },
];

test.concurrent.each(cases)(
  'a browser that $name: said so, other formats written, nothing left, exit 5',
  async ({ name, script, says, seconds }) => {
    // The path of a socket in it must not become too long.
    const own = at(String(cases.findIndex((each) => each.name === name)));
    const temporary = join(own, 'tmp');
    await mkdir(temporary, { recursive: true });
    const browser = join(own, 'browser');
    await writeFile(browser, `#!/bin/sh\n${script()}\n`, { mode: 0o755 });
    await writeFile(join(own, 'report.pdf'), 'of the year before');
    const run = await report(own, {
      LEQI_CHROMIUM: browser,
      TMPDIR: temporary,
      ...(seconds ? { LEQI_CHROMIUM_SECONDS: String(seconds) } : {}),
    });
    expect(run.stderr).toMatch(says);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.status).toBe(5);
    expect((await readdir(own)).toSorted()).toEqual(['browser', 'report.csv', 'report.pdf', 'tmp']);
    expect(readFileSync(join(own, 'report.pdf'), 'utf8')).toBe('of the year before');
    expect(await readdir(temporary)).toEqual([]);
    // What is killed is gone a moment later.
    await vi.waitFor(() => expect(processesThatName(own)).toEqual([]), { timeout: 10_000 });
  },
);

test('a temporary folder that is not there, or full: said so, exit 5', async () => {
  const none = await report(at('none'), { TMPDIR: at('nowhere') });
  expect(none).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(/临时目录 .*nowhere 中准备浏览器：ENOENT.*TMPDIR/),
  });
  if (!canMakeNetworks()) return;
  await mkdir(at('full'));
  const mount = 'mount -t tmpfs -o size=64k tmpfs "$TMPDIR" && head -c 61440 /dev/zero >"$TMPDIR/filler"; exec "$@"';
  const full = await report(at('other'), { TMPDIR: at('full') }, ['unshare', '-m', 'sh', '-c', mount, 'sh']);
  expect(full.stderr).toMatch(/^未能生成的报告：pdf：.*(临时目录|浏览器).*已生成：.*report\.csv/);
  expect(full.status).toBe(5);
});

test('a temporary folder whose path is too long for a socket: said so, exit 5', async () => {
  const long = at('x'.repeat(100));
  await mkdir(long, { mode: 0o755 });
  const run = await report(at('none'), { TMPDIR: long });
  expect(run).toMatchObject({ status: 5, stderr: expect.stringMatching(/无法启动：.*TMPDIR .*路径要短/) });
  expect(await readdir(long)).toEqual([]);
});

test('ended while the browser is at work: nothing half-written, nothing left, exit 130', async () => {
  const own = at('interrupted');
  await mkdir(join(own, 'tmp'), { recursive: true });
  const [browser, fifo] = [join(own, 'browser'), join(own, 'fifo')];
  execFileSync('mkfifo', ['-m', '666', fifo]);
  await writeFile(browser, `#!/bin/sh\necho up >${fifo}\nexec sleep 1000\n`, { mode: 0o755 });
  const whenUp = `"$@" & read -r _ <${fifo}; kill -TERM $!; wait $!`;
  const env = { LEQI_CHROMIUM: browser, TMPDIR: join(own, 'tmp') };
  expect(await report(own, env, ['sh', '-c', whenUp, 'sh'])).toMatchObject({ status: 130, stderr: '' });
  expect(await readdir(join(own, 'tmp'))).toEqual([]);
  expect(existsSync(join(own, 'report.pdf'))).toBe(false);
  // What is killed is gone a moment later.
  await vi.waitFor(() => expect(processesThatName(own)).toEqual([]), { timeout: 10_000 });
});

test('doctor says the same of a browser that does not work', async () => {
  await mkdir(at('doctor'), { recursive: true });
  await writeFile(at('doctor', 'browser'), `#!/bin/sh\n${broken('old')}\n`, { mode: 0o755 });
  const { status, stdout } = await runCli(['doctor', '--platform', at('none.yaml'), '--out', at('doctor')], {
    env: { LEQI_CHROMIUM: at('doctor', 'browser') },
  });
  expect(status).toBe(5);
  expect(stdout.replace(/\s+/g, '')).toMatch(/✗浏览器.*版本98过旧.*LEQI_CHROMIUM/);
});

test('a limit that is no number is refused', async () => {
  expect(await report(at('none'), { LEQI_CHROMIUM_SECONDS: 'soon' })).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('LEQI_CHROMIUM_SECONDS 应为'),
  });
});

function report(out: string, env: Record<string, string>, before: readonly string[] = []): Promise<Ended> {
  const program = [...before, process.execPath, join(packageRoot, 'src/cli.ts')];
  return runCli(['report', at('assessment.json'), '--format', 'pdf,csv', '--out', out, '--quiet'], { env, program });
}

/** Processes whose command line has a path in it. */
function processesThatName(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLineOf(pid))
    .filter((line) => line.includes(path));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
