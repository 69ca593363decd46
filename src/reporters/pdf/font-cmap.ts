/** Code point → glyph, as a TrueType font maps them. */
export type GlyphMap = ReadonlyMap<number, number>;

/**
 * Reads the Unicode character map of a TrueType font: subtable format 12, which all fonts of the report have. Throws if there is
 * none. OpenType 1.9.1, `cmap`.
 */
export function readGlyphMap(font: Buffer): GlyphMap {
  const cmap = tableOf(font, 'cmap');
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const offset = cmap.readUInt32BE(4 + index * 8 + 4);
    if (cmap.readUInt16BE(offset) === 12) return readFormat12(cmap.subarray(offset));
  }
  throw new Error('the font has no character map of format 12');
}

function tableOf(font: Buffer, tag: string): Buffer {
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const record = 12 + index * 16;
    if (font.toString('latin1', record, record + 4) !== tag) continue;
    const offset = font.readUInt32BE(record + 8);
    return font.subarray(offset, offset + font.readUInt32BE(record + 12));
  }
  throw new Error(`the font has no ${tag} table`);
}

function readFormat12(table: Buffer): GlyphMap {
  const glyphs = new Map<number, number>();
  for (let index = 0; index < table.readUInt32BE(12); index += 1) {
    const group = 16 + index * 12;
    const first = table.readUInt32BE(group);
    const glyph = table.readUInt32BE(group + 8);
    for (let code = first; code <= table.readUInt32BE(group + 4); code += 1) {
      // Glyph 0 is the box that stands for a missing character.
      if (glyph + code - first !== 0) glyphs.set(code, glyph + code - first);
    }
  }
  return glyphs;
}
