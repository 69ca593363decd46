import { describe, expect, test } from 'vitest';
import type { AssessedRequirement, Assessment } from '../../src/assessment/assessment.ts';
import { compare } from '../../src/assessment/compare.ts';
import { InputError } from '../../src/errors.ts';
import { assessmentOf, type Found, requirement, waiver } from '../support/assessments.ts';

const one = (found: readonly Found[], more: Parameters<typeof requirement>[2] = {}) => requirement('R', found, more);
const compared = (old: readonly AssessedRequirement[], now: readonly AssessedRequirement[], waived = false) =>
  compare(assessmentOf(old), assessmentOf(now, waived ? { waivers: [ofR] } : {}));
const ofR = waiver({ requirement: 'R', covers: ['test/one:unmet'] });

const met: Found = ['met', 'a'];
const unmet: Found = ['unmet', 'a'];
const open: Found = ['unproven', 'a'];
const none: Found = ['not-applicable', 'a'];
const divisible = { divisible: true };

describe('what becomes of a requirement', () => {
  test.each<[string, AssessedRequirement | undefined, AssessedRequirement | undefined, string, boolean]>([
    ['met → met', one([met]), one([met]), 'same', false],
    ['met → met, other evidence', one([met]), one([met], { seen: 't' }), 'evidence', false],
    ['met → unproven', one([met]), one([open]), 'worse', true],
    ['met → partial', one([met]), one([met, ['unmet', 'b']], divisible), 'worse', true],
    ['met → unmet', one([met]), one([unmet]), 'worse', true],
    ['unproven → unmet', one([open]), one([unmet]), 'worse', true],
    ['partial → unmet', one([met, ['unmet', 'b']], divisible), one([unmet, ['unmet', 'b']], divisible), 'worse', true],
    ['unmet → met', one([unmet]), one([met]), 'better', false],
    ['unmet → partial', one([unmet], divisible), one([unmet, ['met', 'b']], divisible), 'better', false],
    ['unproven → met', one([open]), one([met]), 'better', false],
    ['unmet → unproven is no improvement', one([unmet]), one([open]), 'unclear', false],
    ['unmet → unmet, of one more', one([unmet]), one([unmet, ['unmet', 'b']]), 'worse', true],
    ['unmet → unmet, another kind', one([unmet]), one([['unmet', 'a', 'otherFault']]), 'worse', true],
    ['unmet → unmet, of one less', one([unmet, ['unmet', 'b']]), one([unmet]), 'findings', false],
    [
      'a list of names grew',
      one([['unmet', 'a', 'x', 'alice']]),
      one([['unmet', 'a', 'x', 'alice, bob']]),
      'findings',
      false,
    ],
    [
      'two of one subject, one of them new',
      one([['unmet', 'a', 'x', '1']]),
      one([
        ['unmet', 'a', 'x', '1'],
        ['unmet', 'a', 'x', '2'],
      ]),
      'worse',
      true,
    ],
    ['unproven of one more', one([open]), one([open, ['unproven', 'b']]), 'findings', false],
    ['new and met', undefined, one([met]), 'new', false],
    ['new and unproven', undefined, one([open]), 'new', false],
    ['new and unmet', undefined, one([unmet]), 'new', true],
    ['newly applicable and unmet', one([none]), one([unmet]), 'new', true],
    ['no longer applicable', one([unmet]), one([none]), 'gone', false],
    ['gone', one([unmet]), undefined, 'gone', false],
    ['never applicable', one([none]), one([none]), 'same', false],
    ['asked otherwise, met → unproven', one([met]), one([open], { rule: 'q' }), 'otherwise', false],
    ['asked otherwise, met → unmet', one([met]), one([unmet], { rule: 'q' }), 'otherwise', true],
    ['asked otherwise, unmet → met', one([unmet]), one([met], { rule: 'q' }), 'otherwise', false],
  ])('%s', (_, old, now, change, regression) => {
    const other = requirement('S', [met]);
    const { rows, regressions, counts } = compared(old ? [old, other] : [other], now ? [now, other] : [other]);
    expect(rows.find((row) => row.requirement === 'R')).toMatchObject({ change, regression });
    expect(regressions).toBe(regression ? 1 : 0);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  });

  test.each<[string, boolean, boolean, string, number]>([
    ['a new unmet under a waiver is worse and no regression', false, true, 'worse', 0],
    ['a waiver that ends over a verdict that stands is a regression', true, false, 'worse', 1],
    ['a waiver that begins makes nothing better', true, true, 'same', 0],
  ])('%s', (_, before, after, change, regressions) => {
    const old = before ? assessmentOf([one([unmet])], { waivers: [ofR] }) : assessmentOf([one([met])]);
    const now = assessmentOf([one([unmet])], after ? { waivers: [ofR] } : {});
    const comparison = compare(old, now);
    expect(comparison.rows[0]).toMatchObject({ change });
    expect(comparison.regressions).toBe(regressions);
  });

  test('what a waiver does not cover is a regression beside what it covers', () => {
    expect(compared([one([met])], [one([unmet, ['unmet', 'b', 'otherFault']])], true).regressions).toBe(1);
  });

  test('files without ids are compared by check, message and subject', () => {
    const bare = ({ findings, rule: _, seen: __, ...row }: AssessedRequirement): AssessedRequirement => ({
      ...row,
      findings: findings.map(({ id: ___, ...each }) => each),
    });
    const { rows, notes } = compared([bare(one([unmet]))], [one([unmet, ['unmet', 'b']])]);
    expect(rows[0]).toMatchObject({
      change: 'worse',
      regression: true,
      evidence: 'unknown',
      appeared: [{ subject: 'b' }],
    });
    expect(notes.map(({ en }) => en).join()).toContain('older version');
  });

  test('findings that say the very same are listed once', () => {
    expect(compared([one([met])], [one([unmet, unmet])]).rows[0]?.appeared).toHaveLength(1);
  });
});

