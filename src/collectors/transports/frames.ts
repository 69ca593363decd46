import type { Command, CommandResult } from '../collector.ts';
import { cksum } from './cksum.ts';
import { defaultLimit } from './host-script.ts';

/** What a host said of itself before the first command ran; untrusted. */
export type HostFacts = {
  /** The name that the script was made for. */
  readonly host: string;
  /** The host's own name, `uname -n`. */
  readonly name: string;
  /** Its clock, seconds since 1970. */
  readonly time: number;
  /** How commands that ask for root got it; `none` if they ran as the login user. */
  readonly rights: 'root' | 'sudo' | 'none';
};

/** What is wrong with an output: it never began, it ends early, it is out of order, a checksum differs. */
export type FrameProblem = 'absent' | 'cut' | 'disorder' | 'changed';

/** What a script printed, read. */
export type Frames = {
  readonly facts?: HostFacts;
  /** The commands whose frames are whole, by name. */
  readonly results: Map<string, CommandResult>;
  /** Absent if every command's frame and the last line are there. */
  readonly problem?: FrameProblem;
};

/** Most bytes of standard error that a command's result keeps. */
const mostSaid = 4096;

/**
 * Reads what a host script printed, whatever stands before it. Of an output that breaks off or goes wrong, the frames before that count.
 * @param summed whether the frames must carry checksums that agree
 */
export function readFrames(
  output: Buffer,
  commands: readonly Command[],
  { run, summed }: { run: string; summed: boolean },
): Frames {
  // One character a byte: limits and checksums are counted in bytes.
  const text = output.toString('latin1');
  const results = new Map<string, CommandResult>();
  const opening = `@${run} begin ${commands.length}\n`;
  const start = text.startsWith(opening) ? 0 : text.indexOf(`\n${opening}`) + 1;
  if (start === 0 && !text.startsWith(opening)) return { results, problem: 'absent' };
  const cursor = { text, at: start + opening.length, run, summed, sums: '' };
  const first = nextFrame(cursor, 0);
  if (typeof first === 'string') return { results, problem: first };
  const facts = factsIn(first);
  if (!facts) return { results, problem: 'disorder' };
  for (const [index, command] of commands.entries()) {
    const problem = skipLine(cursor, `@${run} part ${index + 1} ${latin(command.name)}`);
    if (problem) return { facts, results, problem };
    const frame = nextFrame(cursor, index + 1);
    const result = typeof frame === 'string' ? frame : resultOf(frame, command, facts, first.said);
    if (typeof result === 'string') return { facts, results, problem: result };
    results.set(command.name, result);
  }
  const total = summed ? ` ${cksum(`${cursor.sums}\n`)}` : '';
  const problem = skipLine(cursor, `@${run} done ${commands.length}${total}`);
  return { facts, results, ...(problem ? { problem } : {}) };
}

type Cursor = { readonly text: string; at: number; readonly run: string; readonly summed: boolean; sums: string };
/** Standard output, and the lines on standard error. */
type Frame = { readonly printed: string; readonly said: readonly string[] };

function skipLine(cursor: Cursor, line: string): FrameProblem | undefined {
  if (cursor.text.startsWith(`${line}\n`, cursor.at)) {
    cursor.at += line.length + 1;
    return undefined;
  }
  // As much of it as there is agrees: the rest is missing, not wrong.
  return `${line}\n`.startsWith(cursor.text.slice(cursor.at, cursor.at + line.length + 1)) ? 'cut' : 'disorder';
}

function nextFrame(cursor: Cursor, number: number): Frame | FrameProblem {
  const start = cursor.at;
  const printed: string[] = [];
  const said: string[] = [];
  let isOver = false;
  for (;;) {
    const end = cursor.text.indexOf('\n', cursor.at);
    if (end < 0) return 'cut';
    const line = cursor.text.slice(cursor.at, end);
    if (line.startsWith('|') && !isOver) printed.push(line.slice(1));
    // The dot ends the output's last line, or stands on one of its own.
    else if (line === '.' && !isOver) printed.push(line);
    else if (line.startsWith('!')) said.push(line.slice(1));
    else break;
    isOver ||= !line.startsWith('|');
    cursor.at = end + 1;
  }
  const sum = cursor.summed ? ` ${cksum(cursor.text.slice(start, cursor.at))}` : '';
  cursor.sums += sum;
  const closing = `@${cursor.run} end ${number}`;
  const problem = skipLine(cursor, `${closing}${sum}`);
  if (problem) return problem === 'disorder' && cursor.text.startsWith(closing, cursor.at) ? 'changed' : problem;
  return { printed: printed.join('\n'), said };
}

// The end of the year 9999: a time beyond it cannot be written as one.
const lastSecond = 253_402_300_799;

function factsIn({ printed }: Frame): HostFacts | undefined {
  const fields = new Map(
    utf8(printed)
      .split('\n')
      .map((line): [string, string] => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
  );
  const rights = fields.get('rights');
  const time = Number(fields.get('time'));
  const isTime = Number.isSafeInteger(time) && time >= 0 && time <= lastSecond;
  if ((rights !== 'root' && rights !== 'sudo' && rights !== 'none') || !isTime) return undefined;
  return { host: fields.get('host') ?? '', name: fields.get('name') ?? '', time, rights };
}

function resultOf(
  { printed, said }: Frame,
  command: Command,
  { rights }: HostFacts,
  refusal: readonly string[],
): CommandResult | FrameProblem {
  if (!printed.endsWith('.')) return 'disorder';
  const limit = command.limit ?? defaultLimit;
  const truncated = printed.length - 1 > limit;
  const ending = said.at(-1) ?? '';
  const withoutRoot = (command.asRoot ?? false) && rights === 'none';
  const heard = [
    ...(withoutRoot ? refusal.filter((line) => line !== '') : []),
    ...(ending.startsWith('@') ? said.slice(0, -1) : said),
  ];
  return {
    status: truncated ? undefined : statusIn(ending),
    stdout: utf8(printed.slice(0, truncated ? limit : -1)),
    stderr: utf8(heard.join('\n')).slice(0, mostSaid),
    truncated,
    timedOut: ending === '@timeout',
    withoutRoot,
  };
}

// Above 128 a signal ended it: sh(1), `wait`.
function statusIn(ending: string): number | undefined {
  const status = /^@\d{1,3}$/.test(ending) ? Number(ending.slice(1)) : undefined;
  return status !== undefined && status <= 128 ? status : undefined;
}

// Shells drop NUL bytes where they carry a text in a variable; all ways of asking a host agree on that.
function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\0', '');
}

function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
