import { DerError } from './der.ts';

// Deeper than any certificate or time stamp.
const deepest = 32;

/**
 * Bytes of BER (X.690, 8) as DER writes them as far as lengths go: each definite and in its shortest form, strings in one piece. Some time-stamp servers
 * answer with the longer forms. Values stay as they are. Throws {@link DerError} for what is no BER, or has something behind it.
 */
export function inDefiniteForm(bytes: Uint8Array): Uint8Array {
  const { value, end } = read(bytes, 0, 0);
  if (end !== bytes.length) throw new DerError('bytes follow');
  return value;
}

type Read = { readonly value: Buffer; readonly end: number };

function read(bytes: Uint8Array, at: number, depth: number): Read {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > deepest)
    throw new DerError('no value');
  const isConstructed = (tag & 0x20) !== 0;
  if (first === 0x80) {
    if (!isConstructed) throw new DerError('a value without end');
    return withinMarks(bytes, at + 2, tag, depth);
  }
  const { length, start } = lengthAt(bytes, at + 1);
  const end = start + length;
  if (end > bytes.length) throw new DerError('cut short');
  const content = bytes.subarray(start, end);
  if (!isConstructed) return { value: encoded(tag, [content]), end };
  const parts: Buffer[] = [];
  for (let next = 0; next < content.length; ) {
    const part = read(content, next, depth + 1);
    parts.push(part.value);
    next = part.end;
  }
  return { value: joined(tag, parts), end };
}

// Up to two zeros (X.690, 8.1.5).
function withinMarks(bytes: Uint8Array, start: number, tag: number, depth: number): Read {
  const parts: Buffer[] = [];
  let at = start;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) {
    const part = read(bytes, at, depth + 1);
    parts.push(part.value);
    at = part.end;
  }
  return { value: joined(tag, parts), end: at + 2 };
}

const [octets, octetsInPieces] = [0x04, 0x24];

function joined(tag: number, parts: readonly Buffer[]): Buffer {
  if (tag !== octetsInPieces) return encoded(tag, parts);
  return encoded(
    octets,
    parts.map((part) => {
      if (part[0] !== octets) throw new DerError('a piece of another kind');
      return part.subarray(lengthAt(part, 1).start);
    }),
  );
}

function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  const digits = bytes.subarray(at + 1, at + 1 + count);
  if (count > 8 || digits.length < count) throw new DerError('length of another form');
  return { length: digits.reduce((sum, digit) => sum * 256 + digit, 0), start: at + 1 + count };
}

/** A value of DER: its tag, the shortest length, its content. */
export function encoded(tag: number, content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), ...content]);
  const digits = Buffer.from(length.toString(16).padStart(Math.ceil(length.toString(16).length / 2) * 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 + digits.length]), digits, ...content]);
}
