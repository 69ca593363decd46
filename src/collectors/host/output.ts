import { printable } from '../../text.ts';
import type { CommandResult } from '../collector.ts';

/** Whether a script ran to its last line, `end`, and nothing of what it printed was cut. */
export function isComplete(result: CommandResult): boolean {
  return !result.truncated && !result.timedOut && /(^|\n)end\n?$/.test(result.stdout);
}

/** Whether a script that prints `uid:` and its user id ran as root to its end. */
export function ranAsRoot(result: CommandResult): boolean {
  return isComplete(result) && !result.withoutRoot && /^uid:0$/m.test(result.stdout);
}

/** The lines of an output that begin with `prefix`, without it. */
export function linesOf(output: string, prefix: string): string[] {
  return output.split('\n').flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
}

/** A name or a value from a host, fit to be kept: printable, on one line, at most 200 characters. */
export function clean(untrusted: string): string {
  return printable(untrusted.slice(0, 200))
    .replace(/[\n\t]/g, '·')
    .trim();
}
