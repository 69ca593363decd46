import {
  type BucketListing,
  type BucketRule,
  type Buckets,
  unreadBucketText,
} from '../../src/evidence/database/buckets.ts';
import { addToMonth, monthOf, monthsBefore, monthsFrom, type PlainDate } from '../../src/evidence/dates.ts';
import { longestPeriod } from '../../src/evidence/host/log-keeping.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, met, unmet, unproven } from '../check.ts';
import type { bucketMessages } from './bucket-retention-words.ts';
import { keepingText, prefixOf } from './bucket-words.ts';

type Found = Finding<keyof typeof bucketMessages>;

/** What is to be said of a bucket of tax data, if it must be kept for so many calendar months. */
export function judgeBucket(seen: Seen<Buckets>, months: number, since: PlainDate | undefined): Found[] {
  const rules = judgeRules(seen, months);
  const isOpen = rules.some(({ outcome }) => outcome !== 'met');
  const { place, listing, unread } = seen.value;
  if (!listing) {
    const parts = unreadBucketText(unread.filter(({ part }) => part === 'objects'));
    return [...rules, unproven('bucketNotListed', seen, { place, parts })];
  }
  const due = monthsBefore(seen.on, months);
  const start = since !== undefined && since > due ? since : due;
  if (start > seen.on) return [...rules, unproven('bucketNotStarted', seen, { place, start })];
  const faults = judgeListing(seen, listing, { start, isSince: start !== due });
  if (faults.length > 0 || isOpen) return [...faults, ...rules];
  const { oldest = '', objects } = listing;
  return [
    met('bucketKept', seen, { place, oldest, asked: start, objects, keeping: keepingText(seen.value) }),
    ...rules,
  ];
}

function judgeRules(seen: Seen<Buckets>, asked: number): Found[] {
  const { rules, place, unread } = seen.value;
  if (!rules) {
    const parts = unreadBucketText(unread.filter(({ part }) => part === 'lifecycle'));
    return [unproven('bucketRulesUnread', seen, { place, parts })];
  }
  const prefix = prefixOf(seen.value);
  const binding = rules.filter(
    (rule) => rule.enabled && (prefix.startsWith(rule.prefix) || rule.prefix.startsWith(prefix)),
  );
  const noncurrent = binding.flatMap(({ noncurrentDays }) => noncurrentDays ?? []);
  return binding.filter(({ expires }) => expires !== undefined).map((rule) => judgeRule(seen, rule, asked, noncurrent));
}

function judgeRule(seen: Seen<Buckets>, rule: BucketRule, asked: number, noncurrent: readonly number[]): Found {
  const { place, versioning } = seen.value;
  const { expires = { unknown: true } } = rule;
  const longest = longestPeriod(asked);
  const data = { place, rule: rule.name, asked, longest };
  if ('unknown' in expires) return unproven('bucketExpiresUnclear', seen, data);
  // What becomes of the versions below a delete marker is for the rules on them: without any they stay.
  const further = versioning === 'enabled' ? Math.min(...noncurrent) : 0;
  const days = 'days' in expires ? expires.days : 0;
  const more = { ...data, kept: keptText(expires, further) };
  if (further === Number.POSITIVE_INFINITY) return met('bucketHides', seen, more);
  if (days + further >= longest) return met('bucketExpiresLate', seen, more);
  if (versioning === undefined) return unproven('bucketExpiresUnclear', seen, data);
  const isWhole = !rule.narrowed && prefixOf(seen.value).startsWith(rule.prefix);
  return isWhole ? unmet('bucketExpiresEarly', seen, more) : unproven('bucketExpiresPart', seen, more);
}

function keptText(expires: Exclude<BucketRule['expires'], undefined | { unknown: true }>, further: number): Text {
  const isMore = further > 0 && further !== Number.POSITIVE_INFINITY;
  const zh = isMore ? `（删除标记之下的旧版本再留 ${further} 天）` : '';
  const en = isMore ? ` (versions below the delete marker ${further} days more)` : '';
  if ('date' in expires) return { zh: `${expires.date}${zh}`, en: `from ${expires.date} on${en}` };
  return { zh: `${expires.days} 天${zh}`, en: `after ${expires.days} days${en}` };
}

// When an object was written is not when business was done: of what is not seen nothing is proven.
function judgeListing(
  seen: Seen<Buckets>,
  { objects, oldest, newest, months, partial }: BucketListing,
  { start, isSince }: { start: PlainDate; isSince: boolean },
): Found[] {
  const { place, unread } = seen.value;
  if (oldest === undefined || newest === undefined) return [unproven('bucketEmpty', seen, { place })];
  const isYoung = isSince ? monthOf(oldest) > addToMonth(monthOf(start), 1) : oldest > start;
  const first = monthOf(oldest > start ? oldest : start);
  const gaps = monthsFrom(first, monthOf(newest)).filter((each) => months[each] === undefined);
  const isStopped = monthOf(newest) < addToMonth(monthOf(seen.on), -1);
  const isOpen = isYoung || isStopped || gaps.length > 0;
  if (partial && isOpen) {
    const parts = unreadBucketText(unread.filter(({ part }) => part === 'objects'));
    return [unproven('bucketPartial', seen, { place, objects, parts })];
  }
  return [
    ...(isYoung ? [unproven('bucketYoung', seen, { place, oldest, start })] : []),
    ...(gaps.length > 0 ? [unproven('bucketGaps', seen, { place, months: gaps.join('、') })] : []),
    ...(isStopped ? [unproven('bucketStopped', seen, { place, newest })] : []),
  ];
}
