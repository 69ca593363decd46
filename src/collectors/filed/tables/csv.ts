import { setImmediate } from 'node:timers/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { tidy } from './cells.ts';
import { decoded, type Encoding, encodingOf } from './encoding.ts';
import { type GridRow, noHead, tableOf } from './grid.ts';
import { headWithin, lastRow, longestCell, longestStretch, rowCounter, tooLong, tooMany } from './limits.ts';
import { columnLetters, TableMistake } from './mistake.ts';
import type { Table, TableOptions } from './shape.ts';

type Source = {
  readonly bytes: Buffer;
  readonly encoding: Encoding;
  readonly file: string;
  readonly signal: AbortSignal;
};

/** Reads CSV (RFC 4180, with comma, semicolon or tab) in the encodings of {@link encodingOf}. */
export async function readCsv(bytes: Buffer, file: string, options: TableOptions, signal: AbortSignal): Promise<Table> {
  const source = { bytes, encoding: encodingOf(bytes, file), file, signal };
  refuseMarkup(source);
  const delimiter = await delimiterOf(source, options.isHead);
  const rows: GridRow[] = [];
  const count = rowCounter({ file });
  await eachRecord(source, delimiter, (record) => {
    count(record.row, record.cells);
    refuseLong(file, record);
    rows.push(record);
    return true;
  });
  return tableOf({ place: { file }, rows, merges: [], mistakes: [] }, options);
}

const delimiters = [',', '\t', ';', '，'] as const;

// The delimiter under which the head shows; under a wrong one the head is a single cell, or fewer.
async function delimiterOf(source: Source, isHead: TableOptions['isHead']): Promise<string> {
  const trials = await Promise.all(delimiters.map((delimiter) => trialOf(source, delimiter, isHead)));
  const best = trials.reduce((one, other) => (other.columns > one.columns ? other : one));
  if (best.columns === 0) {
    const whole = trials.filter(({ mistake }) => mistake === undefined);
    const [first] = trials;
    if (whole.length === 0 && first?.mistake) throw first.mistake;
    throw noHead({ file: source.file }, whole.toSorted((one, other) => widestOf(other) - widestOf(one))[0]?.rows ?? []);
  }
  if (best.delimiter !== '，') return best.delimiter;
  throw new TableMistake(
    'unparsable',
    { file: source.file },
    { zh: '以全角逗号“，”分列，请改用英文逗号', en: 'full-width commas separate the columns; use plain commas' },
  );
}

function widestOf({ rows }: Trial): number {
  return Math.max(0, ...rows.map(({ cells }) => cells.length));
}

type Trial = { delimiter: string; columns: number; rows: GridRow[]; mistake?: TableMistake };

async function trialOf(source: Source, delimiter: string, isHead: TableOptions['isHead']): Promise<Trial> {
  const trial: Trial = { delimiter, columns: 0, rows: [] };
  try {
    await eachRecord(source, delimiter, (record) => {
      trial.rows.push(record);
      const cells = record.cells.map(tidy);
      if (isHead(cells)) trial.columns = cells.filter((cell) => cell !== '').length;
      return trial.columns === 0 && trial.rows.length < headWithin;
    });
  } catch (error) {
    if (!(error instanceof TableMistake)) throw error;
    trial.mistake = error;
  }
  return trial;
}

const stopped = new Error('enough was read');

// Hands over each record with content and the line it starts on, until told to stop.
async function eachRecord(source: Source, delimiter: string, take: (record: GridRow) => boolean): Promise<void> {
  const { bytes, encoding, file, signal } = source;
  // Lines of the records so far; csv-parse's own count takes a CRLF inside quotes for two.
  let taken = 0;
  let pending = 0;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (cells: string[]) => {
      const row = line();
      pending = 0;
      taken += 1 + breaksIn(cells);
      if (row > lastRow) throw tooMany({ file, row }, `${lastRow} 行`, `${lastRow} lines`);
      if (cells.some((cell) => cell.trim() !== '') && !take({ row, cells: withoutBlankEnd(cells) })) throw stopped;
      return null;
    },
  });
  const line = (): number => taken + parser.info.empty_lines + 1;
  const failure = new Promise<never>((_, reject) => parser.once('error', reject));
  // A late error has nobody left to hear it.
  failure.catch(() => {});
  const done = new Promise<void>((resolve) => parser.once('end', resolve));
  try {
    for (const text of decoded(bytes, encoding)) {
      pending += text.length;
      const blank = parser.info.empty_lines;
      await Promise.race([failure, written(parser, text)]);
      if (parser.info.empty_lines > blank) pending = 0;
      if (pending > longestStretch) throw endless(file, line());
      // The parser works in one go: without a pause no timeout could strike.
      await setImmediate();
      signal.throwIfAborted();
    }
    parser.resume().end();
    await Promise.race([failure, done]);
  } catch (error) {
    if (error === stopped) return;
    throw error instanceof CsvError ? notCsv(file, line(), error) : error;
  } finally {
    parser.destroy();
  }
}

function written(parser: Parser, text: string): Promise<void> {
  return new Promise((resolve) => {
    parser.write(text, () => resolve());
  });
}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (/[\r\n]/.test(cell)) breaks += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks;
}

function withoutBlankEnd(cells: string[]): string[] {
  let length = cells.length;
  while (length > 0 && cells[length - 1]?.trim() === '') length -= 1;
  return length === cells.length ? cells : cells.slice(0, length);
}

function refuseLong(file: string, { row, cells }: GridRow): void {
  const long = cells.findIndex((cell) => cell.length > longestCell);
  if (long >= 0) throw tooLong({ file, row, column: columnLetters(long) });
}

const quoting: Readonly<Record<string, { zh: string; en: string }>> = {
  CSV_QUOTE_NOT_CLOSED: { zh: '双引号没有结束', en: 'a quote is not closed' },
  CSV_INVALID_CLOSING_QUOTE: {
    zh: '结束的双引号后还有内容；内容中的双引号须写两个',
    en: 'content after a closing quote; a quote inside content must be doubled',
  },
  INVALID_OPENING_QUOTE: {
    zh: '双引号出现在内容中间；含双引号的内容须整体加双引号，其中的双引号写两个',
    en: 'a quote in the middle of a cell; quote the whole cell and double the quote',
  },
};

function notCsv(file: string, row: number, { code, message }: CsvError): TableMistake {
  return new TableMistake('unparsable', { file, row }, quoting[code] ?? { zh: message, en: message });
}

function endless(file: string, row: number): TableMistake {
  return new TableMistake(
    'unparsable',
    { file, row },
    {
      zh: `一条记录超过 ${longestStretch} 个字符；可能有双引号没有结束`,
      en: `a record of more than ${longestStretch} characters; a quote may not be closed`,
    },
  );
}

// Many systems export web pages or XML under the name .xls.
function refuseMarkup({ bytes, encoding, file }: Source): void {
  const [start = ''] = decoded(bytes, encoding);
  if (!/^\s*<(?:!doctype|\?xml|html|table|head|meta|body)\b/i.test(start.slice(0, 1000))) return;
  throw new TableMistake(
    'not-supported',
    { file },
    {
      zh: '内容是网页或 XML，请在 Excel 中另存为 .xlsx 或 CSV',
      en: 'a web page or XML inside; save it as .xlsx or CSV',
    },
  );
}
