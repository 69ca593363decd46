import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type GlyphMap, readGlyphMap } from './font-cmap.ts';

/** One font file that the report is set in. */
export type Face = {
  readonly family: string;
  /** The name that a PDF gives the font, after its subset tag. */
  readonly postScriptName: string;
  readonly path: string;
};

const { resolve } = createRequire(import.meta.url);

// Full static TrueType files: subsets lack rare hanzi, and variable fonts and CFF outlines become Type 3 fonts in Chromium's PDF.
// Bold is there for every family but the symbols, for a synthetic bold becomes Type 3 as well.
const files = [
  ['Noto Serif SC', 'noto-serif-sc', 'NotoSerifSC', ['400Regular', '700Bold']],
  ['Noto Sans SC', 'noto-sans-sc', 'NotoSansSC', ['400Regular', '700Bold']],
  ['Noto Sans Mono', 'noto-sans-mono', 'NotoSansMono', ['400Regular', '700Bold']],
  ['Noto Sans Symbols 2', 'noto-sans-symbols-2', 'NotoSansSymbols2', ['400Regular']],
] as const;

/** Every font of the report, from the installed packages. */
export function fontFaces(): Face[] {
  return files.flatMap(([family, name, stem, weights]) => {
    const folder = dirname(resolve(`@expo-google-fonts/${name}/package.json`));
    return weights.map((weight) => ({
      family,
      postScriptName: `${stem}-${weight.slice(3)}`,
      path: join(folder, weight, `${stem}_${weight}.ttf`),
    }));
  });
}

let maps: GlyphMap[] | undefined;

/** The character maps of the regular faces; a bold face has the same as its regular one. Read once, some 50 ms. */
export function glyphMaps(): readonly GlyphMap[] {
  maps ??= fontFaces()
    .filter((face) => face.postScriptName.endsWith('Regular'))
    .map((face) => readGlyphMap(readFileSync(face.path)));
  return maps;
}

/** Whether some font of the report has a glyph for a code point. */
export function isCovered(codePoint: number): boolean {
  return glyphMaps().some((map) => map.has(codePoint));
}

/**
 * Writes a fontconfig set-up below `folder` by which a browser sees the report's fonts and no other: without any font Chromium
 * prints a PDF with no text at all, and with the machine's own fonts the report would differ from machine to machine.
 * With `copy` the fonts are copied there, for a browser whose user cannot read the package folder. Returns the file's path.
 */
export async function writeFontConfig(folder: string, { copy }: { copy: boolean }): Promise<string> {
  const faces = fontFaces();
  const copies = join(folder, 'fonts');
  if (copy) {
    await mkdir(copies);
    for (const { path } of faces) await copyFile(path, join(copies, basename(path)));
  }
  const folders = copy ? [copies] : [...new Set(faces.map((face) => dirname(face.path)))];
  const path = join(folder, 'fonts.conf');
  await writeFile(path, fontConfig(folders, join(folder, 'font-cache')));
  return path;
}

function fontConfig(folders: readonly string[], cache: string): string {
  const alias = (generic: string, families: readonly string[]): string =>
    `<alias binding="same"><family>${generic}</family><prefer>${families.map((family) => `<family>${family}</family>`).join('')}</prefer></alias>`;
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    ...folders.map((folder) => `<dir>${escapeXml(folder)}</dir>`),
    `<cachedir>${escapeXml(cache)}</cachedir>`,
    alias('serif', ['Noto Serif SC']),
    alias('sans-serif', ['Noto Sans SC']),
    alias('monospace', ['Noto Sans Mono', 'Noto Sans SC']),
    '</fontconfig>\n',
  ].join('\n');
}

/** Text made safe between XML tags and in attributes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
