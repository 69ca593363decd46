import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../../checks/check.ts';
import { assess, numberOf } from '../../src/assessment/assess.ts';
import { type AssessedRequirement, assessmentSchema } from '../../src/assessment/assessment.ts';
import type { Profile, Requirement } from '../../src/assessment/profile.ts';
import { fold } from '../../src/assessment/verdict.ts';
import { byKindAndSubject } from '../../src/bundle/bundle.ts';
import { identified } from '../../src/bundle/entries.ts';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Draft, EvidenceSet } from '../../src/evidence/observation.ts';
import type { Occasion } from '../../src/occasion.ts';
import { declaration, declared, observed, unobserved } from '../support/evidence.ts';

const clockValue = { services: ['chronyd'], servers: [], synchronised: true };
const statementsHash = 'a'.repeat(64);

/** Met where the clock is synchronised; the simplest check there is. */
const clockCheck = defineCheck({
  id: 'test/clock',
  title: { zh: '钟', en: 'clock' },
  about: { zh: '钟', en: 'clock' },
  reads: ['clock'],
  parameters: z.strictObject({}),
  messages: { good: { zh: '好', en: 'good' }, bad: { zh: '坏', en: 'bad' } },
  remedies: { bad: { zh: '修', en: 'mend it' } },
  judge: ({ clock }) => clock.map((host) => (host.value.synchronised ? met('good', host) : unmet('bad', host))),
});

/** Met where a fact is there at all. */
const factCheck = defineCheck({
  id: 'test/fact',
  title: { zh: '数', en: 'fact' },
  about: { zh: '数', en: 'fact' },
  reads: ['facts'],
  parameters: z.strictObject({ fact: z.string() }),
  messages: { there: { zh: '有', en: 'there' }, none: { zh: '无', en: 'none' } },
  judge: ({ facts }, { fact }) => {
    const found = facts.find((each) => each.value.name === fact);
    return [found ? met('there', found) : unproven('none', [], {}, fact)];
  },
});

/** Does not bind, by what the unit says. */
const exempting = defineCheck({
  id: 'test/exempting',
  title: { zh: '免', en: 'exempt' },
  about: { zh: '免', en: 'exempt' },
  reads: ['platform'],
  parameters: z.strictObject({}),
  messages: { none: { zh: '无', en: 'none' } },
  judge: ({ platform }) => platform.map((each) => notApplicable('none', each)),
});

/** Does not bind, by a declared fact. */
const conditional = defineCheck({
  id: 'test/conditional',
  title: { zh: '条件', en: 'condition' },
  about: { zh: '条件', en: 'condition' },
  reads: ['facts'],
  parameters: z.strictObject({ fact: z.string() }),
  messages: { none: { zh: '无', en: 'none' } },
  judge: ({ facts }) => facts.map((each) => notApplicable('none', each)),
});

const broken = {
  ...clockCheck,
  id: 'test/broken',
  judge: (): readonly Finding[] => {
    throw new Error('boom');
  },
};
const groundless = {
  ...clockCheck,
  id: 'test/groundless',
  judge: (): readonly Finding[] => [{ outcome: 'met', says: 'good', subject: 'x', data: {}, cites: [] }],
};
const misquoting = {
  ...clockCheck,
  id: 'test/misquoting',
  judge: (): readonly Finding[] => [{ outcome: 'met', says: 'good', subject: 'x', data: {}, cites: ['E-0000000000'] }],
};

function requirement(changes: Partial<Requirement>): Requirement {
  return {
    id: 'R-1',
    title: { zh: '要求', en: 'requirement' },
    part: 'technology',
    occasions: 'always',
    cites: [{ source: 'S', clause: '1' }],
    uses: [],
    awaits: [],
    divisible: false,
    ...changes,
  };
}

type Options = { asOf?: PlainDate; occasion?: Occasion; stores?: readonly string[] };

function assessed(
  changes: Partial<Requirement>,
  drafts: readonly Draft[],
  { asOf = '2026-03-01', occasion = 'renewal', stores = [] }: Options = {},
): AssessedRequirement {
  const profile: Profile = {
    name: 'p',
    title: { zh: '配置', en: 'profile' },
    mode: 'any',
    maxAgeMonths: 3,
    ledgerDays: 31,
    papers: {},
    facts: {},
    sources: { S: { title: { zh: '源', en: 'source' } } },
    requirements: [requirement(changes)],
  };
  const assessment = assess(evidenceOf(drafts, stores), profile, { asOf, occasion, version: '0.0.0' });
  expect(assessmentSchema.parse(JSON.parse(JSON.stringify(assessment)))).toEqual(assessment);
  const [row] = assessment.requirements;
  if (!row) throw new Error('no row');
  return row;
}

