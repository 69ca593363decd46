import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';

/** A workbook as a spreadsheet would read it. */
export type OpenedWorkbook = {
  /** Every part as it stands in the archive. */
  readonly parts: ReadonlyMap<string, string>;
  readonly sheets: readonly { readonly name: string; readonly xml: string; readonly rows: readonly string[][] }[];
};

/** Unpacks a workbook by Info-ZIP, and reads strings and sheets. */
export function openWorkbook(bytes: Uint8Array): OpenedWorkbook {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-test-'));
  try {
    const file = join(folder, 'report.xlsx');
    writeFileSync(file, bytes);
    execFileSync('unzip', ['-q', file, '-d', join(folder, 'parts')]);
    const parts = partsIn(join(folder, 'parts'));
    for (const xml of parts.values()) elementsOf(xml);
    const strings = elementsOf(parts.get('xl/sharedStrings.xml') ?? '').filter(({ name }) => name === 't');
    const names = elementsOf(parts.get('xl/workbook.xml') ?? '').filter(({ name }) => name === 'sheet');
    const sheets = names.map(({ attributes }, index) => {
      const xml = parts.get(`xl/worksheets/sheet${index + 1}.xml`) ?? '';
      return {
        name: attributes.name ?? '',
        xml,
        rows: rowsOf(
          xml,
          strings.map(({ text }) => decoded(text)),
        ),
      };
    });
    return { parts, sheets };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Element = { readonly name: string; readonly attributes: Readonly<Record<string, string>>; text: string };

/** The elements of a document in order of their beginning; throws if it is not well-formed. */
export function elementsOf(xml: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(xml).close();
  return all;
}

function rowsOf(xml: string, strings: readonly string[]): string[][] {
  const rows: string[][] = [];
  let isShared = false;
  for (const { name, attributes, text } of elementsOf(xml)) {
    if (name === 'row') rows.push([]);
    if (name === 'c') {
      rows.at(-1)?.push('');
      isShared = attributes.t === 's';
    }
    if (name === 'v') rows.at(-1)?.splice(-1, 1, isShared ? (strings[Number(text)] ?? '?') : text);
  }
  return rows;
}

// As Excel reads a string (ECMA-376 part 1, 22.4.2.4).
function decoded(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function partsIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}
