import ipaddr from 'ipaddr.js';
import type { Family, Firewall, Interface } from './firewall.ts';
import type { Socket } from './listeners.ts';

const wildcards = ['*', '0.0.0.0', '::', 'ip6'];

/** Whether it stands for every address of the host. */
export function isWildcard(address: string): boolean {
  return wildcards.includes(address);
}

/**
 * The families in which a socket is reached through an interface. One at `::` takes IPv4, too, unless it was told not to, which older
 * tools do not show; `ip6` stands for IPv6 alone.
 */
export function familiesOf({ address }: Pick<Socket, 'address'>, device: Interface): Family[] {
  const wanted = (['ip', 'ip6'] as const).filter((family) => {
    if (address === '*' || address === '::') return true;
    if (isWildcard(address)) return (address === '0.0.0.0') === (family === 'ip');
    return !ipaddr.isValid(address) || (ipaddr.process(address).kind() === 'ipv4') === (family === 'ip');
  });
  return wanted.filter((family) => addressesOf(device, family).length > 0);
}

/** An address in its plain spelling; of one that carries an IPv4 address, that. */
export function plain(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** The addresses of an interface. What is sent to a link-local one comes from the same link: it counts only where there is no other. */
export function addressesOf({ addresses }: Interface, family: Family): string[] {
  const own = addresses.map((each) => each.replace(/\/.*$/, '')).filter((each) => isOf(each, family));
  const further = own.filter((each) => !isLinkLocal(each));
  return further.length > 0 ? further : own;
}

function isOf(address: string, family: Family): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).kind() === (family === 'ip' ? 'ipv4' : 'ipv6');
}

function isLinkLocal(address: string): boolean {
  return ipaddr.parse(address).range() === 'linkLocal';
}

/** Whether packets from anywhere come in here: by the default route, to a public address, or, where no route is known, through any. */
export function isOutside(device: Interface, family: Family, { interfaces }: Firewall): boolean {
  const own = addressesOf(device, family);
  if (device.kind === 'containers' || own.every(isLinkLocal)) return false;
  if (own.some((address) => ipaddr.parse(address).range() === 'unicast')) return true;
  const routed = interfaces.filter(({ defaultRoute }) => defaultRoute.includes(family));
  return routed.length === 0 || routed.includes(device);
}

/** The networks of an interface, with its name. */
export function networksOf({ name, addresses }: Interface, family: Family): string[] {
  return addresses
    .filter((each) => isOf(each.replace(/\/.*$/, ''), family))
    .map((each) => `${networkOf(each)} (${name})`);
}

function networkOf(block: string): string {
  const [address = '', bits] = block.split('/');
  if (bits === undefined) return address;
  return isOf(address, 'ip')
    ? `${ipaddr.IPv4.networkAddressFromCIDR(block).toString()}/${bits}`
    : `${ipaddr.IPv6.networkAddressFromCIDR(block).toString()}/${bits}`;
}
