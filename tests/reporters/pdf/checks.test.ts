import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { checkPdf } from '../../../src/reporters/pdf/checks.ts';
import { withChromium } from '../../../src/reporters/pdf/chromium.ts';
import { correctToUnicode } from '../../../src/reporters/pdf/finish.ts';
import { glyphMaps } from '../../../src/reporters/pdf/fonts.ts';
import { readText } from '../../../src/reporters/pdf/text.ts';
import { readingsOf } from '../../../src/reporters/pdf/to-unicode.ts';
import { shown } from '../../../src/reporters/show.ts';
import { closedGate } from '../gate.ts';

const paragraph = '用户网络一人，报告编号 LQ-1';

async function printed(body: string, css = ''): Promise<PDFDocument> {
  const page = `<!doctype html><html lang="zh-CN"><style>body { font-family: serif; font-synthesis: none; ${css} }</style><p>${body}</p>`;
  const { result } = await withChromium({ gate: closedGate() }, (print) => print(page));
  return PDFDocument.load(result, { updateMetadata: false });
}

const textOf = (document: PDFDocument) =>
  readText(document)
    .map((page) => page.text)
    .join('');

const nothing: ReadonlyMap<number, number> = new Map();

function problemOf(document: PDFDocument, text: string, names: string[] = [], readings = nothing): string {
  try {
    checkPdf(document, { text, names, readings, pages: new Map([['place', 1]]) });
    return 'none';
  } catch (error) {
    return error instanceof UserError && error.exitCode === 5 ? error.text.zh : String(error);
  }
}

test('hanzi that Chromium records as radicals are refused, and accepted once corrected', async () => {
  const document = await printed(paragraph);
  expect(problemOf(document, paragraph)).toMatch(/缺少文字：.*户.*多出文字：.*⼾/);
  correctToUnicode(document, readingsOf(glyphMaps(), paragraph));
  expect(problemOf(document, paragraph, ['LQ-1'])).toBe('none');
  expect(textOf(document)).toContain(paragraph);
});

test('a word that is printed with a ligature is found by its letters', async () => {
  const document = await printed('Rectification office');
  expect(textOf(document)).toBe('Recti\uFB01cation o\uFB03ce');
  correctToUnicode(document, nothing);
  expect(textOf(document)).toBe('Rectification office');
});

test('a contents page that gives another page than the link leads to is refused', async () => {
  const link = '<a href="#place">甲</a>';
  expect(problemOf(await printed(`${link}<b id="place">丙</b>`), '甲丙')).toBe('none');
  const moved = await printed(`${link}<b id="place" style="display: block; break-before: page">丙</b>`);
  expect(problemOf(moved, '甲丙')).toContain('目录页码与正文不符（1 处）');
});

test('a page that Chromium shrank to fit something wide is refused', async () => {
  const wide = '<b style="display: block; width: 300mm">丙</b>';
  expect(problemOf(await printed(`甲${wide}`), '甲丙')).toContain('内容超出页宽而被缩小');
});

test('a character without a glyph is refused', async () => {
  expect(problemOf(await printed('甲 😀'), '甲')).toContain('缺字形');
});

test('a lost name and a lost character are refused', async () => {
  const document = await printed('甲');
  expect(problemOf(document, '甲', ['QD-1.4'])).toContain('找不到 QD-1.4');
  expect(problemOf(document, '甲乙')).toContain('缺少文字：乙');
});

test('a Type 3 font, which a synthetic bold becomes, is refused', async () => {
  expect(problemOf(await printed('☑ 甲', 'font-synthesis: weight; font-weight: 700;'), '甲')).toContain(
    '字体类型为 Type3',
  );
});

test('foreign, unembedded and missing fonts are refused', async () => {
  const foreign = await PDFDocument.create({ updateMetadata: false });
  foreign.addPage().drawText('A', { font: await foreign.embedFont(StandardFonts.Helvetica) });
  const saved = await PDFDocument.load(await foreign.save());
  expect(problemOf(saved, 'A')).toContain('字体类型为 Type1（Helvetica）');
  const empty = await PDFDocument.create({ updateMetadata: false });
  empty.addPage();
  expect(problemOf(empty, '')).toContain('没有任何字体');
});

test('every hanzi of the GBK plane reads back as itself, in both families', async () => {
  const hanzi = Array.from({ length: 20_902 }, (_, index) => String.fromCodePoint(0x4e00 + index));
  // Two of them share a glyph: a document that has both can give back only one.
  const text = hanzi.filter((each) => each !== '墫').join('');
  for (const family of ['Noto Serif SC', 'Noto Sans SC']) {
    const document = await printed(text, `font-family: "${family}"; overflow-wrap: anywhere;`);
    correctToUnicode(document, readingsOf(glyphMaps(), text));
    expect(textOf(document)).toBe(text);
    expect(problemOf(document, text)).toBe('none');
  }
});

test('no text that the fonts have makes the check refuse a report, regular or bold', async () => {
  const codes = [...new Set(glyphMaps().flatMap((map) => [...map.keys()]))].filter((code) => code > 0x20);
  const text = [...new Set(codes.map((code) => shown(String.fromCodePoint(code))))].join(' ').replace(/[<&]/g, '');
  const readings = readingsOf(glyphMaps(), text);
  for (const weight of [400, 700]) {
    const document = await printed(text, `font-weight: ${weight}; overflow-wrap: anywhere;`);
    correctToUnicode(document, readings);
    expect(problemOf(document, text, [], readings)).toBe('none');
  }
});
