import type { Text } from '../text.ts';
import type { Mistake } from '../yaml.ts';
import { borrowsOf, chainOf, type ProfileSource, type Row, rowsOf } from './profile-files.ts';

/** What is wrong with a row in view of others: an unknown `is`, a circle, a check that another lacks, a source that its file does not list. */
export function linkMistakes(source: ProfileSource): Mistake[] {
  return rowsOf(source).flatMap((row) => [...chainMistakes(row), ...borrowMistakes(row), ...citationMistakes(row)]);
}

function borrowMistakes(row: Row): Mistake[] {
  if (row.keys.checksOf === undefined || !row.source.whole) return [];
  return borrowsOf(row).flatMap(({ id, check, from, listed }) => {
    if (listed) return [];
    return [mistakeIn(row, ['checksOf', id], from ? noSuchCheck(id, check) : noSuchRow(id))];
  });
}

function chainMistakes(row: Row): Mistake[] {
  const { rows, end } = chainOf(row);
  if (end === 'unknown' && rows.length === 1 && row.source.whole)
    return [mistakeIn(row, ['is'], noSuchRow(String(row.keys.is)))];
  // A row that only leads into a circle is not at fault.
  if (end === 'circle' && rows.at(-1)?.keys === row.keys)
    return [mistakeIn(row, ['is'], circle(rows.map(({ id }) => id).join(' → ')))];
  return [];
}

function citationMistakes(row: Row): Mistake[] {
  const { cites } = row.keys;
  if (!Array.isArray(cites)) return [];
  const known = Object.keys(row.source.links.sources);
  return cites.flatMap((cite: unknown, index) => {
    const code = typeof cite === 'object' && cite !== null && 'source' in cite ? cite.source : undefined;
    if (typeof code !== 'string' || known.includes(code)) return [];
    return [mistakeIn(row, ['cites', index, 'source'], noSuchSource(code, known))];
  });
}

/** What a row to be assessed lacks, after all that it takes from others. */
export function gapMistakes(row: Row): Mistake[] {
  const { rows, end } = chainOf(row);
  if (end !== 'complete') return [];
  const says = (key: string): unknown => rows.find((each) => each.keys[key] !== undefined)?.keys[key];
  const missing = ['title', 'part', 'occasions'].filter((key) => says(key) === undefined);
  const unanswered =
    ['checks', 'checksOf', 'awaits'].every((key) => isEmpty(says(key))) && says('attest') === undefined;
  return [
    ...missing.map((key) => mistakeIn(row, [], { zh: `缺少 ${key}`, en: `${key} is missing` })),
    ...(row.keys.cites === undefined ? [mistakeIn(row, [], noCitation)] : []),
    ...(unanswered ? [mistakeIn(row, [], noAnswer)] : []),
  ];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function mistakeIn(row: Row, path: readonly PropertyKey[], text: Text): Mistake {
  return row.source.file.mistake(['requirements', row.id, ...path], text);
}

const noCitation: Text = {
  zh: '缺少 cites：本规范配置中的条款须自行写明，不从其他规范配置继承',
  en: 'cites is missing: a profile names its own clauses and takes none from others',
};

const noAnswer: Text = {
  zh: '缺少 checks、awaits 或 attest，无从判定',
  en: 'checks, awaits or attest is missing: nothing answers it',
};

function noSuchRow(id: string): Text {
  return {
    zh: `本规范配置及其继承的规范配置中都没有「${id}」`,
    en: `neither this profile nor one that it extends has a row ${id}`,
  };
}

function noSuchCheck(row: string, check: string): Text {
  return {
    zh: `「${row}」的 checks 中没有 ${check}`,
    en: `the row ${row} does not list ${check} under checks`,
  };
}

function circle(way: string): Text {
  return { zh: `指向成环：${way}`, en: `goes in a circle: ${way}` };
}

function noSuchSource(code: string, known: readonly string[]): Text {
  return {
    zh: `sources 中没有「${code}」；可用：${known.join('、') || '无'}`,
    en: `sources has no ${code}; there are: ${known.join(', ') || 'none'}`,
  };
}
