import { z } from 'zod';
import { addMonths, monthsBefore } from '../../src/evidence/dates.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import { defineCheck, met, stricter } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { concluded, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import {
  type Asked,
  exemptions,
  faultsUnder,
  isFlowOwed,
  questions,
  ratings,
  relations,
} from '../shared/unit-faults.ts';
import { columnText, currentUnits, listed, type Unit, unitMessages, unitRemedies } from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  ...conditionMessages,
  allEligible: {
    zh: '在用使用单位 {{units}} 户均符合条件（{{asked}}）',
    en: 'all {{units}} current using units fulfil the conditions ({{asked}})',
  },
  relationOther: {
    zh: '{{count}} 户与直连单位的关系不在「{{allowed}}」之内：{{entries}}',
    en: '{{count}} units stand in another relation to the unit than {{allowed}}: {{entries}}',
  },
  relationUnknown: {
    zh: '{{count}} 户与直连单位的关系未填或不详，应为「{{allowed}}」：{{entries}}',
    en: 'the relation of {{count}} units to the unit is not entered or unknown; it must be {{allowed}}: {{entries}}',
  },
  proofMissing: {
    zh: '{{count}} 户没有关联关系证明：{{entries}}',
    en: '{{count}} units have no proof of their relation: {{entries}}',
  },
  proofExempt: {
    zh: '{{count}} 户登记为无需关联关系证明，与申报的数据不符：{{entries}}',
    en: '{{count}} units are entered as needing no proof of their relation, which contradicts the declared fact: {{entries}}',
  },
  disqualified: {
    zh: '{{count}} 户登记有发现不符合条件的日期而未解除，不能认定符合条件：{{entries}}',
    en: '{{count}} units have a date on which they were found unqualified, and were not released: {{entries}}',
  },
  proofUnknown: {
    zh: '{{count}} 户有无关联关系证明未填或不详：{{entries}}',
    en: 'whether {{count}} units have a proof of their relation is not entered or unknown: {{entries}}',
  },
  answerOther: {
    zh: '{{count}} 户的「{{question}}」不为「{{wanted}}」：{{entries}}',
    en: '{{count}} units are entered otherwise than “{{wanted}}” under “{{question}}”: {{entries}}',
  },
  answerUnknown: {
    zh: '{{count}} 户的「{{question}}」未填或不详，应为「{{wanted}}」：{{entries}}',
    en: 'for {{count}} units “{{question}}” is not entered or unknown; it must be “{{wanted}}”: {{entries}}',
  },
  ratingOther: {
    zh: '{{count}} 户的纳税信用级别不在「{{allowed}}」之内，且不属于不参评的单位：{{entries}}',
    en: '{{count}} units are neither rated {{allowed}} nor exempt from the rating: {{entries}}',
  },
  ratingUnknown: {
    zh: '{{count}} 户的纳税信用级别或不参评类型未填（涉及级别：{{allowed}}）：{{entries}}',
    en: 'for {{count}} units neither the rating nor an exemption from it is entered; the ratings that matter are {{allowed}}: {{entries}}',
  },
  flowOld: {
    zh: '{{count}} 户 {{ratings}} 级使用单位的货物流、资金流数据最近报送日期早于 {{oldest}}：{{entries}}',
    en: '{{count}} units rated {{ratings}} filed their flow data last before {{oldest}}: {{entries}}',
  },
  flowUnknown: {
    zh: '{{count}} 户 {{ratings}} 级使用单位未填货物流、资金流数据最近报送日期：{{entries}}',
    en: 'for {{count}} units rated {{ratings}} no date of filing flow data is entered: {{entries}}',
  },
  flowAhead: {
    zh: '{{count}} 户的货物流、资金流数据报送日期晚于台账截止日 {{until}}，不能采信：{{entries}}',
    en: '{{count}} units filed flow data after the ledger’s last day {{until}}, which cannot be relied on: {{entries}}',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const release: Text = {
  zh: '核实情况；确不符合条件的，解除并告知该使用单位，登记解除日期',
  en: 'verify it; release the units that do not qualify, tell them, and enter the date',
};
const enter: Text = { zh: '核实后补登', en: 'find out, and enter it' };

/** Every current using unit fulfils the conditions of using the service. */
export const check = defineCheck({
  id: 'ledgers/units-eligible',
  title: { zh: '使用单位符合条件', en: 'Using units are eligible' },
  about: {
    zh: '逐户核对台账中在用的使用单位：关系、证明、各项是否、纳税信用级别（不参评的除外）和数据报送日期；未填或不详的不判定为符合，已解除的不核对。',
    en: 'Judges each current using unit in the ledger by its relation, proof, yes-or-no answers, credit rating (unless exempt) and last filing of data; what is empty or unknown is never met, and units that left are not judged.',
  },
  reads: ['ledgers', 'platform', 'facts'],
  parameters: z
    .strictObject({
      ledger: z.literal('using-units').default('using-units'),
      /** The relations to the unit that are allowed. */
      relations: z.array(z.enum(relations)).min(1).optional().meta(stricter.fewer),
      /** The credit ratings that are allowed. */
      ratings: z.array(z.enum(ratings)).min(1).optional().meta(stricter.fewer),
      /** Kinds of unit that need no rating. */
      exempt: z.array(z.enum(exemptions)).optional(),
      /** Columns that must be answered so. */
      require: z.partialRecord(z.enum(questions), z.enum(['yes', 'no'])).optional(),
      /** A proof of the relation is held, or need not be; `all`: is held. */
      relationProof: z.union([z.boolean(), z.literal('all')]).optional(),
      /** Units with these ratings filed flow data not longer ago than so many months before the ledger's last day. */
      flowData: z
        .strictObject({
          ratings: z.array(z.enum(ratings)).min(1),
          months: z.int().positive().meta(stricter.lower),
        })
        .optional(),
      when: condition.optional(),
    })
    .refine((given) => columnsOf(given).length > 0, 'asks nothing of the units'),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    ...conditionRemedies,
    proofExempt: { zh: '取得证明，或更正申报的数据', en: 'obtain the proof, or correct the fact' },
    disqualified: release,
    relationOther: release,
    relationUnknown: enter,
    proofMissing: { zh: '取得并提交关联关系证明', en: 'obtain and file the proof of relation' },
    proofUnknown: enter,
    answerOther: release,
    answerUnknown: enter,
    ratingOther: release,
    ratingUnknown: enter,
    flowOld: { zh: '督促使用单位报送，并登记日期', en: 'have the units file the data, and enter the date' },
    flowUnknown: enter,
    flowAhead: { zh: '核对并改正日期', en: 'verify and correct the dates' },
  },

  judge(evidence, { ledger, flowData, when, ...asked }, asOf) {
    const unbound = unlessBinding(evidence.facts, when);
    if (unbound) return [unbound];
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const { seen } = register;
    const { until } = seen.value;
    const { current, problems } = currentUnits(register, asOf);
    const flow = flowData && { ...flowData, oldest: monthsBefore(until, flowData.months), until };
    const faults = faultsUnder({ ...asked, flowData: flow, asOf }).flatMap(({ outcome, says, has, data }) =>
      listed<Says>(outcome, says, seen, current.filter(has), data),
    );
    return concluded<Says>(register, [...faults, ...problems], () =>
      met('allEligible', seen, {
        units: current.length,
        asked: joined(columnsOf({ ...asked, flowData }), '、', ', '),
        ...nextFiling(current, flowData),
      }),
    );
  },
});

type Flow = { readonly ratings: readonly string[]; readonly months: number };

function columnsOf(asked: Omit<Asked, 'flowData' | 'asOf'> & { readonly flowData?: Flow | undefined }): Text[] {
  const columns = [
    ...(asked.relations ? (['relation'] as const) : []),
    ...(asked.relationProof ? (['relationProof'] as const) : []),
    ...questions.filter((question) => asked.require?.[question]),
    ...(asked.ratings ? (['rating'] as const) : []),
    ...(asked.flowData ? (['flowFiledOn'] as const) : []),
  ];
  return columns.map((column) => columnText('using-units', column));
}

// When the first of the units must file again.
function nextFiling(units: readonly Unit[], flow: Flow | undefined): TextData {
  if (!flow) return {};
  const filed = units.flatMap((unit) => (isFlowOwed(unit, flow.ratings) ? (unit.flowFiledOn ?? []) : []));
  if (filed.length === 0) return {};
  return {
    due: addMonths(
      filed.reduce((first, each) => (each < first ? each : first)),
      flow.months,
    ),
  };
}
