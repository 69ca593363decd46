import ipaddr from 'ipaddr.js';
import type { Forward, Forwards, Place } from './forwards.ts';

/** Whose a destination is. */
export type Owner = 'authority' | 'platform' | 'other';

/** What names and addresses belong to whom, as the profile and the unit say. */
export type Owners = {
  /** Names with all below them, addresses and blocks. */
  readonly authority: readonly string[];
  /** Names and addresses of the platform's hosts. */
  readonly platform: readonly string[];
};

/** Where traffic that enters by one forward ends up, through all that it meets on this host. */
export type Path = {
  readonly entry: Forward;
  readonly reach: Reach;
  /** All forwards it may run through, the entry first. */
  readonly through: readonly Forward[];
  readonly authority: readonly Place[];
  readonly others: readonly Place[];
  readonly unresolved: readonly string[];
  readonly proxy: boolean;
  readonly unknown: boolean;
};

/** Who can hand traffic to a forward: only this host, the platform's own hosts, others, or it cannot be told. */
export type Reach = 'host' | 'platform' | 'others' | 'unknown';

/** The paths of a host: one for each forward. */
export function pathsOf(seen: Forwards, owners: Owners): Path[] {
  const context = contextOf(seen, owners);
  return seen.forwards.map((entry) => {
    const through = followed(entry, seen.forwards, context);
    const places = through.flatMap(({ to }) => to);
    const whose = (owner: Owner): Place[] => places.filter((place) => ownerOf(place, context) === owner);
    return {
      entry,
      reach: reachOf(entry, context),
      through,
      authority: whose('authority'),
      others: whose('other'),
      unresolved: through.flatMap(({ unresolved }) => unresolved),
      proxy: through.some(({ kind }) => kind === 'proxy'),
      unknown: through.some(({ kind }) => kind === 'unknown'),
    };
  });
}

type Context = Owners & { readonly own: readonly string[]; readonly aliases: ReadonlyMap<string, readonly string[]> };

function contextOf({ own, aliases }: Forwards, owners: Owners): Context {
  return { ...owners, own, aliases: new Map(aliases.map(({ name, addresses }) => [name, addresses])) };
}

// A destination on this host may be where another forward listens: nginx → socat → the authority.
function followed(entry: Forward, all: readonly Forward[], context: Context): Forward[] {
  const found = new Set([entry]);
  for (const each of found) {
    for (const next of all) {
      if (each.to.some((to) => next.listens.some((at) => meets(to, at, { each, next, context })))) found.add(next);
    }
  }
  return [...found];
}

type Step = { readonly each: Forward; readonly next: Forward; readonly context: Context };

function meets(to: Place, at: Place, { each, next, context }: Step): boolean {
  if (to.host.startsWith('unix:') || at.host.startsWith('unix:')) return to.host === at.host;
  if (!overlap(to.port, at.port)) return false;
  const addresses = addressesOf(to.host, context);
  const isOwn = (address: string): boolean => isListed(address, context.own);
  if (each.network?.id === next.network?.id) {
    if (!addresses.some((address) => isLoopback(address) || isOwn(address))) return false;
    return at.host === 'any' || addressesOf(at.host, context).some((address) => isLocal(address, to, context));
  }
  // Between the host and its containers, or from one container to another, loopback leads nowhere.
  const there = next.network?.addresses ?? context.own.filter((address) => !address.includes('/'));
  return !isLoopback(at.host) && addresses.some((address) => !isLoopback(address) && isListed(address, there));
}

// Another loopback name or address of this host: 127.0.0.1, ::1 and localhost are taken for one.
function isLocal(at: string, to: Place, context: Context): boolean {
  return addressesOf(to.host, context).some((each) => (isLoopback(each) ? isLoopback(at) : isListed(each, [at])));
}

function overlap(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.from <= b.to && b.from <= a.to;
}