function evidenceOf(drafts: readonly Draft[], stores: readonly string[] = []): EvidenceSet {
  const hosts = ['app-1', ...(drafts.some(({ subject }) => subject === 'app-2') ? ['app-2'] : [])];
  const stated = {
    hosts: hosts.map((name) => ({ name, addresses: ['127.0.0.1'] })),
    stores: stores.map((name) => ({ name, engine: 'mariadb', tables: [] })),
  };
  const observations = [...drafts, declared(stated)]
    .map((draft) => identified(draft).observation)
    .toSorted(byKindAndSubject);
  return {
    manifestDigest: 'b'.repeat(64),
    manifest: { from: '2026-03-01T02:00:00Z', to: '2026-03-01T02:00:00Z', contacts: [] },
    declaration: declaration(stated),
    observations,
  };
}

const usesClock = { uses: [{ check: clockCheck, parameters: {} }] };
const usesFact = { uses: [{ check: factCheck, parameters: { fact: 'capital' } }] };
const besideCondition = (basis: Requirement['basis']): Partial<Requirement> => ({
  uses: [...usesClock.uses, { check: conditional, parameters: { fact: 'capital' } }],
  basis,
});
const fact = (sha256?: string): Draft =>
  observed(
    'facts',
    {
      name: 'capital',
      value: { type: 'amount', unit: '元', amount: '1' },
      declared: '1 元',
      ...(sha256 ? { document: { id: 'd', sha256 } } : {}),
    },
    { subject: 'capital' },
  );
const statement = (value: { signedOn?: string; validUntil?: string; sha256?: string } = {}): Draft => {
  const { signedOn = '2026-02-01', validUntil, sha256 = statementsHash } = value;
  return observed(
    'statements',
    {
      requirement: 'R-1',
      capacity: '法定代表人',
      by: '王*',
      signedOn,
      ...(validUntil ? { validUntil } : {}),
      document: { id: 'd', ...(sha256 ? { sha256 } : {}) },
    },
    { subject: 'R-1' },
  );
};
const attest = { zh: '本单位确认', en: 'the unit confirms' };

