import { readFile } from 'node:fs/promises';
import { numberOf } from '../assessment/assess.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { assessmentIn } from '../assessment/file.ts';
import { InputError, messageOf } from '../errors.ts';
import { signatureFaults } from '../signing/faults.ts';
import { nameOf } from '../signing/key-file.ts';
import { attachmentsOf, type OpenedPdf, openPdf, type PdfSignature, signaturesIn } from '../signing/pdf-signatures.ts';
import { checkSignature, type Signed } from '../signing/signature.ts';
import { type Distrust, distrustOf, distrusts, fingerprintOf, type Trust } from '../signing/trust.ts';
import { joined, type Text, verbatim } from '../text.ts';
import type { Rules } from './verify-rules.ts';
import { mostApart, stamped } from './verify-stamps.ts';
import type { Step } from './verify-step.ts';

/** A signature that holds, with the time that its signer wrote, and whether a time stamp was promised with it. */
export type ReportSigned = { readonly seen: Signed; readonly isStampPromised: boolean };

/** What a report in PDF shows of itself, and the assessment that it carries. */
export async function pdfSteps(
  path: string,
  rules: Rules,
): Promise<{ steps: Step[]; assessment?: Assessment; signed?: ReportSigned }> {
  const what = { zh: `${path}：签署之后未被改动`, en: `${path}: unchanged since it was signed` };
  let pdf: OpenedPdf;
  let found: PdfSignature[];
  try {
    pdf = await openPdf(await readFile(path));
    found = signaturesIn(pdf);
  } catch (error) {
    const why = messageOf(error);
    const problem = { zh: `签名无法读取：${why}`, en: `the signature cannot be read: ${why}` };
    return { steps: [{ what, problems: [problem] }] };
  }
  const { steps, signed } = signatureSteps(path, what, found, rules);
  const carried = attachedSteps(path, pdf);
  return {
    steps: [...steps, ...carried.steps],
    ...(carried.assessment ? { assessment: carried.assessment } : {}),
    ...(signed ? { signed } : {}),
  };
}

function signatureSteps(
  path: string,
  what: Text,
  found: readonly PdfSignature[],
  rules: Rules,
): { steps: Step[]; signed?: ReportSigned } {
  const last = found.at(-1);
  if (!last) return { steps: [unsignedStep(path, what, rules)] };
  const read = found.map((each) => ({ ...each, seen: checkSignature(each.signature, each.data, 'zeros') }));
  const problems: Text[] = read.flatMap(({ seen }) => ('fault' in seen ? [signatureFaults[seen.fault]] : []));
  if (!last.isWhole) problems.push(appendedText);
  const held = read.flatMap(({ seen, ...each }) => ('fault' in seen ? [] : [{ ...each, seen }]));
  const [first, ...later] = held;
  // What came after a signature is not looked through: to whoever made it, it is another file.
  if (later.some(({ seen }) => !first?.seen.certificate.raw.equals(seen.certificate.raw))) problems.push(revisedText);
  const steps: Step[] = [{ what, problems, notes: held.map(({ seen, at }) => signedBy(seen, at)) }];
  if (!first || problems.length > 0) return { steps };
  const all = held.flatMap((each) => holderSteps(path, each.seen, each.at, each.isStampPromised, rules));
  return { steps: [...steps, ...all], signed: first };
}

// Without a signature the bytes of a PDF show nothing of themselves; who asks for trust asks for one.
function unsignedStep(path: string, what: Text, { signer, tsa }: Rules): Step {
  if (signer || tsa) return { what, problems: [{ zh: '没有签名', en: 'it is not signed' }] };
  const plain = { zh: `${path}：未签署`, en: `${path}: not signed` };
  return { what: plain, problems: [], notes: [unsignedNote], isOpen: true };
}

const appendedText: Text = {
  zh: '在最后一个签名之后又追加了内容',
  en: 'something was appended after the last signature',
};
const revisedText: Text = {
  zh: '前一签署人签署之后，文件又由他人增补并签署：前者签署的不是现在这份文件',
  en: 'after one had signed, another added to the file and signed it: the first did not sign what it is now',
};
const unsignedNote: Text = {
  zh: '没有签名的 PDF，其正文是否被改动无从核验；附件另行核对',
  en: 'whether the pages of an unsigned PDF were changed cannot be told; its attachment is checked by itself',
};

function signedBy({ certificate, stamps }: Signed, at: Date | undefined): Text {
  const [name, print] = [nameOf(certificate), fingerprintOf(certificate)];
  const when = at?.toISOString() ?? '?';
  const none = stamps.length === 0 ? { zh: '（没有时间戳）', en: ' (no time stamp)' } : { zh: '', en: '' };
  return {
    zh: `签署人 ${name}，自称签署时间 ${when}${none.zh}，证书 SHA-256 ${print}`,
    en: `signed by ${name}, at ${when} by its own word${none.en}, certificate SHA-256 ${print}`,
  };
}

// When it was signed, and by whom: whether a certificate is trusted depends on the time.
function holderSteps(
  path: string,
  seen: Signed,
  claimed: Date | undefined,
  isPromised: boolean,
  { signer, tsa, now }: Rules,
): Step[] {
  const { steps, by } = stamped(path, seen, { isPromised, claimed, trust: tsa });
  return [...steps, trustStep(seen, { claimed, by, now }, signer)];
}

