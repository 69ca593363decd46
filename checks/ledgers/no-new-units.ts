import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Evidence, type Finding, met, unmet, unproven } from '../check.ts';
import { dateMessages, dateOf, dateRemedies } from '../shared/dated-facts.ts';
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
  ...dateMessages,
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
    ...dateRemedies,
    joinedAfter: {
      zh: '停止接入新的使用单位，解除此后接入的单位并告知',
      en: 'let no more units join; release those that joined since, and tell them',
    },
    joinedUnknown: { zh: '补登接入日期', en: 'enter the date of joining' },
    endsBefore: { zh: '将台账登记至评估基准日前', en: 'keep the ledger up to the as-of date' },
    dateAhead: { zh: '在该日期之后再行评估', en: 'assess again after that date' },
  },

  judge(evidence, { ledger, after: name }, asOf) {
    const date = dateOf(evidence.facts, name);
    if ('why' in date) return [date.why];
    if (date.date >= asOf) return [unproven('dateAhead', date.fact, { after: date.date })];
    return joinedSince(evidence, date.fact, date.date, ledger, asOf);
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
