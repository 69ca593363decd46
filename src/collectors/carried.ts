import { InputError } from '../errors.ts';
import { instantOf } from '../evidence/dates.ts';
import type { Kind } from '../evidence/kinds.ts';
import type { Draft } from '../evidence/observation.ts';
import type { DeclaredHost, Platform } from '../platform.ts';
import { printable, type Text } from '../text.ts';
import { commandsFor, hostCollectorsOf, readHost } from './hosts.ts';
import { scriptOf } from './script.ts';
import { type FrameProblem, type HostFacts, readFrames } from './transports/frames.ts';
import { nameInScript } from './transports/host-script.ts';

/** Seconds that a host's clock may be ahead of this machine's. */
const mostAhead = 600;

/** The output of a host script that a person carried here, found whole. */
export type Carried = { readonly host: DeclaredHost; readonly drafts: readonly Draft[] };

/**
 * Reads the output of a printed script. Throws {@link InputError} if it is cut or edited, if it is not from the script that this version prints
 * for one of the declared hosts and these kinds, or dated in the future.
 * @param file its name, for the error
 */
export function readCarried(
  output: Buffer,
  file: string,
  platform: Platform,
  kinds: readonly Kind[],
  now: Date,
): Carried {
  const digest = output.toString('latin1').match(/^@([0-9a-f]{64}) begin \d+\r?$/m)?.[1];
  if (digest === undefined) throw refused(file, faults.absent);
  const host = platform.hosts.find((each) => scriptOf(each, kinds).digest === digest);
  if (!host) throw refused(file, strangerIn(output, platform));
  const asking = hostCollectorsOf(kinds);
  const { results, facts, problem } = readFrames(output, commandsFor(host, asking), { run: digest, summed: true });
  if (problem) throw refused(file, isConverted(output) ? faults.lineEnds : faults[problem]);
  if (!facts || facts.host !== nameInScript(host)) throw refused(file, faults.disorder);
  if (facts.time > now.getTime() / 1000 + mostAhead) throw refused(file, faults.future);
  const other = bearing(facts.name, host, platform);
  if (other) throw refused(file, ranElsewhere(host, other));
  const observer = {
    zone: platform.zone,
    at: () => instantOf(new Date(facts.time * 1000)),
    signal: new AbortController().signal,
  };
  return { host, drafts: readHost(host, asking, { results, facts }, observer, how(facts, digest)) };
}

// Another declared host whose name the machine bears: the script was run on the wrong one.
function bearing(name: string, host: DeclaredHost, { hosts }: Platform): DeclaredHost | undefined {
  const own = [name, name.split('.')[0]].map((each) => each?.toLowerCase());
  const isNamed = (each: DeclaredHost): boolean => own.includes(nameInScript(each).toLowerCase());
  return isNamed(host) ? undefined : hosts.find(isNamed);
}

function ranElsewhere(host: DeclaredHost, other: DeclaredHost): Text {
  const [made, ran] = [nameInScript(host), nameInScript(other)];
  return {
    zh: `脚本为 ${made} 打印，却在名为 ${ran} 的主机上运行`,
    en: `comes of a script that was made for ${made}, but was run on a machine named ${ran}`,
  };
}

function isConverted(output: Buffer): boolean {
  return /^@[0-9a-f]{64} begin \d+\r$/m.test(output.toString('latin1'));
}

function how({ name }: HostFacts, digest: string): string {
  const from = printable(name.slice(0, 100)).replace(/[\n\t]/g, ' ');
  return ` (by hand-carried script sha256:${digest.slice(0, 16)}, from the host that calls itself ${from})`;
}

const faults = {
  absent: {
    zh: '不是采集脚本的输出',
    en: 'is not the output of a host script',
  },
  cut: { zh: '被截断', en: 'is cut short' },
  disorder: { zh: '有行被增删或移动', en: 'has lines added, removed or moved' },
  changed: { zh: '内容被改动（校验和不符）', en: 'was changed (a checksum differs)' },
  lineEnds: {
    zh: '换行被转换为 CRLF；请以二进制方式传输',
    en: 'had its line ends converted to CRLF; transfer it as binary',
  },
  future: {
    zh: '的时间在将来；请检查主机时钟',
    en: 'is dated in the future; look at the clock of the host',
  },
  otherScript: {
    zh: '来自另一版本、另一规范配置或另一平台文件的脚本；请重新打印并运行',
    en: 'is from the script of another version, profile or platform file; print it again and run it',
  },
  stranger: {
    zh: '来自平台文件未声明的主机',
    en: 'is from a host that the platform file does not declare',
  },
} as const satisfies Record<FrameProblem | 'lineEnds' | 'future' | 'otherScript' | 'stranger', Text>;

function strangerIn(output: Buffer, { hosts }: Platform): Text {
  const name = output.toString('utf8').match(/^\|host (.*?)\r?$/m)?.[1];
  return hosts.some((host) => nameInScript(host) === name) ? faults.otherScript : faults.stranger;
}

function refused(file: string, { zh, en }: Text): InputError {
  return new InputError({ zh: `拒绝导入 ${file}：${zh}`, en: `${file} is not imported: it ${en}` });
}
