import { createHash } from 'node:crypto';
import { type Language, printable, type Text } from '../text.ts';

// What no reader would see, or no XML document may hold: format characters, private use, unassigned, separators of lines.
const unseen = /[[\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}]--[\t\n]]/gv;

/**
 * Untrusted text as the machine-readable formats carry it: control and direction characters as `·`, each further character that
 * would be invisible by its number, `〔U+200B〕`, half a surrogate pair as U+FFFD. Newlines, tabs, emoji and combining marks stay.
 */
export function plain(untrusted: string): string {
  return printable(untrusted.toWellFormed()).replace(unseen, numbered);
}

/** A character by its number: `〔U+200B〕`. */
export function numbered(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `〔U+${code.toString(16).toUpperCase().padStart(4, '0')}〕`;
}

/** Like {@link plain}, of at most `limit` UTF-16 units: a longer text ends with its length and the SHA-256 of the whole. */
export function plainShort(untrusted: string, limit: number, language: Language): string {
  // No character becomes shorter by being made visible, so that what lies beyond the limit stays there.
  const text = plain(untrusted.slice(0, limit));
  if (text.length <= limit && untrusted.length <= limit) return text;
  const rest = leftOut(untrusted, language);
  const kept = text.slice(0, limit - rest.length);
  // A pair cut in two would be no character.
  return (kept.isWellFormed() ? kept : kept.slice(0, -1)) + rest;
}

/** What stands in place of the rest of a text that is too long to show. */
export function leftOut(untrusted: string, language: Language): string {
  const count = untrusted.length - (untrusted.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
  const hash = createHash('sha256').update(untrusted, 'utf8').digest('hex');
  return language === 'zh'
    ? `……（全文 ${count} 字，此处从略；全文 SHA-256：${hash}）`
    : `… (${count} characters in all, the rest is left out here; SHA-256 of the whole: ${hash})`;
}

/** A text on one line: line breaks and tabs become a blank. */
export function onOneLine(text: string): string {
  return text.replace(/[\t\n ]+/g, ' ').trim();
}

/** What a reader knows a subject by: its name in the report's language, else itself. Raw, as the subject is. */
export function nameOf({ subject, name }: { subject: string; name?: Text | undefined }, language: Language): string {
  return name?.[language] ?? subject;
}
