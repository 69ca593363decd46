/** The languages that every text a user reads is written in. */
export const languages = ['zh', 'en'] as const;

export type Language = (typeof languages)[number];

/** One text in both languages; neither is a fallback for the other. */
export type Text = { readonly zh: string; readonly en: string };

/** What a `{{placeholder}}` may be filled with; a {@link Text} is filled in its own language. */
export type TextData = Readonly<Record<string, string | number | Text>>;

/** Fills `{{name}}` placeholders; throws if a name has no value, so that no report shows a raw placeholder. */
export function fill(text: Text, data: TextData): Text {
  return { zh: fillOne(text.zh, 'zh', data), en: fillOne(text.en, 'en', data) };
}

/** The placeholder names of a template, in order of appearance. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{\{(\w+)\}\}/g)].flatMap((match) => match[1] ?? []);
}

/** The same words in both languages: names, addresses, paths. */
export function verbatim(words: string): Text {
  return { zh: words, en: words };
}

/** Joins texts with separators that suit each language. */
export function joined(parts: readonly Text[], zh = '；', en = '; '): Text {
  return { zh: parts.map((part) => part.zh).join(zh), en: parts.map((part) => part.en).join(en) };
}

const separator = ' | ';

/** A text in both languages on one line, as what could not be observed carries it; {@link heard} parts it again. */
export function said({ zh, en }: Text): string {
  return `${printable(zh)}${separator}${printable(en)}`.toWellFormed();
}

/** The two languages of what {@link said} made; anything else is the same in both. */
export function heard(detail: string): Text {
  const parts = detail.split(separator);
  const half = parts.length / 2;
  const zh = parts.slice(0, half).join(separator);
  const isBoth = Number.isInteger(half) && /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(zh);
  return isBoth ? { zh, en: parts.slice(half).join(separator) } : verbatim(detail);
}

/** `--lang`, else the locale, else Chinese. */
export function languageOf(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  if (flag === 'zh' || flag === 'en') return flag;
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^(?!C\b|POSIX\b|zh)[a-z]{2}/i.test(locale) ? 'en' : 'zh';
}

// Control characters could move the cursor or recolour the terminal; bidi controls could reorder what an auditor reads.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Untrusted text made safe to print: control and direction characters become `·`; newline and tab stay. */
export function printable(untrusted: string): string {
  return untrusted.replace(unprintable, '·');
}

function fillOne(template: string, language: Language, data: TextData): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = data[name];
    if (value === undefined) throw new Error(`text "${template}" has no value for {{${name}}}`);
    return printable(typeof value === 'object' ? value[language] : String(value));
  });
}
