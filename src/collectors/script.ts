import type { Kind } from '../evidence/kinds.ts';
import type { DeclaredHost } from '../platform.ts';
import { type Language, printable } from '../text.ts';
import { commandsFor, hostCollectorsOf } from './hosts.ts';
import { composeScript, type HostScript, runnable } from './transports/host-script.ts';

/** The line above what a printed script's digest covers. */
const coverLine = '# ----------------------------------------------------------------------';

/** The script that collecting these kinds takes on a host. */
export function scriptOf(host: DeclaredHost, kinds: readonly Kind[]): HostScript {
  return composeScript(host, commandsFor(host, hostCollectorsOf(kinds)));
}

/** What a printed script says of itself. */
export type Printing = {
  readonly platform: string;
  readonly version: string;
  readonly at: string;
  readonly language: Language;
};

/** A host's script for a person to read, run and carry the output of; its digest stands in it and in all that it prints. */
export function printScript(host: DeclaredHost, kinds: readonly Kind[], printing: Printing): string {
  const script = scriptOf(host, kinds);
  const file = host.name.replace(/[^A-Za-z0-9._-]/g, '_');
  const lines = headings[printing.language]({
    host: oneLine(host.name),
    platform: oneLine(printing.platform),
    version: printing.version,
    at: printing.at,
    file,
    digest: script.digest,
  });
  const header = ['#!/bin/sh', ...lines.map((line) => `# ${line}`.trim())].join('\n');
  return `${header}\n${runnable({ ...script, body: `${coverLine}\n${script.body}` }, { run: script.digest, byHand: true })}`;
}

type Heading = { host: string; platform: string; version: string; at: string; file: string; digest: string };

const headings: Readonly<Record<Language, (of: Heading) => string[]>> = {
  zh: ({ host, platform, version, at, file, digest }) => [
    `leqi-audit ${version}：平台「${platform}」主机 ${host} 的采集脚本，打印于 ${at}`,
    '',
    `在 ${host} 上运行（建议以 root 运行，否则部分内容无法证明）：  sh ${file}.sh > ${file}.out`,
    `将 ${file}.out 原样带回，不要打开另存、不要转换换行或编码，然后运行：  leqi-audit import ${file}.out`,
    '',
    '脚本只读：不写文件、不联网、不安装任何东西；每条命令上方写明用途，有时间和大小限制。',
    '仅当平台文件允许（may_sudo=yes）时才使用 sudo -n，且只用于标有 root 的命令。',
    '输出带有校验和：可发现截断和误改，不能防止在主机上蓄意伪造。',
    `虚线以下内容的 SHA-256：${digest}`,
    `核对：  sed '1,/^# ---/d' ${file}.sh | sha256sum`,
  ],
  en: ({ host, platform, version, at, file, digest }) => [
    `leqi-audit ${version}: what is asked of host ${host} of the platform "${platform}", printed ${at}`,
    '',
    `Run it on ${host}, best as root, or some things stay unproven:  sh ${file}.sh > ${file}.out`,
    `Bring ${file}.out back as it is, without saving it from an editor or converting line ends, then:  leqi-audit import ${file}.out`,
    '',
    'It only reads: it writes no file, contacts nothing and installs nothing. Each command says why it is there, and is limited in time and size.',
    'sudo -n is used only where the platform file allows it (may_sudo=yes), and only for commands marked root.',
    'The output carries checksums: they show cuts and slips, not deliberate forgery on the host.',
    `SHA-256 of everything below the dashes: ${digest}`,
    `To compare:  sed '1,/^# ---/d' ${file}.sh | sha256sum`,
  ],
};

function oneLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, ' ');
}
