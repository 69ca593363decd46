import type { Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';

/**
 * Reads a reduced Squid configuration: a proxy on each port, the peers it passes on to, and destinations that a rule lets
 * through by name. In `accel` mode it leads to its peers only.
 */
export function readSquid({ statements, running }: Configuration): Part {
  const named = (...names: string[]) => statements.filter(({ words }) => names.includes(words[0]?.toLowerCase() ?? ''));
  const peers = named('cache_peer').flatMap(({ words }) => placeOf(words[1] ?? '', words[3]) ?? []);
  const to = [...peers, ...allowed(named('acl'), named('http_access'))];
  const ports = named('http_port', 'https_port', 'ftp_port');
  const forwards = ports.flatMap(({ words, where }) => {
    const place = listenerOf(words[1] ?? '');
    const kind = words.some((word) => /^(accel|vhost|defaultsite=.*)$/.test(word))
      ? ('relay' as const)
      : ('proxy' as const);
    const unresolved = kind === 'relay' && peers.length === 0 ? ['cache_peer'] : [];
    return [{ by: 'squid', where, running, kind, listens: place ? [place] : [], to, unresolved }];
  });
  return { forwards, unread: [] };
}

type Lines = readonly { readonly words: readonly string[] }[];

// `acl tax dstdomain .example` and `http_access allow tax`: whoever wrote it meant that destination.
function allowed(lists: Lines, rules: Lines): Place[] {
  const named = new Set(rules.flatMap(({ words }) => (words[1]?.toLowerCase() === 'allow' ? words.slice(2) : [])));
  return lists.flatMap(({ words: [, name = '', type = '', ...values] }) =>
    named.has(name) && /^dst(domain)?$/.test(type)
      ? values.flatMap((value) => (value.startsWith('-') ? [] : (placeOf(value.replace(/^\./, '')) ?? [])))
      : [],
  );
}
