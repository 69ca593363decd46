import { readHistory } from '../assessment/history.ts';
import { exitCodes } from '../exit-codes.ts';
import { historyLines } from '../reporters/terminal/history.ts';
import { type CommandFactory, createCommand, jsonOption, sayIn } from './context.ts';

/** `leqi-audit history FOLDER`: the assessments of a folder over time. */
export const history: CommandFactory = (context) =>
  createCommand(
    'history',
    context,
    {
      zh: '列出目录中的历次评估及其变化；有无法采用的文件时退出码为 2',
      en: 'the assessments of a folder over time; exit status 2 if a file in it cannot be used',
    },
    'history assessments',
  )
    .argument(
      '<folder>',
      sayIn(context.language)({
        zh: '目录：其中的 *.json 和各子目录的 assessment.json',
        en: 'folder: *.json in it, and assessment.json in the folders below',
      }),
    )
    .addOption(jsonOption(context))
    .action(async (folder: string, options: { json?: boolean }) => {
      const found = await readHistory(folder);
      context.out(options.json ? `${JSON.stringify(found, null, 1)}\n` : historyLines(found, context.language));
      if (found.broken.length > 0) context.exit(exitCodes.wrongInput);
    });
