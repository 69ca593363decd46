import { isUnchanged, type Run, type Series } from '../../assessment/history-schema.ts';
import { fill, type Text } from '../../text.ts';
import { shown } from '../show.ts';
import { changeText, historyWords } from '../words/history.ts';
import { type Badge, badge, type Frame, type Heading } from './frame.ts';
import { type Trend, trendOf, trendOrder } from './trend-chart.ts';

export type HistoryView = {
  readonly heading: Heading;
  readonly text: string;
  readonly chart: Trend;
  readonly columns: readonly Badge[];
  readonly changed: string;
  readonly unchanged: string;
  readonly rows: readonly {
    readonly dates: string;
    readonly number: string;
    readonly cells: readonly number[];
    readonly change: string;
    readonly isThis: boolean;
  }[];
};

const words = {
  text: {
    zh: '自 {{from}} 至 {{until}}，按本规范配置对本平台评估 {{count}} 次（含本次），其中 {{same}} 次结果与上次相同。图中空白处没有评估。',
    en: 'From {{from}} to {{until}} the platform was assessed by this profile {{count}} times, this one included; {{same}} times nothing changed. Where the chart is empty there was no assessment.',
  },
  changed: { zh: '有变化', en: 'something changed' },
  column: {
    zh: '{{date}} 不符合 {{unmet}}、部分符合 {{partial}}、待确认 {{unproven}}、符合 {{met}}',
    en: '{{date}}: {{unmet}} unmet, {{partial}} partially met, {{unproven}} unproven, {{met}} met',
  },
} satisfies Record<string, Text>;

/** The assessments before this one and this one, as a chart and a table; runs in which nothing changed share a line. */
export function historyView(frame: Frame, heading: Heading, series: Series | undefined): HistoryView | undefined {
  const [first] = series?.runs ?? [];
  if (!series || !first) return undefined;
  const { assessment, language, say } = frame;
  const { runs } = series;
  const { from, until } = series.period ?? { from: first.asOf, until: assessment.asOf };
  const same = runs.filter(isUnchanged).length;
  const says = runs.map(({ asOf, counts }) => say(words.column, { date: asOf, ...numbersOf(counts) }));
  return {
    heading,
    text: say(words.text, { from, until, count: runs.length, same }),
    chart: trendOf(
      runs.map((run) => ({ date: run.asOf, counts: run.counts, same: isUnchanged(run) })),
      from,
      until,
      says.join(language === 'zh' ? '；' : '; '),
    ),
    columns: trendOrder.map((verdict) => badge(frame, verdict)),
    changed: say(words.changed),
    unchanged: say(historyWords.unchanged),
    rows: folded(runs).map((group) => rowOf(frame, group)),
  };
}

function numbersOf({ unmet, partial, unproven, met }: Run['counts']): Record<string, number> {
  return { unmet, partial, unproven, met };
}

// A run that changed nothing joins the one before it, unless that changed something.
function folded(runs: readonly Run[]): Run[][] {
  const groups: Run[][] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    if (last?.every(isUnchanged) && isUnchanged(run)) last.push(run);
    else groups.push([run]);
  }
  return groups;
}

function rowOf(frame: Frame, group: readonly Run[]): HistoryView['rows'][number] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) throw new Error('a group of runs holds at least one');
  const count = group.length;
  return {
    dates: count === 1 ? first.asOf : frame.say(fill(historyWords.times, { from: first.asOf, to: last.asOf, count })),
    number: count === 1 ? shown(first.number) : '',
    cells: trendOrder.map((verdict) => last.counts[verdict]),
    change: frame.say(changeText(last)),
    isThis: last.number === frame.assessment.number,
  };
}
