/** JSON with keys sorted at every depth: the same value gives the same text, whatever built it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

// What is in order already is not copied.
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return value;
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const keys = Object.keys(value);
  const given: unknown[] = Object.values(value);
  const items = given.map(sorted);
  if (keys.every((key, at) => items[at] === given[at] && (keys[at - 1] ?? '') <= key)) return value;
  const places = keys.keys().toArray();
  return Object.fromEntries(
    places.toSorted((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1)).map((at) => [keys[at], items[at]]),
  );
}
