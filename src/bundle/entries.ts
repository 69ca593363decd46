import { canonicalJson } from '../canonical-json.ts';
import type { Instant } from '../evidence/dates.ts';
import type { Draft, Observation } from '../evidence/observation.ts';
import { idOfText, rawFolder } from './bundle.ts';
import { sha256 } from './digests.ts';
import { redact } from './redact.ts';

/** An observation, and the raw output that it names. */
export type Identified = { observation: Observation; raw?: NonNullable<Entry['raw']> };

/** An identified observation as it is written: its line, and what it is sorted by. */
export type Entry = {
  readonly kind: string;
  readonly subject: string;
  readonly id: string;
  readonly at: Instant;
  /** Canonical JSON. */
  readonly line: string;
  readonly raw?: { readonly name: string; readonly content: Buffer | string } | undefined;
};

/** Gives a draft its id, and its raw text its hash. */
export function identified({ rawText, ...draft }: Draft): Identified {
  const content = rawText === undefined ? undefined : Buffer.from(redact(rawText), 'utf8');
  const raw = content ? { raw: sha256(content) } : {};
  const body = { ...draft, ...raw };
  const id = idOfText(canonicalJson(body));
  // `Omit` over the union loses that kind and value belong together; nothing but id and raw was taken away and put back.
  const observation = { id, ...body } as Observation;
  return content ? { observation, raw: { name: `${rawFolder}/${raw.raw}.txt`, content } } : { observation };
}

/** An observation as it is written. */
export function entryOf({ observation, raw }: Identified): Entry {
  const { kind, subject, id, at } = observation;
  return { kind, subject, id, at, line: canonicalJson(observation), raw };
}

/** A draft as it is written, its raw output still a text. */
export function entryOfDraft({ rawText, ...draft }: Draft): Omit<Entry, 'raw'> & {
  readonly raw?: { readonly digest: string; readonly text: string };
} {
  const text = rawText === undefined ? undefined : redact(rawText).toWellFormed();
  const raw = text === undefined ? undefined : { digest: sha256(text), text };
  const body = { ...draft, ...(raw ? { raw: raw.digest } : {}) };
  const { kind, subject, at } = body;
  // Made once for the id and for the line, in which it stands behind the time.
  const canonical = canonicalJson(body);
  const id = idOfText(canonical);
  const start = `{"at":${JSON.stringify(at)},`;
  if (!canonical.startsWith(start)) throw new Error('a draft whose first key is not its time');
  const line = `${start}"id":"${id}",${canonical.slice(start.length)}`;
  return { kind, subject, id, at, line, ...(raw ? { raw } : {}) };
}
