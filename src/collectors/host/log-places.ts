import { matchesGlob } from '../../evidence/glob.ts';
import type { LogSubject } from '../../evidence/host/log-stores.ts';
import type { DeclaredHost } from '../../platform.ts';
import { storePathOf } from './log-groups.ts';

type Place = { readonly of: LogSubject; readonly stream?: string; readonly paths: readonly string[] };

/** Folders that are searched on every host, besides those the platform file declares. */
export const usualRoots = [
  '/var/log',
  '/usr/local/nginx/logs',
  '/usr/local/openresty/nginx/logs',
  '/usr/local/apache2/logs',
  '/opt/nginx/logs',
  '/www/wwwlogs',
];

// What the usual names carry: Debian and Ubuntu (syslog, auth.log), Red Hat, openEuler and Kylin (messages, secure), SUSE and Alpine (messages).
const places: readonly Place[] = [
  { of: 'system', stream: 'general', paths: ['/var/log/syslog', '/var/log/messages'] },
  { of: 'system', stream: 'auth', paths: ['/var/log/auth.log', '/var/log/secure'] },
  { of: 'system', stream: 'audit', paths: ['/var/log/audit/audit.log'] },
  {
    of: 'network',
    paths: [
      '/var/log/nginx/*access*',
      '/var/log/apache2/*access*',
      '/var/log/httpd/*access*',
      '/var/log/haproxy*',
      '/var/log/haproxy/*',
      '/var/log/ufw.log',
      '/var/log/firewall*',
      '/var/log/iptables*',
      '/var/log/nftables*',
      '/var/log/suricata/eve*.json',
      '/var/log/suricata/fast.log',
      '/var/log/snort/alert*',
      '/usr/local/nginx/logs/*access*',
      '/usr/local/openresty/nginx/logs/*access*',
      '/usr/local/apache2/logs/*access*',
      '/opt/nginx/logs/*access*',
      '/www/wwwlogs/*.log',
    ],
  },
];

// Red Hat's firewalld writes its own start-up messages there, not what passed the firewall.
const exceptions = ['/var/log/firewalld*', '/www/wwwlogs/*error*', '/www/wwwlogs/nginx_error.log'];

// What lies in a log folder and is no log.
const noLog =
  /\.(pid|lock|sock|jar|war|hprof|conf|cfg|ini|properties|ya?ml|xml|sh|py|md|db|sqlite|dat|idx|pos|tmp|swp)$/;

/** What the store at a path is, by the platform file first, by its usual name else. */
export function classOf(
  path: string,
  host: DeclaredHost,
  parts: readonly string[] = [],
): { of: LogSubject; streams: string[] } {
  const declared = host.logs.find((log) => [path, ...parts].some((each) => isBelow(each, log.path)));
  const usual = exceptions.some((glob) => matchesGlob(glob, path))
    ? undefined
    : places.find((place) => place.paths.some((glob) => matchesGlob(glob, path)));
  if (declared && declared.path !== path && noLog.test(path)) return { of: 'other', streams: [] };
  if (declared && (declared.of !== 'system' || !usual?.stream)) return { of: declared.of, streams: [path] };
  return usual ? { of: usual.of, streams: [usual.stream ?? path] } : { of: 'other', streams: [] };
}

/** What may lie below a folder: the class of the first usual place in it. */
export function classBelow(folderPath: string, host: DeclaredHost): { of: LogSubject; streams: string[] }[] {
  const above = folder(folderPath);
  const declared = host.logs.filter((log) => {
    const below = folder(fixedPart(log.path));
    return below.startsWith(above) || above.startsWith(below);
  });
  const usual = places.filter((place) => place.paths.some((glob) => glob.startsWith(above)));
  return [
    ...declared.map((log) => ({ of: log.of, streams: [log.path] })),
    ...usual.map((place) => ({ of: place.of, streams: place.stream ? [place.stream] : [folderPath] })),
  ];
}

/** The names below {@link usualRoots} whose dates are read, as patterns of a sh `case`; their rotated parts match too. */
export const readPatterns = places
  .flatMap((place) => place.paths)
  .map((path) => (path.endsWith('*') ? path : `${path}*`))
  .join('|');

export type DeclaredLog = DeclaredHost['logs'][number];

/** Declared logs that can be asked for, each path once: a control character in a path would break the listing. */
export function declaredLogs(host: DeclaredHost): DeclaredLog[] {
  const logs = host.logs.filter(({ path }) => !/\p{Cc}/u.test(path)).map((log) => ({ ...log, path: bare(log.path) }));
  return logs.filter((log, index) => logs.findIndex(({ path }) => path === log.path) === index);
}

/** The paths of {@link declaredLogs}. */
export function declaredPaths(host: DeclaredHost): string[] {
  return declaredLogs(host).map(({ path }) => path);
}

/** Whether a path is another, a rotated part of it, lies below it, or fits its pattern. */
export function isBelow(path: string, above: string): boolean {
  if (isPattern(above)) {
    const pattern = bare(above);
    return matchesGlob(`${pattern}*`, path) || matchesGlob(`${pattern}/`, path);
  }
  return path === storePathOf(bare(above)) || path === bare(above) || path.startsWith(folder(above));
}

/** Whether a declared path is a glob(7) pattern. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** The folders above what a pattern names, from the first that is one of several. */
export function patternFolders(pattern: string): string[] {
  const parts = pattern.split('/').slice(0, -1);
  const first = parts.findIndex(isPattern);
  const from = first < 0 ? parts.length : first + 1;
  return Array.from({ length: parts.length + 1 - from }, (_, index) => parts.slice(0, from + index).join('/'));
}

/** The folder below which all lies that a pattern can name; a plain path itself. */
export function fixedPart(path: string): string {
  return isPattern(path) ? path.slice(0, path.search(/[*?[]/)).replace(/[^/]*$/, '') : path;
}

/** A word of sh that its shell expands as this glob(7) pattern, and in nothing else. */
export function patternWord(pattern: string): string {
  return pattern.replace(/[^*?[\]]+/g, (text) => (/^[\w./!^-]+$/.test(text) ? text : quoted(text)));
}

/** A word of sh that stands for exactly this text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function folder(path: string): string {
  return path === '/' ? '/' : `${bare(path)}/`;
}

function bare(path: string): string {
  return path.replace(/\/+$/, '') || '/';
}
