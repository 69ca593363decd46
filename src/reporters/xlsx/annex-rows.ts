import type { AnnexTable, AssessedTopic } from '../../assessment/annex/annex-schema.ts';
import type { Assessment } from '../../assessment/assessment.ts';
import { type Verdict, verdictTitles } from '../../assessment/verdict.ts';
import { fill, joined, type Text, verbatim } from '../../text.ts';
import type { Column } from '../finding-table.ts';
import { annexTexts } from '../words/annex.ts';
import { tableTexts } from '../words/tables.ts';

/** One line of the annex: something known of a topic, a row of one of its tables, or a requirement that belongs to it. */
type AnnexRow = {
  readonly part: Text;
  readonly topic: Text;
  readonly item: Text;
  readonly content: Text;
  readonly verdict?: Verdict;
  readonly cites: readonly string[];
};

/** The annex line by line; none where the profile arranges none. */
export function annexRows({ annex, requirements }: Assessment): AnnexRow[] {
  const rows = new Map(requirements.map((row) => [row.id, row]));
  return (annex?.parts ?? []).flatMap((part) =>
    part.topics.flatMap((topic) => {
      const place = { part: part.title, topic: topic.title };
      const related = topic.requirements.flatMap((id): AnnexRow[] => {
        const row = rows.get(id);
        if (!row) return [];
        const cites = [...new Set(row.findings.flatMap((finding) => finding.cites))];
        return [{ ...place, item: verbatim(id), content: row.title, verdict: row.verdict, cites }];
      });
      return [...known(topic).map((line) => ({ ...place, ...line })), ...related];
    }),
  );
}

type Line = Omit<AnnexRow, 'part' | 'topic'>;

function known({ unseen, entries, tables }: AssessedTopic): Line[] {
  const without = unseen ? [{ item: annexTexts.item, content: annexTexts.unseen, cites: [] }] : [];
  return [
    ...without,
    ...entries.map(({ label, text, cites }) => ({ item: label, content: text, cites })),
    ...tables.flatMap(tableLines),
  ];
}

function tableLines({ title, head, rows, cites, more }: AnnexTable): Line[] {
  const lines = rows.map((row) => ({
    item: title,
    content: joined(row.cells.map((cell, index) => headed(head[index], cell))),
    cites: row.cites.length > 0 ? row.cites : cites,
  }));
  return more ? [...lines, { item: title, content: fill(annexTexts.more, { count: more }), cites }] : lines;
}

function headed(head: Text | undefined, cell: Text): Text {
  return head ? { zh: `${head.zh}：${cell.zh}`, en: `${head.en}: ${cell.en}` } : cell;
}

export const annexColumns: readonly Column<AnnexRow>[] = [
  { title: tableTexts.part, width: 12, cell: ({ part }, language) => part[language] },
  { title: tableTexts.topic, width: 18, cell: ({ topic }, language) => topic[language] },
  { title: annexTexts.item, width: 26, cell: ({ item }, language) => item[language] },
  { title: annexTexts.content, width: 56, cell: ({ content }, language) => content[language] },
  {
    title: tableTexts.verdict,
    width: 9,
    cell: ({ verdict }, language) => (verdict ? verdictTitles[verdict][language] : ''),
    verdict: ({ verdict }) => verdict,
  },
  { title: tableTexts.evidenceIds, width: 26, cell: ({ cites }) => cites.join(' ') },
];
