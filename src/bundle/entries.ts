import { canonicalJson } from '../canonical-json.ts';
import type { Instant } from '../evidence/dates.ts';
import type { Draft, Observation } from '../evidence/observation.ts';
import { idOf, rawFolder } from './bundle.ts';
import { digestsOf } from './digests.ts';
import { redact } from './redact.ts';

/** An observation, and the raw output that it names. */
export type Identified = { observation: Observation; raw?: { name: string; content: Buffer } };

/** An identified observation as it is written: its line, and what it is sorted by. */
export type Entry = {
  readonly kind: string;
  readonly subject: string;
  readonly id: string;
  readonly at: Instant;
  /** Canonical JSON. */
  readonly line: string;
  readonly raw?: { readonly name: string; readonly content: Buffer } | undefined;
};

/** Gives a draft its id, and its raw text its hash. */
export function identified({ rawText, ...draft }: Draft): Identified {
  const content = rawText === undefined ? undefined : Buffer.from(redact(rawText), 'utf8');
  const raw = content ? { raw: digestsOf(content).sha256 } : {};
  const body = { ...draft, ...raw };
  const id = idOf(body);
  // `Omit` over the union loses that kind and value belong together; nothing but id and raw was taken away and put back.
  const observation = { id, ...body } as Observation;
  return content ? { observation, raw: { name: `${rawFolder}/${raw.raw}.txt`, content } } : { observation };
}

/** An observation as it is written. */
export function entryOf({ observation, raw }: Identified): Entry {
  const { kind, subject, id, at } = observation;
  return { kind, subject, id, at, line: canonicalJson(observation), raw };
}
