import { globMatcher } from '../glob.ts';
import type { Stream } from './log-coverage.ts';
import type { LogPolicies, LogShipping } from './log-policies.ts';
import type { LogStore } from './log-stores.ts';

/** What sends a stream elsewhere; undefined if that could not be looked for. */
export function shippingOf(
  { stream, stores, unread }: Stream,
  policies: LogPolicies | undefined,
): LogShipping[] | undefined {
  const paths = [
    ...stores.flatMap(({ path, files }) => [path, ...files.map((file) => file.path)]),
    ...unread.map(({ path }) => path),
  ];
  const journal = stores.some(({ carrier }) => carrier === 'journal');
  return policies?.shipping?.filter(({ covers }) =>
    covers.some((pattern) => {
      if (pattern === stream || pattern === '/' || (journal && pattern === 'journal')) return true;
      const matches = globMatcher(pattern);
      return paths.some((path) => path === pattern || matches(path));
    }),
  );
}

/**
 * The logs on a receiver that are of another host and stream alone: below a folder that bears one of the host's names or addresses,
 * or in a file that does. What lies there under other names, or mixed with others', proves nothing of this host.
 */
export function receivedFrom(
  names: readonly string[],
  { stream, stores: own }: Stream,
  stores: readonly LogStore[],
): LogStore[] {
  // A host may be called `log` or `app`: what lies where each host keeps its own is the receiver's.
  const others = stores.filter(
    ({ path, streams }) =>
      !streams.some((each) => ownStreams.includes(each)) && !own.some((each) => each.path === path),
  );
  const found = others.flatMap((store) => {
    const parts = store.path.split('/');
    const last = parts.pop() ?? '';
    if (names.some((name) => last === name || bareName(last) === name)) return [{ store, rank: 1 }];
    if (!parts.some((part) => names.includes(part))) return [];
    const rank = rankOf(bareName(last), stream, own);
    return rank === undefined ? [] : [{ store, rank }];
  });
  const best = Math.min(...found.map(({ rank }) => rank));
  return found.filter(({ rank }) => rank === best).map(({ store }) => store);
}

const ownStreams: readonly string[] = ['general', 'auth', 'audit'];

// A receiver names its files as syslog's own are named, or all in one.
function rankOf(name: string, stream: string, own: readonly LogStore[]): number | undefined {
  const special =
    stream === 'auth' ? /^(auth|authpriv|secure)$/i : stream === 'general' ? /^(syslog|messages|system)$/i : undefined;
  if (special) return special.test(name) ? 0 : /^(all|combined|everything)$/i.test(name) ? 1 : undefined;
  return own.some(({ path }) => bareName(path.split('/').at(-1) ?? '') === name) ? 0 : undefined;
}

function bareName(name: string): string {
  return name.replace(/\.(log|txt|json|out)$/, '');
}
