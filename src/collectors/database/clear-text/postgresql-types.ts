import type { Wanted } from './sampled.ts';
import { longest, reach, tooLong } from './tally.ts';

/** A column's type, domains resolved. */
export type PostgresqlType = {
  readonly name: string;
  readonly type: string;
  /** It comes with the server. */
  readonly builtin: boolean;
  /** It comes with an extension. */
  readonly extension: boolean;
  /** pg_type.typcategory. */
  readonly category: string;
  /** Of an array: what it holds, if that comes with the server or is an enumeration. */
  readonly element: string | null;
  readonly modifier: number;
};

const texts = new Set(['text', 'varchar', 'bpchar', 'name', 'char']);
// The whole value is needed to write it as text.
const written = new Set(['json', 'jsonb', 'xml', 'tsvector']);
const integers = new Set(['int8']);
const floats = new Set(['float8']);
// Places and vectors of known extensions.
const shapes = /^(geometry|geography|raster|box2d|box3d|vector|halfvec|sparsevec|cube|seg)$/;
// Values kept larger than this are not written out.
const largest = 65_536;

/** How the type is read as text; undefined if it can hold none of what is looked for. */
export function postgresqlText(column: PostgresqlType): Omit<Wanted, 'name'> | undefined {
  const { type, builtin, extension } = column;
  const it = `"${column.name.replaceAll('"', '""')}"`;
  const plain = `${it}::text`;
  const guarded = `CASE WHEN pg_column_size(${it}) <= ${largest} THEN ${plain} ELSE '${tooLong}' END`;
  if (!builtin) {
    if (!extension) return undefined;
    return type === 'citext' ? { expression: plain } : type === 'hstore' ? { expression: guarded } : undefined;
  }
  if (texts.has(type)) return { expression: plain };
  if (integers.has(type) || (type === 'numeric' && isWhole(column.modifier))) return { expression: plain, short: true };
  if (type === 'numeric')
    return {
      expression: `CASE WHEN ${it} BETWEEN 1e10 AND 1e19 AND ${it} = trunc(${it}) THEN trunc(${it})::text END`,
      short: true,
    };
  if (floats.has(type))
    return { expression: `CASE WHEN ${it} BETWEEN 1e10 AND 1e19 THEN ${it}::numeric::text END`, short: true };
  if (type === 'bytea') return { expression: it, binary: true };
  const holds = column.element;
  const isListed =
    holds !== null && (texts.has(holds) || written.has(holds) || holds === 'int8' || holds === 'numeric');
  return written.has(type) || isListed ? { expression: guarded } : undefined;
}

/**
 * The piece of a text or of bytes that is read, as an expression: from a random place on, both ends with their share. How many characters a long
 * text has is not asked, for all of it would be unpacked.
 */
export function pieceOf(it: string, { binary, short }: Pick<Wanted, 'binary' | 'short'>): string {
  if (short) return it;
  const long = binary ? `${reach}` : `${Math.floor(reach / 3)}`;
  const length = `CASE WHEN octet_length(${it}) <= ${reach} THEN length(${it}) ELSE ${long} END`;
  const start = `greatest(1, least(${length} - ${longest - 1}, floor(random() * (${length}))::int - ${longest / 2 - 1}))`;
  const piece = `substr(${it}, ${start}, ${longest + 1})`;
  return binary ? `encode(${piece}, 'hex')` : piece;
}

/**
 * Whether it is not known what the type holds: one that somebody made. Writing it as text could run a function of theirs. Enumerations (E) and
 * ranges (R) are made of what is named in the catalogue.
 */
export function isUnknown(column: PostgresqlType): boolean {
  const { builtin, extension, category, element, type } = column;
  if ('ER'.includes(category) || (category === 'A' ? element !== null : builtin)) return false;
  return !(extension && shapes.test(type)) && postgresqlText(column) === undefined;
}

// numeric(p, s): (p << 16 | s) + 4, -1 for any number. With fractions they are amounts, but for numbers that have none (NUMBER(22,2) of other systems).
function isWhole(modifier: number): boolean {
  return modifier < 4 || ((modifier - 4) & 0xffff) === 0;
}
