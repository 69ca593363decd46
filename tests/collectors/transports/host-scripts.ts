import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, CommandResult } from '../../../src/collectors/collector.ts';
import { type Frames, readFrames } from '../../../src/collectors/transports/frames.ts';
import { composeScript, runnable } from '../../../src/collectors/transports/host-script.ts';

/** A command with what a test does not care about. */
export function command(name: string, script: string, more: Partial<Command> = {}): Command {
  return { name, why: `why ${name}`, script, ...more };
}

type Ran = { frames: Frames; output: Buffer; stderr: string; seconds: number };

type Options = {
  sudo?: boolean;
  byHand?: boolean;
  /** A program and arguments that run the shell. */
  before?: readonly string[];
  env?: Readonly<Record<string, string>>;
  edit?: (script: string) => string;
};

/** The shells that hosts have as `sh`, by the program and the name it is called by. */
export const shells = {
  dash: { program: '/usr/bin/dash', name: 'sh' },
  bash: { program: '/usr/bin/bash', name: 'bash' },
  'bash as sh': { program: '/usr/bin/bash', name: 'sh' },
  busybox: { program: '/usr/bin/busybox', name: 'sh' },
} as const;

/** Runs commands as one script, with one of the shells in place of /bin/sh, inside and outside. */
export function runScript(
  shell: keyof typeof shells,
  commands: readonly Command[],
  { sudo = false, byHand = false, before = [], env = {}, edit = (text) => text }: Options = {},
): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-'));
  try {
    mkdirSync(join(folder, 'bin'), { mode: 0o755 });
    const sh = join(folder, 'bin', shells[shell].name);
    symlinkSync(shells[shell].program, sh);
    spawnSync('chmod', ['755', folder]);
    const script = composeScript({ name: 'app-1', sudo }, commands);
    const input = edit(runnable(script, { run: 'abc', byHand })).replaceAll('/bin/sh', sh);
    const [program = sh, ...args] = [...before, sh];
    const started = performance.now();
    const ended = spawnSync(program, args, { input, maxBuffer: 1e9, env: { PATH: process.env.PATH, ...env } });
    if (ended.error) throw ended.error;
    return {
      frames: readFrames(ended.stdout, commands, { run: 'abc', summed: byHand }),
      output: ended.stdout,
      stderr: ended.stderr.toString(),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The result of a command that must be there. */
export function resultOf({ frames }: Pick<Ran, 'frames'>, name: string): CommandResult {
  const result = frames.results.get(name);
  if (!result) throw new Error(`no result of ${name}: ${frames.problem}`);
  return result;
}
