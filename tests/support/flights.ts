/** A handshake message: type, length, body. */
export function message(type: number, body: Buffer | string): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'hex') : body;
  return Buffer.concat([Buffer.of(type), number(bytes.length, 3), bytes]);
}

/** Bytes in records of a type, by default handshake (22), none longer than `longest`. */
export function records(version: number, bytes: Buffer, { type = 22, longest = 16_384 } = {}): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += longest) {
    const part = bytes.subarray(at, at + longest);
    parts.push(Buffer.of(type), number(version, 2), number(part.length, 2), part);
  }
  return Buffer.concat(parts);
}

/** The body of a ServerHello: RFC 5246, 7.4.1.3; without extensions also RFC 6101, 5.6.1.3 and GB/T 38636-2020, 6.4.5.2.2. */
export function serverHelloBody(
  version: number,
  suite: number,
  extensions?: readonly (readonly [number, Buffer])[],
): Buffer {
  const fixed = [number(version, 2), Buffer.alloc(32, 0xab), Buffer.of(0), number(suite, 2), Buffer.of(0)];
  if (!extensions) return Buffer.concat(fixed);
  const list = extensions.map(([type, data]) => Buffer.concat([number(type, 2), vector(2, data)]));
  return Buffer.concat([...fixed, vector(2, ...list)]);
}

/** The body of a Certificate message: RFC 5246, 7.4.2. */
export function certificateBody(ders: readonly Buffer[]): Buffer {
  return vector(3, ...ders.map((der) => vector(3, der)));
}

/** Parts after their length in `size` bytes. */
export function vector(size: number, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([
    number(
      parts.reduce((sum, part) => sum + part.length, 0),
      size,
    ),
    ...parts,
  ]);
}

/** A number in `size` bytes. */
export function number(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}
