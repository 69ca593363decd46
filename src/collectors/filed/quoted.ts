import type { Text } from '../../text.ts';
import { maskedName } from './persons.ts';

const longestQuote = 40;

/**
 * What stands in a cell of words, short enough for a message. Messages enter evidence, and a wrong cell may hold anything: long runs of
 * digits are hidden, and what looks like the name of a person.
 */
export function quoted(cell: string): Text {
  return inQuotes(withoutSigners(withoutNumbers(plain(cell))).replace(name, maskedName));
}

/** The same of a cell that should hold a date, a number or a code: all words in it are hidden, for it is known to be none. */
export function quotedFigure(cell: string): Text {
  return inQuotes(withoutNumbers(plain(cell)).replace(/[\p{Script=Han}·]{2,}/gu, hiddenWord));
}

/** A head as messages and evidence name it. */
export function quotedHead(head: string, longest = 30): string {
  const shown = withoutSigners(withoutNumbers(head)).toWellFormed();
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

// Digits of ten or more, also in groups: numbers of persons. Dates, and sizes of files, are shorter or told apart.
const longRun = /[\d０-９](?:[ \-－]?[\d０-９]){9,}[XxＸｘ]?/g;
const dates = /^(?:(?:19|20)\d\d-?\d{1,2}-?\d{1,2}(?: \d{1,2})?(?: |$))+$/;

/** Text without long numbers: their first three digits, then asterisks. */
export function withoutNumbers(text: string): string {
  return text.replace(longRun, (run) => (dates.test(run) ? run : run.slice(0, 3) + '*'.repeat(run.length - 3)));
}

/** Whether a text is, by its length and first character, the name of a person: of 100 people some 85 have one of these names. */
export function isName(text: string): boolean {
  return name.test(text);
}

const surname =
  '何(?![时人事地])|欧阳|上官|司马|诸葛|[王李张刘陈杨黄赵周吴徐孙朱马胡郭林高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛万顾赖武康贺严尹钱施牛洪龚]';
const name = new RegExp(`^(?:${surname})[\\p{Script=Han}]{1,2}(?![\\p{Script=Han}])`, 'u');
const label =
  /((?:填表|填报|制表|编制|经办|联系|负责|审核|复核|审批|批准|统计|登记|记录|开票|办税|责任|核验|持证|法定代表)(?:人|员|人员)?|姓名|法人)(\s*[:：]\s*|\s+)([\p{Script=Han}·]{2,4})/gu;

function withoutSigners(text: string): string {
  return text.replace(label, (_, words: string, between: string, who: string) => words + between + maskedName(who));
}

// What a wrong date or figure is told by: 四月一日, 十几, 未知.
const telling = /^[某全季度年月日号上下午一二三四五六七八九十百零〇两半几约无空未知暂待定不详至今永久长期有效]+$/;

function hiddenWord(word: string): string {
  return telling.test(word) ? word : maskedName(word);
}

function plain(cell: string): string {
  return cell.slice(0, 1000).replace(/\s+/gu, ' ').trim().replaceAll('|', '¦');
}

function inQuotes(text: string): Text {
  const characters = [...text];
  const short = characters.length > longestQuote ? `${characters.slice(0, longestQuote).join('')}…` : text;
  return short === '' ? { zh: '空白', en: 'nothing' } : { zh: `“${short}”`, en: `"${short}"` };
}
