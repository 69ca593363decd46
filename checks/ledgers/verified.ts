import { z } from 'zod';
import { addMonths, monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import {
  concluded,
  ledgerMessages,
  ledgerRemedies,
  noLedger,
  type Register,
  registerOf,
  titleOf,
} from '../shared/ledger.ts';
import {
  choicesText,
  currentUnits,
  keyOf,
  listed,
  type Unit,
  unitMessages,
  unitRemedies,
} from '../shared/using-units.ts';
import {
  lastChecks,
  roles,
  type Standings,
  standingsOf,
  unsettledClerks,
  type Verification,
} from '../shared/verifications.ts';

const messages = {
  ...ledgerMessages,
  ...unitMessages,
  allVerified: {
    zh: '在用使用单位 {{units}} 户的{{roles}}均在 {{oldest}} 至 {{until}} 间核验通过，或已按规定暂停、改正或停止服务',
    en: 'for all {{units}} current using units the {{roles}} passed a check between {{oldest}} and {{until}}, or the service was suspended and the failure corrected or the service stopped',
  },
  neverVerified: {
    zh: '{{count}} 户使用单位的{{role}}没有核验记录：{{entries}}',
    en: '{{count}} using units have no real-name check of the {{role}} on record: {{entries}}',
  },
  tooOld: {
    zh: '{{count}} 户使用单位的{{role}}最近一次核验通过早于 {{oldest}}：{{entries}}',
    en: 'for {{count}} using units the {{role}} passed a check last before {{oldest}}: {{entries}}',
  },
  notSuspended: {
    zh: '{{count}} 户使用单位的{{role}}核验不通过，未暂停服务：{{entries}}',
    en: 'for {{count}} using units the {{role}} failed the check and the service was not suspended: {{entries}}',
  },
  notEnded: {
    zh: '{{count}} 户使用单位的{{role}}核验不通过，已暂停服务，尚未登记改正或停止服务，或所登记日期互相矛盾：{{entries}}',
    en: 'for {{count}} using units the {{role}} failed the check and the service was suspended, with neither a correction nor a stop entered, or with dates that contradict each other: {{entries}}',
  },
  besidePassed: {
    zh: '{{count}} 户使用单位的{{role}}同日既有核验通过又有不通过，不能确定先后：{{entries}}',
    en: 'for {{count}} using units the {{role}} passed and failed a check on one day, and which came last cannot be told: {{entries}}',
  },
  clerkUnsettled: {
    zh: '{{count}} 条{{role}}核验不通过的记录未登记暂停、改正或停止服务，其他核验记录可能是他人的：{{entries}}',
    en: '{{count}} failed checks of a {{role}} have no suspension, correction or stop entered, and the other checks on record may be of someone else: {{entries}}',
  },
  joinedLater: {
    zh: '{{count}} 户使用单位在《{{ledger}}》截止日 {{until}} 之后接入，{{role}}的核验尚无从判定：{{entries}}',
    en: '{{count}} using units joined after {{until}}, the last day of the ledger “{{ledger}}”, so the check of the {{role}} cannot be judged yet: {{entries}}',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const verify: Text = { zh: '立即核验并登记', en: 'make the check at once, and enter it' };
const enter: Text = {
  zh: '在不通过的记录上补登暂停、改正或停止服务的日期',
  en: 'enter the dates of suspension, correction or stop beside the failed check',
};

/** For every current using unit each role was verified lately, and a failed check had its consequences. */
export const check = defineCheck({
  id: 'ledgers/verified',
  title: { zh: '使用单位人员实名核验', en: 'Real-name checks of using units' },
  about: {
    zh: '逐户逐身份取最近一次核验：通过的，应在台账截止日前规定月数之内；不通过的，应暂停服务，并已改正或停止服务。新接入的单位同样须有核验；同一身份有多人的，台账不区分个人。',
    en: 'Takes the last check of each role in each unit: a passed one must lie within the months before the ledger’s last day; after a failed one the service must be suspended, and then corrected or stopped. New units need one too; several persons of one role are not told apart.',
  },
  reads: ['ledgers', 'platform'],
  parameters: z.strictObject({
    ledger: z.literal('verifications').default('verifications'),
    units: z.literal('using-units').default('using-units'),
    /** The roles that must be verified in each unit. */
    roles: z.array(z.enum(roles)).min(1),
    /**
     * How long a check counts, in calendar months before the ledger's last day. Fewer would not be stricter: failed checks that
     * nothing was done about are looked for as far back.
     */
    months: z.int().positive(),
  }),
  messages,
  remedies: {
    ...ledgerRemedies,
    ...unitRemedies,
    neverVerified: verify,
    tooOld: verify,
    notSuspended: {
      zh: '立即暂停向该使用单位提供服务，要求限期改正',
      en: 'suspend the service for the unit at once, and set a term for the correction',
    },
    notEnded: enter,
    besidePassed: enter,
    clerkUnsettled: enter,
    joinedLater: { zh: '将核验台账登记至评估基准日前', en: 'keep the ledger of checks up to the as-of date' },
  },

  judge(evidence, { ledger, units: unitsName, roles: asked, months }, asOf) {
    const register = registerOf(evidence, ledger, asOf, months);
    const units = registerOf(evidence, unitsName, asOf, 'start');
    if (!register || !units) return [...(register ? [] : [noLedger(ledger)]), ...(units ? [] : [noLedger(unitsName)])];

    const { until } = register.seen.value;
    const oldest = monthsBefore(until, months);
    const { current, problems } = currentUnits(units, asOf);
    const byCode = new Map(current.map((unit) => [keyOf(unit.creditCode ?? ''), unit]));
    const judged = asked.map((role) => {
      const last = lastChecks(register.entries, role, byCode, asOf);
      const clerks = role === 'clerk' ? unsettledClerks(register.entries, last, oldest, asOf) : [];
      return { role, clerks, ...standingsOf(byCode, last, oldest, asOf) };
    });
    const found = [...judged.flatMap((each) => problemsOf(each, register, units, oldest)), ...problems];
    const shortfalls = [...register.shortfalls, ...units.shortfalls];
    return concluded<Says>({ shortfalls }, found, () => {
      const data = { units: current.length, roles: choicesText(ledger, 'role', asked), oldest, until };
      const first = judged.flatMap((each) => each.first ?? []).toSorted()[0];
      const due = first !== undefined && { due: addMonths(first, months) };
      return met('allVerified', [register.seen, units.seen], { ...data, ...due });
    });
  },
});

type Judged = Standings & { readonly role: string; readonly clerks: readonly Verification[] };

function problemsOf(
  { role, by, clerks }: Judged,
  { seen, shortfalls }: Register<'verifications'>,
  units: Register<'using-units'>,
  oldest: PlainDate,
): Finding<Says>[] {
  const { of, until } = seen.value;
  const data = { role: choicesText('verifications', 'role', [role]), oldest, until, ledger: titleOf(of) };
  const list = (outcome: typeof unmet, says: Says, entries: readonly Unit[] = []): Finding<Says>[] =>
    listed<Says>(outcome, says, [seen, units.seen], entries, data);
  const late = by.get('neverVerified')?.filter(({ joinedOn = '' }) => joinedOn > until);
  const never = by.get('neverVerified')?.filter(({ joinedOn = '' }) => joinedOn <= until);
  // The check that is missing could be in what the ledger leaves out.
  const told = shortfalls.length > 0 ? unproven : unmet;
  return [
    ...list(told, 'neverVerified', never),
    ...list(unproven, 'joinedLater', late),
    ...list(told, 'tooOld', by.get('tooOld')),
    ...list(told, 'notSuspended', by.get('notSuspended')),
    ...list(unproven, 'notEnded', by.get('notEnded')),
    ...list(unproven, 'besidePassed', by.get('besidePassed')),
    ...listed<Says>(unproven, 'clerkUnsettled', seen, clerks, data),
  ];
}
