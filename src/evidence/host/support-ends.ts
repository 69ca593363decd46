import type { PlainDate } from '../dates.ts';

/** When the maker of a distribution stops to publish security updates for all, and whether it sells them for longer. */
export type SupportEnd = { readonly on: PlainDate; readonly longerForSale: boolean };

// As the makers announce them, seen in November 2026: access.redhat.com/support/policy/updates/errata, wiki.debian.org/LTS (the date of
// long-term support), ubuntu.com/about/release-cycle, alpinelinux.org/releases, centos.org/cl-vs-cs, rockylinux.org/download,
// wiki.almalinux.org/release-notes, oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf, en.opensuse.org/Lifetime, suse.com/lifecycle,
// aws.amazon.com/amazon-linux-2/faqs, docs.fedoraproject.org/en-US/releases/eol, www.openeuler.org/en/download/archive (the last day of the
// month), gitee.com/anolis/rnotes (life-cycle.md). Kylin, UOS, TencentOS and Alibaba Cloud Linux publish no table that could be cited:
// they are left out, as is whatever is newer. A date that its maker moved is mended here.
const ends: Readonly<Record<string, Readonly<Record<string, PlainDate>>>> = {
  almalinux: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  alpine: {
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
    '3.24': '2028-06-01',
  },
  amzn: { '2': '2026-06-30', '2018': '2023-12-31', '2023': '2029-06-30' },
  anolis: { '8': '2031-03-31' },
  // CentOS Linux 8; Stream 8, which bears the same ID and version, ended later and has ended, too.
  centos: {
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2021-12-31',
    '9': '2027-05-31',
    '10': '2030-05-31',
  },
  debian: {
    '7': '2018-05-31',
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  fedora: { '41': '2025-12-15', '42': '2026-05-27', '43': '2026-12-09', '44': '2027-06-02' },
  ol: { '6': '2021-03-31', '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' },
  openEuler: {
    '20.03 LTS': '2021-03-31',
    '20.03 LTS-SP1': '2022-12-31',
    '20.03 LTS-SP2': '2022-04-30',
    '20.03 LTS-SP3': '2023-12-31',
    '20.03 LTS-SP4': '2025-11-30',
    '22.03 LTS': '2024-03-31',
    '22.03 LTS-SP1': '2024-12-31',
    '22.03 LTS-SP2': '2024-03-31',
    '22.03 LTS-SP3': '2025-12-31',
    '22.03 LTS-SP4': '2026-06-30',
    '23.03': '2023-09-30',
    '23.09': '2024-03-31',
    '24.03 LTS': '2026-05-31',
    '24.03 LTS-SP1': '2026-12-31',
    '24.03 LTS-SP2': '2026-03-31',
    '24.03 LTS-SP3': '2027-12-31',
    '24.03 LTS-SP4': '2027-03-31',
    '24.09': '2025-03-31',
    '25.03': '2025-09-30',
    '25.09': '2026-03-31',
    '26.09': '2027-03-31',
  },
  'opensuse-leap': {
    '15.3': '2022-12-31',
    '15.4': '2023-12-07',
    '15.5': '2024-12-31',
    '15.6': '2026-04-30',
    '16.0': '2027-10-31',
  },
  rhel: {
    '5': '2017-03-31',
    '6': '2020-11-30',
    '7': '2024-06-30',
    '8': '2029-05-31',
    '9': '2032-05-31',
    '10': '2035-05-31',
  },
  rocky: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  sles: {
    '12.5': '2024-10-31',
    '15.3': '2022-12-31',
    '15.4': '2023-12-31',
    '15.5': '2024-12-31',
    '15.6': '2025-12-31',
    '15.7': '2031-07-31',
    '16.0': '2027-11-30',
  },
  ubuntu: {
    '14.04': '2019-04-02',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-04-01',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-17',
    '25.10': '2026-07-01',
    '26.04': '2031-04-30',
  },
};

const sellsLonger: readonly string[] = ['ol', 'rhel', 'sles', 'ubuntu'];

/** The end of support of a distribution by its os-release(5) ID, VERSION_ID and PRETTY_NAME; undefined if it is not known. */
export function supportEndOf(id: string, version: string, title: string): SupportEnd | undefined {
  const known = new Map(Object.entries((Object.hasOwn(ends, id) ? ends[id] : undefined) ?? {}));
  const [major = '', minor = ''] = version.split('.');
  // openEuler names the service pack in its title only: `openEuler 22.03 (LTS-SP4)`.
  const pack = title.match(/\((LTS(?:-SP\d)?)\)/)?.[1];
  const names = id === 'openEuler' ? [pack ? `${version} ${pack}` : version] : [`${major}.${minor}`, major];
  const on = names.flatMap((name) => known.get(name) ?? [])[0];
  return on === undefined ? undefined : { on, longerForSale: sellsLonger.includes(id) };
}
