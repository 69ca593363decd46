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
  /** Nothing, or too little to tell what it is. */
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
  if (isSsl2Hello(bytes)) return bytes.length < 7 ? { kind: 'nothing' } : ssl2Flight(bytes);
  if (!isRecord(bytes)) return { kind: 'foreign', text: printable(bytes.subarray(0, 200).toString('utf8')) };
  if (bytes.length < 5) return { kind: 'nothing' };
  const { handshake, alert } = recordsIn(bytes);
  return { kind: 'tls', ...messagesIn(handshake), ...(alert ? { alert } : {}) };
}

// RFC 8446, 6; RFC 6101, 5.4; from 200 on GB/T 38636-2020, 6.4.
const alertNames = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [21, 'decryption_failed'],
  [22, 'record_overflow'],
  [30, 'decompression_failure'],
  [40, 'handshake_failure'],
  [41, 'no_certificate'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [60, 'export_restriction'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
  [200, 'unsupported_site2site'],
  [201, 'no_area'],
  [202, 'unsupported_areatype'],
  [203, 'bad_ibcparam'],
  [204, 'unsupported_ibcparam'],
  [205, 'identity_need'],
]);

const alertRecord = 21;
const handshakeRecord = 22;

// As far as the bytes go: one that is missing speaks against nothing.
function isRecord(bytes: Buffer): boolean {
  const [type = 22, major = 3, minor = 1] = bytes;
  return type >= 20 && type <= 23 && (major === 3 || (major === 1 && minor === 1));
}

// SERVER-HELLO (4) in a record with a two-byte header, version 0x0002 after session-id-hit and certificate type; as far as the
// bytes go.
function isSsl2Hello(bytes: Buffer): boolean {
  const [first = 0, , type = 4, , , major = 0, minor = 2] = bytes;
  return (first & 0x80) !== 0 && type === 4 && major === 0 && minor === 2;
}

function ssl2Flight(bytes: Buffer): Flight {
  const { hello, certificate } = readSsl2Hello(bytes) ?? {};
  return { kind: 'tls', ...(hello ? { hello } : {}), certificates: certificate ? [certificate] : [] };
}

// Messages and alerts may run over several records. What is encrypted begins with change_cipher_spec, and nothing that is meant
// in earnest follows a fatal alert (RFC 5246, 7.2.2).
function recordsIn(bytes: Buffer): { handshake: Buffer; alert: string | undefined } {
  const parts: Buffer[] = [];
  let alerts: readonly number[] = [];
  let alert: string | undefined;
  for (let at = 0; at + 5 <= bytes.length && alert === undefined && isRecord(bytes.subarray(at)); ) {
    const type = bytes[at];
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    const body = bytes.subarray(at + 5, end);
    if (type === alertRecord) ({ alert, rest: alerts } = alertIn([...alerts, ...body]));
    else if (type === handshakeRecord) parts.push(body);
    else break;
    at = end;
  }
  return { handshake: Buffer.concat(parts), alert };
}

// The first that ends the connection; `rest` is an alert of which a half is missing.
function alertIn(bytes: readonly number[]): { alert: string | undefined; rest: readonly number[] } {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const alert = fatalAlert(bytes[at], bytes[at + 1]);
    if (alert !== undefined) return { alert, rest: [] };
  }
  return { alert: undefined, rest: bytes.slice(bytes.length - (bytes.length % 2)) };
}

// Level 1 is a warning (unrecognized_name precedes a good hello on some servers), except that it closes.
function fatalAlert(level = 0, code = 0): string | undefined {
  if (level === 1 && code !== 0) return undefined;
  if (level !== 1 && level !== 2) return `alert ${level}, ${code}`;
  return alertNames.get(code) ?? `alert ${code}`;
}

type Messages = Omit<Extract<Flight, { kind: 'tls' }>, 'kind' | 'alert'>;

// Of each message the first counts, and ServerHelloDone (14) is the end: what follows it changes nothing.
function messagesIn(handshake: Buffer): Messages {
  let found: Messages = { certificates: [] };
  let asks = false;
  for (let at = 0; at + 4 <= handshake.length; ) {
    const end = at + 4 + handshake.readUIntBE(at + 1, 3);
    if (end > handshake.length) break;
    const body = handshake.subarray(at + 4, end);
    const type = handshake[at];
    if (type === 14) return { ...found, asksClientCertificate: asks };
    if (type === 13) asks = true;
    found = { ...messageIn(type, body, found), ...found };
    if (type === 11 && found.certificates.length === 0) found = { ...found, certificates: certificatesIn(body) };
    at = end;
  }
  return found;
}

function messageIn(type: number | undefined, body: Buffer, { hello }: Messages): Partial<Messages> {
  if (type === 2) {
    const read = readServerHello(body);
    return read ? { hello: read } : {};
  }
  if (type === 12 && hello) return { keyExchange: readKeyExchange(body, hello.suite) };
  return type === 22 ? { staplesOcsp: true } : {};
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
