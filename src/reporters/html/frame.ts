import type { AssessedFinding, AssessedWaiver, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import { type Verdict, verdictTitles } from '../../assessment/verdict.ts';
import { fill, type Language, type Text, type TextData } from '../../text.ts';
import { clockIn, shortened, shown } from '../show.ts';
import { type Words, wordsIn } from '../words/report.ts';
import { type Folds, foldsOf } from './folds.ts';

/** What every part of the view is made with. */
export type Frame = {
  readonly assessment: Assessment;
  readonly language: Language;
  readonly words: Words;
  /** A text in the report's language, made showable; with data, its placeholders are filled. */
  readonly say: (text: Text, data?: TextData) => string;
  /** Like {@link Frame.say}, at most `limit` characters; see {@link shortened}. */
  readonly sayShort: (text: Text, limit: number) => string;
  /** An instant in the platform's time zone. */
  readonly clock: (instant: string) => string;
  /** The anchor of an evidence item by its id; undefined if the index lacks it. */
  readonly evidenceAnchor: (id: string) => string | undefined;
  /** The waiver that covers a finding. */
  readonly waiverOf: (finding: AssessedFinding) => AssessedWaiver | undefined;
  readonly requirementIds: ReadonlySet<string>;
  readonly entryOf: (id: string) => EvidenceEntry | undefined;
  /** Findings as paper folds them; absent on a screen, which shows each. */
  readonly folds?: Folds;
};

/** A heading with the number that Chinese official documents give it: 一、 and （一）; in English 1 and 1.1. */
export type Heading = { readonly anchor: string; readonly number: string; readonly title: string };

/** A coloured word: the verdict's name for the style sheet, and as the reader sees it. */
export type Badge = { readonly name: Verdict; readonly title: string };

/** A label beside its value. */
export type Pair = { readonly label: string; readonly value: string };

export function frameOf(assessment: Assessment, language: Language, { paged = false } = {}): Frame {
  const entries = new Map(assessment.index.map((entry) => [entry.id, entry]));
  const anchors = new Map(assessment.index.map((entry, index) => [entry.id, `e-${index + 1}`]));
  const waivers = new Map((assessment.waivers ?? []).map((waiver) => [waiver.id, waiver]));
  const bound = paged ? withUnits : (text: string): string => text;
  return {
    assessment,
    language,
    words: wordsIn(language),
    say: (text, data) => bound(shown(wording(data ? fill(text, data) : text, language))),
    sayShort: (text, limit) => bound(shortened(wording(text, language), limit, language)),
    clock: clockIn(assessment.timeZone),
    evidenceAnchor: (id) => anchors.get(id),
    requirementIds: new Set(assessment.requirements.map(({ id }) => id)),
    entryOf: (id) => entries.get(id),
    ...(paged ? { folds: foldsOf(assessment) } : {}),
    waiverOf: ({ waiver }) => (waiver === undefined ? undefined : waivers.get(waiver)),
  };
}

// A figure and its unit stay on one line: `1,000 万元`.
function withUnits(text: string): string {
  return text.replace(/(?<=\d) (?=[\p{Script=Han}%])/gu, '\u00a0');
}

/** A text in one language, its quotation marks suiting the fonts: in a Chinese font the curly ones are as wide as a hanzi. */
export function wording(text: Text, language: Language): string {
  return language === 'zh' ? text.zh : text.en.replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
}

/** A chapter's heading; anchors are ASCII, for PDF destinations are. */
export function chapterHeading(frame: Frame, chapter: number, title: string): Heading {
  const number = frame.language === 'zh' ? `${chineseNumber(chapter)}、` : `${chapter}`;
  return { anchor: `c-${chapter}`, number, title };
}

export function sectionHeading(frame: Frame, chapter: number, section: number, title: string): Heading {
  const number = frame.language === 'zh' ? `（${chineseNumber(section)}）` : `${chapter}.${section}`;
  return { anchor: `c-${chapter}-${section}`, number, title };
}

export function badge(frame: Frame, verdict: Verdict): Badge {
  return { name: verdict, title: verdictTitles[verdict][frame.language] };
}

const digits = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;

/** 1 to 99 in Chinese numerals. */
export function chineseNumber(number: number): string {
  const tens = Math.floor(number / 10);
  const ten = tens === 0 ? '' : `${tens === 1 ? '' : digits[tens]}十`;
  return ten + digits[number % 10];
}
