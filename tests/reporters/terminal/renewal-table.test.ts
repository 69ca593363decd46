import { describe, expect, test } from 'vitest';
import { renewalTable } from '../../../src/reporters/terminal/renewal-table.ts';
import { widthOf } from '../../../src/reporters/terminal/terminal.ts';
import { languages, verbatim } from '../../../src/text.ts';
import { planOf, row, sampleRows, saying } from '../../fixtures/renewal.ts';

const long = '统一社会信用代码为91370200MA3EXMPL6T的使用单位，'.repeat(30);
const longRow = row('S-LONG-LONG-LONG', {
  title: { zh: long, en: 'word '.repeat(200) },
  ifMissed: { zh: long, en: 'x'.repeat(300) },
  attest: { zh: long, en: long },
  uses: [
    saying('ledgers/events', { outcome: 'unmet', text: { zh: long, en: 'x'.repeat(300) }, subject: 'z'.repeat(200) }),
    saying('documents/in-date', { outcome: 'unproven', text: verbatim(long), data: { due: '2027-01-01' } }),
    saying('figures/at-least', {
      outcome: 'met',
      text: verbatim('x'),
      data: { amount: verbatim('9'.repeat(60)), threshold: verbatim('1'.repeat(60)), margin: verbatim('8'.repeat(60)) },
    }),
  ],
});

describe.each(languages)('the table in %s', (language) => {
  const table = renewalTable(planOf(sampleRows), language);

  test('fits 80 columns, however long the texts', () => {
    const lines = renewalTable(planOf([...sampleRows, longRow]), language).split('\n');
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  test('has every requirement that says something', () => {
    for (const id of ['S-1', 'S-2', 'S-3', 'S-4', 'S-5', 'S-6', 'S-7', 'S-8', 'S-9']) expect(table).toContain(id);
  });

  test('shows no placeholder and no blank word', () => {
    expect(table).not.toMatch(/\{\{|\}\}|undefined/);
  });
});

describe('what comes first', () => {
  const table = renewalTable(planOf(sampleRows), 'zh');
  const at = (words: string): number => {
    expect(table).toContain(words);
    return table.indexOf(words);
  };

  test('overdue before unmet, before dates, figures and papers', () => {
    const order = ['逾期 12 天', '核实各月数据', '还有 3 天 ', '高出 1,000 万元', '列入平台文件', 'S-7 ', 'S-9 '].map(
      at,
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('each is told once', () => {
    for (const words of ['重新测评', '核实各月数据', '1 项变更尚未备案']) expect(table.split(words)).toHaveLength(2);
  });

  test('counts at a glance', () => {
    expect(table).toContain('不符合 2 项 · 逾期 1 · 30 天内到期 2 · 材料待补 2 · 台账待补 1 · 待签声明 1');
  });

  test('a threshold shows value, what is asked and the margin', () => {
    expect(table).toMatch(/现值 4,000 万元\s+要求 5,000 万元\s+相差 1,000 万元/);
    expect(renewalTable(planOf(sampleRows), 'en')).toMatch(
      /now 40,000,000 yuan +asked 50,000,000 yuan +10,000,000 yuan short/,
    );
  });

  test('what follows if it is missed stands with it', () => {
    expect(table).toMatch(/S-1（S 1）\n {4}办理：提交自评报告\n {4}后果：接入失效/);
    expect(table).toMatch(/S-9 +提前 3 个月\n {4}要求S-9\n {4}后果：3年内不得重新申请/);
  });
});

test('the same words about several papers are said once', () => {
  const words = { zh: '未列出', en: 'not listed' };
  const use = (subject: string) => saying('documents/present', { outcome: 'unproven', text: words, subject });
  const table = renewalTable(planOf([row('S-1', { uses: [use('plan'), use('drill')] })]), 'zh');
  expect(table).toMatch(/待确认 {4}未列出\n {4}· 应急预案 {2}S-1（S 1）\n {4}· 演练记录 {2}S-1（S 1）/);
});

test('a sum with months missing is shown as words, not as a value', () => {
  const use = saying('figures/at-least', {
    outcome: 'unproven',
    text: { zh: '缺少 2026-03 的数据', en: '2026-03 is missing' },
    data: { amount: verbatim('1'), threshold: verbatim('2'), margin: verbatim('1') },
  });
  const table = renewalTable(planOf([row('S-1', { uses: [use] })]), 'zh');
  expect(table).toContain('缺少 2026-03 的数据');
  expect(table).not.toContain('现值');
});

test('why a signature is not good is said', () => {
  const plan = planOf([row('S-1', { attest: verbatim('x') })]);
  const [statement] = plan.statements;
  if (!statement) throw new Error('no statement');
  const changed = { ...statement, says: 'signature-not-valid', text: { zh: '声明已失效', en: 'no longer valid' } };
  expect(renewalTable({ ...plan, statements: [changed] }, 'zh')).toContain('声明已失效');
  // Of one that is only awaited, the section's title says all.
  expect(renewalTable(plan, 'zh').split(statement.text.zh)).toHaveLength(2);
});

test('hostile text cannot move the cursor', () => {
  const hostile = verbatim('\u001b[2J\u202e漏洞');
  const use = saying('documents/present', { outcome: 'unmet', text: hostile, subject: '\u001b[31m' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(renewalTable(planOf([row('S-1', { title: hostile, uses: [use] })]), 'zh')).not.toMatch(/[\u001b\u202e]/);
});
