import type { Kind } from '../evidence/kinds.ts';
import type { Platform } from '../platform.ts';
import type { Language } from '../text.ts';
import { collectorOf } from './index.ts';

const heading = {
  zh: (host: string) =>
    `# 主机 ${host}：以下命令只读，不写入任何文件；标有 [root] 的命令只在平台文件允许时经 sudo -n 运行`,
  en: (host: string) =>
    `# host ${host}: these commands only read and write no file; those marked [root] use sudo -n only where the platform file allows it`,
};

/** Every command that collecting these kinds would run on each host, with its reason, as readable sh. */
export function printScript(platform: Platform, kinds: readonly Kind[], language: Language): string {
  return platform.hosts
    .map((host) => {
      const parts = kinds.flatMap((kind) => {
        const collector = collectorOf(kind);
        if (collector?.by !== 'commands') return [];
        return collector
          .ask(host)
          .map(
            ({ name, why, script, asRoot }) =>
              `# ${collector.id} ${name}${asRoot ? ' [root]' : ''}: ${why}\n${script}\n`,
          );
      });
      return [heading[language](host.name), ...parts].join('\n');
    })
    .join('\n');
}
