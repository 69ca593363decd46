import ipaddr from 'ipaddr.js';
import type { Condition, Family, Rule } from './firewall.ts';

/** Packets that open a connection: all that differ only in where they come from. */
export type Packet = {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly enters: string;
  /** The addresses of the host that they may be for; none: not known. */
  readonly to: readonly string[];
  readonly translated: boolean;
};

/**
 * How a rule fits packets: all of them, none, only some (`of`: those from these sources, `allBut`: from any others; neither: by what
 * the sender chooses, or seldom), or `unknown`, for a condition that is not understood.
 */
export type Fit =
  | { readonly fits: 'all' | 'none' | 'unknown' }
  | { readonly fits: 'some'; readonly of?: readonly string[]; readonly allBut?: readonly string[] };

const all: Fit = { fits: 'all' };
const none: Fit = { fits: 'none' };
const some: Fit = { fits: 'some' };

/** How a rule fits packets. */
export function fitOf({ conditions, opaque, sometimes }: Rule, packet: Packet): Fit {
  // Most rules of a long list are for another port, which costs less to see than an address.
  if (conditions.some((each) => each.of === 'port' && fitOfOne(each, packet).fits === 'none')) return none;
  const fits = conditions.map((condition) => fitOfOne(condition, packet));
  if (fits.some((fit) => fit.fits === 'none')) return none;
  if (opaque || fits.some((fit) => fit.fits === 'unknown')) return { fits: 'unknown' };
  const partly = fits.filter((fit) => fit.fits === 'some');
  if (sometimes) return partly.find((fit) => fit.of) ?? some;
  const [first, ...others] = partly;
  if (first === undefined) return all;
  if (others.length === 0) return first;
  // Of two conditions on sources the first is an upper bound of both; with another that leaves some out it is no longer all of them.
  const of = partly.find((fit) => fit.of)?.of;
  return of ? { fits: 'some', of } : some;
}

/** Whether a rule that fits only some packets fits all of those from the sources it names. */
export function isExact({ conditions, sometimes }: Rule, packet: Packet): boolean {
  return !sometimes && conditions.filter((each) => fitOfOne(each, packet).fits === 'some').length === 1;
}

function fitOfOne(condition: Condition, packet: Packet): Fit {
  const fit = fitOfPositive(condition, packet);
  if (!condition.not) return fit;
  if (fit.fits === 'all') return none;
  if (fit.fits === 'none') return all;
  return fit.fits === 'some' && fit.of ? { fits: 'some', allBut: fit.of } : fit;
}

function fitOfPositive({ of, values }: Condition, packet: Packet): Fit {
  const either = (holds: boolean): Fit => (holds ? all : none);
  switch (of) {
    case 'family':
      return either(values.includes(packet.family));
    case 'protocol':
      return either(values.some((value) => isProtocol(value, packet.protocol)));
    case 'port':
      return values.every(isRange) ? either(values.some((value) => isIn(packet.port, value))) : { fits: 'unknown' };
    case 'source-port':
      return values.some((value) => isIn(1, value) && isIn(65_535, value)) ? all : some;
    case 'enters':
      return either(values.some((value) => isInterface(packet.enters, value)));
    // Where a packet for the host itself leaves is no question; of one that is passed on it is not known.
    case 'leaves':
      return packet.translated ? some : none;
    case 'state':
      if (values.includes('new') || (packet.translated && values.includes('dnat'))) return all;
      return values.includes('untracked') ? { fits: 'unknown' } : none;
    case 'from':
      return fitOfSources(values, packet.family);
    case 'to':
      return fitOfDestination(values, packet);
  }
}

function isProtocol(value: string, protocol: 'tcp' | 'udp'): boolean {
  return ['all', '0', protocol, protocol === 'tcp' ? '6' : '17'].includes(value);
}

function isRange(value: string): boolean {
  return /^\d{1,5}(-\d{1,5})?$/.test(value);
}

