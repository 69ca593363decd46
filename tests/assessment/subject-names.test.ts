import { expect, test } from 'vitest';
import type { AssessedFinding } from '../../src/assessment/assessment.ts';
import { subjectNames } from '../../src/assessment/subject-names.ts';
import { kindNames, kinds } from '../../src/evidence/kinds.ts';
import { methodSentences } from '../../src/reporters/words/methods.ts';
import { largePlatform } from '../support/large-platform/large-platform.ts';

const { assessment } = await largePlatform({ hosts: 6 });

const profile = {
  papers: { 'business-licence': { zh: '营业执照', en: 'Business licence' } },
  facts: { turnover: { zh: '营业收入', en: 'Turnover', form: 'amount' as const } },
};
const names = subjectNames(profile, { byId: new Map(), seen: { documents: [], platform: [] } as never });

const finding = (check: string, subject: string): AssessedFinding => ({
  check,
  subject,
  outcome: 'unproven',
  says: 'x',
  text: { zh: '甲', en: 'a' },
  cites: [],
});

test.each([
  ['documents/present', 'business-licence', '营业执照'],
  ['figures/at-least', 'turnover', '营业收入'],
  ['ledgers/events', 'events', '异常情形台账'],
  ['host/clock', 'clock', '时钟同步'],
  ['data/clear-text', 'stores', '数据库'],
  ['-', 'R-1', '本项要求'],
  ['host/clock', 'events', undefined],
  ['host/clock', 'toString', undefined],
  ['documents/present', 'unknown-paper', undefined],
])('%s of %s is called %s', (check, subject, zh) => {
  expect(names.ofFinding('R-1', finding(check, subject)).name?.zh).toBe(zh);
});

test.each(['firewall', 'clock', 'data', 'platform'])(
  'a host called %s keeps its name where it was not observed',
  (subject) => {
    const unobserved = { ...finding('host/clock', subject), says: 'unobserved:not-collected' };
    expect(names.ofFinding('R-1', unobserved)).toEqual({});
  },
);

test('a message names a fact by its title, a remedy keeps the id to write; a host of that name stays itself', () => {
  const data = { fact: 'turnover', host: 'turnover', count: 3 };
  expect(names.inMessage(data)).toEqual({ fact: { zh: '营业收入', en: 'Turnover' }, host: 'turnover', count: 3 });
  expect(names.inRemedy(data)).toMatchObject({ fact: { zh: '营业收入（turnover）', en: 'Turnover (turnover)' } });
});

test('no paper, fact, ledger or store of a whole assessment goes by its id alone', () => {
  const filed = assessment.index.filter(({ kind }) => ['documents', 'facts', 'ledgers'].includes(kind));
  expect(filed.length).toBeGreaterThan(20);
  expect(filed.filter(({ name }) => name === undefined)).toEqual([]);
  const machines = new Set(
    assessment.index
      .filter(({ kind }) => ['host', 'address', 'endpoint', 'endpoint-address', 'platform'].includes(kinds[kind].per))
      .map(({ subject }) => subject),
  );
  const bare = assessment.requirements
    .flatMap(({ findings }) => findings)
    .filter(({ subject, name }) => name === undefined && !machines.has(subject));
  expect(bare.map(({ check, subject }) => `${check} ${subject}`)).toEqual([]);
});

test('how each kind is got is said for people, no two alike', () => {
  expect(Object.keys(methodSentences).toSorted()).toEqual([...kindNames]);
  const said = Object.values(methodSentences).flatMap(({ zh, en }) => [zh, en]);
  expect(new Set(said).size).toBe(said.length);
});
