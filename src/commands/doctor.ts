import { type DoctorOptions, examineAll } from '../doctor/doctor.ts';
import { doctorText } from '../doctor/doctor-text.ts';
import { noPlan, type Plan, planOf } from '../doctor/plan.ts';
import type { Point } from '../doctor/point.ts';
import { UserError } from '../errors.ts';
import type { Origin } from '../evidence/kinds.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createGate } from '../gate.ts';
import type { Occasion } from '../occasion.ts';
import { createScope } from '../scope.ts';
import {
  type CommandFactory,
  type Context,
  createCommand,
  jsonOption,
  occasionOption,
  originOption,
  outOption,
  platformOption,
  profileOption,
} from './context.ts';
import { prepare } from './prepare.ts';
import { formatOption, type ReportOptions } from './report.ts';

type Options = Pick<ReportOptions, 'format'> & {
  platform: string;
  profile?: string;
  occasion?: Occasion;
  origin?: Origin[];
  out: string;
  json?: boolean;
};

/** `leqi-audit doctor`: what is missing before a scan, and what each lack will leave unproven. */
export const doctor: CommandFactory = (context) =>
  createCommand(
    'doctor',
    context,
    {
      zh: '扫描之前检查还缺什么，以及因此哪些要求项会待确认',
      en: 'what is missing before a scan, and what each lack will leave unproven',
    },
    'doctor --platform platform.yaml',
  )
    .addOption(platformOption(context))
    .addOption(profileOption(context))
    .addOption(occasionOption(context))
    .addOption(originOption(context))
    .addOption(outOption(context))
    .addOption(formatOption(context, 'pdf,html'))
    .addOption(jsonOption(context))
    .action((options: Options) => look(options, context));

async function look(options: Options, context: Context): Promise<void> {
  // A lookup cannot be given up: the process would wait for a name server that is silent (resolv.conf(5)).
  process.env.RES_OPTIONS ??= 'timeout:2 attempts:1';
  const started = context.now();
  const { plan, wrong } = await planFor(options, context);
  const given: DoctorOptions = {
    local: createGate(createScope([], []), context.now),
    platformFile: options.platform,
    out: options.out,
    pdf: options.format.includes('pdf'),
    now: context.now,
    signal: context.signal,
    environment: process.env,
  };
  const points = [...(await examineAll(plan, given)), ...wrong];
  if (context.signal.aborted) return context.exit(exitCodes.interrupted);
  const seconds = Math.round((context.now().getTime() - started.getTime()) / 100) / 10;
  const head = {
    at: started.toISOString(),
    seconds,
    ...(plan ? { profile: plan.profile.name, occasion: plan.occasion } : {}),
  };
  context.out(
    options.json ? `${JSON.stringify({ ...head, points }, null, 1)}\n` : doctorText(points, context.language),
  );
  return context.exit(exitCodeOf(points));
}

// What a scan would read, and refuse, in the same way.
async function planFor(options: Options, context: Context): Promise<{ plan?: Plan; wrong: Point[] }> {
  try {
    return { plan: planOf(await prepare(options, context), options.origin), wrong: [] };
  } catch (error) {
    if (error instanceof UserError) return { wrong: [noPlan(error.text)] };
    throw error;
  }
}

function exitCodeOf(points: readonly Point[]): ExitCode {
  const lacking = points.filter(({ state }) => state === 'lacking');
  if (lacking.some(({ input }) => !input)) return exitCodes.machine;
  if (lacking.length > 0) return exitCodes.wrongInput;
  return points.some(({ state }) => state === 'unproven') ? exitCodes.unproven : exitCodes.ok;
}
