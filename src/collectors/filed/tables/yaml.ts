import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { syntaxProblem } from '../../../yaml-syntax.ts';
import { tidy } from './cells.ts';
import { decoded, encodingOf } from './encoding.ts';
import { type GridRow, noHead } from './grid.ts';
import { longestCell, mostCells, mostColumns, mostYamlBytes, rowCounter, tooLong, tooMany } from './limits.ts';
import { type Place, TableMistake } from './mistake.ts';
import type { Table, TableOptions } from './shape.ts';

/** Reads a YAML list of maps: the head is every key in order of appearance, cells are scalars as they are written. */
export function readYamlTable(bytes: Buffer, file: string, options: TableOptions): Table {
  if (bytes.length > mostYamlBytes) throw tooMany({ file }, `${mostYamlBytes} 字节`, `${mostYamlBytes} bytes`);
  const document = parsed([...decoded(bytes, encodingOf(bytes, file))].join(''), file);
  const items = isSeq<Node>(document.contents) ? document.contents.items : undefined;
  if (!items) throw new TableMistake('unparsable', { file }, { zh: '应为列表', en: 'a list is expected' });
  const columns = new Map<string, number>();
  const count = rowCounter({ file });
  const rows: GridRow[] = [];
  for (const [index, item] of items.entries()) {
    const row = rowOf(document, item, columns, { file, row: index + 1 });
    count(row.row, row.cells);
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push(row);
  }
  const head = [...columns.keys()];
  if (!options.isHead(head)) throw noHead({ file }, [{ row: 0, cells: head }]);
  if (rows.length * head.length > mostCells) throw tooMany({ file }, `${mostCells} 个单元格`, `${mostCells} cells`);
  for (const { cells } of rows) while (cells.length < head.length) cells.push('');
  return { head, headRow: 0, rows };
}

// The failsafe schema leaves every scalar as it is written: 2025-04-01, 1e5 and 91370200123456789012 are text.
function parsed(text: string, file: string): Document.Parsed {
  refuseForged(text, file);
  try {
    // Unique keys are seen to below: the parser compares each with each.
    // Pretty errors quote lines of the file, with whatever persons are in them.
    const lineCounter = new LineCounter();
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter,
    });
    const [document] = documents;
    if (documents.length !== 1 || !document) throw notYaml(file, `${documents.length} documents instead of 1`);
    const [error] = document.errors;
    if (error) {
      const { zh, en } = syntaxProblem(error);
      const { line } = lineCounter.linePos(error.pos[0]);
      throw new TableMistake('unparsable', { file }, { zh: `第 ${line} 行 ${zh}`, en: `line ${line}, ${en}` });
    }
    return document;
  } catch (error) {
    // RangeError: the parser calls itself at each level of nesting, and the stack is used up.
    if (error instanceof RangeError) throw notYaml(file, error.message);
    throw error;
  }
}

const deepest = 20;
const mostTokensOfLine = 2_000;
// Resolving an alias walks the document.
const mostMarks = 100;

// The parser takes minutes for what no register has: deep brackets, long lines of marks, many anchors, aliases and tags.
function refuseForged(text: string, file: string): void {
  let inLine = 0;
  let depth = 0;
  let marks = 0;
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    const [start = ''] = token;
    if (!isContent) {
      if (start === '\n') inLine = 0;
      else if (start === '[' || start === '{') depth += 1;
      else if (start === ']' || start === '}') depth -= 1;
      else if (start === '!' || start === '&' || start === '*') marks += 1;
    }
    // U+001F announces that the next token is plain content.
    isContent = start === '\u001f';
    inLine += 1;
    if (inLine > mostTokensOfLine)
      throw tooMany({ file }, `每行 ${mostTokensOfLine} 个记号`, `${mostTokensOfLine} tokens a line`);
    if (depth > deepest) throw tooMany({ file }, `${deepest} 层嵌套`, `${deepest} levels of nesting`);
    if (marks > mostMarks)
      throw tooMany({ file }, `${mostMarks} 个锚点、别名或标签`, `${mostMarks} anchors, aliases and tags`);
  }
}

function notYaml(file: string, problem: string): TableMistake {
  return new TableMistake('unparsable', { file }, { zh: `YAML 语法错误：${problem}`, en: `YAML syntax: ${problem}` });
}

type ItemPlace = { readonly file: string; readonly row: number };

function rowOf(document: Document.Parsed, item: unknown, columns: Map<string, number>, place: ItemPlace): GridRow {
  const map = resolved(document, item);
  if (!isMap(map)) throw wrongItem(place, '应为键值', 'a map is expected');
  const cells: string[] = [];
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    const name = tidy(scalarOf(document, key) ?? '');
    if (name === '') throw wrongItem(place, '键应为文字', 'a key must be text');
    if (seen.has(name)) throw wrongItem({ ...place, column: name }, '键重复', 'the key is there twice');
    seen.add(name);
    const cell = scalarOf(document, value);
    if (cell === undefined) throw wrongItem({ ...place, column: name }, '应为单个值', 'a single value is expected');
    if (cell.length > longestCell) throw tooLong({ ...place, column: name });
    const column = columns.get(name) ?? columns.size;
    columns.set(name, column);
    if (column >= mostColumns) throw tooMany(place, `${mostColumns} 列`, `${mostColumns} columns`);
    while (cells.length < column) cells.push('');
    cells[column] = cell;
  }
  return { row: place.row, cells };
}

function wrongItem(place: Place, zh: string, en: string): TableMistake {
  return new TableMistake('unparsable', place, {
    zh: `${zh}（列表第 ${place.row} 项）`,
    en: `${en} (item ${place.row} of the list)`,
  });
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

// A key without value, and a plain null (YAML 1.2.2, 10.2.1.1), say that there is none.
function scalarOf(document: Document.Parsed, node: unknown): string | undefined {
  const scalar = resolved(document, node);
  if (scalar === null) return '';
  if (!isScalar(scalar)) return undefined;
  if (scalar.type === 'PLAIN' && /^(?:~|null|Null|NULL)$/.test(String(scalar.value))) return '';
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}
