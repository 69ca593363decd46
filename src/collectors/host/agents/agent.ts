import type { Ability } from '../../../evidence/host/administration.ts';
import type { Text } from '../../../text.ts';

/** A known agent: what it is, what it lets somebody do from elsewhere, and how it is recognised. It is never started. */
export type KnownAgent = {
  /** The name by which the platform file declares it. */
  readonly name: string;
  readonly title: Text;
  readonly vendor: string;
  readonly abilities: readonly Ability[];
  /** Names of executables, or of scripts that an interpreter runs. */
  readonly processes: readonly string[];
  /** Names of systemd services or init scripts, without `.service`. */
  readonly services: readonly string[];
  /** Absolute paths that only this agent creates. */
  readonly paths: readonly string[];
};
