import type { Profile, Requirement } from '../assessment/profile.ts';
import type { PlainDate } from '../evidence/dates.ts';
import type { LedgerType } from '../evidence/filed/ledger-types.ts';
import type { Mode } from '../evidence/filed/platform.ts';
import { occasionTitles } from '../occasion.ts';
import type { Language } from '../text.ts';

/** What must be known to begin: the answers to `leqi-audit init`. */
export type Answers = {
  readonly unit: string;
  readonly creditCode: string;
  readonly platform: string;
  readonly mode: Mode;
  /** The day the platform went into service. */
  readonly since: PlainDate;
  readonly accessStart?: PlainDate;
  readonly validityEnd?: PlainDate;
  /** Fixed addresses that take connections, with their ports. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
};

/** What a new folder is made from. */
export type Starter = {
  readonly profile: Profile;
  /** As the platform file names it: a name, or the path of a file. */
  readonly profileName: string;
  readonly answers: Answers;
  readonly today: PlainDate;
  readonly language: Language;
};

/** A text in the language of the one who asked for the folder. */
export function sayFor({ language }: Starter): (zh: string, en: string) => string {
  return (zh, en) => (language === 'zh' ? zh : en);
}

/** A word as a YAML scalar: plain where that is safe, else quoted as JSON, which YAML reads the same. */
export function scalar(word: string): string {
  const isPlain = /^[\p{Script=Han}A-Za-z][\p{Script=Han}\w （）()·-]*$/u.test(word) && word.trim() === word;
  return isPlain && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(word) ? word : escaped(word);
}

// JSON lets through what could move the cursor of whoever looks at it, or reorder the line.
function escaped(word: string): string {
  const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(word).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, code);
}

/** The ids and clauses of requirements, for a comment: `QD-1.5 (QD 1-5)`; with the occasions of those that bind at few. */
export function citedBy(by: readonly Requirement[], language: Language): string {
  return by
    .map(({ id, cites, occasions }) => {
      const clauses = cites.map((cite) => `${cite.source} ${cite.clause}`).join('; ');
      const at = occasions === 'always' ? [] : occasions.map((occasion) => occasionTitles[occasion][language]);
      return `${id} (${clauses}${at.length > 0 ? `; ${at.join('/')}` : ''})`;
    })
    .join(', ');
}

/** The file of a paper that is yet to come, in the order of the checklist. */
export function paperFile(index: number, title: string): string {
  return `${String(index + 1).padStart(2, '0')}-${title.replaceAll(/[\\/:*?"<>|]/g, '-')}.pdf`;
}

/** The file of a new ledger, below the document folder. */
export function ledgerFile(of: LedgerType): string {
  return `ledgers/${of}.csv`;
}
