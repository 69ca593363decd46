import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadProfile, profileNames } from '../../src/assessment/profile.ts';
import { readWaivers } from '../../src/assessment/waivers-file.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readPlatform } from '../../src/platform.ts';
import { runCli } from '../support/cli.ts';

let folder: string;

const at = (...parts: string[]): string => join(folder, ...parts);
const answers = [
  ...['--unit', '示例科技: 有限公司 #1', '--credit-code', '91350100M000100Y43', '--platform-name', 'yes'],
  ...['--since', '2023-07-01', '--access-start', '2024-12-20', '--validity-end', '2026-12-20'],
  ...['--endpoint', '203.0.113.5:443', '--endpoint', '[2001:db8::1]:8443', '--mode', 'self-use'],
];

/** A line of the platform file, its comment taken into use with something plausible where it leaves a blank. */
function inUse(line: string): string {
  const [, indent, commented] = line.match(/^( +)# ( *(?:- )?(?:[\w-]+:|\{).*)$/) ?? [];
  if (indent === undefined || commented === undefined) return line;
  return (indent + commented)
    .replace('YYYY-MM-DD', '2025-04-01')
    .replace("'YYYY'", "'2024'")
    .replace('[]', '[某项]')
    .replace(/: ([^|]*) \|.*$/, ': $1')
    .replace('signedOn: ', 'signedOn: 2025-04-01')
    .replaceAll(/(by|capacity|document): ?(?=[,}])/g, '$1: 某某')
    .replace(/^( +(?!states|fields|topics|signatures)\w+:)$/, '$1 某某');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-init-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(await profileNames())('a new folder for %s', (profile) => {
  test('is written whole, and its platform file says what was answered', async () => {
    const made = await runCli(['init', at(profile), '--profile', profile, ...answers]);
    expect(made, made.stderr).toMatchObject({ status: 0 });
    const platform = await readPlatform(at(profile, 'platform.yaml'));
    expect(platform).toMatchObject({
      profile,
      unit: { name: '示例科技: 有限公司 #1', creditCode: '91350100M000100Y43' },
      platform: { name: 'yes', since: '2023-07-01' },
      endpoints: [
        { address: '203.0.113.5', port: 443 },
        { address: '2001:db8::1', port: 8443 },
      ],
    });
    expect(platform.documents.items.length).toBeGreaterThan(3);
    expect(await readdir(at(profile))).toEqual(
      expect.arrayContaining([
        'platform.yaml',
        'platform.schema.json',
        'waivers.yaml',
        'waivers.schema.json',
        'documents',
      ]),
    );
    for (const { file } of platform.ledgers)
      expect(await readFile(at(profile, 'documents', file), 'utf8')).toMatch(/^\uFEFF.+\r\n$/);
  });

  test('its list of waivers loads, empty as it is and with its examples in use', async () => {
    const shipped = await loadProfile(profile);
    expect((await readWaivers(at(profile, 'waivers.yaml'), shipped)).waivers).toEqual([]);
    const text = await readFile(at(profile, 'waivers.yaml'), 'utf8');
    await writeFile(at(profile, 'waivers-used.yaml'), text.replace(/^ {2}# /gm, '  '));
    expect((await readWaivers(at(profile, 'waivers-used.yaml'), shipped)).waivers).toMatchObject([
      { finding: 'F-0123456789ab' },
      { covers: [expect.stringContaining(':')] },
    ]);
  });

  test('loads with every commented line in use and filled in', async () => {
    const text = await readFile(at(profile, 'platform.yaml'), 'utf8');
    const used = text.split('\n').map((line) => inUse(line));
    expect(used.filter((line, index) => line !== text.split('\n')[index]).length).toBeGreaterThan(3);
    await writeFile(at(profile, 'used.yaml'), used.join('\n'));
    const { documents, facts } = await readPlatform(at(profile, 'used.yaml'));
    expect(documents.items.every(({ date }) => date === '2025-04-01')).toBe(true);
    expect(facts.length).toBeGreaterThan(0);
  });

  test('has nothing met yet, and says so without an error', async () => {
    const plan = await runCli(['renewal', '--platform', at(profile, 'platform.yaml'), '--json', '--fail-on', 'none']);
    expect(plan, plan.stderr).toMatchObject({ status: 0 });
    expect(() => JSON.parse(plan.stdout)).not.toThrow();
    const out = at(`${profile}-out`);
    const collect = ['collect', '--platform', at(profile, 'platform.yaml'), '--origin', 'filed', '--out', out];
    expect((await runCli(collect)).status).toBe(0);
    await runCli(['assess', join(out, 'evidence'), '--out', out]);
    const { requirements } = z
      .object({ requirements: z.array(z.object({ id: z.string(), verdict: z.string() })) })
      .parse(JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8')));
    expect(requirements.filter(({ verdict }) => verdict === 'met').map(({ id }) => id)).toEqual([]);
  });
});

describe('what is there is never overwritten', () => {
  test('one file that exists stops everything', async () => {
    const mine = at('mine');
    await runCli(['init', mine, '--profile', 'natural-system-security', ...answers]);
    await rm(join(mine, 'platform.yaml'));
    await writeFile(join(mine, 'documents', '材料清单.md'), 'mine');
    const again = await runCli(['init', mine, '--profile', 'natural-system-security', ...answers]);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('材料清单.md');
    expect(await readFile(join(mine, 'documents', '材料清单.md'), 'utf8')).toBe('mine');
    expect(await readdir(mine)).not.toContain('platform.yaml');
  });

  test('a file in place of the folder is an error of the machine, in words', async () => {
    await writeFile(at('a-file'), '');
    const made = await runCli(['init', at('a-file'), '--profile', 'natural-system-security', ...answers]);
    expect(made.status).toBe(5);
    expect(made.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('answers that cannot be', () => {
  test.each([
    [['--credit-code', '91350100M000100Y44'], /--credit-code 91350100M000100Y44/],
    [['--since', '2023-02-29'], /--since 2023-02-29/],
    [['--endpoint', '300.1.1.1:443'], /--endpoint 300\.1\.1\.1:443/],
    [['--endpoint', '203.0.113.5:99999'], /--endpoint/],
    [['--profile', 'atlantis'], /--profile atlantis.*qingdao-joint-use/],
    [['--validity-end', '2024-12-20'], /2024-12-20/],
  ])('%j are refused, and nothing is written', async (wrong, message) => {
    const made = await runCli(['init', at('refused'), '--profile', 'qingdao-joint-use', ...answers, ...wrong]);
    expect(made.status).toBe(2);
    expect(made.stderr).toMatch(message);
    expect(await readdir(folder)).not.toContain('refused');
  });

  test('without a terminal all that is missing is named at once', async () => {
    const made = await runCli(['init', at('refused'), '--lang', 'en', '--unit', 'x']);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('--profile, --credit-code, --platform-name, --since missing');
  });
});

test('a profile of one’s own is named by its path, and found from anywhere', async () => {
  const own = at('own.yaml');
  await writeFile(own, await readFile(join(packageRoot, 'profiles', 'natural-system-security.yaml'), 'utf8'));
  const made = await runCli(['init', at('with-own'), '--profile', own, ...answers]);
  expect(made, made.stderr).toMatchObject({ status: 0 });
  expect(await readPlatform(at('with-own', 'platform.yaml'))).toMatchObject({ profile: own });
});

describe('at a terminal', () => {
  /** Runs under a pseudo-terminal, and answers each question as it comes. */
  async function talk(to: string, replies: readonly string[]): Promise<{ status: number | null; said: string }> {
    const program = [process.execPath, join(packageRoot, 'src/cli.ts'), 'init', to, '--lang', 'en'];
    const child = spawn('script', ['-qec', program.join(' '), '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    let asked = 0;
    let answeredAt = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      // A prompt may come in pieces: a new one stands on a new line.
      const isNew = asked === 0 || said.includes('\n', answeredAt);
      if (isNew && stripVTControlCharacters(said).endsWith(': ') && asked < replies.length) {
        answeredAt = said.length;
        child.stdin.write(`${replies[asked]}\r`);
        asked += 1;
      }
    });
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, said };
  }

  test('each missing answer is asked for, a wrong one again', async () => {
    const replies = [
      'xiamen-self-use',
      'Example Ltd',
      'WRONG',
      '91350100M000100Y43',
      'Platform',
      '2023-07-01',
      '',
      '2026-12-20',
      '203.0.113.5:443 203.0.113.6:443',
    ];
    const { status, said } = await talk(at('asked'), replies);
    expect(status, said).toBe(0);
    expect(said).toContain('not a valid credit code');
    const { unit, endpoints, facts } = await readPlatform(at('asked', 'platform.yaml'));
    expect(unit).toEqual({ name: 'Example Ltd', creditCode: '91350100M000100Y43' });
    expect(endpoints.map(({ address }) => address)).toEqual(['203.0.113.5', '203.0.113.6']);
    expect(facts.map(({ name }) => name)).toEqual(['validity-end']);
  });

  test('the mode is asked for where the profile leaves it open', async () => {
    const replies = ['natural-system-security', '', 'other-use', 'Example Ltd', '91350100M000100Y43', 'Platform'];
    const { status, said } = await talk(at('open'), [...replies, '2023-07-01', '', '', '']);
    expect(status, said).toBe(0);
    expect(await readPlatform(at('open', 'platform.yaml'))).toMatchObject({ platform: { mode: 'other-use' } });
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const { status, said } = await talk(at('cancelled'), ['xiamen-self-use', '\u0003']);
    expect(status, said).toBe(130);
    expect(await readdir(folder)).not.toContain('cancelled');
  });
});
