import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readGlyphMap } from '../../../src/reporters/pdf/font-cmap.ts';
import { fontFaces, isCovered, writeFontConfig } from '../../../src/reporters/pdf/fonts.ts';

const mapOf = (name: string) => {
  const face = fontFaces().find((each) => each.postScriptName === name);
  if (!face) throw new Error(`no face ${name}`);
  return readGlyphMap(readFileSync(face.path));
};

describe('the fonts', () => {
  test('have all 20 902 hanzi of GBK’s first plane, and the signs that forms use', () => {
    const hanzi = Array.from({ length: 20_902 }, (_, index) => 0x4e00 + index);
    for (const name of ['NotoSerifSC-Regular', 'NotoSansSC-Regular']) {
      const map = mapOf(name);
      expect(hanzi.filter((code) => !map.has(code))).toEqual([]);
    }
    expect([...'☐☑⚠ⅠⅫαΩ①〔〕'].filter((character) => !isCovered(character.codePointAt(0) ?? 0))).toEqual([]);
    expect(isCovered(0x1f600)).toBe(false);
  });

  test.each(['NotoSerifSC', 'NotoSansSC', 'NotoSansMono'])('%s has the same characters in bold', (family) => {
    expect([...mapOf(`${family}-Bold`).keys()]).toEqual([...mapOf(`${family}-Regular`).keys()]);
  });

  test('share glyphs between hanzi and radicals: why ToUnicode must be corrected', () => {
    const map = mapOf('NotoSerifSC-Regular');
    expect(map.get(0x6237)).toBe(map.get(0x2f3e));
  });

  test('a file without a character map is refused', () => {
    expect(() => readGlyphMap(Buffer.alloc(12))).toThrow('no cmap table');
  });
});

describe('writeFontConfig', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  test.each([true, false])('names only our fonts (copied: %s)', async (copy) => {
    const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-test-'));
    folders.push(folder);
    const config = await readFile(await writeFontConfig(folder, { copy }), 'utf8');
    const dirs = [...config.matchAll(/<dir>(.*)<\/dir>/g)].map(([, dir = '']) => dir);
    const files = (await Promise.all(dirs.map((dir) => readdir(dir)))).flat().filter((file) => file.endsWith('.ttf'));
    expect(files.toSorted()).toEqual(
      fontFaces()
        .map((face) => face.path.split('/').at(-1))
        .toSorted(),
    );
    if (copy) expect(dirs).toEqual([join(folder, 'fonts')]);
  });
});
