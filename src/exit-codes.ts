/** Exit status of every command; the meaning of each is part of the public contract. */
export const exitCodes = {
  /** All that was asked holds. */
  ok: 0,
  /** A verdict at or above `--fail-on`, a regression, a mismatch. */
  failed: 1,
  /** The call or an input file is wrong, or asks for what the scope guard refuses. */
  wrongInput: 2,
  /** More is unproven than `--max-unproven` allows; something will be, because it is missing. */
  unproven: 3,
  /** A bug in this program: the only case that prints a stack. */
  internal: 4,
  /** The machine lacks what is needed, or could not write it. */
  machine: 5,
  /** Interrupted; what was collected is kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
