import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { neededKinds } from '../assessment/needs.ts';
import { readBundle } from '../bundle/bundle.ts';
import { sha256 } from '../bundle/digests.ts';
import { Journal, type Undertaking } from '../bundle/journal.ts';
import { writeEntries } from '../bundle/write.ts';
import { canonicalJson } from '../canonical-json.ts';
import { collectInto, type Keeper, type PassedOn } from '../collectors/run.ts';
import type { Shard } from '../collectors/shard.ts';
import { InputError } from '../errors.ts';
import { foldContacts } from '../evidence/contacts.ts';
import { instantOf } from '../evidence/dates.ts';
import { type Kind, type Origin, origins } from '../evidence/kinds.ts';
import { type FoldedContact, type Observation, originOf } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import type { Platform } from '../platform.ts';
import { declarationOf } from '../platform-declaration.ts';
import type { Context } from './context.ts';
import type { Prepared } from './prepare.ts';
import { createSecrets } from './secrets.ts';

/** Which part of a collection is made, and how. */
export type CollectEvidence = {
  readonly out: string;
  readonly origin?: readonly Origin[];
  readonly shard?: Shard | undefined;
  /** Goes on with what an interrupted collection left. */
  readonly resume?: boolean;
  /** Evidence by which it is known what the hosts pass on. */
  readonly known?: string;
};

/**
 * Collects what the profile needs and writes the bundle; returns its path. Whatever is done is on the disk at once, in a journal beside the
 * bundle, which is there until the bundle is complete.
 */
export async function collectEvidence(
  prepared: Prepared,
  { out, origin = [...origins], shard, resume = false, known }: CollectEvidence,
  context: Context,
): Promise<string> {
  const { platform, profile, profileName, occasion, gate } = prepared;
  // The declaration is what all other evidence is held against.
  const kinds = neededKinds(profile, occasion).filter((kind) => kind === 'platform' || origin.includes(originOf(kind)));
  const passedOn = known === undefined ? undefined : await passedOnIn(known, platform, context.now());
  const path = out.endsWith('.zip') ? out : join(out, 'evidence');
  const journal = await begun(`${path}.journal`, undertakingOf(prepared, kinds, shard, context), resume, context);
  const contacts = contactsOf(gate);
  const keeper: Keeper = {
    done: journal.done,
    passedOn: await passedOnBy(journal.observationsOf('forwards')),
    keep: (job, drafts) => journal.add(job, drafts, contacts()),
  };
  await collectInto(keeper, platform, {
    kinds,
    gate,
    signal: context.signal,
    now: context.now,
    secrets: createSecrets(context),
    ...(shard ? { shard } : {}),
    ...(passedOn ? { passedOn } : {}),
    onProgress: ({ done, total, kind, subject }) =>
      context.progress(done, total, { zh: `已采集 ${kind} ${subject}`, en: `collected ${kind} ${subject}` }),
    onWords: context.note,
  });
  await writeEntries(path, journal.entries(), {
    tool: { name: 'leqi-audit', version: context.version },
    platform: platform.platform.name,
    zone: platform.zone,
    profile: profileName,
    occasion,
    contacts: foldContacts([...journal.contacts, ...contacts()]),
    ...(shard ? { shards: [{ zone: platform.zone, of: shard.of, have: [shard.index] }] } : {}),
  });
  if (context.signal.aborted) await journal.close();
  else await journal.remove();
  return path;
}

async function begun(path: string, of: Undertaking, resume: boolean, context: Context): Promise<Journal> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  const journal = await Journal.open(path, of, { resume });
  if (isThere && !resume) {
    context.note({
      zh: '上次采集未完成，现重新采集；加 --resume 可接续',
      en: 'the last collection was not finished and is begun anew; --resume goes on with it',
    });
  } else if (journal.done.size > 0) {
    context.note({
      zh: `接续上次采集：${journal.done.size} 项已完成`,
      en: `going on with the last collection: ${journal.done.size} done already`,
    });
  }
  return journal;
}

function undertakingOf(
  { platform: { folder: _, ...platform }, profileName, occasion }: Prepared,
  kinds: readonly Kind[],
  shard: Shard | undefined,
  { version }: Context,
): Undertaking {
  return {
    version,
    platform: sha256(canonicalJson({ ...platform, zone: '' })),
    profile: profileName,
    occasion,
    kinds: kinds.join(','),
    zone: platform.zone,
    shard: shard ? `${shard.index}/${shard.of}` : '-',
  };
}

/** Gives what was contacted since it was asked last. */
function contactsOf(gate: Gate): () => FoldedContact[] {
  let told = 0;
  return () => {
    const all = gate.contacts();
    const since = foldContacts(all.slice(told));
    told = all.length;
    return since;
  };
}

async function passedOnBy(
  observations: AsyncIterable<Observation> | Iterable<Observation>,
): Promise<Map<string, PassedOn>> {
  const passedOn = new Map<string, PassedOn>();
  for await (const each of observations) if (each.kind === 'forwards') passedOn.set(each.subject, each.observed);
  return passedOn;
}

/** Hours for which it is taken that a host passes on what it did. */
const knownFor = 24;

async function passedOnIn(path: string, platform: Platform, now: Date): Promise<Map<string, PassedOn>> {
  const { observations, declaration } = await readBundle(path);
  if (canonicalJson(declaration) !== canonicalJson(declarationOf(platform))) {
    throw new InputError({
      zh: `${path} 不是按这份平台文件采集的`,
      en: `the evidence in ${path} was not collected by this platform file`,
    });
  }
  const since = instantOf(new Date(now.getTime() - knownFor * 3_600_000));
  const passedOn = await passedOnBy(observations.filter(({ at }) => at >= since));
  const unknown = platform.hosts.filter(({ name }) => !passedOn.has(name)).map(({ name }) => name);
  if (unknown.length === 0) return passedOn;
  const names = `${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ' …' : ''}`;
  throw new InputError({
    zh: `${path} 没有 ${unknown.length} 台主机最近 ${knownFor} 小时内的转发情况：${names}。请先采集并合并全部分片`,
    en: `${path} does not say what ${unknown.length} hosts pass on, as of the last ${knownFor} hours: ${names}. Collect and merge all parts first`,
  });
}
