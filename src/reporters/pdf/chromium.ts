import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { InputError, messageOf } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import type { Text } from '../../text.ts';
import {
  BrowserError,
  crashed,
  leastVersion,
  noBrowser,
  refused,
  StartError,
  tooOld,
  tooSlow,
} from './browser-failure.ts';
import { startWatched, type Watch } from './browser-watch.ts';
import { makeWorkplace, type StartPlan, startPlans, type Workplace } from './sandbox.ts';

/** Prints one HTML document on the paper that its style sheet asks for, with tags for screen readers and bookmarks. */
export type Print = (html: string) => Promise<Uint8Array>;

type ChromiumOptions = {
  readonly gate: Gate;
  readonly signal?: AbortSignal;
  /** Where programs are looked for; `LEQI_CHROMIUM` names the browser itself. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/** The page's address: it exists nowhere, and is answered by this program. */
const origin = 'https://report.invalid/';

/** Sent with the page, so that no markup in it can lift it. */
const contentPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

const flags = [
  '--headless=new',
  // Names and addresses alike: nothing is ever looked up or connected to.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-dev-shm-usage',
  '--disable-features=Translate,MediaRouter,OptimizationHints,IsolateSandboxedIframes',
  '--font-render-hinting=none',
  '--hide-scrollbars',
  '--lang=zh-CN',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--password-store=basic',
  '--remote-debugging-pipe',
];

/** Seconds that the browser may take to start; to print, as many for each megabyte of the document and one more. */
const usualPatience = 60;

/**
 * Starts Chromium, hands over a way to print, and stops it. Pages are printed one after the other: printed side by side they
 * would not come out the same twice. Throws {@link BrowserError} if there is no browser or it is too old, does not start, ends in
 * the middle or takes too long. Neither a process nor a folder of it is left.
 */
export async function withChromium<T>(
  { gate, signal, environment = process.env }: ChromiumOptions,
  use: (print: Print) => Promise<T>,
): Promise<{ result: T; notes: readonly Text[]; version: number }> {
  const executable = await findChromium(environment);
  const patience = patienceIn(environment);
  let failure: unknown;
  for (const plan of await startPlans(gate)) {
    await using workplace = await makeWorkplace(gate, plan);
    await using watch = startWatched(commandOf(executable, plan, workplace), environmentOf(workplace), signal);
    try {
      const { browser, version } = await connected(executable, watch, patience);
      const print: Print = (html) => printWatched({ browser, watch, patience }, html);
      return { result: await use(print), notes: plan.notes, version };
    } catch (error) {
      // What ends at once may do without its sandbox; what else is wrong would be wrong again.
      if (!(error instanceof StartError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function patienceIn({ LEQI_CHROMIUM_SECONDS: given = '' }: NonNullable<ChromiumOptions['environment']>): number {
  if (given === '') return usualPatience;
  if (/^\d{1,5}$/.test(given) && Number(given) > 0) return Number(given);
  throw new InputError({
    zh: 'LEQI_CHROMIUM_SECONDS 应为 1 至 99999 的整数（秒）',
    en: 'LEQI_CHROMIUM_SECONDS is a whole number of seconds from 1 to 99999',
  });
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** The path of a Chromium-like browser: `LEQI_CHROMIUM`, else the first on the path; throws {@link MachineError} if there is none. */
export async function findChromium(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = environment.LEQI_CHROMIUM;
  const folders = [...(environment.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'];
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of candidates) if (await isExecutable(path)) return path;
  throw noBrowser(named);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function commandOf(executable: string, plan: StartPlan, { folder }: Workplace): string[] {
  return [
    ...plan.prefix,
    executable,
    ...flags,
    ...plan.flags,
    `--user-data-dir=${join(folder, 'profile')}`,
    'about:blank',
  ];
}

function environmentOf({ folder, fontConfig }: Workplace): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    FONTCONFIG_FILE: fontConfig,
  };
}

async function connected(
  executable: string,
  watch: Watch,
  patience: number,
): Promise<{ browser: Browser; version: number }> {
  // Loaded here: it takes a quarter of a second that the other formats need not wait for.
  const { connect } = await import('puppeteer-core');
  const connecting = async (): Promise<{ browser: Browser; version: string }> => {
    const browser = await connect({ transport: watch.transport, protocolTimeout: 0, defaultViewport: null });
    return { browser, version: await browser.version() };
  };
  const { browser, version } = await watch.during(connecting(), {
    seconds: patience,
    late: () => tooSlow('start', patience, patience),
    ended: (ending) => new StartError(executable, ending),
  });
  const major = Number(version.match(/\/(\d+)\./)?.[1] ?? 0);
  if (major < leastVersion) throw tooOld(executable, major);
  return { browser, version: major };
}

type AtWork = { readonly browser: Browser; readonly watch: Watch; readonly patience: number };

async function printWatched({ browser, watch, patience }: AtWork, html: string): Promise<Uint8Array> {
  const seconds = Math.ceil(patience * (1 + html.length / 1_000_000));
  const { pdf, url } = await watch.during(print(browser, html), {
    seconds,
    late: () => tooSlow('print', seconds, patience),
    ended: crashed,
  });
  // A page that went elsewhere prints as an empty document, without an error.
  if (url !== origin) throw new Error(`the report's page went to ${url}`);
  return pdf;
}

async function print(browser: Browser, html: string): Promise<{ pdf: Uint8Array; url: string }> {
  const { promise: hasCrashed, reject } = Promise.withResolvers<never>();
  try {
    const page = await browser.newPage();
    // Whatever is asked of a page whose process is gone is never answered.
    page.once('error', () => reject(crashed('page')));
    const pdf = await Promise.race([printOn(page, html), hasCrashed]);
    const url = page.url();
    await page.close();
    return { pdf, url };
  } catch (error) {
    throw error instanceof BrowserError ? error : refused(messageOf(error));
  }
}

async function printOn(page: Page, html: string): Promise<Uint8Array> {
  await page.setJavaScriptEnabled(false);
  await serveOnly(page, html);
  await page.goto(origin, { waitUntil: 'load', timeout: 0 });
  return page.pdf({
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
    timeout: 0,
  });
}

/** Answers the first request for the page with the document; refuses everything else, whatever asks for it. */
async function serveOnly(page: Page, html: string): Promise<void> {
  let served = false;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const isPage = request.isNavigationRequest() && request.url() === origin && !served;
    served ||= isPage;
    const answer = isPage
      ? request.respond({
          status: 200,
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': contentPolicy },
          body: html,
        })
      : request.abort('blockedbyclient');
    // The page may be gone by then; its own call reports that.
    answer.catch(() => undefined);
  });
}
