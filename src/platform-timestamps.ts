import { z } from 'zod';
import { placeOfUrl } from './platform-log-stores.ts';

const path = z.string().min(1).max(4096);

/**
 * The server that says when a report was signed (RFC 3161). Contacted by `report --timestamp` and by nothing else; it is no part of the platform and is
 * never scanned.
 */
export const timestampServerSchema = z.strictObject({
  /** `https://tsa.example.cn/tsr`; by `http` too, for what it answers is signed. */
  url: z
    .string()
    .max(300)
    .refine((text) => placeOfUrl(text) !== undefined, {
      error: '须为 http(s)://主机/路径，不含账号和参数 | must be http(s)://host/path, without user or parameters',
    }),
  /** PEM file of the private certificate authority of its TLS; without it the public ones hold. */
  authority: path.optional(),
  /** Whose stamps are accepted: those under the authorities of a PEM file, those by one certificate (its SHA-256), or both. */
  trust: z
    .strictObject({
      authority: path.optional(),
      fingerprint: z
        .string()
        .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, {
          error: '须为证书的 SHA-256，64 个十六进制字符 | must be the SHA-256 of a certificate, 64 hexadecimal digits',
        })
        .optional(),
    })
    .refine(({ authority, fingerprint }) => authority !== undefined || fingerprint !== undefined, {
      error: '须写明 authority 或 fingerprint | needs authority or fingerprint',
    }),
  /** The policy that is asked for, by its object identifier; without it the server's own. */
  policy: z
    .string()
    .max(100)
    .regex(/^[0-2](\.(0|[1-9]\d{0,14})){1,30}$/, {
      error: '须为对象标识符，如 1.2.156.1.1 | must be an object identifier, 1.2.156.1.1 say',
    })
    .optional(),
});

/** A time-stamp server as it is declared. */
export type DeclaredTimestampServer = z.output<typeof timestampServerSchema>;

/** Where a declared time-stamp server is, its path as it is written. */
export function placeOfTimestampServer({ url }: Pick<DeclaredTimestampServer, 'url'>): {
  host: string;
  port: number;
  path: string;
  isTls: boolean;
} {
  const place = placeOfUrl(url);
  if (!place) throw new Error('not declared');
  return { ...place, path: new URL(url).pathname };
}
