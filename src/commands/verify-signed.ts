import { readFile } from 'node:fs/promises';
import { numberOf } from '../assessment/assess.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { assessmentIn } from '../assessment/file.ts';
import { InputError, messageOf } from '../errors.ts';
import { certificatesInPem, nameOf } from '../signing/key-file.ts';
import { attachmentsOf, type PdfSignature, signaturesIn } from '../signing/pdf.ts';
import { checkSignature, type Signed, signatureFaults } from '../signing/signature.ts';
import { distrustOf, distrusts, fingerprintOf, type Trust } from '../signing/trust.ts';
import { joined, type Text, verbatim } from '../text.ts';
import type { Step } from './verify.ts';

/** Options that say whom to trust. */
export type TrustOptions = { ca?: string; fingerprint?: string };

/** The trust rule that the options give; undefined if they give none. Throws {@link InputError}. */
export async function trustOf({ ca, fingerprint }: TrustOptions): Promise<Trust | undefined> {
  if (ca === undefined && fingerprint === undefined) return undefined;
  const plain = fingerprint?.replaceAll(':', '').toLowerCase();
  if (plain !== undefined && !/^[0-9a-f]{64}$/.test(plain))
    throw new InputError({
      zh: '--fingerprint 须为证书的 SHA-256，64 个十六进制字符',
      en: '--fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits',
    });
  const authorities = ca === undefined ? [] : certificatesInPem(await textOf(ca), ca);
  if (ca !== undefined && authorities.length === 0)
    throw new InputError({ zh: `${ca} 中没有证书（PEM）`, en: `${ca} holds no certificate (PEM)` });
  return { authorities, fingerprint: plain };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = messageOf(error);
    throw new InputError({ zh: `无法读取 ${path}：${why}`, en: `cannot read ${path}: ${why}` }, { cause: error });
  }
}

/** What a report in PDF shows of itself, and the assessment that it carries. */
export async function pdfSteps(
  path: string,
  trust: Trust | undefined,
): Promise<{ steps: Step[]; assessment?: Assessment; signed?: Signed }> {
  const bytes = await readFile(path);
  const { steps, signed } = await signatureSteps(path, bytes, trust);
  const carried = await attachedSteps(path, bytes);
  return {
    steps: [...steps, ...carried.steps],
    ...(carried.assessment ? { assessment: carried.assessment } : {}),
    ...(signed ? { signed } : {}),
  };
}

async function signatureSteps(
  path: string,
  bytes: Uint8Array,
  trust: Trust | undefined,
): Promise<{ steps: Step[]; signed?: Signed }> {
  const what = { zh: `${path}：签署之后未被改动`, en: `${path}: unchanged since it was signed` };
  let found: PdfSignature[];
  try {
    found = await signaturesIn(bytes);
  } catch (error) {
    return {
      steps: [
        {
          what,
          problems: [
            { zh: `签名无法读取：${messageOf(error)}`, en: `the signature cannot be read: ${messageOf(error)}` },
          ],
        },
      ],
    };
  }
  const last = found.at(-1);
  if (!last) {
    // Without a signature the bytes of a PDF show nothing of themselves; who asks for trust asks for one.
    return {
      steps: trust
        ? [{ what, problems: [{ zh: '没有签名', en: 'it is not signed' }] }]
        : [
            {
              what: { zh: `${path}：未签署`, en: `${path}: not signed` },
              problems: [],
              notes: [unsignedNote],
              isOpen: true,
            },
          ],
    };
  }
  const read = found.map((each) => ({ ...each, seen: checkSignature(each.signature, each.data, 'zeros') }));
  const problems: Text[] = read.flatMap(({ seen }) => ('fault' in seen ? [signatureFaults[seen.fault]] : []));
  if (!last.isWhole) problems.push(appendedText);
  const signer = read.flatMap(({ seen, at }) => ('fault' in seen ? [] : [{ seen, at }]));
  const steps: Step[] = [{ what, problems, notes: signer.map(({ seen, at }) => signedBy(seen, at)) }];
  const [first] = signer;
  if (!first || problems.length > 0) return { steps };
  return {
    steps: [...steps, ...signer.flatMap(({ seen, at }) => trustSteps(seen, at ?? new Date(Number.NaN), trust))],
    signed: first.seen,
  };
}

