import { expect } from 'vitest';
import type { Point } from '../../src/doctor/point.ts';
import type { Ended } from './cli.ts';

/** The points that `doctor --json` printed. */
export function pointsIn({ stdout, stderr }: Ended): Point[] {
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  return (JSON.parse(stdout) as { points: Point[] }).points;
}

/** Ends the test if the run takes longer than doctor may, with some room for starting and for a busy machine. */
export async function timed(run: () => Promise<Ended>): Promise<Ended> {
  const start = performance.now();
  const ended = await run();
  expect(performance.now() - start).toBeLessThan(20_000);
  return ended;
}
