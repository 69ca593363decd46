import type { Evidence } from '../../checks/check.ts';
import type { FiledDocument } from '../../src/evidence/filed/documents.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import { type Kind, kindNames } from '../../src/evidence/kinds.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { seen } from './check-tester.ts';

type States = FiledDocument['states'];

/** What a paper states. */
export const nothingStated: States = { addresses: [], ports: [], phones: [], identities: [] };

/** A PDF that is held and hashed. */
export function paper(value: Partial<FiledDocument> = {}, states: Partial<States> = {}): Seen<FiledDocument> {
  const { id = 'form' } = value;
  return seen('documents', { ...pdf, states: { ...nothingStated, ...states }, ...value, id }, { subject: id });
}

const pdf: FiledDocument = {
  id: 'form',
  title: '信息表',
  file: '信息表.pdf',
  held: true,
  bytes: 48_213,
  mediaType: 'application/pdf',
  sha256: 'a'.repeat(64),
  sm3: 'b'.repeat(64),
  states: nothingStated,
};

/** What keeps a paper from counting. */
export const defects = {
  'not held': { held: false, bytes: 0, mediaType: 'unknown' },
  empty: { bytes: 0, mediaType: 'unknown' },
  'no document': { mediaType: 'unknown' },
  misnamed: { mediaType: 'text/plain' },
} as const satisfies Record<string, Partial<FiledDocument>>;

/** A paper whose file has no hash. */
export function unhashed(value: Partial<FiledDocument> = {}, states: Partial<States> = {}): Seen<FiledDocument> {
  const { sha256: _, sm3: __, ...rest } = paper(value, states).value;
  return seen('documents', rest, { subject: rest.id });
}

/** A declared text. */
export function text(name: string, words: string): Seen<Fact> {
  return seen('facts', { name, value: { type: 'text', text: words }, declared: words }, { subject: name });
}

/** A declared date. */
export function day(name: string, date: string): Seen<Fact> {
  return seen('facts', { name, value: { type: 'date', date }, declared: date }, { subject: name });
}

/** Evidence of these kinds, and none of any other. */
export function evidence(given: Partial<Evidence<Kind>>): Evidence<Kind> {
  return { ...Object.fromEntries(kindNames.map((kind) => [kind, []])), ...given } as Evidence<Kind>;
}
