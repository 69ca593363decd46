import type { Argument, Help, Option } from 'commander';
import { columns, widthOf } from '../reporters/terminal/width.ts';
import { wrap } from '../reporters/terminal/wrap.ts';
import type { Language } from '../text.ts';

/** How a command's help is written: in the language of the terminal, Chinese characters counted as the two cells that they take. */
export function helpIn(language: Language): Partial<Help> {
  return {
    helpWidth: columns,
    styleTitle: (title) => titleIn(language, title),
    displayWidth: widthOf,
    boxWrap: (text, width) => wrap(text, width).join('\n'),
    optionDescription: (option) => option.description + detailsOf(option, language),
    argumentDescription: (argument) => argument.description + detailsOf(argument, language),
  };
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法:',
  'Arguments:': '参数:',
  'Options:': '选项:',
  'Commands:': '命令:',
};

// Commander's own headings.
function titleIn(language: Language, title: string): string {
  return language === 'zh' ? (titles[title] ?? title) : title;
}

function detailsOf(of: Option | Argument, language: Language): string {
  const { argChoices, defaultValue, defaultValueDescription } = of;
  const isTold = defaultValue !== undefined && ('flags' in of ? of.required : true);
  const preset = isTold ? (defaultValueDescription ?? presetOf(defaultValue)) : '';
  const [choices, otherwise] = language === 'zh' ? ['可选：', '默认：'] : ['one of ', 'default: '];
  const list = (argChoices ?? []).join(language === 'zh' ? '、' : ', ');
  const details = [...(list ? [choices + list] : []), ...(preset ? [otherwise + preset] : [])];
  if (details.length === 0) return '';
  return language === 'zh' ? `（${details.join('；')}）` : ` (${details.join('; ')})`;
}

function presetOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

// What Commander says of a call that is wrong, and what is said in Chinese.
const mistakes: readonly (readonly [RegExp, string])[] = [
  [/^unknown option '(.*?)'/, '没有选项 $1'],
  [/^unknown command '(.*?)'/, '没有命令 $1'],
  [/^missing required argument '(.*?)'/, '缺少参数 $1'],
  [
    /^too many arguments(?: for '.*?')?\. Expected (\d+) arguments? but got (\d+)(?:: .*)?\.$/m,
    '参数过多：应为 $1 个，给了 $2 个',
  ],
  [/^option '(.*?)' argument missing/, '选项 $1 缺少取值'],
  [/^(?:option|command-argument value) '(.*?)' (?:argument '(.*?)' )?is invalid\./, '选项 $1 的取值 $2 无效。'],
  [/Allowed choices are (.*)\.$/m, '可选：$1'],
  [/\n?\(Did you mean (?:one of )?(.*)\?\)/, '（是否指 $1？）'],
];

/** Commander's own messages in the language of the terminal. */
export function errorIn(language: Language, message: string): string {
  if (language !== 'zh') return message;
  const said = message.replace(/^error: /, '');
  return `命令行有误：${mistakes.reduce((text, [pattern, chinese]) => text.replace(pattern, chinese), said)}`;
}
