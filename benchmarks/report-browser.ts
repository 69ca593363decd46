import { pathToFileURL } from 'node:url';
import { launch } from 'puppeteer-core';
import { findChromium } from '../src/reporters/pdf/chromium.ts';

/** How a page opens in Chromium: milliseconds from the start of loading. */
export type Opened = {
  readonly firstPaint: number;
  /** Loaded, scripts run, and a frame drawn since. */
  readonly interactive: number;
  /** From a letter typed into the search to the frame that shows the result; absent: the page has no search. */
  readonly filtered?: number;
};

/** Opens a file in a fresh browser, scripts on, in a window of usual size. */
export async function openInChromium(path: string): Promise<Opened> {
  const browser = await launch({
    executablePath: await findChromium(process.env),
    pipe: true,
    args: ['--no-sandbox', '--window-size=1280,900'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href, { waitUntil: 'load', timeout: 120_000 });
    const interactive = Number(await page.evaluate(`${nextFrame}.then(() => performance.now())`));
    const firstPaint = Number(
      await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"),
    );
    const filtered: unknown = await page.evaluate(typed);
    return { firstPaint, interactive, ...(typeof filtered === 'number' ? { filtered } : {}) };
  } finally {
    await browser.close();
  }
}

const nextFrame = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

const typed = `(async () => {
  const field = document.querySelector('.controls input[name=q]');
  if (!field) return undefined;
  const started = performance.now();
  field.value = 'app-0';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await ${nextFrame};
  return performance.now() - started;
})()`;