function rangeOf(port: string): { from: number; to: number } {
  const [from = '', to = from] = port.split('-');
  return { from: Number(from), to: Number(to) };
}

function ownerOf({ host }: Place, context: Context): Owner {
  if (host.startsWith('unix:')) return 'platform';
  const names = [host, ...addressesOf(host, context)];
  if (names.some((name) => isListed(name, context.authority))) return 'authority';
  const mine = (name: string): boolean => isLoopback(name) || isOurs(name, context);
  // Of a name with several addresses each must be the platform's.
  return isListed(host, context.platform) || addressesOf(host, context).every(mine) ? 'platform' : 'other';
}

function isOurs(name: string, { own, platform }: Context): boolean {
  return isListed(name, own) || isListed(name, platform);
}

function reachOf({ listens, from, network }: Forward, context: Context): Reach {
  if (from) {
    const sources = from.map((each) => each.replace(/^unix:?$/, 'localhost'));
    if (sources.every(isLoopback)) return 'host';
    if (sources.every((each) => isLoopback(each) || isOurs(each, context))) return 'platform';
  }
  if (listens.length === 0) return 'unknown';
  const isInside = ({ host }: Place): boolean =>
    host.startsWith('unix:') || addressesOf(host, context).every(isLoopback);
  if (listens.every(isInside)) return 'host';
  // A container is reached by what the host publishes, which is a forward of its own; how else cannot be seen.
  return network === undefined ? 'others' : 'unknown';
}

function addressesOf(host: string, { aliases }: Context): readonly string[] {
  return aliases.get(host) ?? [host];
}

/** Whether only the host itself can reach an address. */
export function isLoopback(host: string): boolean {
  if (/^(localhost|localhost\.localdomain|ip6-localhost|ip6-loopback)$/.test(host)) return true;
  const address = addressIn(host.replace(/\/(8|16|24|32|128)$/, ''));
  return address?.range() === 'loopback';
}

/** Whether a name or an address, or a whole block, is among names (with those below them), addresses and blocks. */
export function isListed(host: string, list: readonly string[]): boolean {
  const [base = '', bits] = host.split('/');
  const { names, addresses, blocks } = readList(list);
  const address = addressIn(base);
  if (!address) return isBelow(base.toLowerCase().replace(/\.+$/, ''), names);
  const most = mostBits(address);
  const asked = Number(bits ?? most);
  if (asked >= most && addresses.has(address.toNormalizedString())) return true;
  return blocks.some(
    ({ start, wanted }) => start.kind() === address.kind() && asked >= wanted && address.match(start, wanted),
  );
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type List = {
  readonly names: Set<string>;
  readonly addresses: Set<string>;
  readonly blocks: { readonly start: Address; readonly wanted: number }[];
};

const lists = new WeakMap<readonly string[], List>();

// Once: the list of a fleet's hosts is asked about each destination of each host.
function readList(list: readonly string[]): List {
  const known = lists.get(list);
  if (known) return known;
  const read: List = { names: new Set(), addresses: new Set(), blocks: [] };
  for (const entry of list) {
    const [start = '', prefix] = entry
      .trim()
      .toLowerCase()
      .replace(/^\*?\./, '')
      .replace(/\.+$/, '')
      .split('/');
    const address = addressIn(start);
    if (!address) read.names.add(start);
    else if (prefix === undefined) read.addresses.add(address.toNormalizedString());
    else read.blocks.push({ start: address, wanted: Math.min(Number(prefix), mostBits(address)) });
  }
  lists.set(list, read);
  return read;
}

function isBelow(name: string, names: ReadonlySet<string>): boolean {
  for (let rest = name; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
    if (names.has(rest)) return true;
    if (!rest.includes('.')) return false;
  }
  return false;
}

function mostBits(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

// Programs read 0x7f.1 and 2130706433 as addresses, too; an IPv6 address that carries an IPv4 one leads there.
function addressIn(text: string): Address | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}
