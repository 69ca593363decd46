import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/assessment/profile.ts';
import { type Break, testBreaks, testCoverage } from '../support/breaks.ts';
import { type Change, type Example, exampleOf } from '../support/example.ts';
import { expectHealthy } from '../support/healthy.ts';

const name = 'natural-system-security';
const platform = (from: string | RegExp, to: string): Change => ({ file: 'platform.yaml', from, to });

let example: Example;

beforeAll(async () => {
  example = await exampleOf(name);
});

afterAll(() => example.remove());

test('the healthy example of technical security says nothing against the unit but that nothing was measured', async () => {
  const assessment = await example.assessed('renewal');
  expectHealthy(assessment, await loadProfile(name));
  expect(assessment.counts).toMatchObject({ unmet: 0, met: 0 });
});

const breaks: readonly Break[] = [
  {
    row: 'NS-1',
    by: 'the operator proves a documentation address',
    changes: [platform(/192\.52\.193\.34(?=[\s\S]*03-)/g, '203.0.113.34')],
    check: 'documents/identifiers',
    outcome: 'unmet',
    says: 'addressNotPublic',
    also: ['NS-2'],
  },
  {
    row: 'NS-2',
    by: 'the platform goes by another name than filed',
    changes: [platform('systemName: 示例港口集团乐企直连平台', 'systemName: 示例港口集团开票系统')],
    check: 'documents/agreement',
    outcome: 'unmet',
    says: 'differs',
  },
  {
    row: 'NS-7',
    by: 'nothing is said of who hosts the platform',
    changes: [platform('file: 03-不采用三方托管的承诺.txt\n', 'held: false\n')],
    check: 'documents/present',
    outcome: 'unmet',
    says: 'notHeld',
  },
];

describe('papers of the example of technical security', () => {
  testCoverage(name, ['document'], breaks);
  testBreaks(name, breaks);
});
