/** Code point → glyph, as a TrueType font maps them. OpenType 1.9.1, `cmap`. */
export type GlyphMap = ReadonlyMap<number, number>;

/** Reads the Unicode character map of a TrueType font (subtable formats 4 and 12); throws if it has none. */
export function readGlyphMap(font: Buffer): GlyphMap {
  const cmap = tableOf(font, 'cmap');
  const offsets = new Map<number, number>();
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const record = 4 + index * 8;
    const platform = cmap.readUInt16BE(record);
    const offset = cmap.readUInt32BE(record + 4);
    if (platform === 0 || platform === 3) offsets.set(cmap.readUInt16BE(offset), offset);
  }
  const full = offsets.get(12);
  if (full !== undefined) return readFormat12(cmap.subarray(full));
  const basic = offsets.get(4);
  if (basic !== undefined) return readFormat4(cmap.subarray(basic));
  throw new Error('the font has no Unicode character map');
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
    for (let code = first; code <= table.readUInt32BE(group + 4); code += 1) set(glyphs, code, glyph + code - first);
  }
  return glyphs;
}

function readFormat4(table: Buffer): GlyphMap {
  const glyphs = new Map<number, number>();
  const size = table.readUInt16BE(6);
  const ends = 14;
  const starts = ends + size + 2;
  for (let at = 0; at < size; at += 2) {
    const start = table.readUInt16BE(starts + at);
    const delta = table.readUInt16BE(starts + size + at);
    const rangeAt = starts + 2 * size + at;
    const range = table.readUInt16BE(rangeAt);
    for (let code = start; code <= table.readUInt16BE(ends + at) && code < 0xffff; code += 1) {
      const listed = range === 0 ? code : table.readUInt16BE(rangeAt + range + 2 * (code - start));
      set(glyphs, code, range !== 0 && listed === 0 ? 0 : (listed + delta) & 0xffff);
    }
  }
  return glyphs;
}

// Glyph 0 is the box that stands for a missing character.
function set(glyphs: Map<number, number>, code: number, glyph: number): void {
  if (glyph !== 0) glyphs.set(code, glyph);
}
