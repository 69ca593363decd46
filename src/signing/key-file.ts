import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { codeOf, InputError, messageOf } from '../errors.ts';
import { printable, type Text } from '../text.ts';
import { keyUsageOf } from './extensions.ts';
import { readPkcs12, WrongPassphrase } from './pkcs12.ts';
import { curves, type Signer, type SigningKey } from './signer.ts';
import { isSignedBy, isWeaklyIssued, longestChain } from './trust.ts';

/** Asks for the passphrase of a key file; undefined if there is none to be had. */
export type AskPassphrase = () => Promise<string | undefined>;

/**
 * A signer from a `.p12`, or from a PEM file of a key and its certificates, which may also stand in a file of their own. Throws {@link InputError} for a
 * wrong passphrase, a key without its certificate, a certificate that is not valid at `now` or not meant to sign, and a key that is too weak or of a kind not
 * known here (SM2 among them).
 */
export async function readSigner(
  path: string,
  certificates: string | undefined,
  ask: AskPassphrase,
  now: Date,
): Promise<Signer> {
  const bytes = await bytesOf(path);
  const more =
    certificates === undefined ? [] : certificatesInPem((await bytesOf(certificates)).toString('utf8'), certificates);
  const isPem = bytes.includes('-----BEGIN ');
  const { keys, found } = isPem ? await fromPem(bytes, path, ask) : await fromPkcs12(bytes, path, ask);
  const { key, certificate, chain } = matched(keys, [...found, ...more], path, now);
  refuseWeak(key, path);
  const unfit = unfitness(certificate, now);
  if (unfit) throw mistake(path, unfit);
  return { key, certificate, chain, at: now, name: nameOf(certificate) };
}

/** The common name of a certificate's subject (RFC 4519), else all of it on one line. */
export function nameOf({ subject }: X509Certificate): string {
  return printable(subject.match(/^CN=(.+)$/m)?.[1] ?? subject.replaceAll('\n', ', '));
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw mistake(path, codeOf(error) === 'ENOENT' ? texts.missing : unread(messageOf(error)), error);
  }
}

type Held = { readonly keys: readonly KeyObject[]; readonly found: readonly X509Certificate[] };

async function fromPkcs12(bytes: Buffer, path: string, ask: AskPassphrase): Promise<Held> {
  const passphrase = await ask();
  if (passphrase === undefined) throw mistake(path, texts.noPassphrase);
  try {
    const { keys, certificates } = await readPkcs12(bytes, passphrase);
    return { keys, found: certificates };
  } catch (error) {
    if (bytes.includes(ofStateCryptography)) throw mistake(path, texts.sm2, error);
    throw mistake(path, error instanceof WrongPassphrase ? texts.wrongPassphrase : texts.noKeyFile, error);
  }
}

// What the object identifiers of SM2, SM3 and SM4 begin with: 1.2.156.10197 (GB/T 33560).
const ofStateCryptography = Buffer.from('2a811ccf55', 'hex');

async function fromPem(bytes: Buffer, path: string, ask: AskPassphrase): Promise<Held> {
  const text = bytes.toString('utf8');
  const blocks =
    text.match(/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z]+ )*PRIVATE KEY-----/g) ?? [];
  const isLocked = blocks.some((block) => /BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(block));
  const passphrase = isLocked ? await ask() : undefined;
  if (isLocked && passphrase === undefined) throw mistake(path, texts.noPassphrase);
  try {
    const keys = blocks.map((key) => createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }));
    return { keys, found: certificatesInPem(text, path) };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw mistake(path, isLocked ? texts.wrongPassphrase : texts.noKeyFile, error);
  }
}

/** The certificates of a PEM file; throws {@link InputError} if one of them cannot be read. */
export function certificatesInPem(text: string, path: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw mistake(path, texts.noCertificate, error);
  }
}

function matched(keys: readonly KeyObject[], found: readonly X509Certificate[], path: string, now: Date): SigningKey {
  if (keys.length === 0) throw mistake(path, texts.noKey);
  const all = keys.flatMap((key) =>
    found.filter((each) => each.checkPrivateKey(key)).map((certificate) => ({ key, certificate })),
  );
  const pairs = [...new Map(all.map((pair) => [pair.certificate.fingerprint256, pair])).values()];
  // Of a pair of certificates, one to sign with and one to encrypt for, or of an old and a new one, one can sign.
  const fit = pairs.filter(({ certificate }) => !unfitness(certificate, now));
  const [pair, second] = pairs.length > 1 && fit.length > 0 ? fit : pairs;
  if (!pair) throw mistake(path, keys.some(isOnSm2) ? texts.sm2 : texts.noMatch);
  if (second) throw mistake(path, texts.severalKeys);
  return { ...pair, chain: chainOf(pair.certificate, found) };
}

