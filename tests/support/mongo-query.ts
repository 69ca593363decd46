import type { Document } from 'bson';
import { ObjectId } from 'bson';

/** The values at a path: of an array each of its elements, as an index has them. */
function valuesAt(document: unknown, path: string): unknown[] {
  const [first = '', ...rest] = path.split('.');
  if (typeof document !== 'object' || document === null) return [undefined];
  const value: unknown = Object.hasOwn(document, first) ? Reflect.get(document, first) : undefined;
  const values = Array.isArray(value) ? value : [value];
  return rest.length === 0 ? values : values.flatMap((each) => valuesAt(each, rest.join('.')));
}

/** The type of a value as `$type` names it. */
function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return '_bsontype' in Object(value) ? String(Reflect.get(Object(value), '_bsontype')).toLowerCase() : 'object';
}

const isNumber = (type: string): boolean => /^(int|long|double|decimal)/.test(type);

// Values of different types are never compared (MongoDB manual, “Comparison/Sort Order”: type bracketing).
function compare(one: unknown, other: unknown): number | undefined {
  const [left, right] = [typeOf(one), typeOf(other)];
  if (left !== right && !(isNumber(left) && isNumber(right))) return undefined;
  if (one instanceof ObjectId)
    return one.toHexString() < String(other) ? -1 : one.toHexString() > String(other) ? 1 : 0;
  const [a, b] =
    one instanceof Date
      ? [one.getTime(), Number(other)]
      : isNumber(left)
        ? [Number(one), Number(other)]
        : [String(one), String(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function meets(value: unknown, condition: unknown): boolean {
  if (condition === null) return value === null || value === undefined;
  if (typeof condition !== 'object') return value === condition;
  return Object.entries(condition).every(([operator, bound]) => {
    const order = compare(value, bound);
    if (operator === '$gte') return order !== undefined && order >= 0;
    if (operator === '$lt') return order !== undefined && order < 0;
    if (operator === '$type') return Array.isArray(bound) && bound.includes(typeOf(value));
    throw new Error(`BadValue: ${operator}`);
  });
}

/** Documents that a filter lets through. */
export function matching(documents: readonly Document[], filter: Document): Document[] {
  return documents.filter((each) =>
    Object.entries(filter).every(([path, condition]) => valuesAt(each, path).some((value) => meets(value, condition))),
  );
}

/** What stages of an aggregation make of documents. */
export function aggregated(documents: readonly Document[], pipeline: readonly Document[]): Document[] {
  return pipeline.reduce<Document[]>(
    (found, stage) => {
      if (stage.$match) return matching(found, stage.$match);
      if (stage.$limit) return found.slice(0, stage.$limit);
      if (stage.$count) return found.length === 0 ? [] : [{ [stage.$count]: found.length }];
      if (stage.$sample) return found.toSorted(() => Math.random() - 0.5).slice(0, stage.$sample.size);
      if (stage.$sort) {
        const [[path = '', order = 1] = []] = Object.entries<number>(stage.$sort);
        const at = (each: Document): unknown => valuesAt(each, path)[0];
        return found.toSorted((a, b) => order * (compare(at(a), at(b)) ?? 0));
      }
      if (stage.$project) {
        const path = String(stage.$project.v).slice(1);
        return found.map((each) => {
          const values = valuesAt(each, path);
          return values[0] === undefined ? {} : { v: values.length > 1 ? values : values[0] };
        });
      }
      throw new Error(`Unrecognized pipeline stage name: ${Object.keys(stage)}`);
    },
    [...documents],
  );
}

/** Whether some document has several places in an index of a path. */
export function isMultiKey(documents: readonly Document[], path: string): boolean {
  return documents.some((each) => valuesAt(each, path).length > 1);
}
