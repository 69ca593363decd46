import { printable } from '../../text.ts';
import type { CommandResult } from '../collector.ts';

/** Whether a script ran to its last line and nothing of what it printed was cut; `last` is that line, which no content can be. */
export function ranToEnd({ truncated, timedOut, stdout }: CommandResult, last: string): boolean {
  return !truncated && !timedOut && `\n${stdout.replace(/\n$/, '')}`.endsWith(`\n${last}`);
}

/** Whether a script ran to its last line, `end`. */
export function isComplete(result: CommandResult): boolean {
  return ranToEnd(result, 'end');
}

/** Whether a script that prints `uid:` and its user id ran as root to its end. */
export function ranAsRoot(result: CommandResult): boolean {
  return isComplete(result) && !result.withoutRoot && /^uid:0$/m.test(result.stdout);
}

/** The lines that were printed to their end: of one that was cut, the rest might say something else. */
export function wholeLines(output: string): string[] {
  return output.split('\n').slice(0, -1);
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