describe('verdict and basis', () => {
  const rows: Record<
    string,
    { row: Partial<Requirement>; drafts: Draft[]; options?: Options; verdict: string; basis?: string; says?: string }
  > = {
    'observed and good': { row: usesClock, drafts: [observed('clock', clockValue)], verdict: 'met', basis: 'measured' },
    'observed and bad': {
      row: usesClock,
      drafts: [observed('clock', { ...clockValue, synchronised: false })],
      verdict: 'unmet',
      basis: 'measured',
    },
    'a declared host was never asked': {
      row: usesClock,
      drafts: [],
      verdict: 'unproven',
      says: 'unobserved:not-collected',
    },
    'access denied': {
      row: usesClock,
      drafts: [unobserved('clock', 'denied')],
      verdict: 'unproven',
      says: 'unobserved:denied',
    },
    'one host good, one unreachable': {
      row: usesClock,
      drafts: [observed('clock', clockValue), unobserved('clock', 'unreachable', { subject: 'app-2' })],
      verdict: 'unproven',
      says: 'unobserved:unreachable',
    },
    'a good host that nobody declares': {
      row: usesClock,
      drafts: [observed('clock', clockValue), observed('clock', clockValue, { subject: 'app-9' })],
      verdict: 'unproven',
      says: 'unobserved:not-declared',
    },
    'said not to bind, where measurement is asked for': {
      row: { uses: [{ check: exempting, parameters: {} }], basis: 'measured' },
      drafts: [],
      verdict: 'unproven',
      says: 'only-declared',
    },
    'older than three months': {
      row: usesClock,
      drafts: [observed('clock', clockValue, { at: '2025-11-30T15:59:59Z' })],
      verdict: 'unproven',
      says: 'unobserved:stale',
    },
    'three months to the day, in Shanghai': {
      row: usesClock,
      drafts: [observed('clock', clockValue, { at: '2025-11-30T16:00:00Z' })],
      verdict: 'met',
      basis: 'measured',
    },
    'observed after the as-of date': {
      row: usesClock,
      drafts: [observed('clock', clockValue, { at: '2026-03-01T16:00:00Z' })],
      verdict: 'unproven',
      says: 'unobserved:after-as-of',
    },
    'a check that throws': {
      row: { uses: [{ check: broken, parameters: {} }] },
      drafts: [observed('clock', clockValue)],
      verdict: 'unproven',
      says: 'check-failed',
    },
    'a pass that cites nothing': {
      row: { uses: [{ check: groundless, parameters: {} }] },
      drafts: [observed('clock', clockValue)],
      verdict: 'unproven',
      says: 'check-failed',
    },
    'a pass that cites what is not there': {
      row: { uses: [{ check: misquoting, parameters: {} }] },
      drafts: [observed('clock', clockValue)],
      verdict: 'unproven',
      says: 'check-failed',
    },
    'a check still to come beside a good one': {
      row: { ...usesClock, awaits: ['document'] },
      drafts: [observed('clock', clockValue)],
      verdict: 'unproven',
      says: 'no-check-yet',
    },
    'a signature does not stand in for a check to come': {
      row: { awaits: ['ledger'], attest },
      drafts: [statement()],
      verdict: 'unproven',
      says: 'no-check-yet',
    },
    'a fact with its hashed paper': { row: usesFact, drafts: [fact(statementsHash)], verdict: 'met', basis: 'filed' },
    'a fact without a paper': { row: usesFact, drafts: [fact()], verdict: 'met', basis: 'attested' },
    'a fact without a paper where papers are asked for': {
      row: { ...usesFact, basis: 'filed' },
      drafts: [fact()],
      verdict: 'unproven',
      says: 'only-attested',
    },
    'part of it said not to bind by a fact without a paper': {
      row: besideCondition('filed'),
      drafts: [observed('clock', clockValue), fact()],
      verdict: 'unproven',
      says: 'only-attested',
    },
    'part of it said not to bind by a fact without a paper, the rest measured': {
      row: besideCondition('measured'),
      drafts: [observed('clock', clockValue), fact()],
      verdict: 'unproven',
      says: 'only-attested',
    },
    'part of it shown not to bind': {
      row: besideCondition('measured'),
      drafts: [observed('clock', clockValue), fact(statementsHash)],
      verdict: 'met',
      basis: 'measured',
    },
    'part of it not binding by the declaration of the platform, the rest measured': {
      row: { uses: [...usesClock.uses, { check: exempting, parameters: {} }], basis: 'measured' },
      drafts: [observed('clock', clockValue)],
      verdict: 'met',
      basis: 'measured',
    },
    'a declaration where measurement is asked for': {
      row: { ...usesFact, basis: 'measured' },
      drafts: [fact(statementsHash)],
      verdict: 'unproven',
      says: 'only-declared',
    },
    'a fact that could not be read': {
      row: usesFact,
      drafts: [unobserved('facts', 'unparsable', { subject: 'capital' })],
      verdict: 'unproven',
      says: 'unobserved:unparsable',
    },
    'another fact that could not be read': {
      row: usesFact,
      drafts: [fact(statementsHash), unobserved('facts', 'unparsable', { subject: 'trade' })],
      verdict: 'met',
      basis: 'filed',
    },
    signed: { row: { attest }, drafts: [statement()], verdict: 'met', basis: 'attested', says: 'signed' },
    'not signed': { row: { attest }, drafts: [], verdict: 'unproven', says: 'awaiting-signature' },
    'said to be signed, paper missing': {
      row: { attest },
      drafts: [statement({ sha256: '' })],
      verdict: 'unproven',
      says: 'signature-not-shown',
    },
    'signed tomorrow': {
      row: { attest },
      drafts: [statement({ signedOn: '2026-03-02' })],
      verdict: 'unproven',
      says: 'signature-not-valid',
    },
    'signed three months ago to the day': {
      row: { attest },
      drafts: [statement({ signedOn: '2025-12-01' })],
      verdict: 'met',
    },
    'signed a day earlier, and no end is stated': {
      row: { attest },
      drafts: [statement({ signedOn: '2025-11-30' })],
      verdict: 'unproven',
      says: 'signature-old',
    },
    'signed a year ago, to hold until today': {
      row: { attest },
      drafts: [statement({ signedOn: '2025-03-01', validUntil: '2026-03-01' })],
      verdict: 'met',
    },
    'expired yesterday': {
      row: { attest },
      drafts: [statement({ validUntil: '2026-02-28' })],
      verdict: 'unproven',
      says: 'signature-not-valid',
    },
    'divisible, one good and one bad': {
      row: { ...usesClock, divisible: true },
      drafts: [
        observed('clock', clockValue),
        observed('clock', { ...clockValue, synchronised: false }, { subject: 'app-2' }),
      ],
      verdict: 'partial',
      basis: 'measured',
    },
    'of another occasion': {
      row: { ...usesClock, occasions: ['access'] },
      drafts: [observed('clock', clockValue)],
      verdict: 'not-applicable',
    },
    'of this occasion': {
      row: { ...usesClock, occasions: ['access', 'renewal'] },
      drafts: [observed('clock', clockValue)],
      options: { occasion: 'access' },
      verdict: 'met',
      basis: 'measured',
    },
  };

  test.each(Object.entries(rows))('%s', (_, { row, drafts, options, verdict, basis, says }) => {
    const result = assessed(row, drafts, options);
    expect(result.verdict, JSON.stringify(result.findings, null, 1)).toBe(verdict);
    if (basis !== undefined) expect(result.basis).toBe(basis);
    if (says !== undefined) expect(result.findings.map((finding) => finding.says)).toContain(says);
    if (verdict === 'not-applicable')
      expect(result.reason).toEqual({
        zh: '适用事项为接入，本次事项为续期（年度审验）',
        en: 'binds at Access; this assessment is for Renewal',
      });
  });
});

