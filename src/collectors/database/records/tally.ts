import type { Records } from '../../../evidence/database/records.ts';
import type { Month, PlainDate } from '../../../evidence/dates.ts';

type Tally = {
  readonly month?: Month;
  readonly count: number;
  readonly oldest?: PlainDate;
  readonly newest?: PlainDate;
};

/** Adds up what was counted in parts; a part without a month has no time. */
export function tallied(
  parts: readonly Tally[],
): Pick<Records['tables'][number], 'counted' | 'rows' | 'oldest' | 'newest' | 'months' | 'undated'> {
  const months: Record<Month, number> = {};
  let rows = 0;
  let undated = 0;
  let oldest: PlainDate | undefined;
  let newest: PlainDate | undefined;
  for (const part of parts) {
    rows += part.count;
    if (part.month === undefined) {
      undated += part.count;
      continue;
    }
    months[part.month] = (months[part.month] ?? 0) + part.count;
    if (part.oldest !== undefined && (oldest === undefined || part.oldest < oldest)) oldest = part.oldest;
    if (part.newest !== undefined && (newest === undefined || part.newest > newest)) newest = part.newest;
  }
  return { counted: 'all', rows, ...(oldest ? { oldest } : {}), ...(newest ? { newest } : {}), months, undated };
}
