import { printable } from '../../text.ts';
import {
  type KeyExchangeSeen,
  readKeyExchange,
  readServerHello,
  readSsl2Hello,
  type ServerHello,
} from './server-hello.ts';

/** What a server sent before encryption began. */
export type Flight =
  | { readonly kind: 'nothing' }
  /** Bytes that are no TLS record; `text` is their start, printable. */
  | { readonly kind: 'foreign'; readonly text: string }
  | {
      readonly kind: 'tls';
      readonly hello?: ServerHello;
      /** The first fatal alert, by the name RFC 8446 gives it, else its number. */
      readonly alert?: string;
      /** DER, as sent; empty in TLS 1.3, which encrypts it. */
      readonly certificates: readonly Buffer[];
      /** Undefined until the server's flight is complete, and in TLS 1.3. */
      readonly asksClientCertificate?: boolean;
      /** Absent in TLS 1.3 and where the certificate's own key is used. */
      readonly keyExchange?: KeyExchangeSeen;
      /** Whether a stapled OCSP answer came (RFC 6066, 8). */
      readonly staplesOcsp?: boolean;
    };

/** Reads the start of a TLS (RFC 5246, RFC 8446), SSL 3.0 (RFC 6101) or SSL 2.0 answer. Never throws, whatever the bytes. */
export function readFlight(bytes: Buffer): Flight {
  if (bytes.length === 0) return { kind: 'nothing' };
  if (isSsl2Hello(bytes)) return { kind: 'tls', hello: readSsl2Hello(bytes), certificates: [] };
  if (!isRecord(bytes)) return { kind: 'foreign', text: printable(bytes.subarray(0, 200).toString('utf8')) };
  const { handshake, alert } = recordsIn(bytes);
  return { kind: 'tls', ...messagesIn(handshake), ...(alert ? { alert } : {}) };
}

const alertNames = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [40, 'handshake_failure'],
  [47, 'illegal_parameter'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [109, 'missing_extension'],
  [112, 'unrecognized_name'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
]);

const alertRecord = 21;
const handshakeRecord = 22;

function isRecord(bytes: Buffer): boolean {
  const [type = 0, major = 3, minor = 1] = bytes;
  return type >= 20 && type <= 23 && (major === 3 || (major === 1 && minor === 1));
}

// SERVER-HELLO (4) in a record with a two-byte header, version 0x0002 after session-id-hit and certificate type.
function isSsl2Hello(bytes: Buffer): boolean {
  return bytes.length >= 7 && ((bytes[0] ?? 0) & 0x80) !== 0 && bytes[2] === 4 && bytes.readUInt16BE(5) === 2;
}

// Handshake messages may run over several records; change-cipher-spec or data ends what can be read.
function recordsIn(bytes: Buffer): { handshake: Buffer; alert: string | undefined } {
  const parts: Buffer[] = [];
  let alert: string | undefined;
  for (let at = 0; at + 5 <= bytes.length && isRecord(bytes.subarray(at)); ) {
    const type = bytes[at];
    const body = bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3));
    if (type === alertRecord) alert ??= fatalAlert(body);
    else if (type === handshakeRecord) parts.push(body);
    else break;
    at += 5 + bytes.readUInt16BE(at + 3);
  }
  return { handshake: Buffer.concat(parts), alert };
}

// Level 1 is a warning (unrecognized_name precedes a good hello on some servers), except that it closes.
function fatalAlert(body: Buffer): string | undefined {
  const [level, code] = body;
  if (body.length !== 2 || code === undefined || (level === 1 && code !== 0)) return undefined;
  return alertNames.get(code) ?? `alert ${code}`;
}

type Messages = Omit<Extract<Flight, { kind: 'tls' }>, 'kind' | 'alert'>;

function messagesIn(handshake: Buffer): Messages {
  let found: Messages = { certificates: [] };
  let asks = false;
  for (let at = 0; at + 4 <= handshake.length; ) {
    const end = at + 4 + handshake.readUIntBE(at + 1, 3);
    if (end > handshake.length) break;
    const body = handshake.subarray(at + 4, end);
    const type = handshake[at];
    if (type === 2 && !found.hello) {
      const hello = readServerHello(body);
      if (hello) found = { ...found, hello };
    }
    if (type === 11) found = { ...found, certificates: certificatesIn(body) };
    if (type === 12 && found.hello) found = { ...found, keyExchange: readKeyExchange(body, found.hello.suite) };
    if (type === 13) asks = true;
    if (type === 14) found = { ...found, asksClientCertificate: asks };
    if (type === 22) found = { ...found, staplesOcsp: true };
    at = end;
  }
  return found;
}

function certificatesIn(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 3; at + 3 <= body.length; ) {
    const end = at + 3 + body.readUIntBE(at, 3);
    if (end > body.length) break;
    found.push(body.subarray(at + 3, end));
    at = end;
  }
  return found;
}
