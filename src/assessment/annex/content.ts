import { joined, type Text, verbatim } from '../../text.ts';

/** One thing said of a topic, with the evidence it rests on. */
export type Entry = { readonly label: Text; readonly text: Text; readonly cites: string[] };

/** A table of a topic; each row names its evidence, or the whole table does. */
export type Table = {
  readonly title: Text;
  readonly head: Text[];
  readonly rows: { readonly cells: Text[]; readonly cites: string[] }[];
  readonly cites: string[];
  readonly more?: number;
};

/** What stands below a topic. */
export type Content = { readonly entries: readonly Entry[]; readonly tables: readonly Table[] };

export const nothing: Content = { entries: [], tables: [] };

/** What stands where nothing was seen. */
export const notSeen: Text = { zh: '未取得', en: 'not observed' };

/** What stands where there is nothing to say. */
export const none: Text = { zh: '—', en: '—' };

/** More rows than a reader takes in; the others are counted. */
const mostRows = 60;

/** A table of at most {@link mostRows} rows; none without a row. */
export function tableOf(
  title: Text,
  head: readonly Text[],
  rows: Table['rows'],
  cites: readonly string[] = [],
): Content {
  if (rows.length === 0) return nothing;
  const more = rows.length - mostRows;
  const table = { title, head: [...head], rows: rows.slice(0, mostRows), cites: [...cites] };
  return { entries: [], tables: [more > 0 ? { ...table, more } : table] };
}

/** A text that is never empty: what came from outside may be. */
export function filled(text: Text): Text {
  return text.zh === '' || text.en === '' ? none : text;
}

/** A row of a table; texts that are the same in both languages may be given as such. */
export function rowOf(
  cells: readonly (Text | string)[],
  cites: readonly (string | undefined)[],
): Table['rows'][number] {
  const texts = cells.map((cell) => (typeof cell === 'string' ? verbatim(cell) : cell));
  return {
    cells: texts.map(filled),
    cites: [...new Set(cites.filter((id) => id !== undefined))],
  };
}

/** A text, marked where not all could be read that it rests on. */
export function marked(text: Text, isPartial: boolean): Text {
  return isPartial ? { zh: `${text.zh}（读取不全）`, en: `${text.en} (read in part)` } : text;
}

/** What was found by name; where nothing was, that only counts if all could be read. */
export function foundOf(names: readonly (Text | string)[], isPartial: boolean): Text {
  if (names.length > 0) return marked(listed(names), isPartial);
  return isPartial ? notSeen : { zh: '未发现', en: 'none found' };
}

/** Names one after the other, of many only the first. */
export function listed(names: readonly (Text | string)[], most = 8): Text {
  if (names.length === 0) return none;
  const texts = names.slice(0, most).map((name) => (typeof name === 'string' ? verbatim(name) : name));
  const list = joined(texts, '、', ', ');
  if (names.length <= most) return list;
  return { zh: `${list.zh}等 ${names.length} 项`, en: `${list.en} and others, ${names.length} in all` };
}

/** So many rows are read one by one; of more, those that say the same of different subjects share one. */
const few = 12;

/** Names in the first cell of a row that several share. */
const mostNames = 24;

/** Rows by what stands beside their first cell, in the order in which that first occurs. */
export function gathered(rows: Table['rows']): Table['rows'] {
  if (rows.length <= few) return rows;
  const alike = Map.groupBy(rows, ({ cells }) => JSON.stringify(cells.slice(1)));
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const names = listed(
      same.flatMap(({ cells: [name] }) => name ?? []),
      mostNames,
    );
    return [{ cells: [names, ...first.cells.slice(1)], cites: [...new Set(same.flatMap(({ cites }) => cites))] }];
  });
}
