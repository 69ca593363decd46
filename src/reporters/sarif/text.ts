import type { Language } from '../../text.ts';
import { plain, plainShort } from '../plain.ts';

/** UTF-16 units of one message: more than a viewer shows, less than what uploads refuse. */
const longestMessage = 8000;

/** A name or value outside a message. */
export function sarifText(text: string): string {
  return plain(text);
}

/** A message object: braces doubled, lest they be placeholders (3.11.5), and nothing that would become a link (3.11.6). */
export function sarifMessage(text: string, language: Language): { text: string } {
  const short = plainShort(text, longestMessage, language);
  return { text: short.replace(/[{}]/g, '$&$&').replaceAll('](', '\\](') };
}
