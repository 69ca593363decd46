import { expect } from 'vitest';
import type { Evidence } from '../../checks/check.ts';
import { annexIn } from '../../src/assessment/annex/annex.ts';
import type { Show } from '../../src/assessment/annex/annex-file.ts';
import type { Annex, AnnexTopic } from '../../src/assessment/annex/annex-links.ts';
import { type AssessedTopic, annexSchema } from '../../src/assessment/annex/annex-schema.ts';
import type { AssessedRequirement } from '../../src/assessment/assessment.ts';
import { mapIn } from '../../src/assessment/exhibits/map.ts';
import type { Spans } from '../../src/assessment/exhibits/spans.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Kind } from '../../src/evidence/kinds.ts';
import type { Observation } from '../../src/evidence/observation.ts';
import { seen } from './check-tester.ts';
import { declaration } from './declaration.ts';
import { evidence } from './papers.ts';

const blank: AnnexTopic = {
  key: 'topic',
  title: { zh: '内容', en: 'Topic' },
  requirements: [],
  facts: [],
  papers: [],
  ledgers: [],
  fields: {},
  chapters: [],
  shows: [],
};

/** Facts and papers that the profile of these annexes knows. */
export const facts = {
  'built-by': { zh: '由谁建设', en: 'Who built it', form: 'text' as const },
  issued: { zh: '开票', en: 'Issued', form: 'monthly' as const },
  amount: { zh: '金额', en: 'Amount', form: 'monthly' as const },
};
export const papers = { report: { zh: '项目报告', en: 'Project report' }, letter: { zh: '委托书', en: 'Letter' } };
export const noSpans = { rows: [], more: {} };

type Given = { spans?: Spans; rows?: AssessedRequirement[] };

/** The one topic of an annex, read by its schema. */
export function topicOf(
  asked: Partial<AnnexTopic>,
  given: Partial<Evidence<Kind>>,
  { spans = noSpans, rows = [] }: Given = {},
) {
  const usable = evidence(given);
  const byId = new Map(
    Object.values(usable)
      .flat()
      .map((each) => [each.id, { ...each, observed: each.value } as unknown as Observation]),
  );
  const annex: Annex = {
    title: { zh: '项目情况', en: 'The project' },
    paper: 'report',
    cites: [],
    parts: [{ title: { zh: '部分', en: 'Part' }, topics: [{ ...blank, ...asked }] }],
  };
  const exhibits = { series: [], map: mapIn(usable), spans, calendars: [] };
  const made = annexSchema.parse(annexIn({ annex, facts, papers }, rows, { seen: usable, byId }, exhibits));
  const [topic] = made.parts[0]?.topics ?? [];
  if (!topic) throw new Error('the topic is lost');
  for (const table of topic.tables)
    expect(table.rows.map(({ cells }) => cells.length)).toEqual(table.rows.map(() => table.head.length));
  return topic;
}

/** A topic that shows one thing. */
export const show = (name: Show, given: Partial<Evidence<Kind>>, more?: Given) =>
  topicOf({ shows: [name] }, given, more);
/** The cells of its tables. */
export const cells = (topic: AssessedTopic, language: 'zh' | 'en' = 'zh') =>
  topic.tables.map((table) => table.rows.map((row) => row.cells.map((cell) => cell[language])));
/** Its entries as lines. */
export const lines = (topic: AssessedTopic) => topic.entries.map(({ label, text: said }) => `${label.zh}: ${said.zh}`);

/** What the unit declares. */
export const platform = (value: Partial<PlatformDeclaration> = {}) => [seen('platform', declaration(value))];
