import type { Text } from '../../text.ts';
import { chainOf, findRow, type ProfileSource, type Row, rowsOf } from '../profile-files.ts';
import type { Part } from '../profile-words.ts';
import type { AnnexFile } from './annex-file.ts';

type Topic = AnnexFile['parts'][number]['topics'][string];

/** One topic of an annex, with the profile's own rows. */
export type AnnexTopic = Omit<Topic, 'rows'> & {
  readonly key: string;
  /** Ids of the profile's requirements, in its order. */
  readonly requirements: readonly string[];
};

/** How an annex of the report is arranged, complete. */
export type Annex = Pick<AnnexFile, 'title' | 'paper'> & {
  /** The clauses that ask for it. */
  readonly cites: readonly { source: string; clause: string }[];
  readonly parts: readonly { readonly title: Text; readonly topics: readonly AnnexTopic[] }[];
};

/** What takes the rows that stand in no topic. */
export const otherTopic = { key: 'other', title: { zh: '其他', en: 'Other matters' } } as const;

/** The annex of a profile: the nearest that it or what it extends has, with the rows that each adds; none where none is said. */
export function annexOf(main: ProfileSource, partOf: (row: Row) => Part | undefined): Annex | undefined {
  const arranged = arrangedBy(main);
  if (!arranged) return undefined;
  const { source, annex } = arranged;
  const added = additions(main);
  const own = rowsOf(main);
  const placed = new Set<string>();
  const topicOf = ([key, { rows, ...topic }]: [string, Topic]): AnnexTopic => {
    const asked = new Set([...rows.map((id) => findRow(id, source)?.keys), ...(added.get(key) ?? [])]);
    const requirements = own.filter((row) => chainOf(row).rows.some(({ keys }) => asked.has(keys))).map(({ id }) => id);
    for (const id of requirements) placed.add(id);
    return { ...topic, key, requirements };
  };
  const parts = annex.parts.map(({ title, topics, others }) => ({
    title,
    others,
    topics: Object.entries(topics).map(topicOf),
  }));
  const follows = findRow(annex.follows, source)?.keys;
  const cites = own.filter((row) => chainOf(row).rows.some(({ keys }) => keys === follows)).flatMap(clausesOf);
  const left = own.filter(({ id }) => !placed.has(id));
  return {
    title: annex.title,
    paper: annex.paper,
    cites,
    parts: parts.map(({ title, topics, others }) => {
      const rows = left.filter((row) => partOf(row) === others).map(({ id }) => id);
      return { title, topics: [...topics, ...(rows.length > 0 ? [otherWith(rows)] : [])] };
    }),
  };
}

function otherWith(requirements: readonly string[]): AnnexTopic {
  return { ...otherTopic, requirements, facts: [], papers: [], ledgers: [], fields: {}, chapters: [], shows: [] };
}

function clausesOf({ source, id }: Row): { source: string; clause: string }[] {
  return source.file.value?.requirements[id]?.cites ?? [];
}

/** The file that arranges the annex of a profile, and how. */
export function arrangedBy(source: ProfileSource): { source: ProfileSource; annex: AnnexFile } | undefined {
  const annex = source.file.value?.annex;
  if (annex) return { source, annex };
  for (const base of source.bases) {
    const found = arrangedBy(base);
    if (found) return found;
  }
  return undefined;
}

// Each row is looked up from the file that names it.
function additions(source: ProfileSource): Map<string, unknown[]> {
  const all = new Map<string, unknown[]>();
  for (const each of [source, ...source.bases]) {
    const rows = each === source ? ownAdditions(each) : additions(each);
    for (const [key, keys] of rows) all.set(key, [...(all.get(key) ?? []), ...keys]);
  }
  return all;
}

function ownAdditions(source: ProfileSource): Map<string, unknown[]> {
  const added = Object.entries(source.file.value?.annexRows ?? {});
  return new Map(added.map(([key, ids]) => [key, ids.map((id) => findRow(id, source)?.keys)]));
}