// From the certificate up, whatever the order in the file; what does not belong to it is left out.
function chainOf(certificate: X509Certificate, found: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let last = certificate; ; ) {
    const above = found.find(
      (each) => !each.raw.equals(last.raw) && !chain.includes(each) && last.checkIssued(each) && isSignedBy(last, each),
    );
    if (!above || chain.length === longestChain) return chain;
    chain.push(above);
    last = above;
  }
}

function refuseWeak(key: KeyObject, path: string): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return;
  if (type === 'ec' && curves[details?.namedCurve ?? '']) return;
  throw mistake(path, isOnSm2(key) ? texts.sm2 : texts.weakKey);
}

// Node names neither the kind nor the curve of such a key.
function isOnSm2(key: KeyObject): boolean {
  return key.export({ type: 'pkcs8', format: 'der' }).includes(ofStateCryptography);
}

/** Why a certificate must not sign a report now; undefined if it may. */
function unfitness(certificate: X509Certificate, now: Date): Text | undefined {
  if (now < certificate.validFromDate) return notYet(certificate.validFrom);
  if (now > certificate.validToDate) return ended(certificate.validTo);
  if (certificate.ca) return texts.authority;
  // RFC 5280, 4.2.1.3: a certificate that says what its key is for must say that it signs.
  if (keyUsageOf(certificate)?.sign === false) return texts.notToSign;
  const isOwn = certificate.subject === certificate.issuer;
  return !isOwn && isWeaklyIssued(certificate) ? texts.weaklyIssued : undefined;
}

const texts = {
  missing: { zh: '文件不存在', en: 'there is no such file' },
  noPassphrase: {
    zh: '需要口令：在终端输入，或设置环境变量 LEQI_SIGN_PASSPHRASE',
    en: 'a passphrase is needed: type it at the terminal, or set LEQI_SIGN_PASSPHRASE',
  },
  wrongPassphrase: { zh: '口令不对，或者文件已损坏', en: 'the passphrase is wrong, or the file is damaged' },
  noKeyFile: {
    zh: '不是可识别的私钥文件（PKCS#12 或 PEM）',
    en: 'this is no key file that can be read (PKCS #12 or PEM)',
  },
  noCertificate: { zh: '其中的证书无法识别', en: 'a certificate in it cannot be read' },
  noKey: { zh: '其中没有私钥', en: 'it holds no private key' },
  noMatch: {
    zh: '没有与私钥对应的证书；证书在另一文件时用 --sign-certificates 指定',
    en: 'no certificate belongs to the private key; if it is in another file, name that by --sign-certificates',
  },
  severalKeys: {
    zh: '含有多份可用于签署的私钥和证书，不知用哪一份',
    en: 'it holds several keys and certificates that could sign, and it is not known which to use',
  },
  weakKey: {
    zh: '只能用不短于 2048 位的 RSA 私钥或者 P-256、P-384、P-521 椭圆曲线私钥签名',
    en: 'only an RSA key of 2048 bits or more, or a key on P-256, P-384 or P-521 can sign',
  },
  sm2: {
    zh: '这是国密 SM2 的私钥或证书，本程序不以 SM2 签署。请不带 --sign 生成 PDF，再用颁发机构随证书提供的签章软件签署；或者用 RSA 证书签署',
    en: 'this is a key or certificate on SM2, by which nothing is signed here. Make the PDF without --sign and sign it by the software that came with the certificate, or sign by an RSA certificate',
  },
  notToSign: {
    zh: '证书的密钥用途不含数字签名（可能是加密证书）；请用签名证书',
    en: 'its key usage has no digital signature (it may be the one to encrypt for): use the certificate for signing',
  },
  weaklyIssued: {
    zh: '证书是以 SHA-1 等不再可靠的算法签发的，验证者不会信任；请向颁发机构换发',
    en: 'the certificate was issued by SHA-1, or by what else is not sound any more, and no verifier would trust it; ask its authority for another',
  },
  authority: {
    zh: '这是证书颁发机构自己的证书，不能用来签署报告',
    en: 'this is a certificate authority’s own certificate; a report is not signed with it',
  },
} as const satisfies Record<string, Text>;

function unread(why: string): Text {
  return { zh: `无法读取：${why}`, en: `cannot be read: ${why}` };
}

function notYet(from: string): Text {
  return { zh: `证书尚未生效（自 ${from} 起）`, en: `the certificate is not yet valid (from ${from})` };
}

function ended(to: string): Text {
  return { zh: `证书已过期（${to}）`, en: `the certificate has expired (${to})` };
}

function mistake(path: string, text: Text, cause?: unknown): InputError {
  const name = printable(path);
  return new InputError({ zh: `${name}：${text.zh}`, en: `${name}: ${text.en}` }, cause === undefined ? {} : { cause });
}
