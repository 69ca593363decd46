import { quotedGlob } from './ssh-patterns.ts';

/** What a client configuration says of one host, as far as it is followed here. */
export type SshSettings = {
  readonly hostName?: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  /** `none`, or hosts separated by commas. */
  readonly proxyJump?: string;
  /** Keywords that would lead to it by another way than is taken here, lower case: `proxycommand`, `match`, `include`. */
  readonly unfollowed: readonly string[];
};

// What changes the way to a host and is not followed: silence about it would look as if the host were down.
const ways: readonly string[] = ['proxycommand', 'match', 'include', 'hostkeyalias', 'certificatefile'];

/**
 * The settings of a client configuration for one host, by the name that the platform file gives it: ssh_config(5). The first value
 * counts; `Host` patterns with `*`, `?` and `!`; only HostName, User, Port, IdentityFile and ProxyJump are followed.
 */
export function settingsFor(configuration: string, host: string): SshSettings {
  const values = new Map<string, string>();
  const identityFiles: string[] = [];
  const unfollowed = new Set<string>();
  let applies = true;
  for (const line of configuration.split('\n')) {
    const [key, words] = keywordIn(line);
    if (key === 'host') applies = isFor(words, host);
    // Whether its condition holds is not known: what stands below it is left out.
    else if (key === 'match') applies = false;
    const value = words.join(' ');
    // Of ProxyJump and ProxyCommand the first that is given counts; `none` is the direct way.
    const isPassed = key === 'proxyjump' && unfollowed.has('proxycommand');
    const isMoot = key === 'proxycommand' && (values.has('proxyjump') || /^none$/i.test(value));
    if (ways.includes(key) && !isMoot && (applies || key === 'match')) unfollowed.add(key);
    if (!applies || value === '' || isPassed) continue;
    if (key === 'identityfile') identityFiles.push(value);
    else if (!values.has(key)) values.set(key, value);
  }
  const port = Number(values.get('port'));
  const hostName = values.get('hostname')?.replaceAll('%h', host);
  const user = values.get('user');
  const proxyJump = values.get('proxyjump');
  return {
    ...(hostName ? { hostName } : {}),
    ...(user ? { user } : {}),
    ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
    identityFiles,
    ...(proxyJump ? { proxyJump } : {}),
    unfollowed: [...unfollowed].toSorted(),
  };
}

// `Keyword value`, `Keyword=value`, values in double quotes.
function keywordIn(line: string): [string, string[]] {
  const [, key = '', rest = ''] = line.match(/^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/) ?? [];
  const words = [...rest.matchAll(/"([^"]*)"|([^\s"]+)/g)].map(([, inQuotes, plain]) => inQuotes ?? plain ?? '');
  return [key.toLowerCase(), words];
}

function isFor(patterns: readonly string[], host: string): boolean {
  const matches = (pattern: string): boolean => quotedGlob(pattern.replace(/^!/, '')).test(host);
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}
