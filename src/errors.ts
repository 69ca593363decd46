import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Text } from './text.ts';

/** An error that a user can act on: says what, where and what to do next. Anything else that is thrown is a bug. */
export class UserError extends Error {
  readonly text: Text;
  readonly exitCode: ExitCode;

  constructor(text: Text, exitCode: ExitCode, options?: ErrorOptions) {
    super(text.en, options);
    this.name = new.target.name;
    this.text = text;
    this.exitCode = exitCode;
  }
}

/** The call or an input file is wrong. Exit status 2. */
export class InputError extends UserError {
  constructor(text: Text, options?: ErrorOptions) {
    super(text, exitCodes.wrongInput, options);
  }
}

/** The scope guard refused an address or a program. Exit status 2. */
export class ScopeError extends InputError {}

/** The machine lacks what is needed, or could not write it. Exit status 5. */
export class MachineError extends UserError {
  constructor(text: Text, options?: ErrorOptions) {
    super(text, exitCodes.machine, options);
  }
}

/** The message of whatever was thrown, without its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
