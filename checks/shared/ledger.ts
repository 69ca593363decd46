import type { PlainDate } from '../../src/evidence/dates.ts';
import { monthsBefore } from '../../src/evidence/dates.ts';
import { type LedgerType, ledgerSpec } from '../../src/evidence/filed/ledger-types.ts';
import { type Entry, entriesOf, type Ledger } from '../../src/evidence/filed/ledgers.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text, TextData } from '../../src/text.ts';
import { type Evidence, type Finding, unproven } from '../check.ts';

/** What every check on a ledger may say of the ledger itself. */
export const ledgerMessages = {
  noLedger: {
    zh: '没有《{{ledger}}》的有效证据：平台文件未列出、未能读取或已过期',
    en: 'there is no valid evidence of the ledger “{{ledger}}”: it is not listed in the platform file, could not be read, or is too old',
  },
  startsLate: {
    zh: '《{{ledger}}》自 {{from}} 起登记，应自 {{needed}} 起',
    en: 'the ledger “{{ledger}}” begins on {{from}}; it must begin on {{needed}}',
  },
  notClosed: {
    zh: '《{{ledger}}》（{{from}} 至 {{until}}，{{entries}} 条）没有签署的结账声明，不能证明登记完整',
    en: 'no signed statement closes the ledger “{{ledger}}” ({{from}} to {{until}}, {{entries}} entries), so nothing shows that it is complete',
  },
  closingNotShown: {
    zh: '《{{ledger}}》结账声明的签署文件未提供',
    en: 'the signed paper that closes the ledger “{{ledger}}” is not there',
  },
  closingOther: {
    zh: '结账声明所指为 {{closedFrom}} 至 {{closedUntil}}、{{closedEntries}} 条，《{{ledger}}》为 {{from}} 至 {{until}}、{{entries}} 条',
    en: 'the closing statement is for {{closedFrom}} to {{closedUntil}} with {{closedEntries}} entries; the ledger “{{ledger}}” runs from {{from}} to {{until}} with {{entries}}',
  },
  closingDate: {
    zh: '《{{ledger}}》截至 {{until}}，结账声明签署于 {{signedOn}}：应在截止日当日或之后、评估基准日当日或之前签署',
    en: 'the ledger “{{ledger}}” runs until {{until}} and was closed on {{signedOn}}; it must be closed on or after its last day, and not after the as-of date',
  },
} as const satisfies Record<string, Text>;

export type LedgerSays = keyof typeof ledgerMessages;

const close: Text = {
  zh: '由负责人对台账的起止日期和条数签署结账声明，并列入平台文件',
  en: 'have the person in charge sign a statement of the ledger’s period and number of entries, and list it in the platform file',
};

/** What to do about these. */
export const ledgerRemedies = {
  noLedger: {
    zh: '在平台文件 ledgers 中列出该台账；确无事项的，登记空台账并签署结账声明',
    en: 'list the ledger under ledgers of the platform file; if nothing occurred, list an empty one with a signed closing statement',
  },
  startsLate: { zh: '补登此前期间', en: 'enter the earlier period as well' },
  notClosed: close,
  closingNotShown: close,
  closingOther: close,
  closingDate: close,
} as const satisfies Record<LedgerSays, Text>;

/** A ledger that was found, with what keeps it from proving anything by silence. */
export type Register<T extends LedgerType> = {
  readonly seen: Seen<Ledger>;
  readonly entries: readonly Entry<T>[];
  /** Unproven findings; while there are any, nothing about the ledger is met. */
  readonly shortfalls: readonly Finding<LedgerSays>[];
};

/**
 * How far back a ledger must reach: calendar months before the as-of date or a date, neither beyond the start of the platform; that
 * start itself, for what has been in force since then (using units, capabilities, grants); or all of the months, for what is
 * asked of the unit and is older than its platform.
 */
export type Reach = number | PlainDate | 'start' | { readonly months: number };

/**
 * Finds a ledger. It must reach back as far as is asked, or to the start of the platform if that is later, and be closed by a
 * signed statement of exactly its period and number of entries.
 */
export function registerOf<T extends LedgerType>(
  { ledgers, platform }: Pick<Evidence<'ledgers' | 'platform'>, 'ledgers' | 'platform'>,
  of: T,
  asOf: PlainDate,
  reach?: Reach,
): Register<T> | undefined {
  const [seen, other] = ledgers.filter((each) => each.value.of === of);
  // Which of two would be the true one?
  if (!seen || other) return undefined;
  const needed = reach === undefined ? undefined : neededFrom(reach, platform[0]?.value.since ?? '0001-01-01', asOf);
  return { seen, entries: entriesOf(seen.value, of), shortfalls: shortfallsOf(seen, asOf, needed) };
}

function neededFrom(reach: Reach, since: PlainDate, asOf: PlainDate): PlainDate {
  if (reach === 'start') return since;
  if (typeof reach === 'object') return monthsBefore(asOf, reach.months);
  const asked = typeof reach === 'number' ? monthsBefore(asOf, reach) : reach;
  return asked < since ? since : asked;
}

/** The finding for a ledger that is not there. */
export function noLedger(of: LedgerType): Finding<LedgerSays> {
  return unproven('noLedger', [], { ledger: titleOf(of) }, of);
}

function shortfallsOf(seen: Seen<Ledger>, asOf: PlainDate, needed: PlainDate | undefined): Finding<LedgerSays>[] {
  const { of, from, until, rows, closing } = seen.value;
  const data: TextData = { ledger: titleOf(of), from, until, entries: rows.length };
  const late =
    needed !== undefined && from > needed ? [unproven<LedgerSays>('startsLate', seen, { ...data, needed })] : [];
  if (!closing) return [...late, unproven('notClosed', seen, data)];
  if (!closing.document.sha256) return [...late, unproven('closingNotShown', seen, data)];
  if (closing.from !== from || closing.until !== until || closing.entries !== rows.length) {
    const closed = { closedFrom: closing.from, closedUntil: closing.until, closedEntries: closing.entries };
    return [...late, unproven('closingOther', seen, { ...data, ...closed })];
  }
  if (closing.signedOn < until || closing.signedOn > asOf)
    return [...late, unproven('closingDate', seen, { ...data, signedOn: closing.signedOn })];
  return late;
}

/** Problems first, then what stops a pass; met only where there is neither. */
export function concluded<Says extends string>(
  register: Pick<Register<LedgerType>, 'shortfalls'>,
  problems: readonly Finding<Says>[],
  pass: () => Finding<Says>,
): Finding<Says | LedgerSays>[] {
  const all = [...problems, ...register.shortfalls];
  return all.length > 0 ? all : [pass()];
}

/** What a kind of ledger is called. */
export function titleOf(of: LedgerType): Text {
  return ledgerSpec(of).title;
}

const mostNamed = 10;

/** Entries as a reader finds them in the file: `第 3 行 某公司`; ten at most, then how many there are. */
export function entriesText(entries: readonly { readonly row: number; readonly name?: string }[]): Text {
  const named = entries.slice(0, mostNamed);
  const more = entries.length > mostNamed;
  return {
    zh:
      named.map(({ row, name }) => `第 ${row} 行${name ? ` ${name}` : ''}`).join('、') +
      (more ? ` 等 ${entries.length} 条` : ''),
    en:
      named.map(({ row, name }) => `row ${row}${name ? ` ${name}` : ''}`).join(', ') +
      (more ? ` and others, ${entries.length} in all` : ''),
  };
}
