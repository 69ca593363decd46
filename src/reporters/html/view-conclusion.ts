import { parts, partTitles } from '../../assessment/profile.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { occasionTitles } from '../../occasion.ts';
import { sentences } from '../words/report.ts';
import { acceptedCounts } from '../words/waivers.ts';
import { type Chart, chartOf, chartOrder } from './charts.ts';
import { type Badge, badge, chapterHeading, type Frame, type Heading, sectionHeading } from './frame.ts';
import type { OpenRow } from './view-open.ts';
import { countData, countsOf } from './view-requirements.ts';

/** What the figures of the conclusion are of: each counts among what applies. */
const tileOrder = ['met', 'partial', 'unmet', 'unproven'] as const;

/** The first chapter. */
export type ConclusionView = {
  readonly heading: Heading;
  readonly overall: {
    readonly heading: Heading;
    readonly text: string;
    readonly columns: readonly Badge[];
    readonly rows: readonly { label: string; cells: readonly number[]; total: number; isTotal: boolean }[];
    readonly chart: Chart;
    /** The counts of what applies, large. */
    readonly tiles: readonly { readonly verdict: Badge; readonly count: number; readonly share: string }[];
    /** The requirements that are not met, by title; a few at most. */
    readonly worst: readonly OpenRow[];
    readonly moreWorst: string;
  };
  readonly open: { readonly heading: Heading };
};

/** Requirements that the page of the conclusion names. */
const mostWorst = { zh: 5, en: 3 } as const;

/** The verdicts counted, by part and in all, and what is worst among them. */
export function conclusionView(frame: Frame, chapter: number, open: readonly OpenRow[]): ConclusionView {
  const worst = open.filter(({ isUnproven }) => !isUnproven);
  const applies = countData(frame.assessment.counts).binding ?? 0;
  const { assessment, words, language, say } = frame;
  const heading = (section: number, title: string): Heading => sectionHeading(frame, chapter, section, title);
  const byPart = parts.map((part) => ({
    label: partTitles[part][language],
    counts: countsOf(assessment.requirements.filter((each) => each.part === part)),
    isTotal: false,
  }));
  const total = { label: words.total, counts: assessment.counts, isTotal: true };
  const says = byPart.map(({ label, counts }) => {
    const list = chartOrder.map((verdict) => `${verdictTitles[verdict][language]} ${counts[verdict]}`);
    return say(sentences.bar, { part: label, counts: list.join(language === 'zh' ? '，' : ', ') });
  });
  const { unit, platform, profile, asOf, occasion } = assessment;
  return {
    heading: chapterHeading(frame, chapter, words.conclusion),
    overall: {
      heading: heading(1, words.overall),
      text: `${say(sentences.summary, {
        ...countData(assessment.counts),
        ...{
          unit: unit.name,
          platform: platform.name,
          profile: profile.title,
          asOf,
          occasion: occasionTitles[occasion],
        },
      })}${acceptedSentence(frame)}`,
      columns: chartOrder.map((verdict) => badge(frame, verdict)),
      rows: [...byPart, total].map(({ label, counts, isTotal }) => ({
        label,
        cells: chartOrder.map((verdict) => counts[verdict]),
        total: countData(counts).all ?? 0,
        isTotal,
      })),
      chart: chartOf(byPart, says.join(language === 'zh' ? '；' : '; ')),
      tiles: tileOrder.map((verdict) => ({
        verdict: badge(frame, verdict),
        count: assessment.counts[verdict],
        share: applies === 0 ? '' : `${Math.round((assessment.counts[verdict] / applies) * 1000) / 10}%`,
      })),
      worst: worst.slice(0, mostWorst[language]),
      moreWorst:
        worst.length > mostWorst[language]
          ? say(sentences.moreWorst, { count: worst.length - mostWorst[language] })
          : '',
    },
    open: { heading: heading(2, words.open) },
  };
}

function acceptedSentence({ assessment, say, language }: Frame): string {
  const text = say(acceptedCounts(assessment));
  return text === '' ? '' : language === 'zh' ? `${text}。` : ` ${text}.`;
}
