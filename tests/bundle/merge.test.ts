import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Header, readBundle } from '../../src/bundle/bundle.ts';
import { mergeBundles } from '../../src/bundle/merge.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { writeBundle } from '../../src/bundle/write.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Draft } from '../../src/evidence/observation.ts';
import { declared, observed, unobserved } from '../support/evidence.ts';

const header: Header = {
  tool: { name: 'leqi-audit', version: '0.0.0' },
  platform: '示例平台',
  zone: 'inside',
  profile: 'p',
  occasion: 'renewal',
  contacts: [],
};
const clock = (synchronised: boolean) => ({ services: ['chronyd'], servers: [], synchronised });
const hosts = ['app-1', 'app-2', 'app-3'].map((name) => ({ name, addresses: [name] }));
const early = '2026-03-01T02:00:00Z';
const late = '2026-03-01T03:00:00Z';
const from = (zone: string, draft: Draft): Draft => ({ ...draft, source: { ...draft.source, zone } });

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-merge-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function bundle(
  drafts: readonly Draft[],
  changes: Partial<Header> = {},
  declares: Partial<PlatformDeclaration> = {},
): Promise<string> {
  count += 1;
  const path = join(folder, `${count}${count % 2 === 0 ? '.zip' : ''}`);
  await writeBundle(path, [declared({ hosts, ...declares }), ...drafts], { ...header, ...changes });
  return path;
}

async function merged(...paths: string[]) {
  count += 1;
  const out = join(folder, `merged-${count}`);
  const { missing } = await mergeBundles(paths, out);
  expect((await verifyBundle(out)).problems).toEqual([]);
  return { out, missing, ...(await readBundle(out)) };
}

const ofClock = (
  observations: readonly { kind: string; subject: string; observed?: unknown; unobserved?: unknown }[],
) =>
  observations
    .filter(({ kind }) => kind === 'clock')
    .map(({ subject, observed: value, unobserved: why }) => [subject, value ?? why]);

describe('parts', () => {
  const shards = (...have: number[]): Partial<Header> => ({ shards: [{ zone: 'inside', of: 3, have }] });

  test('give the bundle of the undivided collection, byte for byte but for the manifest’s parts', async () => {
    const all = hosts.map(({ name }) => observed('clock', clock(true), { subject: name, rawText: `of ${name}` }));
    const whole = await bundle(all);
    const parts = await Promise.all(all.map((draft, index) => bundle([draft], shards(index + 1))));
    const { out, manifest, missing } = await merged(...parts);
    const wanted = (await readBundle(whole)).manifest;
    expect(manifest).toEqual({ ...wanted, zone: 'test', shards: [{ zone: 'inside', of: 3, have: [1, 2, 3] }] });
    expect(missing).toEqual([]);
    const text = await readFile(join(out, 'manifest.json'), 'utf8');
    expect(`${JSON.stringify(JSON.parse(text), null, 1)}\n`).toBe(text);
    // In whatever order, and in two steps.
    const [one = '', two = '', three = ''] = parts;
    const again = await merged(three, (await merged(two, one)).out);
    expect(await readFile(join(again.out, 'manifest.json'), 'utf8')).toBe(text);
  });

  test('that are missing are told, and stay in the manifest', async () => {
    const { missing, manifest } = await merged(await bundle([], shards(2)), await bundle([], shards(2)));
    expect(missing).toEqual(['1/3', '3/3']);
    expect(manifest.shards).toEqual([{ zone: 'inside', of: 3, have: [2] }]);
  });

  test('of differing numbers are refused', async () => {
    const other = await bundle([], { shards: [{ zone: 'inside', of: 4, have: [1] }] });
    await expect(merged(await bundle([], shards(1)), other)).rejects.toThrow(/one of 4 parts .* others are of 3/);
  });
});

describe('of one host', () => {
  test('what was seen last is taken, whatever the order and the zone', async () => {
    const one = await bundle([observed('clock', clock(true), { at: early })]);
    const two = await bundle([from('outside', observed('clock', clock(false), { at: late }))]);
    for (const paths of [
      [one, two],
      [two, one],
    ]) {
      expect(ofClock((await merged(...paths)).observations)).toEqual([['app-1', clock(false)]]);
    }
  });

  test('what was seen is taken before what was not, even if that was later', async () => {
    const one = await bundle([observed('clock', clock(true), { at: early })]);
    const two = await bundle([unobserved('clock', 'unreachable', { at: late })]);
    expect(ofClock((await merged(two, one)).observations)).toEqual([['app-1', clock(true)]]);
  });

  test('what nobody saw stays unobserved, once', async () => {
    const one = await bundle([unobserved('clock', 'unreachable', { at: early })]);
    const two = await bundle([unobserved('clock', 'denied', { at: late })]);
    expect(ofClock((await merged(two, one)).observations)).toEqual([['app-1', { reason: 'denied', detail: '' }]]);
  });
});

