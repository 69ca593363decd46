import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { numberOf } from '../assessment/assess.ts';
import { readAssessment } from '../assessment/file.ts';
import { manifestName } from '../bundle/bundle.ts';
import { verifyBundle } from '../bundle/verify.ts';
import { exitCodes } from '../exit-codes.ts';
import { joined, printable, type Text, verbatim } from '../text.ts';
import { type CommandFactory, createCommand, jsonOption } from './context.ts';

/** One thing that was looked at: holds if it has no problems. */
type Step = { what: Text; problems: Text[] };

/** `leqi-audit verify PATH`: hashes of a bundle, of an assessment, or of both in an output folder. */
export const verify: CommandFactory = (context) =>
  createCommand(
    'verify',
    context,
    { zh: '核对证据包、评估结果的完整性', en: 'check that evidence and assessment are unchanged' },
    'verify out',
  )
    .argument('<path>')
    .addOption(jsonOption(context))
    .action(async (path: string, options: { json?: boolean }) => {
      const steps = await stepsFor(path);
      const holds = steps.every((step) => step.problems.length === 0);
      if (options.json) context.out(`${JSON.stringify({ holds, steps }, null, 1)}\n`);
      else
        for (const { what, problems } of steps) {
          context.out(`${problems.length === 0 ? '✓' : '✗'} ${printable(what[context.language])}\n`);
          for (const problem of problems) context.out(`  ${printable(problem[context.language])}\n`);
        }
      context.exit(holds ? exitCodes.ok : exitCodes.failed);
    });

async function stepsFor(path: string): Promise<Step[]> {
  if (path.endsWith('.json')) return assessmentSteps(path);
  if (
    (await isThere(path)) &&
    !(await isThere(join(path, manifestName))) &&
    (await isThere(join(path, 'assessment.json')))
  ) {
    return assessmentSteps(join(path, 'assessment.json'));
  }
  return [(await bundleStep(path)).step];
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
  const evidence = join(dirname(path), 'evidence');
  if (!(await isThere(evidence))) return steps;
  const { step, manifestDigest } = await bundleStep(evidence);
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