describe('waivers', () => {
  const states = (old: Parameters<typeof assessmentOf>[1], now: Parameters<typeof assessmentOf>[1]) => {
    const { waivers } = compare(assessmentOf([one([unmet])], old), assessmentOf([one([unmet])], now));
    return {
      begun: waivers.begun.map(({ of, state }) => [of, state]),
      ended: waivers.ended.map(({ of, state }) => [of, state]),
    };
  };

  test.each<[string, Parameters<typeof assessmentOf>[1], Parameters<typeof assessmentOf>[1], object]>([
    ['begun', {}, { waivers: [ofR] }, { begun: [['R', 'active']], ended: [] }],
    ['removed', { waivers: [ofR] }, {}, { begun: [], ended: [['R', 'removed']] }],
    ['expired', { waivers: [ofR] }, { waivers: [ofR], asOf: '2027-03-01' }, { begun: [], ended: [['R', 'expired']] }],
    ['prolonged', { waivers: [ofR] }, { waivers: [{ ...ofR, until: '2027-06-01' }] }, { begun: [], ended: [] }],
  ])('%s', (_, old, now, expected) => expect(states(old, now)).toEqual(expected));
});

describe('what limits a comparison is said', () => {
  const noteOf = (old: Partial<Assessment>, now: Partial<Assessment>): string[] =>
    compare(assessmentOf([one([met])], old as object), assessmentOf([one([met])], now as object)).notes.map(
      ({ en }) => en,
    );

  test.each<[string, Partial<Assessment>, Partial<Assessment>, RegExp]>([
    ['the order', { asOf: '2026-12-01' }, {}, /mind the order/],
    ['the version', { tool: { name: 'leqi-audit', version: '0.0.9' } }, {}, /versions differ/],
    ['the occasion', { occasion: 'access' }, {}, /occasions differ/],
  ])('%s', (_, old, now, text) => expect(noteOf(old, now)).toEqual([expect.stringMatching(text)]));

  test('nothing, where nothing does', () => expect(noteOf({}, {})).toEqual([]));

  test.each<[string, Partial<Assessment>]>([
    ['unit', { unit: { name: '另一公司', creditCode: '91350100M000100Y43' } }],
    ['platform', { platform: { name: '另一平台', mode: 'joint-use', since: '2024-03-11' } }],
    ['profile', { profile: { name: 'self-use', title: { zh: '自用', en: 'self-use' }, sources: {} } }],
  ])('another %s is refused', (_, more) => {
    const other = assessmentOf([one([met])], more as object);
    expect(() => compare(assessmentOf([one([met])]), other)).toThrow(InputError);
  });
});
