import { Command, InvalidArgumentError, Option } from 'commander';
import { type Origin, origins } from '../evidence/kinds.ts';
import type { ExitCode } from '../exit-codes.ts';
import { occasions } from '../occasion.ts';
import { type Language, languages, type Text } from '../text.ts';
import { errorIn, helpIn } from './help.ts';

/** What every command is handed: the outside world, so that tests and the program share one code path. */
export type Context = {
  readonly language: Language;
  readonly version: string;
  readonly now: () => Date;
  /** Aborted on the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  /** Progress and hints; nothing with `--quiet`. */
  readonly note: (text: Text) => void;
  /** How much is done, and what was done last: a bar on a terminal, else lines like {@link note}. */
  readonly progress: (done: number, total: number, text: Text) => void;
  /** While somebody is asked something, no bar is drawn. */
  readonly holdProgress: (isHeld: boolean) => void;
  /** Sets the exit status of the process. */
  readonly exit: (code: ExitCode) => void;
};

/** One verb of the command line. */
export type CommandFactory = (context: Context) => Command;

/** A command with the options that all share. */
export function createCommand(name: string, context: Context, description: Text, example: string): Command {
  const say = sayIn(context.language);
  return new Command(name)
    .description(say(description))
    .addOption(
      new Option('--lang <language>', say({ zh: '终端语言', en: 'language of the terminal' })).choices(languages),
    )
    .option('--quiet', say({ zh: '不显示进度', en: 'no progress' }))
    .addHelpText('after', `\n${say({ zh: '示例', en: 'Example' })}:\n  $ leqi-audit ${example}`)
    .helpOption('-h, --help', say({ zh: '显示帮助', en: 'show help' }))
    .helpCommand(false)
    .configureHelp(helpIn(context.language))
    .configureOutput({ outputError: (message, write) => write(errorIn(context.language, message)) });
}

/** Chooses the language of a text. */
export function sayIn(language: Language): (text: Text) => string {
  return (text) => text[language];
}

export const platformOption = (context: Context): Option =>
  new Option('--platform <file>', sayIn(context.language)({ zh: '平台文件', en: 'platform file' })).default(
    'platform.yaml',
  );

export const profileOption = (context: Context): Option =>
  new Option(
    '--profile <name|file>',
    sayIn(context.language)({ zh: '规范配置，默认取平台文件所定', en: 'profile; default: the platform file’s' }),
  );

export const occasionOption = (context: Context): Option =>
  new Option(
    '--occasion <occasion>',
    sayIn(context.language)({ zh: '事项，默认取平台文件所定', en: 'occasion; default: the platform file’s' }),
  ).choices(occasions);

export const outOption = (context: Context): Option =>
  new Option('--out <folder>', sayIn(context.language)({ zh: '输出目录', en: 'output folder' })).default('out');

export const originOption = (context: Context): Option =>
  new Option(
    '--origin <origins>',
    sayIn(context.language)({
      zh: `只采集这些来源的证据，逗号分隔：${origins.join('、')}`,
      en: `collect evidence of these origins only, separated by commas: ${origins.join(', ')}`,
    }),
  ).argParser((list: string): Origin[] =>
    list.split(',').map((name) => {
      const origin = origins.find((each) => each === name.trim());
      if (origin === undefined) throw new InvalidArgumentError(origins.join(', '));
      return origin;
    }),
  );

export const asOfOption = (context: Context): Option =>
  new Option(
    '--as-of <date>',
    sayIn(context.language)({
      zh: '评估基准日 YYYY-MM-DD，默认今天',
      en: 'date of the assessment, YYYY-MM-DD; default: today',
    }),
  );

export const jsonOption = (context: Context): Option =>
  new Option('--json', sayIn(context.language)({ zh: '输出 JSON', en: 'print JSON' }));
