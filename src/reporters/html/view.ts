import type { Assessment } from '../../assessment/assessment.ts';
import type { Series } from '../../assessment/history-schema.ts';
import { parts } from '../../assessment/profile.ts';
import type { PlainDate } from '../../evidence/dates.ts';
import { occasionTitles } from '../../occasion.ts';
import type { Language } from '../../text.ts';
import { offsetOf, shown } from '../show.ts';
import { modeTitles, type Words } from '../words/report.ts';
import { chapterHeading, type Frame, frameOf, type Heading, type Pair, sectionHeading } from './frame.ts';
import type { Paper } from './paper.ts';
import { type AnnexView, annexView } from './view-annex.ts';
import { type ConclusionView, conclusionView } from './view-conclusion.ts';
import { type DeclarationView, declarationView } from './view-declaration.ts';
import { type EvidenceView, evidenceView } from './view-evidence.ts';
import { type HistoryView, historyView } from './view-history.ts';
import { type MethodView, methodView } from './view-method.ts';
import { type OpenRow, openRows } from './view-open.ts';
import { type PartView, partView } from './view-requirements.ts';
import { type ScopeView, scopeView } from './view-scope.ts';
import { type WaiversView, waiversView } from './view-waivers.ts';

/** The number of each chapter. */
const chapters = { conclusion: 1, scope: 2, parts: 3, rectification: 6, evidence: 7, declaration: 8 } as const;

/** A line of the table of contents; `page` is filled for paper. */
export type ContentsEntry = Heading & { readonly level: 1 | 2; readonly page: string };

/** All that the templates show: strings made showable, nothing left to decide. */
export type View = {
  readonly lang: 'zh-CN' | 'en';
  readonly words: Words;
  readonly title: string;
  readonly number: string;
  readonly subtitle: string;
  readonly cover: readonly Pair[];
  /** Who hands the report in, and the date that it speaks of. */
  readonly issuer: { readonly unit: string; readonly date: string };
  readonly contents: readonly ContentsEntry[];
  readonly conclusion: ConclusionView;
  /** Absent without a list of waivers, and without other assessments. */
  readonly waivers: WaiversView | undefined;
  readonly history: HistoryView | undefined;
  readonly open: readonly OpenRow[];
  readonly scope: ScopeView;
  /** The last section of that chapter. */
  readonly method: MethodView;
  readonly parts: readonly PartView[];
  readonly rectification: {
    readonly heading: Heading;
    /** What is to be corrected, and what is to be proven; only what there is. */
    readonly lists: readonly {
      readonly heading: Heading;
      readonly use: string;
      /** Head of the column of what is wrong, or of what is missing. */
      readonly problem: string;
      readonly rows: readonly OpenRow[];
    }[];
  };
  readonly evidence: EvidenceView;
  /** Absent where the profile arranges none. */
  readonly annex: AnnexView | undefined;
  readonly declaration: DeclarationView;
};

/**
 * An assessment as the templates show it, in one language.
 * On paper `pages` gives each anchor its page for the table of contents; until it is known, another of three digits stands there.
 */
export function viewOf(assessment: Assessment, language: Language, paper?: Paper, series?: Series): View {
  const frame = frameOf(assessment, language, { paged: paper !== undefined });
  const open = openRows(frame);
  const { words, say } = frame;
  const third = (section: number, title: string): Heading => sectionHeading(frame, chapters.conclusion, section, title);
  const waivers = waiversView(frame, third(3, words.waivers));
  const view = {
    lang: language === 'zh' ? ('zh-CN' as const) : ('en' as const),
    words,
    title: titleOf(assessment, words),
    number: shown(assessment.number),
    subtitle: say(assessment.profile.title),
    cover: coverRows(frame),
    issuer: { unit: shown(assessment.unit.name), date: dayOf(assessment.asOf, language) },
    conclusion: conclusionView(frame, chapters.conclusion, open),
    open,
    waivers,
    history: historyView(frame, third(waivers ? 4 : 3, words.history), series),
    scope: scopeView(frame, chapters.scope),
    method: methodView(frame, chapters.scope, 5),
    parts: parts.map((part, index) => partView(frame, part, chapters.parts + index)),
    rectification: rectificationView(frame, open),
    evidence: evidenceView(frame, chapters.evidence),
    declaration: declarationView(frame, chapters.declaration, paper?.signer),
    annex: annexView(frame),
  };
  return { ...view, contents: contentsOf(view, paper?.pages) };
}

