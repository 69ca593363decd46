import { isIP } from 'node:net';
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
 * @param authority names, addresses and CIDR blocks that belong to the tax authority: refused even if declared
 */
export function createScope(declared: readonly string[], authority: readonly string[]): Scope {
  const allowed = declared.map(parseTarget);
  const denied = authority.map(parseTarget);

  return {
    permit(host) {
      const target = parseTarget(host);
      refuseAuthority(target, host, denied);
      if (!allowed.some((each) => covers(each, target))) throw refusal(host, 'notDeclared');
    },
    permitResolved(name, addresses) {
      return addresses.map((address) => {
        const target = parseTarget(address);
        refuseAuthority(target, `${name} → ${address}`, denied);
        return target.address?.toString() ?? address;
      });
    },
  };
}

/** Whether a host name lies under the tax authority's domain, however it is written. */
export function isAuthorityName(host: string): boolean {
  const name = host
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[。．]/g, '.')
    .replace(/\.+$/, '');
  return name === authorityDomain || name.endsWith(`.${authorityDomain}`);
}

type Target = { name?: string; address?: ipaddr.IPv4 | ipaddr.IPv6; prefix?: number };

function parseTarget(host: string): Target {
  const [base = '', prefix] = host.split('/');
  const bare = base.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (isIP(bare)) {
    const address = ipaddr.process(bare);
    return { address, prefix: prefix === undefined ? (address.kind() === 'ipv4' ? 32 : 128) : Number(prefix) };
  }
  // 0x7f.1, 017700000001, 2130706433: resolvers read these as addresses, so they must not pass as names.
  if (/^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?$/i.test(bare)) throw refusal(host, 'oddSpelling');
  return { name: bare.toLowerCase().replace(/\.$/, '') };
}

function covers(each: Target, target: Target): boolean {
  if (each.name !== undefined) return each.name === target.name;
  if (!each.address || !target.address || each.address.kind() !== target.address.kind()) return false;
  return target.address.match(each.address, each.prefix ?? 0);
}

function refuseAuthority(target: Target, host: string, denied: readonly Target[]): void {
  if ((target.name !== undefined && isAuthorityName(target.name)) || denied.some((each) => covers(each, target)))
    throw refusal(host, 'authority');
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
} as const;

function refusal(host: string, why: keyof typeof refusals): ScopeError {
  const shown = printable(host);
  return new ScopeError({
    zh: `范围守卫拒绝 ${shown}：${refusals[why].zh}`,
    en: `scope guard refused ${shown}: it ${refusals[why].en}`,
  });
}
