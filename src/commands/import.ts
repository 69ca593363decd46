import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { neededKinds } from '../assessment/needs.ts';
import { addToBundle } from '../bundle/add.ts';
import { readCarried } from '../collectors/carried.ts';
import { readCarriedStore } from '../collectors/carried-stores.ts';
import { InputError, messageOf } from '../errors.ts';
import type { Kind } from '../evidence/kinds.ts';
import type { Draft } from '../evidence/observation.ts';
import type { Occasion } from '../occasion.ts';
import type { Platform } from '../platform.ts';
import type { Text } from '../text.ts';
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

/** `leqi-audit import`: adds what printed scripts gave on hosts and in databases that no scanner may reach. */
export const importOutput: CommandFactory = (context) =>
  createCommand(
    'import',
    context,
    {
      zh: '导入人工带回的主机、数据库脚本输出（堡垒机、网络隔离）',
      en: 'add the output of scripts that a person ran on hosts or in databases (bastion host, air gap)',
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
      const brought = new Map<string, Brought>();
      for (const file of files) {
        const one = await readOne(await contentOf(file), file, platform, kinds, context.now());
        if (brought.has(one.of.zh)) throw twice(one.of);
        brought.set(one.of.zh, one);
      }
      const path = options.out.endsWith('.zip') ? options.out : join(options.out, 'evidence');
      await addToBundle(
        path,
        [...brought.values()].flatMap(({ drafts }) => drafts),
        platform.platform.name,
      );
      for (const { of } of brought.values()) context.note({ zh: `已导入${of.zh}`, en: `imported ${of.en}` });
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

/** Whose output a file is, and what it says. */
type Brought = { readonly of: Text; readonly drafts: readonly Draft[] };

async function readOne(
  content: Buffer,
  file: string,
  platform: Platform,
  kinds: readonly Kind[],
  now: Date,
): Promise<Brought> {
  const ofStore = await readCarriedStore(content, file, platform, kinds, now);
  if (ofStore) {
    const { store, drafts } = ofStore;
    return { of: { zh: `数据库 ${store.name}`, en: `store ${store.name}` }, drafts };
  }
  const { host, drafts } = readCarried(content, file, platform, kinds, now);
  return { of: { zh: `主机 ${host.name}`, en: `host ${host.name}` }, drafts };
}

function twice({ zh, en }: Text): InputError {
  return new InputError({
    zh: `${zh} 有两份输出；请只导入最近的一份`,
    en: `there are two outputs of ${en}; import the latest only`,
  });
}
