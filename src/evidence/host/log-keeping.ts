import { addMonths, daysBetween, type PlainDate } from '../dates.ts';
import { globMatcher } from '../glob.ts';
import type { LogLimit, LogPolicies, LogRule } from './log-policies.ts';
import type { LogStore } from './log-stores.ts';

/**
 * What the rules in force do to a store: keep it long enough, keep it too short a time, keep less than the longest such
 * period (`nearly`), or cannot be told. `days` is what they keep, where that is a number of days.
 */
export type Keeping = {
  readonly state: 'for-ever' | 'enough' | 'nearly' | 'short' | 'short-by-size' | 'size-unknown' | 'unknown' | 'self';
  readonly rule?: LogRule;
  readonly days?: number;
  readonly months?: number;
};

/** Days of the longest period of so many calendar months: 184 for six. A rule that counts days must keep that many. */
export function longestPeriod(months: number): number {
  return Math.max(...periods(months));
}

const lengths = new Map<number, readonly number[]>();

// Asked for each log of each host, and always the same.
function periods(months: number): readonly number[] {
  const known = lengths.get(months);
  if (known) return known;
  // Four years hold every length: a leap February is among them.
  const starts = Array.from({ length: 48 }, (_, index) => addMonths('2024-01-01', index));
  const found = starts.map((start) => daysBetween(start, addMonths(start, months)));
  lengths.set(months, found);
  return found;
}

/** How long the rules in force keep a store, one of `all` of its host, judged for `months` counted back from `on`. */
export function keepingOf(
  store: LogStore,
  all: readonly LogStore[],
  policies: LogPolicies,
  months: number,
  on: PlainDate,
): Keeping {
  const rules = rulesOver(store, policies);
  const found = rules.flatMap((rule) =>
    rule.limits.map((limit) => {
      const kept = keptBy(limit, rule, store, months);
      return kept.state === 'enough' && isShared(limit, rule, store, all, months)
        ? { state: 'size-unknown' as const, rule }
        : kept;
    }),
  );
  const worst = order.map((state) => found.find((each) => each.state === state)).find((each) => each !== undefined);
  if (worst && worst.state !== 'enough') return worst;
  if (!rules.some((rule) => rotators.includes(rule.by))) {
    // Rotated by no rule that was seen: by the program itself, whose own limit shows only in what it has kept so far.
    if (store.carrier === 'journal') return { state: 'unknown' };
    const shown = store.oldest === undefined ? 0 : daysBetween(store.oldest, on);
    const short = shown < longestPeriod(months);
    // What an application deletes stands in its own settings; what it holds today does not say what it will hold.
    if (store.parts > 1 && (short || store.of === 'application')) return { state: 'self' };
  }
  const [rule] = rules;
  return worst ?? { state: 'for-ever', ...(rule ? { rule } : {}) };
}

const order = ['short', 'nearly', 'short-by-size', 'unknown', 'size-unknown', 'enough'] as const;
const rotators: readonly string[] = ['logrotate', 'journald', 'auditd', 'application', 'container'];

function rulesOver(store: LogStore, { rules, logrotate }: LogPolicies): LogRule[] {
  const paths = pathsOf(store);
  const covering = rules.filter(
    (rule) => covers(rule, store, paths) && (rule.by !== 'logrotate' || logrotate.installed),
  );
  // Of two stanzas for one file logrotate heeds the first and reports the second as a duplicate.
  const stanza = covering.find((rule) => rule.by === 'logrotate');
  return covering.filter((rule) => rule.by !== 'logrotate' || rule === stanza);
}

// A rule names a file as it is, or as it was before it was compressed.
function pathsOf(store: LogStore): string[] {
  const whole = [store.path, ...store.files.map((file) => file.path)];
  return [...new Set(whole.flatMap((path) => [path, path.replace(/\.(gz|xz|bz2|zst|Z)$/, '')]))];
}

