import type { Column } from '../../evidence/filed/ledger-columns.ts';
import { type LedgerType, ledgerSpec } from '../../evidence/filed/ledger-types.ts';
import { said, type Text } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import type { HeadFinder } from './filed-table.ts';
import { isName, quotedHead } from './quoted.ts';
import { tidy } from './tables/cells.ts';

/** A column of a ledger and where it stands in the file. */
export type FoundColumn = {
  readonly key: string;
  readonly column: Column;
  readonly index: number;
  /** As the file has it. */
  readonly head: string;
};

/** What the heads of a file mean. */
export type Heads = {
  /** In the order of the type's table. */
  readonly columns: readonly FoundColumn[];
  /** Heads that were not understood. */
  readonly ignored: readonly string[];
};

/** Understands the heads of one declared ledger. */
export type HeadReader = HeadFinder & {
  /** Maps heads to columns; throws {@link Unavailable} where that cannot be done without doubt. */
  read(head: readonly string[], name: Text): Heads;
};

/** A reader for a type of ledger with the unit's own heads by column. */
export function headReader(of: LedgerType, own: Readonly<Record<string, string>>): HeadReader {
  const { columns } = ledgerSpec(of);
  refuseUnknown(columns, own);
  const known = knownHeads(columns, own);
  const musts = Object.keys(columns).filter((key) => columns[key]?.must !== undefined);
  let best: { readonly cells: readonly string[]; readonly found: ReadonlySet<string> } | undefined;
  let isFound = false;
  return {
    isHead(cells) {
      const found = new Set(cells.flatMap((cell) => known(cell) ?? []));
      const filled = cells.filter((cell) => cell !== '').length;
      // More than half: a line of labels and values above the table has at most half.
      const isHead = found.size >= 2 && (musts.every((key) => found.has(key)) || found.size * 2 > filled);
      if (!best || found.size > best.found.size) best = { cells, found };
      isFound ||= isHead;
      return isHead;
    },
    read(head, name) {
      const claims = head.map(known);
      const found = Object.entries(columns).flatMap(([key, column]): FoundColumn[] => {
        const index = columnAt(key, column, head, claims, own, name);
        return index === undefined ? [] : [{ key, column, index, head: head[index] ?? '' }];
      });
      const missing = musts.filter((key) => found.every((each) => each.key !== key));
      if (missing.length > 0) throw refused(name, lacking(columns, missing, head));
      const taken = new Set(found.map(({ index }) => index));
      const ignored = head
        .filter((cell, index) => cell !== '' && !taken.has(index))
        .map((cell) => quotedHead(cell, 100));
      return { columns: found, ignored };
    },
    missing() {
      if (!best || isFound) return undefined;
      const { cells, found } = best;
      const lacks = musts.filter((key) => !found.has(key));
      // It need not be a head at all: a line of labels above a table names persons.
      const heads = cells.filter((cell) => known(cell) !== undefined || !isName(cell));
      const { zh, en } = lacking(columns, lacks.length > 0 ? lacks : musts, found.size > 1 ? heads : undefined);
      return { zh: `找不到表头；${zh}`, en: `there is no row of heads; ${en}` };
    },
  };
}

type Columns = Readonly<Record<string, Column>>;

function refuseUnknown(columns: Columns, own: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(own).filter((key) => !Object.hasOwn(columns, key));
  if (unknown.length === 0) return;
  const all = Object.keys(columns);
  throw refused(
    { zh: 'heads', en: 'heads' },
    {
      zh: `没有这些列：${unknown.join('、')}；可用：${all.join('、')}`,
      en: `no such columns: ${unknown.join(', ')}; there are: ${all.join(', ')}`,
    },
  );
}

// The unit's own heads go first; a column that has one is known by no other.
function knownHeads(columns: Columns, own: Readonly<Record<string, string>>): (cell: string) => string | undefined {
  const owned = new Map<string, string>();
  for (const [key, head] of Object.entries(own)) {
    const other = owned.get(folded(head));
    if (other !== undefined) {
      throw refused(
        { zh: 'heads', en: 'heads' },
        { zh: `${other} 与 ${key} 是同一表头：${head}`, en: `${other} and ${key} have the same head: ${head}` },
      );
    }
    owned.set(folded(head), key);
  }
  const general = new Map<string, string>();
  for (const [key, { title, aliases }] of Object.entries(columns)) {
    if (Object.hasOwn(own, key)) continue;
    for (const head of [key, title.zh, title.en, ...aliases]) general.set(folded(head), key);
  }
  return (cell) => {
    const readings = readingsOf(cell);
    const mine = readings.map((reading) => owned.get(reading)).find((key) => key !== undefined);
    return mine ?? readings.map((reading) => general.get(reading)).find((key) => key !== undefined);
  };
}

