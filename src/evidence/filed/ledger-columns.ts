import type { Text } from '../../text.ts';

/** How a cell is read; the evidence keeps every cell as text in the form named here. */
export type CellForm =
  /** Free words, tidied. */
  | 'text'
  /** `YYYY-MM-DD`. */
  | 'date'
  /** A whole number. */
  | 'count'
  /** `yes`, `no` or `unknown`. */
  | 'yes-no'
  /** A key of the column's choices; anything else is refused. */
  | 'choice'
  /** A key of the column's choices where it fits one; other words are kept, for what fits no list must be seen. */
  | 'open-choice';

/** A column of a ledger. */
export type Column = {
  readonly form: CellForm;
  /** The head that a new ledger gets. */
  readonly title: Text;
  /** Further heads that it is known by. */
  readonly aliases: readonly string[];
  /** `cell`: it must stand there and be filled in every row; `column`: it must stand there; absent: it may be left out. */
  readonly must?: 'cell' | 'column';
  /** The words that each choice is written in; the first two are its Chinese and English names. */
  readonly choices?: Readonly<Record<string, readonly [zh: string, en: string, ...others: string[]]>>;
};

/** One kind of ledger. */
export type LedgerSpec = {
  readonly title: Text;
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that together name a row: two rows that agree in all of them are refused. */
  readonly key: readonly string[];
};

/** What a column may say beside its form and heads. */
type Extra = Pick<Column, 'must'>;

function column(form: CellForm) {
  return (zh: string, en: string, extra: Extra = {}, ...aliases: string[]): Column => ({
    form,
    title: { zh, en },
    aliases,
    ...extra,
  });
}

export const text = column('text');
export const date = column('date');
export const count = column('count');
export const yesNo = column('yes-no');

/** A column whose cells must be one of the choices. */
export function choice(
  choices: NonNullable<Column['choices']>,
  zh: string,
  en: string,
  extra: Extra = {},
  ...aliases: string[]
): Column {
  return { form: 'choice', title: { zh, en }, aliases, choices, ...extra };
}

/** A column whose cells may be one of the choices, or other words. */
export function openChoice(
  choices: NonNullable<Column['choices']>,
  zh: string,
  en: string,
  extra: Extra = {},
  ...aliases: string[]
): Column {
  return { form: 'open-choice', title: { zh, en }, aliases, choices, ...extra };
}

/** The column must stand in the ledger and be filled in every row. */
export const filled: Extra = { must: 'cell' };

/** The column must stand in the ledger; a cell may be empty. */
export const present: Extra = { must: 'column' };
