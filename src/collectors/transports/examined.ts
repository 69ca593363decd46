import { randomBytes } from 'node:crypto';
import { said, type Text } from '../../text.ts';
import { type Command, type CommandResult, Unavailable } from '../collector.ts';
import { type FrameProblem, type HostFacts, readFrames } from './frames.ts';
import type { ScriptRun } from './host-script.ts';

/** Most bytes that a host may print altogether: the limits of all commands of today, and some more. */
export const mostOutput = 32 * 1024 * 1024;

/** What came back from a host. */
export type Examined = {
  /** The commands that ran to their frame's end, by name. */
  readonly results: ReadonlyMap<string, CommandResult>;
  readonly facts?: HostFacts;
  /** Why the others did not; absent if all are there. */
  readonly lost?: Unavailable;
};

/** How a host is asked in one session. */
export type SessionOptions = {
  /** Seconds for the whole session. */
  readonly seconds: number;
  readonly signal: AbortSignal;
};

/** A run that nothing on the host can know beforehand. */
export function newRun(): ScriptRun {
  return { run: randomBytes(16).toString('hex'), byHand: false };
}

const problems: Readonly<Record<FrameProblem, Text>> = {
  absent: { zh: '主机没有运行脚本', en: 'the host did not run the script' },
  cut: { zh: '输出中断', en: 'the output broke off' },
  disorder: { zh: '输出被打乱', en: 'the output is out of order' },
  changed: { zh: '输出被改动', en: 'the output was changed' },
};

/**
 * Reads what a session printed.
 * @param why what ended it early, if anything is known
 * @param heard what the host said instead of running the script; untrusted
 */
export function examine(
  output: Buffer,
  commands: readonly Command[],
  { run }: ScriptRun,
  { why, heard = '' }: { why?: Unavailable | undefined; heard?: string },
): Examined {
  const { results, facts, problem } = readFrames(output, commands, { run, summed: false });
  return { results, ...(facts ? { facts } : {}), ...(problem ? { lost: why ?? lostTo(problem, heard) } : {}) };
}

// A host that answers with anything but the script's first line refused to run it: a forced command, a restricted shell.
function lostTo(problem: FrameProblem, heard: string): Unavailable {
  const { zh, en } = problems[problem];
  const words = heard.replace(/\s+/g, ' ').trim().slice(0, 300);
  const text = said({ zh: words ? `${zh}：${words}` : zh, en: words ? `${en}: ${words}` : en });
  return new Unavailable(problem === 'absent' ? 'denied' : 'failed', text);
}
