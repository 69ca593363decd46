/** A ClientHello, read as strictly as its specification allows. */
export type ClientHello = {
  /** Of the record, and of the hello itself. */
  readonly versions: readonly [record: number, hello: number];
  readonly suites: readonly number[];
  readonly compressions: readonly number[];
  /** Undefined where the hello ends before them. */
  readonly extensions: ReadonlyMap<number, Buffer> | undefined;
};

/** Reads a record with one ClientHello and nothing else: RFC 5246, 7.4.1.2. Throws where a length does not fit. */
export function readClientHello(bytes: Buffer): ClientHello {
  const record = reading(bytes);
  equal(record.number(1), 22, 'record type');
  const recordVersion = record.number(2);
  const handshake = reading(record.vector(2));
  record.end();
  equal(handshake.number(1), 1, 'handshake type');
  const body = reading(handshake.vector(3));
  handshake.end();
  const versions = [recordVersion, body.number(2)] as const;
  body.take(32);
  if (body.vector(1).length > 32) throw new Error('the session identifier is too long');
  const suites = reading(body.vector(2)).numbers(2);
  const compressions = [...body.vector(1)];
  if (suites.length === 0) throw new Error('no cipher suite');
  if (!compressions.includes(0)) throw new Error('no null compression');
  if (body.isOver()) return { versions, suites, compressions, extensions: undefined };
  const extensions = extensionsIn(body.vector(2));
  body.end();
  return { versions, suites, compressions, extensions };
}

/** Reads a CLIENT-HELLO of SSL 2.0 (draft-hickman-netscape-ssl-00, 2.5); gives its cipher kinds. */
export function readSsl2ClientHello(bytes: Buffer): readonly number[] {
  const record = reading(bytes);
  const header = record.number(2);
  if ((header & 0x8000) === 0) throw new Error('a header of two bytes has its first bit set');
  equal(header & 0x7fff, bytes.length - 2, 'record length');
  equal(record.number(1), 1, 'MSG-CLIENT-HELLO');
  equal(record.number(2), 0x0002, 'version');
  const [kinds, session, challenge] = [record.number(2), record.number(2), record.number(2)];
  if (kinds % 3 !== 0) throw new Error('a cipher kind has three bytes');
  if (session !== 0 && session !== 16) throw new Error('a session identifier has none or 16 bytes');
  if (challenge < 16 || challenge > 32) throw new Error('a challenge has 16 to 32 bytes');
  const list = reading(record.take(kinds)).numbers(3);
  record.take(session + challenge);
  record.end();
  return list;
}

/** The numbers that stand in an extension after their length, and nothing else. */
export function listIn(data: Buffer | undefined, lengthSize: number, size: number): number[] {
  const extension = reading(data ?? Buffer.alloc(0));
  const numbers = reading(extension.vector(lengthSize)).numbers(size);
  extension.end();
  return numbers;
}

/** The host name of server_name: RFC 6066, 3. */
export function serverNameIn(data: Buffer): string {
  const extension = reading(data);
  const list = reading(extension.vector(2));
  extension.end();
  equal(list.number(1), 0, 'name type');
  const name = list.vector(2).toString('latin1');
  list.end();
  return name;
}

// Each type stands once (RFC 5246, 7.4.1.4).
function extensionsIn(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const list = reading(bytes);
  const found = new Map<number, Buffer>();
  while (!list.isOver()) {
    const type = list.number(2);
    if (found.has(type)) throw new Error(`extension ${type} stands twice`);
    found.set(type, list.vector(2));
  }
  return found;
}

function equal(found: number, wanted: number, what: string): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}

// Takes bytes from the front; throws rather than come short.
function reading(bytes: Buffer) {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error(`${at + length - bytes.length} bytes are missing`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (size: number): number => take(size).readUIntBE(0, size);
  return {
    take,
    number,
    vector: (size: number): Buffer => take(number(size)),
    numbers: (size: number): number[] =>
      Array.from({ length: Math.ceil((bytes.length - at) / size) }, () => number(size)),
    isOver: (): boolean => at === bytes.length,
    end(): void {
      if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many`);
    },
  };
}
