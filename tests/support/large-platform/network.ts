import { type Endpoint, has, type Member } from './layout.ts';
import type { Views } from './views.ts';

/** An address with the endpoints on it. */
export type Address = Member & { readonly endpoints: readonly Endpoint[] };

/** What is seen of an endpoint. */
export const endpointViews: Views<Endpoint> = {
  tls: (endpoint, seen) => {
    if (!seen.speaksTls || !seen.certificate) throw new Error('the small platform speaks TLS');
    if (has(endpoint, 'plain-port')) return { speaksTls: false, saw: 'HTTP/1.1 400 Bad Request' };
    const versions = seen.versions.map((each) =>
      each.version === 'TLSv1.0' && has(endpoint, 'old-tls')
        ? {
            version: each.version,
            state: 'offered' as const,
            suite: 'TLS_RSA_WITH_AES_128_CBC_SHA',
            clientCertificate: 'not-asked' as const,
            suites: { accepted: ['TLS_RSA_WITH_AES_128_CBC_SHA'], order: 'server' as const },
          }
        : each,
    );
    const chain = seen.certificate.chain.map((each) => ({
      ...each,
      notAfter: has(endpoint, 'expired') ? '2026-10-31T23:59:59Z' : each.notAfter,
    }));
    return { ...seen, versions, certificate: { ...seen.certificate, chain } };
  },
};

/** What is seen of an address and of what is open there. */
export const addressViews: Views<Address> = {
  addresses: ({ name }) => ({ written: 'address', address: name }),
  openPorts: ({ name, endpoints }, seen) => {
    const known = endpoints.map(
      ({ port }) => ({ port, by: 'answer', protocol: 'tcp', service: 'http', tls: true }) as const,
    );
    const further = endpoints.some((each) => has(each, 'port-open'));
    const mysql = { port: 3306, by: 'nmap', protocol: 'tcp', service: 'mysql', product: 'MySQL 8.0.36' } as const;
    const open = [...(further ? [mysql] : []), ...known];
    return {
      ...seen,
      address: name,
      loopback: false,
      from: '10.20.0.9',
      open,
      closed: further ? '1-3305,3307-18442,18451-65535' : '1-18442,18451-65535',
      filtered: '',
      counts: { open: open.length, closed: 65_535 - open.length, filtered: 0 },
    };
  },
};
