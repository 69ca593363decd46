import ipaddr from 'ipaddr.js';
import type { Forward, Forwards, Place } from '../../../evidence/host/forwards.ts';
import { placeOf } from './places.ts';

export type Hook = 'prerouting' | 'output' | 'postrouting' | 'forward' | 'input';
export type Family = 'ip' | 'ip6';

/** A chain of the kernel's packet filter; a base chain has a hook. */
export type Chain = {
  readonly key: string;
  readonly families: readonly Family[];
  readonly hook?: Hook;
  readonly drops: boolean;
};

/** A rule, as far as forwarding is concerned; what it excludes (`! -i docker0`) is left out, so that it seems to fit more. */
export type Rule = {
  readonly by: 'iptables' | 'nftables';
  readonly where: string;
  readonly chain: string;
  readonly action: 'translate' | 'redirect' | 'masquerade' | 'accept' | 'drop' | 'jump' | 'other';
  /** An address with ports, ports, or the key of a chain. */
  readonly target: string;
  readonly ports: readonly string[];
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly enters: string | undefined;
  readonly leaves: string | undefined;
  /** Fits only what belongs to a connection that was let through before. */
  readonly established: boolean;
  readonly matches: boolean;
};

export type RuleSet = { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] };

/** What the rules are judged by besides themselves. */
export type Network = {
  readonly routing: Readonly<Record<Family, boolean>>;
  readonly own: readonly string[];
  readonly containers: readonly { readonly bridge: string; readonly networks: readonly string[] }[];
};

/** Forwards by address translation; what only touches the host’s own traffic listens on `localhost`. */
export function translations({ chains, rules }: RuleSet, network: Network): Forward[] {
  const hooksOf = hooks(chains, rules);
  return rules.flatMap((rule) => {
    if (rule.action !== 'translate' && rule.action !== 'redirect') return [];
    const reached = hooksOf(rule.chain);
    const to = destination(rule);
    const isOwn =
      rule.action === 'redirect' || (to !== undefined && isWithin(to.host, ['127.0.0.0/8', '::1/128', ...network.own]));
    const families = chains.find(({ key }) => key === rule.chain)?.families ?? [];
    const routed = isOwn || families.some((family) => network.routing[family]);
    const from = sourcesOf(rule, network);
    return [
      {
        by: rule.by,
        where: rule.where,
        kind: 'relay' as const,
        running: routed && (reached.has('prerouting') || reached.has('output')),
        listens: listeners(rule, reached.has('output') && !reached.has('prerouting')),
        ...(from ? { from } : {}),
        to: to ? [to] : [],
        unresolved: to ? [] : [rule.target.slice(0, 200)],
      },
    ];
  });
}

function listeners({ ports, to, enters }: Rule, local: boolean): Place[] {
  const host = local || enters === 'lo' ? 'localhost' : to && !to.includes('/') ? to : 'any';
  return ports.length > 0 ? ports.map((port) => ({ host, port })) : [{ host }];
}

function sourcesOf({ from, enters }: Rule, { containers }: Network): string[] | undefined {
  if (from !== undefined) return [from];
  return containers.find(({ bridge }) => bridge === enters)?.networks.slice();
}

function destination({ action, target, ports }: Rule): Place | undefined {
  const port = ports.length === 1 ? ports[0] : undefined;
  if (action === 'redirect') return { host: 'localhost', ...portOf(target, port) };
  const [, address = '', , toPort] =
    target.match(/^(\[[0-9a-f:.]+\]|[0-9.]+|[0-9a-f:]+)(-[^:]*)?(?::([\d-]+))?$/i) ?? [];
  const place = placeOf(address.includes(':') && !address.startsWith('[') ? `[${address}]` : address);
  return place && place.host !== 'any' ? { host: place.host, ...portOf(toPort ?? '', port) } : undefined;
}

function portOf(text: string, otherwise: string | undefined): { port?: string } {
  const port = /^\d{1,5}(-\d{1,5})?$/.test(text) ? text : otherwise;
  return port === undefined ? {} : { port };
}

/** How the kernel passes on packets of others: by translating their sources, or because nothing forbids it. */
export function routesOf({ chains, rules }: RuleSet, network: Network): Forwards['routes'] {
  const hooksOf = hooks(chains, rules);
  const families = (['ip', 'ip6'] as const).filter((family) => network.routing[family]);
  const masks = rules.filter(({ action, chain, from, enters }) => {
    if (action !== 'masquerade' || !hooksOf(chain).has('postrouting')) return false;
    const known = families.some((family) => chains.find(({ key }) => key === chain)?.families.includes(family) ?? true);
    return known && !isOfContainers({ from, enters }, network);
  });
  const open = families.filter((family) => !isClosed({ chains, rules }, family, network));
  return [
    ...masks.map(({ where }) => ({ what: 'translates' as const, where })),
    ...open.map((family) => ({
      what: 'accepts' as const,
      where: family === 'ip' ? 'net.ipv4.ip_forward=1' : 'net.ipv6.conf.all.forwarding=1',
    })),
  ];
}

function isOfContainers({ from, enters }: Pick<Rule, 'from' | 'enters'>, { containers }: Network): boolean {
  return containers.some(
    ({ bridge, networks }) =>
      bridge === enters || (from !== undefined && isWithin(from.replace(/\/\d+$/, ''), networks)),
  );
}

// One base chain that lets through nothing but containers’ traffic and answers is enough: a packet must pass all of them.
function isClosed({ chains, rules }: RuleSet, family: Family, { containers }: Network): boolean {
  const bridges = new Set(containers.map(({ bridge }) => bridge));
  const isHarmless = (rule: Rule): boolean =>
    rule.established ||
    [rule.enters, rule.leaves].some((name) => name !== undefined && (name === 'lo' || bridges.has(name)));
  const accepts = (key: string, depth: number): boolean =>
    beforeEnd(rules.filter(({ chain }) => chain === key)).some(
      (rule) =>
        (rule.action === 'accept' && !isHarmless(rule)) ||
        (rule.action === 'jump' && !isHarmless(rule) && depth < 16 && accepts(rule.target, depth + 1)),
    );
  return chains.some(({ key, hook, drops, families }) => {
    const ends = rules.some((rule) => rule.chain === key && isEnd(rule));
    return hook === 'forward' && families.includes(family) && (drops || ends) && !accepts(key, 0);
  });
}

const isEnd = (rule: Rule): boolean => rule.action === 'drop' && !rule.matches;

function beforeEnd(rules: readonly Rule[]): readonly Rule[] {
  const end = rules.findIndex(isEnd);
  return end < 0 ? rules : rules.slice(0, end);
}

function hooks(chains: readonly Chain[], rules: readonly Rule[]): (chain: string) => ReadonlySet<Hook> {
  const found = new Map<string, Set<Hook>>(chains.map(({ key, hook }) => [key, new Set(hook ? [hook] : [])]));
  const jumps = rules.filter(({ action }) => action === 'jump');
  for (let round = 0; round < 16; round += 1) {
    for (const { chain, target } of jumps) for (const hook of found.get(chain) ?? []) found.get(target)?.add(hook);
  }
  return (chain) => found.get(chain) ?? new Set();
}

/** Whether an address lies in one of these addresses and blocks. */
export function isWithin(address: string, blocks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const found = ipaddr.process(address);
  return blocks.some((block) => {
    const [base = '', bits] = block.split('/');
    if (!ipaddr.isValid(base)) return false;
    const other = ipaddr.process(base);
    const most = other.kind() === 'ipv4' ? 32 : 128;
    return other.kind() === found.kind() && found.match(other, Math.min(Number(bits ?? most), most));
  });
}
