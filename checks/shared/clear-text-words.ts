import {
  type ClearText,
  type ClearTextKind,
  clearTextTitles,
  passesByChance,
  protections,
  type SampledTable,
  samplings,
} from '../../src/evidence/database/clear-text.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { atLeastByChance } from './chance.ts';

/** What was counted of one kind in one column. */
export type NumberCount = SampledTable['numbers'][number];

/** One in so many columns of other numbers would show as much by chance. */
export type Limits = { readonly certain: number; readonly suspect: number };

/** Whether a column holds what it seems to. */
export type Standing = 'certain' | 'suspect' | 'chance';

/** What counts tell. Where most of the candidates pass, though they are few, it may be: so a single number in a remark shows itself. */
export function standingOf({ kind, candidates, valid }: NumberCount, { certain, suspect }: Limits): Standing {
  if (valid === 0) return 'chance';
  const likely = atLeastByChance(candidates, valid, passesByChance[kind]);
  if (likely * certain < 1) return 'certain';
  return likely * suspect < 1 || valid * 2 > candidates ? 'suspect' : 'chance';
}

// A report shows this many.
const most = 12;

/** The first of a list, with the number of all. */
export function firstOf(parts: readonly Text[], zh = '、', en = ', '): Text {
  const rest = parts.length > most ? [{ zh: `等 ${parts.length} 处`, en: `${parts.length} in all` }] : [];
  return joined([...parts.slice(0, most), ...rest], zh, en);
}

/** What stands in which column of a table, in counts. */
export function numbersText(numbers: readonly NumberCount[], { names }: SampledTable): Text {
  const parts = numbers.map(({ column, kind, values, hits, candidates, valid }) => ({
    zh: `${column} ${clearTextTitles[kind].zh}（${values} 个值中 ${hits} 个含有；不同的 ${candidates} 个中 ${valid} 个通过校验）`,
    en: `${column} ${clearTextTitles[kind].en} (in ${hits} of ${values} values; ${valid} of ${candidates} different ones pass)`,
  }));
  const beside =
    names.length > 0 ? [{ zh: `旁有姓名列 ${names.join('、')}`, en: `beside names in ${names.join(', ')}` }] : [];
  return joined([firstOf(parts), ...beside]);
}

/** What a sample of a store was made of, and what was seen on the way. */
export function samplesOf({ tables }: ClearText, asked: readonly ClearTextKind[], limits: Limits) {
  const sum = (of: (table: SampledTable) => number): number => tables.reduce((all, table) => all + of(table), 0);
  const ways = [...new Set(tables.filter(({ rows }) => rows > 0).map(({ sampling }) => sampling))].toSorted();
  return {
    tables: tables.length,
    columns: sum(({ columns }) => columns),
    rows: sum(({ rows }) => rows),
    how: joined(
      ways.map((way) => samplings[way]),
      '、',
      ', ',
    ),
    kinds: joined(
      asked.map((kind) => clearTextTitles[kind]),
      '、',
      ', ',
    ),
    also: alsoOf(tables, asked, limits),
  };
}

// What else was seen on the way, so that a reader can judge it.
function alsoOf(tables: readonly SampledTable[], asked: readonly ClearTextKind[], limits: Limits): Text {
  const numbers = tables.flatMap((table) =>
    table.numbers.map((each) => ({ ...each, column: `${table.name}.${each.column}` })),
  );
  const others = numbers.filter(({ kind }) => !asked.includes(kind));
  const clear = others.filter((each) => standingOf(each, limits) === 'certain');
  const byChance = numbers.filter((each) => asked.includes(each.kind) && each.valid > 0);
  const how = tables.flatMap(({ name, protected: columns }) =>
    columns.map((each) => withNote(`${name}.${each.column}`, protections[each.how])),
  );
  const cut = tables.flatMap(({ name, cut: columns }) => columns.map((column) => verbatim(`${name}.${column}`)));
  const parts = [
    {
      title: { zh: '未作要求的明文', en: 'in clear text, and not asked about' },
      list: clear.map((each) => withNote(each.column, clearTextTitles[each.kind])),
    },
    {
      title: { zh: '通过校验的不多于巧合', en: 'no more pass the check than by chance' },
      list: byChance.map(({ column, valid, candidates }) => verbatim(`${column} ${valid}/${candidates}`)),
    },
    { title: { zh: '非明文形态', en: 'not in clear text by their shape' }, list: how },
    { title: { zh: '长值只读取了片段', en: 'long values, of which pieces were read' }, list: cut },
  ].filter(({ list }) => list.length > 0);
  const said = parts.map(({ title, list }) => {
    const names = firstOf(list);
    return { zh: `；${title.zh}：${names.zh}`, en: `; ${title.en}: ${names.en}` };
  });
  return joined(said, '', '');
}

function withNote(place: string, note: Text): Text {
  return { zh: `${place}（${note.zh}）`, en: `${place} (${note.en})` };
}
