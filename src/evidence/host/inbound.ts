import ipaddr from 'ipaddr.js';
import type { Chain, Family, Firewall, Rule } from './firewall.ts';
import type { Socket } from './listeners.ts';
import { fitOf, type Packet } from './packet-match.ts';
import { type Passage, passageThrough } from './packet-walk.ts';
import { addressesOf, familiesOf, isOutside, isWildcard, networksOf, plain } from './ways-in.ts';

export type { Passage } from './packet-walk.ts';

/** Where packets from other machines may be sent to: a socket, or a port that the kernel passes on. */
export type Entrance = Pick<Socket, 'protocol' | 'address' | 'port' | 'interface'>;

/** Whether only the host itself can reach an address. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/**
 * Who on other machines reaches an entrance, by the packet filter as it is loaded: through any interface that leads elsewhere, in both
 * families. Through one that has neither the default route nor a public address, only its own networks are taken to come.
 */
export function passageTo(firewall: Firewall, entrance: Entrance): Passage {
  return passageBy(waysTo(firewall, entrance), entrance, firewall, byId(firewall));
}

/** Who reaches most ports of a host, by family: its default. A family in which it has no address is absent. */
export function defaultsOf(firewall: Firewall): Partial<Record<Family, Passage>> {
  const families = (['ip', 'ip6'] as const).filter((family) =>
    firewall.interfaces.some((device) => device.kind === 'other' && addressesOf(device, family).length > 0),
  );
  return Object.fromEntries(families.map((family) => [family, defaultOf(firewall, family)]));
}

/** Ports at which the kernel takes packets to pass them on to containers or elsewhere, as its translation rules say. */
export function publishedOf(firewall: Firewall): Entrance[] {
  const translating = firewall.chains.filter(({ nat }) => nat);
  const chains = byId(firewall);
  const ways = waysTo(firewall, { protocol: 'tcp', address: '*', port: 1 });
  // Which ports a rule without any of its own translates, those that lead to it and those that filter afterwards say.
  const spans = spansOf(translating.some(({ rules }) => rules.some(isForAnyPort)) ? firewall.chains : translating);
  const candidates = spans
    .slice(0, mostSpans)
    .flatMap(({ from }) => (['tcp', 'udp'] as const).map((protocol) => ({ protocol, address: '*', port: from })));
  return candidates.filter(({ protocol, port }) =>
    ways.some(({ packet }) => translationsOf({ ...packet, protocol, port }, firewall, chains).length > 0),
  );
}

function isForAnyPort(rule: Rule): boolean {
  return rule.verdict === 'translate' && portsOf(rule).length === 0;
}

type Chains = ReadonlyMap<string, Chain>;

function byId({ chains }: Firewall): Chains {
  return new Map(chains.map((chain) => [chain.id, chain]));
}

/** Packets for an entrance through one interface, and the networks that alone are there; absent: anybody. */
type Way = { readonly packet: Packet; readonly networks?: readonly string[] };

// By the interface and the family in which they come.
function waysTo(firewall: Firewall, entrance: Entrance): Way[] {
  const { address, protocol, port } = entrance;
  return firewall.interfaces.flatMap((device) => {
    if (device.kind === 'loopback' || (entrance.interface ?? device.name) !== device.name) return [];
    return familiesOf(entrance, device).map((family) => {
      const to = isWildcard(address) ? addressesOf(device, family) : [plain(address)];
      const packet: Packet = { family, protocol, port, enters: device.name, to, translated: false };
      return isOutside(device, family, firewall) ? { packet } : { packet, networks: networksOf(device, family) };
    });
  });
}

function passageBy(
  ways: readonly Way[],
  { protocol, port }: Pick<Entrance, 'protocol' | 'port'>,
  firewall: Firewall,
  chains: Chains,
): Passage {
  return widest(
    ways.map(({ packet, networks }) => {
      const passage = passageOf({ ...packet, protocol, port }, firewall, chains);
      return passage.is === 'anywhere' && networks ? { is: 'sources', sources: networks } : passage;
    }),
  );
}

