import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MachineError, messageOf, UserError } from '../errors.ts';
import { expectedSubjects } from '../evidence/subjects.ts';
import type { Gate } from '../gate.ts';
import { packageRoot } from '../package-root.ts';
import { declarationOf } from '../platform-declaration.ts';
import { BrowserError } from '../reporters/pdf/browser-failure.ts';
import { withChromium } from '../reporters/pdf/chromium.ts';
import { fontFaces } from '../reporters/pdf/fonts.ts';
import { joined, type Text, verbatim } from '../text.ts';
import { leavesOf, type Plan } from './plan.ts';
import { noAnswer, type Point, type Probe } from './point.ts';

/** What looking at this machine needs. */
export type MachineOptions = {
  /** Contacts nobody: starts programs of this machine. */
  readonly local: Gate;
  readonly plan: Plan | undefined;
  readonly platformFile: string;
  /** Whether a PDF is wanted. */
  readonly pdf: boolean;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** What a scan needs on the machine it runs on; contacts nothing. */
export function machineProbes(options: MachineOptions): Probe[] {
  const { local: gate } = options;
  const pdf = options.pdf
    ? [probe(names.browser, () => browserPoint(gate, options)), probe(names.fonts, fontsPoint)]
    : [];
  return [
    probe(names.node, nodePoint),
    ...(scansPorts(options.plan) ? [probe(names.nmap, () => nmapPoint(gate, options.plan))] : []),
    ...pdf,
    probe(names.rights, async () => rightsPoint(options.plan)),
    probe(names.clock, () => clockPoint(options)),
    probe(names.locale, async () => localePoint(options.environment)),
  ];
}

const names = {
  node: verbatim('Node'),
  nmap: verbatim('nmap'),
  browser: { zh: '浏览器', en: 'browser' },
  fonts: { zh: '字体', en: 'fonts' },
  rights: { zh: '权限', en: 'rights' },
  clock: { zh: '时钟', en: 'clock' },
  locale: { zh: '字符集', en: 'locale' },
} as const;

type Found = Omit<Point, 'area' | 'what'>;

function probe(what: Text, look: () => Promise<Found>): Probe {
  const area = 'machine';
  return {
    run: async () => [{ area, what, ...(await look()) }],
    // A busy machine lacks nothing for that.
    late: () => [{ area, what, state: 'unproven', says: noAnswer }],
  };
}

async function nodePoint(): Promise<Found> {
  const { engines } = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
  const least = Number(engines.node.replace(/^\D+/, ''));
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= least) return { state: 'ok', says: verbatim(version) };
  return {
    state: 'lacking',
    says: { zh: `${version}，需要 ${least} 或更新版本`, en: `${version}; ${least} or newer is needed` },
    remedy: { zh: `安装 Node ${least}`, en: `install Node ${least}` },
  };
}

function scansPorts(plan: Plan | undefined): boolean {
  if (!plan) return true;
  return plan.kinds.includes('openPorts') && expectedSubjects('address', declarationOf(plan.platform)).length > 0;
}

async function nmapPoint(gate: Gate, plan: Plan | undefined): Promise<Found> {
  const remedy = { zh: '安装 nmap（Debian：apt install nmap）', en: 'install nmap (Debian: apt install nmap)' };
  const leaves = plan ? { leaves: leavesOf(plan, ['openPorts'], false) } : {};
  try {
    const { status, stdout, stderr } = await gate.run('nmap', ['--version'], { timeout: 8, limit: 65_536 });
    const [version] = stdout.toString('utf8').match(/Nmap version \S+/) ?? [];
    if (status === 0 && version) return { state: 'ok', says: verbatim(version) };
    const words = stderr.trim().slice(0, 200);
    return {
      state: 'unproven',
      says: { zh: `nmap 无法运行：${words}`, en: `nmap does not run: ${words}` },
      remedy,
      ...leaves,
    };
  } catch (error) {
    if (!(error instanceof MachineError))
      return { state: 'unproven', says: verbatim(messageOf(error)), remedy, ...leaves };
    const says = {
      zh: '没有安装；只会试连常用端口，不能说明没有其他开放端口',
      en: 'not installed; only common ports are tried, which does not show that no other is open',
    };
    return { state: 'unproven', says, remedy, ...leaves };
  }
}

