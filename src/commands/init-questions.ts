import { createInterface } from 'node:readline/promises';
import { InputError, UserError } from '../errors.ts';
import { isDate, type PlainDate } from '../evidence/dates.ts';
import { type Mode, modes } from '../evidence/filed/platform.ts';
import { creditCodeProblems, isPort } from '../evidence/identifiers.ts';
import { isAddress } from '../evidence/subjects.ts';
import { exitCodes } from '../exit-codes.ts';
import { joined, type Text, verbatim } from '../text.ts';
import { type Context, sayIn } from './context.ts';

/** Everything that `init` knows in the end. */
export type Asking = {
  profile: string;
  mode?: Mode;
  unit: string;
  creditCode: string;
  platform: string;
  since: PlainDate;
  accessStart?: PlainDate;
  validityEnd?: PlainDate;
  endpoints: { address: string; port: number }[];
};

type Name = keyof Asking;

type Question = {
  readonly flag: string;
  readonly what: Text;
  /** May stay without an answer. */
  readonly optional?: boolean;
  /** May be given several times; asked as a list separated by blanks. */
  readonly many?: boolean;
  /** Asked only where the profile leaves it open; it must have an answer then. */
  readonly silent?: boolean;
  /** What is wrong with an answer. */
  problem(answer: string, profiles: readonly string[]): Text | undefined;
};

const notEmpty = (answer: string): Text | undefined =>
  answer.length <= 200 ? undefined : { zh: '过长（最多 200 字）', en: 'too long (200 characters at most)' };

const date = (answer: string): Text | undefined =>
  isDate(answer)
    ? undefined
    : { zh: '不是存在的日期，应写作 YYYY-MM-DD', en: 'not a date that exists, written YYYY-MM-DD' };

/** The questions in the order in which they are asked, by option name. */
export const questions: Readonly<Record<Name, Question>> = {
  profile: {
    flag: '--profile',
    what: { zh: '规范配置', en: 'profile' },
    problem: (answer, profiles) =>
      profiles.includes(answer) || answer.endsWith('.yaml')
        ? undefined
        : {
            zh: `没有这个规范配置；可用：${profiles.join('、')}`,
            en: `no such profile; there are: ${profiles.join(', ')}`,
          },
  },
  mode: {
    flag: '--mode',
    what: {
      zh: `模式（${modes.join('、')}），规范配置不限模式时填写`,
      en: `mode (${modes.join(', ')}), where the profile leaves it open`,
    },
    optional: true,
    silent: true,
    problem: (answer) =>
      isMode(answer) ? undefined : { zh: `应为 ${modes.join('、')}`, en: `must be one of ${modes.join(', ')}` },
  },
  unit: { flag: '--unit', what: { zh: '直连单位名称', en: 'name of the unit' }, problem: notEmpty },
  creditCode: {
    flag: '--credit-code',
    what: { zh: '统一社会信用代码', en: 'credit code' },
    problem: (answer) =>
      creditCodeProblems(answer).length === 0
        ? undefined
        : { zh: '不是有效的统一社会信用代码（GB 32100-2015）', en: 'not a valid credit code (GB 32100-2015)' },
  },
  platform: { flag: '--platform-name', what: { zh: '直连平台名称', en: 'name of the platform' }, problem: notEmpty },
  since: { flag: '--since', what: { zh: '平台投入使用日期', en: 'day the platform went into service' }, problem: date },
  accessStart: {
    flag: '--access-start',
    what: { zh: '接入日期', en: 'start of access' },
    optional: true,
    problem: date,
  },
  validityEnd: {
    flag: '--validity-end',
    what: { zh: '接入有效期届满日', en: 'end of validity' },
    optional: true,
    problem: date,
  },
  endpoints: {
    flag: '--endpoint',
    what: {
      zh: '备案的固定地址和端口，如 203.0.113.10:443，可多个',
      en: 'filed fixed address and port, say 203.0.113.10:443; several if need be',
    },
    optional: true,
    many: true,
    problem: (answer) =>
      endpointOf(answer) ? undefined : { zh: '应写作 IP地址:端口', en: 'must be written ADDRESS:PORT' },
  },
};

/**
 * The answers: flags first, then, at a terminal, a question for each that is missing. Throws {@link InputError} naming every
 * wrong flag, and without a terminal every missing one.
 */
