import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { answerOf } from '../../src/assessment/coverage.ts';
import { loadProfile } from '../../src/assessment/profile.ts';
import { occasions } from '../../src/occasion.ts';
import * as hubei from '../fixtures/broken-hubei.ts';
import * as xiamen from '../fixtures/broken-xiamen.ts';
import { testCoverage } from '../support/breaks.ts';
import { type Example, exampleOf } from '../support/example.ts';

const breaks = [
  ...[...xiamen.brokenPapers, ...xiamen.brokenFacts, ...xiamen.brokenLedgers],
  ...[...hubei.brokenPapers, ...hubei.brokenEvents, ...hubei.brokenLedgers],
];

describe.each(['xiamen-self-use', 'hubei-self-use'])('the example of %s', (name) => {
  let example: Example;
  beforeAll(async () => {
    example = await exampleOf(name);
  });
  afterAll(() => example.remove());

  // What both profiles ask is broken in one of them.
  testCoverage(name, ['document', 'fact', 'ledger', 'date'], breaks);

  test.each(occasions)('meets at %s whatever can be met without a platform to scan', async (occasion) => {
    const { requirements } = await loadProfile(name);
    const assessed = await example.assessed(occasion, occasion === 'exit' ? hubei.exit : []);
    const byPaper = requirements.filter((row) => ['filed', 'signed'].includes(answerOf(row))).map(({ id }) => id);
    expect(byPaper.length).toBeGreaterThan(30);
    expect(open(assessed).filter(({ id }) => byPaper.includes(id))).toEqual([]);
    expect(othersOpen(assessed)).toEqual([]);
    const bound = assessed.requirements.filter(({ id, verdict }) => byPaper.includes(id) && verdict === 'met');
    expect(bound.length).toBeGreaterThan(25);
  });
});

const isOpen = (outcome: string): boolean => outcome === 'unmet' || outcome === 'unproven';

function open({ requirements }: Assessment) {
  return requirements
    .filter(({ verdict }) => verdict !== 'met' && verdict !== 'not-applicable')
    .map(({ id, findings }) => ({
      id,
      says: findings.filter(({ outcome }) => isOpen(outcome)).map(({ text }) => text.zh),
    }));
}

// Checks of what is measured, without which only the missing measurement may stand open.
const measuring = ['host/', 'network/', 'logs/', 'tls/', 'data/'];

function othersOpen({ requirements }: Assessment): string[] {
  return requirements.flatMap(({ id, findings }) =>
    findings
      .filter(({ outcome, check, says }) => {
        if (outcome !== 'unproven') return outcome === 'unmet';
        return says !== 'no-check-yet' && !measuring.some((folder) => check.startsWith(folder));
      })
      .map(({ check, says }) => `${id} ${check} ${says}`),
  );
}
