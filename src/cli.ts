#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import type { CommandFactory, Context } from './commands/context.ts';
import { errorIn, helpIn } from './commands/help.ts';
import { codeOf, UserError } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { packageRoot } from './package-root.ts';
import { languageOf } from './text.ts';

// In the order of the help. Only the one that is asked for is loaded: each command needs its own part of the program.
const commands: Readonly<Record<string, () => Promise<CommandFactory>>> = {
  init: async () => (await import('./commands/init.ts')).init,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  scan: async () => (await import('./commands/scan.ts')).scan,
  collect: async () => (await import('./commands/collect.ts')).collect,
  merge: async () => (await import('./commands/merge.ts')).merge,
  import: async () => (await import('./commands/import.ts')).importOutput,
  probe: async () => (await import('./commands/probe.ts')).probe,
  assess: async () => (await import('./commands/assess.ts')).assess,
  report: async () => (await import('./commands/report.ts')).report,
  verify: async () => (await import('./commands/verify.ts')).verify,
  diff: async () => (await import('./commands/diff.ts')).diff,
  history: async () => (await import('./commands/history.ts')).history,
  renewal: async () => (await import('./commands/renewal.ts')).renewal,
  profiles: async () => (await import('./commands/profiles.ts')).profiles,
  checks: async () => (await import('./commands/checks.ts')).checks,
  explain: async () => (await import('./commands/explain.ts')).explain,
};

const args = process.argv.slice(2);
const language = languageOf(optionOf('--lang'), process.env);
const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))).version;
const interrupt = new AbortController();
const quiet = args.includes('--quiet');
// A bar where somebody looks on; lines where they are kept.
const hasBar =
  ['collect', 'report', 'scan'].includes(args[0] ?? '') &&
  process.stderr.isTTY &&
  process.env.TERM !== 'dumb' &&
  !quiet &&
  !args.includes('--json');
const bar = hasBar ? (await import('./commands/progress-line.ts')).createProgressLine(process.stderr) : undefined;
let exitCode: ExitCode = exitCodes.ok;

const context: Context = {
  language,
  version,
  now: () => new Date(),
  signal: interrupt.signal,
  out: (text) => process.stdout.write(text),
  note: (text) => {
    const write = (): unknown => process.stderr.write(`${text[language]}\n`);
    if (bar) bar.above(write);
    else if (!quiet) write();
  },
  progress: (done, total, { zh, en }) => {
    const at = `[${done}/${total}]`;
    if (bar) bar.show(done, total, language === 'zh' ? zh : en);
    else context.note({ zh: `${at} ${zh}`, en: `${at} ${en}` });
  },
  // After an interrupt there is no bar any more.
  holdProgress: (isHeld) => bar?.hold(isHeld || interrupt.signal.aborted),
  exit: (code) => {
    exitCode = code;
  },
};

// The first Ctrl-C stops after what is under way and keeps it; the second stops at once. So does whoever ends a service or a pod.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    bar?.hold(true);
    interrupt.abort();
  });
}
// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (error) => process.exit(codeOf(error) === 'EPIPE' ? exitCode : exitCodes.internal));

const status = await main();
// A pipe takes what is written bit by bit: to exit before it has would cut a large output off.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(status);

async function main(): Promise<ExitCode> {
  const program = new Command('leqi-audit')
    .description(
      language === 'zh'
        ? '乐企直连平台自评：采集证据、按规范评估、生成自评报告'
        : 'Self-evaluation of a 乐企 direct-connection platform',
    )
    .version(version, '-V, --version', language === 'zh' ? '显示版本' : 'show the version')
    .helpOption('-h, --help', language === 'zh' ? '显示帮助' : 'show help')
    .helpCommand(false)
    .enablePositionalOptions()
    .configureHelp(helpIn(language))
    .configureOutput({ outputError: (message, write) => write(errorIn(language, message)) })
    .exitOverride();
  for (const load of asked()) program.addCommand(overriding((await load())(context)));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explainError(error);
  }
}

// The first word names the command; without one that is known, the help lists them all.
function asked(): readonly (() => Promise<CommandFactory>)[] {
  const [name = ''] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return load ? [load] : Object.values(commands);
}

// Commander exits by itself unless each command is told not to.
function overriding(command: Command): Command {
  command.exitOverride();
  for (const each of command.commands) overriding(each);
  return command;
}

function explainError(error: unknown): ExitCode {
  bar?.hold(true);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongInput;
  if (error instanceof UserError) {
    process.stderr.write(`${error.text[language]}\n`);
    return error.exitCode;
  }
  if (interrupt.signal.aborted && error === interrupt.signal.reason) {
    process.stderr.write(`${language === 'zh' ? '已中断' : 'interrupted'}\n`);
    return exitCodes.interrupted;
  }
  process.stderr.write(
    `${language === 'zh' ? '程序错误，请连同以下信息报告' : 'This is a bug; please report it with what follows'}:\n`,
  );
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.internal;
}

function optionOf(name: string): string | undefined {
  const index = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  return args[index]?.includes('=') ? args[index]?.split('=')[1] : args[index + 1 || args.length];
}
