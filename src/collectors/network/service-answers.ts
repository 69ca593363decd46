import { printable } from '../../text.ts';

/** What a service is by its answer: nmap's name where nmap has one, and what it calls itself. */
export type Named = { readonly service: string; readonly product?: string };

/** Characters of a product that are kept. */
const longestProduct = 100;

/** PostgreSQL's SSLRequest ("Message Formats"): length 8, code 80877103. The server answers one byte, and nothing has begun. */
export const sslRequest = Buffer.from('0000000804d2162f', 'hex');

/** Whether it is PostgreSQL that answered {@link sslRequest}: one byte and no more, or an error of either protocol version. */
export function isPostgresql(bytes: Buffer): boolean {
  return /^[SN]$|^E(.{4}S)?(FATAL|ERROR)[: \0]/s.test(bytes.toString('latin1'));
}

/** What answered, by its first bytes: a greeting, or the answer to a TLS hello or to `HEAD / HTTP/1.0`; undefined if not known. Never throws. */
export function nameOf(bytes: Buffer): Named | undefined {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString('latin1');
  return binaryName(bytes, text) ?? textName(text);
}

function named(service: string, product = ''): Named {
  const shown = printable(Buffer.from(product, 'latin1').toString('utf8')).replace(/\s+/g, ' ').trim();
  return { service, ...(shown ? { product: shown.slice(0, longestProduct).toWellFormed() } : {}) };
}

function binaryName(bytes: Buffer, text: string): Named | undefined {
  // IAC and WILL, WONT, DO or DONT: RFC 854.
  if (bytes[0] === 0xff && (bytes[1] ?? 0) >= 0xfb && bytes[1] !== 0xff) return named('telnet');
  if (text.startsWith('AMQP') && (bytes[4] ?? 0xff) <= 3) return named('amqp');
  // After the length: WIREFORMAT_INFO, and the magic of OpenWire.
  if (text.startsWith('\x01ActiveMQ', 4)) return named('apachemq');
  // A notice of the X protocol that says what is spoken.
  if (text.startsWith('\x05\0\0\0\x0b\x08\x05\x1a\0')) return named('mysqlx');
  return isHttp2(bytes, text) ? named('http') : mysqlName(bytes, text);
}

// Without TLS a server's preface is a SETTINGS frame, its flags empty, on stream 0 (RFC 9113, 3.4 and 6.5).
function isHttp2(bytes: Buffer, text: string): boolean {
  return text.startsWith('\0\0') && text.startsWith('\x04\0\0\0\0\0', 3) && (bytes[2] ?? 1) % 6 === 0;
}

// Protocol::HandshakeV10, or ERR_Packet where the client is turned away at once, as its first packet.
function mysqlName(bytes: Buffer, text: string): Named | undefined {
  if (bytes.length < 8 || bytes[3] !== 0) return undefined;
  const length = bytes.readUIntLE(0, 3);
  if (length < 4 || length > 1024) return undefined;
  if (bytes[4] === 0xff) return isMysqlError(bytes.readUInt16LE(5)) ? named('mysql') : undefined;
  const end = text.indexOf('\0', 5);
  const version = text.slice(5, end);
  if (bytes[4] !== 10 || end < 0 || !/^[ -~]{1,100}$/.test(version)) return undefined;
  // MariaDB puts an old version before its own, for the sake of old clients.
  return named('mysql', version.replace(/^5\.5\.5-(?=.*MariaDB)/, ''));
}

// Server errors of MySQL and MariaDB; client errors have numbers of their own between them, and never come over the wire.
function isMysqlError(code: number): boolean {
  return code >= 1000 && code < 5000;
}

function textName(text: string): Named | undefined {
  if (/access MongoDB over HTTP/.test(text)) return named('mongodb');
  if (/^HTTP\/\d/.test(text)) return httpName(text);
  for (const [pattern, service] of greetings) {
    const found = text.match(pattern);
    if (found) return named(service, found[1]);
  }
  return undefined;
}

const greetings: readonly (readonly [RegExp, string])[] = [
  [/^SSH-[\d.]+-([^\r\n]*)/, 'ssh'],
  [/^220[ -]([^\r\n]*SMTP[^\r\n]*)/i, 'smtp'],
  [/^220[ -](?:[^\r\n]*\r?\n220[ -]){0,20}([^\r\n]*FTP[^\r\n]*)/i, 'ftp'],
  [/^\+OK/, 'pop3'],
  [/^\* (?:OK|PREAUTH|BYE)\b/, 'imap'],
  [/^RFB (\d{3}\.\d{3})\n/, 'vnc'],
  [/^@RSYNCD: ([\d.]+)/, 'rsync'],
  [/^\+PONG|^-NOAUTH |^-DENIED Redis|^-ERR unknown command|^-LOADING Redis/, 'redis'],
  [/^(?:ERROR\r\n)+$/, 'memcached'],
  [/dubbo>/, 'dubbo'],
];

// What is known by a header of its own wherever it stands; the rest is HTTP and no more.
const overHttp: readonly (readonly [RegExp, string])[] = [
  [/^Server: Docker\//im, 'docker'],
  [/^X-elastic-product: Elasticsearch/im, 'elasticsearch'],
  [/^kbn-name:/im, 'kibana'],
  [/^Server: CouchDB/im, 'couchdb'],
  [/^Server: MinIO/im, 'minio'],
  [/^X-ClickHouse-/im, 'clickhouse'],
  [/^X-Kubernetes-Pf-|^Audit-Id: [\da-f-]{36}/im, 'kubernetes'],
];

function httpName(text: string): Named {
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const service = overHttp.find(([pattern]) => pattern.test(head))?.[1] ?? 'http';
  return named(service, head.match(/^Server:([^\r\n]*)/im)?.[1]);
}
