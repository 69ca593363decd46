import { createHash } from 'node:crypto';

/** The two hashes that a manifest carries for each file, lower-case hexadecimal. */
export type Digests = { sha256: string; sm3: string };

/** SHA-256 (GB/T 18238.3 / FIPS 180-4) and SM3 (GB/T 32905-2016) of some bytes. */
export function digestsOf(bytes: Uint8Array): Digests {
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sm3: createHash('sm3').update(bytes).digest('hex'),
  };
}

/** SHA-256 of bytes, or of a text in UTF-8, lower-case hexadecimal. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
