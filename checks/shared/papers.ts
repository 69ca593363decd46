import type { PlainDate } from '../../src/evidence/dates.ts';
import { type FiledDocument, paperDefect } from '../../src/evidence/filed/documents.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';

/** A paper that the unit handed over. */
export type Paper = Seen<FiledDocument>;

/** What every check on the content of a paper may say of the paper itself. */
export const paperMessages = {
  noEvidence: {
    zh: '没有该材料（{{document}}）的有效证据：平台文件未列出、未能读取或已过期',
    en: 'there is no valid evidence of this paper ({{document}}): it is not listed in the platform file, could not be read, or is too old',
  },
  paperUnusable: {
    zh: '《{{title}}》未持有，或者其文件不可用、没有哈希，所载内容无从核对',
    en: '“{{title}}” is not held, or its file cannot be used or has no hash, so nothing it states can be judged',
  },
} as const satisfies Record<string, Text>;

export type PaperSays = keyof typeof paperMessages;

/** What to do about these. */
export const paperRemedies = {
  noEvidence: {
    zh: '在平台文件 documents.items 中列出该材料；确实没有的，写 held: false',
    en: 'list it under documents.items of the platform file; if there is none, say held: false',
  },
  paperUnusable: { zh: '提供完整的《{{title}}》并重新采集', en: 'provide “{{title}}” in full, and collect again' },
} as const satisfies Record<PaperSays, Text>;

/** Whether a paper is held, can be opened as what it is, and has a hash: only then what it states may count. */
export function isUsable({ value }: Paper): boolean {
  return paperDefect(value) === undefined && value.sha256 !== undefined;
}

/** The papers of an id that can be judged, and a finding for each that cannot; one of the two is never empty. */
export function papersOf(
  documents: readonly Paper[],
  id: string,
): { readonly papers: readonly Paper[]; readonly shortfalls: readonly Finding<PaperSays>[] } {
  const named = documents.filter((each) => each.value.id === id);
  if (named.length === 0) return { papers: [], shortfalls: [unproven('noEvidence', [], { document: id }, id)] };
  const unusable = named.filter((each) => !isUsable(each));
  return {
    papers: named.filter(isUsable),
    shortfalls: unusable.map((each) => unproven('paperUnusable', each, { title: each.value.title })),
  };
}

/** Whether a paper, by the dates entered for it, holds on the as-of date; else the date that says otherwise. */
export function timeOf(
  { date, validFrom, validUntil }: FiledDocument,
  asOf: PlainDate,
): {
  readonly is: 'now' | 'ended' | 'ahead';
  readonly data: { readonly from?: PlainDate; readonly until?: PlainDate };
} {
  const from = [date, validFrom].find((each) => each !== undefined && each > asOf);
  if (from !== undefined) return { is: 'ahead', data: { from } };
  return validUntil !== undefined && validUntil < asOf
    ? { is: 'ended', data: { until: validUntil } }
    : { is: 'now', data: {} };
}

/** A second paper that the first one needs: shown, declared or found to be no paper, or not known of. */
export type Backing = { readonly state: 'held' | 'missing' | 'unknown'; readonly papers: readonly Paper[] };

/**
 * Looks for a second paper. One without a hash, or that by its own dates does not hold on the as-of date, is not known of; of
 * several with the id none may be missing.
 */
export function backingOf(documents: readonly Paper[], id: string, asOf: PlainDate): Backing {
  const papers = documents.filter((each) => each.value.id === id);
  if (papers.some((each) => paperDefect(each.value))) return { state: 'missing', papers };
  const isHeld = papers.length > 0 && papers.every((each) => isUsable(each) && timeOf(each.value, asOf).is === 'now');
  return { state: isHeld ? 'held' : 'unknown', papers };
}
