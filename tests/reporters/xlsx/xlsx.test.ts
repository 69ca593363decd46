import { describe, expect, test } from 'vitest';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { rendered } from '../rendered.ts';
import { elementsOf, openWorkbook } from './workbook.ts';

const assessment = assessmentFixture();

describe.each(languages)('in %s', (language) => {
  test('five sheets: every requirement, finding and item of evidence, and what is open in the plan', async () => {
    const { sheets } = openWorkbook(await rendered('xlsx', assessment, language));
    expect(sheets.map(({ name }) => name)).toEqual(
      language === 'zh'
        ? ['概况', '要求', '发现', '整改', '证据']
        : ['Summary', 'Requirements', 'Findings', 'Correction plan', 'Evidence'],
    );
    const [summary, requirements, findings, plan, evidence] = sheets;
    const cells = summary?.rows.flat() ?? [];
    for (const words of [assessment.number, assessment.unit.name, assessment.evidence.manifest])
      expect(cells).toContain(words);
    expect(requirements?.rows.slice(1).map(([id]) => id)).toEqual(assessment.requirements.map(({ id }) => id));
    const texts = assessment.requirements.flatMap((row) =>
      row.findings.length === 0 ? [row.reason?.[language]] : row.findings.map(({ text }) => text[language]),
    );
    expect(findings?.rows.slice(1).map((row) => row[9])).toEqual(texts);
    const open = assessment.requirements
      .filter(({ verdict }) => ['unmet', 'partial', 'unproven'].includes(verdict))
      .flatMap((row) => row.findings.filter(({ outcome }) => outcome === 'unmet' || outcome === 'unproven'));
    expect(plan?.rows.slice(1).map((row) => row[4])).toEqual(
      ['unmet', 'unproven'].flatMap((outcome) =>
        open.filter((finding) => finding.outcome === outcome).map(({ text }) => text[language]),
      ),
    );
    expect(evidence?.rows.slice(1).map(([id]) => id)).toEqual(assessment.index.map(({ id }) => id));
  });

  test('the plan is to be filled in: a list of states, dates, empty cells', async () => {
    const { sheets } = openWorkbook(await rendered('xlsx', assessment, language));
    const plan = sheets[3];
    const last = plan?.rows.length ?? 0;
    const rules = elementsOf(plan?.xml ?? '').filter(({ name }) => name === 'dataValidation');
    expect(rules.map(({ attributes }) => [attributes.type, attributes.sqref])).toEqual([
      ['date', `J2:J${last}`],
      ['list', `K2:K${last}`],
      ['date', `L2:L${last}`],
    ]);
    const [list] = elementsOf(plan?.xml ?? '').filter(({ name, text }) => name === 'formula1' && text.startsWith('"'));
    expect(list?.text).toBe(
      language === 'zh' ? '"未开始,进行中,已完成,不需整改"' : '"Not started,Under way,Done,Not needed"',
    );
    for (const row of plan?.rows.slice(1) ?? []) expect(row.slice(8)).toEqual(['', '', '', '', '']);
  });
});

test('tables: head in sight and on every page, filters, A4 across, one page wide', async () => {
  const { sheets, parts } = openWorkbook(await rendered('xlsx', assessment, 'zh'));
  for (const [index, { xml, rows }] of sheets.entries()) {
    const elements = elementsOf(xml);
    const find = (wanted: string) => elements.find(({ name }) => name === wanted)?.attributes;
    expect(find('pageSetup')).toMatchObject({
      paperSize: '9',
      orientation: 'landscape',
      fitToWidth: '1',
      fitToHeight: index === 0 ? '1' : '0',
    });
    expect(find('pageSetUpPr')).toEqual({ fitToPage: '1' });
    if (index === 0) continue;
    expect(find('pane')).toMatchObject({ state: 'frozen', ySplit: '1', xSplit: '1' });
    expect(find('autoFilter')?.ref).toMatch(new RegExp(`^A1:[A-Z]+${rows.length}$`));
  }
  const names = elementsOf(parts.get('xl/workbook.xml') ?? '').filter(({ name }) => name === 'definedName');
  const titles = names.filter(({ attributes }) => attributes.name === '_xlnm.Print_Titles').map(({ text }) => text);
  expect(titles).toEqual(["'要求'!$1:$1", "'发现'!$1:$1", "'整改'!$1:$1", "'证据'!$1:$1"]);
});

test('the elements of a sheet stand in the order that ECMA-376 gives', async () => {
  const order =
    'sheetPr dimension sheetViews sheetFormatPr cols sheetData autoFilter mergeCells conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter drawing'.split(
      ' ',
    );
  const { sheets } = openWorkbook(await rendered('xlsx', assessment, 'zh'));
  for (const { xml } of sheets) {
    const found = elementsOf(xml).flatMap(({ name }) => (order.includes(name) ? [order.indexOf(name)] : []));
    expect(found.length).toBeGreaterThan(5);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  }
});

test('verdicts are told apart without colour', async () => {
  const { parts } = openWorkbook(await rendered('xlsx', assessment, 'zh'));
  const styles = parts.get('xl/styles.xml') ?? '';
  for (const mark of ['<b/>', '<i/>', 'style="medium"', 'FFF4C7C3', 'FFD9EAD3']) expect(styles).toContain(mark);
});

test.each([
  ['=1+1'],
  ['=HYPERLINK("http://x";"y")'],
  ['+1'],
  ['@SUM(A1)'],
  ['_x000D_ and _x0041_x0042_'],
  [' blanks around \n'],
  [']]> &amp; <b>'],
  ['123456789012345678'],
])('the text %j stays that text', async (words) => {
  const hostile = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) finding.subject = words;
  });
  const { sheets, parts } = openWorkbook(await rendered('xlsx', hostile, 'zh'));
  expect(sheets[2]?.rows[1]?.[7]).toBe(words);
  for (const [path, xml] of parts) if (path.includes('worksheets')) expect(xml).not.toContain('<f>');
});

test('a cell holds no more than Excel’s, and says what was left out', async () => {
  const long = assessmentFixture((body) => {
    const [finding] = body.requirements[0]?.findings ?? [];
    if (finding) finding.text = { zh: 'x'.repeat(1_000_000), en: 'x' };
  });
  const { sheets } = openWorkbook(await rendered('xlsx', long, 'zh'));
  const cell = sheets[2]?.rows[1]?.[9] ?? '';
  expect(cell).toHaveLength(32_767);
  expect(cell).toMatch(/^x+……（全文 1000000 字，此处从略；全文 SHA-256：[0-9a-f]{64}）$/);
});

test('nothing open and no evidence: heads alone', async () => {
  const empty = assessmentFixture((body) => {
    body.requirements = body.requirements.filter(({ verdict }) => verdict === 'met');
    body.index = [];
  });
  const { sheets } = openWorkbook(await rendered('xlsx', empty, 'zh'));
  expect(sheets.slice(3).map(({ rows }) => rows.length)).toEqual([1, 1]);
});
