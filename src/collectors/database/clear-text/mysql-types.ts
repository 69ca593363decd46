import type { Wanted } from './sampled.ts';
import { longest, reach } from './tally.ts';

/** A column's type as information_schema.COLUMNS has it, in small letters. */
export type MysqlType = {
  readonly name: string;
  readonly type: string;
  readonly scale: number | null;
  readonly precision: number | null;
};

const texts = /^(char|varchar|tinytext|text|mediumtext|longtext|json)$/;
const bytes = /^(binary|varbinary|tinyblob|blob|mediumblob|longblob)$/;
const floats = /^(float|double|real)$/;
// Eleven digits do not fit in; enumerations hold what the catalogue names.
const others =
  /^(bit|bool|boolean|tinyint|smallint|mediumint|int|integer|date|datetime|timestamp|time|year|enum|set|uuid|inet4|inet6|vector|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;

/** How the type is read as text; undefined if it can hold none of what is looked for. */
export function mysqlText({ name, type, scale, precision }: MysqlType): Omit<Wanted, 'name'> | undefined {
  const it = `\`${name.replaceAll('`', '``')}\``;
  if (texts.test(type)) return { expression: pieceOf(type === 'json' ? `CAST(${it} AS CHAR)` : it) };
  if (bytes.test(type)) return { expression: `hex(${pieceOf(it)})`, binary: true };
  const isLong = type === 'bigint' || (isDecimal(type) && scale === 0 && (precision ?? 0) >= 11);
  if (isLong) return { expression: `CAST(${it} AS CHAR)` };
  if (isDecimal(type) && (precision ?? 0) - (scale ?? 0) >= 11)
    return {
      expression: `CASE WHEN ${it} BETWEEN 1e10 AND 1e19 AND ${it} = TRUNCATE(${it}, 0) THEN CAST(TRUNCATE(${it}, 0) AS CHAR) END`,
    };
  if (floats.test(type))
    return { expression: `CASE WHEN ${it} BETWEEN 1e10 AND 1e19 THEN CAST(CAST(${it} AS DECIMAL(20, 0)) AS CHAR) END` };
  return undefined;
}

// From a random place on, both ends with their share.
function pieceOf(it: string): string {
  const length = `least(char_length(${it}), ${reach})`;
  const start = `greatest(1, least(${length} - ${longest - 1}, floor(rand() * ${length}) - ${longest / 2 - 1}))`;
  return `substr(${it}, ${start}, ${longest + 1})`;
}

/** Whether it is not known what the type holds. */
export function isMysqlUnknown(column: MysqlType): boolean {
  return !others.test(column.type) && !isDecimal(column.type) && mysqlText(column) === undefined;
}

function isDecimal(type: string): boolean {
  return type === 'decimal' || type === 'numeric';
}
