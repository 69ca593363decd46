import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '../errors.ts';
import { certificatesInPem } from '../signing/key-file.ts';
import type { Trust } from '../signing/trust.ts';

/** Options that say whom to trust: signers, and time-stamping authorities. */
export type TrustOptions = { ca?: string; fingerprint?: string; tsaCa?: string; tsaFingerprint?: string };

/** Whom to trust as a signer, whom as a time-stamping authority, and what time it is; undefined where nobody said. */
export type Rules = { readonly signer?: Trust | undefined; readonly tsa?: Trust | undefined; readonly now: Date };

/** The trust rules that the options give. Throws {@link InputError}. */
export async function rulesOf({ ca, fingerprint, tsaCa, tsaFingerprint }: TrustOptions, now: Date): Promise<Rules> {
  return {
    signer: await trustOf(ca, fingerprint, '--fingerprint'),
    tsa: await trustOf(tsaCa, tsaFingerprint, '--tsa-fingerprint'),
    now,
  };
}

async function trustOf(
  ca: string | undefined,
  fingerprint: string | undefined,
  option: string,
): Promise<Trust | undefined> {
  if (ca === undefined && fingerprint === undefined) return undefined;
  const plain = fingerprint?.replaceAll(':', '').toLowerCase();
  if (plain !== undefined && !/^[0-9a-f]{64}$/.test(plain))
    throw new InputError({
      zh: `${option} 须为证书的 SHA-256，64 个十六进制字符`,
      en: `${option} is the SHA-256 of a certificate: 64 hexadecimal digits`,
    });
  const authorities = ca === undefined ? [] : certificatesInPem(await fileText(ca), ca);
  if (ca !== undefined && authorities.length === 0)
    throw new InputError({ zh: `${ca} 中没有证书（PEM）`, en: `${ca} holds no certificate (PEM)` });
  return { authorities, fingerprint: plain };
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = messageOf(error);
    throw new InputError({ zh: `无法读取 ${path}：${why}`, en: `cannot read ${path}: ${why}` }, { cause: error });
  }
}
