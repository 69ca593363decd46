import { describe, expect, test } from 'vitest';
import { parseToUnicode, readingsOf, writeToUnicode } from '../../../src/reporters/pdf/to-unicode.ts';

// Chromium 156 (Skia), from a report's print.
const skia = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo
<<  /Registry (Adobe)
/Ordering (UCS)
/Supplement 0
>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
2 beginbfchar
<0001> <0020>
<0456> <2F3E>
endbfchar
1 beginbfrange
<0010> <0012> <0041>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;

describe('ToUnicode maps', () => {
  test('are read: characters and ranges', () => {
    expect([...parseToUnicode(skia)]).toEqual([
      [1, ' '],
      [0x456, '⼾'],
      [0x10, 'A'],
      [0x11, 'B'],
      [0x12, 'C'],
    ]);
  });

  test('are written so that they read the same, in blocks of at most 100', () => {
    const texts = new Map(Array.from({ length: 250 }, (_, index) => [index + 1, String.fromCodePoint(0x4e00 + index)]));
    texts.set(300, '𠮷').set(301, 'fi');
    const written = writeToUnicode(texts);
    expect(parseToUnicode(written)).toEqual(texts);
    expect([...written.matchAll(/(\d+) beginbfchar/g)].map(([, count]) => count)).toEqual(['100', '100', '52']);
  });
});

describe('readingsOf', () => {
  const glyphs = new Map([
    [0x6237, 7],
    [0x2f3e, 7],
    [0x6236, 8],
    [0x58ff, 9],
    [0x58ab, 9],
  ]);
  const readings = (text: string) => readingsOf([glyphs], text);

  test.each([
    ['the character that the report has', '户', { 12094: 0x6237 }],
    ['even if it is the rarer', '⼾', { 25143: 0x2f3e }],
    ['the common one if it has both', '户⼾', { 12094: 0x6237 }],
    ['one hanzi of two that look the same', '壿', { 22699: 0x58ff }],
    ['nothing for what it has not', '网', {}],
    ['a dash for the bar that is drawn for it', '—', { 8213: 0x2014 }],
    ['a bar for a bar', '—―', {}],
  ])('%s', (_, text, expected) => {
    expect(Object.fromEntries(readings(text))).toEqual(expected);
  });
});
