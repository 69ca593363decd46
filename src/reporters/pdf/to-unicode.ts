/** What a PDF font says of its glyphs: glyph code → the text it stands for. ISO 32000-1, 9.10.3. */
export type ToUnicode = ReadonlyMap<number, string>;

/** Reads a ToUnicode character map as Skia writes it: two-byte codes, single characters and ranges. */
export function parseToUnicode(cmap: string): Map<number, string> {
  const texts = new Map<number, string>();
  for (const [, block = ''] of cmap.matchAll(/beginbfchar\s([\s\S]*?)endbfchar/g)) {
    for (const [, code = '', text = ''] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      texts.set(Number.parseInt(code, 16), fromUtf16(text));
  }
  for (const [, block = ''] of cmap.matchAll(/beginbfrange\s([\s\S]*?)endbfrange/g)) {
    for (const [, first = '', last = '', text = ''] of block.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
    )) {
      const start = Number.parseInt(first, 16);
      const base = fromUtf16(text).codePointAt(0) ?? 0;
      for (let code = start; code <= Number.parseInt(last, 16); code += 1)
        texts.set(code, String.fromCodePoint(base + code - start));
    }
  }
  return texts;
}

/** Writes a ToUnicode character map, one entry a glyph. */
export function writeToUnicode(texts: ToUnicode): string {
  const entries = [...texts].toSorted(([a], [b]) => a - b).map(([code, text]) => `<${hex(code)}> <${toUtf16(text)}>`);
  const blocks: string[] = [];
  // A block holds at most 100 entries.
  for (let at = 0; at < entries.length; at += 100) {
    const block = entries.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange',
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end\n',
  ].join('\n');
}

/**
 * Which character to read where Skia wrote another: a glyph that several characters share (户 and the radical ⼾) is written as the
 * lowest of them, so that copied and searched text would be wrong. The report's own text says which of them was meant; if it has
 * several, a common ideograph goes before a radical or a compatibility form. NFKC is no way out: it makes 戶 of ⼾.
 */
export function readingsOf(maps: readonly ReadonlyMap<number, number>[], text: string): Map<number, number> {
  const used = new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const readings = new Map<number, number>();
  for (const sharing of new Set(sharingIn(maps).values())) {
    const [best] = [...sharing].filter((code) => used.has(code)).toSorted((a, b) => rarity(a) - rarity(b) || a - b);
    if (best === undefined) continue;
    for (const code of sharing) if (code !== best) readings.set(code, best);
  }
  // In Chinese text the font draws an em dash with the glyph of the horizontal bar.
  if (used.has(emDash) && !used.has(horizontalBar)) readings.set(horizontalBar, emDash);
  return readings;
}

/** For each character that shares its glyph with others, in any font: all that it is bound to by that, itself included. */
function sharingIn(maps: readonly ReadonlyMap<number, number>[]): Map<number, Set<number>> {
  const groups = new Map<number, Set<number>>();
  for (const map of maps) {
    for (const codes of Map.groupBy(map.keys(), (code) => map.get(code)).values()) {
      if (codes.length < 2) continue;
      const group = new Set(codes.flatMap((code) => [...(groups.get(code) ?? [code])]));
      for (const code of group) groups.set(code, group);
    }
  }
  return groups;
}

/** A text as it reads once its characters are replaced by their readings. */
export function readAs(text: string, readings: ReadonlyMap<number, number>): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return String.fromCodePoint(readings.get(code) ?? code);
  }).join('');
}

const emDash = 0x2014;
const horizontalBar = 0x2015;

function rarity(code: number): number {
  if (code >= 0x4e00 && code <= 0x9fff) return 0;
  if ((code >= 0x2e80 && code <= 0x2fdf) || (code >= 0xf900 && code <= 0xfaff)) return 2;
  return 1;
}

function fromUtf16(digits: string): string {
  return Buffer.from(digits, 'hex').swap16().toString('utf16le');
}

function toUtf16(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
