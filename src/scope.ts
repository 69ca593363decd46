import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { ScopeError } from './errors.ts';
import { printable } from './text.ts';

/**
 * The tax authority's domain. QD 5-3 forbids scanning traffic toward it, so that no platform file can allow a name below it.
 */
const authorityDomain = 'chinatax.gov.cn';

/** What may be contacted. */
export type Scope = {
  /** Returns if a socket to the host (a name or an address) may be opened; throws {@link ScopeError} if not. */
  permit(host: string): void;
  /**
   * Judges what a permitted name resolved to; returns the addresses to pin.
   * Throws if any of them is the authority's, so that a name cannot be pointed at it later.
   */
  permitResolved(name: string, addresses: readonly string[]): readonly string[];
};

/**
 * @param declared names and addresses that the platform file declares; CIDR blocks are allowed
 * @param authority names (with all names below them), addresses and CIDR blocks that belong to the tax authority: refused
 * even if declared
 * @throws ScopeError for an entry that is neither a name nor an address nor a block
 */
export function createScope(declared: readonly string[], authority: readonly string[]): Scope {
  const allowed = declared.map(parseBlock);
  const denied = authority.map((entry) => parseBlock(entry.replace(/^\*\./, '')));

  return {
    permit(host) {
      const target = parseHost(host);
      refuseAuthority(target, host, denied);
      if (!allowed.some((each) => covers(each, target))) throw refusal(host, 'notDeclared');
    },
    permitResolved(name, addresses) {
      return addresses.map((address) => {
        const target = parseHost(address);
        refuseAuthority(target, `${name} → ${address}`, denied);
        return target.address?.toString() ?? address;
      });
    },
  };
}

/** Whether a host name lies under the tax authority's domain, however it is written. */
export function isAuthorityName(host: string): boolean {
  return isBelow(canonical(host).replace(/\.+$/, ''), authorityDomain);
}

function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

type Target = { name?: string; address?: ipaddr.IPv4 | ipaddr.IPv6; prefix?: number };

// One host: a block or a range would let a program that expands it reach its neighbours.
function parseHost(host: string): Target {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare)) return { address: ipaddr.process(bare) };
  const name = canonical(bare).replace(/\.$/, '');
  // 0x7f.1, 017700000001, 2130706433 and digits of other scripts: resolvers read these as addresses, so they must not pass as names.
  if (isIP(name)) throw refusal(host, 'oddSpelling');
  if (name === '' || /[/:%\s\p{Cc}]/u.test(bare)) throw refusal(host, 'noHost');
  return { name };
}

function parseBlock(block: string): Target {
  const [base = '', prefix, ...more] = block.split('/');
  const target = parseHost(base);
  const bits = target.address?.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return { ...target, prefix: bits };
  if (!target.address || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits || more.length > 0)
    throw refusal(block, 'noHost');
  return { ...target, prefix: Number(prefix) };
}

// As a resolver sees a name (UTS #46): lower case, full-width letters and dots folded, soft hyphens gone; '' for what is no name.
function canonical(name: string): string {
  return domainToASCII(name);
}

function covers(each: Target, target: Target): boolean {
  if (each.name !== undefined) return each.name === target.name;
  if (!each.address || !target.address || each.address.kind() !== target.address.kind()) return false;
  return target.address.match(each.address, each.prefix ?? 0);
}

function refuseAuthority(target: Target, host: string, denied: readonly Target[]): void {
  const carried = carriedIn(target);
  const { name } = target;
  const isDenied =
    name === undefined
      ? denied.some((each) => covers(each, target) || (carried && covers(each, carried)))
      : isAuthorityName(name) || denied.some((each) => each.name !== undefined && isBelow(name, each.name));
  if (isDenied) throw refusal(host, 'authority');
}

// Where an IPv6 address carries an IPv4 one, a gateway delivers there: NAT64 (RFC 6052), 6to4 (RFC 3056), and the like.
const carriers = { rfc6052: 12, rfc6145: 12, '6to4': 2 } as const;

function carriedIn({ address }: Target): Target | undefined {
  if (address?.kind() !== 'ipv6') return undefined;
  const range = address.range();
  if (range !== 'rfc6052' && range !== 'rfc6145' && range !== '6to4') return undefined;
  const start = carriers[range];
  return { address: new ipaddr.IPv4(address.toByteArray().slice(start, start + 4)) };
}

const refusals = {
  authority: {
    zh: '属于税务机关，任何情况下都不连接（QD 5-3）',
    en: 'belongs to the tax authority and is never contacted (QD 5-3)',
  },
  notDeclared: {
    zh: '未在平台文件中声明；如属于本平台，请在 hosts、endpoints 或 stores 中声明',
    en: 'is not declared in the platform file; if it is the platform’s own, declare it under hosts, endpoints or stores',
  },
  oddSpelling: {
    zh: '不是规范的 IP 地址写法；请用点分十进制或 IPv6',
    en: 'is not a plain spelling of an address; write dotted decimal or IPv6',
  },
  noHost: {
    zh: '不是主机名或 IP 地址',
    en: 'is neither a host name nor an address',
  },
} as const;

function refusal(host: string, why: keyof typeof refusals): ScopeError {
  const shown = printable(host);
  return new ScopeError({
    zh: `范围守卫拒绝 ${shown}：${refusals[why].zh}`,
    en: `scope guard refused ${shown}: it ${refusals[why].en}`,
  });
}
