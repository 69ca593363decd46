import type { Change, ComparedRow, WaiverChange } from '../../assessment/comparison-schema.ts';
import { type Verdict, verdictTitles } from '../../assessment/verdict.ts';
import { fill, joined, type Text } from '../../text.ts';
import { waivedMark, waiverStateTitles } from './waivers.ts';

/** What became of requirements, as headings. */
export const changeTitles: Readonly<Record<Change, Text>> = {
  worse: { zh: '变差', en: 'Worse' },
  new: { zh: '新增或开始适用', en: 'New, or newly applicable' },
  otherwise: { zh: '要求已改变，不作比较', en: 'Asked otherwise: not compared' },
  unclear: { zh: '原有问题，现无法判定（不算好转）', en: 'Was not met, cannot be told now (not better)' },
  better: { zh: '好转', en: 'Better' },
  gone: { zh: '取消或不再适用', en: 'Gone, or no longer applicable' },
  findings: { zh: '判定不变，发现有变', en: 'Same verdict, other findings' },
  evidence: { zh: '判定不变，证据有变', en: 'Same verdict on changed evidence' },
  same: { zh: '判定与证据均不变', en: 'Same verdict, same evidence' },
};

/** The same in a word or two: `变差 2`. */
export const changeWords: Readonly<Record<Change, Text>> = {
  worse: { zh: '变差', en: 'worse' },
  new: { zh: '新增', en: 'new' },
  otherwise: { zh: '要求已改', en: 'asked otherwise' },
  unclear: { zh: '转为无法判定', en: 'no longer told' },
  better: { zh: '好转', en: 'better' },
  gone: { zh: '取消', en: 'gone' },
  findings: { zh: '发现有变', en: 'other findings' },
  evidence: { zh: '证据有变', en: 'other evidence' },
  same: { zh: '不变', en: 'same' },
};

/** Verdicts as heads of columns: six of them fit into 80. */
export const shortVerdicts: Readonly<Record<Verdict, Text>> = {
  ...verdictTitles,
  partial: { zh: '部分符合', en: 'Partial' },
  'not-applicable': { zh: '不适用', en: 'N/a' },
};

export const comparisonWords = {
  title: { zh: '两次评估对比', en: 'Two assessments compared' },
  old: { zh: '前次', en: 'Before' },
  new: { zh: '本次', en: 'Now' },
  asOf: { zh: '基准日', en: 'as of' },
  profile: { zh: '规范配置', en: 'Profile' },
  holds: { zh: '没有退步', en: 'Nothing got worse' },
  onlyWaived: {
    zh: '没有退步；变差的 {{count}} 项都在例外之内',
    en: 'No regressions: {{count}} got worse, all of them under waivers',
  },
  regressions: { zh: '退步 {{count}} 项', en: 'Regressions: {{count}}' },
  transitions: { zh: '判定变化', en: 'Transitions' },
  transitionsUse: { zh: '行为前次，列为本次', en: 'rows: before; columns: now' },
  absent: { zh: '无此项', en: 'not there' },
  waived: { zh: '（例外）', en: ' (waived)' },
  regression: { zh: '退步', en: 'regression' },
  appeared: { zh: '新出现', en: 'appeared' },
  vanished: { zh: '已消失', en: 'vanished' },
  evidenceChanged: { zh: '证据有变', en: 'other evidence' },
  evidenceSame: { zh: '证据相同', en: 'same evidence' },
  waiversBegun: { zh: '开始的例外', en: 'Waivers begun' },
  waiversEnded: { zh: '结束的例外', en: 'Waivers ended' },
  removed: { zh: '已从清单删去', en: 'removed from the list' },
  waiver: {
    zh: '{{of}}：{{from}} 至 {{until}}，批准人 {{approver}}',
    en: '{{of}}: {{from}} to {{until}}, by {{approver}}',
  },
  more: { zh: '另有 {{count}} 项，见 --json 或 --format html', en: '{{count}} more: see --json or --format html' },
  requirement: { zh: '要求', en: 'Requirement' },
  findings: { zh: '发现的变化', en: 'Changes of findings' },
} satisfies Record<string, Text>;

/** The answer in a line. */
export function answerText(regressions: number, worse: number): Text {
  if (regressions > 0) return fill(comparisonWords.regressions, { count: regressions });
  return worse > 0 ? fill(comparisonWords.onlyWaived, { count: worse }) : comparisonWords.holds;
}

/** A verdict as one side of a comparison shows it, with its waiver; a requirement that was not there says so. */
export function stateText(state: ComparedRow['from']): Text {
  if (!state) return comparisonWords.absent;
  return joined([verdictTitles[state.verdict], waivedMark(state)], '', '');
}

/** Why a waiver does not hold any more. */
export function endTitle(state: WaiverChange['state']): Text {
  return state === 'removed' ? comparisonWords.removed : waiverStateTitles[state];
}

/** Counts by verdict before and now; a requirement that is not there counts under `undefined`. */
export function transitions(rows: readonly ComparedRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { from, to } of rows) {
    const key = transitionKey(from?.verdict, to?.verdict);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export function transitionKey(from: Verdict | undefined, to: Verdict | undefined): string {
  return `${from ?? '-'} ${to ?? '-'}`;
}
