import type { Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part } from './configurations.ts';
import { placeOf } from './places.ts';

type Reading = { section: 'listeners' | 'clusters' | undefined; host: string | undefined };

/**
 * Reads the words that are left of an Envoy bootstrap file (YAML or JSON, a line each): addresses below `listeners` and below
 * `clusters`. Every listener may use every cluster; what comes from a control plane is unresolved.
 */
export function readEnvoy({ statements, running }: Configuration): Part {
  const found: Record<'listeners' | 'clusters', Place[]> = { listeners: [], clusters: [] };
  const reading: Reading = { section: undefined, host: undefined };
  const open = { proxy: false, dynamic: [] as string[] };
  const odd: string[] = [];
  for (const { words, where } of statements) {
    for (const [index, word] of words.entries()) {
      const next = words[index + 1];
      if (word === 'listeners' || word === 'clusters') reading.section = word;
      else if (/^(admin|node|layered_runtime)$/.test(word)) reading.section = undefined;
      else if (/original_dst|dynamic_forward_proxy/.test(word)) open.proxy = true;
      else if (/^(dynamic_resources|api_config_source|[a-z]*ds_config)$/.test(word)) open.dynamic.push(word);
      // The key also stands above `socket_address`, without a value of its own.
      else if (word === 'address') reading.host = next || undefined;
      else if (word === 'path' && next?.startsWith('/')) add(found, reading, placeOf(next));
      else if (word === 'port_value' && reading.section) {
        const host = reading.host ?? '';
        const place = placeOf(`${host.includes(':') ? `[${host}]` : host}:${next ?? ''}`);
        if (host === '' || place?.port === undefined) odd.push(where);
        else add(found, reading, place);
        reading.host = undefined;
      }
    }
  }
  const where = statements[0]?.where ?? 'envoy';
  if (statements.length === 0) odd.push(where);
  const unread = odd.map((part) => ({ part, why: 'unclear' as const }));
  const common = { by: 'envoy', where, running, listens: found.listeners };
  const dynamic = [...new Set(open.dynamic)];
  const relays = found.clusters.length > 0 || dynamic.length > 0;
  const relay = { ...common, kind: 'relay' as const, to: found.clusters, unresolved: dynamic };
  const proxy = { ...common, kind: 'proxy' as const, to: [], unresolved: [] };
  return { forwards: [...(relays ? [relay] : []), ...(open.proxy ? [proxy] : [])], unread };
}

function add(found: Record<'listeners' | 'clusters', Place[]>, { section }: Reading, place: Place | undefined): void {
  if (section && place) found[section].push(place);
}
