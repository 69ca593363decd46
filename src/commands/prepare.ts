import { loadProfile, type Profile } from '../assessment/profile.ts';
import { tighten, unknownRows } from '../assessment/tighten.ts';
import { InputError } from '../errors.ts';
import { keepHeapSmall } from '../frugal.ts';
import { createGate, type Gate } from '../gate.ts';
import type { Occasion } from '../occasion.ts';
import { declaredTargets, namesAskedBy, type Platform, readPlatform } from '../platform.ts';
import { createScope } from '../scope.ts';
import type { Context } from './context.ts';

/** What a collection is made for, read and checked before anything is contacted. */
export type Prepared = { platform: Platform; profile: Profile; profileName: string; occasion: Occasion; gate: Gate };

/** Reads the platform file and the profile; throws {@link InputError} with every mistake. */
export async function prepare(
  options: { platform: string; profile?: string; occasion?: Occasion; zone?: string },
  context: Context,
): Promise<Prepared> {
  keepHeapSmall();
  const platform = inZone(await readPlatform(options.platform), options.zone);
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

function inZone(platform: Platform, zone: string | undefined): Platform {
  if (zone === undefined) return platform;
  if (/^[^\p{Cc}]{1,200}$/u.test(zone)) return { ...platform, zone };
  throw new InputError({
    zh: '--zone 应为 1 至 200 个字符的名称，不含控制字符',
    en: '--zone is a name of 1 to 200 characters without control characters',
  });
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
