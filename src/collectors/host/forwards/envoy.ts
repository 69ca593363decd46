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
  for (const { words } of statements) {
    for (const [index, word] of words.entries()) {
      const next = words[index + 1];
      if (word === 'listeners' || word === 'clusters') reading.section = word;
      else if (/^(admin|node|layered_runtime)$/.test(word)) reading.section = undefined;
      else if (/original_dst|dynamic_forward_proxy/.test(word)) open.proxy = true;
      else if (/^(dynamic_resources|api_config_source|[a-z]*ds_config)$/.test(word)) open.dynamic.push(word);
      else if (word === 'address' && next !== undefined) reading.host = next;
      else if (word === 'path' && next?.startsWith('/')) add(found, reading, placeOf(next));
      else if (word === 'port_value' && next !== undefined && reading.host !== undefined)
        add(found, reading, placeOf(`${reading.host.includes(':') ? `[${reading.host}]` : reading.host}:${next}`));
    }
  }
  const where = statements[0]?.where ?? 'envoy';
  if (found.clusters.length === 0 && !open.proxy && open.dynamic.length === 0) {
    return { forwards: [], unread: statements.length === 0 ? [{ part: where, why: 'unclear' }] : [] };
  }
  const common = { by: 'envoy', where, running, listens: found.listeners };
  const relay = { ...common, kind: 'relay' as const, to: found.clusters, unresolved: [...new Set(open.dynamic)] };
  return { forwards: open.proxy ? [relay, { ...common, kind: 'proxy', to: [], unresolved: [] }] : [relay], unread: [] };
}

function add(found: Record<'listeners' | 'clusters', Place[]>, { section }: Reading, place: Place | undefined): void {
  if (section && place) found[section].push(place);
}
