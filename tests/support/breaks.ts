import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { loadProfile } from '../../src/assessment/profile.ts';
import type { Occasion } from '../../src/occasion.ts';
import { type CatalogueRow, catalogued } from '../profiles/catalogue.ts';
import { type Change, type Example, exampleOf } from './example.ts';

/** Something that is wrong in the input files of an example, and the finding that must say so. */
export type Break = {
  /** The row of the catalogue. */
  readonly row: string;
  /** What is done to the files. */
  readonly by: string;
  readonly occasion?: Occasion;
  readonly changes: readonly Change[];
  readonly check: string;
  readonly outcome: 'unmet' | 'unproven';
  readonly says: string;
  /** Other rows that say more than before; any other that does fails the test. */
  readonly also?: readonly string[];
};

/** Runs the commands on every break of an example and has each seen by its row and by no other than it names. */
export function testBreaks(name: string, breaks: readonly Break[]): void {
  const occasions = [...new Set(breaks.map(occasionOf))];
  let example: Example;
  let healthy: (() => Promise<Assessment>)[];
  let broken: (() => Promise<Assessment>)[];
  beforeAll(async () => {
    example = await exampleOf(name);
    const runs = pooled(2, [
      ...occasions.map((occasion) => () => example.assessedHere(occasion)),
      ...breaks.map((each) => () => example.assessedHere(occasionOf(each), each.changes)),
    ]);
    healthy = runs.slice(0, occasions.length);
    broken = runs.slice(occasions.length);
  });
  afterAll(async () => {
    await Promise.allSettled([...healthy, ...broken].map((run) => run()));
    await example.remove();
  });

  test.each(breaks.map((each, index) => ({ ...each, index })))('$row: $by', async ({ index, ...each }) => {
    const before = await healthy[occasions.indexOf(occasionOf(each))]?.();
    const after = await broken[index]?.();
    if (!before || !after) throw new Error('was not run');
    const row = rowOf(after, each.row);
    expect(['unmet', 'unproven']).toContain(row.verdict);
    if (each.outcome === 'unmet') expect(row.verdict).toBe('unmet');
    expect(row.findings.map(saying)).toContain(`${each.check} ${each.outcome} ${each.says}`);
    expect(worse(before, after)).toEqual([each.row, ...(each.also ?? [])].toSorted());
  });
}

/** Has the breaks cover every row of a profile that the catalogue answers by one of these ways. */
export function testCoverage(profile: string, ways: readonly CatalogueRow['how'][number][], breaks: readonly Break[]) {
  test(`every row that asks for ${ways.join(' or ')} is broken`, async () => {
    const { requirements } = await loadProfile(profile);
    const asked = requirements.filter(({ id }) => catalogued(id).how.some((way) => ways.includes(way)));
    const covered = new Set(breaks.map(({ row }) => row));
    expect(asked.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });
}

function occasionOf({ occasion }: Break): Occasion {
  return occasion ?? 'renewal';
}

/** The row of an id. */
export function rowOf({ requirements }: Assessment, id: string): Row {
  const row = requirements.find((each) => each.id === id);
  if (!row) throw new Error(`there is no row ${id}`);
  return row;
}

// The rows that say more against a pass than before.
function worse(before: Assessment, after: Assessment): string[] {
  return after.requirements
    .filter((row) => {
      const known = countsOf(rowOf(before, row.id));
      return [...countsOf(row)].some(([said, count]) => count > (known.get(said) ?? 0));
    })
    .map(({ id }) => id)
    .toSorted();
}

type Row = Assessment['requirements'][number];

function countsOf({ findings }: Row): Map<string, number> {
  const against = findings.filter(({ outcome }) => outcome === 'unmet' || outcome === 'unproven');
  return new Map([...Map.groupBy(against.map(saying), (said) => said)].map(([said, all]) => [said, all.length]));
}

function saying({ check, outcome, says }: Row['findings'][number]): string {
  return `${check} ${outcome} ${says}`;
}

// Starts so many at once. A failure waits for the one who asks for it: unheard, it would end the whole run.
function pooled<T>(atOnce: number, tasks: readonly (() => Promise<T>)[]): (() => Promise<T>)[] {
  const lanes: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  return tasks.map((task, index) => {
    const run = (lanes[index % atOnce] ?? Promise.resolve()).then(task);
    lanes[index % atOnce] = run.catch(() => undefined);
    return () => run;
  });
}
