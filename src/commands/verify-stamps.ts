import { nameOf } from '../signing/key-file.ts';
import type { Signed } from '../signing/signature.ts';
import { checkTimeStamp, type TimeStamp, timeStampFaults } from '../signing/timestamp.ts';
import { distrustOf, distrusts, fingerprintOf, type Trust } from '../signing/trust.ts';
import type { Text } from '../text.ts';
import type { Step } from './verify-step.ts';

/** What the time stamps of a signature show: steps, and the earliest moment before which it was there, if whoever says so is trusted. */
export type Stamped = { readonly steps: Step[]; readonly by?: Date };

/** Milliseconds that two clocks may differ without that meaning anything. */
export const mostApart = 300_000;

/**
 * Looks at the time stamps of a signature. `isPromised` if what was signed says that there is one; `claimed` is the time that the signer wrote. Whoever
 * gives a trust rule asks for a stamp.
 */
export function stamped(
  path: string,
  { value, stamps }: Signed,
  { isPromised, claimed, trust }: { isPromised: boolean; claimed: Date | undefined; trust: Trust | undefined },
): Stamped {
  if (stamps.length === 0) {
    const problem = isPromised ? texts.takenOut : trust && texts.none;
    return { steps: problem ? [{ what: titleOf(path), problems: [problem] }] : [] };
  }
  const looked = stamps.map((stamp) => lookedAt(path, checkTimeStamp(stamp, value), claimed, trust));
  const times = looked.flatMap(({ by }) => by?.getTime() ?? []);
  return { steps: looked.map(({ step }) => step), ...(times.length > 0 ? { by: new Date(Math.min(...times)) } : {}) };
}

function lookedAt(
  path: string,
  seen: ReturnType<typeof checkTimeStamp>,
  claimed: Date | undefined,
  trust: Trust | undefined,
): { step: Step; by?: Date } {
  const what = titleOf(path);
  if ('fault' in seen) return { step: { what, problems: [timeStampFaults[seen.fault]] } };
  const isLate = claimed !== undefined && claimed.getTime() > latestOf(seen).getTime() + mostApart;
  const problems: Text[] = isLate ? [texts.claimedLater] : [];
  const notes = [givenBy(seen)];
  if (!trust) {
    if (problems.length > 0) return { step: { what, problems, notes } };
    const unchecked = { zh: `${path}：未核对时间戳由谁出具`, en: `${path}: who gave the time stamp was not checked` };
    return { step: { what: unchecked, problems, notes: [...notes, texts.noRule], isOpen: true } };
  }
  const distrust = distrustOf(seen.certificate, seen.others, trust, seen.at);
  if (distrust) problems.push(distrusts[distrust]);
  if (problems.length > 0) return { step: { what, problems, notes } };
  return { step: { what, problems, notes: [...notes, texts.proves] }, by: latestOf(seen) };
}

function latestOf({ at, accuracy = 0 }: TimeStamp): Date {
  return new Date(at.getTime() + Math.ceil(accuracy));
}

function titleOf(path: string): Text {
  return { zh: `${path}：签名的时间戳可信`, en: `${path}: the time stamp of the signature is trusted` };
}

function givenBy({ at, accuracy, certificate, policy }: TimeStamp): Text {
  const [name, print, when] = [nameOf(certificate), fingerprintOf(certificate), at.toISOString()];
  const off = accuracy === undefined ? '' : ` ±${accuracy} ms`;
  return {
    zh: `时间戳 ${when}${off}，由 ${name} 出具，策略 ${policy}，证书 SHA-256 ${print}`,
    en: `time stamp of ${when}${off}, given by ${name}, policy ${policy}, certificate SHA-256 ${print}`,
  };
}

const texts = {
  takenOut: {
    zh: '所签内容写明附有时间戳，签名中却没有：已被除去',
    en: 'what was signed says that a time stamp belongs to it, but there is none: it has been taken out',
  },
  none: { zh: '签名没有时间戳', en: 'the signature has no time stamp' },
  claimedLater: {
    zh: '签署人自称的签署时间晚于时间戳',
    en: 'the signer says that it was signed later than the time stamp was given',
  },
  noRule: {
    zh: '以 --tsa-ca（颁发机构证书）或 --tsa-fingerprint（证书 SHA-256）给出信任规则后才能核对；在此之前这一时间只是自称',
    en: 'that takes a rule: --tsa-ca (certificates of authorities) or --tsa-fingerprint (SHA-256); until then the time is only claimed',
  },
  proves: {
    zh: '签名在该时间之前已经存在；出具者证书的有效期以该时间为准，吊销状态不联网查询',
    en: 'the signature was there by then; the certificate of whoever says so was valid then, its revocation is not looked up',
  },
} as const satisfies Record<string, Text>;
