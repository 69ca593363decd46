import { join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { findChromium } from '../../src/reporters/pdf/chromium.ts';
import { makeWorkplace, type StartPlan, startPlans, type Workplace } from '../../src/reporters/pdf/sandbox.ts';
import { closedGate } from '../reporters/gate.ts';

/** Where a page stands that {@link openPage} serves: the address exists nowhere. */
export const pageAddress = 'https://report.invalid/';

/** A browser as a reader of `report.html` has it, scripts on, with the fonts of the report; without network, as nobody if root. */
export type OpenBrowser = { readonly browser: Browser; readonly folder: string } & AsyncDisposable;

export async function openBrowser(): Promise<OpenBrowser> {
  const failures: unknown[] = [];
  for (const plan of await startPlans(closedGate())) {
    const workplace = await makeWorkplace(closedGate(), plan);
    try {
      const browser = await start(plan, workplace);
      return {
        browser,
        folder: workplace.folder,
        async [Symbol.asyncDispose]() {
          await browser.close();
          await workplace[Symbol.asyncDispose]();
        },
      };
    } catch (error) {
      failures.push(error);
      await workplace[Symbol.asyncDispose]();
    }
  }
  throw new AggregateError(failures, 'no browser starts');
}

async function start(plan: StartPlan, { folder, fontConfig }: Workplace): Promise<Browser> {
  const executable = await findChromium(process.env);
  const [program = executable, ...args] = [...plan.prefix, executable];
  return launch({
    executablePath: program,
    ignoreDefaultArgs: true,
    args: [...args, ...flags, ...plan.flags, `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'],
    pipe: true,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      TMPDIR: folder,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      FONTCONFIG_FILE: fontConfig,
    },
  });
}

const flags = [
  '--headless=new',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-sync',
  '--font-render-hinting=none',
  '--lang=zh-CN',
  '--no-default-browser-check',
  '--no-first-run',
  '--remote-debugging-pipe',
];

/** A served page, and whatever went wrong on it: errors of scripts, breaches of its content policy, requests for anything else. */
export type OpenPage = { readonly page: Page; readonly complaints: readonly string[] };

type PageOptions = {
  readonly fragment?: string;
  readonly scripts?: boolean;
  readonly width?: number;
  readonly dark?: boolean;
};

/** Opens a document as if it had been loaded from {@link pageAddress}; nothing else is answered. */
export async function openPage({ browser }: OpenBrowser, html: string, options: PageOptions = {}): Promise<OpenPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => complaints.push(message.text()));
  await page.setJavaScriptEnabled(options.scripts ?? true);
  await page.setViewport({ width: options.width ?? 1280, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: options.dark ? 'dark' : 'light' }]);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const isPage = request.isNavigationRequest() && request.url().replace(/#.*/, '') === pageAddress;
    if (!isPage) complaints.push(`asked for ${request.url()}`);
    const answer = isPage
      ? request.respond({ status: 200, contentType: 'text/html; charset=utf-8', body: html })
      : request.abort('blockedbyclient');
    answer.catch(() => undefined);
  });
  await page.goto(pageAddress + (options.fragment ?? ''), { waitUntil: 'load' });
  return { page, complaints };
}
