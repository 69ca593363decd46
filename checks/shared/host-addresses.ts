import type { Interfaces } from '../../src/evidence/host/interfaces.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { addressProblems } from '../../src/evidence/public-address.ts';
import { isSameAddress } from '../../src/evidence/subjects.ts';

type Host = Seen<Interfaces>;
type Egress = Interfaces['egress'][number];

/** How a filed address stands on the hosts. */
export type Standing = {
  /**
   * `static`: set by hand on an interface. `leased`: by DHCP or advertisement. `unclear`: there, but no settings say how.
   * `absent`: on no interface, as behind NAT or an elastic IP.
   */
  readonly state: 'static' | 'leased' | 'unclear' | 'absent';
  /** The hosts that have it, or all that were looked at. */
  readonly seen: readonly Host[];
  /** Interfaces and the files that set it. */
  readonly where: readonly string[];
};

/** How one address stands on the hosts; where several have it, the weakest of them counts. */
export function standingOf(address: string, hosts: readonly Host[]): Standing {
  const holding = hosts.filter(({ value }) => value.addresses.some((each) => isSameAddress(each.address, address)));
  if (holding.length === 0) return { state: 'absent', seen: hosts, where: [] };
  const each = holding.map((host) => standingOn(host, address));
  const states = each.map(({ state }) => state);
  const state = states.includes('leased') ? 'leased' : states.includes('unclear') ? 'unclear' : 'static';
  return { state, seen: holding, where: each.flatMap(({ where }) => where) };
}

function standingOn({ subject, value }: Host, address: string): Pick<Standing, 'state' | 'where'> {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const mine = value.addresses.filter((each) => isSameAddress(each.address, address));
  const on = mine.map((each) => each.interface);
  const settings = value.configured.filter((each) => each.family === family && on.includes(each.interface));
  const setting = settings.filter(
    ({ method, addresses }) => method === 'static' && addresses.some((each) => isSameAddress(each, address)),
  );
  const where = [`${subject} ${on.join(', ')}`, ...setting.map((each) => each.where)];
  if (mine.some(({ dynamic }) => dynamic)) return { state: 'leased', where };
  // What could not be read might say DHCP.
  const isSet = setting.length > 0 && settings.every(({ method }) => method !== 'dhcp') && value.unread.length === 0;
  return { state: isSet ? 'static' : 'unclear', where };
}

/** By what a host calls out in one family. */
export type WayOut = {
  /**
   * `filed`: by a filed address. `gateway`: through examined hosts that have none but filed public addresses. `other`: by a public
   * address that is not filed. `unseen`: by a private one, and the gateway was not examined or is not clear. `divided`: rules or
   * routes of their own send some packets otherwise.
   */
  readonly state: 'filed' | 'gateway' | 'other' | 'unseen' | 'divided';
  /** Of the last gateway, where that is known. */
  readonly source: string;
  readonly via?: string;
  /** The host, and the gateways it goes through. */
  readonly seen: readonly [Host, ...Host[]];
};

const mostGateways = 5;

/** By what a host calls out; nothing if it has no way to public addresses by default. */
export function waysOut(host: Host, hosts: readonly Host[], filed: readonly string[]): WayOut[] {
  return host.value.egress.map((egress) => wayOut(egress, [host], hosts, filed));
}

function wayOut(
  egress: Egress,
  seen: readonly [Host, ...Host[]],
  hosts: readonly Host[],
  filed: readonly string[],
): WayOut {
  const { source, via } = egress;
  const host = seen.at(-1) ?? seen[0];
  const way = (state: WayOut['state'], through = seen): WayOut => ({
    state,
    source,
    ...(via === undefined ? {} : { via }),
    seen: through,
  });
  const isFiled = includes(filed, source);
  if (!isFiled && isPublic(source)) return way('other');
  if (isFiled) return isDivided(host) && !hasOnlyFiled(host, filed) ? way('divided') : way('filed');
  if (isDivided(host)) return way('divided');
  const gateways = hosts.filter(({ value }) =>
    value.addresses.some((each) => via !== undefined && isSameAddress(each.address, via)),
  );
  const [gateway] = gateways;
  if (!gateway || gateways.length > 1 || seen.includes(gateway) || seen.length > mostGateways) return way('unseen');
  const next = gateway.value.egress.find(({ family }) => family === egress.family);
  if (!next) return way('unseen', [...seen, gateway]);
  const beyond = wayOut(next, [...seen, gateway], hosts, filed);
  if (beyond.state === 'gateway') return beyond;
  // It may translate to any of its addresses: none of them may be unfiled.
  const isClear = beyond.state === 'filed' && hasOnlyFiled(gateway, filed);
  return isClear ? { ...beyond, state: 'gateway' } : way('unseen', beyond.seen);
}

function isDivided({ value }: Host): boolean {
  const isOutside = (to: string): boolean => isPublic(to.replace(/\/.*$/, ''));
  return value.rules.length > 0 || value.routes.some(({ to }) => to === 'nexthop' || isOutside(to));
}

function hasOnlyFiled({ value }: Host, filed: readonly string[]): boolean {
  if (value.unread.some(({ why }) => why === 'too-many')) return false;
  return value.addresses.every(({ address }) => !isPublic(address) || includes(filed, address));
}

function isPublic(address: string): boolean {
  return addressProblems(address).length === 0;
}

function includes(list: readonly string[], address: string): boolean {
  return list.some((each) => isSameAddress(each, address));
}
