import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandFactory } from '../../src/commands/context.ts';
import { UserError } from '../../src/errors.ts';
import { packageRoot } from '../../src/package-root.ts';

/** How a run of the command line ended. */
export type Ended = { status: number | null; stdout: string; stderr: string };

type Options = {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  program?: readonly string[];
  signal?: { after: RegExp; send: NodeJS.Signals };
};

// Node keeps there what it compiled: a run takes little more than half the time.
const compiled = join(tmpdir(), 'leqi-audit-tests-compiled');

/** Runs leqi-audit as a child process, as a user would, with Chinese texts unless told otherwise. */
export function runCli(
  args: readonly string[],
  { cwd = packageRoot, env = {}, program = [process.execPath, join(packageRoot, 'src/cli.ts')], signal }: Options = {},
): Promise<Ended> {
  const [command = '', ...before] = program;
  const child = spawn(command, [...before, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { status: null, stdout: '', stderr: '' };
  let sent = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ended.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text;
    if (signal && !sent && signal.after.test(ended.stderr)) {
      sent = true;
      child.kill(signal.send);
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ ...ended, status }));
  });
}

/** Runs one command within the test's own process: for hundreds of cases, where to start Node would take most of the time. */
export async function runHere(command: CommandFactory, args: readonly string[]): Promise<Ended> {
  const ended: Ended = { status: 0, stdout: '', stderr: '' };
  const made = command({
    language: 'zh',
    version: '0.0.0',
    now: () => new Date(),
    signal: new AbortController().signal,
    out: (text) => {
      ended.stdout += text;
    },
    note: () => {},
    progress: () => {},
    holdProgress: () => {},
    exit: (code) => {
      ended.status = code;
    },
  });
  try {
    await made.exitOverride().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ended.stderr += error.text.zh;
    ended.status = error.exitCode;
  }
  return ended;
}
