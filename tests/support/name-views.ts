import type { AddressAnswer, Addresses, NameView } from '../../src/evidence/network/addresses.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { specialRangeOf } from '../../src/evidence/public-address.ts';
import { seen } from './check-tester.ts';

/** One resolver's view of a name: these addresses by DNS, and no others, unless it says otherwise. */
export function nameView(addresses: readonly string[], value: Partial<NameView> = {}): NameView {
  const family = (isOne: (address: string) => boolean): AddressAnswer => {
    const found = addresses.filter(isOne).map((address) => {
      const range = specialRangeOf(address);
      return { address, ttl: 600, ...(range ? { range } : {}) };
    });
    return found.length > 0 ? { addresses: found } : { none: 'no-records' };
  };
  const isIPv6 = (address: string): boolean => address.includes(':');
  return {
    resolver: '223.5.5.5',
    aliases: [],
    a: family((address) => !isIPv6(address)),
    aaaa: family(isIPv6),
    ...value,
  };
}

/** What these resolvers say of a name. */
export function resolvedName(name: string, views: readonly NameView[], zone = '互联网'): Seen<Addresses> {
  return seen('addresses', { written: 'name', views: [...views] }, { subject: name, zone });
}
