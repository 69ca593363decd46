import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { numberOf } from '../assessment/assess.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { readAssessment } from '../assessment/file.ts';
import { manifestName } from '../bundle/bundle.ts';
import { digestsOf } from '../bundle/digests.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { canonicalJson } from '../canonical-json.ts';
import { exitCodes } from '../exit-codes.ts';
import { joined, printable, verbatim } from '../text.ts';
import { type CommandFactory, createCommand, jsonOption, sayIn } from './context.ts';
import { manifestIn, manifestSignature, readSignature } from './signing.ts';
import { type Rules, rulesOf, type TrustOptions } from './verify-rules.ts';
import { manifestSteps, pdfSteps } from './verify-signed.ts';
import type { Step } from './verify-step.ts';

/** `leqi-audit verify PATH`: hashes of a bundle, of an assessment, the signature of a report, or all of it in an output folder. */
export const verify: CommandFactory = (context) =>
  createCommand(
    'verify',
    context,
    {
      zh: '核对证据包、评估结果和报告的完整性和签名',
      en: 'check that evidence, assessment and report are unchanged, and who signed',
    },
    'verify out',
  )
    .argument('<path>')
    .option(
      '--ca <file>',
      sayIn(context.language)({ zh: '信任的颁发机构证书（PEM）', en: 'certificates of trusted authorities (PEM)' }),
    )
    .option(
      '--fingerprint <sha256>',
      sayIn(context.language)({ zh: '信任的签署人证书的 SHA-256', en: 'SHA-256 of the trusted signer’s certificate' }),
    )
    .option(
      '--tsa-ca <file>',
      sayIn(context.language)({
        zh: '信任的时间戳颁发机构证书（PEM）',
        en: 'certificates of trusted authorities of time stamps (PEM)',
      }),
    )
    .option(
      '--tsa-fingerprint <sha256>',
      sayIn(context.language)({
        zh: '信任的时间戳服务证书的 SHA-256',
        en: 'SHA-256 of the trusted time-stamping certificate',
      }),
    )
    .addOption(jsonOption(context))
    .action(async (path: string, options: TrustOptions & { json?: boolean }) => {
      const steps = await stepsFor(path, await rulesOf(options, context.now()));
      const holds = steps.every((step) => step.problems.length === 0);
      if (options.json) context.out(`${JSON.stringify({ holds, steps }, null, 1)}\n`);
      else
        for (const { what, problems, notes = [], isOpen } of steps) {
          context.out(`${problems.length > 0 ? '✗' : isOpen ? '–' : '✓'} ${printable(what[context.language])}\n`);
          for (const problem of [...problems, ...notes]) context.out(`  ${printable(problem[context.language])}\n`);
        }
      context.exit(holds ? exitCodes.ok : exitCodes.failed);
    });

async function stepsFor(path: string, rules: Rules): Promise<Step[]> {
  if (path.endsWith('.json')) return [...(await assessmentSteps(path)), ...unaskedSteps(path, rules)];
  if (path.endsWith('.pdf')) {
    const { step } = await evidenceStep(dirname(path));
    return [step, ...(await reportSteps(path, dirname(path), rules)).steps];
  }
  if (
    (await isThere(path)) &&
    !(await isThere(join(path, manifestName))) &&
    (await isThere(join(path, 'assessment.json')))
  ) {
    return [
      ...(await assessmentSteps(join(path, 'assessment.json'))),
      ...(await reportSteps(join(path, 'report.pdf'), path, rules)).steps,
    ];
  }
  return [(await bundleStep(path)).step, ...unaskedSteps(path, rules)];
}

// Who gives a trust rule asks who signed, and would take it for answered.
function unaskedSteps(path: string, { signer, tsa }: Rules): Step[] {
  const why = {
    zh: '此处没有可核对的签名；信任规则用于已签署的报告（PDF）或其所在目录',
    en: 'there is no signature here to look at; trust rules are for a signed report (PDF), or the folder it is in',
  };
  return signer || tsa ? [{ what: { zh: `${path}：已签署`, en: `${path}: signed` }, problems: [why] }] : [];
}

