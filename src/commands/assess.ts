import { join } from 'node:path';
import { assess as judge } from '../assessment/assess.ts';
import type { Assessment } from '../assessment/assessment.ts';
import { assessmentText, writeAssessment } from '../assessment/file.ts';
import { loadProfile } from '../assessment/profile.ts';
import { openCounts } from '../assessment/waivers.ts';
import { readBundle } from '../bundle/bundle.ts';
import type { Occasion } from '../occasion.ts';
import { summary } from '../reporters/terminal/terminal.ts';
import {
  asOfOption,
  type CommandFactory,
  type Context,
  createCommand,
  jsonOption,
  occasionOption,
  outOption,
  profileOption,
} from './context.ts';
import { asOfDate } from './dates.ts';
import { addVerdictOptions, exitCodeOf, type VerdictOptions } from './verdict-options.ts';
import { addWaiverOptions, loadWaivers, noteWaivers, type WaiverOptions } from './waivers.ts';

type AssessOptions = VerdictOptions & JudgeOptions & { out: string; json?: boolean };

/** How evidence is judged. */
export type JudgeOptions = WaiverOptions & {
  /** Beside it stands the list of waivers, unless `waivers` names one. */
  platform?: string;
  profile?: string;
  occasion?: Occasion;
  asOf?: string;
};

/** `leqi-audit assess EVIDENCE`: evidence + profile + date → assessment.json. */
export const assess: CommandFactory = (context) =>
  addVerdictOptions(
    addWaiverOptions(
      createCommand(
        'assess',
        context,
        { zh: '按规范配置评估证据', en: 'judge evidence by a profile' },
        'assess out/evidence --as-of 2026-11-22',
      )
        .argument('<evidence>')
        .addOption(profileOption(context))
        .addOption(occasionOption(context))
        .addOption(asOfOption(context))
        .addOption(outOption(context))
        .addOption(jsonOption(context)),
      context,
    ),
    context,
  ).action(async (evidence: string, options: AssessOptions) => {
    const assessment = await assessEvidence(evidence, options, context);
    await writeAssessment(join(options.out, 'assessment.json'), assessment);
    context.out(options.json ? assessmentText(assessment) : summary(assessment, context.language));
    context.exit(exitCodeOf({ counts: openCounts(assessment) }, options));
  });

/**
 * Judges a bundle; profile and occasion default to what it was collected for, the date to today in the platform's time zone, the
 * waivers to those beside the platform file.
 */
export async function assessEvidence(
  path: string,
  { platform = 'platform.yaml', profile, occasion, asOf, waivers }: JudgeOptions,
  context: Context,
): Promise<Assessment> {
  const bundle = await readBundle(path);
  const asked = await loadProfile(profile ?? bundle.manifest.profile);
  const list = await loadWaivers(waivers === undefined ? {} : { waivers }, platform, asked);
  const assessment = judge(bundle, asked, {
    asOf: asOfDate(asOf, context.now(), bundle.declaration.timeZone),
    occasion: occasion ?? bundle.manifest.occasion,
    version: context.version,
    ...(list ? { waivers: list.waivers } : {}),
  });
  if (list) noteWaivers(assessment, list, context);
  return assessment;
}
