import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Browser, LaunchOptions, Page } from 'puppeteer-core';
import { MachineError, messageOf } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import type { Text } from '../../text.ts';
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

/**
 * Starts Chromium, hands over a way to print, and stops it. Pages are printed one after the other: printed side by side they
 * would not come out the same twice. Throws {@link MachineError} if there is no browser or it does not start.
 */
export async function withChromium<T>(
  { gate, signal, environment = process.env }: ChromiumOptions,
  use: (print: Print) => Promise<T>,
): Promise<{ result: T; notes: readonly Text[] }> {
  const executable = await findChromium(environment);
  const failures: unknown[] = [];
  for (const plan of await startPlans(gate)) {
    await using workplace = await makeWorkplace(gate, plan);
    const browser = await start(executable, plan, workplace, signal).catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });
    signal?.throwIfAborted();
    if (!browser) continue;
    try {
      return { result: await use((html) => print(browser, html)), notes: plan.notes };
    } finally {
      await browser.close();
    }
  }
  const why = failures.map((failure) => messageOf(failure).slice(0, 400)).join('; ');
  throw new MachineError(
    { zh: `浏览器 ${executable} 无法启动：${why}`, en: `the browser ${executable} does not start: ${why}` },
    { cause: failures.at(-1) },
  );
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** The path of a Chromium-like browser: `LEQI_CHROMIUM`, else the first on the path; throws {@link MachineError} if there is none. */
export async function findChromium(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const named = environment.LEQI_CHROMIUM;
  const folders = [...(environment.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'];
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of candidates) if (await isExecutable(path)) return path;
  throw new MachineError(
    named
      ? {
          zh: `LEQI_CHROMIUM 指定的浏览器 ${named} 不存在或不可执行`,
          en: `the browser that LEQI_CHROMIUM names, ${named}, does not exist or cannot be executed`,
        }
      : {
          zh: '生成 PDF 需要 Chromium，本机没有找到。Debian：apt install chromium；或用环境变量 LEQI_CHROMIUM 指明浏览器路径',
          en: 'a PDF needs Chromium, and there is none on this machine. Debian: apt install chromium; or name a browser in LEQI_CHROMIUM',
        },
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function start(
  executable: string,
  plan: StartPlan,
  { folder, fontConfig }: Workplace,
  signal: AbortSignal | undefined,
): Promise<Browser> {
  // Loaded here: it takes a quarter of a second that the other formats need not wait for.
  const { launch } = await import('puppeteer-core');
  const [program = executable, ...args] = [...plan.prefix, executable];
  return launch(launchOptions(program, [...args, ...flags, ...plan.flags], { folder, fontConfig }, signal));
}

function launchOptions(
  program: string,
  args: readonly string[],
  { folder, fontConfig }: Pick<Workplace, 'folder' | 'fontConfig'>,
  signal: AbortSignal | undefined,
): LaunchOptions {
  return {
    executablePath: program,
    ignoreDefaultArgs: true,
    args: [...args, `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'],
    pipe: true,
    timeout: 30_000,
    protocolTimeout: 600_000,
    // Interrupting is the caller's matter; the pipe's end stops the browser in any case.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ...(signal ? { signal } : {}),
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      TMPDIR: folder,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      FONTCONFIG_FILE: fontConfig,
    },
  };
}

async function print(browser: Browser, html: string): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    await page.setJavaScriptEnabled(false);
    await serveOnly(page, html);
    await page.goto(origin, { waitUntil: 'load', timeout: 120_000 });
    const pdf = await page.pdf({
      preferCSSPageSize: true,
      printBackground: true,
      tagged: true,
      outline: true,
      timeout: 600_000,
    });
    // A page that went elsewhere prints as an empty document, without an error.
    if (page.url() !== origin) throw new Error(`the report's page went to ${page.url()}`);
    return pdf;
  } finally {
    await page.close();
  }
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