function covers(rule: LogRule, store: LogStore, paths: readonly string[]): boolean {
  if (store.carrier === 'journal') return rule.covers.includes('journal');
  const patterns = rule.covers.map(globMatcher);
  const names = rule.names.map(globMatcher);
  return paths.some(
    (path) =>
      patterns.some((matches) => matches(path)) &&
      (names.length === 0 || names.some((matches) => matches(path.slice(path.lastIndexOf('/') + 1)))),
  );
}

function keptBy(limit: LogLimit, rule: LogRule, store: LogStore, months: number): Keeping {
  if ('unknown' in limit) {
    const isLong = (limit.days ?? 0) >= longestPeriod(months);
    return isLong ? { state: 'enough', rule, days: Math.floor(limit.days ?? 0) } : { state: 'unknown', rule };
  }
  if ('months' in limit) return { state: limit.months >= months ? 'enough' : 'short', rule, months: limit.months };
  if ('bytesADay' in limit) return keptADay(limit.bytesADay, rule, store);
  const longest = longestPeriod(months);
  const byTime = Math.floor(limit.days ?? 0);
  if (byTime >= longest) return { state: 'enough', rule, days: byTime };
  if (!('bytes' in limit)) {
    return { state: byTime >= Math.min(...periods(months)) ? 'nearly' : 'short', rule, days: byTime };
  }
  const bySize = daysBySize(limit, store);
  if (bySize === undefined || Number.isNaN(bySize)) return { state: 'size-unknown', rule };
  return { state: bySize >= longest ? 'enough' : 'short-by-size', rule, days: Math.floor(bySize) };
}

// A limit on all that lies below a folder is used up by every log there: what it leaves of one depends on the others.
function isShared(limit: LogLimit, rule: LogRule, store: LogStore, all: readonly LogStore[], months: number): boolean {
  if (!('bytes' in limit) || limit.files !== undefined || store.carrier !== 'files') return false;
  const longest = longestPeriod(months);
  if ((limit.days ?? 0) >= longest) return false;
  const growth = all
    .filter((each) => each.carrier === 'files' && each.bytes > 0 && covers(rule, each, pathsOf(each)))
    .reduce((sum, each) => sum + onDisk(each), 0);
  return !(limit.bytes / growth >= longest);
}

// Days differ: only where the mean is far below the limit is it sure that no day loses entries.
function keptADay(bytes: number, rule: LogRule, { bytesPerDay }: LogStore): Keeping {
  if (bytesPerDay === undefined || (bytesPerDay <= bytes && bytesPerDay * 4 > bytes))
    return { state: 'size-unknown', rule };
  return bytesPerDay > bytes ? { state: 'short-by-size', rule, days: 0 } : { state: 'enough', rule };
}

// A limit on the whole counts parts as they lie on the disk, packed ones as small as they are.
function onDisk({ bytes, oldest, newest }: LogStore): number {
  const days = oldest === undefined || newest === undefined ? 0 : daysBetween(oldest, newest) + 1;
  return days >= 7 ? Math.max(bytes, 1) / days : Number.NaN;
}

// Rotated parts tell best, for each was full when it was rotated, whatever compression made of it since.
function daysBySize({ bytes, files }: { bytes: number; files?: number | undefined }, store: LogStore) {
  // Of pods each has a live file of its own.
  const ofPods = store.container !== undefined && store.container.created === undefined;
  if (files !== undefined && store.parts === store.files.length && !ofPods) {
    const dates = store.files
      .filter((file) => file.path !== store.path)
      .flatMap(({ oldest, newest }) => (oldest && newest ? [[oldest, newest] as const] : []));
    const first = dates.map(([oldest]) => oldest).toSorted()[0];
    const last = dates
      .map(([, newest]) => newest)
      .toSorted()
      .at(-1);
    const span = first && last ? daysBetween(first, last) + 1 : 0;
    if (dates.length >= 2 && span >= 7) return (files * span) / dates.length;
  }
  if (files === undefined && store.carrier === 'files') return bytes / onDisk(store);
  if (store.bytesPerDay === undefined) return undefined;
  const total = files === undefined ? bytes : files * bytes;
  return store.bytesPerDay === 0 ? Number.MAX_SAFE_INTEGER : total / store.bytesPerDay;
}
