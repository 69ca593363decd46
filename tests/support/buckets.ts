import type { BucketListing, BucketRule, Buckets } from '../../src/evidence/database/buckets.ts';
import { monthsFrom } from '../../src/evidence/dates.ts';
import { seen } from './check-tester.ts';

/** Objects of every month from December 2022 to 1 March 2026. */
export const listing = (
  value: Partial<BucketListing> & { first?: string; without?: readonly string[] } = {},
): BucketListing => {
  const { first = '2022-12', without = [], ...rest } = value;
  const months = monthsFrom(first, '2026-03').filter((month) => !without.includes(month));
  return {
    objects: 400,
    bytes: 400_000,
    partial: false,
    oldest: `${first}-01`,
    newest: '2026-03-01',
    newestHours: 9.5,
    months: Object.fromEntries(months.map((month) => [month, 10])),
    days: [1000, 990, 980, 970].map((bytes, daysAgo) => ({ daysAgo, bytes })),
    ...rest,
  };
};

/** A rule that holds for the whole bucket. */
export const rule = (value: Partial<BucketRule> = {}): BucketRule => ({
  name: 'purge',
  enabled: true,
  prefix: '',
  narrowed: false,
  transitions: 0,
  ...value,
});

/** A bucket as it was seen on 1 March 2026: nothing is wrong with it unless it says otherwise. */
export function bucket(value: Partial<Buckets> = {}, options: Parameters<typeof seen>[2] = {}) {
  return seen(
    'buckets',
    {
      place: 's3://tax/invoices/',
      holds: ['invoices'],
      host: '10.0.0.9',
      address: '10.0.0.9',
      channel: 'tls',
      tls: 'TLSv1.3',
      today: '2026-03-01',
      listing: listing(),
      versioning: 'off',
      rules: [],
      encryption: 'AES256',
      heads: { asked: 40, encrypted: 40, plain: 0 },
      lock: { enabled: false },
      replication: [],
      isPublic: false,
      everybody: [],
      writers: ['owner'],
      deniesClear: true,
      ownWrites: [],
      unread: [],
      ...value,
    },
    { subject: 'archive', on: '2026-03-01', ...options },
  );
}
