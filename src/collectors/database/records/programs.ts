import { z } from 'zod';
import type { Deleter } from '../../../evidence/database/records.ts';
import { Unavailable } from '../../collector.ts';

/** A piece of SQL that the server keeps and runs by itself or when it is called. */
export type Program = {
  readonly kind: Deleter['kind'];
  readonly name: string;
  readonly text: string;
  /** It is switched off for good: it deletes nothing, nor does it call anything. */
  readonly isOff?: boolean;
  /** Where its text looks for names without a schema, if that is known. */
  readonly home?: string;
  /** Its text is that of a routine that other programs call by this name. */
  readonly routine?: string;
};

/** All that a store’s server keeps that may delete, and what could not be read. */
export type Programs = {
  readonly programs: readonly Program[];
  readonly unread: readonly string[];
  /** What is known to delete from a table without its text being read; `by`: the column that its age is counted by, if it is one. */
  readonly direct: readonly (Deleter & { readonly table: string; readonly by?: string })[];
  /** Views, by which rows of tables can be deleted. */
  readonly views: readonly View[];
};

/** A view, and what it is made of: places by {@link placeOf}; undefined if that is hidden. */
export type View = { readonly schema: string; readonly name: string; readonly of: readonly string[] | undefined };

/** The views that lead to one of some places, be it by other views, and those of which that is hidden. */
export function viewsOver(views: readonly View[], places: readonly string[]): View[] {
  const reached = new Set(places);
  let found: View[] = [];
  for (;;) {
    const more = views.filter(({ of }) => of === undefined || of.some((each) => reached.has(each)));
    if (more.length === found.length) return found;
    found = more;
    for (const each of found) reached.add(placeOf(each));
  }
}

/** How many programs of a kind are read, and how many characters of each: beyond that the server’s view counts as unread. */
export const mostPrograms = 2000;
export const longestProgram = 50_000;

/** Only what holds one of these words can delete, or call by name what deletes; a regular expression of both engines. */
export const telling =
  'delete|truncate|drop|detach|merge|rename|update|exchange|replace|alter|execute|prepare|call|perform|select';

/** Whether not all was read. */
export function isCut(rows: readonly { readonly text: string | null }[]): boolean {
  return rows.length > mostPrograms || rows.some(({ text }) => (text?.length ?? 0) >= longestProgram);
}

/** The name by which programs and tables are matched. */
export function placeOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}

/** Asks for something that may be denied, absent or not what it is known to be: its name is then among what was not read. */
export async function unlessDenied<T>(
  name: string,
  unread: string[],
  ask: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await ask();
  } catch (error) {
    const isOfView = error instanceof Unavailable ? error.reason !== 'unreachable' : error instanceof z.ZodError;
    if (!isOfView) throw error;
    unread.push(name);
    return [];
  }
}
