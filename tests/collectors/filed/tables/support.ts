import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipFile } from 'yazl';
import {
  readTable,
  type Table,
  TableMistake,
  type TableOptions,
} from '../../../../src/collectors/filed/tables/table.ts';

/** The columns that tests look for. */
export const isHead: TableOptions['isHead'] = (cells) =>
  ['单位', '税号'].every((name) => cells.some((cell) => cell === name || cell.endsWith(`/${name}`)));

/** Reads content as a file of that name. */
export async function tableFrom(
  name: string,
  content: string | Buffer,
  options: Partial<TableOptions> = {},
  signal = new AbortController().signal,
): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-table-'));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    await using file = await open(path);
    return await readTable(file, name, { isHead, ...options }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How the reading of content fails: reason and message; nothing if it succeeds. */
export async function mistakeFrom(
  name: string,
  content: string | Buffer,
  options: Partial<TableOptions> = {},
): Promise<string | undefined> {
  try {
    await tableFrom(name, content, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof TableMistake)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}

/** A zip of these entries. */
export async function zipOf(
  entries: Readonly<Record<string, string | Buffer>>,
  compress: boolean | undefined = true,
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageLinks = 'http://schemas.openxmlformats.org/package/2006/relationships';

type Parts = {
  /** The XML inside `worksheet`, by sheet name. */
  sheets: Readonly<Record<string, string>>;
  hidden?: readonly string[];
  /** The `si` elements. */
  strings?: string;
  /** The XML inside `styleSheet`. */
  styles?: string;
  date1904?: boolean;
  /** Parts added, or put in the place of others. */
  extra?: Readonly<Record<string, string | Buffer>>;
};

/** A workbook written by hand, for what no writer would write. */
export function workbookOf(parts: Parts): Promise<Buffer> {
  return zipOf(partsOf(parts));
}

/** The parts of such a workbook. */
export function partsOf({
  sheets,
  hidden = [],
  strings = '',
  styles = '',
  date1904,
  extra,
}: Parts): Record<string, string | Buffer> {
  const names = Object.keys(sheets);
  const listed = names
    .map(
      (name, index) =>
        `<sheet name="${name}" sheetId="${index + 1}" ${hidden.includes(name) ? 'state="hidden" ' : ''}r:id="s${index}"/>`,
    )
    .join('');
  const link = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${links}/${type}" Target="${target}"/>`;
  const targets = names.map((_, index) => link(`s${index}`, 'worksheet', `worksheets/sheet${index + 1}.xml`)).join('');
  return {
    '_rels/.rels': `<Relationships xmlns="${packageLinks}">${link('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${links}">${date1904 ? '<workbookPr date1904="1"/>' : ''}<sheets>${listed}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packageLinks}">${targets}${link('st', 'styles', '/xl/styles.xml')}${link('ss', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}">${styles}</styleSheet>`,
    ...Object.fromEntries(
      Object.values(sheets).map((xml, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${main}">${xml}</worksheet>`,
      ]),
    ),
    ...extra,
  };
}

/** A row of inline texts; an empty one leaves the cell out. */
export function rowOf(row: number, ...texts: string[]): string {
  const cells = texts.map((text, column) =>
    text === '' ? '' : textCell(`${String.fromCharCode(65 + column)}${row}`, text),
  );
  return `<row r="${row}">${cells.join('')}</row>`;
}

/** A cell with an inline text. */
export function textCell(place: string, text: string): string {
  return `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
}

/** The sheet of rows under the head 单位, 税号, 值 in row 1. */
export function sheetOf(...rows: string[]): string {
  return `<sheetData>${rowOf(1, '单位', '税号', '值')}${rows.join('')}</sheetData>`;
}
