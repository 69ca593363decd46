import type { Text } from '../../src/text.ts';

// A report shows this many; all of them stand in the evidence.
const shown = 12;

/** A list for a report: sorted, without repetition, cut after twelve with the number of all. */
export function namesIn(items: readonly string[]): Text {
  const all = [...new Set(items)].toSorted();
  if (all.length === 0) return { zh: '无', en: 'none' };
  const first = all.slice(0, shown);
  const rest = all.length - first.length;
  return {
    zh: first.join('、') + (rest > 0 ? ` 等 ${all.length} 个` : ''),
    en: first.join(', ') + (rest > 0 ? ` and ${rest} more` : ''),
  };
}
