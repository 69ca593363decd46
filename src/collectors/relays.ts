import { ScopeError } from '../errors.ts';
import { authorityDomain } from '../evidence/authority.ts';
import { isLoopback, type Owners, pathsOf } from '../evidence/host/forward-paths.ts';
import type { Forwards } from '../evidence/host/forwards.ts';
import { includesPort, rangesOf } from '../evidence/network/open-ports.ts';
import type { Gate, Withheld } from '../gate.ts';
import type { Platform } from '../platform.ts';
import { said } from '../text.ts';
import { Unavailable } from './collector.ts';

/**
 * The ports of a host behind which its forwards lead to the tax authority: what is sent there would be sent to the authority (QD 5-3).
 * An address may be translated on its way in, so that a port counts at every address that is declared.
 */
export function portsToWithhold(seen: Forwards, platform: Platform): Withheld[] {
  const leading = pathsOf(seen, ownersIn(platform)).filter(({ authority }) => authority.length > 0);
  return leading.flatMap(({ entry }) =>
    entry.listens
      .filter(({ host }) => !host.startsWith('unix:') && host !== 'remote')
      .map(({ host, port = '0-65535' }) => ({ ports: port, onlyLoopback: isLoopback(host), why: entry.where })),
  );
}

const owners = new WeakMap<Platform, Owners>();

// The same lists for all hosts of a platform: they are read once.
function ownersIn(platform: Platform): Owners {
  const { taxAuthority, hosts } = platform;
  const known = owners.get(platform) ?? {
    authority: [authorityDomain, ...taxAuthority],
    platform: hosts.map(({ address }) => address),
  };
  owners.set(platform, known);
  return known;
}

/**
 * Whether it is known what each declared host passes on, and where to. Until then an undeclared port is sent nothing: what stands
 * behind it may be the tax authority.
 */
export function areRelaysKnown(seen: readonly (Forwards | undefined)[], { hosts }: Platform): boolean {
  const isClear = (each: Forwards | undefined): boolean =>
    each !== undefined && each.unread.length === 0 && each.forwards.every(({ kind }) => kind !== 'unknown');
  return hosts.length > 0 && seen.length === hosts.length && seen.every(isClear);
}

/** Throws {@link Unavailable} for a port that is withheld: it stays unobserved, and the reason is told. */
export async function refuseWithheld(gate: Gate, host: string, port: number): Promise<void> {
  const withheld = await gate.withheld(host).catch((error: unknown) => {
    if (error instanceof ScopeError) throw error;
    // A name that does not resolve: whoever connects says so.
    return [];
  });
  const found = withheld.find(({ ports }) => includesPort(ports, port));
  if (!found) return;
  const why = {
    zh: `该端口转发至税务机关（${found.why}），不向其发送任何数据`,
    en: `this port leads on to the tax authority (${found.why}); nothing is sent there`,
  };
  throw new Unavailable('refused', said(why));
}

/** The ports of a host that may be asked, of those given; and the others as nmap's `--exclude-ports` wants them. */
export async function withoutWithheld(
  gate: Gate,
  host: string,
  ports: readonly number[],
): Promise<{ free: number[]; withheld: string }> {
  const lists = await gate.withheld(host);
  const isWithheld = (port: number): boolean => lists.some((each) => includesPort(each.ports, port));
  return {
    free: ports.filter((port) => !isWithheld(port)),
    withheld: rangesOf(ports.filter(isWithheld)),
  };
}
