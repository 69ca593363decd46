import type { YAMLError } from 'yaml';
import type { Text } from './text.ts';

// The library speaks English only; what is not here is told in its words.
const words: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: '别名（*）写法有误',
  BAD_DQ_ESCAPE: '双引号内的反斜杠转义有误',
  BAD_INDENT: '缩进不对，或括号没有结束',
  BAD_SCALAR_START: '值不能以此字符开头，请加引号',
  BLOCK_AS_IMPLICIT_KEY: '列表或键值的位置不对，请检查缩进；值中含“: ”的须加引号',
  BLOCK_IN_FLOW: '括号之内不能分行缩进书写',
  DUPLICATE_KEY: '同一个键写了两次',
  KEY_OVER_1024_CHARS: '键过长',
  MISSING_CHAR: '缺少字符：冒号、逗号、引号或括号没有写全',
  MULTILINE_IMPLICIT_KEY: '键须写在一行之内，其后缺少冒号',
  MULTIPLE_DOCS: '一个文件只能有一份内容，请删去“---”',
  RESOURCE_EXHAUSTION: '嵌套过深',
  TAB_AS_INDENT: '缩进不能用制表符（Tab），请用空格',
  TAG_RESOLVE_FAILED: '不识别的标签（!）',
  UNEXPECTED_TOKEN: '此处有多余或放错位置的内容',
};

/** What is wrong with the syntax of a YAML file; never quotes the file. */
export function syntaxProblem({ code, message }: Pick<YAMLError, 'code' | 'message'>): Text {
  return { zh: `YAML 语法错误：${words[code] ?? message}`, en: `YAML syntax: ${message}` };
}
