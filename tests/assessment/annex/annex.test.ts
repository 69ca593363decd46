import { describe, expect, test } from 'vitest';
import { annexIn } from '../../../src/assessment/annex/annex.ts';
import type { AssessedRequirement } from '../../../src/assessment/assessment.ts';
import { mapIn } from '../../../src/assessment/exhibits/map.ts';
import { cells, facts, lines, noSpans, papers, topicOf } from '../../support/annex.ts';
import { requirement } from '../../support/assessments.ts';
import { seen } from '../../support/check-tester.ts';
import { register } from '../../support/ledgers.ts';
import { evidence, paper, text } from '../../support/papers.ts';

test('no annex is made where the profile arranges none', () => {
  const exhibits = { series: [], map: mapIn(evidence({})), spans: noSpans, calendars: [] };
  expect(annexIn({ facts, papers }, [], { seen: evidence({}), byId: new Map() }, exhibits)).toBeUndefined();
});

describe('a topic of which nothing is known', () => {
  const places = { topics: { plan: '第2章' } };

  test('says so', () => {
    expect(topicOf({ chapters: ['plan'] }, {})).toMatchObject({ entries: [], tables: [], unseen: true });
  });

  test('says so, though the unit’s own report has a place for it', () => {
    const topic = topicOf({ chapters: ['plan'] }, { documents: [paper({ id: 'report' }, places)] });
    expect(topic.unseen).toBe(true);
    expect(lines(topic)).toEqual(['本单位项目报告所在位置: 第2章']);
  });

  test('says so where a requirement rests on what could not be observed, and not where it was seen', () => {
    const fact = text('built-by', '本单位');
    const row = requirement('T-1', [['unproven', 'web']]);
    const citing = (id: string): AssessedRequirement => ({
      ...row,
      findings: row.findings.map((each) => ({ ...each, cites: [id] })),
    });
    const asked = { requirements: ['T-1'] };
    expect(topicOf(asked, { facts: [fact] }, { rows: [citing('E-ffffffffff')] }).unseen).toBe(true);
    expect(topicOf(asked, { facts: [fact] }, { rows: [citing(fact.id)] }).unseen).toBeUndefined();
  });
});

describe('what the unit handed over', () => {
  test('fields of its report, facts, papers and registers, each with its evidence', () => {
    const report = paper(
      { id: 'report' },
      { topics: { development: '第1章' }, fields: { thirdParty: '无', other: 'x' } },
    );
    const letter = paper({ id: 'letter', date: '2025-01-02' });
    const built = text('built-by', '本单位');
    const versions = register('versions', [{ noticedOn: '2025-05-01' }]);
    const topic = topicOf(
      {
        chapters: ['development', 'plan'],
        fields: {
          thirdParty: { zh: '第三方服务商', en: 'Third party' },
          serverLocation: { zh: '部署地', en: 'Place' },
        },
        facts: ['built-by'],
        papers: ['letter'],
        ledgers: ['versions', 'drills'],
      },
      { documents: [report, letter], facts: [built, text('unasked', '否')], ledgers: [versions] },
    );
    expect(lines(topic)).toEqual([
      '本单位项目报告所在位置: 第1章',
      '第三方服务商（声明）: 无',
      '由谁建设（申报）: 本单位',
      `材料：委托书: 已提交，日期 2025-01-02，SHA-256 ${'a'.repeat(64)}`,
      '版本升级台账: 登记期间 2023-01-01 至 2026-02-28，共 1 件；结账声明签署于 2026-02-28',
    ]);
    expect(topic.entries.map(({ cites }) => cites)).toEqual([
      [report.id],
      [report.id],
      [built.id],
      [letter.id],
      [versions.id],
    ]);
  });

  test('a paper that is not held, or is none, is not said to be handed over; its places count for nothing', () => {
    const gone = paper({ id: 'letter', held: false, bytes: 0, mediaType: 'unknown' });
    const empty = paper({ id: 'report', bytes: 0, mediaType: 'unknown' }, { topics: { plan: '第2章' } });
    const topic = topicOf({ papers: ['letter', 'report'], chapters: ['plan'] }, { documents: [gone, empty] });
    expect(lines(topic)).toEqual(['材料：委托书: 本单位声明未持有', '材料：项目报告: 文件为空']);
  });

  test('an open register is said to be open', () => {
    const open = register('drills', [], { closing: false });
    expect(lines(topicOf({ ledgers: ['drills'] }, { ledgers: [open] }))[0]).toMatch(/共 0 件；没有结账声明$/);
  });

  test('monthly figures side by side and their sum, exactly; a month without a figure is empty', () => {
    const fact = (name: string, unit: '张' | '元', months: Record<string, string>) =>
      seen('facts', { name, value: { type: 'monthly', unit, months }, declared: '表' }, { subject: name });
    const issued = fact('issued', '张', { '2026-01': '1200', '2026-02': '900' });
    const amount = fact('amount', '元', { '2026-02': '10000000000000000.01' });
    const topic = topicOf({ facts: ['issued', 'amount'] }, { facts: [issued, amount] });
    expect(cells(topic)).toEqual([
      [
        ['2026-01', '1,200 张', '—'],
        ['2026-02', '900 张', '1,000,000,000,000.000001 万元'],
        ['所列月份合计', '2,100 张', '1,000,000,000,000.000001 万元'],
      ],
    ]);
    expect(topic.tables[0]?.cites).toEqual([issued.id, amount.id]);
  });
});