type Times = { readonly claimed: Date | undefined; readonly by: Date | undefined; readonly now: Date };

function trustStep({ certificate, others }: Signed, times: Times, trust: Trust | undefined): Step {
  const what = { zh: '签署人的证书可信', en: 'the signer’s certificate is trusted' };
  if (!trust) {
    const open = { zh: '未核对签署人是谁', en: 'who signed was not checked' };
    return { what: open, problems: [], notes: [noRule], isOpen: true };
  }
  const at = (time: Date): Distrust | undefined => distrustOf(certificate, others, trust, time);
  const problem = times.by ? textOf(at(times.by)) : unstampedProblem(times, at);
  return { what, problems: problem ? [problem] : [], notes: problem ? [] : [byRule(trust, times.by)] };
}

// A time that nobody but the signer says shows nothing once the certificate has ended: its key may be in other hands by then.
function unstampedProblem({ claimed, now }: Times, at: (time: Date) => Distrust | undefined): Text | undefined {
  if (claimed && claimed.getTime() > now.getTime() + mostApart) return futureText;
  const distrust = at(claimed ?? new Date(Number.NaN));
  return textOf(distrust) ?? (at(now) ? endedText : undefined);
}

function textOf(distrust: Distrust | undefined): Text | undefined {
  return distrust && distrusts[distrust];
}

const futureText: Text = {
  zh: '签署人自称的签署时间尚未到来',
  en: 'the time at which the signer says that it was signed is still to come',
};
const endedText: Text = {
  zh: '证书现已不在有效期内，又没有可信的时间戳证明签名在此之前作出（时间戳的信任规则：--tsa-ca 或 --tsa-fingerprint）',
  en: 'the certificate has ended by now, and no trusted time stamp shows that the signature was made before (a rule for time stamps: --tsa-ca or --tsa-fingerprint)',
};

const noRule: Text = {
  zh: '以 --ca（颁发机构证书）或 --fingerprint（证书 SHA-256）给出信任规则后才能核对',
  en: 'that takes a rule: --ca (certificates of authorities) or --fingerprint (SHA-256 of the certificate)',
};

function byRule({ authorities, fingerprint }: Trust, by: Date | undefined): Text {
  const when = by
    ? { zh: '在时间戳所示时间有效', en: 'at the time of the time stamp' }
    : { zh: '在签署人自称的时间和现在均有效', en: 'at the time that the signer says, and now' };
  const rules: Text[] = [
    ...(authorities.length > 0
      ? [
          {
            zh: `由所给的颁发机构签发，${when.zh}；吊销状态不联网查询`,
            en: `issued under a given authority, valid ${when.en}; revocation is not looked up`,
          },
        ]
      : []),
    ...(fingerprint === undefined
      ? []
      : [{ zh: `指纹与所给的相同，${when.zh}`, en: `its fingerprint is the one given, valid ${when.en}` }]),
  ];
  return joined(rules);
}

function attachedSteps(path: string, pdf: OpenedPdf): { steps: Step[]; assessment?: Assessment } {
  const what = {
    zh: `${path}：附件 assessment.json 的编号由内容算出`,
    en: `${path}: the number of the attached assessment.json follows from its content`,
  };
  try {
    const attached = attachmentsOf(pdf).get('assessment.json');
    if (!attached) return { steps: [{ what, problems: [{ zh: '没有附件', en: 'there is no attachment' }] }] };
    const assessment = assessmentIn(JSON.parse(Buffer.from(attached).toString('utf8')), `${path}#assessment.json`);
    const { number, ...body } = assessment;
    const expected = numberOf(body);
    const problem = {
      zh: `编号为 ${number}，按内容应为 ${expected}`,
      en: `it carries ${number}, its content gives ${expected}`,
    };
    return { steps: [{ what, problems: expected === number ? [] : [problem] }], assessment };
  } catch (error) {
    const why = error instanceof InputError ? error.text : verbatim(messageOf(error));
    return { steps: [{ what, problems: [why] }] };
  }
}

/** Whether a detached signature over the evidence manifest holds, and is by the report's signer. */
export function manifestSteps(
  path: string,
  signature: Uint8Array,
  manifest: Uint8Array | undefined,
  report: ReportSigned | undefined,
  rules: Rules,
): Step[] {
  const what = {
    zh: `${path}：证据清单签署之后未被改动`,
    en: `${path}: the evidence manifest is unchanged since it was signed`,
  };
  const none = { zh: '没有证据清单可核对', en: 'there is no evidence manifest to check it against' };
  if (!manifest) return [{ what, problems: [none] }];
  const seen = checkSignature(signature, manifest);
  if ('fault' in seen) return [{ what, problems: [signatureFaults[seen.fault]] }];
  const isSame = report === undefined || report.seen.certificate.raw.equals(seen.certificate.raw);
  const other = { zh: '签署人与报告的不同', en: 'it was signed by another than the report' };
  const step = { what, problems: isSame ? [] : [other], notes: [signedBy(seen, seen.at)] };
  const steps = holderSteps(path, seen, seen.at, report?.isStampPromised ?? false, rules);
  // Beside the report, whose signer is the same, it is no news that the certificate is trusted, or that nobody asked.
  const trust = steps.at(-1);
  return [step, ...steps.slice(0, -1), ...(trust && (!report || trust.problems.length > 0) ? [trust] : [])];
}
