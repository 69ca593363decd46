import type { CommandResult, CommandResults } from '../../src/collectors/collector.ts';

/** Results as a transport returns them, for a reader's test; a command without an entry printed nothing and failed with 127. */
export function transcript(outputs: Readonly<Record<string, string | Partial<CommandResult>>>): CommandResults {
  return (name) => {
    const given = outputs[name];
    const base: CommandResult = {
      status: given === undefined ? 127 : 0,
      stdout: '',
      stderr: '',
      truncated: false,
      timedOut: false,
      withoutRoot: false,
    };
    return typeof given === 'string' ? { ...base, stdout: given } : { ...base, ...given };
  };
}
