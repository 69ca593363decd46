import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { OctetString } from 'asn1js';
import forge from 'node-forge';
import { CertBag, ContentInfo, CryptoEngine, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo, SafeContents } from 'pkijs';

/** What a `.p12` holds: private keys and certificates, in its order. */
export type Pkcs12 = { readonly keys: readonly KeyObject[]; readonly certificates: readonly X509Certificate[] };

/** The passphrase is wrong, or the file is damaged: the two look alike. */
export class WrongPassphrase extends Error {}

// PBES2 (RFC 8018), as everything since OpenSSL 3 writes it.
const pbes2 = Buffer.from('06092a864886f70d01050d', 'hex');

/** Reads a PKCS #12 file (RFC 7292). Throws {@link WrongPassphrase}, or an `Error` that says what is unreadable. */
export async function readPkcs12(bytes: Uint8Array, passphrase: string): Promise<Pkcs12> {
  // pkijs knows PBES2 only; node-forge also the older 3DES and RC2, but no elliptic curves.
  return Buffer.from(bytes).includes(pbes2) ? readNew(bytes, passphrase) : readOld(bytes, passphrase);
}

async function readNew(bytes: Uint8Array, passphrase: string): Promise<Pkcs12> {
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });
  const password = new Uint8Array(Buffer.from(passphrase, 'utf8')).buffer;
  const file = PFX.fromBER(new Uint8Array(bytes));
  try {
    await file.parseInternalValues({ password, checkIntegrity: true }, engine);
    const safe = file.parsedValue?.authenticatedSafe;
    if (!safe) throw new Error('no safe');
    const isClear = ({ contentType }: ContentInfo): boolean => contentType === ContentInfo.DATA;
    const safeContents = safe.safeContents.map((each) => (isClear(each) ? {} : { password }));
    await safe.parseInternalValues({ safeContents }, engine);
    const contents: unknown[] = safe.parsedValue.safeContents.map(({ value }: { value: unknown }) => value);
    const bags = contents.flatMap((each) => (each instanceof SafeContents ? each.safeBags : []));
    return {
      keys: bags.flatMap(({ bagValue }) => keysIn(bagValue, passphrase)),
      certificates: bags.flatMap(({ bagValue }) => certificatesIn(bagValue)),
    };
  } catch (error) {
    throw new WrongPassphrase('the file does not open', { cause: error });
  }
}

function keysIn(bag: unknown, passphrase: string): KeyObject[] {
  if (bag instanceof PKCS8ShroudedKeyBag)
    return [createPrivateKey({ key: der(bag.toSchema().toBER()), format: 'der', type: 'pkcs8', passphrase })];
  if (bag instanceof PrivateKeyInfo)
    return [createPrivateKey({ key: der(bag.toSchema().toBER()), format: 'der', type: 'pkcs8' })];
  return [];
}

function certificatesIn(bag: unknown): X509Certificate[] {
  if (!(bag instanceof CertBag) || !(bag.certValue instanceof OctetString)) return [];
  return [new X509Certificate(Buffer.from(bag.certValue.getValue()))];
}

function readOld(bytes: Uint8Array, passphrase: string): Pkcs12 {
  const parsed = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(bytes).toString('binary')));
  const file = openOld(parsed, passphrase);
  const bags = file.safeContents.flatMap(({ safeBags }) => safeBags);
  return {
    keys: bags.filter(({ type }) => keyBags.includes(type)).map(({ key, asn1 }) => keyFromForge(key, asn1)),
    certificates: bags
      .filter(({ type }) => type === forge.pki.oids.certBag)
      .map(({ cert, asn1 }) => certificateFromForge(cert, asn1)),
  };
}

const keyBags: readonly (string | undefined)[] = [forge.pki.oids.keyBag, forge.pki.oids.pkcs8ShroudedKeyBag];

// Where node-forge itself does not know the kind, an elliptic curve, it hands over what it decrypted.
function keyFromForge(key: forge.pki.PrivateKey | undefined, asn1: forge.asn1.Asn1): KeyObject {
  const info = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1;
  return createPrivateKey({ key: fromForge(info), format: 'der', type: 'pkcs8' });
}

function certificateFromForge(certificate: forge.pki.Certificate | undefined, asn1: forge.asn1.Asn1): X509Certificate {
  return new X509Certificate(fromForge(certificate ? forge.pki.certificateToAsn1(certificate) : asn1));
}

function openOld(parsed: forge.asn1.Asn1, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(parsed, true, passphrase);
  } catch (error) {
    // It says so where it found no PKCS #12 at all.
    if (error instanceof Error && error.message.startsWith('Cannot read')) throw error;
    throw new WrongPassphrase('the file does not open', { cause: error });
  }
}

function fromForge(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

function der(bytes: ArrayBuffer): Buffer {
  return Buffer.from(bytes);
}
