import ipaddr from 'ipaddr.js';

/** Where RFC 6052, 2.2, puts an IPv4 address behind prefixes of 32, 40, 48, 56, 64 and 96 bits; octet 8 and what follows are zero. */
const nat64Layouts = [
  [4, 5, 6, 7],
  [5, 6, 7, 9],
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
] as const;

const lastFour = nat64Layouts[5];

/**
 * The IPv4 addresses that an IPv6 address may carry: a gateway would deliver there. Operators choose NAT64 prefixes of their own, so
 * that every address of such a form counts: rather one refused too many.
 */
export function carriedAddresses(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4[] {
  if (address.kind() === 'ipv4') return [];
  const bytes = address.toByteArray();
  const at = (places: readonly number[], mask = 0): ipaddr.IPv4 =>
    new ipaddr.IPv4(places.map((place) => (bytes[place] ?? 0) ^ mask));
  const range = address.range();
  return [
    ...nat64Layouts
      .filter(([, , , last]) => bytes[8] === 0 && bytes.slice(last + 1).every((byte) => byte === 0))
      .map((layout) => at(layout)),
    ...(range === 'rfc6052' || range === 'rfc6145' || isIsatap(bytes) ? [at(lastFour)] : []),
    // RFC 3056, 2.
    ...(range === '6to4' ? [at([2, 3, 4, 5])] : []),
    // RFC 4380, 4: the server, and the client with its bits turned over.
    ...(range === 'teredo' ? [at([4, 5, 6, 7]), at(lastFour, 0xff)] : []),
  ];
}

// RFC 5214, 6.1: the interface identifier is 0000:5efe or 0200:5efe and the address.
function isIsatap(bytes: readonly number[]): boolean {
  return ((bytes[8] ?? 0) & ~2) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
}