// Ports that no rule tells apart are one span; the default is what holds for the most ports, the more open of TCP and UDP.
function defaultOf(firewall: Firewall, family: Family): Passage {
  const address = family === 'ip' ? '0.0.0.0' : 'ip6';
  const ways = waysTo(firewall, { protocol: 'tcp', address, port: 1 });
  const chains = byId(firewall);
  const each = (['tcp', 'udp'] as const).map((protocol) => {
    const spans = spansOf(firewall.chains);
    if (spans.length > mostSpans) return { is: 'unknown' as const };
    const passages = spans.map(({ from, to }) => ({
      size: to - from + 1,
      passage: passageBy(ways, { protocol, port: from }, firewall, chains),
    }));
    const sizes = Map.groupBy(passages, ({ passage }) => JSON.stringify(passage));
    const [most] = [...sizes.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a));
    return most?.[0]?.passage ?? { is: 'unknown' as const };
  });
  return widest(each);
}

const mostSpans = 1000;

function sizeOf(spans: readonly { size: number }[]): number {
  return spans.reduce((sum, { size }) => sum + size, 0);
}

function spansOf(chains: readonly Chain[]): { from: number; to: number }[] {
  const starts = new Set([1]);
  for (const range of chains.flatMap(({ rules }) => rules.flatMap(portsOf))) {
    const [from = '', to = from] = range.split('-');
    starts.add(Number(from)).add(Number(to) + 1);
  }
  const sorted = [...starts].filter((start) => start >= 1 && start <= 65_535).toSorted((a, b) => a - b);
  return sorted.map((from, index) => ({ from, to: (sorted[index + 1] ?? 65_536) - 1 }));
}

function passageOf(packet: Packet, firewall: Firewall, chains: Chains): Passage {
  const through = (hooks: readonly Chain['hook'][], each: Packet): Passage =>
    narrowest(
      firewall.chains
        .filter(({ hook, nat, families }) => hook && !nat && hooks.includes(hook) && families.includes(each.family))
        .map((base) => passageThrough(base, chains, each)),
    );
  const before = through(['prerouting'], packet);
  const onward = translationsOf(packet, firewall, chains).map(({ verdict, target = '' }): Passage => {
    if (verdict === 'unknown') return { is: 'unknown' };
    const [, address = '', port = ''] = target.match(/^(?:\[?([0-9a-f.:]*?)\]?)(?::(\d{1,5}))?$/i) ?? [];
    const next = { ...packet, translated: true, port: port === '' ? packet.port : Number(port) };
    // To the host itself, where no address is named.
    return address === '' && port !== ''
      ? through(['input'], next)
      : through(['forward'], { ...next, to: ipaddr.isValid(address) ? [address] : [] });
  });
  return narrowest([before, widest([through(['input'], packet), ...onward])]);
}

function translationsOf(packet: Packet, firewall: Firewall, chains: Chains): Rule[] {
  return firewall.chains
    .filter(({ hook, nat, families }) => nat && hook === 'prerouting' && families.includes(packet.family))
    .flatMap((base) => translationsIn(base, chains, packet, 0));
}

// Every translation that such packets may meet, and what may be one; which of them comes first is not asked.
function translationsIn(chain: Chain, chains: Chains, packet: Packet, depth: number): Rule[] {
  if (depth > 8) return [];
  return chain.rules.flatMap((rule) => {
    if (fitOf(rule, packet).fits === 'none') return [];
    if (rule.verdict === 'translate' || rule.verdict === 'unknown') return [rule];
    const target = rule.verdict === 'jump' || rule.verdict === 'goto' ? chains.get(rule.target ?? '') : undefined;
    return target ? translationsIn(target, chains, packet, depth + 1) : [];
  });
}

// A packet has to get through every chain on its way.
function narrowest(passages: readonly Passage[]): Passage {
  const found = (is: Passage['is']) => passages.find((each) => each.is === is);
  return found('blocked') ?? found('unknown') ?? found('sources') ?? { is: 'anywhere' };
}

// It may take any of several ways.
function widest(passages: readonly Passage[]): Passage {
  if (passages.some(({ is }) => is === 'anywhere')) return { is: 'anywhere' };
  if (passages.some(({ is }) => is === 'unknown')) return { is: 'unknown' };
  const sources = passages.flatMap((each) => (each.is === 'sources' ? each.sources : []));
  return sources.length > 0 ? { is: 'sources', sources: [...new Set(sources)].toSorted() } : { is: 'blocked' };
}

function portsOf({ conditions }: Rule): string[] {
  return conditions
    .flatMap(({ of, values }) => (of === 'port' ? values : []))
    .filter((each) => /^\d+(-\d+)?$/.test(each));
}
