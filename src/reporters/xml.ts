import { plain } from './plain.ts';

/** Text of an XML 1.0 document: made visible, for it forbids most control characters even as references, then escaped. */
export function xmlText(untrusted: string): string {
  return plain(untrusted).replace(/[&<>]/g, escaped);
}

/** A value between double quotes; line breaks and tabs survive as references. */
export function xmlValue(untrusted: string): string {
  return plain(untrusted).replace(/[&<>"'\n\t]/g, escaped);
}

const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

function escaped(character: string): string {
  return `&${names[character] ?? `#${character.charCodeAt(0)}`};`;
}