export async function askAll(
  flags: Readonly<Record<string, unknown>>,
  context: Context,
  profiles: readonly string[],
  isModeOpen: (profile: string) => Promise<boolean>,
): Promise<Asking> {
  const answers = new Map<Name, string[]>();
  const wrong: Text[] = [];
  for (const [name, question] of entries()) {
    const given = [flags[optionOf(question)] ?? []].flat().map((value) => String(value).trim());
    if (given.length > 0) answers.set(name, given);
    for (const answer of given) {
      const problem = answer === '' ? empty : question.problem(answer, profiles);
      if (problem)
        wrong.push({
          zh: `${question.flag} ${answer}：${problem.zh}`,
          en: `${question.flag} ${answer}: ${problem.en}`,
        });
    }
  }
  if (wrong.length > 0) throw new InputError(joined(wrong, '\n', '\n'));
  const missing = entries().filter(([name]) => !answers.has(name));
  if (missing.some(([, { silent }]) => !silent) && process.stdin.isTTY)
    await askAtTerminal(missing, answers, context, profiles, isModeOpen);
  const needed = missing.filter(([name, question]) => !question.optional && !answers.has(name));
  if (needed.length > 0) {
    const list = joined(
      needed.map(([, { flag }]) => verbatim(flag)),
      '、',
      ', ',
    );
    throw new InputError({
      zh: `缺少 ${list.zh}：请在命令行给出，或在终端中运行以逐项询问`,
      en: `${list.en} missing: give them on the command line, or run at a terminal to be asked`,
    });
  }
  return asking(answers);
}

const empty: Text = { zh: '不能为空', en: 'must not be empty' };

async function askAtTerminal(
  missing: readonly (readonly [Name, Question])[],
  answers: Map<Name, string[]>,
  context: Context,
  profiles: readonly string[],
  isModeOpen: (profile: string) => Promise<boolean>,
): Promise<void> {
  const say = sayIn(context.language);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  terminal.on('SIGINT', () => stop.abort());
  terminal.on('close', () => stop.abort());
  try {
    for (const [name, question] of missing) {
      if (question.silent && !(await isModeOpen(answers.get('profile')?.[0] ?? ''))) continue;
      const isOptional = question.optional && !question.silent;
      const choices = name === 'profile' ? ` (${profiles.join(', ')})` : '';
      const optional = isOptional ? say({ zh: '（可留空）', en: ' (may be left empty)' }) : '';
      for (;;) {
        const line = (
          await terminal.question(`${say(question.what)}${choices}${optional}: `, { signal: stop.signal })
        ).trim();
        if (line === '' && isOptional) break;
        const parts = question.many ? line.split(/[\s,，]+/) : [line];
        const problem =
          line === '' ? empty : parts.map((part) => question.problem(part, profiles)).find((each) => each);
        if (!problem) {
          answers.set(name, parts);
          break;
        }
        process.stderr.write(`  ${say(problem)}\n`);
      }
    }
  } catch (error) {
    if (stop.signal.aborted) throw cancelled(error);
    throw error;
  } finally {
    terminal.close();
  }
}

function cancelled(cause: unknown): UserError {
  const text = { zh: '已取消，没有写入任何文件', en: 'cancelled; nothing was written' };
  return new UserError(text, exitCodes.interrupted, { cause });
}

function asking(answers: ReadonlyMap<Name, string[]>): Asking {
  const one = (name: Name): string => answers.get(name)?.[0] ?? '';
  const mode = one('mode');
  return {
    profile: one('profile'),
    ...(isMode(mode) ? { mode } : {}),
    unit: one('unit'),
    creditCode: one('creditCode'),
    platform: one('platform'),
    since: one('since'),
    ...(answers.has('accessStart') ? { accessStart: one('accessStart') } : {}),
    ...(answers.has('validityEnd') ? { validityEnd: one('validityEnd') } : {}),
    endpoints: (answers.get('endpoints') ?? []).flatMap((answer) => endpointOf(answer) ?? []),
  };
}

function entries(): (readonly [Name, Question])[] {
  return Object.entries(questions) as [Name, Question][];
}

// As commander names it: `--credit-code` is creditCode.
function optionOf({ flag }: Question): string {
  return flag.replace('--', '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isMode(text: string): text is Mode {
  return (modes as readonly string[]).includes(text);
}

function endpointOf(text: string): { address: string; port: number } | undefined {
  const [, bracketed, plain, port] = text.match(/^(?:\[([\da-fA-F:.]+)\]|([\d.]+)):(\d{1,5})$/) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || !isAddress(address) || !isPort(Number(port))) return undefined;
  return { address, port: Number(port) };
}
