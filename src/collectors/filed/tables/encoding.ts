import { isUtf8 } from 'node:buffer';
import { TableMistake } from './mistake.ts';

/** Encodings that text tables come in; Excel in China writes CSV as GB18030, and "Unicode text" as UTF-16. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

const marks: readonly (readonly [encoding: Encoding, mark: Buffer])[] = [
  ['utf-8', Buffer.from('efbbbf', 'hex')],
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
];

/** The encoding a text is in: by its byte order mark, else UTF-8 if all of it is, else GB18030 if all of it is; otherwise refused. */
export function encodingOf(bytes: Buffer, file: string): Encoding {
  const marked = marks.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark))?.[0];
  if (marked !== undefined && marked !== 'utf-8') {
    if (isValid(bytes, marked)) return marked;
    throw notText(file, marked);
  }
  if (bytes.includes(0)) throw notText(file);
  if (isUtf8(bytes)) return 'utf-8';
  if (marked === 'utf-8' || isDamagedUtf8(bytes)) throw badLine(file, brokenLine(bytes, 'utf-8'), 'UTF-8');
  if (isValid(bytes, 'gb18030')) return 'gb18030';
  const line = Math.max(brokenLine(bytes, 'utf-8'), brokenLine(bytes, 'gb18030'));
  throw badLine(file, line);
}

const chunkLength = 128 * 1024;

/** The text in pieces, without its byte order mark. */
export function* decoded(bytes: Buffer, encoding: Encoding, fatal = true): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal });
  for (let start = 0; start < bytes.length; start += chunkLength) {
    yield decoder.decode(bytes.subarray(start, start + chunkLength), { stream: true });
  }
  yield decoder.decode();
}

function isValid(bytes: Buffer, encoding: Encoding): boolean {
  try {
    for (const _ of decoded(bytes, encoding));
    return true;
  } catch {
    return false;
  }
}

// One broken byte in UTF-8 must not turn all of it into well-formed nonsense in GB18030. In real GB18030 text nearly every
// character is broken UTF-8, and hardly three bytes in a row happen to be a character of it.
function isDamagedUtf8(bytes: Buffer): boolean {
  let broken = 0;
  let whole = 0;
  for (const text of decoded(bytes, 'utf-8', false)) {
    broken += text.match(/\ufffd/g)?.length ?? 0;
    whole += text.match(/[\u0800-\ufffc]/g)?.length ?? 0;
  }
  return whole > 4 * broken;
}

const lineBreak = /\r\n|\r|\n/g;

// A line break is never part of a longer character, neither in UTF-8 nor in GB18030.
function brokenLine(bytes: Buffer, encoding: Encoding): number {
  let line = 1;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start + chunkLength) + 1 || bytes.length;
    const chunk = bytes.subarray(start, end);
    if (!isValid(chunk, encoding)) {
      const lines = chunk.toString('latin1').split(lineBreak);
      return line + lines.findIndex((each) => !isValid(Buffer.from(each, 'latin1'), encoding));
    }
    line += chunk.toString('latin1').match(lineBreak)?.length ?? 0;
    start = end;
  }
  return line;
}

function badLine(file: string, row: number, encoding?: string): TableMistake {
  return new TableMistake(
    'unparsable',
    { file, row },
    encoding === undefined
      ? { zh: '含有既非 UTF-8 也非 GB18030 的字节', en: 'bytes that are neither UTF-8 nor GB18030' }
      : { zh: `含有不属于 ${encoding} 的字节`, en: `bytes that are no ${encoding}` },
  );
}

function notText(file: string, encoding?: Encoding): TableMistake {
  return new TableMistake(
    'unparsable',
    { file },
    encoding === undefined
      ? { zh: '不是文本：含有空字节', en: 'not text: it holds zero bytes' }
      : { zh: `不是完整的 ${encoding} 文本`, en: `not whole ${encoding} text` },
  );
}
