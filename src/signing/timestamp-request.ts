import { createHash, randomBytes } from 'node:crypto';
import { MachineError } from '../errors.ts';
import { printable, type Text } from '../text.ts';
import { encoded, inDefiniteForm } from './ber.ts';
import { childrenOf, DerError, type DerValue, readDer, tags } from './der.ts';
import { checkTimeStamp, type TimeStamp, timeStampFaults } from './timestamp.ts';
import { distrustOf, distrusts, type Trust } from './trust.ts';

/** A declared time-stamp server, and what its stamps must be. */
export type TimeStampServer = {
  /** How it is named to the reader: its address. */
  readonly name: string;
  /** Sends a request, and returns the body of the answer. */
  readonly ask: (request: Uint8Array) => Promise<Uint8Array>;
  readonly trust: Trust;
  /** The policy that is asked for, as an object identifier in DER; without it the server's own. */
  readonly policy?: string | undefined;
  readonly now: () => Date;
};

// What a token of RSA 4096 with four certificates takes is some 9,000.
const longestToken = 24_576;

/**
 * A time stamp for some bytes (RFC 3161), in DER. Asked with a nonce of chance, so that an answer of earlier cannot be played back; held against request,
 * trust and clock before it is handed over. Throws {@link MachineError} for any other answer.
 */
export async function timeStampFor(stamped: Uint8Array, server: TimeStampServer): Promise<Uint8Array> {
  const nonce = nonceOf(randomBytes(8));
  const answer = await server.ask(requestFor(stamped, nonce, server.policy));
  const token = tokenIn(answer, server.name);
  const seen = checkTimeStamp(token, stamped);
  const why = 'fault' in seen ? timeStampFaults[seen.fault] : objectionTo(seen, nonce, server);
  if (why) throw refused(server.name, why);
  return token;
}

// Positive, and never with a zero in front: its one spelling in DER.
function nonceOf(bytes: Buffer): Buffer {
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

const sha256 = Buffer.from('300d06096086480165030402010500', 'hex');

/** A request in DER: version 1, the SHA-256 of what is to be stamped, policy, nonce, and that the certificate shall come along. */
function requestFor(stamped: Uint8Array, nonce: Uint8Array, policy: string | undefined): Buffer {
  const imprint = encoded(tags.sequence, [
    sha256,
    encoded(tags.octets, [createHash('sha256').update(stamped).digest()]),
  ]);
  return encoded(tags.sequence, [
    encoded(tags.integer, [Buffer.from([1])]),
    imprint,
    ...(policy === undefined ? [] : [oidInDer(policy)]),
    encoded(tags.integer, [nonce]),
    encoded(tags.boolean, [Buffer.from([0xff])]),
  ]);
}

// X.690, 8.19.
function oidInDer(dots: string): Buffer {
  const [top = 0, second = 0, ...others] = dots.split('.').map(Number);
  const bytes = [top * 40 + second, ...others].flatMap((arc) => {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
    return digits;
  });
  return encoded(tags.oid, [Buffer.from(bytes)]);
}

// TimeStampResp (RFC 3161, 2.4.2): status, and where that is 0 or 1 the token.
function tokenIn(answer: Uint8Array, name: string): Uint8Array {
  let parts: DerValue[];
  let status: number | undefined;
  try {
    parts = childrenOf(readDer(inDefiniteForm(answer)));
    const number = parts[0] && childrenOf(parts[0])[0];
    status = number?.tag === tags.integer && number.content.length === 1 ? number.content[0] : undefined;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw refused(name, texts.noAnswer, error);
  }
  const [info, token] = parts;
  if (!info || status === undefined) throw refused(name, texts.noAnswer);
  if (status > 1 || !token) throw refused(name, rejection(info));
  if (token.bytes.length > longestToken) throw refused(name, texts.tooLong);
  return token.bytes;
}

// PKIStatusInfo: a number, words of the server's own, and a bit for what was wrong.
function rejection(info: DerValue): Text {
  const said = childrenOfOrNone(info);
  const words = said
    .filter(({ tag }) => tag === tags.sequence)
    .flatMap(childrenOfOrNone)
    .map(({ content }) => new TextDecoder().decode(content.subarray(0, 400)))
    .join(' ');
  const bits = said.find(({ tag }) => tag === tags.bits)?.content ?? new Uint8Array();
  const reasons = Object.entries(failures).flatMap(([bit, reason]) =>
    ((bits[1 + (Number(bit) >> 3)] ?? 0) & (0x80 >> (Number(bit) & 7))) === 0 ? [] : [reason],
  );
  const shown = printable([...reasons, words].filter(Boolean).join(', ')).slice(0, 300) || '-';
  return { zh: `服务器拒绝了请求：${shown}`, en: `it rejected the request: ${shown}` };
}

function childrenOfOrNone(value: DerValue): DerValue[] {
  try {
    return childrenOf(value);
  } catch {
    return [];
  }
}

// PKIFailureInfo, by the number of the bit.
const failures: Readonly<Record<number, string>> = {
  0: 'badAlg',
  2: 'badRequest',
  5: 'badDataFormat',
  14: 'timeNotAvailable',
  15: 'unacceptedPolicy',
  16: 'unacceptedExtension',
  17: 'addInfoNotAvailable',
  25: 'systemFailure',
};

/** Milliseconds that the server's clock and ours may differ: what a clock that somebody keeps does not reach. */
const mostApart = 300_000;

function objectionTo(seen: TimeStamp, nonce: Buffer, { trust, policy, now }: TimeStampServer): Text | undefined {
  if (seen.nonce !== nonce.toString('hex')) return texts.otherNonce;
  if (policy !== undefined && seen.policy !== policy) return texts.otherPolicy;
  const distrust = distrustOf(seen.certificate, seen.others, trust, seen.at);
  if (distrust) return distrusts[distrust];
  if (Math.abs(now().getTime() - seen.at.getTime()) <= mostApart) return undefined;
  const at = seen.at.toISOString();
  return {
    zh: `它的时间 ${at} 与本机时间相差超过 5 分钟，请先校准本机时钟`,
    en: `its time, ${at}, and this machine’s are more than 5 minutes apart; set the clock first`,
  };
}

const texts = {
  noAnswer: { zh: '应答不是时间戳应答（RFC 3161）', en: 'the answer is no time-stamp response (RFC 3161)' },
  tooLong: { zh: '时间戳过大', en: 'the time stamp is too large' },
  otherNonce: {
    zh: '应答不是对本次请求的（随机数不符）',
    en: 'it answers another request (its nonce is not the one that was sent)',
  },
  otherPolicy: { zh: '时间戳的策略不是所要求的', en: 'its policy is not the one that was asked for' },
} as const satisfies Record<string, Text>;

function refused(name: string, why: Text, cause?: unknown): MachineError {
  const shown = printable(name);
  return new MachineError(
    {
      zh: `未能从 ${shown} 取得时间戳：${why.zh}`,
      en: `no time stamp was had from ${shown}: ${why.en}`,
    },
    cause === undefined ? {} : { cause },
  );
}
