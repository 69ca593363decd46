import { addMonths, isDate, monthsBefore } from '../../src/evidence/dates.ts';
import type { LedgerType } from '../../src/evidence/filed/ledger-types.ts';
import type { Entry, Ledger } from '../../src/evidence/filed/ledgers.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { TextData } from '../../src/text.ts';
import { defineCheck, type Evidence, type Finding, met, unmet, unproven } from '../check.ts';
import { differingMessage, differingRemedy, factNamed } from '../shared/facts.ts';
import {
  concluded,
  entriesText,
  ledgerMessages,
  ledgerRemedies,
  noLedger,
  type Register,
  registerOf,
} from '../shared/ledger.ts';
import { columnTitle, isAfter, isBefore } from '../shared/ledger-dates.ts';
import { excerpt, statedIn, wordOf } from '../shared/paper-fields.ts';
import type { Paper } from '../shared/papers.ts';
import { gapsIn, periodsMissedIn, type Rhythm, type Stretch } from '../shared/rounds.ts';
import { rhythmText, type Schedule, schedule, stretchesText } from '../shared/schedule.ts';

const messages = {
  ...ledgerMessages,
  onSchedule: {
    zh: '自 {{start}} 起登记 {{count}} 条，符合「{{rhythm}}」；下一次不迟于 {{due}}',
    en: '{{count}} entered since {{start}}, which keeps to “{{rhythm}}”; the next is due by {{due}}',
  },
  notYetDue: {
    zh: '自 {{start}} 起按「{{rhythm}}」尚未到期，首次不迟于 {{due}}',
    en: 'by “{{rhythm}}” nothing was due since {{start}}; the first is due by {{due}}',
  },
  missed: {
    zh: '要求「{{rhythm}}」，下列期间不符：{{stretches}}',
    en: '“{{rhythm}}” is asked, and not kept in {{stretches}}',
  },
  missedUnshown: {
    zh: '要求「{{rhythm}}」，下列期间没有登记，但台账未覆盖该期间或结账声明无效，不能认定：{{stretches}}',
    en: '“{{rhythm}}” is asked, and nothing is entered in {{stretches}}; as the ledger does not cover it, or is not validly closed, this shows nothing',
  },
  notDone: {
    zh: '{{count}} 条登记有发现，但截至评估基准日没有「{{done}}」：{{entries}}',
    en: '{{count}} entries have findings, and no “{{done}}” by the as-of date: {{entries}}',
  },
  doneUnclear: {
    zh: '{{count}} 条没有登记发现数，或「{{done}}」不可信：{{entries}}',
    en: '{{count}} entries do not say how much was found, or have no credible “{{done}}”: {{entries}}',
  },
  rhythmUnknown: {
    zh: '不知应按何频次：未申报「{{fact}}」，或不是文字',
    en: 'how often is not known: the fact {{fact}} is not declared, or is no text',
  },
  rhythmDisagrees: {
    zh: '不知应按何频次：申报的「{{fact}}」为「{{value}}」，《{{title}}》却写「{{stated}}」',
    en: 'how often is not known: the fact {{fact}} is declared as “{{value}}”, but “{{title}}” says “{{stated}}”',
  },
  differing: differingMessage,
  rhythmOther: {
    zh: '不知应按何频次：申报的「{{fact}}」为「{{value}}」，应为：{{known}}',
    en: 'how often is not known: the fact {{fact}} is declared as “{{value}}”; it must be one of {{known}}',
  },
} as const;

type Says = keyof typeof messages;

/** Rounds of something were held as often as they must be. */
export const check = defineCheck({
  id: 'ledgers/on-schedule',
  title: { zh: '按频次开展', en: 'Held on schedule' },
  about: {
    zh: '核对台账登记的演练、监测、培训等在回溯期内间隔不超过规定月数，或每个自然月、季度至少一次，并核对发现的问题已处理；回溯期首尾的间隔同样核对。',
    en: 'Sees that drills, monitoring, training and the like were never further apart than allowed, or held in every calendar month or quarter looked back on, its start and end included, and that what was found was dealt with.',
  },
  reads: ['ledgers', 'platform', 'facts', 'documents'],
  parameters: schedule,
  messages,
  remedies: {
    ...ledgerRemedies,
    missed: { zh: '立即补做并登记，此后按期开展', en: 'hold it now and enter it; from then on keep to the schedule' },
    missedUnshown: {
      zh: '补登缺少的期间，并由负责人签署结账声明',
      en: 'enter what is missing, and have the ledger closed by a signed statement',
    },
    notDone: { zh: '立即处理并登记「{{done}}」', en: 'deal with it at once, and enter “{{done}}”' },
    doneUnclear: {
      zh: '补登发现数，核实日期；没有发现的登记为 0',
      en: 'enter how much was found, 0 if nothing, and verify the dates',
    },
    rhythmUnknown: {
      zh: '在平台文件 facts 中填报，并附原始材料',
      en: 'declare it under facts of the platform file, with its source document',
    },
    rhythmDisagrees: { zh: '对照材料原件更正', en: 'compare the paper, and correct what is wrong' },
    differing: differingRemedy,
    rhythmOther: { zh: '按所列文字填报', en: 'declare it in one of these words' },
  },

  judge({ ledgers, platform, facts, documents }, asked, asOf) {
    const register = registerOf<LedgerType>({ ledgers, platform }, asked.ledger, asOf, asked.over);
    if (!register) return [noLedger(asked.ledger)];
    const rhythm = monthsOf(asked, { facts, documents });
    if (typeof rhythm !== 'number') return [rhythm, ...register.shortfalls];
    const since = platform[0]?.value.since ?? '';
    const back = monthsBefore(asOf, asked.over);
    const window = { from: back < since ? since : back, to: asOf };
    const cited = [register.seen, ...facts.filter(({ value }) => value.name === asked.monthsBy?.fact)] as const;
    return judged(register, { asked, months: rhythm, window, isCut: since < back, cited });
  },
});

