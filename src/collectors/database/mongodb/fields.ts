import { Binary } from 'bson';
import { looksLikeName } from '../clear-text/shapes.ts';
import { numberOf } from './times.ts';

/** Takes a value that stands at a path, as text. */
export type Taker = (path: string, value: string) => void;

/** Stands in a path for what is no name of a field but data, and for all fields that are not told apart. */
export const anyField = '*';

// How deep fields are told apart; what lies deeper stands at the path above.
const deepest = 20;
// Different keys at one place beyond which they are no names that somebody thought of.
const mostNames = 300;
const fewNames = 10;
const mostly = 2 / 3;

/**
 * Hands over each text and whole number in documents with the path of its fields; elements of an array stand at the array’s path. Keys that are data (by
 * which somebody keyed a map: numbers, addresses, names of persons) are handed over as values, and are in no path.
 */
export function eachField(documents: readonly unknown[], take: Taker): void {
  const keys = new Map<string, Set<string>>();
  for (const each of documents) walk(each, '', 0, { isName: isFieldName, take: () => {}, keys });
  const maps = new Set([...keys].filter(([path, names]) => isMap(path, names)).map(([path]) => path));
  const isName = (key: string, path: string): boolean => isFieldName(key) && !maps.has(path);
  for (const each of documents) walk(each, '', 0, { isName, take });
}

type Walk = {
  isName(key: string, path: string): boolean;
  readonly take: Taker;
  /** Where the keys of each path are gathered. */
  readonly keys?: Map<string, Set<string>>;
};

function walk(value: unknown, path: string, depth: number, how: Walk): void {
  const text = textOf(value);
  if (text !== undefined) {
    how.take(path === '' ? anyField : path, text);
    return;
  }
  if (Array.isArray(value)) {
    for (const each of value) walk(each, path, depth + 1, how);
    return;
  }
  if (!isDocument(value)) return;
  for (const [key, each] of Object.entries(value)) {
    const known = how.keys?.get(path) ?? new Set();
    if (known.size <= mostNames) how.keys?.set(path, known.add(key));
    const isName = how.isName(key, path);
    const next = depth >= deepest ? path : [path, isName ? key : anyField].filter((part) => part !== '').join('.');
    if (!isName) how.take(next, key);
    walk(each, next, depth + 1, how);
  }
}

// Many digits, or the sign of an address.
function isFieldName(key: string): boolean {
  return key.length <= 100 && !/\d{4}|@/.test(key);
}

// Names of fields may begin like names of persons (金额), but not most of them; at the top a few may.
function isMap(path: string, keys: ReadonlySet<string>): boolean {
  const likeNames = [...keys].filter(looksLikeName).length;
  return keys.size > mostNames || ((path !== '' || keys.size >= fewNames) && likeNames > keys.size * mostly);
}

// Not one of the driver’s own types.
function isDocument(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

// Numbers with a fraction are none that is searched for.
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Binary)
    return value.sub_type === Binary.SUBTYPE_DEFAULT ? Buffer.from(value.buffer).toString('latin1') : undefined;
  const number = numberOf(value);
  return number !== undefined && /^\d+$/.test(number) ? number : undefined;
}
