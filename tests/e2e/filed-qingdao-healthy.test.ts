import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/assessment/profile.ts';
import { occasions } from '../../src/occasion.ts';
import { rowOf } from '../support/breaks.ts';
import { type Change, type Example, exampleOf } from '../support/example.ts';
import { expectHealthy } from '../support/healthy.ts';

const platform = (from: string, to: string): Change => ({ file: 'platform.yaml', from, to });

/** What the example keeps as comments until the service ends. */
const exit = ['{ id: exit-filing,', '{ id: exit-announcement,', '{ name: service-end,', '{ name: exit-announced,'].map(
  (start) => platform(`# - ${start}`, `- ${start}`),
);
const manner = platform('# - { name: exit-kind,', '- { name: exit-kind,');

let example: Example;

beforeAll(async () => {
  example = await exampleOf('qingdao-joint-use');
});

afterAll(() => example.remove());

describe('the healthy Qingdao example', () => {
  test.each(occasions)('at %s meets all that needs no platform to scan', async (occasion) => {
    const assessment = await example.assessed(occasion, occasion === 'exit' ? [...exit, manner] : []);
    expectHealthy(assessment, await loadProfile('qingdao-joint-use'));
    expect(assessment.counts).toMatchObject({ unmet: 0, partial: 0 });
  });

  test('an end of service without its manner is not taken for a good one', async () => {
    const row = rowOf(await example.assessed('exit', exit), 'QD-6.1');
    expect(row.verdict).toBe('unproven');
    expect(row.findings.map(({ says }) => says)).toContain('noKind');
  });
});
