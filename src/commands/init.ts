import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { loadProfile, type Profile, profileNames } from '../assessment/profile.ts';
import { codeOf, InputError, MachineError, messageOf } from '../errors.ts';
import { modes } from '../evidence/filed/platform.ts';
import { starterFiles } from '../starter/files.ts';
import type { Answers } from '../starter/starter.ts';
import { joined, verbatim } from '../text.ts';
import { type CommandFactory, createCommand, sayIn } from './context.ts';
import { asOfDate } from './dates.ts';
import { type Asking, askAll, questions } from './init-questions.ts';
import type { StoreOptions } from './init-store.ts';

/** `leqi-audit init [FOLDER]`: asks what it needs to know, and writes a platform file and a document folder to fill in. */
export const init: CommandFactory = (context) => {
  const say = sayIn(context.language);
  const command = createCommand(
    'init',
    context,
    { zh: '生成平台文件和材料目录', en: 'write a platform file and a document folder to fill in' },
    'init review --profile qingdao-joint-use',
  ).argument('[folder]', say({ zh: '写入的目录', en: 'where to write' }), '.');
  for (const { flag, what, many } of Object.values(questions)) {
    const description = say(what);
    if (many) command.option(`${flag} <value>`, description, (value: string, all: string[] = []) => [...all, value]);
    else command.option(`${flag} <value>`, description);
  }
  command
    .option(
      '--store <url>',
      say({
        zh: '查看一个数据库，打印其 stores 条目供核对，不写文件',
        en: 'look at a database and print its entry of stores to be checked; writes nothing',
      }),
    )
    .addOption(
      new Option(
        '--store-tls <how>',
        say({
          zh: '与数据库的连接如何加密，默认 verified',
          en: 'how the connection to it is protected; default: verified',
        }),
      ).choices(['verified', 'unverified', 'none']),
    )
    .option(
      '--store-authority <file>',
      say({ zh: '数据库证书的签发机构（PEM）', en: 'PEM file of the authority of its certificate' }),
    )
    .option(
      '--store-through <host>',
      say({
        zh: '经由平台文件中的哪台主机或跳板（SSH）连接',
        en: 'the host or jump host of the platform file over whose SSH it is reached',
      }),
    )
    .option(
      '--store-platform <file>',
      say({ zh: '声明该主机的平台文件', en: 'the platform file that declares that host' }),
      'platform.yaml',
    );
  return command.action(async (folder: string, options: Partial<StoreOptions>, self: Command) => {
    if (options.store !== undefined) {
      // Drivers are loaded only here.
      const { proposeStore } = await import('./init-store.ts');
      return proposeStore({ ...options, store: options.store }, context);
    }
    const isModeOpen = async (name: string): Promise<boolean> => (await loadProfile(name)).mode === 'any';
    const asking = await askAll(given(self), context, await profileNames(), isModeOpen);
    const profile = await loadProfile(asking.profile);
    const language = context.language;
    const today = asOfDate(undefined, context.now(), 'Asia/Shanghai');
    // A file of the unit's own is found from wherever the command runs.
    const profileName = asking.profile.endsWith('.yaml') ? resolve(asking.profile) : profile.name;
    const answers = answersOf(asking, profile);
    const files = await starterFiles({ profile, profileName, answers, today, language });
    await writeNew(folder, files);
    context.out(`${[...files.keys()].map((name) => join(folder, name)).join('\n')}\n`);
    context.note({
      zh: `下一步：把材料放进 ${join(folder, 'documents')}，补齐 platform.yaml，再运行 leqi-audit renewal --platform ${join(folder, 'platform.yaml')}`,
      en: `next: put the papers into ${join(folder, 'documents')}, fill in platform.yaml, then run leqi-audit renewal --platform ${join(folder, 'platform.yaml')}`,
    });
  });
};

function given(command: Command): Readonly<Record<string, unknown>> {
  return command.opts();
}

function answersOf(asking: Asking, profile: Profile): Answers {
  const mode = profile.mode === 'any' ? asking.mode : profile.mode;
  if (mode === undefined) {
    throw new InputError({
      zh: `规范配置 ${profile.name} 不限模式，请用 --mode 指定：${modes.join('、')}`,
      en: `the profile ${profile.name} is for any mode; give --mode: ${modes.join(', ')}`,
    });
  }
  const { unit, creditCode, platform, since, accessStart, validityEnd, endpoints } = asking;
  if (accessStart && validityEnd && accessStart >= validityEnd) {
    throw new InputError({
      zh: `有效期届满日 ${validityEnd} 应晚于接入日期 ${accessStart}`,
      en: `the end of validity ${validityEnd} must be later than the start of access ${accessStart}`,
    });
  }
  return {
    unit,
    creditCode,
    platform,
    mode,
    since,
    ...(accessStart ? { accessStart } : {}),
    ...(validityEnd ? { validityEnd } : {}),
    endpoints,
  };
}

// All or nothing: what is there already is the unit's own work.
async function writeNew(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const there: string[] = [];
  for (const name of files.keys()) if (await exists(join(folder, name))) there.push(join(folder, name));
  if (there.length > 0) {
    const list = joined(there.map(verbatim), '、', ', ');
    throw new InputError({
      zh: `已存在，不会覆盖：${list.zh}。请换一个目录，或先移走这些文件`,
      en: `these files exist and are not overwritten: ${list.en}. Choose another folder, or move them away first`,
    });
  }
  try {
    for (const [name, content] of files) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
    }
  } catch (error) {
    throw new MachineError(
      { zh: `无法写入 ${folder}：${messageOf(error)}`, en: `cannot write to ${folder}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw new MachineError(
      { zh: `无法查看 ${path}：${messageOf(error)}`, en: `cannot look at ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}
