import { join } from 'node:path';
import { neededKinds } from '../assessment/needs.ts';
import { loadProfile, type Profile } from '../assessment/profile.ts';
import { tighten, unknownRows } from '../assessment/tighten.ts';
import { writeBundle } from '../bundle/write.ts';
import { runCollectors } from '../collectors/run.ts';
import { printScript } from '../collectors/script.ts';
import { InputError } from '../errors.ts';
import { type Origin, origins } from '../evidence/kinds.ts';
import { type FoldedContact, originOf } from '../evidence/observation.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Contact, createGate, type Gate } from '../gate.ts';
import type { Occasion } from '../occasion.ts';
import { declaredTargets, namesAskedBy, type Platform, readPlatform } from '../platform.ts';
import { createScope } from '../scope.ts';
import {
  type CommandFactory,
  type Context,
  createCommand,
  occasionOption,
  originOption,
  outOption,
  platformOption,
  profileOption,
  sayIn,
} from './context.ts';

type CollectOptions = { platform: string; profile?: string; occasion?: Occasion; origin?: Origin[]; out: string };

/** What a collection is made for, read and checked before anything is contacted. */
export type Prepared = { platform: Platform; profile: Profile; profileName: string; occasion: Occasion; gate: Gate };

/** `leqi-audit collect`: evidence only. */
export const collect: CommandFactory = (context) =>
  createCommand(
    'collect',
    context,
    { zh: '只采集证据', en: 'collect evidence only' },
    'collect --platform platform.yaml --out out',
  )
    .addOption(platformOption(context))
    .addOption(profileOption(context))
    .addOption(occasionOption(context))
    .addOption(originOption(context))
    .addOption(outOption(context))
    .option(
      '--print-script',
      sayIn(context.language)({
        zh: '只打印将在主机上运行的命令，不运行',
        en: 'print the commands that would run on each host, and run none',
      }),
    )
    .action(async (options: CollectOptions & { printScript?: boolean }) => {
      const prepared = await prepare(options, context);
      if (options.printScript) {
        context.out(printScript(prepared.platform, neededKinds(prepared.profile, prepared.occasion), context.language));
        return;
      }
      const path = await collectEvidence(prepared, options, context);
      context.out(`${path}\n`);
      if (context.signal.aborted) context.exit(exitCodes.interrupted);
    });

/** Reads the platform file and the profile; throws {@link InputError} with every mistake. */
export async function prepare(
  options: { platform: string; profile?: string; occasion?: Occasion },
  context: Context,
): Promise<Prepared> {
  const platform = await readPlatform(options.platform);
  const profileName = options.profile ?? platform.profile;
  const profile = tightened(await loadProfile(profileName), platform, profileName);
  const scope = createScope(declaredTargets(platform), platform.taxAuthority);
  for (const target of declaredTargets(platform)) scope.permit(target);
  for (const { serverName } of platform.endpoints) if (serverName !== undefined) scope.permitAsked(serverName);
  return {
    platform,
    profile,
    profileName,
    occasion: options.occasion ?? platform.occasion,
    gate: createGate(scope, context.now, namesAskedBy(platform)),
  };
}

/** Collects what the profile needs and writes the bundle; returns its path. What an interruption left is kept. */
export async function collectEvidence(
  { platform, profile, profileName, occasion, gate }: Prepared,
  { out, origin = [...origins] }: { out: string; origin?: readonly Origin[] },
  context: Context,
): Promise<string> {
  // The declaration is what all other evidence is held against.
  const kinds = neededKinds(profile, occasion).filter((kind) => kind === 'platform' || origin.includes(originOf(kind)));
  const drafts = await runCollectors(platform, {
    kinds,
    gate,
    signal: context.signal,
    now: context.now,
    onProgress: ({ done, total, kind, subject }) =>
      context.note({
        zh: `[${done}/${total}] 已采集 ${kind} ${subject}`,
        en: `[${done}/${total}] collected ${kind} ${subject}`,
      }),
    onWords: context.note,
  });
  const path = out.endsWith('.zip') ? out : join(out, 'evidence');
  await writeBundle(path, drafts, {
    tool: { name: 'leqi-audit', version: context.version },
    platform: platform.platform.name,
    zone: platform.zone,
    profile: profileName,
    occasion,
    contacts: foldContacts(gate.contacts()),
  });
  return path;
}

function foldContacts(contacts: readonly Contact[]): FoldedContact[] {
  const folded = new Map<string, FoldedContact>();
  for (const { address, port, by } of contacts) {
    const key = `${address} ${port ?? ''} ${by}`;
    const known = folded.get(key);
    if (known) known.times += 1;
    else folded.set(key, { address, ...(port === undefined ? {} : { port }), by, times: 1 });
  }
  return [...folded].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, contact]) => contact);
}

// Refused before anything is collected; the assessment tightens again by the declaration in the evidence.
function tightened(profile: Profile, platform: Platform, profileName: string): Profile {
  const [unknown] = profileName === platform.profile ? unknownRows(profile, platform.tightened) : [];
  if (unknown !== undefined) {
    throw new InputError({
      zh: `平台文件 tightened.${unknown}：规范配置 ${profile.name} 没有这个要求项`,
      en: `platform file, tightened.${unknown}: the profile ${profile.name} has no such requirement`,
    });
  }
  tighten(profile, platform.tightened);
  return profile;
}
