import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAssessment } from '../../src/assessment/file.ts';
import { createProgressLine } from '../../src/commands/progress-line.ts';
import { packageRoot } from '../../src/package-root.ts';
import { widthOf } from '../../src/reporters/terminal/width.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';

const erase = '\r\u001b[K';

function terminal(columns?: number) {
  const written: string[] = [];
  return {
    written,
    line: createProgressLine({
      write: (text: string) => written.push(text),
      ...(columns === undefined ? {} : { columns }),
    }),
  };
}

test('a bar, then what was done last', () => {
  const { written, line } = terminal(80);
  line.show(50, 200, 'collected host app-1');
  expect(written).toEqual([`${erase}[#####---------------] 50/200 collected host app-1`]);
});

test.each([
  [80, '已采集主机'.repeat(30)],
  [200, 'x'.repeat(300)],
  [30, '已采集 host 应用服务器一号'],
  [undefined, 'e\u0301'.repeat(100)],
  [0, 'x'.repeat(300)],
])('on %s columns it stays on one line, and below 80', (columns, words) => {
  const { written, line } = terminal(columns);
  line.show(1, 1000, words);
  const shown = written.join('').slice(erase.length);
  expect(widthOf(shown)).toBeLessThan(Math.min(columns || 80, 80));
  expect(shown).toMatch(/…$/);
});

test('a hostile name moves no cursor', () => {
  const { written, line } = terminal(80);
  line.show(1, 2, 'host \u001b[2J\r\nx');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(written.join('').slice(erase.length)).not.toMatch(/[\u0000-\u001f]/);
});

test('other words come above it, and it goes away at the end', () => {
  const { written, line } = terminal(80);
  line.above(() => written.push('early\n'));
  line.show(1, 2, 'a');
  line.above(() => written.push('note\n'));
  line.show(2, 2, 'b');
  expect(written.join('')).toBe(
    `early\n${erase}[##########----------] 1/2 a${erase}note\n${erase}[##########----------] 1/2 a${erase}`,
  );
});

test('while it is held nothing is drawn', () => {
  const { written, line } = terminal(80);
  line.show(1, 3, 'a');
  line.hold(true);
  line.show(2, 3, 'b');
  line.above(() => written.push('password: '));
  line.hold(false);
  line.show(2, 3, 'c');
  expect(written.slice(1)).toEqual([erase, 'password: ', `${erase}[#############-------] 2/3 c`]);
});

test.each([
  ['a bar on a terminal', [], /^ESC\[K\[#+-*\] \d+\/\d+ 已采集 /, /^\[\d+\/\d+\]/m],
  ['nothing with --quiet', ['--quiet'], /^out.evidence\r\n$/, /ESC/],
])('the program shows %s', async (_, more, expected, unexpected) => {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-progress-'));
  try {
    const hosts = [1, 2, 3].map((n) => `  - { name: app-${n}, address: 10.0.0.${n}, transport: script }\n`).join('');
    await writeFile(
      join(folder, 'platform.yaml'),
      `profile: qingdao-joint-use
unit: { name: 示例单位, creditCode: 91350100M000100Y43 }
platform: { name: 示例平台, mode: joint-use, since: 2023-01-01 }
hosts:
${hosts}`,
    );
    const words = [
      process.execPath,
      join(packageRoot, 'src/cli.ts'),
      'collect',
      '--origin',
      'host',
      '--lang',
      'zh',
      ...more,
    ];
    const command = `stty cols 70; exec "$@"`;
    // script(1) gives the program a terminal; what it shows comes with the line ends of one.
    const shown = execFileSync(
      'script',
      [
        '-qec',
        ['sh', '-c', `'${command}'`, 'sh', ...words, '--platform', 'platform.yaml', '--out', 'out'].join(' '),
        '/dev/null',
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, TERM: 'xterm' } },
    );
    const visible = shown.replaceAll('\u001b', 'ESC').replace(/^\r/, '');
    expect(visible).toMatch(expected);
    expect(visible).not.toMatch(unexpected);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  [
    'a bar on a terminal, then the files',
    [],
    /^ESC\[K\[-+\] 0\/2 正在生成 csv\rESC\[K\[#+-+\] 1\/2 正在生成 json\rESC\[Kreport\.csv\r\nreport\.json\r\n$/,
  ],
  ['the files alone with --quiet', ['--quiet'], /^report\.csv\r\nreport\.json\r\n$/],
])('a report shows %s', async (_, more, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-progress-'));
  try {
    await writeAssessment(join(folder, 'assessment.json'), assessmentFixture());
    const words = [
      process.execPath,
      join(packageRoot, 'src/cli.ts'),
      'report',
      'assessment.json',
      '--format',
      'csv,json',
    ];
    const shown = execFileSync('script', ['-qec', [...words, '--lang', 'zh', ...more].join(' '), '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm' },
    });
    expect(shown.replaceAll('\u001b', 'ESC').replace(/^\r/, '')).toMatch(expected);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('on a terminal that wants no colours, and in a pipe, the summary has none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-colours-'));
  const scan = `${process.execPath} ${join(packageRoot, 'src/cli.ts')} scan --platform ${join(packageRoot, 'examples/sample-application/platform.yaml')} --origin filed --out ${folder} --format json --quiet`;
  const show = (command: string, env: Record<string, string>): string =>
    execFileSync('script', ['-qec', `${command} || true`, '/dev/null'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env },
    });
  try {
    expect(show(scan, {})).toContain('\u001b[31m');
    expect(show(scan, { NO_COLOR: '1' })).not.toContain('\u001b');
    expect(show(`${scan} | cat`, {})).not.toContain('\u001b');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
