import { createHash } from 'node:crypto';
import type { Language } from '../../text.ts';
import { onOneLine, plainShort } from '../plain.ts';

/** UTF-16 units of one text. */
const longestText = 8000;

/** The names of properties that OSCAL does not define. */
const namespace = 'urn:leqi-audit:oscal';

/** OSCAL’s data types, made from untrusted text. */
export type OscalText = {
  /** StringDatatype: one line, not empty. */
  readonly line: (text: string) => string;
  /** MarkupLineDatatype: one line of Markdown, every sign of it escaped. */
  readonly markupLine: (text: string) => string;
  /** MarkupMultilineDatatype: the same over several lines, one paragraph each. */
  readonly markup: (...paragraphs: readonly string[]) => string;
};

export function oscalText(language: Language): OscalText {
  const line = (text: string): string => onOneLine(plainShort(text, longestText, language)) || '-';
  return {
    line,
    markupLine: (text) => escaped(line(text)),
    markup: (...paragraphs) =>
      paragraphs
        .flatMap((each) => plainShort(each, longestText, language).split('\n'))
        .map((each) => escaped(onOneLine(each)))
        .filter((each) => each !== '')
        .join('\n\n') || '-',
  };
}

/** A TokenDatatype for an id; one that is none gets signs replaced, and a hash to stay apart from others. */
export function tokenOf(id: string): string {
  if (/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id) && id.length <= 80) return id;
  const hash = createHash('sha256').update(id, 'utf8').digest('hex').slice(0, 12);
  return `_${id
    .toWellFormed()
    .replace(/[^\p{L}\p{N}._-]/gu, '_')
    .slice(0, 60)
    .toWellFormed()
    .replaceAll('\ufffd', '_')}-${hash}`;
}

/** A property of ours; without a value there is none. */
export function property(name: string, value: string | undefined, { line }: OscalText): object[] {
  return value === undefined || value === '' ? [] : [{ name, ns: namespace, value: line(value) }];
}

/** A list that OSCAL allows only if it is not empty. */
export function listed<T>(name: string, items: readonly T[]): Record<string, readonly T[]> {
  return items.length === 0 ? {} : { [name]: items };
}

// HTML, links, emphasis, code, tables, headings, lists and OSCAL's insertions: all begin with one of these.
function escaped(text: string): string {
  return text
    .replace(/[\\`*_~^[\]<>{}&#|!]/g, '\\$&')
    .replace(/^([-+=]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}
