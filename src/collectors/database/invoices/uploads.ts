import type { InvoiceTable, Uploads } from '../../../evidence/database/invoices.ts';
import { longestUpload } from '../../../platform-stores.ts';
import { type Clock, day, type TimeForm, wallOf } from './moments.ts';

/** Counts by how long after their issue invoices were uploaded. */
export type UploadTally = {
  /** Says whether the upload was certainly late by the declared limit. */
  add(month: string, issued: number, uploaded: string | null | undefined): boolean;
  result(): NonNullable<InvoiceTable['uploads']>;
};

/**
 * @param times how confirmations are written; coarse: they, or the times of issue, hold a date alone
 * @param now on the wall, in seconds
 */
export function createUploadTally(
  times: { readonly form: TimeForm; readonly isCoarse: boolean },
  clock: Clock,
  now: number,
  within: number | undefined,
): UploadTally {
  const months: Record<string, Uploads> = {};
  const slack = times.isCoarse ? day / 3600 : 0;
  const isLate = (hours: number): boolean => within !== undefined && hours > within + slack;
  return {
    add(month, issued, uploaded) {
      const counts = months[month] ?? { done: {}, open: {}, negative: 0, unread: 0 };
      months[month] = counts;
      if (uploaded == null || uploaded.trim() === '') {
        if (issued > now) {
          counts.unread += 1;
          return false;
        }
        return isLate(count(counts.open, now - issued));
      }
      const wall = wallOf(uploaded, times.form, clock);
      if (wall === undefined) counts.unread += 1;
      else if (wall - issued < -slack * 3600) counts.negative += 1;
      else return isLate(count(counts.done, Math.max(0, wall - issued)));
      return false;
    },
    result: () => ({ months, slack, ...(within === undefined ? {} : { within }) }),
  };
}

// By whole hours, rounded up: exactly 24 hours are within 24.
function count(counts: Record<string, number>, seconds: number): number {
  const hours = Math.min(Math.ceil(seconds / 3600), longestUpload + 1);
  counts[hours] = (counts[hours] ?? 0) + 1;
  return hours;
}
