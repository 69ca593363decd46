import { globMatcher } from '../../evidence/glob.ts';
import type { LogLimit, LogPolicies, LogRule, LogShipping } from '../../evidence/host/log-policies.ts';
import type { LogProblem, LogStores } from '../../evidence/host/log-stores.ts';
import type { DeclaredHost } from '../../platform.ts';
import type { CommandResult } from '../collector.ts';
import { bytesIn } from './config-files.ts';
import { type ListedContainer, type Listing, readContainers } from './log-listing.ts';
import { clean, linesOf, ranToEnd } from './output.ts';

const pod = /^\/var\/log\/pods\/([^/_]+)_[^/]+\/([^/]+)\/[^/]+$/;

/** For a file below /var/log/pods, the store of all pods of its namespace and container: pods come and go. */
export function podStore(path: string, host: DeclaredHost): string | undefined {
  const [, space, name] = path.match(pod) ?? [];
  if (space === undefined || name === undefined || !isDeclared(name, host)) return undefined;
  return `/var/log/pods/${space}_*/${name}/*.log`;
}

/** The container whose log a path is. */
export function containerOf(path: string, containers: readonly ListedContainer[]): ListedContainer | undefined {
  return containers.find((each) => each.path === path);
}

/** Declared containers whose log lies in no file here, that were not found, or could not be asked for. */
export function unreadContainers(
  listing: Listing,
  podStores: readonly string[],
  host: DeclaredHost,
): LogStores['unread'] {
  const { containers, runtimes } = listing;
  const entry = (path: string, problem: LogProblem) => ({ path, of: 'application' as const, streams: [path], problem });
  const elsewhere = containers
    .filter(({ path }) => path === undefined)
    .map(({ name, driver }) => entry(`${name} (${driver})`, driver === 'none' ? 'not-kept' : 'elsewhere'));
  const missing = (host.containers ?? []).filter(({ name }) => {
    const fits = globMatcher(name);
    return ![...containers.map((each) => each.name), ...podStores.map((path) => path.split('/').at(-2) ?? '')].some(
      fits,
    );
  });
  const why = runtimes.silent.length > 0 ? 'denied' : runtimes.asked.length > 0 ? 'not-found' : 'not-installed';
  return [...elsewhere, ...missing.map(({ name }) => entry(name, why === 'not-installed' ? 'not-found' : why))];
}

/** What keeps and deletes the logs of containers, and where those go that are sent elsewhere. */
export function containerRules(
  result: CommandResult,
): Pick<LogPolicies, 'rules' | 'unread'> & { shipping: LogShipping[] } {
  const text = result.stdout;
  const { containers } = readContainers(text);
  const broken = !ranToEnd(result, 'done') || readContainers(text).runtimes.silent.length > 0;
  const closed = linesOf(text, '!! ').map((path) => ({ path, why: 'permission denied' }));
  return {
    rules: [...containers.flatMap(ruleOf), ...kubeletRule(text, !broken && closed.length === 0)],
    shipping: containers.flatMap(shippingOf),
    unread: [...closed, ...(broken ? [{ path: 'containers', why: 'no answer' }] : [])],
  };
}

/**
 * json-file keeps all unless `max-size` is set, then one file, which is emptied, unless `max-file` is; `local` keeps five of 20 MB. Podman cuts a
 * k8s-file at its size. docs.docker.com: Logging drivers; podman-run(1).
 */
function ruleOf({ name, driver, path, options }: ListedContainer): LogRule[] {
  if (path === undefined) return [];
  const local = driver === 'local';
  const size = options.get('max-size') ?? (local ? '20m' : '-1');
  const files = Number(options.get('max-file') ?? (local ? 5 : 1));
  const unlimited = /^(-1|0B?)$/i.test(size);
  const bytes = bytesIn(size);
  const limit: LogLimit =
    bytes === undefined || !(files >= 1) ? { unknown: `max-size=${clean(size)}` } : { bytes, files: files - 1 };
  const words = unlimited ? `${driver}, no max-size` : `${driver}, max-size=${clean(size)}, max-file=${files}`;
  return [
    {
      by: 'container',
      where: name,
      text: `${words}; removed with the container`,
      covers: [path],
      names: [],
      limits: unlimited ? [] : [limit],
    },
  ];
}

// KubeletConfiguration: containerLogMaxSize (10Mi) and containerLogMaxFiles (5, the live one among them); a flag goes before the file.
function kubeletRule(text: string, whole: boolean): LogRule[] {
  if (!/^kubelet$/m.test(text)) return [];
  const value = (key: string, flag: string): string | undefined =>
    text.match(new RegExp(`^flag --${flag}=["']?([\\w.]{1,20})`, 'm'))?.[1] ??
    text.match(new RegExp(`^ +"?${key}"?: *["']?([\\w.]{1,20})`, 'm'))?.[1];
  const flags = new Set([...text.matchAll(/^flag --container-log-max-(size|files)=/gm)].map(([, flag]) => flag));
  // Its settings may stand in another file than the usual one, and in a folder besides.
  const named = [...text.matchAll(/^flag --config(-dir)?=(.*)$/gm)];
  const shown = linesOf(text, 'config ');
  const isUsual = named.every(([, folder, path = '']) => folder === undefined && shown.includes(path));
  const seen = whole && (flags.size === 2 || (shown.length > 0 && isUsual));
  const [size = '10Mi', files = '5'] = [
    value('containerLogMaxSize', 'container-log-max-size'),
    value('containerLogMaxFiles', 'container-log-max-files'),
  ];
  const bytes = bytesIn(size.replace(/i$/, ''));
  const words = `containerLogMaxSize=${size}, containerLogMaxFiles=${files}`;
  const known = seen && bytes !== undefined && Number(files) >= 2;
  return [
    {
      by: 'container',
      where: 'kubelet',
      text: `${words}; removed with the pod`,
      covers: ['/var/log/pods/'],
      names: [],
      limits: [known ? { bytes, files: Number(files) - 1 } : { unknown: words }],
    },
  ];
}

function shippingOf({ name, driver, path, options }: ListedContainer): LogShipping[] {
  if (path !== undefined || ['none', 'journald'].includes(driver)) return [];
  const targets = [...options]
    .filter(([key]) => /address|url/.test(key))
    .flatMap(([, value]) => value.match(/^(?:[\w+.-]+:\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/)?.[1] ?? []);
  return [{ by: 'docker', where: name, targets, covers: [`${name} (${driver})`] }];
}

function isDeclared(name: string, host: DeclaredHost): boolean {
  return (host.containers ?? []).some((each) => globMatcher(each.name)(name));
}
