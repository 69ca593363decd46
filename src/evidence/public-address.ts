import ipaddr from 'ipaddr.js';
import type { Text } from '../text.ts';

/** Address ranges that no outside network reaches, or that are no unit's own (IANA special-purpose registries, RFC 6890). */
export const rangeTitles = {
  private: { zh: '私有地址段（RFC 1918、RFC 4193）', en: 'private (RFC 1918, RFC 4193)' },
  shared: { zh: '运营商级 NAT 共享地址段（RFC 6598）', en: 'shared by carrier-grade NAT (RFC 6598)' },
  loopback: { zh: '环回地址', en: 'loopback' },
  linkLocal: { zh: '链路本地地址', en: 'link-local' },
  documentation: { zh: '文档示例地址段', en: 'for documentation' },
  multicast: { zh: '组播地址', en: 'multicast' },
  reserved: { zh: '保留地址段', en: 'reserved' },
} as const satisfies Record<string, Text>;

export type SpecialRange = keyof typeof rangeTitles;

/** All ranges, as a schema wants them. */
export const specialRangeNames = Object.keys(rangeTitles) as [SpecialRange, ...SpecialRange[]];

/** What is wrong with an address that is to be reached from outside. */
export type AddressProblem =
  | { readonly code: 'addressShape' }
  | { readonly code: 'addressOctet' | 'addressLeadingZero'; readonly found: string }
  | { readonly code: 'addressNotPublic'; readonly range: SpecialRange };

const specialRanges: readonly (readonly [cidr: string, range: SpecialRange])[] = [
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'linkLocal'],
  ['192.0.2.0/24', 'documentation'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['0.0.0.0/8', 'reserved'],
  ['192.0.0.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['198.18.0.0/15', 'reserved'],
  ['240.0.0.0/4', 'reserved'],
  ['::1/128', 'loopback'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'linkLocal'],
  ['ff00::/8', 'multicast'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2001::/23', 'reserved'],
  ['2002::/16', 'reserved'],
];

const ranges = specialRanges.map(([cidr, range]) => ({ cidr: ipaddr.parseCIDR(cidr), range }));

/** All that is wrong with an IPv4 or IPv6 address as a filed, public one; each octet and the range are judged apart. */
export function addressProblems(address: string): AddressProblem[] {
  if (/^\d{1,10}(\.\d{1,10}){3}$/.test(address)) return ipv4Problems(address.split('.'));
  if (!address.includes(':') || address.includes('%') || !ipaddr.IPv6.isValid(address))
    return [{ code: 'addressShape' }];
  return notPublic(rangeOf(ipaddr.IPv6.parse(address)));
}

/** The special range that a well-formed address lies in; undefined for a public one, and for what is no address. */
export function specialRangeOf(address: string): SpecialRange | undefined {
  return addressProblems(address).find((problem) => problem.code === 'addressNotPublic')?.range;
}

function ipv4Problems(octets: readonly string[]): AddressProblem[] {
  const large = octets.filter((octet) => Number(octet) > 255);
  // Some programs read 010 as 8: what was meant cannot be told.
  const padded = octets.filter((octet) => /^0\d/.test(octet));
  return [
    ...(large.length > 0 ? [{ code: 'addressOctet', found: large.join(', ') } as const] : []),
    ...(padded.length > 0 ? [{ code: 'addressLeadingZero', found: padded.join(', ') } as const] : []),
    ...notPublic(rangeDespite(octets, new Set([...large, ...padded]))),
  ];
}

// The range shows although an octet is wrong, if it is the same whatever that octet was meant to be: 10.300.1.1 is private.
function rangeDespite(octets: readonly string[], wrong: ReadonlySet<string>): SpecialRange | undefined {
  if (wrong.has(octets[0] ?? '')) return undefined;
  const filled = (fill: number): SpecialRange | undefined =>
    rangeOf(new ipaddr.IPv4(octets.map((octet) => (wrong.has(octet) ? fill : Number(octet)))));
  return filled(0) === filled(255) ? filled(0) : undefined;
}

function notPublic(range: SpecialRange | undefined): AddressProblem[] {
  return range ? [{ code: 'addressNotPublic', range }] : [];
}

function rangeOf(address: ipaddr.IPv4 | ipaddr.IPv6): SpecialRange | undefined {
  const special = ranges.find(({ cidr: [base, bits] }) => base.kind() === address.kind() && address.match(base, bits));
  if (special) return special.range;
  // Only 2000::/3 is given out as global unicast (RFC 4291, 2.4, and the IANA IPv6 address space).
  const isGlobal = address.kind() === 'ipv4' || address.match(ipaddr.IPv6.parse('2000::'), 3);
  return isGlobal ? undefined : 'reserved';
}
