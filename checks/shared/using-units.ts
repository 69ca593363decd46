import type { PlainDate } from '../../src/evidence/dates.ts';
import { type ColumnOf, type LedgerType, ledgerSpec } from '../../src/evidence/filed/ledger-types.ts';
import type { Entry } from '../../src/evidence/filed/ledgers.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import { type Finding, type unmet, unproven } from '../check.ts';
import { entriesText, type Register, titleOf } from './ledger.ts';

/** A using unit, as its ledger has it. */
export type Unit = Entry<'using-units'>;

/** What every check on using units may say of the units themselves. */
export const unitMessages = {
  noUnits: {
    zh: '《{{ledger}}》（共 {{entries}} 条）没有在用的使用单位，无从判定',
    en: 'no using unit is current in the ledger “{{ledger}}” ({{entries}} entries), so nothing can be judged',
  },
  unitsUnclear: {
    zh: '{{count}} 条使用单位的接入、解除或使用日期缺失或互相矛盾，不能确定是否在用：{{entries}}',
    en: '{{count}} using units have dates of joining, leaving or use that are missing or contradict each other: {{entries}}',
  },
  unitsTwice: {
    zh: '{{count}} 条在用的使用单位与前列的统一社会信用代码相同：{{entries}}',
    en: '{{count}} current using units have a credit code that stands above already: {{entries}}',
  },
} as const satisfies Record<string, Text>;

export type UnitSays = keyof typeof unitMessages;

/** What to do about these. */
export const unitRemedies = {
  noUnits: { zh: '登记全部在用的使用单位', en: 'enter every using unit that is current' },
  unitsUnclear: { zh: '核对并改正日期', en: 'verify and correct the dates' },
  unitsTwice: { zh: '每个使用单位只登记一条', en: 'enter each using unit once' },
} as const satisfies Record<UnitSays, Text>;

/** The units that may use the platform at the as-of date, and what keeps them from being counted. */
export type CurrentUnits = { readonly current: readonly Unit[]; readonly problems: readonly Finding<UnitSays>[] };

/** Units that joined, and did not leave, by the as-of date; those whose dates contradict each other are among them. */
export function currentUnits({ seen, entries }: Register<'using-units'>, asOf: PlainDate): CurrentUnits {
  const current = entries.filter((unit) => isCurrent(unit, asOf));
  const twice = repeated(current, (unit) => unit.creditCode);
  const none = current.length === 0 && [
    unproven<UnitSays>('noUnits', seen, { ledger: titleOf('using-units'), entries: entries.length }),
  ];
  const unclear = entries.filter((unit) => isUnclear(unit, asOf));
  return {
    current,
    problems: [
      ...(none || []),
      ...listed<UnitSays>(unproven, 'unitsUnclear', seen, unclear),
      ...listed<UnitSays>(unproven, 'unitsTwice', seen, twice),
    ],
  };
}

/** Whether a using unit may use the platform on a day; the day it leaves is no longer one. */
export function isCurrent({ joinedOn = '', leftOn }: Unit, asOf: PlainDate): boolean {
  return joinedOn <= asOf && (leftOn === undefined || leftOn > asOf || leftOn < joinedOn);
}

function isUnclear({ joinedOn, leftOn, lastUsedOn }: Unit, asOf: PlainDate): boolean {
  if (joinedOn === undefined) return true;
  // A unit that is yet to join has used nothing: a slip of the pen would hide it from every check.
  return (leftOn !== undefined && leftOn < joinedOn) || (joinedOn > asOf && lastUsedOn !== undefined);
}

/** Whether a capability is in use on a day: not stopped, or approved again after that. */
export function isInUse({ stoppedOn, approvedOn }: Entry<'capabilities'>, asOf: PlainDate): boolean {
  return stoppedOn === undefined || stoppedOn > asOf || (approvedOn !== undefined && approvedOn > stoppedOn);
}

// Digits, capitals and Chinese characters (U+4E00 to U+9FFF) are in their plain form already: most of 100,000 codes and names.
const plain = /^[0-9A-Z\u4e00-\u9fff]*$/;

/** A name or code for comparison: width, case and blanks do not matter. */
export function keyOf(words: string): string {
  return plain.test(words) ? words : words.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}

/** The entries whose name or code stands above already. */
export function repeated<T>(entries: readonly T[], nameOf: (entry: T) => string | undefined): T[] {
  const names = new Set<string>();
  return entries.filter((entry) => names.size === names.add(keyOf(nameOf(entry) ?? '')).size);
}

type Listed = { readonly row: number; readonly name?: string };

/** One finding for all entries that share a problem, by `unmet` or `unproven`; none if no entry has it. */
export function listed<Says extends string>(
  outcome: typeof unmet,
  says: NoInfer<Says>,
  cites: Parameters<typeof unmet>[1],
  entries: readonly Listed[],
  data: TextData = {},
): Finding<Says>[] {
  if (entries.length === 0) return [];
  return [outcome<Says>(says, cites, { ...data, entries: entriesText(entries), count: entries.length })];
}

/** What a column is called. */
export function columnText<T extends LedgerType>(of: T, column: ColumnOf<T>): Text {
  return ledgerSpec(of).columns[column]?.title ?? { zh: column, en: column };
}

/** What the choices of a column are called, as a list. */
export function choicesText<T extends LedgerType>(of: T, column: ColumnOf<T>, keys: readonly string[]): Text {
  const choices = ledgerSpec(of).columns[column]?.choices ?? {};
  const texts = keys.map((key): Text => {
    const [zh, en] = choices[key] ?? [key, key];
    return { zh, en };
  });
  return joined(texts, '、', ', ');
}

/** Columns that an answer must stand in, and that the ledger does not have: an empty cell of theirs would say nothing. */
export function missingColumns<T extends LedgerType>(
  { seen }: Register<T>,
  of: T,
  columns: readonly ColumnOf<T>[],
): Finding<'columnMissing'>[] {
  const missing = columns.filter((column) => !seen.value.columns.includes(column));
  if (missing.length === 0) return [];
  const texts = missing.map((column) => columnText(of, column));
  return [unproven('columnMissing', seen, { ledger: titleOf(of), columns: joined(texts, '、', ', ') })];
}

/** What {@link missingColumns} says, and what to do about it. */
export const columnMessages = {
  columnMissing: {
    zh: '《{{ledger}}》没有「{{columns}}」一栏，无从判定',
    en: 'the ledger “{{ledger}}” has no column {{columns}}, so nothing can be judged',
  },
} as const satisfies Record<string, Text>;

export const columnRemedies = {
  columnMissing: { zh: '增设该栏并逐户填写', en: 'add the column and fill it in for every unit' },
} as const satisfies Record<string, Text>;
