import type { Gate } from '../../gate.ts';
import type { DeclaredHost } from '../../platform.ts';
import type { Command, CommandResult } from '../collector.ts';

/** Seconds and bytes a command may take where it says nothing else. */
export const defaultTimeout = 20;
export const defaultLimit = 1024 * 1024;

/** Runs the commands on this machine, one after the other, with empty standard input. */
export async function runLocal(
  gate: Gate,
  host: DeclaredHost,
  commands: readonly Command[],
  signal: AbortSignal,
): Promise<Map<string, CommandResult>> {
  const results = new Map<string, CommandResult>();
  for (const command of commands) {
    if (signal.aborted) break;
    const result = await runOne(gate, host, command, signal);
    // What was killed by the user's interrupt printed an unknown part of its answer.
    if (signal.aborted) break;
    results.set(command.name, result);
  }
  return results;
}

async function runOne(gate: Gate, host: DeclaredHost, command: Command, signal: AbortSignal): Promise<CommandResult> {
  const needsSudo = (command.asRoot ?? false) && process.getuid?.() !== 0;
  const withoutRoot = needsSudo && !host.sudo;
  const shell = ['/bin/sh', '-c', command.script];
  const [program = '/bin/sh', ...args] = needsSudo && host.sudo ? ['sudo', '-n', ...shell] : shell;
  const result = await gate.run(program, args, {
    timeout: command.timeout ?? defaultTimeout,
    limit: command.limit ?? defaultLimit,
    signal,
  });
  return { ...result, stdout: result.stdout.toString('utf8'), withoutRoot };
}
