import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renewalSchema } from '../../src/assessment/renewal-schema.ts';
import { packageRoot } from '../../src/package-root.ts';
import { widthOf } from '../../src/reporters/terminal/terminal.ts';
import { languages } from '../../src/text.ts';
import { type Ended, runCli } from '../support/cli.ts';

// The day that the example is written for.
const asOf = '2026-11-22';
const example = join(packageRoot, 'examples', 'qingdao-joint-use');

let folder: string;
let platform: string;
let endpoint: Server;
let contacts = 0;
const tables: Record<string, Ended> = {};

const at = (...parts: string[]): string => join(folder, ...parts);
const renewal = (...args: string[]): Promise<Ended> =>
  runCli(['renewal', '--platform', platform, '--as-of', asOf, '--quiet', ...args]);

async function planOf(...args: string[]) {
  const { stdout, stderr } = await renewal('--json', ...args);
  expect(stderr).toBe('');
  return renewalSchema.parse(JSON.parse(stdout));
}

async function calendarIn(name: string): Promise<ICAL.Event[]> {
  return new ICAL.Component(ICAL.parse(await readFile(at(name), 'utf8')))
    .getAllSubcomponents('vevent')
    .map((event) => new ICAL.Event(event));
}

/** The platform file with something else in it. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const file = at(`${name}.yaml`);
  await writeFile(file, change(await readFile(platform, 'utf8')));
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-renewal-'));
  endpoint = createServer((socket) => {
    contacts += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const address = endpoint.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await cp(example, folder, { recursive: true });
  platform = at('platform.yaml');
  let text = await readFile(platform, 'utf8');
  for (const [from, to] of [
    ['192.52.193.18', '127.0.0.1'],
    ['18443', String(port)],
    // Yet to be done: ask for the renewal, scan for vulnerabilities, sign a statement.
    [/ {2}- \{ name: renewal-filed.*\n/, ''],
    [/(?<=id: vulnerability-scan-report\n.*\n.*)file: .*/, 'held: false'],
    [/ {2}- \{ requirement: QD-A2-2.*\n/, ''],
  ] as const) {
    expect(text).toMatch(from);
    text = text.replaceAll(new RegExp(from, 'g'), to);
  }
  await writeFile(platform, text);
  for (const language of languages)
    tables[language] = await renewal('--lang', language, '--ics', at(`${language}.ics`));
});

