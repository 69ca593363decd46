import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, met, unmet, unproven } from '../check.ts';
import { concluded, ledgerMessages, ledgerRemedies, noLedger, registerOf } from '../shared/ledger.ts';
import { isInUse, listed } from '../shared/using-units.ts';

const messages = {
  ...ledgerMessages,
  allValid: {
    zh: '在用能力 {{capabilities}} 项均已测试、审核通过，且在有效期内；最早于 {{due}} 届满',
    en: 'all {{capabilities}} capabilities in use were tested and approved and are within their validity; the first ends on {{due}}',
  },
  noTest: {
    zh: '{{count}} 项在用能力没有测试报告日期：{{entries}}',
    en: '{{count}} capabilities in use have no date of a test report: {{entries}}',
  },
  notApproved: {
    zh: '{{count}} 项在用能力没有审核通过日期：{{entries}}',
    en: '{{count}} capabilities in use have no date of approval: {{entries}}',
  },
  approvedUntested: {
    zh: '{{count}} 项在用能力的审核通过日期早于测试报告日期：{{entries}}',
    en: '{{count}} capabilities in use were approved before their test report: {{entries}}',
  },
  ended: {
    zh: '{{count}} 项在用能力的有效期在评估基准日前已届满：{{entries}}',
    en: 'the validity of {{count}} capabilities in use ended before the as-of date: {{entries}}',
  },
  endUnknown: {
    zh: '{{count}} 项在用能力没有有效期：{{entries}}',
    en: '{{count}} capabilities in use have no end of validity: {{entries}}',
  },
  dateAhead: {
    zh: '{{count}} 项在用能力的测试或审核通过日期晚于评估基准日，不能采信：{{entries}}',
    en: '{{count}} capabilities in use have a test or approval dated after the as-of date, which cannot be relied on: {{entries}}',
  },
  noCapabilities: {
    zh: '台账（共 {{entries}} 条）没有在用的能力，无从判定',
    en: 'no capability is in use by the ledger ({{entries}} entries), so nothing can be judged',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const test: Text = {
  zh: '停止使用该能力，完成测试并取得审核后再启用',
  en: 'stop using the capability until it is tested and approved',
};

/** Every capability in use was tested, then approved, and is within its validity. */
export const check = defineCheck({
  id: 'ledgers/validity',
  title: { zh: '能力已测试、审核并在有效期内', en: 'Capabilities are tested, approved and valid' },
  about: {
    zh: '逐项核对台账中在用的能力：有测试报告日期和审核通过日期，审核不早于测试，有效期届满日不早于评估基准日（届满当日仍有效）。',
    en: 'Judges each capability in use: there are dates of a test report and of approval, the approval is not before the test, and the validity does not end before the as-of date; its last day still counts.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({ ledger: z.literal('capabilities').default('capabilities') }),
  messages,
  remedies: {
    ...ledgerRemedies,
    noTest: test,
    notApproved: test,
    approvedUntested: {
      zh: '核对日期；确未测试先审核的，重新测试',
      en: 'verify the dates; if they are right, test again',
    },
    ended: { zh: '重新确定有效期，或停用该能力', en: 'set its validity anew, or stop using it' },
    endUnknown: { zh: '补登有效期届满日', en: 'enter the end of its validity' },
    dateAhead: { zh: '核对并改正日期', en: 'verify and correct the dates' },
    noCapabilities: { zh: '登记全部在用的能力', en: 'enter every capability that is in use' },
  },

  judge(evidence, { ledger }, asOf) {
    const register = registerOf(evidence, ledger, asOf, 'start');
    if (!register) return [noLedger(ledger)];
    const { seen, entries } = register;
    const inUse = entries.filter((entry) => isInUse(entry, asOf));
    const none = inUse.length === 0 ? [unproven<Says>('noCapabilities', seen, { entries: entries.length })] : [];
    const faults = faultsAt(asOf).flatMap(({ outcome, says, has }) =>
      listed<Says>(outcome, says, seen, inUse.filter(has)),
    );
    return concluded<Says>(register, [...faults, ...none], () =>
      met('allValid', seen, { capabilities: inUse.length, due: earliestEnd(inUse) }),
    );
  },
});

type Capability = Entry<'capabilities'>;

type Fault = { outcome: typeof unmet; says: Says; has: (capability: Capability) => boolean };

function faultsAt(asOf: PlainDate): Fault[] {
  return [
    { outcome: unmet, says: 'noTest', has: ({ testedOn }) => testedOn === undefined },
    { outcome: unmet, says: 'notApproved', has: ({ approvedOn }) => approvedOn === undefined },
    {
      outcome: unmet,
      says: 'approvedUntested',
      has: ({ testedOn, approvedOn }) => testedOn !== undefined && approvedOn !== undefined && approvedOn < testedOn,
    },
    { outcome: unmet, says: 'ended', has: ({ validUntil }) => validUntil !== undefined && validUntil < asOf },
    { outcome: unproven, says: 'endUnknown', has: ({ validUntil }) => validUntil === undefined },
    {
      outcome: unproven,
      says: 'dateAhead',
      has: ({ testedOn = '', approvedOn = '' }) => testedOn > asOf || approvedOn > asOf,
    },
  ];
}

function earliestEnd(capabilities: readonly Capability[]): PlainDate {
  return capabilities
    .flatMap(({ validUntil }) => validUntil ?? [])
    .reduce((first, each) => (each < first ? each : first));
}
