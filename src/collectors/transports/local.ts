import type { Gate } from '../../gate.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type Command, type CommandResult, Unavailable } from '../collector.ts';
import { type Examined, examine, mostOutput, newRun, type SessionOptions } from './examined.ts';
import { composeScript, defaultTimeout, runnable } from './host-script.ts';

/** Runs the commands on this machine as one script. */
export async function examineLocal(
  gate: Gate,
  host: DeclaredHost,
  commands: readonly Command[],
  { seconds, signal }: SessionOptions,
): Promise<Examined> {
  if (signal.aborted) return { results: new Map(), lost: new Unavailable('interrupted', '') };
  const run = newRun();
  const { stdout, stderr, truncated, timedOut } = await gate.run('/bin/sh', [], {
    input: runnable(composeScript(host, commands), run),
    timeout: seconds,
    limit: mostOutput,
    signal,
    gently: true,
  });
  const reason = signal.aborted ? 'interrupted' : truncated ? 'too-large' : timedOut ? 'timed-out' : undefined;
  return examine(stdout, commands, run, { why: reason && new Unavailable(reason, ''), heard: stderr });
}

/** Results by name of commands run on this machine; of what the user's interrupt cut there is none. */
export async function runLocal(
  gate: Gate,
  host: DeclaredHost,
  commands: readonly Command[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CommandResult>> {
  const seconds = commands.reduce((sum, { timeout }) => sum + (timeout ?? defaultTimeout), 0);
  return (await examineLocal(gate, host, commands, { seconds, signal })).results;
}
