import { neededKinds } from '../assessment/needs.ts';
import { loadProfile, type Profile } from '../assessment/profile.ts';
import { tighten, unknownRows } from '../assessment/tighten.ts';
import { printScript } from '../collectors/script.ts';
import { parseShard, shardFrom } from '../collectors/shard.ts';
import { InputError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import type { Origin } from '../evidence/kinds.ts';
import { exitCodes } from '../exit-codes.ts';
import { createGate, type Gate } from '../gate.ts';
import type { Occasion } from '../occasion.ts';
import { declaredTargets, namesAskedBy, type Platform, readPlatform } from '../platform.ts';
import { createScope } from '../scope.ts';
import { collectEvidence } from './collect-evidence.ts';
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

type CollectOptions = {
  platform: string;
  profile?: string;
  occasion?: Occasion;
  origin?: Origin[];
  out: string;
  zone?: string;
  shard?: string;
  resume?: boolean;
  known?: string;
  printScript?: boolean;
  host?: string;
};

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
      '--shard <i/n>',
      sayIn(context.language)({
        zh: '只采集 n 份中的第 i 份，之后用 merge 合并；默认取 Kubernetes 或 GitLab 的环境变量',
        en: 'collect the i-th of n parts only, to be merged; default: what Kubernetes or GitLab set in the environment',
      }),
    )
    .option(
      '--zone <name>',
      sayIn(context.language)({
        zh: '扫描所在的区域，默认取平台文件所定',
        en: 'where the scanner stands; default: the platform file’s',
      }),
    )
    .option(
      '--known <evidence>',
      sayIn(context.language)({
        zh: '已合并的主机证据：据此得知哪些端口通向税务机关，分片采集网络证据时必需',
        en: 'merged evidence of the hosts: it tells which ports lead to the tax authority; without it parts do not ask the network',
      }),
    )
    .option(
      '--resume',
      sayIn(context.language)({ zh: '接续未完成的采集', en: 'go on with a collection that was not finished' }),
    )
    .option(
      '--print-script',
      sayIn(context.language)({
        zh: '只打印将在主机上运行的脚本，不运行；也可由人在主机上运行',
        en: 'print the script that would run on a host, and run nothing; a person can run it there',
      }),
    )
    .option(
      '--host <name>',
      sayIn(context.language)({ zh: '打印哪台主机的脚本', en: 'the host whose script is printed' }),
    )
    .action(async ({ shard, ...options }: CollectOptions) => {
      const prepared = await prepare(options, context);
      if (options.printScript) {
        context.out(scriptFor(prepared, options.host, context));
        return;
      }
      const part = shard === undefined ? shardFrom(process.env) : parseShard(shard);
      if (part) context.note({ zh: `分片 ${part.index}/${part.of}`, en: `part ${part.index}/${part.of}` });
      const path = await collectEvidence(prepared, { ...options, shard: part }, context);
      context.out(`${path}\n`);
      if (context.signal.aborted) context.exit(exitCodes.interrupted);
    });

function scriptFor({ platform, profile, occasion }: Prepared, name: string | undefined, context: Context): string {
  const host =
    name === undefined && platform.hosts.length === 1
      ? platform.hosts[0]
      : platform.hosts.find((each) => each.name === name);
  if (!host) {
    const names = platform.hosts.map((each) => each.name).join(', ') || '-';
    throw new InputError({
      zh: `请用 --host 指明平台文件中的一台主机：${names}`,
      en: `name one host of the platform file with --host: ${names}`,
    });
  }
  return printScript(host, neededKinds(profile, occasion), {
    platform: platform.platform.name,
    version: context.version,
    at: instantOf(context.now()),
    language: context.language,
  });
}

/** Reads the platform file and the profile; throws {@link InputError} with every mistake. */
export async function prepare(
  options: { platform: string; profile?: string; occasion?: Occasion; zone?: string },
  context: Context,
): Promise<Prepared> {
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
