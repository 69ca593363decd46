import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assess } from '../assessment/assess.ts';
import { neededKinds } from '../assessment/needs.ts';
import { planRenewal } from '../assessment/renewal.ts';
import type { Renewal } from '../assessment/renewal-schema.ts';
import { tighten } from '../assessment/tighten.ts';
import { evidenceInMemory } from '../bundle/in-memory.ts';
import { runCollectors } from '../collectors/run.ts';
import { MachineError, messageOf, ScopeError } from '../errors.ts';
import { dateIn, minutesAheadIn, type PlainDate } from '../evidence/dates.ts';
import { originOf } from '../evidence/observation.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Gate } from '../gate.ts';
import { renewalTable } from '../reporters/terminal/renewal-table.ts';
import { printable } from '../text.ts';
import {
  asOfOption,
  type CommandFactory,
  type Context,
  createCommand,
  jsonOption,
  platformOption,
  profileOption,
  sayIn,
} from './context.ts';
import { asOfDate } from './dates.ts';
import { type Prepared, prepare } from './prepare.ts';
import { addVerdictOptions, exitCodeOf, type VerdictOptions } from './verdict-options.ts';

type RenewalOptions = VerdictOptions & {
  platform: string;
  profile?: string;
  asOf?: string;
  json?: boolean;
  ics?: string;
};

/** `leqi-audit renewal`: what is to be done by when for the next renewal, from what is filed alone; contacts nothing. */
export const renewal: CommandFactory = (context) =>
  addVerdictOptions(
    createCommand(
      'renewal',
      context,
      {
        zh: '列出续期的期限、指标和尚缺材料（只读平台文件，不联网）',
        en: 'deadlines, thresholds and missing papers of the next renewal (reads files only)',
      },
      'renewal --platform platform.yaml --ics renewal.ics',
    )
      .addOption(platformOption(context))
      .addOption(profileOption(context))
      .addOption(asOfOption(context))
      .addOption(jsonOption(context))
      .option(
        '--ics <file>',
        sayIn(context.language)({ zh: '另存为日历文件（iCalendar）', en: 'also write a calendar (iCalendar)' }),
      ),
    context,
  ).action(async (options: RenewalOptions) => {
    const prepared = await prepare(
      { platform: options.platform, occasion: 'renewal', ...(options.profile ? { profile: options.profile } : {}) },
      context,
    );
    const plan = await planFor(prepared, options.asOf, context);
    if (context.signal.aborted) {
      context.exit(exitCodes.interrupted);
      return;
    }
    context.out(options.json ? `${JSON.stringify(plan, null, 1)}\n` : renewalTable(plan, context.language));
    if (options.ics) await writeCalendar(options.ics, plan, context);
    context.exit(statusOf(plan, options));
  });

async function planFor({ platform, profile }: Prepared, given: string | undefined, context: Context): Promise<Renewal> {
  const today = dateIn(context.now(), platform.timeZone);
  const asOf = asOfDate(given, context.now(), platform.timeZone);
  if (asOf < today)
    context.note({
      zh: `基准日 ${asOf} 早于今天：材料和数据按现在的内容计算`,
      en: `the as-of date ${asOf} is past: papers and figures are taken as they are now`,
    });
  const drafts = await runCollectors(platform, {
    kinds: neededKinds(profile, 'renewal').filter((kind) => originOf(kind) === 'filed'),
    gate: closedGate,
    signal: context.signal,
    // A plan for a day is made as on that day, whatever day it is today.
    now: () => noonOf(asOf, platform.timeZone),
  });
  const assessment = assess(evidenceInMemory(drafts), profile, { asOf, occasion: 'renewal', version: context.version });
  const titles = new Map(platform.documents.items.map(({ id, title }) => [id, title]));
  return planRenewal(assessment, tighten(profile, platform.tightened), titles);
}

// Filed evidence is read from files alone: a collector that asks for more is refused, whatever it asks for.
const refuse = (): Promise<never> =>
  Promise.reject(
    new ScopeError({
      zh: 'renewal 只读取平台文件及其材料，不连接任何地址，不运行任何程序',
      en: 'renewal reads the platform file and its papers only: it contacts no address and runs no program',
    }),
  );

const closedGate: Gate = {
  addressOf: refuse,
  othersOf: refuse,
  connect: refuse,
  passTo: refuse,
  connectLocal: refuse,
  run: refuse,
  contacts: () => [],
  resolvers: [],
  query: refuse,
  withhold: () => {},
  withheld: refuse,
};

function noonOf(date: PlainDate, timeZone: string): Date {
  const noon = `${date}T12:00:00Z`;
  return new Date(Date.parse(noon) - minutesAheadIn(noon, timeZone) * 60_000);
}

async function writeCalendar(path: string, plan: Renewal, context: Context): Promise<void> {
  // Loaded when asked for: no other command needs the library.
  const { renewalCalendar } = await import('../reporters/renewal-calendar.ts');
  const { text, events } = renewalCalendar(plan, context.language);
  const temporary = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new MachineError(
      { zh: `无法写入 ${path}：${messageOf(error)}`, en: `cannot write ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
  const shown = printable(path);
  context.note({ zh: `日历已写入 ${shown}，共 ${events} 个日期`, en: `${events} dates written to ${shown}` });
}

function statusOf(plan: Renewal, options: VerdictOptions): ExitCode {
  const isLate = plan.deadlines.some(({ overdue }) => overdue);
  if (isLate && options.failOn !== 'none') return exitCodes.failed;
  return exitCodeOf({ counts: plan.counts }, options);
}
