import { expect, test } from 'vitest';
import { loadProfile } from '../../src/assessment/profile.ts';
import { usableEvidence } from '../../src/assessment/usable.ts';
import { identified } from '../../src/bundle/entries.ts';
import type { Draft } from '../../src/evidence/observation.ts';
import type { ShardsOfZone } from '../../src/evidence/shards.ts';
import { declaration, observed, unobserved } from '../support/evidence.ts';

const profile = await loadProfile('natural-system-security');
const clock = (synchronised: boolean) => ({ services: ['chronyd'], servers: [], synchronised });
const [early, late] = ['2026-03-01T02:00:00Z', '2026-03-01T03:00:00Z'];
const usable = (drafts: readonly Draft[], shards?: readonly ShardsOfZone[]) =>
  usableEvidence(
    drafts.map((draft) => identified(draft).observation),
    declaration(),
    profile,
    '2026-03-02',
    shards,
  );

test('of a host that was seen twice, what was seen last is judged, from wherever it was seen', () => {
  const one = observed('clock', clock(true), { at: early });
  const two = observed('clock', clock(false), { at: late });
  const elsewhere = { ...two, source: { ...two.source, zone: 'elsewhere' } };
  for (const drafts of [
    [one, elsewhere],
    [elsewhere, one],
  ])
    expect(usable(drafts).seen.clock.map(({ value }) => value.synchronised)).toEqual([false]);
});

test('what could not be seen stays a gap beside what was seen, unless they are merged', () => {
  const { seen, gaps } = usable([
    observed('clock', clock(true), { at: early }),
    unobserved('clock', 'denied', { at: late }),
  ]);
  expect(seen.clock).toHaveLength(1);
  expect(gaps.get('clock')?.map(({ reason }) => reason)).toEqual(['denied']);
});

test('facts that differ are both judged', () => {
  const fact = (text: string): Draft =>
    observed('facts', { name: 'f', value: { type: 'text', text }, declared: text }, { subject: 'f' });
  expect(usable([fact('1'), fact('2')]).seen.facts).toHaveLength(2);
});

test('a host that nobody asked is told with the part that is missing', () => {
  const gapOf = (shards?: readonly ShardsOfZone[]) => usable([], shards).gaps.get('forwards')?.[0];
  expect(gapOf()).toMatchObject({ subject: 'app-1', reason: 'not-collected', detail: '' });
  const shards = [{ zone: 'a', of: 3, have: [1, 3] }];
  expect(gapOf(shards)).toMatchObject({ reason: 'not-collected', detail: expect.stringContaining('the parts 2/3') });
  expect(gapOf([...shards, { zone: 'b', of: 2, have: [1] }])?.detail).toMatch(/2\/3 \(a\), 2\/2 \(b\)$/);
  expect(gapOf([{ zone: 'a', of: 1, have: [1] }])?.detail).toBe('');
});
