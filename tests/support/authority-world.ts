import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type DnsRecord, dnsServer, type Zone } from './dns-server.ts';
import { outside } from './namespaces.ts';

/** Stands for the tax authority's entrance: an address that the platform file lists, in both families. */
export const authority = { ipv4: '203.0.113.5', ipv6: '2001:db8:ffff::5' };

/** Where the authority's own name leads: no platform file lists it. */
export const unlisted = '203.0.113.77';

/** The unit's own service: TLS on {@link servicePort}, and an HTTP answer that sends everybody to the authority. */
export const service = '198.51.100.10';
export const servicePort = 8443;

const a = (value: string): DnsRecord => ({ type: 'A', value, ttl: 0 });
const aaaa = (value: string): DnsRecord => ({ type: 'AAAA', value, ttl: 0 });
const cname = (value: string): DnsRecord => ({ type: 'CNAME', value, ttl: 0 });

/** What the resolver knows: names of the unit, each of which leads to the authority in its own way. */
export const zone: Zone = {
  'platform.example': [a(service)],
  'lqpt.chinatax.gov.cn': [a(unlisted)],
  'edge.chinatax.gov.cn': [a(service)],
  'listed.example': [a(authority.ipv4)],
  'second.example': [a(service), a(authority.ipv4)],
  'six.example': [a(service), aaaa(authority.ipv6)],
  'mapped.example': [aaaa(`::ffff:${authority.ipv4}`)],
  'nat64.example': [aaaa('64:ff9b::cb00:7105')],
  'local-nat64.example': [aaaa('2001:db8:64::cb00:7105')],
  'alias.example': [cname('lqpt.chinatax.gov.cn')],
  'far-alias.example': [cname('near.example')],
  'near.example': [cname('edge.chinatax.gov.cn')],
  'entrance.chinatax.gov.cn': [a(unlisted)],
  'rebinding.example': (before, type) => (type === 'A' ? [a(before === 0 ? service : authority.ipv4)] : []),
};

/** Names of {@link zone} that must be refused. */
export const leading = [
  'listed.example',
  'second.example',
  'six.example',
  'mapped.example',
  'nat64.example',
  'local-nat64.example',
  'alias.example',
  'far-alias.example',
] as const;

/** Ports on which something answers at the authority: whoever comes is served as he wishes. */
export const entrancePorts = [80, 443, 3128, 8443];

const lure = `HTTP/1.1 301 Moved Permanently\r
Location: https://lqpt.chinatax.gov.cn:8443/\r
Alt-Svc: h2="${authority.ipv4}:443"; ma=86400, h3="lqpt.chinatax.gov.cn:443"\r
Link: <http://${authority.ipv4}/style.css>; rel=preload; as=style\r
Refresh: 0; url=http://${authority.ipv4}/\r
Content-Length: 0\r
\r
`;

// Run outside by the test, with the paths of a certificate and its key; says "ready", and ends with its standard input.
if (process.argv[1] === import.meta.filename) {
  const [certificate = '', key = ''] = process.argv.slice(2);
  await dnsServer(zone, { host: outside.ipv4, port: 53 });
  const quiet = (socket: Socket): unknown => socket.on('error', () => {});
  const unit = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    quiet(socket);
    socket.write(lure);
  });
  unit.on('tlsClientError', (_, socket) => socket.destroy());
  unit.listen(servicePort, service);
  createServer((socket) => void quiet(socket.end(lure))).listen(80, service);
  for (const address of [authority.ipv4, authority.ipv6, unlisted])
    for (const port of entrancePorts) createServer((socket) => void quiet(socket)).listen(port, address);
  process.stdin.resume().on('end', () => process.exit());
  setTimeout(() => process.stdout.write('ready\n'), 200);
}
