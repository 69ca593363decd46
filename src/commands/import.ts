import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { neededKinds } from '../assessment/needs.ts';
import { addToBundle } from '../bundle/add.ts';
import { type Carried, readCarried } from '../collectors/carried.ts';
import { InputError, messageOf } from '../errors.ts';
import type { Occasion } from '../occasion.ts';
import {
  type CommandFactory,
  createCommand,
  occasionOption,
  outOption,
  platformOption,
  profileOption,
  sayIn,
} from './context.ts';
import { prepare } from './prepare.ts';

type ImportOptions = { platform: string; profile?: string; occasion?: Occasion; out: string };

/** Bytes of the largest output that is read: four times what a host may print over SSH. */
const largestFile = 128 * 1024 * 1024;

/** `leqi-audit import`: adds what printed scripts gave on hosts that no scanner may reach. */
export const importOutput: CommandFactory = (context) =>
  createCommand(
    'import',
    context,
    {
      zh: '导入人工带回的主机脚本输出（堡垒机、网络隔离）',
      en: 'add the output of host scripts that a person ran (bastion host, air gap)',
    },
    'import app-1.out --platform platform.yaml --out out',
  )
    .argument('<file...>', sayIn(context.language)({ zh: '脚本的输出文件', en: 'output files of the scripts' }))
    .addOption(platformOption(context))
    .addOption(profileOption(context))
    .addOption(occasionOption(context))
    .addOption(outOption(context))
    .action(async (files: string[], options: ImportOptions) => {
      const { platform, profile, occasion } = await prepare(options, context);
      const kinds = neededKinds(profile, occasion);
      const carried = new Map<string, Carried>();
      for (const file of files) {
        const one = readCarried(await contentOf(file), file, platform, kinds, context.now());
        if (carried.has(one.host.name)) throw twice(one.host.name);
        carried.set(one.host.name, one);
      }
      const path = options.out.endsWith('.zip') ? options.out : join(options.out, 'evidence');
      await addToBundle(
        path,
        [...carried.values()].flatMap(({ drafts }) => drafts),
        platform.platform.name,
      );
      for (const name of carried.keys()) context.note({ zh: `已导入主机 ${name}`, en: `imported host ${name}` });
      context.out(`${path}\n`);
    });

async function contentOf(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size > largestFile) throw new Error(`> ${largestFile}`);
    return await readFile(file);
  } catch (error) {
    const why = messageOf(error);
    throw new InputError({ zh: `无法读取 ${file}：${why}`, en: `cannot read ${file}: ${why}` }, { cause: error });
  }
}

function twice(host: string): InputError {
  return new InputError({
    zh: `主机 ${host} 有两份输出；请只导入最近的一份`,
    en: `there are two outputs of host ${host}; import the latest only`,
  });
}
