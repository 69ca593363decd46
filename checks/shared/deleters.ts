import type { Deleter, Records } from '../../src/evidence/database/records.ts';
import { longestPeriod } from '../../src/evidence/host/log-keeping.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, met, notApplicable, unmet, unproven } from '../check.ts';

type Says = 'deleted' | 'purgedEarly' | 'purgedLate' | 'purgeDeclared' | 'unread';

/** What is to be said of all that deletes rows of a table, if rows must be kept for so many calendar months; `isArchived`: what is older lies in other tables. */
export function judgeDeleters(
  store: Seen<Records>,
  { name: table, deleters, unread }: Records['tables'][number],
  { months: asked, isArchived }: { readonly months: number; readonly isArchived: boolean },
): Finding<Says>[] {
  const subject = `${store.subject}/${table}`;
  const findings = deleters.map(({ kind, name, keeps, calledBy = [] }): Finding<Says> => {
    const called: Text = {
      zh: `${name}（由 ${calledBy.join('、')} 调用）`,
      en: `${name} (called by ${calledBy.join(', ')})`,
    };
    const data = { table, name: calledBy.length > 0 ? called : name };
    if (!keeps) return unproven('deleted', store, data, subject);
    const more = { ...data, kept: wordsOf(keeps), asked, longest: longestPeriod(asked) };
    if (!isEnough(keeps, asked) && isArchived) return unproven('deleted', store, data, subject);
    if (!isEnough(keeps, asked)) return unmet('purgedEarly', store, more, subject);
    // What is only declared to delete late proves nothing, nor does it harm.
    if (kind === 'declared') return notApplicable('purgeDeclared', store, more, subject);
    return met('purgedLate', store, more, subject);
  });
  if (unread.length > 0) findings.push(unproven('unread', store, { table, views: unread.join('、') }, subject));
  return findings;
}

// Days must do for the longest such period: 1095 days are not always three years.
function isEnough({ months, days }: NonNullable<Deleter['keeps']>, asked: number): boolean {
  return months >= asked || days >= longestPeriod(asked - months);
}

function wordsOf({ months, days }: NonNullable<Deleter['keeps']>): Text {
  const zh = [...(months > 0 ? [`${months} 个月`] : []), ...(days > 0 || months === 0 ? [`${days} 天`] : [])];
  const en = [...(months > 0 ? [`${months} months`] : []), ...(days > 0 || months === 0 ? [`${days} days`] : [])];
  return { zh: zh.join('又 '), en: en.join(' and ') };
}
