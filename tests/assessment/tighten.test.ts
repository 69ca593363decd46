import { describe, expect, test } from 'vitest';
import { assess } from '../../src/assessment/assess.ts';
import { loadProfile } from '../../src/assessment/profile.ts';
import { tighten, unknownRows } from '../../src/assessment/tighten.ts';
import { InputError } from '../../src/errors.ts';
import { declaration } from '../support/evidence.ts';

const profile = await loadProfile('qingdao-joint-use');
const row = (tightened: Parameters<typeof tighten>[1], id: string) =>
  tighten(profile, tightened).requirements.find((each) => each.id === id);

test('without anything tightened the profile is the same', () => {
  expect(tighten(profile, undefined)).toBe(profile);
});

describe('a stricter value takes the place of the profile’s', () => {
  test.each([
    ['more months of logs', 'QD-5.4-3', { 'logs/retention': { months: 12 } }, 12],
    ['the same, which is not looser', 'QD-5.4-3', { 'logs/retention': { months: 6 } }, 6],
    ['a smaller clock offset', 'QD-5.4-2', { 'host/clock': { maxOffset: 0.5 } }, 0.5],
    ['money as text', 'QD-4.3-2', { 'figures/at-least': { amount: '20000000' } }, '20000000'],
    ['money as a bare number', 'QD-4.3-2', { 'figures/at-least': { amount: 20_000_000 } }, '20000000'],
    ['fewer who may administer', 'QD-1.5', { 'host/hosting-party': { allow: ['unit'] } }, ['unit']],
  ])('%s', (_, id, change, to) => {
    const tightened = row({ [id]: change }, id);
    const [[check, parameters]] = Object.entries(change) as [[string, object]];
    const [parameter] = Object.keys(parameters) as [string];
    const uses = tightened?.uses.filter((use) => use.check.id === check) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) expect(use.parameters[parameter]).toEqual(to);
    expect(tightened?.tightened?.map((each) => each.to)).toEqual(uses.map(() => to));
    expect(profile.requirements.find((each) => each.id === id)?.tightened).toBeUndefined();
  });
});

describe('anything else is refused with requirement and clause', () => {
  test.each([
    [
      'fewer months',
      'QD-5.4-3',
      { 'logs/retention': { months: 5 } },
      /QD 5-4.*logs\/retention\.months.*may not be below 6/,
    ],
    ['a larger offset', 'QD-5.4-2', { 'host/clock': { maxOffset: 60 } }, /may not be above 1/],
    ['less money', 'QD-4.3-2', { 'figures/at-least': { amount: '9999999.99' } }, /may not be below "10000000"/],
    ['money that is no number', 'QD-4.3-2', { 'figures/at-least': { amount: '2e7' } }, /tightened, never loosened/],
    ['more who may administer', 'QD-1.5', { 'host/hosting-party': { allow: ['unit', 'vendor'] } }, /only leave out/],
    ['nobody', 'QD-1.5', { 'host/hosting-party': { allow: [] } }, /only leave out/],
    ['what is no threshold', 'QD-5.4-3', { 'logs/retention': { of: 'network' } }, /no threshold here/],
    ['a parameter that is not there', 'QD-5.4-3', { 'logs/retention': { constructor: 1 } }, /no threshold here/],
    [
      'a check that the row does not use',
      'QD-5.4-3',
      { 'host/clock': { maxOffset: 0.1 } },
      /no such check; it has: logs\/retention/,
    ],
    ['a value of another type', 'QD-5.4-3', { 'logs/retention': { months: '12' } }, /tightened, never loosened/],
    ['a value that the check cannot read', 'QD-5.4-3', { 'logs/retention': { months: 6.5 } }, /not a possible value/],
  ])('%s', (_, id, change, message) => {
    expect(() => row({ [id]: change }, id)).toThrow(InputError);
    expect(() => row({ [id]: change }, id)).toThrow(message);
  });
});

test('rows that the profile does not have are named, and left alone', () => {
  const tightened = { 'QD-9.9': { 'logs/retention': { months: 12 } } };
  expect(unknownRows(profile, tightened)).toEqual(['QD-9.9']);
  expect(tighten(profile, tightened).requirements).toEqual(profile.requirements);
});

test('an assessment shows what was tightened, and refuses evidence that loosens', () => {
  const bundle = (months: number) => ({
    manifestDigest: 'a'.repeat(64),
    manifest: { from: '2026-11-22T00:00:00Z', to: '2026-11-22T00:00:00Z', contacts: [] },
    declaration: declaration({ tightened: { 'QD-5.4-3': { 'logs/retention': { months } } } }),
    observations: [],
  });
  const options = { asOf: '2026-11-22', occasion: 'renewal', version: '0' } as const;
  const assessed = assess(bundle(12), profile, options).requirements.find(({ id }) => id === 'QD-5.4-3');
  expect(assessed?.tightened).toEqual([
    { check: 'logs/retention', parameter: 'months', from: 6, to: 12 },
    { check: 'logs/retention', parameter: 'months', from: 6, to: 12 },
  ]);
  expect(() => assess(bundle(3), profile, options)).toThrow(InputError);
});