test('network evidence is kept of each zone, the unobserved too', async () => {
  const one = await bundle([from('inside', unobserved('tls', 'unreachable', { subject: 'a:1', at: early }))]);
  const two = await bundle([from('outside', unobserved('tls', 'timed-out', { subject: 'a:1', at: late }))]);
  const three = await bundle([from('outside', unobserved('tls', 'denied', { subject: 'a:1', at: early }))]);
  const { observations, manifest } = await merged(one, two, three);
  const tls = observations.filter(({ kind }) => kind === 'tls');
  expect(tls.map(({ source, unobserved: why }) => `${source.zone} ${why?.reason}`).toSorted()).toEqual([
    'inside unreachable',
    'outside timed-out',
  ]);
  expect(manifest.zone).toBe('inside, outside, test');
});

test('facts that differ are both kept, and those that say the same once', async () => {
  const fact = (amount: string, at: string): Draft =>
    observed('facts', { name: 'f', value: { type: 'text', text: amount }, declared: amount }, { subject: 'f', at });
  const paths = await Promise.all([fact('1', early), fact('2', late), fact('1', late)].map((each) => bundle([each])));
  const { observations } = await merged(...paths);
  const facts = observations.filter(({ kind }) => kind === 'facts');
  expect(facts.map(({ at }) => at)).toEqual([late, late]);
});

test('contacts are added up, of the same bundle once', async () => {
  const contact = { address: '127.0.0.1', port: 22, by: 'ssh' };
  const one = await bundle([], { contacts: [{ ...contact, times: 2 }] });
  const two = await bundle([], {
    contacts: [
      { ...contact, times: 3 },
      { address: '127.0.0.2', by: 'nmap', times: 1 },
    ],
  });
  expect((await merged(one, two, one)).manifest.contacts).toEqual([
    { ...contact, times: 5 },
    { address: '127.0.0.2', by: 'nmap', times: 1 },
  ]);
});

describe('refuses', () => {
  test.each<[string, Partial<Header>, Partial<PlatformDeclaration>, RegExp]>([
    [
      'another unit',
      {},
      { unit: { name: '别家', creditCode: '91350100M000100Y43' } },
      /platform\.unit\.name is "示例单位" .*and "别家"/,
    ],
    ['one host more', {}, { hosts: [...hosts, { name: 'x', addresses: [] }] }, /platform\.hosts\[3\] is - .*"x"/],
    ['an address', {}, { hosts: hosts.map((host) => ({ ...host, addresses: ['z'] })) }, /hosts\[0\]\.addresses\[0\]/],
    ['a threshold', {}, { tightened: { r: { c: { p: 1 } } } }, /platform\.tightened is - .*1/],
    ['another profile', { profile: 'q' }, {}, /profile is "p" .*"q"/],
    ['another occasion', { occasion: 'exit' }, {}, /occasion is "renewal"/],
    ['another version', { tool: { name: 'leqi-audit', version: '9' } }, {}, /version is "0\.0\.0" .*"9"/],
  ])('%s', async (_, changes, declares, says) => {
    const paths = [await bundle([]), await bundle([], changes, declares)];
    await expect(merged(...paths)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(says) });
  });

  test('a part that was changed, and leaves nothing', async () => {
    count += count % 2;
    const changed = await bundle([observed('clock', clock(true), { rawText: 'x' })]);
    const [raw = ''] = await readdir(join(changed, 'raw'));
    await appendFile(join(changed, 'raw', raw), 'y');
    const out = join(folder, 'nothing');
    await expect(mergeBundles([await bundle([]), changed], out)).rejects.toThrow(/raw\/.* was changed/);
    expect(await readdir(folder)).not.toContain('nothing');
  });

  test('what is no bundle', async () => {
    await writeFile(join(folder, 'no'), 'no');
    await expect(merged(join(folder, 'no'))).rejects.toMatchObject({ exitCode: 2 });
  });
});