function isIn(port: number, range: string): boolean {
  const [from = '', to = from] = range.split('-');
  return Number(from) <= port && port <= Number(to);
}

function isInterface(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function fitOfSources(values: readonly string[], family: Family): Fit {
  const blocks = values.map(blockOf);
  if (blocks.some((block) => block === undefined)) return { fits: 'unknown' };
  const kind = family === 'ip' ? 'ipv4' : 'ipv6';
  const own = values.filter((_, index) => blocks[index]?.kind === kind && !blocks[index]?.loopback);
  if (own.length === 0) return none;
  return own.some((value) => value.endsWith('/0')) ? all : { fits: 'some', of: own };
}

function fitOfDestination(values: readonly string[], { to, family }: Packet): Fit {
  const blocks = values.map(blockOf);
  if (blocks.some((block) => block === undefined)) return { fits: 'unknown' };
  const kind = family === 'ip' ? 'ipv4' : 'ipv6';
  const own = blocks.filter((block) => block?.kind === kind);
  if (own.length === 0) return none;
  if (to.length === 0) return some;
  const fitting = to.filter((address) => own.some((block) => block?.holds(address)));
  if (fitting.length === 0) return none;
  return fitting.length === to.length ? all : some;
}

// More than all private networks together (RFC 1918), or a 256th of IPv6, names nobody: two halves of the Internet are the Internet.
const broad = { ipv4: 2 ** 25, ipv6: 2 ** 120 };

/** Whether sources are so many that being among them is no restriction. */
export function isBroad(sources: readonly string[]): boolean {
  return (['ipv4', 'ipv6'] as const).some((kind) => {
    const sizes = sources.flatMap((each) => {
      const block = blockOf(each);
      return block?.kind === kind ? [block.size] : [];
    });
    return sizes.reduce((sum, size) => sum + size, 0) > broad[kind];
  });
}

type Block = {
  readonly kind: 'ipv4' | 'ipv6';
  readonly loopback: boolean;
  /** Addresses as a power of two. */
  readonly size: number;
  holds(address: string): boolean;
};

const blocks = new Map<string, Block | undefined>();

// `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `10.0.0.1`; undefined for what is none, such as the name of a set.
function blockOf(text: string): Block | undefined {
  if (blocks.size > 10_000) blocks.clear();
  if (!blocks.has(text)) blocks.set(text, readBlock(text));
  return blocks.get(text);
}

function readBlock(text: string): Block | undefined {
  const [first = '', last] = text.split('-');
  if (last !== undefined) return readSpan(first, last);
  const [base = '', bits] = text.split('/');
  if (!isPlain(base) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const parsed = ipaddr.parse(base);
  const most = parsed.kind() === 'ipv4' ? 32 : 128;
  const length = Math.min(Number(bits ?? most), most);
  return {
    kind: parsed.kind(),
    loopback: parsed.range() === 'loopback',
    size: 2 ** (most - length),
    holds: (address) => {
      const other = ipaddr.parse(address);
      return other.kind() === parsed.kind() && other.match(parsed, length);
    },
  };
}

function readSpan(first: string, last: string): Block | undefined {
  if (!isPlain(first) || !isPlain(last)) return undefined;
  const [from, to] = [ipaddr.parse(first), ipaddr.parse(last)];
  if (from.kind() !== to.kind()) return undefined;
  const key = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const [low, high] = [key(from.toByteArray()), key(to.toByteArray())];
  return {
    kind: from.kind(),
    loopback: from.range() === 'loopback' && to.range() === 'loopback',
    size: Number(BigInt(`0x${high}`) - BigInt(`0x${low}`)) + 1,
    holds: (address) => {
      const other = ipaddr.parse(address);
      const at = key(other.toByteArray());
      return other.kind() === from.kind() && low <= at && at <= high;
    },
  };
}

function isPlain(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
