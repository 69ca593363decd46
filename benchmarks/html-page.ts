import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer-core';
import { type OpenBrowser, openBrowser } from '../tests/support/browser.ts';

/** What a reader of `report.html` waits for, milliseconds; sizes in MB. */
export type HtmlFigures = {
  readonly megabytes: number;
  readonly gzipped: number;
  readonly elements: number;
  /** From the start of the navigation until the script has run. */
  readonly ready: number;
  /** From the start of the navigation until the first filter is applied and painted. */
  readonly interactive: number;
  /** From a click or a keystroke until its result is painted; the first search also reads all texts. */
  readonly filter: number;
  readonly firstSearch: number;
  readonly search: number;
  readonly clear: number;
  readonly unfoldAll: number;
};

/** Opens the page from a file in a fresh tab of Chromium, `times` times, and gives the median of each figure. */
export async function measureHtml(html: string, times = 5): Promise<HtmlFigures> {
  await using open = await openBrowser();
  const path = join(open.folder, 'report.html');
  await writeFile(path, html);
  await chmod(path, 0o644);
  const runs: Record<string, number>[] = [];
  for (let run = 0; run < times; run += 1) runs.push(await visit(open, pathToFileURL(path).href));
  const median = (name: string): number => {
    const values = runs.map((each) => each[name] ?? Number.NaN).toSorted((a, b) => a - b);
    return Math.round(values[Math.floor(values.length / 2)] ?? Number.NaN);
  };
  const size = (bytes: number): number => Math.round(bytes / 10_000) / 100;
  return {
    megabytes: size(Buffer.byteLength(html)),
    gzipped: size(gzipSync(html).length),
    elements: median('elements'),
    ready: median('ready'),
    interactive: median('interactive'),
    filter: median('filter'),
    firstSearch: median('firstSearch'),
    search: median('search'),
    clear: median('clear'),
    unfoldAll: median('unfoldAll'),
  };
}

async function visit({ browser }: OpenBrowser, address: string): Promise<Record<string, number>> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  try {
    await page.evaluateOnNewDocument(firstFilter);
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForFunction('window.interactiveAfter !== undefined');
    return await timesOf(page);
  } finally {
    await page.close();
  }
}

// Runs in the page before anything of it: as soon as the controls are there, the first box is ticked.
const firstFilter = `
  window.painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  document.addEventListener('DOMContentLoaded', async () => {
    window.readyAfter = performance.now();
    document.querySelector('input[value="unmet"]').click();
    await window.painted();
    window.interactiveAfter = performance.now();
  });`;

function timesOf(page: Page): Promise<Record<string, number>> {
  return page.evaluate(`(async () => {
    const field = document.querySelector('input[name="q"]');
    const timed = async (act) => { const from = performance.now(); act(); await painted(); return performance.now() - from; };
    const type = (text) => timed(() => { field.value = text; field.dispatchEvent(new InputEvent('input', { bubbles: true })); });
    const press = (name) => timed(() => document.querySelector('button[name="' + name + '"]').click());
    const cleared = await press('clear');
    const filter = await timed(() => document.querySelector('input[value="unproven"]').click());
    await press('clear');
    const firstSearch = await type('a');
    const search = await type('app-10');
    await type('app-1');
    const clear = await press('clear');
    const unfoldAll = await press('unfold');
    const elements = document.querySelectorAll('*').length;
    return { ready: readyAfter, interactive: interactiveAfter, elements, cleared, filter, firstSearch, search, clear, unfoldAll };
  })()`) as Promise<Record<string, number>>;
}
