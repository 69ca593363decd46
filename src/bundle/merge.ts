import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../canonical-json.ts';
import { InputError } from '../errors.ts';
import { foldContacts } from '../evidence/contacts.ts';
import { isLater, placeOf } from '../evidence/latest.ts';
import { type Observation, originOf } from '../evidence/observation.ts';
import { missingShards, type ShardsOfZone } from '../evidence/shards.ts';
import { printable } from '../text.ts';
import { type Bundle, type Header, rawFolder, readBundle } from './bundle.ts';
import { sha256 } from './digests.ts';
import { type Entry, entryOf } from './entries.ts';
import { type Files, openFiles } from './files.ts';
import { writeEntries } from './write.ts';

/** What a merging left. */
export type Merged = {
  readonly observations: number;
  /** Parts of a divided collection that were not among the bundles: `2/3`. */
  readonly missing: readonly string[];
};

type Part = Bundle & { readonly path: string };

/**
 * Joins bundles of parts or zones of one platform into one. Each is verified; of one place ({@link placeOf}) what was seen last is taken, and what was
 * seen before what was not; papers, facts and ledgers that differ are all kept, so that the difference is judged.
 * Throws {@link InputError} if one was changed, or they are not of the same platform, profile, occasion and version.
 */
export async function mergeBundles(paths: readonly string[], out: string): Promise<Merged> {
  const parts: Part[] = [];
  for (const path of paths) {
    const bundle = await readBundle(path);
    // The same bundle twice would count its contacts twice.
    if (!parts.some(({ manifestDigest }) => manifestDigest === bundle.manifestDigest)) parts.push({ path, ...bundle });
  }
  const [first, ...others] = parts;
  if (!first) throw new InputError({ zh: '没有要合并的证据包', en: 'there is no evidence to merge' });
  for (const other of others) refuseOther(first, other);
  const shards = shardsOf(parts);
  const taken = takenOf(parts);
  const header: Header = {
    tool: first.manifest.tool,
    platform: first.manifest.platform,
    zone: [...new Set(taken.map(({ observation }) => observation.source.zone))].toSorted().join(', '),
    profile: first.manifest.profile,
    occasion: first.manifest.occasion,
    contacts: foldContacts(parts.flatMap(({ manifest }) => manifest.contacts)),
    ...(shards.length > 0 ? { shards } : {}),
  };
  await writeEntries(out, entriesOf(taken), header);
  return { observations: taken.length, missing: missingShards(shards) };
}

type Taken = { readonly observation: Observation; readonly path: string };

function takenOf(parts: readonly Part[]): Taken[] {
  const places = new Map<string, Taken[]>();
  const ids = new Set<string>();
  for (const { path, observations } of parts) {
    for (const observation of observations) {
      if (ids.has(observation.id)) continue;
      ids.add(observation.id);
      const place = placeOf(observation);
      const known = places.get(place);
      if (known) known.push({ observation, path });
      else places.set(place, [{ observation, path }]);
    }
  }
  return [...places.values()].flatMap(chosenOf);
}

function chosenOf(all: readonly Taken[]): Taken[] {
  if (all.length < 2) return [...all];
  const seen = all.filter(({ observation }) => observation.observed !== undefined);
  const byContent = new Map<string, Taken>();
  for (const each of seen.length > 0 ? seen : all) {
    const { kind, observed } = each.observation;
    const content = originOf(kind) === 'filed' && observed !== undefined ? canonicalJson(observed) : '';
    const known = byContent.get(content);
    if (!known || isLater(each.observation, known.observation)) byContent.set(content, each);
  }
  return [...byContent.values()];
}

async function* entriesOf(taken: readonly Taken[]): AsyncGenerator<Entry> {
  for (const [path, some] of Map.groupBy(taken, (each) => each.path)) {
    await using files = await openFiles(path);
    for (const { observation } of some) yield entryOf({ observation, ...(await rawOf(observation, files, path)) });
  }
}

async function rawOf({ raw }: Observation, files: Files, path: string): Promise<{ raw?: NonNullable<Entry['raw']> }> {
  if (raw === undefined) return {};
  const name = `${rawFolder}/${raw}.txt`;
  const content = await files.read(name);
  // It was verified a moment ago; this is what is written.
  if (!content || sha256(content) !== raw) {
    throw new InputError({
      zh: `证据包 ${path} 的 ${name} 缺失，或者与引用它的证据不符`,
      en: `${name} of the evidence in ${path} is missing, or is not what refers to it`,
    });
  }
  return { raw: { name, content } };
}

function shardsOf(parts: readonly Part[]): ShardsOfZone[] {
  const zones = new Map<string, ShardsOfZone>();
  for (const { path, manifest } of parts) {
    for (const each of manifest.shards ?? []) {
      const known = zones.get(each.zone) ?? each;
      if (known.of !== each.of) {
        throw new InputError({
          zh: `证据包 ${path} 是区域「${each.zone}」${each.of} 份之一，其他的是 ${known.of} 份之一，无法合并`,
          en: `the evidence in ${path} is one of ${each.of} parts of the zone "${each.zone}", others are of ${known.of}; they cannot be merged`,
        });
      }
      const have = [...new Set([...known.have, ...each.have])].toSorted((a, b) => a - b);
      zones.set(each.zone, { ...known, have });
    }
  }
  return [...zones.values()].toSorted((a, b) => (a.zone < b.zone ? -1 : 1));
}

function refuseOther(first: Part, other: Part): void {
  const of = ({ manifest: { tool, profile, occasion }, declaration }: Part) => ({
    version: tool.version,
    profile,
    occasion,
    platform: declaration,
  });
  const [place, one, two] = difference(of(first), of(other), '') ?? [];
  if (place === undefined) return;
  const [here, there] = [shown(one), shown(two)];
  throw new InputError({
    zh: `无法合并：${place} 在 ${first.path} 中为 ${here}，在 ${other.path} 中为 ${there}`,
    en: `cannot merge: ${place} is ${here} in ${first.path} and ${there} in ${other.path}`,
  });
}

/** The first place where two values differ, and what stands there. */
function difference(one: unknown, two: unknown, place: string): [string, unknown, unknown] | undefined {
  if (isDeepStrictEqual(one, two)) return undefined;
  if (!isObject(one) || !isObject(two)) return [place, one, two];
  for (const key of new Set([...Object.keys(one), ...Object.keys(two)])) {
    const inner = Array.isArray(one) ? `${place}[${key}]` : `${place}${place && '.'}${key}`;
    const found = difference(one[key], two[key], inner);
    if (found) return found;
  }
  return [place, one, two];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return printable((JSON.stringify(value) ?? '-').slice(0, 200));
}
