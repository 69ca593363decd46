import { join } from 'node:path';
import { assessmentText, writeAssessment } from '../assessment/file.ts';
import { openCounts } from '../assessment/waivers.ts';
import type { Origin } from '../evidence/kinds.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Occasion } from '../occasion.ts';
import { summary } from '../reporters/terminal/terminal.ts';
import { assessEvidence } from './assess.ts';
import { collectEvidence } from './collect-evidence.ts';
import {
  asOfOption,
  type CommandFactory,
  createCommand,
  jsonOption,
  occasionOption,
  originOption,
  outOption,
  platformOption,
  profileOption,
} from './context.ts';
import { asOfDate } from './dates.ts';
import { prepare } from './prepare.ts';
import { formatOption, type ReportOptions, renderReports, reportLanguageOption } from './report.ts';
import { addVerdictOptions, exitCodeOf, type VerdictOptions } from './verdict-options.ts';
import { addWaiverOptions, loadWaivers, type WaiverOptions } from './waivers.ts';

type ScanOptions = ReportOptions &
  VerdictOptions &
  WaiverOptions & {
    platform: string;
    profile?: string;
    occasion?: Occasion;
    origin?: Origin[];
    asOf?: string;
    out: string;
    json?: boolean;
  };

/** `leqi-audit scan`: collect, assess, report in one go. */
export const scan: CommandFactory = (context) =>
  addVerdictOptions(
    addWaiverOptions(
      createCommand(
        'scan',
        context,
        { zh: '采集、评估并生成报告', en: 'collect, assess and report in one go' },
        'scan --platform platform.yaml --out out',
      )
        .addOption(platformOption(context))
        .addOption(profileOption(context))
        .addOption(occasionOption(context))
        .addOption(originOption(context))
        .addOption(asOfOption(context))
        .addOption(outOption(context))
        .addOption(formatOption(context, 'pdf,html'))
        .addOption(reportLanguageOption(context))
        .addOption(jsonOption(context)),
      context,
    ),
    context,
  ).action(async (options: ScanOptions) => {
    const prepared = await prepare(options, context);
    // A mistake in the list is said before anything is contacted.
    await loadWaivers(options, options.platform, prepared.profile);
    const asOf = asOfDate(options.asOf, context.now(), prepared.platform.timeZone);
    const evidence = await collectEvidence(prepared, options, context);
    if (context.signal.aborted) {
      context.note({
        zh: `已中断；已采集的证据保存在 ${evidence}`,
        en: `interrupted; what was collected is kept in ${evidence}`,
      });
      context.exit(exitCodes.interrupted);
      return;
    }
    const assessment = await assessEvidence(
      evidence,
      {
        platform: options.platform,
        ...(options.profile ? { profile: options.profile } : {}),
        ...(options.waivers === undefined ? {} : { waivers: options.waivers }),
        asOf,
      },
      context,
    );
    const file = join(options.out, 'assessment.json');
    await writeAssessment(file, assessment);
    context.out(options.json ? assessmentText(assessment) : summary(assessment, context.language));
    const reports = await renderReports(assessment, options.out, options, context);
    if (!options.json) context.out(`\n${[evidence, file, ...reports].join('\n')}\n`);
    context.exit(exitCodeOf({ counts: openCounts(assessment) }, options));
  });
