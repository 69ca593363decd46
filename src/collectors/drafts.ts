import { ScopeError } from '../errors.ts';
import type { Instant } from '../evidence/dates.ts';
import { kinds } from '../evidence/kinds.ts';
import type { Draft, Reason } from '../evidence/observation.ts';
import { type Collector, Unavailable } from './collector.ts';

/** Where and when something is observed. */
export type Observer = {
  readonly zone: string;
  readonly at: () => Instant;
  readonly signal: AbortSignal;
};

/** Who observes what. */
export type Asked = { readonly collector: Pick<Collector, 'id' | 'kind'>; readonly subject: string };

/** Characters of what a machine or a reader of tables said: ten mistakes in two languages fit. */
const mostDetail = 4000;

/** An observed value, held against its kind's schema. */
export function observed(
  asked: Asked,
  found: { value: unknown; method: string; rawText?: string | undefined },
  observer: Observer,
): Draft {
  const value = kinds[asked.collector.kind].value.parse(found.value);
  const raw = found.rawText === undefined ? {} : { rawText: found.rawText };
  return draft(asked, found.method, { observed: value, ...raw }, observer);
}

/** What could not be observed, and why. */
export function unobserved(asked: Asked, reason: Reason, detail: string, observer: Observer): Draft {
  return draft(asked, '-', { unobserved: { reason, detail: detail.slice(0, mostDetail) } }, observer);
}

/** What a collector's error leaves; the guard's refusal is thrown on. */
export function failed(asked: Asked, error: unknown, observer: Observer): Draft {
  // It is the user's to mend, before anything is collected at all.
  if (error instanceof ScopeError) throw error;
  if (observer.signal.aborted) return unobserved(asked, 'interrupted', '', observer);
  if (error instanceof Unavailable) return unobserved(asked, error.reason, error.message, observer);
  return unobserved(asked, 'failed', error instanceof Error ? error.message : String(error), observer);
}

function draft({ collector, subject }: Asked, method: string, content: object, { zone, at }: Observer): Draft {
  const source = { collector: collector.id, zone, method };
  // Kind and value were matched by the kind's schema just before.
  return { kind: collector.kind, subject, at: at(), source, ...content } as Draft;
}
