/** One value of ASN.1 in DER (X.690, 10): its tag, its content, and all its bytes. */
export type DerValue = { readonly tag: number; readonly content: Uint8Array; readonly bytes: Uint8Array };

/** Bytes are not the DER that is expected at a place. */
export class DerError extends Error {}

/** Tags as one byte (X.690, 8.1.2). */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
  context3: 0xa3,
} as const;

/** Reads one value; throws {@link DerError} unless it fills the bytes. `trailing` lets zeros follow, as the room for a signature in a PDF has. */
export function readDer(bytes: Uint8Array, trailing: 'none' | 'zeros' = 'none'): DerValue {
  const value = valueAt(bytes, 0);
  const rest = bytes.subarray(value.bytes.length);
  if (trailing === 'none' ? rest.length > 0 : rest.some((byte) => byte !== 0)) throw new DerError('bytes follow');
  return value;
}

/** The values that a constructed value holds. */
export function childrenOf({ tag, content }: DerValue): DerValue[] {
  if ((tag & 0x20) === 0) throw new DerError(`tag ${tag.toString(16)} holds no values`);
  const children: DerValue[] = [];
  for (let at = 0; at < content.length; ) {
    const child = valueAt(content, at);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** The child at a place, of a tag; throws {@link DerError} for any other. */
export function childAt(children: readonly DerValue[], index: number, tag: number): DerValue {
  const child = children[index];
  if (child?.tag !== tag) throw new DerError(`tag ${tag.toString(16)} expected at ${index}`);
  return child;
}

/** An object identifier in dots (X.690, 8.19). */
export function oidOf({ tag, content }: DerValue): string {
  if (tag !== tags.oid || content.length === 0) throw new DerError('no object identifier');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(arc)) throw new DerError('object identifier too large');
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...others] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...others].join('.');
}

// Longer values than any signature; a length beyond it is a mistake.
const longest = 64 * 1024 * 1024;

function valueAt(bytes: Uint8Array, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('no value');
  let [length, start] = [first, at + 2];
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError('length of another form');
    length = 0;
    for (const byte of bytes.subarray(start, start + count)) length = length * 256 + byte;
    start += count;
    // X.690, 10.1: the shortest form alone, so that a value has one spelling.
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length of another form');
  }
  const end = start + length;
  if (length > longest || end > bytes.length) throw new DerError('cut short');
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) };
}