const appendedText: Text = {
  zh: '在最后一个签名之后又追加了内容',
  en: 'something was appended after the last signature',
};
const unsignedNote: Text = {
  zh: '没有签名的 PDF，其正文是否被改动无从核验；附件另行核对',
  en: 'whether the pages of an unsigned PDF were changed cannot be told; its attachment is checked by itself',
};

function signedBy({ certificate }: Signed, at: Date | undefined): Text {
  const [name, print] = [nameOf(certificate), fingerprintOf(certificate)];
  const when = at?.toISOString() ?? '?';
  return {
    zh: `签署人 ${name}，自称签署时间 ${when}（没有时间戳），证书 SHA-256 ${print}`,
    en: `signed by ${name}, at ${when} by its own word (no time stamp), certificate SHA-256 ${print}`,
  };
}

function trustSteps({ certificate, others }: Signed, at: Date, trust: Trust | undefined): Step[] {
  const what = { zh: '签署人的证书可信', en: 'the signer’s certificate is trusted' };
  if (!trust)
    return [
      {
        what: { zh: '未核对签署人是谁', en: 'who signed was not checked' },
        problems: [],
        notes: [noRule],
        isOpen: true,
      },
    ];
  const distrust = distrustOf(certificate, others, trust, at);
  return [{ what, problems: distrust ? [distrusts[distrust]] : [], notes: distrust ? [] : [byRule(trust)] }];
}

const noRule: Text = {
  zh: '以 --ca（颁发机构证书）或 --fingerprint（证书 SHA-256）给出信任规则后才能核对',
  en: 'that takes a rule: --ca (certificates of authorities) or --fingerprint (SHA-256 of the certificate)',
};

function byRule({ authorities, fingerprint }: Trust): Text {
  const rules: Text[] = [
    ...(authorities.length > 0
      ? [
          {
            zh: '由所给的颁发机构签发，签署时在有效期内；吊销状态不联网查询',
            en: 'issued under a given authority, valid at the time of signing; revocation is not looked up',
          },
        ]
      : []),
    ...(fingerprint === undefined ? [] : [{ zh: '指纹与所给的相同', en: 'its fingerprint is the one given' }]),
  ];
  return joined(rules);
}

async function attachedSteps(path: string, bytes: Uint8Array): Promise<{ steps: Step[]; assessment?: Assessment }> {
  const what = {
    zh: `${path}：附件 assessment.json 的编号由内容算出`,
    en: `${path}: the number of the attached assessment.json follows from its content`,
  };
  try {
    const attached = (await attachmentsOf(bytes)).get('assessment.json');
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
  report: Signed | undefined,
  trust: Trust | undefined,
  now: Date,
): Step[] {
  const what = {
    zh: `${path}：证据清单签署之后未被改动`,
    en: `${path}: the evidence manifest is unchanged since it was signed`,
  };
  if (!manifest)
    return [
      { what, problems: [{ zh: '没有证据清单可核对', en: 'there is no evidence manifest to check it against' }] },
    ];
  const seen = checkSignature(signature, manifest);
  if ('fault' in seen) return [{ what, problems: [signatureFaults[seen.fault]] }];
  const isSame = report === undefined || report.certificate.raw.equals(seen.certificate.raw);
  const other = { zh: '签署人与报告的不同', en: 'it was signed by another than the report' };
  const steps: Step[] = [{ what, problems: isSame ? [] : [other], notes: [signedBy(seen, seen.at)] }];
  return report === undefined ? [...steps, ...trustSteps(seen, seen.at ?? now, trust)] : steps;
}
