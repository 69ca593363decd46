import { type ComparedRow, type Comparison, changes, type WaiverChange } from '../../assessment/comparison-schema.ts';
import { verdicts, verdictTitles } from '../../assessment/verdict.ts';
import { fill, type Language, type Text } from '../../text.ts';
import { shortened, shown } from '../show.ts';
import {
  answerText,
  changeTitles,
  comparisonWords,
  endTitle,
  stateText,
  transitionKey,
  transitions,
} from '../words/comparison.ts';
import { wordsIn } from '../words/report.ts';
import { screenWordsIn } from '../words/screen.ts';
import { wording } from './frame.ts';
import { policyFor } from './html.ts';
import { loadTemplates } from './templates.ts';

/** Characters of a finding that are printed; the JSON has the whole. */
const longestText = 600;

type Say = (text: Text) => string;

/** A comparison as one web page that loads nothing, and in which nothing but its own style sheet and script is allowed. */
export function comparisonHtml(comparison: Comparison, language: Language): string {
  const templates = loadTemplates();
  const say: Say = (text) => shortened(wording(text, language), longestText, language);
  const page = {
    ...pageOf(comparison, language, say),
    words: wordsIn(language),
    screen: screenWordsIn(language),
    chinese: language === 'zh',
    colon: language === 'zh' ? '：' : ': ',
    margin: { top: 20, right: 18, bottom: 18, left: 18 },
    head: say(comparisonWords.title),
    running: [],
  };
  return templates.comparison({ ...page, policy: policyFor(templates.style(page), templates.themeScript) });
}

function pageOf(comparison: Comparison, language: Language, say: Say) {
  const { unit, platform, profile, regressions, rows, waivers } = comparison;
  const words = Object.fromEntries(Object.entries(comparisonWords).map(([key, text]) => [key, say(text)]));
  const side = ({ number, asOf }: Comparison['old']): string => shown(`${number} · ${words.asOf} ${asOf}`);
  return {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    said: words,
    title: say(comparisonWords.title),
    number: shown(`${comparison.old.number} → ${comparison.new.number}`),
    answer: say(answerText(regressions, comparison.counts.worse)),
    hasRegressions: regressions > 0,
    facts: [
      { label: wordsIn(language).unit, value: shown(unit.name) },
      { label: wordsIn(language).platform, value: shown(platform) },
      { label: words.profile, value: say(profile.title) },
      { label: words.old, value: side(comparison.old) },
      { label: words.new, value: side(comparison.new) },
    ],
    notes: comparison.notes.map(say),
    transitions: transitionsView(rows, say),
    sections: changes.flatMap((change) => {
      const own = rows.filter((row) => row.change === change);
      return own.length === 0
        ? []
        : [{ title: `${say(changeTitles[change])} (${own.length})`, rows: own.map(rowView(say)) }];
    }),
    waivers: [
      ...waiversView(comparisonWords.waiversBegun, waivers.begun, say),
      ...waiversView(comparisonWords.waiversEnded, waivers.ended, say),
    ],
  };
}

function transitionsView(rows: readonly ComparedRow[], say: Say) {
  const counts = transitions(rows);
  const used = [...verdicts, undefined];
  const title = (verdict: (typeof used)[number]): string =>
    say(verdict ? verdictTitles[verdict] : comparisonWords.absent);
  return {
    columns: used.map(title),
    rows: used
      .map((from) => ({
        label: title(from),
        cells: used.map((to) => ({ count: counts.get(transitionKey(from, to)) ?? 0, isStill: from === to })),
      }))
      .filter(({ cells }) => cells.some(({ count }) => count > 0)),
  };
}

function rowView(say: Say): (row: ComparedRow) => object {
  const found = (sign: string, findings: ComparedRow['appeared']) =>
    findings.map(({ outcome, subject, name, text, id = '', waiver }) => ({
      sign,
      outcome: { name: outcome, title: say(verdictTitles[outcome]) },
      subject: name ? say(name) : shown(subject),
      text: say(text),
      id: shown(id),
      waived: waiver ? say(comparisonWords.waived).trim() : '',
    }));
  const badgeOf = (state: ComparedRow['from']) => ({
    name: state?.verdict ?? 'not-applicable',
    title: say(stateText(state)),
  });
  const evidence: Readonly<Record<ComparedRow['evidence'], string>> = {
    same: say(comparisonWords.evidenceSame),
    changed: say(comparisonWords.evidenceChanged),
    unknown: '',
  };
  return (row) => ({
    id: shown(row.requirement),
    title: say(row.title),
    from: badgeOf(row.from),
    to: badgeOf(row.to),
    regression: row.regression,
    evidence: evidence[row.evidence],
    found: [...found('+', row.appeared), ...found('−', row.vanished)],
  });
}

function waiversView(title: Text, waivers: readonly WaiverChange[], say: Say) {
  if (waivers.length === 0) return [];
  const lines = waivers.map(({ of, approver, from, until, state }) => {
    const text = say(fill(comparisonWords.waiver, { of, approver, from, until }));
    return state === 'active' ? text : `${text} · ${say(endTitle(state))}`;
  });
  return [{ title: `${say(title)} (${waivers.length})`, lines }];
}
