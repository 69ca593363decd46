import type { Instant } from '../evidence/dates.ts';
import { type Language, printable } from '../text.ts';
import { isCovered } from './pdf/fonts.ts';
import { leftOut, numbered } from './plain.ts';

/**
 * Characters that take no place on paper, or that no font may have: format characters, private use, unassigned; and marks that
 * stand over another character and are not composed with it, for hardly any font draws them.
 */
const unreliable = /[\p{Default_Ignorable_Code_Point}\p{C}\p{M}\p{Zl}\p{Zp}]/u;

const known = new Map<string, string>();

/**
 * Untrusted text as a report shows it: control and direction characters as `·`, and each character that would be invisible or
 * that no font of the report has by its number, `〔U+1F600〕`, so that nothing vanishes from paper. Newlines and tabs stay.
 */
export function shown(untrusted: string): string {
  const text = printable(untrusted.toWellFormed().normalize('NFC'));
  // Nearly all text is ASCII or was met before; asking the fonts for each character would cost more than rendering.
  return text.replace(/[^\n\t -~]/gu, (character) => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const after = visible(character);
    known.set(character, after);
    return after;
  });
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return isCovered(code) && !unreliable.test(character) ? character : numbered(character);
}

/** Like {@link shown}, but a text beyond `limit` characters ends with its length and the SHA-256 of the whole: never cut silently. */
export function shortened(untrusted: string, limit: number, language: Language): string {
  const characters = [...untrusted.toWellFormed()];
  if (characters.length <= limit) return shown(untrusted);
  return shown(characters.slice(0, limit).join('')) + leftOut(untrusted, language);
}

/** The first line of a text, at most `limit` characters; for lists that link to the whole. */
export function firstLine(untrusted: string, limit: number): string {
  const [line = ''] = untrusted.trim().split('\n');
  const characters = [...line.toWellFormed()];
  const cut = characters.length > limit || line !== untrusted.trim();
  return shown(characters.slice(0, limit).join('')) + (cut ? '…' : '');
}

/** Shows instants as a clock in the time zone does: `2026-11-22 13:46:00`. */
export function clockIn(timeZone: string): (instant: Instant) => string {
  const format = formatOf(timeZone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return `${year}-${month}-${day} ${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
  };
}

/** The time zone's distance from UTC at an instant: `UTC+08:00`. */
export function offsetOf(instant: Instant, timeZone: string): string {
  const parts = formatOf(timeZone, { timeZoneName: 'longOffset' }).formatToParts(new Date(instant));
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 'UTC+00:00' : name.replace('GMT', 'UTC');
}

function formatOf(timeZone: string, fields: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { ...fields, timeZone, calendar: 'gregory', numberingSystem: 'latn' });
}
