import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { isLoopback } from '../../src/evidence/host/inbound.ts';
import type { Interfaces } from '../../src/evidence/host/interfaces.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { isLocalhost, isSameAddress } from '../../src/evidence/subjects.ts';

type Server = NonNullable<PlatformDeclaration['stores'][number]['server']>;

/**
 * Whether a store’s server answers on a host: at an address that the host is declared by or has on an interface. A loopback address is
 * that of the machine it is seen from. A name is not resolved: it is a host’s if that is declared by the same.
 */
export function answersOn(
  { address, from }: Server,
  host: string,
  platform: readonly Seen<PlatformDeclaration>[],
  interfaces: readonly Seen<Interfaces>[],
): boolean {
  if (isLocalhost(address) || isLoopback(address)) return from === host;
  const declared = platform.flatMap(({ value }) => value.hosts).filter(({ name }) => name === host);
  const seen = interfaces.filter(({ subject }) => subject === host).flatMap(({ value }) => value.addresses);
  return [...declared.flatMap(({ addresses }) => addresses), ...seen.map((each) => each.address)].some((each) =>
    isSameAddress(each, address),
  );
}
