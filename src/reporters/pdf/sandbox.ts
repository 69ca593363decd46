import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import type { Text } from '../../text.ts';
import { noWorkplace } from './browser-failure.ts';
import { fontFaces, writeFontConfig } from './fonts.ts';

/** One way to start the browser, and what its user should know of it. */
export type StartPlan = {
  /** A program that starts the browser, and its arguments; none: the browser itself. */
  readonly prefix: readonly string[];
  readonly flags: readonly string[];
  readonly notes: readonly Text[];
};

/** A private folder for one run of the browser: its profile, its fonts, its home. */
export type Workplace = { readonly folder: string; readonly fontConfig: string } & AsyncDisposable;

const nobody = 65_534;

// No network but an empty one, no privileges, no way to regain them.
const jail = [
  '/usr/bin/unshare',
  '-n',
  '--',
  '/usr/bin/setpriv',
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  '--clear-groups',
  '--no-new-privs',
];

const unsandboxed: StartPlan = {
  prefix: [],
  flags: ['--no-sandbox'],
  notes: [
    {
      zh: '本机不允许浏览器使用沙箱，PDF 在无沙箱的浏览器中生成；脚本、网络和外部资源仍全部禁用',
      en: 'this machine does not let the browser use its sandbox; the PDF was made without it, with scripts, network and outside resources still off',
    },
  ],
};

/**
 * The ways to start the browser, best first. Root cannot use Chromium's own sandbox, so for root the browser becomes `nobody` in
 * an empty network namespace where the machine allows that.
 */
export async function startPlans(gate: Gate, isRoot = process.getuid?.() === 0): Promise<StartPlan[]> {
  const own: StartPlan = { prefix: [], flags: [], notes: [] };
  if (!isRoot) return [own, unsandboxed];
  return (await succeeds(gate, ['/usr/bin/true'])) ? [{ ...own, prefix: jail }, unsandboxed] : [unsandboxed];
}

/** Makes the folder that a plan's browser works in; it is removed when disposed. */
export async function makeWorkplace(gate: Gate, plan: StartPlan): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-report-')).catch(unusable);
  // The browser's last process may still write into its profile for a moment.
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  try {
    const jailed = plan.prefix.length > 0;
    const fontConfig = await writeFontConfig(folder, { copy: jailed && !(await fontsAreReadable(gate)) });
    if (jailed) {
      await chown(folder, nobody, nobody);
      await chmod(folder, 0o755);
    }
    return { folder, fontConfig, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    return unusable(error);
  }
}

function unusable(error: unknown): never {
  throw /^E(?!RR_)/.test(codeOf(error) ?? '') ? noWorkplace(tmpdir(), messageOf(error)) : error;
}

// A package folder below /root, say, is closed to nobody: the browser would then find no font and print no text.
async function fontsAreReadable(gate: Gate): Promise<boolean> {
  const tests = fontFaces().flatMap(({ path }, index) => [...(index > 0 ? ['-a'] : []), '-r', path]);
  return succeeds(gate, ['/usr/bin/test', ...tests]);
}

async function succeeds(gate: Gate, command: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = [...jail, ...command];
  const result = await gate.run(program, args, { timeout: 10, limit: 4096 }).catch(() => undefined);
  return result?.status === 0;
}
