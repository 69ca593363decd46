import { neededKinds } from '../assessment/needs.ts';
import { printStoreScript } from '../collectors/database/carried/print.ts';
import { printScript } from '../collectors/script.ts';
import { parseShard, shardFrom } from '../collectors/shard.ts';
import { InputError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import type { Origin } from '../evidence/kinds.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Occasion } from '../occasion.ts';
import { isAskable, isCarried } from '../platform-stores.ts';
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
import { type Prepared, prepare } from './prepare.ts';

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
  store?: string;
};

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
    .option(
      '--store <name>',
      sayIn(context.language)({
        zh: '打印哪个数据库的 SQL 脚本（sqlite 除外）',
        en: 'the store whose SQL script is printed (any engine but sqlite)',
      }),
    )
    .action(async ({ shard, ...options }: CollectOptions) => {
      const prepared = await prepare(options, context);
      if (options.printScript) {
        context.out(await scriptFor(prepared, options, context));
        return;
      }
      const part = shard === undefined ? shardFrom(process.env) : parseShard(shard);
      if (part) context.note({ zh: `分片 ${part.index}/${part.of}`, en: `part ${part.index}/${part.of}` });
      const path = await collectEvidence(prepared, { ...options, shard: part }, context);
      context.out(`${path}\n`);
      if (context.signal.aborted) context.exit(exitCodes.interrupted);
    });

async function scriptFor(
  { platform, profile, occasion }: Prepared,
  { host: name, store: storeName }: Pick<CollectOptions, 'host' | 'store'>,
  context: Context,
): Promise<string> {
  const printing = {
    platform: platform.platform.name,
    timeZone: platform.timeZone,
    version: context.version,
    at: instantOf(context.now()),
    language: context.language,
  };
  if (storeName !== undefined) {
    const stores = platform.stores.filter((each) => isCarried(each) || isAskable(each));
    const store = stores.find((each) => each.name === storeName);
    if (store) return printStoreScript(store, printing);
    const names = stores.map((each) => each.name).join(', ') || '-';
    throw new InputError({
      zh: `请用 --store 指明平台文件中可以由人执行脚本的一个数据库：${names}`,
      en: `name one store of the platform file that a script can ask with --store: ${names}`,
    });
  }
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
  return printScript(host, neededKinds(profile, occasion), printing);
}