describe('a kind that may stand in for another', () => {
  const either = {
    ...clockCheck,
    id: 'test/either',
    reads: ['clock', 'storeEncryption'],
    alternatives: ['storeEncryption'],
  } as const;
  const undecided = { ...either, judge: (): readonly Finding[] => [unproven('bad', [], {}, 'app-1')] };
  const clock = observed('clock', clockValue);
  const missing = unobserved('storeEncryption', 'denied', { subject: 'orders' });
  const outcomeBy = (check: typeof undecided | typeof either, drafts: readonly Draft[]) => {
    const { verdict, findings } = assessed({ uses: [{ check, parameters: {} }] }, drafts, { stores: ['orders'] });
    return [verdict, findings.some(({ says }) => says === 'unobserved:denied')];
  };

  test('is not missed where the other shows the property', () => {
    expect(outcomeBy(either, [clock, missing])).toEqual(['met', false]);
  });

  test('is named where it is not shown', () => {
    expect(outcomeBy(undecided, [clock, missing])).toEqual(['unproven', true]);
  });

  test('and the other is missed as ever', () => {
    expect(outcomeBy(either, [unobserved('clock', 'denied'), missing])).toEqual(['unproven', true]);
  });
});

test('a finding carries its text, remedy and evidence', () => {
  const [finding] = assessed(usesClock, [observed('clock', { ...clockValue, synchronised: false })]).findings;
  expect(finding).toMatchObject({
    check: 'test/clock',
    subject: 'app-1',
    outcome: 'unmet',
    text: { zh: '坏', en: 'bad' },
    remedy: { zh: '修', en: 'mend it' },
    cites: [expect.stringMatching(/^E-/)],
  });
});

describe('the report number', () => {
  const profile: Profile = {
    name: 'p',
    title: { zh: '配置', en: 'profile' },
    mode: 'any',
    maxAgeMonths: 3,
    ledgerDays: 31,
    papers: {},
    facts: {},
    sources: {},
    requirements: [requirement(usesClock)],
  };
  const make = (drafts: Draft[]) =>
    assess(evidenceOf(drafts), profile, { asOf: '2026-03-01', occasion: 'renewal', version: '0.0.0' });

  test('follows from the content, whatever the order of its keys', () => {
    const { number, ...body } = make([observed('clock', clockValue)]);
    expect(number).toMatch(/^LQ-20260301-[0-9A-F]{8}$/);
    expect(numberOf(Object.fromEntries(Object.entries(body).toReversed()) as typeof body)).toBe(number);
  });

  test('changes with a single value', () => {
    expect(make([observed('clock', clockValue)]).number).not.toBe(
      make([observed('clock', { ...clockValue, servers: ['x'] })]).number,
    );
  });
});

test.each([
  [[], false, 'unproven'],
  [['met', 'unmet'], false, 'unmet'],
  [['met', 'unmet'], true, 'partial'],
  [['unproven', 'unmet'], true, 'unmet'],
  [['met', 'unmet', 'unproven'], true, 'partial'],
  [['met', 'unproven'], true, 'unproven'],
  [['met', 'not-applicable'], false, 'met'],
  [['not-applicable'], false, 'not-applicable'],
] as const)('%j (divisible: %s) folds into %s', (outcomes, divisible, verdict) => {
  expect(fold(outcomes, divisible)).toBe(verdict);
});
