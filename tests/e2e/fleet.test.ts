import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyExample } from '../../scripts/example-platform.ts';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { readBundle } from '../../src/bundle/bundle.ts';
import { isInShard } from '../../src/collectors/shard.ts';
import { dateIn } from '../../src/evidence/dates.ts';
import { kinds } from '../../src/evidence/kinds.ts';
import { type Ended, runCli } from '../support/cli.ts';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
const names = Array.from({ length: 60 }, (_, index) => `app-${index + 1}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-fleet-'));
  await copyExample('qingdao-joint-use', at('fleet'), dateIn(new Date(), 'Asia/Shanghai'));
  const file = at('fleet', 'platform.yaml');
  const text = await readFile(file, 'utf8');
  // Hosts that wait for a person take no time and give the same each time; one is this machine.
  const hosts = names.map(
    (name, index) =>
      `  - { name: ${name}, address: 10.0.0.${index + 1}, transport: ${name === 'app-7' ? 'local' : 'script'} }\n`,
  );
  await writeFile(file, text.replace(/^hosts:\n(?: .*\n)+/m, `hosts:\n${hosts.join('')}`));
  expect(await collect('whole', ['--quiet'])).toMatchObject({ status: 0, stderr: '' });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const collect = (out: string, args: readonly string[] = [], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(
    [
      'collect',
      '--platform',
      at('fleet', 'platform.yaml'),
      '--origin',
      'host,filed',
      '--out',
      at(out),
      '--lang',
      'en',
      ...args,
    ],
    options,
  );
const merge = (out: string, ...from: string[]): Promise<Ended> =>
  runCli(['merge', ...from.map((each) => at(each, 'evidence')), '--out', at(out), '--lang', 'en']);

/** What an assessment says, without what hangs on the moment. */
async function assessed(name: string) {
  const args = ['assess', at(name, 'evidence'), '--out', at(name), '--fail-on', 'none'];
  expect(await runCli(args)).toMatchObject({ status: 0 });
  const text = await readFile(at(name, 'assessment.json'), 'utf8');
  return assessmentSchema.parse(JSON.parse(text)).requirements.map(({ id, verdict, findings }) => ({
    id,
    verdict,
    findings: findings
      .map(({ check, subject, outcome, says, text: { en } }) => [check, subject, outcome, says, en].join(' '))
      .toSorted(),
  }));
}

/** What a bundle holds, without what hangs on the moment; of this machine only what was asked. */
async function contentOf(path: string) {
  const { observations, manifest } = await readBundle(path);
  return {
    observations: observations
      .map(({ id: _, at: __, raw: ___, ...rest }) =>
        rest.subject === 'app-7' ? { kind: rest.kind, subject: rest.subject } : rest,
      )
      .map((each) => JSON.stringify(each))
      .toSorted(),
    header: {
      ...manifest,
      from: '',
      to: '',
      files: manifest.files.filter(({ path: file }) => !file.startsWith('raw/')).map(({ path: file }) => file),
    },
  };
}

describe('a collection in three parts', () => {
  beforeAll(async () => {
    const runs = [
      await collect('part-1', ['--shard', '1/3', '--quiet']),
      // As a Kubernetes Indexed Job and GitLab’s `parallel` say it.
      await collect('part-2', ['--quiet'], { env: { JOB_COMPLETION_INDEX: '1', LEQI_SHARD_COUNT: '3' } }),
      await collect('part-3', ['--quiet'], { env: { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '3' } }),
    ];
    for (const each of runs) expect(each, each.stderr).toMatchObject({ status: 0, stderr: '' });
  });

  test('has each host in one part, what is filed in the first, the declaration in all, and nothing of other parts', async () => {
    for (const index of [1, 2, 3]) {
      const { observations } = await readBundle(at(`part-${index}`, 'evidence'));
      const asked = new Set(
        observations.filter(({ kind }) => kinds[kind].per === 'host').map(({ subject }) => subject),
      );
      expect([...asked].toSorted()).toEqual(
        names.filter((name) => isInShard({ index, of: 3 }, 'host', name)).toSorted(),
      );
      expect(observations.some(({ kind }) => kind === 'documents')).toBe(index === 1);
      expect(observations.filter(({ kind }) => kind === 'platform')).toHaveLength(1);
    }
  });

  test('gives, merged, what the undivided one gives', async () => {
    expect(await merge('merged', 'part-3', 'part-1', 'part-2')).toMatchObject({ status: 0 });
    expect(await runCli(['verify', at('merged', 'evidence')])).toMatchObject({ status: 0 });
    const { header, observations } = await contentOf(at('merged', 'evidence'));
    const whole = await contentOf(at('whole', 'evidence'));
    expect(observations).toEqual(whole.observations);
    expect(header).toEqual({ ...whole.header, shards: [{ zone: header.zone, of: 3, have: [1, 2, 3] }] });
    // What this machine does differs from one moment to the next.
    const still = (rows: Awaited<ReturnType<typeof assessed>>) =>
      rows.map(({ findings, ...row }) => ({ ...row, findings: findings.filter((each) => !each.includes(' app-7 ')) }));
    expect(still(await assessed('merged'))).toEqual(still(await assessed('whole')));
  });

  test.each([1, 2, 3])('without part %i is told so, and nothing passes that it would have decided', async (missing) => {
    const rest = [1, 2, 3].filter((each) => each !== missing).map((each) => `part-${each}`);
    const { status, stderr } = await merge(`without-${missing}`, ...rest);
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining(`missing parts: ${missing}/3`) });
    const [whole, partial] = [await assessed('whole'), await assessed(`without-${missing}`)];
    for (const [index, { id, verdict, findings }] of partial.entries()) {
      expect([whole[index]?.verdict, 'unproven'], id).toContain(verdict);
      const lost = names.filter((name) => isInShard({ index: missing, of: 3 }, 'host', name));
      for (const finding of findings.filter((each) => lost.some((name) => each.includes(` ${name} `))))
        expect(finding).toMatch(/unproven unobserved:not-collected .*lacks the parts/);
    }
    // Each host that nobody asked is there, unproven.
    const told = partial.flatMap(({ findings }) => findings).filter((each) => each.includes('lacks the parts'));
    expect(new Set(told.map((each) => each.split(' ')[1])).size).toBeGreaterThan(10);
  });

  test('of which one was tampered with is refused', async () => {
    await collect('tampered', ['--shard', '3/3', '--quiet']);
    await appendFile(at('tampered', 'evidence', 'observations', 'clock.jsonl'), '\n');
    expect(await merge('no', 'part-1', 'part-2', 'tampered')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/tampered.*clock\.jsonl was changed/),
    });
    expect(await readdir(folder)).not.toContain('no');
  });

  test('of which one is of another platform is refused', async () => {
    const file = at('fleet', 'platform.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(at('fleet', 'other.yaml'), text.replace('10.0.0.9,', '10.0.9.9,'));
    await collect('other', ['--shard', '3/3', '--platform', at('fleet', 'other.yaml'), '--quiet']);
    expect(await merge('no', 'part-1', 'part-2', 'other')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/platform\.hosts\[8\]\.addresses\[0\] is "10\.0\.0\.9" .* "10\.0\.9\.9"/),
    });
  });

  test('of two zones keeps both names', async () => {
    await collect('outside', ['--zone', '外网', '--quiet']);
    expect(await merge('zones', 'whole', 'outside')).toMatchObject({ status: 0 });
    const { manifest, observations } = await readBundle(at('zones', 'evidence'));
    expect(manifest.zone.split(', ')).toContain('外网');
    expect(observations.filter(({ kind, subject }) => kind === 'clock' && subject === 'app-7')).toHaveLength(1);
  });
});

test('a part asks nothing of the network before it is known what every host passes on', async () => {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await mkdir(at('net'));
  await writeFile(
    at('net', 'platform.yaml'),
    `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
hosts:
${names
  .slice(0, 4)
  .map((name) => `  - { name: ${name}, address: 127.0.0.1, transport: script }\n`)
  .join('')}
endpoints: [{ address: 127.0.0.1, port: ${address.port}, direction: inbound }]
limits: { ports: '${address.port}' }
`,
  );
  const run = (out: string, ...args: string[]): Promise<Ended> =>
    runCli([
      'collect',
      '--platform',
      at('net', 'platform.yaml'),
      '--out',
      at('net', out),
      '--quiet',
      '--lang',
      'en',
      ...args,
    ]);
  for (const shard of ['1/2', '2/2'])
    expect(await run(`part-${shard[0]}`, '--shard', shard)).toMatchObject({ status: 0 });
  expect(calls).toBe(0);
  const known = (path: string): string[] => ['--origin', 'network', '--known', at('net', path, 'evidence')];
  expect(await run('early', ...known('part-1'))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/does not say what \d hosts pass on, .*: app-/),
  });
  expect(calls).toBe(0);
  expect(await run('foreign', '--origin', 'network', '--known', at('whole', 'evidence'))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/was not collected by this platform file/),
  });
  expect(await merge('net/hosts', 'net/part-1', 'net/part-2')).toMatchObject({ status: 0 });
  for (const shard of ['1/2', '2/2'])
    expect(await run(`net-${shard[0]}`, '--shard', shard, ...known('hosts'))).toMatchObject({ status: 0 });
  expect(calls).toBeGreaterThan(0);
  server.close();
  expect(await merge('net/all', 'net/hosts', 'net/net-1', 'net/net-2')).toMatchObject({ status: 0 });
  const { observations } = await readBundle(at('net', 'all', 'evidence'));
  expect(observations.filter(({ kind }) => kinds[kind].per === 'endpoint')).toHaveLength(1);
});

describe('killed', () => {
  const done = (stderr: string): string[] => [...stderr.matchAll(/\] collected (.*)$/gm)].map(([, job = '']) => job);

  test.each([
    ['at once', /./],
    ['after the first', /\[1\//],
    ['early', /\[9\//],
    ['in the middle', /\[47\//],
    ['late', /\[110\//],
    ['while the bundle is written', /\[(\d+)\/\1\]/],
  ])('with SIGKILL %s, it goes on where it was and ends like an undisturbed run', async (when, after) => {
    const out = `killed ${when}`;
    const first = await collect(out, [], { signal: { after, send: 'SIGKILL' } });
    expect(first.status, 'it was killed').toBeNull();
    const second = await collect(out, ['--resume']);
    expect(second, second.stderr).toMatchObject({ status: 0 });
    // Nothing that was told to be done was done again.
    const again = new Set(done(second.stderr));
    expect(done(first.stderr).filter((job) => again.has(job))).toEqual([]);
    const [told, whole] = [await contentOf(at(out, 'evidence')), await contentOf(at('whole', 'evidence'))];
    expect(told).toEqual(whole);
    expect(await readdir(at(out))).toEqual(['evidence']);
    expect(await runCli(['verify', at(out, 'evidence')])).toMatchObject({ status: 0 });
  });

  test('three times over', async () => {
    for (const after of [/\[5\//, /\[30\//, /\[70\//])
      await collect('again', ['--resume'], { signal: { after, send: 'SIGKILL' } });
    expect(await collect('again', ['--resume'])).toMatchObject({ status: 0 });
    expect(await contentOf(at('again', 'evidence'))).toEqual(await contentOf(at('whole', 'evidence')));
  });

  test('interrupted, it keeps a bundle, and goes on all the same', async () => {
    const first = await collect('interrupted', [], { signal: { after: /\[20\//, send: 'SIGINT' } });
    expect(first.status, first.stderr).toBe(130);
    expect(await runCli(['verify', at('interrupted', 'evidence')])).toMatchObject({ status: 0 });
    expect((await collect('interrupted', ['--resume'])).status).toBe(0);
    expect(await contentOf(at('interrupted', 'evidence'))).toEqual(await contentOf(at('whole', 'evidence')));
  });

  test('it does not go on with another platform file, part or zone, and says that it begins anew without --resume', async () => {
    await collect('changed', [], { signal: { after: /\[20\//, send: 'SIGKILL' } });
    for (const [args, says] of [
      [['--platform', at('fleet', 'other.yaml')], /the platform file is not the same/],
      [['--shard', '1/3'], /the part/],
      [['--zone', 'x'], /the zone/],
      [['--origin', 'filed'], /the kinds of evidence/],
    ] as const) {
      expect(await collect('changed', ['--resume', ...args])).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(says),
      });
    }
    expect(await collect('changed')).toMatchObject({ status: 0, stderr: expect.stringMatching(/is begun anew/) });
  });

  test('a full disk is said, and what was done is kept', async () => {
    // A file may grow to 200 blocks of 512 bytes only.
    const program = ['sh', '-c', 'ulimit -f 200; exec "$0" "$@"', process.execPath, 'src/cli.ts'];
    expect(await collect('full', [], { program })).toMatchObject({
      status: 5,
      stderr: expect.stringMatching(/cannot record the collection/),
    });
    expect((await collect('full', ['--resume'])).status).toBe(0);
    expect(await contentOf(at('full', 'evidence'))).toEqual(await contentOf(at('whole', 'evidence')));
  });
});

test.each(['zip', 'folder'])(
  'as %s is the same bytes for the same evidence, and other programs read it',
  async (form) => {
    const [one, two] = [`one.${form}`, `two.${form}`];
    await merge(one, 'whole');
    await merge(two, 'whole');
    const file = form === 'zip' ? [] : ['evidence', 'manifest.json'];
    expect((await readFile(at(one, ...file))).equals(await readFile(at(two, ...file)))).toBe(true);
    if (form === 'zip') execFileSync('unzip', ['-tq', at(one)]);
  },
);
