import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { destinationPages } from '../../../src/reporters/pdf/finish.ts';
import { pdf } from '../../../src/reporters/pdf/pdf.ts';
import type { Language } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { exhibits } from '../../fixtures/exhibits.ts';
import { closedGate } from '../gate.ts';

/**
 * The report's pages beside pictures that a person looked at and approved. After a wanted change:
 * `UPDATE_PAGES=1 npm test -- tests/reporters/pdf/pages.test.ts`, then look at what changed below tests/golden/pages.
 */
const approved = join(packageRoot, 'tests/golden/pages');
const isUpdate = process.env.UPDATE_PAGES === '1';

/** Of all pixels; versions of poppler smooth edges differently. */
const tolerance = 0.005;

// By the heading that stands on them; without one, by number.
const pages: Readonly<Record<Language, Readonly<Record<string, string | number>>>> = {
  zh: {
    cover: 1,
    contents: 2,
    conclusion: 'c-1',
    open: 'c-1-2',
    drawings: 'c-4',
    rows: 'c-3-2',
    plan: 'c-6',
    evidence: 'c-7',
    signatures: 'c-8-2',
  },
  en: { cover: 1, conclusion: 'c-1', plan: 'c-6' },
};

const assessment = assessmentFixture((body) => Object.assign(body, { exhibits }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leqi-audit-pages-'));
});
let differs = false;
afterAll(async () => {
  if (!differs) await rm(folder, { recursive: true });
});

describe.each(['zh', 'en'] as const)('the pages in %s', (language) => {
  let path: string;
  let places: ReadonlyMap<string, number>;

  beforeAll(async () => {
    const { bytes } = await pdf.render(assessment, { language, gate: closedGate() });
    path = join(folder, `${language}.pdf`);
    await writeFile(path, bytes);
    places = destinationPages(await PDFDocument.load(bytes, { updateMetadata: false }));
  });

  test('the conclusion is one page', () => {
    expect(places.get('c-1-2')).toBe((places.get('c-1') ?? Number.NaN) + 1);
  });

  test.each(Object.entries(pages[language]))('%s is as it was approved', async (name, place) => {
    const page = typeof place === 'number' ? place : places.get(place);
    expect(page, `the page of ${place}`).toBeDefined();
    const number = String(page);
    const picture = inFewGreys(
      execFileSync('pdftoppm', ['-r', '60', '-gray', '-png', '-f', number, '-l', number, path]),
    );
    const file = join(approved, `${name}-${language}.png`);
    if (isUpdate) {
      await mkdir(approved, { recursive: true });
      await writeFile(file, picture);
    }
    expect(existsSync(file), `${file} is missing: UPDATE_PAGES=1 writes it`).toBe(true);
    const share = await difference(picture, await readFile(file), `${name}-${language}`);
    differs ||= share > tolerance;
    expect(share, `what differs is kept in ${folder}`).toBeLessThanOrEqual(tolerance);
  });
});

/** A picture in eight greys: a third of the bytes, and no reader would miss the rest. */
function inFewGreys(picture: Buffer): Buffer {
  const png = PNG.sync.read(picture);
  for (const [at, value] of png.data.entries()) if (at % 4 !== 3) png.data[at] = Math.round(value / 36.4) * 36.4;
  return PNG.sync.write(png, { colorType: 0, inputHasAlpha: true, deflateLevel: 9 });
}

/** The share of pixels that differ; what was seen, and where it differs, is kept beside each other. Pages of another size differ wholly. */
async function difference(actual: Buffer, expected: Buffer, name: string): Promise<number> {
  const [one, other] = [PNG.sync.read(actual), PNG.sync.read(expected)];
  const { width, height } = one;
  await writeFile(join(folder, `${name}-actual.png`), actual);
  if (width !== other.width || height !== other.height) return 1;
  const marked = new PNG({ width, height });
  const count = pixelmatch(one.data, other.data, marked.data, width, height, { threshold: 0.2 });
  await writeFile(join(folder, `${name}-difference.png`), PNG.sync.write(marked));
  return count / (width * height);
}

test('a margin that moves by a millimetre would be seen', async () => {
  const picture = PNG.sync.read(await readFile(join(approved, 'rows-zh.png')));
  const { width, height } = picture;
  const moved = new PNG({ width, height, fill: true });
  moved.data.fill(255);
  // 60 dots an inch: 2.4 to the millimetre.
  PNG.bitblt(picture, moved, 0, 0, width - 2, height, 2, 0);
  const count = pixelmatch(picture.data, moved.data, undefined, width, height, { threshold: 0.2 });
  expect(count / (width * height)).toBeGreaterThan(tolerance);
});
