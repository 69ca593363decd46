import { MachineError } from '../../errors.ts';
import { joined, printable, type Text, verbatim } from '../../text.ts';
import type { Ending } from './browser-process.ts';

/** The first version that prints running heads and page numbers of a style sheet (page margin boxes of CSS Paged Media). */
export const leastVersion = 131;

/** The PDF's browser failed: what is wrong, and what its user can do. */
export class BrowserError extends MachineError {
  readonly problem: Text;
  readonly remedy: Text;

  constructor(problem: Text, remedy: Text, options?: ErrorOptions) {
    super(joined([problem, remedy], '。', '. '), options);
    this.problem = problem;
    this.remedy = remedy;
  }
}

const packages: Text = {
  zh: 'Debian、麒麟、统信：apt install chromium；RHEL、openEuler：yum install chromium；或用环境变量 LEQI_CHROMIUM 指明浏览器；不需要 PDF 时用 --format html,xlsx',
  en: 'Debian: apt install chromium; RHEL, openEuler: yum install chromium; or name a browser in LEQI_CHROMIUM; where no PDF is wanted: --format html,xlsx',
};

/** There is none. */
export function noBrowser(named: string | undefined): BrowserError {
  if (named === undefined)
    return new BrowserError(
      { zh: '生成 PDF 需要 Chromium，本机没有找到', en: 'a PDF needs Chromium, and there is none on this machine' },
      packages,
    );
  const shown = printable(named);
  return new BrowserError(
    {
      zh: `LEQI_CHROMIUM 指定的浏览器 ${shown} 不存在或不可执行`,
      en: `the browser that LEQI_CHROMIUM names, ${shown}, does not exist or cannot be executed`,
    },
    packages,
  );
}

/** It is older than what the report's pages need. */
export function tooOld(executable: string, version: number): BrowserError {
  return new BrowserError(
    {
      zh: `浏览器 ${executable} 的版本 ${version} 过旧，页眉和页码需要 ${leastVersion} 或更新的版本`,
      en: `the browser ${executable} is version ${version}; running heads and page numbers need ${leastVersion} or later`,
    },
    packages,
  );
}

/** It did not answer within its time. */
export function tooSlow(doing: 'start' | 'print', seconds: number, patience: number): BrowserError {
  const problem =
    doing === 'start'
      ? {
          zh: `浏览器启动 ${seconds} 秒仍无应答，已终止`,
          en: `the browser gave no answer in ${seconds} s and was ended`,
        }
      : {
          zh: `浏览器排版 ${seconds} 秒仍未完成，已终止`,
          en: `the browser had not finished printing after ${seconds} s and was ended`,
        };
  return new BrowserError(problem, {
    zh: `本机繁忙或过慢时，用环境变量 LEQI_CHROMIUM_SECONDS 放宽（现为 ${patience}）`,
    en: `if this machine is just busy or slow, allow more in LEQI_CHROMIUM_SECONDS (now ${patience})`,
  });
}

/** It ended before it could be used. */
export class StartError extends BrowserError {
  constructor(executable: string, ending: Ending) {
    const how = howItEnded(ending);
    const problem = {
      zh: `浏览器 ${executable} 无法启动：${how.zh}`,
      en: `the browser ${executable} does not start: ${how.en}`,
    };
    super(problem, remedyFor(ending));
  }
}

/** It ended while it printed, or the process of its page did. */
export function crashed(ending: Ending | 'page'): BrowserError {
  const how = ending === 'page' ? { zh: '页面进程崩溃', en: 'its page process crashed' } : howItEnded(ending);
  return new BrowserError(
    { zh: `浏览器在排版时中止：${how.zh}`, en: `the browser ended while printing: ${how.en}` },
    outOfMemory,
  );
}

/** It refused, and says why. */
export function refused(why: string): BrowserError {
  const shown = printable(why).slice(0, 240);
  return new BrowserError(
    { zh: `浏览器未能排版：${shown}`, en: `the browser could not print: ${shown}` },
    { zh: '更换或升级浏览器（LEQI_CHROMIUM）', en: 'use another or a newer browser (LEQI_CHROMIUM)' },
  );
}

const outOfMemory: Text = {
  zh: '多半是内存不足或临时目录已满：大报告需要 1 GB 以上可用内存；其他格式不受影响，可先用 --format html,xlsx',
  en: 'most likely memory or the temporary folder ran out: a large report needs 1 GB of free memory and more; other formats need no browser (--format html,xlsx)',
};

const otherFolder: Text = {
  zh: '腾出空间，或用环境变量 TMPDIR 换一个可写的目录，路径要短（60 个字节以内）',
  en: 'make room there, or name a folder that can be written in TMPDIR, by a short path (60 bytes at most)',
};

function remedyFor({ signal, said, garbled }: Ending): Text {
  // A socket's path takes 107 bytes (unix(7)).
  if (/Socket path too long|No space left|Read-only file system/.test(said)) return otherFolder;
  return signal && !garbled ? outOfMemory : packages;
}

function howItEnded({ status, signal, said, garbled }: Ending): Text {
  if (garbled) return { zh: '应答的不是浏览器', en: 'what answered is no browser' };
  const words = tellingLine(said, signal !== undefined);
  const end = signal
    ? { zh: `被信号 ${signal} 终止`, en: `by signal ${signal}` }
    : { zh: `退出码 ${status ?? '-'}`, en: `exit status ${status ?? '-'}` };
  return words === '' ? end : joined([end, verbatim(words)], '，', ', ');
}

// Browsers complain of much that does not matter: what ended it comes last, or says so.
function tellingLine(said: string, onlyFatal: boolean): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const fatal = lines.findLast((line) => /FATAL|error while loading|No usable sandbox|cannot|not found/i.test(line));
  return printable(
    (fatal ?? (onlyFatal ? undefined : lines.at(-1)) ?? '').replace(/^\[[\d:/.]+(:[A-Z]+:)?/, '['),
  ).slice(0, 240);
}

/** The folder that it works in cannot be made, or does not hold what goes there. */
export function noWorkplace(folder: string, why: string): BrowserError {
  return new BrowserError(
    {
      zh: `无法在临时目录 ${printable(folder)} 中准备浏览器：${printable(why)}`,
      en: `the browser cannot be set up in the temporary folder ${printable(folder)}: ${printable(why)}`,
    },
    otherFolder,
  );
}
