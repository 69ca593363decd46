import { describe, expect, test } from 'vitest';
import { inLanes, type LaneLimits } from '../../src/collectors/lanes.ts';

type Job = { readonly name: string; readonly lane?: string };
const jobs = (lane: string | undefined, count: number): Job[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${lane ?? 'free'}-${index}`, ...(lane ? { lane } : {}) }));

/** Runs the jobs; the order in which they began, and the most that ran at once, in all and by lane. */
async function watch(all: readonly Job[], limits: LaneLimits) {
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const began: string[] = [];
  const count = (lane: string, by: number): void => {
    running.set(lane, (running.get(lane) ?? 0) + by);
    most.set(lane, Math.max(most.get(lane) ?? 0, running.get(lane) ?? 0));
  };
  await inLanes(
    all,
    ({ lane }) => lane,
    limits,
    async ({ name, lane = 'free' }) => {
      began.push(name);
      for (const each of ['all', lane]) count(each, 1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const each of ['all', lane]) count(each, -1);
    },
  );
  return { began, most: Object.fromEntries(most) };
}

describe('jobs in lanes', () => {
  test('each runs once, and as many at a time as may', async () => {
    const all = [...jobs('a', 30), ...jobs('b', 30), ...jobs(undefined, 30)];
    const { began, most } = await watch(all, { most: 20, perLane: 4 });
    expect(began.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
    expect(most).toEqual({ all: 20, a: 4, b: 4, free: expect.any(Number) });
    expect(most.free).toBeGreaterThanOrEqual(12);
  });

  test('a long lane does not hold up the others', async () => {
    const { began } = await watch([...jobs('long', 100), ...jobs('short', 3)], { most: 8, perLane: 8 });
    expect(began.slice(0, 8).filter((name) => name.startsWith('short'))).toHaveLength(3);
  });

  test('a lane alone is bounded, jobs without one by the whole only', async () => {
    expect((await watch(jobs('a', 20), { most: 20, perLane: 8 })).most).toEqual({ all: 8, a: 8 });
    expect((await watch(jobs(undefined, 20), { most: 20, perLane: 8 })).most).toEqual({ all: 20, free: 20 });
    await expect(watch([], { most: 1, perLane: 1 })).resolves.toEqual({ began: [], most: {} });
  });

  test('what a job throws ends it', async () => {
    const broken = inLanes(
      jobs('a', 5),
      () => undefined,
      { most: 2, perLane: 2 },
      () => Promise.reject(new Error('no')),
    );
    await expect(broken).rejects.toThrow('no');
  });
});
