import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { inFolder } from '../support/folder.ts';
import { oscalReferenceMistakes, oscalSchema } from './oscal/model.ts';
import { rendered, renderedText } from './rendered.ts';
import { junitMistakes, sarifMistakes } from './schemas.ts';
import { elementsOf, openWorkbook } from './xlsx/workbook.ts';

const waiver = {
  id: 'W-1',
  reason: '=等待厂商补丁',
  approver: '王某',
  from: '2026-11-01',
  until: '2027-01-31',
  state: 'active',
} as const;

/** The first requirement that is unmet is waived wholly, the second in part. */
const waived: Assessment = assessmentFixture((body) => {
  const rows = body.requirements.filter(({ verdict }) => verdict === 'unmet');
  const [whole, part] = rows;
  if (!whole || !part) throw new Error('the fixture has no such rows');
  whole.remaining = 'none';
  part.remaining = 'unmet';
  for (const finding of whole.findings) if (finding.outcome !== 'met') finding.waiver = waiver.id;
  const [first] = part.findings.filter(({ outcome }) => outcome === 'unmet');
  if (first) part.findings.push({ ...first, subject: '另一对象', waiver: waiver.id });
  body.waivers = [
    { ...waiver, requirement: whole.id },
    { ...waiver, id: 'W-2', finding: 'F-0', state: 'expired' },
  ];
  body.accepted = { unmet: 1, partial: 0, unproven: 0 };
});
const [whole, part] = waived.requirements.filter(({ remaining }) => remaining !== undefined);
const count = waived.requirements.flatMap(({ findings }) => findings).filter((each) => each.waiver).length;
const label = '例外至 2027-01-31，批准人 王某';

test('csv: beside the outcome, which stays', async () => {
  const rows: Record<string, string>[] = parse(await renderedText('csv', waived, 'zh'), { bom: true, columns: true });
  const marked = rows.filter((row) => row.例外 !== '');
  expect(marked).toHaveLength(count);
  for (const row of marked) expect(row).toMatchObject({ 例外: `${label}: =等待厂商补丁`, 发现结果: '不符合' });
});

test('xlsx: beside verdict, finding and plan; the whole list; the counts', async () => {
  const { sheets } = openWorkbook(await rendered('xlsx', waived, 'zh'));
  expect(sheets.map(({ name }) => name)).toEqual(['概况', '要求', '发现', '整改', '例外清单', '证据']);
  expect(sheets[0]?.rows.flat().join()).toContain('其中经批准例外 1 项');
  const requirement = sheets[1]?.rows.find(([id]) => id === whole?.id);
  expect(requirement?.slice(4, 6)).toEqual(['不符合', `（${label}）`]);
  expect(sheets[1]?.rows.find(([id]) => id === part?.id)?.[5]).toBe(`（部分${label}）`);
  expect(sheets[3]?.rows.filter((row) => row[7]?.startsWith(label))).toHaveLength(count);
  expect(sheets[4]?.rows.slice(1).map((row) => row.slice(0, 3))).toEqual([
    ['W-1', '有效', whole?.id],
    ['W-2', '已到期', 'F-0'],
  ]);
});

test('sarif: suppressed, and the failure stays a failure', async () => {
  const log: unknown = JSON.parse(await renderedText('sarif', waived, 'zh'));
  expect(sarifMistakes(log)).toEqual([]);
  const result = z.object({
    kind: z.string(),
    suppressions: z.array(z.object({ kind: z.string(), status: z.string(), justification: z.string() })).optional(),
  });
  const { runs } = z.object({ runs: z.tuple([z.object({ results: z.array(result) })]) }).parse(log);
  const suppressed = runs[0].results.filter(({ suppressions = [] }) => suppressions.length > 0);
  expect(suppressed).toHaveLength(count);
  for (const each of suppressed) {
    expect(each.kind).toBe('fail');
    expect(each.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: `${label}: =等待厂商补丁` },
    ]);
  }
});

test('junit: what is waived wholly is skipped and says what it is; in part it fails', async () => {
  const text = await renderedText('junit', waived, 'zh');
  await inFolder({ 'report.xml': text }, async (at) => expect(junitMistakes(at('report.xml'))).toBe(''));
  const elements = elementsOf(text);
  const resultOf = (id: string | undefined) =>
    elements[elements.findIndex(({ attributes }) => attributes.name?.startsWith(`${id} `)) + 1];
  expect(resultOf(whole?.id)).toMatchObject({ name: 'skipped', attributes: { type: 'unmet' } });
  expect(resultOf(whole?.id)?.attributes.message).toMatch(/^不符合（例外至 2027-01-31，批准人 王某）: /);
  expect(resultOf(whole?.id)?.text).toContain(`例外: ${label}: =等待厂商补丁`);
  expect(resultOf(part?.id)).toMatchObject({ name: 'failure', attributes: { type: 'unmet' } });
  const [all] = elements.filter(({ name }) => name === 'testsuites');
  expect(all?.attributes.failures).toBe(String(waived.counts.unmet + waived.counts.partial - 1));
});

test('oscal: an approved deviation; the finding is not satisfied', async () => {
  const document = oscalSchema.parse(JSON.parse(await renderedText('oscal', waived, 'zh')));
  expect(oscalReferenceMistakes(document)).toEqual([]);
  const [{ findings = [], risks = [] } = {}] = document['assessment-results'].results;
  const statusOf = (id: string | undefined) => risks.find(({ title }) => title.startsWith(`${id} `))?.status;
  expect(statusOf(whole?.id)).toBe('deviation-approved');
  expect(statusOf(part?.id)).toBe('open');
  const finding = findings.find(({ title }) => title.startsWith(`${whole?.id} `));
  expect(finding?.target.status).toMatchObject({ state: 'not-satisfied', reason: 'fail' });
  expect(finding?.props?.filter(({ name }) => name.startsWith('waive')).map(({ value }) => value)).toEqual([
    'whole',
    `W-1 ${label}: =等待厂商补丁`,
  ]);
});
