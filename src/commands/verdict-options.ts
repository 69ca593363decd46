import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Assessment } from '../assessment/assessment.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Context, sayIn } from './context.ts';

/** The levels of `--fail-on`; each includes those before it. */
const levels = ['none', 'unmet', 'partial', 'unproven'] as const;

export type VerdictOptions = { failOn: (typeof levels)[number]; maxUnproven?: number };

/** Adds `--fail-on` and `--max-unproven`. */
export function addVerdictOptions(command: Command, context: Context): Command {
  const say = sayIn(context.language);
  return command
    .addOption(
      new Option(
        '--fail-on <verdict>',
        say({ zh: '达到此判定即以 1 退出', en: 'exit with 1 at this verdict or worse' }),
      )
        .choices(levels)
        .default('unmet'),
    )
    .addOption(
      new Option(
        '--max-unproven <n>',
        say({ zh: '待确认多于 n 项即以 3 退出', en: 'exit with 3 if more than n are unproven' }),
      ).argParser((text) => {
        const number = Number(text);
        if (!Number.isInteger(number) || number < 0)
          throw new InvalidArgumentError(say({ zh: '须为非负整数', en: 'must be a whole number, 0 or more' }));
        return number;
      }),
    );
}

/** The exit status that an assessment's verdicts call for; 1 wins over 3. */
export function exitCodeOf({ counts }: Pick<Assessment, 'counts'>, { failOn, maxUnproven }: VerdictOptions): ExitCode {
  const failing = levels.slice(1, levels.indexOf(failOn) + 1);
  if (failing.some((level) => level !== 'none' && counts[level] > 0)) return exitCodes.failed;
  if (maxUnproven !== undefined && counts.unproven > maxUnproven) return exitCodes.unproven;
  return exitCodes.ok;
}
