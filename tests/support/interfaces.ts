import type { Interfaces } from '../../src/evidence/host/interfaces.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { seen } from './check-tester.ts';

/** A host with one static address on eth0, by which it calls out, unless told otherwise. */
export function interfacesOf(address: string, value: Partial<Interfaces> = {}): Interfaces {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return {
    addresses: [
      { interface: 'lo', address: '127.0.0.1', prefix: 8, dynamic: false },
      { interface: 'eth0', address, prefix: 24, dynamic: false },
    ],
    configured: [
      { interface: 'eth0', family, method: 'static', addresses: [address], where: '/etc/network/interfaces' },
    ],
    egress: [{ family, source: address, via: '192.52.193.1', interface: 'eth0' }],
    routes: [],
    rules: [],
    unread: [],
    ...value,
  };
}

/** The same, as seen on a host. */
export function hostAt(address: string, value: Partial<Interfaces> = {}, subject = 'app-1'): Seen<Interfaces> {
  return seen('interfaces', interfacesOf(address, value), { subject });
}