// The report, whether it is the one of the assessment beside it, and the signature of the evidence that both rest on.
async function reportSteps(pdf: string, folder: string, rules: Rules): Promise<{ steps: Step[] }> {
  if (!(await isThere(pdf))) return { steps: rules.signer || rules.tsa ? [notSigned(pdf)] : [] };
  const { steps, assessment, signed } = await pdfSteps(pdf, rules);
  const beside = join(folder, 'assessment.json');
  if (assessment && (await isThere(beside))) {
    // The number is short enough to be met by trying.
    const same = canonicalJson(await readAssessment(beside)) === canonicalJson(assessment);
    steps.push({
      what: { zh: `${pdf} 是 ${beside} 的报告`, en: `${pdf} is the report of ${beside}` },
      problems: same ? [] : [{ zh: '其附件与该文件内容不同', en: 'what is attached to it is another assessment' }],
    });
  }
  const evidence = join(folder, 'evidence');
  const manifest = await manifestIn(evidence);
  if (assessment && manifest) steps.push(restStep(pdf, evidence, digestsOf(manifest).sha256, assessment));
  const path = join(folder, manifestSignature);
  const signature = await readSignature(path);
  if (signature) steps.push(...manifestSteps(path, signature, manifest, signed, rules));
  return { steps };
}

function restStep(pdf: string, evidence: string, digest: string, assessment: Assessment): Step {
  const other = { zh: '报告所依据的是另一份证据', en: 'the report rests on other evidence' };
  return {
    what: { zh: `${pdf} 依据的是 ${evidence}`, en: `${pdf} rests on ${evidence}` },
    problems: digest === assessment.evidence.manifest ? [] : [other],
  };
}

function notSigned(pdf: string): Step {
  return {
    what: { zh: `${pdf}：已签署`, en: `${pdf}: signed` },
    problems: [{ zh: '文件不存在', en: 'there is no such file' }],
  };
}

async function assessmentSteps(path: string): Promise<Step[]> {
  const assessment = await readAssessment(path);
  const { number, ...body } = assessment;
  const steps: Step[] = [];
  const expected = numberOf(body);
  steps.push({
    what: { zh: `${path}：报告编号由内容算出`, en: `${path}: the report number follows from the content` },
    problems:
      expected === number
        ? []
        : [
            {
              zh: `${path} 内容被改动：编号为 ${number}，按内容应为 ${expected}`,
              en: `${path} was changed: it carries ${number}, its content gives ${expected}`,
            },
          ],
  });
  const { evidence, step, manifestDigest } = await evidenceStep(dirname(path));
  if (manifestDigest === undefined) return [...steps, step];
  const same = manifestDigest === assessment.evidence.manifest;
  const differs = { zh: `${evidence} 不是评估所依据的证据包`, en: `${evidence} is not the evidence that was assessed` };
  return [
    ...steps,
    step,
    {
      what: { zh: '评估所依据的正是该证据包', en: 'the assessment rests on this very evidence' },
      problems: same ? [] : [differs],
    },
  ];
}

// Of evidence that lies elsewhere nothing is known here, and that is said.
async function evidenceStep(folder: string): Promise<{ evidence: string; step: Step; manifestDigest?: string }> {
  const evidence = join(folder, 'evidence');
  if (await isThere(evidence)) return { evidence, ...(await bundleStep(evidence)) };
  const what = {
    zh: `${evidence} 不存在，未核对证据`,
    en: `${evidence} is not there: the evidence was not checked`,
  };
  return { evidence, step: { what, problems: [], isOpen: true } };
}

async function bundleStep(path: string): Promise<{ step: Step; manifestDigest: string }> {
  const { problems, files, manifestDigest } = await verifyBundle(path);
  const what = joined(
    [
      verbatim(path),
      {
        zh: `${files} 个文件与清单的 SHA-256、SM3 相符`,
        en: `${files} files have the SHA-256 and SM3 of the manifest`,
      },
    ],
    '：',
    ': ',
  );
  return {
    step: {
      what,
      problems: problems.map((problem) => ({
        zh: `${join(path, problem.path)} ${problem.zh}`,
        en: `${join(path, problem.path)} ${problem.en}`,
      })),
    },
    manifestDigest,
  };
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
