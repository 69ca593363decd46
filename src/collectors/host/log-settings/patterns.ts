import type { LogLimit } from '../../../evidence/host/log-policies.ts';

/** Stands in a text for a variable whose value the file does not tell. */
export const unresolved = '\u0001';

/** A text with its `${name}` and `${name:-default}` filled from the file's own properties; a default is no proof of the value. */
export function filled(text: string, properties: ReadonlyMap<string, string>): string {
  let result = text.slice(0, 1000);
  for (let round = 0; round < 8 && result.includes('${'); round++) {
    result = result
      .replace(
        /\$\{([^${}]{1,200})\}/g,
        (_, inside: string) => properties.get(inside.split(':-')[0]?.trim() ?? '') ?? unresolved,
      )
      .slice(0, 2000);
  }
  return result;
}

/** How long one period of a date pattern is: of its first date that is not marked `aux`; undefined if it has none. */
export function periodOf(pattern: string): { days: number } | { months: number } | undefined {
  const dates = [...pattern.matchAll(/%d(?:ate)?(?:\{([^}]{0,100})\})?/g)].map(([, form = 'yyyy-MM-dd']) => form);
  const main = dates.find((form) => !/,\s*aux\b/.test(form));
  if (main === undefined) return undefined;
  const letters = (main.split(',')[0] ?? '').replace(/'[^']*'/g, '');
  if (/[sS]/.test(letters)) return { days: 1 / 86_400 };
  if (/m/.test(letters)) return { days: 1 / 1440 };
  if (/[HhKk]/.test(letters)) return { days: 1 / 24 };
  if (/a/.test(letters)) return { days: 0.5 };
  if (/[dDEuF]/.test(letters)) return { days: 1 };
  if (/[wW]/.test(letters)) return { days: 7 };
  return /[ML]/.test(letters) ? { months: 1 } : { months: 12 };
}

/** What `count` periods of a date pattern keep. */
export function periodsOf(pattern: string, count: number): LogLimit | undefined {
  const period = periodOf(pattern);
  if (!period) return undefined;
  return 'months' in period ? { months: period.months * count } : { days: period.days * count };
}

/** A pattern of file names as glob(7): dates, counters and unresolved variables stand for anything. */
export function globOf(pattern: string): string {
  return pattern
    .replace(/%d(?:ate)?(?:\{([^}]{0,100})\})?/g, (_, form?: string) =>
      (form ?? '').split(',')[0]?.includes('/') ? (form ?? '').replace(/,.*$/, '').replace(/[^/]+/g, '*') : '*',
    )
    .replace(/%\d*i|%u/g, '*')
    .replace(/\$\$?\{[^}]*\}/g, '*')
    .replaceAll(unresolved, '*')
    .replace(/\*+/g, '*');
}

/** A whole number above or at zero; undefined if it is none, or stands in a variable. */
export function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
