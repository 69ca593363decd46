import type { AnnexTable, AssessedTopic } from '../../assessment/annex/annex-schema.ts';
import type { AssessedRequirement } from '../../assessment/assessment.ts';
import { verbatim } from '../../text.ts';
import { shown } from '../show.ts';
import { annexTexts } from '../words/annex.ts';
import { sentences } from '../words/report.ts';
import { waivedMark } from '../words/waivers.ts';
import { type Badge, badge, chineseNumber, type Frame, type Heading } from './frame.ts';
import { requirementAnchor, shortClausesOf } from './view-requirements.ts';

/** Characters of one cell that are printed; the attached JSON has the whole. */
const longestCell = 600;

/** Evidence ids that stand in one place. */
const mostCited = 6;

/** Evidence by id, with its place in the index. */
type Cited = {
  readonly evidence: readonly { readonly id: string; readonly anchor: string }[];
  /** How many there are, when not all are listed. */
  readonly moreEvidence: string;
};

type TopicView = {
  readonly heading: Heading;
  readonly unseen: boolean;
  readonly entries: readonly (Cited & { readonly label: string; readonly text: string })[];
  readonly tables: readonly (Cited & {
    readonly title: string;
    readonly head: readonly string[];
    readonly rows: readonly (Cited & { readonly cells: readonly string[] })[];
    /** Each row names its own evidence. */
    readonly byRow: boolean;
    readonly more: string;
  })[];
  readonly requirements: readonly (Cited & {
    readonly anchor: string;
    readonly id: string;
    readonly clauses: string;
    readonly title: string;
    readonly verdict: Badge;
    readonly mark: string;
  })[];
};

export type AnnexView = {
  readonly heading: Heading;
  readonly introduction: string;
  readonly said: Readonly<Record<keyof typeof annexTexts, string>>;
  readonly parts: readonly { readonly heading: Heading; readonly topics: readonly TopicView[] }[];
};

/** What was seen by the topics of a project report; undefined where the profile arranges no annex. */
export function annexView(frame: Frame): AnnexView | undefined {
  const { annex } = frame.assessment;
  if (!annex) return undefined;
  const said = Object.fromEntries(
    Object.entries(annexTexts).map(([key, text]) => [key, text[frame.language]]),
  ) as AnnexView['said'];
  const rows = new Map(frame.assessment.requirements.map((row) => [row.id, row]));
  return {
    heading: { anchor: 'a', number: said.number, title: frame.say(annex.title) },
    introduction: frame.say(annexTexts.introduction, { clauses: clausesText(frame, annex.cites) }),
    said,
    parts: annex.parts.map(({ title, topics }, part) => ({
      heading: partHeading(frame, part + 1, frame.say(title)),
      topics: topics.map((topic, index) =>
        topicView(frame, topic, topicHeading(frame, part + 1, index + 1, topic), rows),
      ),
    })),
  };
}

function partHeading({ language }: Frame, part: number, title: string): Heading {
  return { anchor: `a-${part}`, number: language === 'zh' ? `${chineseNumber(part)}、` : `A.${part}`, title };
}

function topicHeading({ language, say }: Frame, part: number, topic: number, { title }: AssessedTopic): Heading {
  const number = language === 'zh' ? `（${chineseNumber(topic)}）` : `A.${part}.${topic}`;
  return { anchor: `a-${part}-${topic}`, number, title: say(title) };
}

function clausesText(
  { assessment, language, sayShort }: Frame,
  cites: readonly { source: string; clause: string }[],
): string {
  const bySource = Map.groupBy(cites, ({ source }) => source);
  const texts = [...bySource].map(([source, same]) => {
    const title = sayShort(assessment.profile.sources[source]?.title ?? verbatim(source), longestCell);
    const clauses = shown(same.map(({ clause }) => clause).join(language === 'zh' ? '、' : ', '));
    return language === 'zh' ? `${title.includes('《') ? title : `《${title}》`}${clauses}` : `${title}, ${clauses},`;
  });
  return texts.length === 0 ? annexTexts.guidance[language] : texts.join(language === 'zh' ? '和' : ' and ');
}

function topicView(
  frame: Frame,
  { entries, tables, requirements, unseen }: AssessedTopic,
  heading: Heading,
  rows: ReadonlyMap<string, AssessedRequirement>,
): TopicView {
  const { sayShort } = frame;
  return {
    heading,
    unseen: unseen ?? false,
    entries: entries.map(({ label, text, cites }) => ({
      label: sayShort(label, longestCell),
      text: sayShort(text, longestCell),
      ...cited(frame, cites),
    })),
    tables: tables.map((table) => tableView(frame, table)),
    requirements: requirements.flatMap((id) => {
      const row = rows.get(id);
      return row ? [requirementRow(frame, row)] : [];
    }),
  };
}

function tableView(frame: Frame, { title, head, rows, cites, more }: AnnexTable): TopicView['tables'][number] {
  const { say, sayShort } = frame;
  return {
    title: say(title),
    head: head.map((text) => sayShort(text, longestCell)),
    rows: rows.map((row) => ({
      cells: row.cells.map((text) => sayShort(text, longestCell)),
      ...cited(frame, row.cites),
    })),
    byRow: rows.some((row) => row.cites.length > 0),
    more: more ? say(annexTexts.more, { count: more }) : '',
    ...cited(frame, cites),
  };
}

function requirementRow(frame: Frame, row: AssessedRequirement): TopicView['requirements'][number] {
  return {
    anchor: requirementAnchor(frame, row),
    id: shown(row.id),
    clauses: shortClausesOf(row),
    title: frame.say(row.title),
    verdict: badge(frame, row.verdict),
    mark: frame.say(waivedMark(row)).trim(),
    ...cited(
      frame,
      row.findings.flatMap(({ cites }) => cites),
    ),
  };
}

function cited({ say, evidenceAnchor }: Frame, ids: readonly string[]): Cited {
  const all = [...new Set(ids)];
  return {
    evidence: all.slice(0, mostCited).map((id) => ({ id: shown(id), anchor: evidenceAnchor(id) ?? '' })),
    moreEvidence: all.length > mostCited ? say(sentences.moreEvidence, { count: all.length }) : '',
  };
}
