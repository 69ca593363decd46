import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assessment } from '../assessment/assessment.ts';
import { compare } from '../assessment/compare.ts';
import { readGenuine } from '../assessment/history.ts';
import { manifestName } from '../bundle/bundle.ts';
import { InputError, MachineError, messageOf } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { comparisonHtml } from '../reporters/html/comparison.ts';
import { comparisonLines } from '../reporters/terminal/comparison.ts';
import { type Language, printable } from '../text.ts';
import { type CommandFactory, createCommand, jsonOption, outOption, sayIn } from './context.ts';
import { reportLanguageOption } from './report.ts';

const formats = ['html', 'json'] as const;

type DiffOptions = { format: (typeof formats)[number][]; out: string; reportLang: Language; json?: boolean };

/** `leqi-audit diff OLD NEW`: what got better or worse between two assessments. */
export const diff: CommandFactory = (context) =>
  createCommand(
    'diff',
    context,
    {
      zh: '对比两次评估：变好、变差、新增、取消；有退步时退出码为 1',
      en: 'compare two assessments: better, worse, new, gone; exit status 1 on a regression',
    },
    'diff last-year/assessment.json out/assessment.json',
  )
    .argument(
      '<old>',
      sayIn(context.language)({ zh: '前次评估：文件或输出目录', en: 'earlier one: file or output folder' }),
    )
    .argument('<new>', sayIn(context.language)({ zh: '本次评估', en: 'later one' }))
    .option(
      '--format <list>',
      sayIn(context.language)({
        zh: `另存为文件，以逗号分隔：${formats.join('、')}`,
        en: `also write files, comma-separated: ${formats.join(', ')}`,
      }),
      parseFormats,
      [],
    )
    .addOption(outOption(context))
    .addOption(reportLanguageOption(context))
    .addOption(jsonOption(context))
    .action(async (old: string, now: string, options: DiffOptions) => {
      const comparison = compare(await assessmentAt(old), await assessmentAt(now));
      const json = `${JSON.stringify(comparison, null, 1)}\n`;
      context.out(options.json ? json : comparisonLines(comparison, context.language));
      for (const format of options.format) {
        const text = format === 'json' ? json : comparisonHtml(comparison, options.reportLang);
        const path = await replaceFile(options.out, `diff.${format}`, text);
        context.note({ zh: `已写入 ${printable(path)}`, en: `written: ${printable(path)}` });
      }
      context.exit(comparison.regressions > 0 ? exitCodes.failed : exitCodes.ok);
    });

async function assessmentAt(path: string): Promise<Assessment> {
  if (await isThere(join(path, 'assessment.json'))) return readGenuine(join(path, 'assessment.json'));
  if (path.endsWith('.zip') || (await isThere(join(path, manifestName)))) {
    throw new InputError({
      zh: `${path} 是证据包，不是评估结果；请先运行 leqi-audit assess ${path}`,
      en: `${path} is evidence, not an assessment: run leqi-audit assess ${path} first`,
    });
  }
  return readGenuine(path);
}

function parseFormats(list: string): (typeof formats)[number][] {
  return list.split(',').map((name) => {
    const format = formats.find((each) => each === name.trim());
    if (format) return format;
    throw new InputError({
      zh: `没有格式「${printable(name)}」；可用：${formats.join('、')}`,
      en: `there is no format "${printable(name)}"; there are: ${formats.join(', ')}`,
    });
  });
}

async function replaceFile(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.partial`, text);
    await rename(`${path}.partial`, path);
    return path;
  } catch (error) {
    await rm(`${path}.partial`, { force: true }).catch(() => undefined);
    throw new MachineError(
      { zh: `无法写入 ${path}：${messageOf(error)}`, en: `cannot write ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
