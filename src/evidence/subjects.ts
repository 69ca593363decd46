import ipaddr from 'ipaddr.js';
import type { PlatformDeclaration } from './filed/platform.ts';
import type { Per } from './kinds.ts';

/**
 * The subjects that a kind must have been asked about, given what the unit declares.
 * For papers, facts, ledgers and statements the checks name what they need, so none is expected here.
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
    // What the platform only calls out from is filed, too; and clients look for the name of the certificate.
    case 'endpoint-address':
      return [
        ...new Set(declaration.endpoints.flatMap(({ address, serverName }) => [address, serverName ?? []].flat())),
      ];
    case 'store':
      return declaration.stores.map((store) => store.name);
    case 'invoice-store':
      return declaration.stores
        .filter(({ tables }) => tables.some(({ holds }) => holds === 'invoices'))
        .map((store) => store.name);
    case 'log-store':
      return (declaration.logStores ?? []).map((store) => store.name);
    case 'object-store':
      return (declaration.objectStores ?? []).map((store) => store.name);
    case 'document':
    case 'fact':
    case 'ledger':
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

/** Whether endpoints are declared and none of them takes connections. */
export function callsOutOnly(declaration: PlatformDeclaration): boolean {
  return declaration.endpoints.length > 0 && inbound(declaration).length === 0;
}

/** Whether two spellings name one address: `2001:DB8:0::1` and `2001:db8::1`; names differ by more than letter case. */
export function isSameAddress(one: string, other: string): boolean {
  return plainAddress(one) === plainAddress(other);
}

/** Whether the text is an IP address in a plain spelling, not a name. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Whether a name stands for the machine itself: no resolver is asked about it (RFC 6761, 6.3). */
export function isLocalhost(name: string): boolean {
  return /(^|\.)localhost\.?$/i.test(name);
}

/** One spelling for all of an address; a name in lower case. */
export function plainAddress(text: string): string {
  const bare = text.trim().toLowerCase();
  return isAddress(bare) ? ipaddr.process(bare).toString() : bare;
}
