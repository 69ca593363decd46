import { longestCell, mostCells, mostEntries, mostText, tooMany } from './limits.ts';
import { TableMistake } from './mistake.ts';
import { damaged, type Parts } from './xlsx-parts.ts';
import { type DateSystem, detached, isBuiltinDate, isDateFormat, unescaped } from './xlsx-values.ts';

/** A sheet of cells, as the workbook lists it. */
export type SheetEntry = { readonly name: string; readonly hidden: boolean; readonly part: string };

/** What the sheets of a workbook share. */
export type Workbook = {
  readonly sheets: readonly SheetEntry[];
  readonly dateSystem: DateSystem;
  /** Shared strings by number; one longer than a cell may be is cut just beyond that. */
  readonly strings: readonly string[];
  /** Whether a cell style, by number, shows a date. */
  readonly isDate: readonly boolean[];
};

/** Reads all of a workbook but its sheets. */
export async function readWorkbook(parts: Parts, file: string): Promise<Workbook> {
  const part = await workbookPart(parts, file);
  const links = await linksOf(parts, part);
  const ofType = (type: string): string | undefined => links.find((link) => link.type === type)?.part;
  const listed: { name: string; hidden: boolean; link: string }[] = [];
  let dateSystem: DateSystem = 1900;
  await parts.read(part, {
    open(name, attributes, parent) {
      if (parent === '' && name !== 'workbook') throw notWorkbook(file);
      if (name === 'workbookPr') dateSystem = /^(?:1|true)$/.test(attributes.date1904 ?? '') ? 1904 : 1900;
      if (name !== 'sheet' || parent !== 'sheets' || listed.length > mostEntries) return;
      const link = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      listed.push({
        name: attributes.name ?? '',
        hidden: (attributes.state ?? 'visible') !== 'visible',
        link: link ?? '',
      });
    },
  });
  const byId = new Map(links.map((link) => [link.id, link]));
  // Charts and dialogs are sheets too, and hold no cells.
  const sheets = listed.flatMap(({ name, hidden, link }) => {
    const found = byId.get(link);
    return found?.type === 'worksheet' && parts.has(found.part) ? [{ name, hidden, part: found.part }] : [];
  });
  if (sheets.length === 0) throw damaged({ file }, 'no worksheet');
  const strings = await stringsOf(parts, ofType('sharedStrings'), file);
  return { sheets, dateSystem, strings, isDate: await dateStylesOf(parts, ofType('styles')) };
}

type Link = { readonly id: string; readonly type: string; readonly part: string };

async function workbookPart(parts: Parts, file: string): Promise<string> {
  const main = (await linksOf(parts, '')).find(({ type }) => type === 'officeDocument');
  const part = main?.part ?? 'xl/workbook.xml';
  // A binary workbook ends in .bin.
  if (parts.has(part) && /\.xml$/i.test(part)) return part;
  throw notWorkbook(file);
}

// ISO/IEC 29500-2, 9.3: a part's relationships are in _rels beside it. External ones lead outside and are left alone.
async function linksOf(parts: Parts, part: string): Promise<Link[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const source = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const links: Link[] = [];
  if (!parts.has(source)) return links;
  await parts.read(source, {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || TargetMode === 'External' || links.length > mostEntries) return;
      links.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: resolvedPart(folder, Target) });
    },
  });
  return links;
}

function resolvedPart(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

// Phonetic runs (rPh) say how a string is read aloud, and are no part of it.
async function stringsOf(parts: Parts, part: string | undefined, file: string): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = '';
  let isText = false;
  let all = 0;
  await parts.read(part, {
    open(name, _, parent) {
      if (name === 'si') text = '';
      isText = name === 't' && (parent === 'si' || parent === 'r');
    },
    text(more) {
      if (!isText) return;
      all += more.length;
      if (all > mostText) throw tooMany({ file }, `${mostText} 个字符`, `${mostText} characters`);
      if (text.length <= longestCell * 8) text += more;
    },
    close(name) {
      isText = false;
      if (name !== 'si') return;
      strings.push(unescaped(detached(text)).slice(0, longestCell + 1));
      if (strings.length > mostCells) throw tooMany({ file }, `${mostCells} 个字符串`, `${mostCells} strings`);
    },
  });
  return strings;
}

async function dateStylesOf(parts: Parts, part: string | undefined): Promise<boolean[]> {
  const codes = new Map<number, boolean>();
  const formats: number[] = [];
  if (part === undefined) return [];
  await parts.read(part, {
    open(name, { numFmtId = '0', formatCode = '' }, parent) {
      // Excel stops at 65,490 styles.
      if (formats.length > 100_000 || codes.size > 100_000) return;
      if (name === 'numFmt' && parent === 'numFmts') codes.set(Number(numFmtId), isDateFormat(unescaped(formatCode)));
      if (name === 'xf' && parent === 'cellXfs') formats.push(Number(numFmtId));
    },
  });
  return formats.map((id) => codes.get(id) ?? isBuiltinDate(id));
}

function notWorkbook(file: string): TableMistake {
  return new TableMistake(
    'not-supported',
    { file },
    {
      zh: '压缩包内没有 XLSX 工作簿，请另存为 .xlsx 或 CSV',
      en: 'a zip without an XLSX workbook; save it as .xlsx or CSV',
    },
  );
}