afterAll(async () => {
  endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the table', () => {
  test.each(languages)('in %s says what matters, in 80 columns', (language) => {
    const { status, stdout, stderr } = tables[language] ?? { status: null, stdout: '', stderr: '' };
    expect(stderr).toBe('');
    expect(status).toBe(1);
    for (const words of ['2026-12-20', 'QD-4.3-1', 'QD-4.3-3', '漏洞扫描报告', 'QD-A2-2', 'leqi-audit scan'])
      expect(stdout).toContain(words);
    for (const line of stdout.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  test('names the paper that the unit does not hold before all that is met', () => {
    const stdout = tables.zh?.stdout ?? '';
    expect(stdout.indexOf('未持有《漏洞扫描报告》')).toBeGreaterThan(0);
    expect(stdout.indexOf('未持有《漏洞扫描报告》')).toBeLessThan(stdout.indexOf('QD-4.3-3'));
  });
});

describe('the plan', () => {
  test('has term, thresholds with margins, papers, statements and what is left to measure', async () => {
    const plan = await planOf();
    expect(plan.term).toMatchObject({
      from: '2024-12-20',
      until: '2026-12-20',
      daysLeft: 28,
      filing: { requirement: 'QD-4.3-1', opens: '2026-09-20', due: '2026-12-20' },
    });
    expect(plan.thresholds.find(({ requirement }) => requirement === 'QD-4.3-3')).toMatchObject({
      outcome: 'met',
      figure: { amount: { zh: '10,412.83 万元' }, threshold: { zh: '5,000 万元' }, margin: { zh: '5,412.83 万元' } },
    });
    expect(plan.papers).toContainEqual(
      expect.objectContaining({
        requirement: 'QD-5.3-3',
        outcome: 'unmet',
        cites: [{ source: 'QD', clause: '5-3' }],
        remedy: expect.objectContaining({ zh: '取得《漏洞扫描报告》并列入平台文件' }),
      }),
    );
    expect(plan.statements.map(({ requirement }) => requirement)).toContain('QD-A2-2');
    expect(plan.statements.map(({ requirement }) => requirement)).not.toContain('QD-2.1-4');
    expect(plan.measurement).toContain('QD-5.5-5');
  });

  test('follows the date: before the window, and after the end', async () => {
    const before = await planOf('--as-of', '2026-05-01');
    expect(before.term).toMatchObject({ daysLeft: 233, filing: { outcome: 'unproven' } });
    const after = await planOf('--as-of', '2027-01-10');
    expect(after.term).toMatchObject({ daysLeft: -21, filing: { outcome: 'unmet' } });
  });

  test('is the same to the byte in another time zone and locale', async () => {
    const args = ['renewal', '--platform', platform, '--as-of', asOf, '--lang', 'zh', '--ics', at('far.ics')];
    const { stdout } = await runCli(args, { env: { TZ: 'America/New_York', LC_ALL: 'tr_TR.UTF-8' } });
    expect(stdout).toBe(tables.zh?.stdout);
    expect(await readFile(at('far.ics'), 'utf8')).toBe(await readFile(at('zh.ics'), 'utf8'));
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('a paper that is not on disk is missing, and the reason is told once', async () => {
    const file = await changed('lost', (text) => text.replace('03-验资报告.txt', '没有这个文件.txt'));
    const { papers } = await planOf('--platform', file);
    const lost = papers.filter(({ subject }) => subject === 'capital-verification');
    expect(lost.map(({ says, check }) => [says, check])).toContainEqual(['unobserved:not-found', 'documents/present']);
    expect(lost.map(({ says }) => says)).not.toContain('noEvidence');
  });
});

describe('the calendar', () => {
  test('opens: all-day events with alarms, titles in the chosen language', async () => {
    const events = await calendarIn('zh.ics');
    const dates = events.map(({ startDate, summary }) => `${startDate} ${summary}`);
    expect(dates).toContain('2026-09-20 延续申请期开始 · QD-4.3-1');
    expect(dates).toContain('2026-12-20 申请延续的最后一日 · QD-4.3-1');
    for (const { component, startDate } of events) {
      expect(startDate.isDate).toBe(true);
      expect(component.getAllSubcomponents('valarm')).toHaveLength(2);
    }
    expect((await calendarIn('en.ics')).map(({ summary }) => summary)).toContain(
      'last day to ask for renewal · QD-4.3-1',
    );
  });

  test('a later one updates what is there, whatever its language', async () => {
    await renewal('--as-of', '2026-12-01', '--ics', at('later.ics'));
    const uids = async (name: string) => (await calendarIn(name)).map(({ uid }) => uid).toSorted();
    const first = await uids('zh.ics');
    expect(new Set(first).size).toBe(first.length);
    expect(await uids('later.ics')).toEqual(first);
    expect(await uids('en.ics')).toEqual(first);
  });

  test('holds no person', async () => {
    const text = (await readFile(at('zh.ics'), 'utf8')).replaceAll('\r\n ', '');
    expect(text).not.toMatch(/王示例|0532/);
  });

  test('that cannot be written is the machine’s fault, said in a sentence', async () => {
    await mkdir(at('taken'), { recursive: true });
    const { status, stderr } = await renewal('--ics', at('taken'));
    expect(status).toBe(5);
    expect(stderr).toMatch(/无法写入/);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

describe('exit status', () => {
  test.each([
    ['0 where nothing is asked for', ['--fail-on', 'none'], 0],
    ['3 where too much is unproven', ['--fail-on', 'none', '--max-unproven', '0'], 3],
  ])('%s', async (_, args, expected) => {
    expect((await renewal(...args)).status).toBe(expected);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['a date that does not exist', ['--as-of', '2026-02-30'], /2026-02-30/],
    ['no platform file', ['--platform', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a profile that there is not', ['--profile', 'atlantis'], /atlantis.*qingdao-joint-use/],
    ['an option that there is not', ['--occasion', 'exit'], /--occasion/],
  ])('%s', async (_, args, said) => {
    const { status, stderr } = await renewal(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

test('a date in the past is judged as on that day, and said so', async () => {
  const { stdout, stderr } = await runCli(['renewal', '--platform', platform, '--as-of', '2025-06-01', '--json']);
  expect(stderr).toMatch(/2025-06-01/);
  expect(renewalSchema.parse(JSON.parse(stdout)).papers.map(({ says }) => says)).not.toContain(
    'unobserved:after-as-of',
  );
});

test('nothing was contacted', () => {
  expect(contacts).toBe(0);
});
