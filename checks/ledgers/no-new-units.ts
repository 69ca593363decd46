import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Evidence, type Finding, met, unmet, unproven } from '../check.ts';
import {
  concluded,
  type LedgerSays,
  ledgerMessages,
  ledgerRemedies,
  noLedger,
  registerOf,
  titleOf,
} from '../shared/ledger.ts';
import { listed } from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  noneJoined: {
    zh: '{{after}} 之后至台账截止日 {{until}} 没有新接入的使用单位',
    en: 'no using unit joined after {{after}} and until {{until}}, the last day of the ledger',
  },
  joinedAfter: {
    zh: '{{after}} 之后仍接入使用单位 {{count}} 户：{{entries}}',
    en: '{{count}} using units joined after {{after}}: {{entries}}',
  },
  joinedUnknown: {
    zh: '{{count}} 户没有接入日期：{{entries}}',
    en: '{{count}} using units have no date of joining: {{entries}}',
  },
  endsBefore: {
    zh: '《{{ledger}}》截至 {{until}}，未包含 {{after}} 之后的日期',
    en: 'the ledger “{{ledger}}” runs until {{until}} and covers no day after {{after}}',
  },
  noDate: {
    zh: '没有该日期的有效证据：平台文件未填报，或未能读取',
    en: 'there is no evidence of this date: it is not declared in the platform file, or could not be read',
  },
  notADate: { zh: '该数据不是日期', en: 'this fact is no date' },
  dateAhead: {
    zh: '填报的日期 {{after}} 不早于评估基准日，此后的情况尚无从判定',
    en: 'the declared date {{after}} is not before the as-of date, and what follows it cannot be judged yet',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

/** No using unit joined after a declared date, such as that of an announced exit. */
export const check = defineCheck({
  id: 'ledgers/no-new-units',
  title: { zh: '不再新增使用单位', en: 'No new using units' },
  about: {
    zh: '以使用单位台账的接入日期（含已解除的）与申报的日期相比；台账须自该日起连续登记并有结账声明。',
    en: 'Compares the dates of joining in the ledger of using units, those that left included, with a declared date; the ledger must run from that date on and be closed.',
  },
  reads: ['facts', 'ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('using-units').default('using-units'),
    /** The fact that holds the date. */
    after: z.string(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    joinedAfter: {
      zh: '停止接入新的使用单位，解除此后接入的单位并告知',
      en: 'let no more units join; release those that joined since, and tell them',
    },
    joinedUnknown: { zh: '补登接入日期', en: 'enter the date of joining' },
    endsBefore: { zh: '将台账登记至评估基准日前', en: 'keep the ledger up to the as-of date' },
    noDate: {
      zh: '在平台文件 facts 中填报该日期，并附文书',
      en: 'declare the date under facts of the platform file, with its paper',
    },
    notADate: { zh: '以 date 填报该数据', en: 'declare the fact as a date' },
    dateAhead: { zh: '在该日期之后再行评估', en: 'assess again after that date' },
  },

  judge(evidence, { ledger, after: name }, asOf) {
    const fact = evidence.facts.find((each) => each.value.name === name);
    if (!fact) return [unproven('noDate', [], {}, name)];
    const { value } = fact.value;
    if (value.type !== 'date') return [unproven('notADate', fact)];
    if (value.date >= asOf) return [unproven('dateAhead', fact, { after: value.date })];
    return joinedSince(evidence, fact, value.date, ledger, asOf);
  },
});

function joinedSince(
  evidence: Pick<Evidence<'ledgers' | 'platform'>, 'ledgers' | 'platform'>,
  fact: Seen<Fact>,
  after: PlainDate,
  ledger: 'using-units',
  asOf: PlainDate,
): Finding<Says | LedgerSays>[] {
  const register = registerOf(evidence, ledger, asOf, after);
  if (!register) return [noLedger(ledger)];
  const { seen, entries } = register;
  const { until } = seen.value;
  const cites = [fact, seen] as const;
  const joined = entries.filter(({ joinedOn }) => joinedOn !== undefined && joinedOn > after && joinedOn <= asOf);
  const unknown = entries.filter(({ joinedOn }) => joinedOn === undefined);
  const early = until <= after ? [unproven<Says>('endsBefore', seen, { ledger: titleOf(ledger), until, after })] : [];
  const problems = [
    ...listed<Says>(unmet, 'joinedAfter', [seen, fact], joined, { after }),
    ...listed<Says>(unproven, 'joinedUnknown', seen, unknown),
    ...early,
  ];
  return concluded<Says>(register, problems, () => met('noneJoined', cites, { after, until }));
}
