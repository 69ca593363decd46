import type { LogPolicies, LogRule } from '../../evidence/host/log-policies.ts';
import type { DeclaredHost } from '../../platform.ts';
import type { CommandResult } from '../collector.ts';
import { type ConfigFile, readConfigFiles, showFunctions } from './config-files.ts';
import { deletionsIn } from './log-deletions.ts';
import { type DeclaredLog, isPattern, patternWord, quoted } from './log-places.ts';
import { deletingFunction } from './log-policy-commands.ts';
import { readLog4j2 } from './log-settings/log4j2.ts';
import { type Appender, readLogback, type Settings } from './log-settings/logback.ts';
import { globOf } from './log-settings/patterns.ts';
import { readPm2, readPython } from './log-settings/programs.ts';
import { readXml } from './log-settings/xml.ts';
import { clean, ranToEnd } from './output.ts';

type Found = Pick<LogPolicies, 'rules' | 'unread'>;

const secrets = '(passw|pwd|secret|token|credential|access.?key)';
/** Stands for a line of a script that may hold a password, and may delete. */
const hidden = '***';

/** Shows the files that the platform file names as settings of logs; lines that may hold a password are left out, of scripts all but deletions. */
export function settingsScript(host: Pick<DeclaredHost, 'logs'>): string {
  return `${showFunctions}
${deletingFunction}
settings() {
  p=$1; shift
  [ -e "$1" ] || { printf '!none %s\\n' "$p"; return; }
  for f do
    case $f in
      *.sh) picked "$f" | grep -aviE '^ [0-9]+: *(export |local )?[A-Z0-9_]*${secrets}[A-Z0-9_]*=[^;&|]*$' | sed -E 's/^ .*${secrets}.*/ ${hidden}/I' ;;
      *) show "$f" | grep -aviE '^ .*${secrets}' ;;
    esac
  done
}
${declaredSettings(host)
  .map(
    ({ log, path }) =>
      `echo 'log ${log}'; settings ${quoted(path)} ${isPattern(path) ? patternWord(path) : quoted(path)}`,
  )
  .join('\n')}
echo done`;
}

/** What those settings keep and delete. */
export function settingsRules(result: CommandResult, host: Pick<DeclaredHost, 'logs'>): Found {
  const found: Found = { rules: [], unread: [] };
  for (const section of result.stdout.split(/^log (?=\d{1,4}$)/m).slice(1)) {
    const log = host.logs[Number.parseInt(section, 10)];
    const { files, unread } = readConfigFiles(section);
    const none = [...section.matchAll(/^!none (.*)$/gm)].map(([, path = '']) => path);
    found.unread.push(
      ...unread.map((path) => ({ path, why: 'permission denied' })),
      ...none.map((path) => ({ path, why: 'not there' })),
    );
    for (const file of log ? files : []) {
      const { rules, unread: unclear } = log ? rulesIn(file, log) : { rules: [], unread: [] };
      found.rules.push(...rules);
      found.unread.push(...unclear);
    }
  }
  if (ranToEnd(result, 'done')) return found;
  // Of a number that was cut the rest might say something else.
  return { rules: [], unread: [...found.unread, { path: 'settings', why: 'no answer' }] };
}

function declaredSettings({ logs }: Pick<DeclaredHost, 'logs'>): { log: number; path: string }[] {
  return logs.flatMap(({ settings = [] }, log) => settings.map((path) => ({ log, path })));
}

function rulesIn(file: ConfigFile, log: DeclaredLog): Found {
  if (file.path.endsWith('.sh')) {
    // A script that moves logs and deletes none keeps them for ever: its deletions are rules of their own.
    const moves = ruleFor({ files: [], limits: [], text: file.path }, file.path, log);
    const { rules, unread } = deletionsIn(file);
    const isHidden = file.lines.includes(hidden);
    return { rules: [moves, ...rules], unread: isHidden ? [...unread, { path: file.path, why: hidden }] : unread };
  }
  const settings = settingsIn(file);
  if (!settings) return { rules: [], unread: [{ path: file.path, why: 'not understood' }] };
  return {
    rules: settings.appenders.map((appender) => ruleFor(appender, file.path, log)),
    unread: settings.unclear.map((why) => ({ path: file.path, why: clean(why) })),
  };
}

function settingsIn(file: ConfigFile): Settings | undefined {
  const text = file.lines.join('\n');
  if (file.path.endsWith('.json')) return readPm2(text) ?? readPython(file);
  if (!/^\s*(\uFEFF)?</.test(text)) return readPython(file);
  const root = readXml(text);
  if (root?.name !== 'configuration' && root?.name !== 'included') return undefined;
  return root.children.some(({ name }) => name === 'appenders') ? readLog4j2(root) : readLogback(root);
}

// Paths that are relative, or hold a variable, are told by their last name among what was declared.
function ruleFor({ files, folder, limits, text }: Appender, where: string, log: DeclaredLog): LogRule {
  const rule = { by: 'application', where, text: clean(text) || where } as const;
  const below = `${folderOf(log.path)}/`;
  const limited = limits.map((limit) => ('unknown' in limit ? { ...limit, unknown: clean(limit.unknown) } : limit));
  const globs = files.map(globOf);
  if (folder) {
    const path = globOf(folder.path);
    return { ...rule, covers: [path.startsWith('/') ? `${path}/` : below], names: [...folder.names], limits: limited };
  }
  if (globs.length > 0 && globs.every((glob) => glob.startsWith('/')))
    return {
      ...rule,
      covers: globs.flatMap((glob) => [glob, glob.replace(/\.(gz|zip|xz|bz2)$/, '')]),
      names: [],
      limits: limited,
    };
  const names = globs.map((glob) => glob.split('/').at(-1) ?? '*');
  return {
    ...rule,
    covers: [log.path, below],
    names: names.flatMap((name) => [name, name.replace(/\.(gz|zip|xz|bz2)$/, '')]),
    limits: limited,
  };
}

function folderOf(path: string): string {
  const fixed = path.replace(/[*?[].*$/, '');
  const isFolder = path === fixed && !/\.[a-z]{2,5}$/i.test(path);
  return (isFolder ? path : fixed.slice(0, fixed.lastIndexOf('/'))).replace(/\/+$/, '');
}
