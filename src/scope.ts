import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { carriedAddresses } from './carried-addresses.ts';
import { ScopeError } from './errors.ts';
import { authorityDomain } from './evidence/authority.ts';
import { printable } from './text.ts';

/** What may be contacted. */
export type Scope = {
  /** Returns if a socket to the host (a name or an address) may be opened; throws {@link ScopeError} if not. */
  permit(host: string): void;
  /**
   * Judges what a permitted name leads to, addresses or other names; returns them in one spelling, the addresses to pin.
   * Throws if any of them is the authority's, so that a name cannot be pointed at it later.
   */
  permitResolved(name: string, targets: readonly string[]): readonly string[];
  /** Returns if a host may be asked for a name (SNI); throws for one of the authority's, which a platform may pass on to it. */
  permitAsked(name: string): void;
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
      refuseSeveral(target, host);
      if (target.zone !== undefined) throw refusal(host, 'zone');
      if (!allowed.some((each) => covers(each, target))) throw refusal(host, 'notDeclared');
    },
    permitResolved(name, targets) {
      return targets.map((each) => {
        const target = parseHost(each);
        const shown = `${name} → ${each}`;
        refuseAuthority(target, shown, denied);
        refuseSeveral(target, shown);
        if (!target.address) return target.name ?? each;
        return target.address.toString() + (target.zone === undefined ? '' : `%${target.zone}`);
      });
    },
    permitAsked: (name) => refuseAuthority(parseHost(name), name, denied),
  };
}

/** Whether a host name lies under the tax authority's domain, however it is written. */
export function isAuthorityName(host: string): boolean {
  return isBelow(canonical(host).replace(/\.+$/, ''), authorityDomain);
}

function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

type Target = { name?: string; address?: ipaddr.IPv4 | ipaddr.IPv6; zone?: string; prefix?: number };

// One host: a block or a range would let a program that expands it reach its neighbours.
function parseHost(host: string): Target {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const [literal = '', zone] = bare.split('%');
  if (isIP(bare)) return { address: ipaddr.process(inHex(literal)), ...(zone === undefined ? {} : { zone }) };
  const name = canonical(bare).replace(/\.+$/, '');
  // 0x7f.1, 017700000001, 2130706433 and digits of other scripts: resolvers read these as addresses, so they must not pass as names.
  if (isIP(name)) throw refusal(host, 'oddSpelling');
  if (!isName(name) || /[/:%\s\p{Cc}]/u.test(bare)) throw refusal(host, 'noHost');
  return { name };
}

// What is no name can be a pattern to somebody, or a rule that never holds: `*.a.test`, `.a.test`, `192.0.2.1-9`.
function isName(text: string): boolean {
  return text.length <= 253 && /^([a-z\d_-]{1,63}\.)*[\d-]*[a-z_][a-z\d_-]*$/.test(text) && !/[^.]{64}$/.test(text);
}

// `::192.0.2.1` is another address than `192.0.2.1` and `::ffff:192.0.2.1`, but not to every reader.
function inHex(address: string): string {
  return address.replace(/:(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number);
    return `:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function parseBlock(block: string): Target {
  const [base = '', prefix, ...more] = block.split('/');
  const target = parseHost(base);
  if (target.zone !== undefined) throw refusal(block, 'zone');
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
  const { name, address } = target;
  const carried = address ? carriedAddresses(address) : [];
  const isDenied =
    name === undefined
      ? denied.some((each) => covers(each, target) || carried.some((inner) => covers(each, { address: inner })))
      : isAuthorityName(name) || denied.some((each) => each.name !== undefined && isBelow(name, each.name));
  if (isDenied) throw refusal(host, 'authority');
}

// The unspecified address leads to this machine (RFC 1122, 3.2.1.3), the others to everybody who listens.
function refuseSeveral({ address }: Target, host: string): void {
  if (address && ['unspecified', 'broadcast', 'multicast'].includes(address.range())) throw refusal(host, 'notOne');
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
  notOne: {
    zh: '不是单个主机的地址',
    en: 'is not one host’s address',
  },
  zone: {
    zh: '带有网络接口名；请写不带“%接口”的地址',
    en: 'names an interface; write the address without “%interface”',
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