function columnAt(
  key: string,
  column: Column,
  head: readonly string[],
  claims: readonly (string | undefined)[],
  own: Readonly<Record<string, string>>,
  name: Text,
): number | undefined {
  const ownHead = Object.hasOwn(own, key) ? own[key] : undefined;
  const all = [...claims.keys()].filter((index) => claims[index] === key);
  const exact = ownHead === undefined ? [] : all.filter((index) => folded(head[index] ?? '') === folded(ownHead));
  const mine = exact.length > 0 ? exact : all;
  if (mine.length > 1) {
    const heads = mine.map((index) => shortHead(head[index] ?? ''));
    throw refused(name, {
      zh: `${heads.join('、')} 都可作“${column.title.zh}”，请在平台文件 heads 中以 ${key} 指定其一`,
      en: `${heads.join(', ')} may all be “${column.title.en}”; name one of them as ${key} under heads of the platform file`,
    });
  }
  if (ownHead !== undefined && mine.length === 0) {
    throw refused(name, {
      zh: `没有 heads 中为 ${key} 指定的表头“${ownHead}”；${headsOf(head).zh}`,
      en: `no head "${ownHead}", which heads names for ${key}; ${headsOf(head).en}`,
    });
  }
  return mine[0];
}

/** A head without what differs between spellings: case, blanks, widths, marks of required columns. */
export function folded(head: string): string {
  return tidy(head)
    .toLowerCase()
    .replace(/[\s'’‘`"“”]/gu, '')
    .replace(/^[*※]+|[*※:]+$/g, '');
}

const remark = /(?:\([^()]*\)|\[[^[\]]*\]|【[^【】]*】)[*※:]*$/;

/** A folded head without units and remarks in parentheses at its end. */
export function withoutRemarks(head: string): string {
  let bare = head;
  while (remark.test(bare)) bare = bare.replace(remark, '');
  return bare;
}

// As it stands; without remarks; for a head in two lines, both lines as one, then the lower one.
function readingsOf(cell: string): string[] {
  const whole = folded(cell.slice(0, 200));
  if (whole === '') return [];
  const bare = withoutRemarks(whole);
  const [sub = '', ...groups] = bare.split('/').toReversed();
  if (groups.length === 0) return [whole, bare];
  // 日期, 内容, name and the like say nothing without what stands above them.
  const isTelling = [...sub].length > (/\p{Script=Han}/u.test(sub) ? 2 : 4);
  return [whole, bare, bare.replaceAll('/', ''), ...(isTelling ? [sub] : [])];
}

function lacking(columns: Columns, keys: readonly string[], head?: readonly string[]): Text {
  const titles = keys.map((key) => columns[key]?.title ?? { zh: key, en: key });
  const seen = head ? headsOf(head) : undefined;
  return {
    zh: `缺少必须的列：${titles.map((title) => title.zh).join('、')}${seen ? `；${seen.zh}` : ''}`,
    en: `columns that must be there are missing: ${titles.map((title) => title.en).join(', ')}${seen ? `; ${seen.en}` : ''}`,
  };
}

const mostHeads = 30;

function headsOf(head: readonly string[]): Text {
  const heads = head.filter((cell) => cell !== '').map(shortHead);
  const more = heads.length > mostHeads ? '…' : '';
  const shown = heads.slice(0, mostHeads);
  return { zh: `现有表头：${shown.join('、')}${more}`, en: `the heads are: ${shown.join(', ')}${more}` };
}

function shortHead(head: string): string {
  return `「${quotedHead(head)}」`;
}

function refused(name: Text, text: Text): Unavailable {
  return new Unavailable('unparsable', said({ zh: `${name.zh}：${text.zh}`, en: `${name.en}: ${text.en}` }));
}
