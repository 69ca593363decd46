import type { EvidenceEntry } from '../../assessment/assessment.ts';
import { origins } from '../../evidence/kinds.ts';
import { reasons } from '../../evidence/observation.ts';
import { heard } from '../../text.ts';
import { nameOf } from '../plain.ts';
import { shortened, shown } from '../show.ts';
import { methodSentences } from '../words/methods.ts';
import type { ScreenWords } from '../words/screen.ts';
import type { Frame, Heading } from './frame.ts';
import { inBlocks, permanentId } from './screen-rows.ts';
import type { EvidenceView } from './view-evidence.ts';

/** Characters of a method or of what a machine said, and of a subject, that are shown. */
const longestMethod = 400;
const longestName = 160;

/** An item of evidence with all that is known of it: on a screen its row is shown beside findings too, away from any head. */
type ScreenEvidenceRow = {
  readonly anchor: string;
  readonly permanent: string;
  readonly id: string;
  readonly time: string;
  readonly subject: string;
  readonly subjectId: string;
  readonly kind: string;
  /** Why there is nothing; empty for what was observed. */
  readonly why: string;
  /** What was done, in words (nothing for what was not observed), and what the machine did. */
  readonly says: string;
  readonly method: string;
  /** Hashes of the raw output, or of the paper. */
  readonly hashes: readonly string[];
};

/** A section of the index, its rows in blocks; see {@link inBlocks}. */
export type ScreenEvidence = {
  readonly heading: Heading;
  readonly method: string;
  readonly blocks: readonly (readonly ScreenEvidenceRow[])[];
};

/** The sections of the index as the paper has them, each row whole. */
export function evidenceTables(
  frame: Frame,
  words: ScreenWords,
  { sections, notSeen }: EvidenceView,
): ScreenEvidence[] {
  const { assessment } = frame;
  const seen = assessment.index.filter((entry) => !entry.unobserved);
  const byOrigin = origins
    .map((origin) => seen.filter((entry) => entry.origin === origin))
    .filter(({ length }) => length);
  const rows = [...sections, notSeen].flatMap(({ blocks }) => blocks.flatMap((block) => block.rows));
  const hashes = new Map(rows.map((row) => [row.anchor, row.hashes]));
  const table = (entries: readonly EvidenceEntry[]) => inBlocks(entries.map((entry) => rowOf(frame, entry, hashes)));
  return [
    ...sections.map(({ heading }, index) => ({ heading, method: words.method, blocks: table(byOrigin[index] ?? []) })),
    {
      heading: notSeen.heading,
      method: words.methodAndReason,
      blocks: table(assessment.index.filter((entry) => entry.unobserved)),
    },
  ];
}

function rowOf(frame: Frame, entry: EvidenceEntry, hashes: ReadonlyMap<string, readonly string[]>): ScreenEvidenceRow {
  const { language, say, clock, evidenceAnchor } = frame;
  const name = nameOf(entry, language);
  const anchor = evidenceAnchor(entry.id) ?? '';
  return {
    anchor,
    permanent: permanentId(entry.id),
    id: shown(entry.id),
    time: clock(entry.at),
    subject: shortened(name, longestName, language),
    subjectId: name.includes(entry.subject) ? '' : shortened(entry.subject, longestName, language),
    kind: say(entry.kindTitle),
    why: whyNot(frame, entry),
    says: entry.unobserved ? '' : methodSentences[entry.kind][language],
    method: shortened(entry.method, longestMethod, language),
    hashes: hashes.get(anchor) ?? [],
  };
}

function whyNot({ language }: Frame, { unobserved }: EvidenceEntry): string {
  if (!unobserved) return '';
  const detail = unobserved.detail ? shortened(heard(unobserved.detail)[language], longestMethod, language) : '';
  const bracketed = language === 'zh' ? `（${detail}）` : ` (${detail})`;
  return reasons[unobserved.reason][language] + (detail ? bracketed : '');
}
