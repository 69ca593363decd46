import { z } from 'zod';
import type { BucketListing } from '../../../evidence/database/buckets.ts';
import { addDays, beginningOf, dateIn, isDate, monthOf } from '../../../evidence/dates.ts';
import { Unavailable } from '../../collector.ts';
import { answered, type BucketClient } from './client.ts';
import { element, readXml, several, whole, words } from './xml.ts';

/** Pages of a thousand objects that are asked for at most. */
const mostPages = 200;

/** Milliseconds that listing may take: what a slow store is given beside everything else. */
const mostTime = 120_000;

/** Days with bytes that are kept, newest first. */
const mostDays = 60;

/** One object, as the list names it. */
export type Listed = { readonly key: string; readonly written: number; readonly bytes: number };

/** What was listed, and why it is not all. */
export type ListedAll = { readonly objects: readonly Listed[]; readonly partial: boolean; readonly why?: string };

const page = element({
  IsTruncated: z.enum(['true', 'false']),
  NextContinuationToken: words.optional(),
  Contents: several(z.object({ Key: words, LastModified: z.iso.datetime({ offset: true }), Size: whole })),
  EncodingType: z.string().optional(),
});

/** Lists the objects below a prefix, page by page, within bounds. Throws {@link Unavailable} where not even the first page comes. */
export async function listObjects(client: BucketClient, prefix: string, now: () => Date): Promise<ListedAll> {
  const objects: Listed[] = [];
  const tokens = new Set<string>();
  const end = now().getTime() + mostTime;
  let token: string | undefined;
  for (let count = 0; ; count += 1) {
    if (count >= mostPages) return { objects, partial: true, why: `> ${mostPages} × 1000` };
    if (now().getTime() > end) return { objects, partial: true, why: `> ${mostTime / 1000} s` };
    let next: Awaited<ReturnType<typeof pageOf>>;
    try {
      next = await pageOf(client, prefix, token);
    } catch (error) {
      if (count === 0 || !(error instanceof Unavailable)) throw error;
      return { objects, partial: true, why: error.message };
    }
    // A placeholder that consoles make for a folder is no file.
    objects.push(...next.objects.filter(({ key, bytes }) => bytes > 0 || !key.endsWith('/')));
    token = next.token;
    if (token === undefined) return { objects, partial: next.isCut, ...(next.isCut ? { why: 'no token' } : {}) };
    if (tokens.has(token)) return { objects, partial: true, why: 'the same page again' };
    tokens.add(token);
  }
}

/** The key of some object below a prefix; undefined where there is none. Throws {@link Unavailable} where they cannot be listed. */
export async function firstObject(client: BucketClient, prefix: string): Promise<string | undefined> {
  const { objects } = await pageOf(client, prefix, undefined);
  return objects.find(({ bytes }) => bytes > 0)?.key;
}

async function pageOf(
  client: BucketClient,
  prefix: string,
  token: string | undefined,
): Promise<{ objects: Listed[]; token: string | undefined; isCut: boolean }> {
  const answer = await client.get({
    'list-type': '2',
    'encoding-type': 'url',
    ...(prefix === '' ? {} : { prefix }),
    ...(token === undefined ? {} : { 'continuation-token': token }),
  });
  const { IsTruncated, NextContinuationToken, Contents, EncodingType } = readXml(
    answered(answer, 'GET ?list-type=2').text,
    'ListBucketResult',
    page,
  );
  const objects = Contents.map(({ Key, LastModified, Size }) => ({
    key: EncodingType === 'url' ? decoded(Key) : Key,
    written: Date.parse(LastModified),
    bytes: Size,
  }));
  if (objects.some(({ key }) => !key.startsWith(prefix)))
    throw new Unavailable('unparsable', 'ListBucketResult: keys of another prefix');
  const isCut = IsTruncated === 'true';
  return { objects, isCut, token: isCut ? NextContinuationToken : undefined };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** Ages and sizes of what was listed. */
export function listingOf({ objects, partial }: ListedAll, now: Date, timeZone: string): BucketListing {
  const dayOf = (time: number): string => dateIn(new Date(time), timeZone);
  const months: Record<string, number> = {};
  const days = new Map<number, number>();
  let oldest = Number.POSITIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  let lastNamed = Number.NEGATIVE_INFINITY;
  let bytes = 0;
  for (const { key, written, bytes: size } of objects) {
    oldest = Math.min(oldest, written);
    newest = Math.max(newest, written);
    const at = Math.min(written, endOfNamedDay(key, timeZone) ?? written);
    lastNamed = Math.max(lastNamed, at);
    bytes += size;
    const month = monthOf(dayOf(written));
    months[month] = (months[month] ?? 0) + 1;
    const daysAgo = Math.floor((now.getTime() - at) / 86_400_000);
    days.set(daysAgo, (days.get(daysAgo) ?? 0) + size);
  }
  const safe = (sum: number): number => Math.min(sum, Number.MAX_SAFE_INTEGER);
  return {
    objects: objects.length,
    bytes: safe(bytes),
    partial,
    ...(objects.length > 0
      ? { oldest: dayOf(oldest), newest: dayOf(newest), newestHours: hoursBetween(newest, now) }
      : {}),
    ...(lastNamed < newest ? { namedHours: hoursBetween(lastNamed, now) } : {}),
    months,
    days: [...days]
      .toSorted(([one], [other]) => one - other)
      .slice(0, mostDays)
      .map(([daysAgo, sum]) => ({ daysAgo, bytes: safe(sum) })),
  };
}

function hoursBetween(time: number, now: Date): number {
  return Math.round((now.getTime() - time) / 360_000) / 10;
}

// The last day that a key bears: a copy is written anew, what it holds is no newer than that.
function endOfNamedDay(key: string, timeZone: string): number | undefined {
  const named = [...key.matchAll(/(?<!\d)(20\d\d)([-_./]?)(\d\d)\2(\d\d)(?=\D|$|\d{4}(?:\d\d)?(?!\d))/g)]
    .map(([, year, , month, day]) => `${year}-${month}-${day}`)
    .filter(isDate);
  const last = named.toSorted().at(-1);
  return last === undefined ? undefined : Date.parse(beginningOf(addDays(last, 1), timeZone));
}
