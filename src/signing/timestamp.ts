import { createHash, type X509Certificate } from 'node:crypto';
import { childAt, childrenOf, DerError, type DerValue, oidOf, readDer, tags } from './der.ts';
import { isForTimeStamps } from './extensions.ts';
import { type SignatureFault, signatureFaults } from './faults.ts';
import { checkEnclosing } from './signature.ts';
import { digests } from './signed-attributes.ts';

/** Why a time stamp does not hold. */
export const timeStampFaults = {
  ...signatureFaults,
  otherSignature: { zh: '它是给别的内容出具的', en: 'it was given for something else' },
  weakImprint: {
    zh: '它以 SHA-256、SHA-384、SHA-512 之外的算法记录所证明的内容',
    en: 'it names what it was given for by something else than SHA-256, SHA-384 or SHA-512',
  },
  notForStamps: {
    zh: '出具者的证书不是时间戳服务专用证书（RFC 3161 第 2.3 节）',
    en: 'the certificate it was made by is not one for time stamps alone (RFC 3161, 2.3)',
  },
} as const;

export type TimeStampFault = SignatureFault | 'otherSignature' | 'weakImprint' | 'notForStamps';

/** A time stamp that holds (RFC 3161, 2.4.2); whether to trust whoever gave it is another question. */
export type TimeStamp = {
  readonly at: Date;
  /** Milliseconds by which the time may be off, where it says so. */
  readonly accuracy?: number | undefined;
  readonly policy: string;
  /** What the request named, in hexadecimal digits. */
  readonly nonce?: string | undefined;
  /** The certificate of the time-stamping authority, and the others that came along. */
  readonly certificate: X509Certificate;
  readonly others: readonly X509Certificate[];
};

const tstInfo = '1.2.840.113549.1.9.16.1.4';

/** Checks a time stamp over some bytes: its own signature, that it was given for them, and by whom it may be given. */
export function checkTimeStamp(token: Uint8Array, stamped: Uint8Array): TimeStamp | { readonly fault: TimeStampFault } {
  const signed = checkEnclosing(token, tstInfo);
  if ('fault' in signed) return signed;
  try {
    const { imprint, ...said } = infoIn(readDer(signed.content));
    if (!imprint.digest) return { fault: 'weakImprint' };
    const expected = createHash(imprint.digest).update(stamped).digest();
    if (!expected.equals(imprint.hash)) return { fault: 'otherSignature' };
    if (!isForTimeStamps(signed.certificate)) return { fault: 'notForStamps' };
    return { ...said, certificate: signed.certificate, others: signed.others };
  } catch (error) {
    if (error instanceof DerError) return { fault: 'unreadable' };
    throw error;
  }
}

type Info = Pick<TimeStamp, 'at' | 'accuracy' | 'policy' | 'nonce'> & {
  readonly imprint: { readonly digest: string | undefined; readonly hash: Uint8Array };
};

// TSTInfo: version, policy, imprint, number, time, and what may be left out: accuracy, ordering, nonce, [0] name, [1] extensions.
function infoIn(info: DerValue): Info {
  const parts = childrenOf(info);
  const version = childAt(parts, 0, tags.integer);
  if (version.content.length !== 1 || version.content[0] !== 1) throw new DerError('another version');
  const [algorithm, hash] = childrenOf(childAt(parts, 2, tags.sequence));
  if (!algorithm || hash?.tag !== tags.octets) throw new DerError('no imprint');
  childAt(parts, 3, tags.integer);
  const rest = parts.slice(5);
  const accuracy = rest.find(({ tag }) => tag === tags.sequence);
  return {
    policy: oidOf(childAt(parts, 1, tags.oid)),
    imprint: { digest: digests[oidOf(childAt(childrenOf(algorithm), 0, tags.oid))], hash: hash.content },
    at: timeIn(childAt(parts, 4, tags.generalizedTime)),
    accuracy: accuracy && accuracyIn(accuracy),
    nonce: hexOf(rest.find(({ tag }) => tag === tags.integer)),
  };
}

// RFC 3161, 2.4.2: in UTC, to the second at least, a fraction may follow.
function timeIn({ content }: DerValue): Date {
  const [, year, month, day, hour, minute, second, fraction = ''] =
    Buffer.from(content)
      .toString('latin1')
      .match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,20})?Z$/) ?? [];
  if (year === undefined) throw new DerError('no time');
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new DerError('no time');
  return at;
}

const [millis, micros] = [0x80, 0x81];

// Seconds, and by tag their thousandths and those again.
function accuracyIn(accuracy: DerValue): number {
  const number = (tag: number): number => {
    const content = childrenOf(accuracy).find((each) => each.tag === tag)?.content ?? new Uint8Array();
    if (content.length > 4) throw new DerError('an accuracy beyond all measure');
    return content.reduce((sum, byte) => sum * 256 + byte, 0);
  };
  return number(tags.integer) * 1000 + number(millis) + number(micros) / 1000;
}

/** An integer's bytes as hexadecimal digits, without a zero in front. */
export function hexOf(integer: DerValue | undefined): string | undefined {
  return (
    integer &&
    Buffer.from(integer.content)
      .toString('hex')
      .replace(/^(00)+(?=..)/, '')
  );
}