/** The report's title: joint use has its own. */
export function titleOf({ platform }: Assessment, words: Words): string {
  return platform.mode === 'joint-use' ? words.titleJoint : words.title;
}

function coverRows({ assessment, words, language, say, clock }: Frame): Pair[] {
  const { unit, platform, period, occasion, asOf, evidence, timeZone, number } = assessment;
  const until = language === 'zh' ? '至' : 'to';
  const mode = modeTitles[platform.mode]?.[language] ?? platform.mode;
  const offset = offsetOf(evidence.to, timeZone);
  return [
    { label: words.creditCode, value: shown(unit.creditCode) },
    { label: words.platform, value: shown(platform.name) },
    { label: words.mode, value: shown(mode) },
    { label: words.since, value: platform.since },
    ...(period ? [{ label: words.period, value: `${period.from} ${until} ${period.until}` }] : []),
    { label: words.profile, value: say(assessment.profile.title) },
    { label: words.occasion, value: occasionTitles[occasion][language] },
    { label: words.asOf, value: asOf },
    { label: words.collected, value: `${clock(evidence.from)} ${until} ${clock(evidence.to)} (${offset})` },
    { label: words.number, value: shown(number) },
  ];
}

/** A day as official documents date themselves (GB/T 9704-2012, 7.3.5.4): 2026年11月23日. */
function dayOf(date: PlainDate, language: Language): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return language === 'zh' ? `${year}年${Number(month)}月${Number(day)}日` : date;
}

function rectificationView(frame: Frame, open: readonly OpenRow[]): View['rectification'] {
  const { words } = frame;
  const lists = [
    {
      title: words.toCorrect,
      use: words.toCorrectUse,
      problem: words.problem,
      rows: open.filter(({ isUnproven }) => !isUnproven),
    },
    {
      title: words.toProve,
      use: words.toProveUse,
      problem: words.lacking,
      rows: open.filter(({ isUnproven }) => isUnproven),
    },
  ].filter(({ rows }) => rows.length > 0);
  return {
    heading: chapterHeading(frame, chapters.rectification, words.rectification),
    lists: lists.map(({ title, ...list }, index) => ({
      heading: sectionHeading(frame, chapters.rectification, index + 1, title),
      ...list,
    })),
  };
}

function contentsOf(view: Omit<View, 'contents'>, pages: ReadonlyMap<string, number> | undefined): ContentsEntry[] {
  const { conclusion, waivers, history, scope, method, parts: partViews } = view;
  const { rectification, evidence, declaration, annex } = view;
  const chapter = (heading: Heading, sections: readonly (Heading | undefined)[]): Omit<ContentsEntry, 'page'>[] => [
    { ...heading, level: 1 },
    ...sections.flatMap((each) => (each ? [{ ...each, level: 2 as const }] : [])),
  ];
  const entries = [
    ...chapter(conclusion.heading, [
      conclusion.overall.heading,
      conclusion.open.heading,
      waivers?.heading,
      history?.heading,
    ]),
    ...chapter(scope.heading, [
      scope.sources.heading,
      scope.collection.heading,
      scope.contacts.heading,
      scope.terms.heading,
      method.heading,
    ]),
    ...partViews.flatMap((part) =>
      chapter(part.heading, [part.overview.heading, part.rows.heading, part.notApplicable?.heading]),
    ),
    ...chapter(
      rectification.heading,
      rectification.lists.map((each) => each.heading),
    ),
    ...chapter(evidence.heading, [
      ...evidence.sections.map((each) => each.heading),
      evidence.notSeen.heading,
      evidence.groups?.heading,
    ]),
    ...chapter(declaration.heading, [declaration.statements.heading, declaration.signing.heading]),
    ...(annex
      ? chapter(
          annex.heading,
          annex.parts.map(({ heading }) => heading),
        )
      : []),
  ];
  const seen = { 1: 0, 2: 0 };
  return entries.map((entry) => {
    const stand = standFor(seen[entry.level]);
    seen[entry.level] += 1;
    return { ...entry, page: String(pages?.get(entry.anchor) ?? stand) };
  });
}

// Four lines of one level hold every digit, so that the fonts of a print without page numbers have them all.
function standFor(line: number): string {
  return [0, 1, 2].map((step) => (line * 3 + step) % 10).join('');
}
