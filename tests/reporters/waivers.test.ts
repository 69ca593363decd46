import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/assessment/compare.ts';
import { runOf } from '../../src/assessment/history.ts';
import type { History, Series } from '../../src/assessment/history-schema.ts';
import { comparisonHtml } from '../../src/reporters/html/comparison.ts';
import { renderHtml, textOfHtml } from '../../src/reporters/html/html.ts';
import { trendOf } from '../../src/reporters/html/trend-chart.ts';
import { comparisonLines } from '../../src/reporters/terminal/comparison.ts';
import { historyLines } from '../../src/reporters/terminal/history.ts';
import { columns, summary, widthOf } from '../../src/reporters/terminal/terminal.ts';
import { languages } from '../../src/text.ts';
import { assessmentOf, type Found, finding, requirement, waiver } from '../support/assessments.ts';

const hostile = '<script>alert(1)</script>\u001b[31m‮{{7*7}} =HYPERLINK("x") 😀';
const unmet: Found = ['unmet', 'host-a'];
const rows = [
  requirement('R-1', [unmet, ['met', 'host-b']]),
  requirement('R-2', [unmet, ['unmet', 'host-b', 'other']]),
  requirement('R-3', [['unproven', 'host-a', 'unobserved:denied']]),
  requirement('R-4', [['met', 'host-a']]),
];
const waivers = [
  waiver({
    finding: finding('R-1', unmet).id,
    reason: `增资办理中 ${hostile}`,
    approver: '王建国',
    ticket: 'OPS-4711',
    paper: '审批单-7',
  }),
  waiver({ requirement: 'R-2', covers: ['test/one:other'], until: '2026-12-31', approver: '李示例' }),
  waiver({ requirement: 'R-3', covers: ['test/one:unobserved:denied'] }),
  waiver({ requirement: 'R-4', covers: ['test/one:unmet'] }),
  waiver({ requirement: 'R-4', covers: ['test/one:unmet'], from: '2026-01-01', until: '2026-06-30' }),
  waiver({ requirement: 'R-4', covers: ['test/one:unmet'], from: '2026-12-01' }),
];
const waived = assessmentOf(rows, { waivers });
const plain = assessmentOf(rows.map((row) => (row.id === 'R-1' ? requirement('R-1', [['met', 'host-a']]) : row)));
const period = { from: '2026-01-01', until: '2026-12-31' };
const series: Series = {
  unit: waived.unit,
  platform: waived.platform.name,
  profile: waived.profile,
  period,
  runs: [runOf('1.json', plain, undefined), runOf('2.json', plain, plain), runOf('3.json', waived, plain)],
};
const history: History = {
  format: 'leqi-audit/history/1',
  series: [{ ...series, profile: { name: waived.profile.name, title: waived.profile.title } }],
  broken: [{ file: `${hostile}.json`, why: { zh: '无法读取', en: 'cannot be read' } }],
};

const label = { zh: '例外至 2027-01-31，批准人 王建国', en: 'waived until 2027-01-31, approved by 王建国' };
const verdict = { zh: '不符合', en: 'Unmet' };

