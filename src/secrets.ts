import type { Text } from './text.ts';

/** Finds a secret: in an environment variable, else by asking the person at the terminal; undefined if there is none. */
export type Secrets = (wanted: {
  /** One answer serves all that ask by the same key. */
  readonly key: string;
  readonly env?: string;
  /** Absent: the person is not asked. */
  readonly question?: Text;
}) => Promise<string | undefined>;

/** Knows none. */
export const noSecrets: Secrets = async () => undefined;
