import { createHash, type KeyObject, webcrypto, type X509Certificate } from 'node:crypto';
import { fromBER, type Integer, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js';
import {
  Attribute,
  Certificate,
  ContentInfo,
  CryptoEngine,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { checkSignature } from './signature.ts';
import { checkTimeStamp } from './timestamp.ts';
import { type TimeStampServer, timeStampFor } from './timestamp-request.ts';

/** A key that signs, with the certificate that says whose it is, and those that lead from it to its authority. */
export type SigningKey = {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  readonly chain: readonly X509Certificate[];
};

/** Signs as one person or unit, at one moment. */
export type Signer = SigningKey & {
  readonly at: Date;
  /** Whose certificate it is, for the reader: its common name, else all its names. */
  readonly name: string;
  /** Who says when each signature was there; a signature without that is not made then. */
  readonly stamping?: TimeStampServer;
};

const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamp: '1.2.840.113549.1.9.16.2.14',
} as const;

/**
 * A detached CMS signature in DER (RFC 5652) over some bytes, SHA-256, with signing-certificate-v2 (RFC 5035). `pades` leaves the signing time out, which
 * a PDF states itself (ETSI EN 319 142-1, 6.3); else it stands in the signature. Stamped if the signer is to be: the token is an unsigned attribute
 * (RFC 3161, appendix A). Checked by other code before it is handed over.
 */
export async function signDetached(data: Uint8Array, signer: Signer, form: 'pades' | 'file'): Promise<Uint8Array> {
  const { certificate, chain, at, stamping } = signer;
  const own = Certificate.fromBER(certificate.raw);
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: oids.data }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber as Integer }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: attributesOf(data, certificate, at, form),
        }),
      }),
    ],
    certificates: [own, ...chain.map((each) => Certificate.fromBER(each.raw))],
  });
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });
  await signed.sign(await importedKey(signer.key), 0, 'SHA-256', exactly(data), engine);
  const [info] = signed.signerInfos;
  if (stamping && info) info.unsignedAttrs = await stampOf(info, stamping);
  const content = new ContentInfo({ contentType: oids.signedData, content: signed.toSchema(true) });
  const signature = new Uint8Array(content.toSchema().toBER());
  refuseUnsound(signature, data, stamping !== undefined);
  return signature;
}

async function stampOf(info: SignerInfo, server: TimeStampServer): Promise<SignedAndUnsignedAttributes> {
  const token = await timeStampFor(info.signature.valueBlock.valueHexView, server);
  const attribute = new Attribute({ type: oids.timeStamp, values: [fromBER(exactly(token)).result] });
  return new SignedAndUnsignedAttributes({ type: 1, attributes: [attribute] });
}

function refuseUnsound(signature: Uint8Array, data: Uint8Array, isStamped: boolean): void {
  const seen = checkSignature(signature, data);
  if ('fault' in seen) throw new Error(`the signature just made does not hold: ${seen.fault}`);
  const stamps = seen.stamps.map((stamp) => checkTimeStamp(stamp, seen.value));
  if (stamps.length !== Number(isStamped)) throw new Error('the time stamp is not in the signature just made');
  for (const stamp of stamps) if ('fault' in stamp) throw new Error(`its time stamp does not hold: ${stamp.fault}`);
}

function attributesOf(data: Uint8Array, certificate: X509Certificate, at: Date, form: 'pades' | 'file'): Attribute[] {
  const digest = createHash('sha256').update(data).digest();
  const ofCertificate = new OctetString({ valueHex: exactly(createHash('sha256').update(certificate.raw).digest()) });
  const nested = new Sequence({ value: [new Sequence({ value: [new Sequence({ value: [ofCertificate] })] })] });
  return [
    new Attribute({ type: oids.contentType, values: [new ObjectIdentifier({ value: oids.data })] }),
    new Attribute({ type: oids.messageDigest, values: [new OctetString({ valueHex: exactly(digest) })] }),
    ...(form === 'file' ? [new Attribute({ type: oids.signingTime, values: [new UTCTime({ valueDate: at })] })] : []),
    new Attribute({ type: oids.signingCertificateV2, values: [nested] }),
  ];
}

function importedKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  const algorithm = namedCurve ? { name: 'ECDSA', namedCurve } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

/** The curves that sign here, by the names of OpenSSL and of Web Cryptography. */
export const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

// A Buffer may be a piece of a larger one.
function exactly(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