// Started once: a browser that is there may still miss a library, or the rights that its sandbox needs.
async function browserPoint(gate: Gate, { environment, signal }: MachineOptions): Promise<Found> {
  try {
    const { notes, version } = await withChromium({ gate, signal, environment }, async () => undefined);
    const says = { zh: `可以启动，版本 ${version}`, en: `starts, version ${version}` };
    return { state: 'ok', says, ...(notes.length > 0 ? { remedy: joined(notes) } : {}) };
  } catch (error) {
    if (signal.aborted) return { state: 'unproven', says: noAnswer };
    if (!(error instanceof UserError)) throw error;
    if (!(error instanceof BrowserError)) return { state: 'lacking', says: error.text };
    return { state: 'lacking', says: error.problem, remedy: error.remedy };
  }
}

async function fontsPoint(): Promise<Found> {
  const remedy = {
    zh: '重新安装 leqi-audit 及其依赖（npm install）',
    en: 'install leqi-audit and its dependencies again (npm install)',
  };
  try {
    const faces = fontFaces();
    for (const { path } of faces) await access(path, constants.R_OK);
    return { state: 'ok', says: { zh: `${faces.length} 个字体文件`, en: `${faces.length} font files` } };
  } catch (error) {
    return { state: 'lacking', says: verbatim(messageOf(error).split('\n', 1)[0] ?? ''), remedy };
  }
}

function rightsPoint(plan: Plan | undefined): Found {
  if (process.getuid?.() === 0) return { state: 'ok', says: verbatim('root') };
  const says = {
    zh: `普通用户（uid ${process.getuid?.() ?? '-'}）`,
    en: `not root (uid ${process.getuid?.() ?? '-'})`,
  };
  const remedy = {
    zh: '可以扫描；nmap 改为完整连接，较慢，且在对方日志中留下连接记录',
    en: 'a scan works; nmap makes whole connections, which is slower and leaves them in the other side’s logs',
  };
  return { state: 'ok', says, ...(scansPorts(plan) ? { remedy } : {}) };
}

/** No release of this program is older, and no certificate it meets is meant for later. */
const sane = { from: '2026-01-01', until: '2100-01-01' };
/** Milliseconds that a file may be younger than now: file servers have clocks of their own. */
const leeway = 600_000;

async function clockPoint({ now, platformFile }: MachineOptions): Promise<Found> {
  const time = now();
  const says = verbatim(`${time.toISOString().slice(0, 19)}Z`);
  const changed = await stat(platformFile).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const isSane = says.zh >= sane.from && says.zh < sane.until;
  if (isSane && time.getTime() + leeway >= changed) return { state: 'ok', says };
  const why = isSane
    ? { zh: '，早于平台文件的修改时间', en: ', before the platform file was last changed' }
    : { zh: '，不可能是现在', en: ', which cannot be now' };
  return {
    state: 'lacking',
    says: joined([says, why], '', ''),
    remedy: {
      zh: '校准本机时钟：证据的时间和各项期限都由它算起',
      en: 'set this machine’s clock: the time of evidence and every period are counted by it',
    },
  };
}

function localePoint({ LC_ALL, LC_CTYPE, LANG }: MachineOptions['environment']): Found {
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  if (/utf-?8/i.test(locale)) return { state: 'ok', says: verbatim(locale) };
  const shown = locale === '' ? { zh: '未设置', en: 'not set' } : verbatim(locale);
  const remedy = {
    zh: '输出一律为 UTF-8；终端显示乱码时设为 LANG=C.UTF-8',
    en: 'what is printed is UTF-8 all the same; if the terminal garbles it, set LANG=C.UTF-8',
  };
  return { state: 'ok', says: shown, remedy };
}
