import type { PDFDocument } from '@cantoo/pdf-lib';
import { MachineError } from '../../errors.ts';
import { leastVersion } from './browser-failure.ts';
import { destinationPages } from './finish.ts';
import { fontFaces } from './fonts.ts';
import { fontsOf, readText } from './text.ts';
import { readAs } from './to-unicode.ts';

/** What must be found in a finished PDF. */
export type Expected = {
  /** The text that its pages were made of, in any order. */
  readonly text: string;
  /** Names that must stand in it whole: the report number, each requirement's id. */
  readonly names: readonly string[];
  /** What characters were made to read as: those that share a glyph cannot be told apart, on paper or in the file. */
  readonly readings: ReadonlyMap<number, number>;
  /** The page that the table of contents gives for each place. */
  readonly pages: ReadonlyMap<string, number>;
};

/**
 * Refuses a PDF that looks finished and is not: no pages, fonts that are not ours or not embedded, Type 3 fonts, boxes in place of
 * characters, text that reads differently from what was printed. Throws {@link MachineError} that says what is wrong.
 */
export function checkPdf(document: PDFDocument, expected: Expected): void {
  const problems = [
    ...fontProblems(document),
    ...textProblems(document, expected),
    ...contentsProblems(document, expected.pages),
  ];
  if (problems.length === 0) return;
  const list = problems.slice(0, 5);
  throw new MachineError({
    zh: `生成的 PDF 未通过核对，已丢弃：${list.map((problem) => problem.zh).join('；')}。请检查 Chromium 版本（需 ${leastVersion} 以上）和字体包是否完整`,
    en: `the PDF failed its checks and was thrown away: ${list.map((problem) => problem.en).join('; ')}. Check that Chromium is version ${leastVersion} or later and that the font packages are complete`,
  });
}

type Problem = { readonly zh: string; readonly en: string };

function fontProblems(document: PDFDocument): Problem[] {
  const ours = new Set(fontFaces().map((face) => face.postScriptName));
  const fonts = [...fontsOf(document).values()];
  if (fonts.length === 0) return [{ zh: '没有任何字体', en: 'it has no font at all' }];
  return fonts.flatMap(({ name, type, embedded }): Problem[] => {
    if (type !== 'Type0') return [{ zh: `字体类型为 ${type}（${name}）`, en: `a font is of type ${type} (${name})` }];
    if (!embedded) return [{ zh: `字体 ${name} 未嵌入`, en: `the font ${name} is not embedded` }];
    return ours.has(name) ? [] : [{ zh: `使用了其他字体 ${name}`, en: `it uses another font, ${name}` }];
  });
}

function textProblems(document: PDFDocument, { text, names, readings }: Expected): Problem[] {
  const pages = readText(document);
  const missing = sum(pages.map((page) => page.missing));
  const problems: Problem[] = [];
  if (pages.length === 0) problems.push({ zh: '没有页面', en: 'it has no pages' });
  if (missing > 0) problems.push({ zh: `有 ${missing} 个字缺字形`, en: `${missing} characters have no glyph` });
  // A line that does not fit makes Chromium print everything smaller, down to two thirds; a drawing has its own scale.
  if (sum(pages.map((page) => page.shrunk)) * 10 > sum(pages.map((page) => page.glyphs)))
    problems.push({ zh: '内容超出页宽而被缩小', en: 'it was shrunk, because something is wider than the page' });
  const printed = pages.map((page) => withoutSpace(page.text)).join('\n');
  const lost = names.filter((name) => !printed.includes(withoutSpace(readAs(name, readings))));
  if (lost.length > 0)
    problems.push({
      zh: `找不到 ${lost.slice(0, 5).join('、')}`,
      en: `${lost.slice(0, 5).join(', ')} cannot be found`,
    });
  const given = telling(readAs(text, readings));
  const got = telling(printed);
  const gone = [...given]
    .filter((character) => !got.has(character))
    .slice(0, 10)
    .join('');
  if (gone) problems.push({ zh: `缺少文字：${gone}`, en: `characters are gone: ${gone}` });
  const strange = [...got]
    .filter((character) => isHan(character) && !given.has(character))
    .slice(0, 10)
    .join('');
  if (strange) problems.push({ zh: `多出文字：${strange}`, en: `characters are there that should not be: ${strange}` });
  return problems;
}

function contentsProblems(document: PDFDocument, pages: ReadonlyMap<string, number>): Problem[] {
  const moved = [...destinationPages(document)].filter(([place, page]) => pages.get(place) !== page);
  if (moved.length === 0) return [];
  return [
    { zh: `目录页码与正文不符（${moved.length} 处）`, en: `${moved.length} page numbers in the contents are wrong` },
  ];
}

// Hanzi, letters and digits: marks may be joined or spaced by the font, and no harm is done.
function telling(text: string): Set<string> {
  return new Set(text.match(/[\p{Script=Han}A-Za-z0-9]/gu));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function isHan(character: string): boolean {
  return /\p{Script=Han}/u.test(character);
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, '');
}
