import type { Kind, Value } from '../evidence/kinds.ts';
import type { Reason } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import type { DeclaredHost, Platform } from '../platform.ts';
import type { Secrets } from '../secrets.ts';
import type { Text } from '../text.ts';
import type { SshHome } from './transports/ssh-files.ts';

/** Thrown by a collector that cannot observe its subject; becomes an *unobserved* observation, never an error. */
export class Unavailable extends Error {
  readonly reason: Reason;

  /** @param detail what the machine or library said; it may be untrusted text */
  constructor(reason: Reason, detail: string) {
    super(detail);
    this.name = 'Unavailable';
    this.reason = reason;
  }
}

/** One read-only command that runs on a host, as POSIX sh. */
export type Command = {
  /** Short name, unique within the collector; stands in the printed script. */
  readonly name: string;
  /** What an auditor reads before it runs. */
  readonly why: string;
  /** POSIX sh; must not write, and must not use here-documents (old shells write them to disk). */
  readonly script: string;
  /** Asks for root where the platform file allows `sudo -n`; otherwise runs as the login user. */
  readonly asRoot?: boolean;
  /** Seconds; default 20. */
  readonly timeout?: number;
  /** Bytes of standard output kept; default 1 MiB. */
  readonly limit?: number;
};

/** What one command printed. */
export type CommandResult = {
  /** Exit status; undefined if it was killed. */
  readonly status: number | undefined;
  /** UTF-8 with replacement, cut at the command's limit. */
  readonly stdout: string;
  /** At most 4 KiB. */
  readonly stderr: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
  /** It asked for root and did not get it: what follows from its silence is nothing. */
  readonly withoutRoot: boolean;
};

/** Results of a host collector's commands by command name. */
export type CommandResults = (name: string) => CommandResult;

/** What a collector found: the value, and the raw text it was read from (redacted before it is written). */
export type Found<K extends Kind> = {
  readonly value: Value<K>;
  readonly method: string;
  readonly raw?: string;
};

/** Asks hosts by commands; `ask` and `read` are pure, transports do the rest. */
export type HostCollector<K extends Kind = Kind> = {
  readonly by: 'commands';
  readonly id: string;
  readonly kind: K;
  /** What it reads is worth no more than the host's own clock: dates of files, of records, of what is said to be synchronised. */
  readonly dated?: true;
  ask(host: DeclaredHost): readonly Command[];
  /** Reads the results; throws {@link Unavailable} if they prove nothing. */
  read(results: CommandResults, host: DeclaredHost): Value<K>;
};

/** Asks one subject (an address, a store, a document) by other means than commands on a host. */
export type DirectCollector<K extends Kind = Kind> = {
  readonly by: 'calls';
  readonly id: string;
  readonly kind: K;
  /** The subjects to ask about; each gives one observation. */
  subjects(platform: Platform): readonly string[];
  /** Observes one subject; throws {@link Unavailable} if it cannot. */
  collect(subject: string, tools: Tools): Promise<Found<K>>;
};

export type Collector = HostCollector | DirectCollector;

/** What direct collectors are handed: the only way to reach anything. */
export type Tools = {
  readonly platform: Platform;
  readonly gate: Gate;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Where passwords come from. */
  readonly secrets: Secrets;
  /** What is set up for ssh on this machine; without it that of whoever runs this. */
  readonly sshHome?: () => Promise<SshHome>;
  /** Whether it is known which ports of the platform lead on, and those that lead to the tax authority are withheld. */
  readonly relaysKnown?: boolean;
  /** Tells the user how far a long observation has come. */
  readonly tell?: (progress: Text) => void;
};

/** Declares a collector that asks hosts. */
export function defineHostCollector<K extends Kind>(spec: Omit<HostCollector<K>, 'by'>): HostCollector {
  return { by: 'commands', ...spec };
}

/** Declares a collector that makes its own calls through the gate. */
export function defineCollector<K extends Kind>(spec: Omit<DirectCollector<K>, 'by'>): DirectCollector {
  return { by: 'calls', ...spec };
}
