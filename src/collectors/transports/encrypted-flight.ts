import { createDecipheriv, createHmac } from 'node:crypto';

/** What a server of TLS 1.3 sends under its handshake key: RFC 8446, 4.3 and 4.4. */
export type EncryptedFlight = {
  /** DER, as sent; none where they came compressed (RFC 8879). */
  readonly certificates: readonly Buffer[];
  readonly asksClientCertificate: boolean;
  /** Whether a stapled OCSP answer came with the first certificate (RFC 8446, 4.4.2.1). */
  readonly staplesOcsp: boolean;
};

/**
 * Reads the encrypted part of a server's first flight, which is our own handshake's: its key is known. Undefined if the flight is
 * not whole or is of another form. Never throws.
 * @param suite IANA name
 * @param secret the server's handshake traffic secret
 */
export function readEncryptedFlight(heard: Buffer, suite: string, secret: Buffer): EncryptedFlight | undefined {
  const cipher = ciphers.get(suite);
  if (!cipher) return undefined;
  const key = expand(cipher.hash, secret, 'key', cipher.keyLength);
  const iv = expand(cipher.hash, secret, 'iv', 12);
  const parts: Buffer[] = [];
  for (const [index, record] of encryptedRecords(heard).entries()) {
    const plain = decrypt(cipher, key, nonceOf(iv, index), record);
    if (!plain) return undefined;
    parts.push(plain);
    const flight = messagesIn(Buffer.concat(parts));
    if (flight) return flight;
  }
  return undefined;
}

type Cipher = { name: string; hash: string; keyLength: number; tagLength: number };

const ciphers: ReadonlyMap<string, Cipher> = new Map([
  ['TLS_AES_128_GCM_SHA256', { name: 'aes-128-gcm', hash: 'sha256', keyLength: 16, tagLength: 16 }],
  ['TLS_AES_256_GCM_SHA384', { name: 'aes-256-gcm', hash: 'sha384', keyLength: 32, tagLength: 16 }],
  ['TLS_CHACHA20_POLY1305_SHA256', { name: 'chacha20-poly1305', hash: 'sha256', keyLength: 32, tagLength: 16 }],
  ['TLS_AES_128_CCM_SHA256', { name: 'aes-128-ccm', hash: 'sha256', keyLength: 16, tagLength: 16 }],
  ['TLS_AES_128_CCM_8_SHA256', { name: 'aes-128-ccm', hash: 'sha256', keyLength: 16, tagLength: 8 }],
]);

// HKDF-Expand-Label with an empty context (RFC 8446, 7.1); one block of HMAC is enough for every length here.
function expand(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

// RFC 8446, 5.3.
function nonceOf(iv: Buffer, index: number): Buffer {
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ index) >>> 0, 8);
  return nonce;
}

const applicationData = 23;

// Whole records of a connection; those in clear text do not count.
function encryptedRecords(heard: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at + 5 <= heard.length; ) {
    const end = at + 5 + heard.readUInt16BE(at + 3);
    if (heard[at] === applicationData && end <= heard.length) records.push(heard.subarray(at, end));
    at = end;
  }
  return records;
}

const handshake = 22;

// The content without padding and type (RFC 8446, 5.2 and 5.4); undefined if it is no handshake or does not fit the key.
function decrypt({ name, tagLength }: Cipher, key: Buffer, nonce: Buffer, record: Buffer): Buffer | undefined {
  const sealed = record.subarray(5, record.length - tagLength);
  if (record.length < 5 + tagLength) return undefined;
  try {
    // The types of Node know each cipher by its own name only.
    const decipher = createDecipheriv(name as 'aes-128-ccm', key, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(record.subarray(record.length - tagLength));
    decipher.setAAD(record.subarray(0, 5), { plaintextLength: sealed.length });
    const inner = Buffer.concat([decipher.update(sealed), decipher.final()]);
    const end = inner.findLastIndex((byte) => byte !== 0);
    return inner[end] === handshake ? inner.subarray(0, end) : undefined;
  } catch {
    return undefined;
  }
}

const certificate = 11;
const certificateRequest = 13;
const finished = 20;

// Undefined until the server has finished.
function messagesIn(bytes: Buffer): EncryptedFlight | undefined {
  let entries: Entry[] = [];
  let asks = false;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) return undefined;
    const type = bytes[at];
    if (type === certificate) entries = entriesIn(bytes.subarray(at + 4, end));
    if (type === certificateRequest) asks = true;
    if (type === finished) {
      return {
        certificates: entries.map(({ der }) => der),
        asksClientCertificate: asks,
        staplesOcsp: entries[0]?.staplesOcsp === true,
      };
    }
    at = end;
  }
  return undefined;
}

type Entry = { der: Buffer; staplesOcsp: boolean };

// A request context, then certificates, each with extensions of its own.
function entriesIn(body: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 4 + (body[0] ?? 0); at + 3 <= body.length; ) {
    const derEnd = at + 3 + body.readUIntBE(at, 3);
    if (derEnd + 2 > body.length) break;
    const end = derEnd + 2 + body.readUInt16BE(derEnd);
    entries.push({ der: body.subarray(at + 3, derEnd), staplesOcsp: hasStatus(body.subarray(derEnd + 2, end)) });
    at = end;
  }
  return entries;
}

const statusRequest = 5;

function hasStatus(extensions: Buffer): boolean {
  for (let at = 0; at + 4 <= extensions.length; at += 4 + extensions.readUInt16BE(at + 2))
    if (extensions.readUInt16BE(at) === statusRequest) return true;
  return false;
}
