import type { PlainDate } from '../../evidence/dates.ts';
import type { Column } from '../../evidence/filed/ledger-columns.ts';
import type { Text } from '../../text.ts';
import { identityEvidence, isOfPerson, withoutPersons } from './persons.ts';
import { countOf, plainDateOf, tidy, yesNoOf } from './tables/cells.ts';

/** Reads a cell: its text as evidence keeps it, empty where nothing stands; or what would be right instead. */
export type CellReader = (cell: string) => string | Text;

/** The reader of a column; `today` is what identity numbers are judged on. */
export function cellReader(key: string, column: Column, today: PlainDate): CellReader {
  const read = key === 'creditCode' ? creditCodeReader(today) : readers[column.form](column);
  return (cell) => {
    const value = isNothing(cell) ? '' : read(cell);
    return value === '' && column.must === 'cell' ? { zh: '不得为空', en: 'something must stand there' } : value;
  };
}

// What is written where there is nothing to write.
function isNothing(cell: string): boolean {
  return cell === '' || (cell.length <= 20 && /^[\s\-—–―_/\\]*$/u.test(cell.normalize('NFKC')));
}

const readers: Readonly<Record<Column['form'], (column: Column) => CellReader>> = {
  text: () => textOf,
  date: () => (cell) =>
    tidy(cell.slice(0, 100)) === '无'
      ? ''
      : (plainDateOf(cell) ?? { zh: '应为日期，如 2025-04-01', en: 'a date such as 2025-04-01 is expected' }),
  count: () => (cell) =>
    countOf(cell) ?? { zh: '应为不小于 0 的整数', en: 'a whole number, not negative, is expected' },
  'yes-no': () => (cell) => yesNoOf(cell) ?? { zh: '应为：是、否、不详', en: 'expected is one of: yes, no, unknown' },
  choice: ({ choices = {} }) => {
    const known = keysByWord(choices);
    const words = Object.values(choices);
    const right = {
      zh: `应为：${words.map(([zh]) => zh).join('、')}`,
      en: `expected is one of: ${words.map(([, en]) => en).join(', ')}`,
    };
    return (cell) => known(cell) ?? right;
  },
  'open-choice': ({ choices = {} }) => {
    const known = keysByWord(choices);
    return (cell) => known(cell) ?? textOf(cell);
  },
};

const longestText = 200;

function textOf(cell: string): string | Text {
  const text = tidy(cell).toWellFormed();
  return text.length <= longestText
    ? withoutPersons(text)
    : { zh: `不得超过 ${longestText} 个字符`, en: `at most ${longestText} characters are allowed` };
}

function keysByWord(choices: NonNullable<Column['choices']>): (cell: string) => string | undefined {
  const keys = new Map(
    Object.entries(choices).flatMap(([key, words]) => [key, ...words].map((word) => [foldedWord(word), key] as const)),
  );
  return (cell) => (cell.length > longestText ? undefined : keys.get(foldedWord(cell)));
}

function foldedWord(word: string): string {
  return tidy(word).toLowerCase().replaceAll(' ', '');
}

// 18 characters by GB 32100-2015; older taxpayer numbers have 15 to 20.
const codeShape = /^[0-9A-Z]{15,20}$/;

function creditCodeReader(today: PlainDate): CellReader {
  return (cell) => {
    const code = cell.slice(0, 100).normalize('NFKC').replace(/\s/gu, '').toUpperCase();
    if (!codeShape.test(code)) {
      return {
        zh: '应为统一社会信用代码，18 位数字和字母（表格中须设为文本格式）',
        en: 'a credit code of 18 digits and letters is expected (in a spreadsheet, as text)',
      };
    }
    return isOfPerson(code, today) ? maskedCode(code, today) : code;
  };
}

// The taxpayer number of an individual business may be its owner's identity number, with or without two more digits. The hash
// keeps it apart from others, and equal in all ledgers of one collection.
function maskedCode(code: string, today: PlainDate): string {
  const { masked, hash } = identityEvidence('', code, today);
  return `${masked} #${hash.slice(0, 16)}`;
}

/** Whether a code is kept masked, for it is a natural person's. */
export function isMaskedCode(code: string): boolean {
  return code.includes('#');
}
