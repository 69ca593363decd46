import type { PlatformDeclaration } from './filed/platform.ts';
import type { Per } from './kinds.ts';

/**
 * The subjects that a kind must have been asked about, given what the unit declares.
 * For papers, facts and statements the checks name what they need, so none is expected here.
 */
export function expectedSubjects(per: Per, declaration: PlatformDeclaration): string[] {
  switch (per) {
    case 'platform':
      return [declaration.name];
    case 'host':
      return declaration.hosts.map((host) => host.name);
    case 'endpoint':
      return inbound(declaration).map(endpointName);
    case 'address':
      return [...new Set(inbound(declaration).map((endpoint) => endpoint.address))];
    case 'store':
      return declaration.stores.map((store) => store.name);
    case 'document':
    case 'fact':
    case 'statement':
      return [];
  }
}

// Where the platform only calls out, nothing need be open.
function inbound({ endpoints }: PlatformDeclaration): PlatformDeclaration['endpoints'] {
  return endpoints.filter((endpoint) => endpoint.direction === 'inbound');
}

/** `address:port`, with an IPv6 address in brackets. */
export function endpointName({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
