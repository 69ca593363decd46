import type { PlainDate } from '../dates.ts';

/** When the maker of a distribution stops to publish security updates for all, and whether it sells them for longer. */
export type SupportEnd = { readonly on: PlainDate; readonly longerForSale: boolean };

// As the makers announce them: access.redhat.com/support/policy/updates/errata, wiki.debian.org/LTS (the date of long-term support),
// ubuntu.com/about/release-cycle, alpinelinux.org/releases, wiki.centos.org/About/Product. What is not listed is not judged; a date that
// its maker moved is mended here.
const ends: Readonly<Record<string, Readonly<Record<string, PlainDate>>>> = {
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  rhel: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31' },
  rocky: { '8': '2029-05-31', '9': '2032-05-31' },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31' },
  debian: { '8': '2020-06-30', '9': '2022-06-30', '10': '2024-06-30', '11': '2026-08-31', '12': '2028-06-30' },
  ubuntu: { '16.04': '2021-04-30', '18.04': '2023-05-31', '20.04': '2025-05-31' },
  alpine: {
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
  },
};

const sellsLonger: readonly string[] = ['rhel', 'ubuntu'];

/** The end of support of a distribution by its os-release(5) ID and VERSION_ID; undefined if it is not known. */
export function supportEndOf(id: string, version: string): SupportEnd | undefined {
  const [major = '', minor] = version.split('.');
  const known = Object.hasOwn(ends, id) ? ends[id] : undefined;
  const on = known?.[`${major}.${minor}`] ?? (Object.hasOwn(known ?? {}, major) ? known?.[major] : undefined);
  return on === undefined ? undefined : { on, longerForSale: sellsLonger.includes(id) };
}