type Frame = {
  readonly asked: Schedule;
  readonly months: number;
  readonly window: Stretch;
  /** The platform is older than the window. */
  readonly isCut: boolean;
  /** The ledger, and the fact that says how often. */
  readonly cited: readonly [Seen<Ledger>, ...Seen<unknown>[]];
};

function monthsOf(
  { months, monthsBy }: Schedule,
  { facts, documents }: Pick<Evidence<'facts' | 'documents'>, 'facts' | 'documents'>,
): number | Finding<Says> {
  if (!monthsBy) return months ?? 0;
  const { fact: name, of } = monthsBy;
  const only = factNamed(facts, name);
  if ('differing' in only) return unproven('differing', only.differing, { name });
  const fact = 'one' in only ? only.one : undefined;
  if (fact?.value.value.type !== 'text') return unproven('rhythmUnknown', fact ?? [], { fact: name }, name);
  const { text } = fact.value.value;
  const other = otherwiseIn(documents, text, monthsBy);
  if (other) return unproven('rhythmDisagrees', [fact, other.paper], { fact: name, value: text, ...other.data });
  const found = Object.hasOwn(of, text) ? of[text] : undefined;
  const known = { zh: Object.keys(of).join('、'), en: Object.keys(of).join(', ') };
  return found ?? unproven('rhythmOther', fact, { fact: name, value: text, known });
}

// The agreement goes before the word of the unit, but which of the two was entered wrong cannot be told.
function otherwiseIn(
  documents: readonly Paper[],
  text: string,
  { document, field = '' }: NonNullable<Schedule['monthsBy']>,
): { readonly paper: Paper; readonly data: TextData } | undefined {
  for (const paper of documents.filter(({ value }) => value.id === document)) {
    const stated = statedIn(paper.value, field).find((each) => wordOf(each) !== wordOf(text));
    if (stated !== undefined) return { paper, data: { title: paper.value.title, stated: excerpt(stated) } };
  }
  return undefined;
}

function judged(register: Register<LedgerType>, frame: Frame): Finding<Says>[] {
  const { asked, months, window, cited } = frame;
  const rounds = register.entries.flatMap((entry) => {
    const on = entry[asked.on];
    return on !== undefined && on >= window.from && on <= window.to && isDate(on) ? on : [];
  });
  const rhythm = rhythmOf(rounds, frame);
  const data = { start: window.from, rhythm: rhythmText(asked, months), due: rhythm.due };
  return concluded<Says>(register, [...missedFindings(register, rhythm, frame), ...doneFindings(register, frame)], () =>
    met(rounds.length > 0 ? 'onSchedule' : 'notYetDue', cited, { ...data, count: rounds.length }),
  );
}

function rhythmOf(rounds: readonly string[], { asked, months, window, isCut }: Frame): Rhythm {
  return asked.calendar ? periodsMissedIn(rounds, window, months === 3 ? 3 : 1) : gapsIn(rounds, window, months, isCut);
}

// Only what a validly closed ledger covers shows by its silence that nothing was held.
function missedFindings(register: Register<LedgerType>, { missed, due: next }: Rhythm, frame: Frame): Finding<Says>[] {
  const { months, asked, cited, window } = frame;
  const { from, until } = register.seen.value;
  const isClosed = register.shortfalls.every(({ says }) => says === 'startsLate');
  const isShown = (stretch: Stretch): boolean => {
    if (!isClosed) return false;
    if (asked.calendar) return from <= stretch.from && stretch.to <= until;
    const due = addMonths(from > stretch.from ? from : stretch.from, months);
    return due <= until && (from <= stretch.from || due < stretch.to);
  };
  const data = { rhythm: rhythmText(asked, months), ...(next >= window.to && { due: next }) };
  const listed = (those: readonly Stretch[]): TextData => ({ ...data, stretches: stretchesText(those, asked, months) });
  const shown = missed.filter(isShown);
  const unshown = missed.filter((stretch) => !isShown(stretch));
  return [
    ...(shown.length > 0 ? [unmet<Says>('missed', cited, listed(shown))] : []),
    ...(unshown.length > 0 ? [unproven<Says>('missedUnshown', cited, listed(unshown))] : []),
  ];
}

function doneFindings({ seen, entries }: Register<LedgerType>, { asked, window }: Frame): Finding<Says>[] {
  const { done } = asked;
  if (!done) return [];
  const groups = Map.groupBy(entries, (entry) => standOf(entry, entry[asked.on], entry[done], window));
  const data = { done: columnTitle(asked.ledger, done) };
  return (['notDone', 'doneUnclear'] as const).flatMap((says): Finding<Says>[] => {
    const group = groups.get(says);
    const outcome = says === 'notDone' ? unmet<Says> : unproven<Says>;
    return group ? [outcome(says, seen, { ...data, count: group.length, entries: entriesText(group) })] : [];
  });
}

function standOf(
  { findings = '' }: Entry,
  on: string | undefined,
  done: string | undefined,
  window: Stretch,
): 'fine' | 'notDone' | 'doneUnclear' {
  if (isAfter(on, window.to) || /^0+$/.test(findings)) return 'fine';
  if (!/^\d+$/.test(findings)) return isBefore(on, window.from) ? 'fine' : 'doneUnclear';
  if (done === undefined || isAfter(done, window.to)) return 'notDone';
  return isDate(done) && on !== undefined && done >= on ? 'fine' : 'doneUnclear';
}
