import { describe, expect, test } from 'vitest';
import { verdicts } from '../../src/assessment/verdict.ts';
import { openCounts, withWaivers } from '../../src/assessment/waivers.ts';
import { kindOf, longestWaiver, type Waiver } from '../../src/assessment/waivers-file.ts';
import { asOfDate } from '../../src/commands/dates.ts';
import { exitCodeOf } from '../../src/commands/verdict-options.ts';
import { type Found, finding, requirement, waiver } from '../support/assessments.ts';

const asOf = '2026-11-22';
const idOf = (row: string, found: Found): string => finding(row, found).id ?? '';
const onA: Found = ['unmet', 'host-a'];
const onB: Found = ['unmet', 'host-b'];
const metC: Found = ['met', 'host-c'];
const blindD: Found = ['unproven', 'host-d', 'unobserved:denied'];

const marked = (found: readonly Found[], waivers: readonly Waiver[], divisible = false, on = asOf) =>
  withWaivers([requirement('R', found, { divisible })], waivers, on, () => divisible);

const ofA = waiver({ finding: idOf('R', onA) });
const ofKind = waiver({ requirement: 'R', covers: ['test/one:unmet'] });

describe('what is left of a verdict', () => {
  test.each<[string, readonly Found[], readonly Waiver[], string, string | undefined]>([
    ['no waiver', [onA, metC], [], 'unmet', undefined],
    ['all that is wrong is waived', [onA, metC], [ofA], 'unmet', 'none'],
    ['one of two is waived', [onA, onB], [ofA], 'unmet', 'unmet'],
    ['by kind, both', [onA, onB], [ofKind], 'unmet', 'none'],
    ['by kind, and another kind appears', [onA, blindD], [ofKind], 'unmet', 'unproven'],
    ['by kind, and the same kind is unproven', [onA, ['unmet', 'host-a', 'otherFault']], [ofKind], 'unmet', 'unmet'],
    ['what is unproven', [blindD, metC], [waiver({ finding: idOf('R', blindD) })], 'unproven', 'none'],
    ['another requirement', [onA], [waiver({ requirement: 'S', covers: ['test/one:unmet'] })], 'unmet', undefined],
    [
      'a finding and the wrong requirement',
      [onA],
      [waiver({ requirement: 'S', finding: idOf('R', onA) })],
      'unmet',
      undefined,
    ],
    ['nothing but what is met', [metC], [waiver({ finding: idOf('R', metC) })], 'met', undefined],
    [
      'the accepted unproven became unmet',
      [['unmet', 'host-d', 'x']],
      [waiver({ finding: idOf('R', ['unproven', 'host-d', 'x']) })],
      'unmet',
      undefined,
    ],
  ])('%s', (_, found, waivers, verdict, remaining) => {
    const [row] = marked(found, waivers).requirements;
    expect(row).toMatchObject({ verdict });
    expect(row?.remaining).toBe(remaining);
    expect(row?.findings.map(({ outcome }) => outcome)).toEqual(found.map(([outcome]) => outcome));
  });

  test('of a divisible requirement, partial stays partial until all is waived', () => {
    expect(marked([onA, onB, metC], [ofA], true).requirements[0]).toMatchObject({
      verdict: 'partial',
      remaining: 'partial',
    });
    expect(marked([onA, metC], [ofA], true).requirements[0]).toMatchObject({ verdict: 'partial', remaining: 'none' });
  });

  test('the first of two waivers of one finding counts, the other is unused', () => {
    const { requirements, waivers } = marked([onA], [ofKind, ofA]);
    expect(requirements[0]?.findings[0]?.waiver).toBe(ofKind.id);
    expect(waivers.map(({ state }) => state)).toEqual(['active', 'unused']);
  });
});

describe('never waived', () => {
  test.each(['check-failed', 'unobserved:host-key', 'unobserved:not-declared', 'unobserved:after-as-of'])(
    '%s',
    (says) => {
      const found: Found = ['unproven', 'host-a', says];
      const byKind = waiver({ requirement: 'R', covers: [kindOf(finding('R', found))] });
      const { requirements, waivers } = marked([found], [waiver({ finding: idOf('R', found) }), byKind]);
      expect(requirements[0]?.remaining).toBeUndefined();
      expect(waivers.map(({ state }) => state)).toEqual(['never', 'unused']);
    },
  );
});

describe('the days of a waiver', () => {
  test.each([
    ['2026-10-31', 'not-yet'],
    ['2026-11-01', 'active'],
    ['2027-01-31', 'active'],
    ['2027-02-01', 'expired'],
  ])('on %s it is %s', (on, state) => {
    const { requirements, waivers, accepted } = marked([onA], [ofA], false, on);
    expect(waivers[0]?.state).toBe(state);
    expect(requirements[0]?.findings[0]?.waiver).toBe(state === 'active' ? ofA.id : undefined);
    expect(accepted.unmet).toBe(state === 'active' ? 1 : 0);
  });

  test('begin and end by the clock of the platform’s time zone', () => {
    const now = new Date('2027-01-31T16:00:00Z');
    const stateIn = (zone: string) => marked([onA], [ofA], false, asOfDate(undefined, now, zone)).waivers[0]?.state;
    expect(stateIn('Asia/Shanghai')).toBe('expired');
    expect(stateIn('UTC')).toBe('active');
    expect(stateIn('America/New_York')).toBe('active');
    expect(longestWaiver).toBe(12);
  });
});

describe('the exit status', () => {
  const statusOf = (failOn: 'unmet' | 'unproven', found: readonly Found[], waivers: readonly Waiver[]): number => {
    const { requirements } = marked(found, waivers);
    const counts = Object.fromEntries(
      verdicts.map((verdict) => [verdict, requirements.filter((row) => row.verdict === verdict).length]),
    ) as Parameters<typeof openCounts>[0]['counts'];
    return exitCodeOf({ counts: openCounts({ counts, requirements }) }, { failOn, maxUnproven: 0 });
  };

  test.each<[string, 'unmet' | 'unproven', readonly Found[], readonly Waiver[], number]>([
    ['fails without a waiver', 'unmet', [onA], [], 1],
    ['accepts what is waived', 'unmet', [onA], [ofA], 0],
    ['fails for what is not', 'unmet', [onA, onB], [ofA], 1],
    ['what is left is unproven', 'unmet', [onA, blindD], [ofA], 3],
    ['and fails where that is asked', 'unproven', [onA, blindD], [ofA], 1],
  ])('%s', (_, failOn, found, waivers, status) => expect(statusOf(failOn, found, waivers)).toBe(status));
});
