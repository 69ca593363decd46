import { expect, test } from 'vitest';
import type { AssessedFinding, Assessment, EvidenceEntry } from '../../../src/assessment/assessment.ts';
import { foldsOf } from '../../../src/reporters/html/folds.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

const host = (index: number): string => `app-${String(index + 1).padStart(3, '0')}`;

const entryOf = (subject: string, kind: EvidenceEntry['kind'] = 'clock'): EvidenceEntry => ({
  id: `E-${kind}-${subject}`,
  kind,
  kindTitle: { zh: kind, en: kind },
  origin: kind === 'documents' ? 'filed' : 'host',
  subject,
  at: '2026-11-21T18:00:00Z',
  collector: 'host/clock',
  zone: 'z',
  method: 'm',
});

const finding = (subject: string, changes: Partial<AssessedFinding> = {}): AssessedFinding => ({
  id: `F-${subject}`,
  check: 'host/clock',
  subject,
  outcome: 'met',
  says: 'synchronised',
  text: { zh: `${subject} 已同步`, en: `${subject} is synchronised` },
  basis: 'measured',
  cites: [`E-clock-${subject}`],
  ...changes,
});

const hosts = (count: number, changes: (index: number) => Partial<AssessedFinding> = () => ({})): AssessedFinding[] =>
  Array.from({ length: count }, (_, index) => finding(host(index), changes(index)));

function folded(findings: readonly AssessedFinding[], index: readonly EvidenceEntry[] = []) {
  const base: Assessment = assessmentFixture();
  const [row] = base.requirements;
  if (!row) throw new Error('the fixture has rows');
  const entries = findings.map(({ subject }) => entryOf(subject));
  const requirement = { ...row, findings: [...findings] };
  const folds = foldsOf({ requirements: [requirement], index: [...entries, ...index] });
  return { rows: folds.of(requirement), groups: folds.groups };
}

const sizes = (findings: readonly AssessedFinding[], index?: readonly EvidenceEntry[]): number[] =>
  folded(findings, index).rows.map(({ members }) => members.length);

test('hosts of which the same is said share a row, and three do not', () => {
  expect(sizes(hosts(187))).toEqual([187]);
  expect(sizes(hosts(3))).toEqual([1, 1, 1]);
});

test('what is open stands before what is met, and never with it', () => {
  const mixed = hosts(12, (index) => (index % 6 === 5 ? { outcome: 'unmet', says: 'off' } : {}));
  const { rows } = folded(mixed);
  expect(rows.map(({ first, members }) => [first.outcome, members.length])).toEqual([
    ['unmet', 1],
    ['unmet', 1],
    ['met', 10],
  ]);
});

test.each<[string, (index: number) => Partial<AssessedFinding>]>([
  ['another message', (index) => ({ says: `says-${index}` })],
  ['another check', (index) => ({ check: `host/check-${index}` })],
  ['another basis', (index) => ({ basis: index % 2 === 0 ? 'measured' : 'filed', says: `says-${index >> 1}` })],
  ['another waiver', (index) => ({ waiver: `W-${'abcdefgh'[index]}` })],
  ['other words', (index) => ({ text: { zh: '甲乙丙丁戊己庚辛'[index] ?? '', en: 'same' } })],
  ['another remedy', (index) => ({ remedy: { zh: '甲乙丙丁戊己庚辛'[index] ?? '', en: 'same' } })],
  ['other evidence besides its own', (index) => ({ cites: [`E-clock-${host(index)}`, `E-other-${index}`] })],
])('%s keeps findings apart', (_, changes) => {
  expect(sizes(hosts(8, changes))).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
});

test('figures that differ keep a few open findings apart; the list of many gives each', () => {
  const behind = (index: number): Partial<AssessedFinding> => ({
    outcome: 'unmet',
    text: { zh: `有 ${3 + (index >> 1)} 个待安装`, en: `${3 + (index >> 1)} pending` },
  });
  expect(sizes(hosts(6, behind))).toEqual([1, 1, 1, 1, 1, 1]);
  const { rows, groups } = folded(hosts(12, behind));
  expect(rows.map(({ members }) => members.length)).toEqual([12]);
  expect(groups.map(({ variants }) => variants.map(({ length }) => length))).toEqual([[2, 2, 2, 2, 2, 2]]);
});

test('papers are each something else, though the same is said of them', () => {
  const papers = hosts(6, (index) => ({
    name: { zh: `材料${index}`, en: `paper ${index}` },
    text: { zh: '没有有效证据', en: 'no evidence' },
    cites: [],
  }));
  expect(sizes(papers)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('tables of stores and ports of addresses count what was seen of their store or address as their own', () => {
  const tables = hosts(5, (index) => ({
    subject: `${host(index)}/invoices`,
    text: { zh: `${host(index)} 可溯源`, en: 'traced' },
  }));
  const own = hosts(5).map(({ subject }) => entryOf(subject));
  expect(sizes(tables, own)).toEqual([5]);
});

test('every member of every row is in its list, and rows of the same subjects share one', () => {
  const { rows, groups } = folded([...hosts(5), ...hosts(5, () => ({ says: 'other' }))]);
  expect(rows).toHaveLength(2);
  expect(groups).toHaveLength(1);
  expect(groups[0]?.members.map(({ subject }) => subject)).toEqual(hosts(5).map(({ subject }) => subject));
  const open = folded([
    ...hosts(5, () => ({ outcome: 'unmet' })),
    ...hosts(5, (index) => ({ outcome: 'unmet', says: 'other', id: `F-other-${index}` })),
  ]);
  expect(open.groups.map(({ members }) => members.map(({ id }) => id))).toEqual([
    hosts(5).map(({ id }) => id),
    hosts(5).map((_, index) => `F-other-${index}`),
  ]);
});