/** No control character that is not a line's end, and no line wider than the terminal. */
function expectFits(text: string): void {
  expect(text.split('\n').filter((line) => widthOf(line) > columns)).toEqual([]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
}

describe.each(languages)('in %s', (language) => {
  test('the summary keeps the verdict, names the waiver and counts it apart', () => {
    const text = summary(waived, language);
    expectFits(text.split('\n').slice(5).join('\n'));
    expect(text).toContain(language === 'zh' ? '不符合（例外）  R-1' : 'Unmet (waived)  R-1');
    expect(text).toContain(language === 'zh' ? '不符合（部分例外）  R-2' : 'Unmet (waived in part)  R-2');
    expect(text).toContain(label[language]);
    expect(text.replaceAll('\n', '')).toContain(
      language === 'zh' ? '例外 2 项：不符合 1 项' : 'waived by approval: 2 (1 unmet',
    );
  });

  test('the report shows verdict, term, approver, reason and every entry of the list', () => {
    const page = renderHtml(waived, language);
    const text = textOfHtml(page);
    expect(page).toMatch(new RegExp(`class="badge is-unmet">${verdict[language]}</span>`));
    const states = {
      zh: ['有效', '未用到', '已到期', '尚未生效'],
      en: ['holds', 'covers nothing', 'expired', 'not yet valid'],
    };
    for (const words of [label[language], '增资办理中', 'OPS-4711', '审批单-7', '李示例', ...states[language]])
      expect(text).toContain(words);
    expect(text).toContain(
      language === 'zh' ? '符合 1 项，部分符合 0 项，不符合 2 项，待确认 1 项' : '1 met, 0 partially met, 2 unmet',
    );
    // At the finding itself, and behind the verdict of its requirement.
    const own = page.slice(page.indexOf('<td>host-a</td>'));
    expect(textOfHtml(own.slice(0, own.indexOf('</tr>')))).toContain(label[language]);
    expect(page).toMatch(new RegExp(`<p class="waived">${verdict[language]}[（(]${label[language]}`));
    for (const each of waived.waivers ?? []) expect(text).toContain(each.id.slice(0, 12));
  });

  test('without a list nothing is said of waivers', () => {
    const text = textOfHtml(renderHtml(plain, language));
    expect(text).not.toMatch(language === 'zh' ? /例外/ : /waive/i);
    expect(summary(plain, language)).not.toMatch(language === 'zh' ? /例外/ : /waive/i);
  });

  test('the trend: runs in which nothing changed are there, and the page has one place for each anchor', () => {
    const page = renderHtml(waived, language, undefined, series);
    const text = textOfHtml(page);
    expect(text).toContain(language === 'zh' ? '已运行，无变化' : 'ran, nothing changed');
    expect(text).toContain(
      language === 'zh'
        ? '评估 3 次（含本次），其中 1 次'
        : 'assessed by this profile 3 times, this one included; 1 times',
    );
    const places = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(places).size).toBe(places.length);
    expect(renderHtml(waived, language, undefined, series)).toBe(page);
  });

  test('a comparison in the terminal and as a page', () => {
    const comparison = compare(plain, waived);
    const text = comparisonLines(comparison, language);
    expectFits(text);
    expect(text).toContain(language === 'zh' ? '符合 → 不符合（例外）' : 'Met → Unmet (waived)');
    const page = comparisonHtml(comparison, language);
    expect(page).not.toMatch(/<link|<img| style=|https?:/i);
    const policy = textOfHtml(/content="(default-src[^"]*)"/.exec(page)?.[1] ?? '');
    for (const own of [/<style>([\s\S]*)<\/style>/, /<script type="module">([\s\S]*)<\/script>/])
      expect(policy).toContain(
        createHash('sha256')
          .update(own.exec(page)?.[1] ?? '')
          .digest('base64'),
      );
    expect(page.match(/<script|<style/g)).toHaveLength(2);
    for (const { requirement: id } of comparison.rows) expect(textOfHtml(page)).toContain(id);
    expect(comparisonHtml(comparison, language)).toBe(page);
  });

  test('what several checks of a requirement say alike is one line of a comparison', () => {
    const gap = finding('R-4', ['unproven', 'host-a', 'unobserved:stale']);
    const gaps = [gap, { ...gap, id: 'F-000000000000', check: 'test/two' }];
    const now = assessmentOf([{ ...requirement('R-4', []), verdict: 'unproven', findings: gaps }]);
    const text = comparisonLines(compare(assessmentOf([requirement('R-4', [['met', 'host-a']])]), now), language);
    expect(text.split('host-a: unobserved:stale').length - 1).toBe(1);
  });

  test('a history in the terminal', () => {
    const text = historyLines(history, language);
    expectFits(text);
    for (const { number } of series.runs) expect(text).toContain(number);
    expect(text).toContain(language === 'zh' ? '不符合（例外 2 项）' : 'Unmet (2 waived)');
    expect(text).toContain(language === 'zh' ? '无法读取' : 'cannot be read');
  });
});

test('a run in which nothing applied is no pass', () => {
  const idle = assessmentOf([{ ...requirement('R-4', []), verdict: 'not-applicable' }]);
  const runs = [runOf('1.json', idle, undefined)];
  const text = historyLines(
    { ...history, series: history.series.map((each) => ({ ...each, runs })), broken: [] },
    'zh',
  );
  const line = text.split('\n').find((each) => each.startsWith(idle.asOf)) ?? '';
  expect(line.trimEnd().endsWith('不适用')).toBe(true);
});

describe('the trend chart', () => {
  const counts = { met: 3, partial: 0, unmet: 1, unproven: 0, 'not-applicable': 5 };
  const point = (date: string, same = false) => ({ date, counts, same });

  test('columns stand in time, gaps stay empty, the last of a slot counts', () => {
    const { columns: drawn, width } = trendOf(
      [point('2026-01-01'), point('2026-01-02', true), point('2026-07-02', true), point('2026-12-31')],
      period.from,
      period.until,
      '',
    );
    expect(drawn.map(({ same }) => same)).toEqual([false, true, false]);
    expect(drawn[0]?.x).toBeLessThan(40);
    expect((drawn[1]?.middle ?? 0) / width).toBeCloseTo(0.54, 1);
    expect(drawn.at(-1)?.x).toBeLessThan(width);
    for (const { segments } of drawn) expect(segments.map((each) => each.verdict)).toEqual(['met', 'unmet']);
  });

  test('dates out of the period, one day alone and nothing at all are drawn within the picture', () => {
    const { columns: drawn, width } = trendOf(
      [point('2020-01-01'), point('2030-01-01')],
      period.from,
      period.until,
      '',
    );
    for (const { x, width: wide } of drawn) expect(x >= 0 && x + wide <= width).toBe(true);
    expect(trendOf([point('2026-01-01')], '2026-01-01', '2026-01-01', '').columns).toHaveLength(1);
    expect(trendOf([], '2026-01-01', '2026-01-01', '').columns).toEqual([]);
  });
});
