import type { LedgerType } from '../../src/evidence/filed/ledger-types.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { concluded, entriesText, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import { columnTitle } from '../shared/ledger-dates.ts';
import { limitText, reporting } from '../shared/reporting.ts';
import { type Stand, type Standing, standings } from '../shared/standings.ts';

const messages = {
  ...ledgerMessages,
  nothing: {
    zh: '台账截止日 {{until}} 前没有需要核对「{{to}}」的事项',
    en: 'nothing to see “{{to}}” for until {{until}}, where the ledger ends',
  },
  inTime: {
    zh: '{{count}} 条均有「{{to}}」，且符合期限（自「{{from}}」起，{{limit}}）',
    en: 'all {{count}} have “{{to}}” in time ({{limit}}, counted from “{{from}}”)',
  },
  late: {
    zh: '{{count}} 条的「{{to}}」超过期限（自「{{from}}」起，{{limit}}）：{{entries}}',
    en: '“{{to}}” of {{count}} is past the limit ({{limit}}, counted from “{{from}}”): {{entries}}',
  },
  overdue: {
    zh: '{{count}} 条已过期限（自「{{from}}」起，{{limit}}），仍无有效的「{{to}}」：{{entries}}',
    en: '{{count}} are past the limit ({{limit}}, counted from “{{from}}”) and still have no valid “{{to}}”: {{entries}}',
  },
  open: {
    zh: '{{count}} 条尚无有效的「{{to}}」，期限未到或不能确定已过（自「{{from}}」起，{{limit}}）：{{entries}}',
    en: '{{count}} have no valid “{{to}}” yet, and are not known to be past the limit ({{limit}}, counted from “{{from}}”): {{entries}}',
  },
  unsorted: {
    zh: '{{count}} 条的情形、措施或主体不明，不能排除须核对「{{to}}」：{{entries}}',
    en: 'kind, measure or party of {{count}} is not known, so that they may need “{{to}}”: {{entries}}',
  },
  undated: {
    zh: '{{count}} 条没有「{{from}}」，不能判定「{{to}}」是否及时：{{entries}}',
    en: '{{count}} have no “{{from}}”, so that nothing says whether “{{to}}” is in time: {{entries}}',
  },
  contradictory: {
    zh: '{{count}} 条的日期相互矛盾（「{{to}}」或期限早于「{{from}}」），或是否整改到位不明：{{entries}}',
    en: 'the dates of {{count}} contradict each other (“{{to}}” or the limit is before “{{from}}”), or full correction is not known: {{entries}}',
  },
  unlimited: {
    zh: '{{count}} 条未登记期限，不能判定「{{to}}」是否及时：{{entries}}',
    en: '{{count}} state no limit, so that nothing says whether “{{to}}” is in time: {{entries}}',
  },
  unseen: {
    zh: '台账没有「{{from}}」或「{{to}}」列，{{count}} 条无从核对：{{entries}}',
    en: 'the ledger lacks the column “{{from}}” or “{{to}}”, so that {{count}} cannot be judged: {{entries}}',
  },
} as const;

type Says = keyof typeof messages;

const verifyDates: Text = { zh: '核实并更正登记的日期', en: 'verify the dates and correct them' };

/** What had to follow an entry followed in time. */
export const check = defineCheck({
  id: 'ledgers/reported-in-time',
  title: { zh: '登记事项按期办理', en: 'Entries dealt with in time' },
  about: {
    zh: '对台账中每一条已发生的事项，核对报送、整改、备案等日期是否在规定天数、月数和登记的期限之内；逾期未办的不符合，未到期的待确认。',
    en: 'Of each entry that occurred, sees whether it was reported, corrected or filed within the days, the months and the entry’s own limit; past it is unmet, and what is still to be done is unproven.',
  },
  reads: ['ledgers', 'platform'],
  parameters: reporting,
  messages,
  remedies: {
    ...ledgerRemedies,
    late: {
      zh: '核实日期；属实的，说明原因并防止再次逾期',
      en: 'verify the dates; if they are right, explain, and see that it does not recur',
    },
    overdue: { zh: '立即办理并登记日期', en: 'deal with it at once and enter the date' },
    open: { zh: '按期办理并登记日期', en: 'deal with it in time and enter the date' },
    unsorted: { zh: '按规范所列情形和措施登记', en: 'enter kind, measure and party in the words of the guidance' },
    undated: verifyDates,
    contradictory: verifyDates,
    unlimited: { zh: '登记税务机关要求的期限', en: 'enter the limit that the bureau set' },
    unseen: { zh: '在台账中增加该列；没有发生的留空', en: 'add the column; leave it empty where nothing occurred' },
  },

  judge({ ledgers, platform }, asked, asOf) {
    const { ledger } = asked;
    const register = registerOf<LedgerType>({ ledgers, platform }, ledger, asOf, asked.over);
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const all = standings(register.entries, seen.value, asked, asOf);
    const groups = Map.groupBy(all, ({ standing }) => standing);
    const data = { from: columnTitle(ledger, asked.from), to: columnTitle(ledger, asked.to), limit: limitText(asked) };
    const problems = problemsInOrder.flatMap((standing): Finding<Says>[] => {
      const group = groups.get(standing);
      const outcome = standing === 'late' || standing === 'overdue' ? unmet<Says> : unproven<Says>;
      return group ? [outcome(standing, seen, { ...data, ...listed(group) })] : [];
    });
    return concluded<Says>(register, problems, () =>
      all.length === 0
        ? met('nothing', seen, { ...data, until: seen.value.until })
        : met('inTime', seen, { ...data, count: all.length }),
    );
  },
});

const problemsInOrder = [
  'late',
  'overdue',
  'open',
  'unsorted',
  'undated',
  'contradictory',
  'unlimited',
  'unseen',
] as const satisfies Standing[];

function listed(group: readonly Stand[]): TextData {
  const entries = entriesText(group.map(({ entry }) => entry));
  const [due] = [
    ...new Set(group.flatMap(({ standing, due }) => ((standing === 'open' || standing === 'overdue') && due) || [])),
  ].toSorted();
  return { count: group.length, entries, ...(due !== undefined && { due }) };
}
