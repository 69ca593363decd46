import { assess } from '../../../src/assessment/assess.ts';
import type { Assessment } from '../../../src/assessment/assessment.ts';
import { loadProfile } from '../../../src/assessment/profile.ts';
import { evidenceInMemory } from '../../../src/bundle/in-memory.ts';
import type { Value } from '../../../src/evidence/kinds.ts';
import { type Draft, type EvidenceSet, originOf } from '../../../src/evidence/observation.ts';
import { type Base, readBase } from './base.ts';
import { logViews } from './host-logs.ts';
import { hostViews } from './hosts.ts';
import { declarationOf, has, type Layout, layoutOf, type Size, serverName } from './layout.ts';
import { addressViews, endpointViews } from './network.ts';
import { storeViews } from './stores.ts';
import { draftsOf } from './views.ts';

/** A platform of many hosts as it would be collected and judged. */
export type LargePlatform = { readonly evidence: EvidenceSet; readonly assessment: Assessment };

/**
 * Makes a platform of any size out of a small one that was collected once: papers and registers stay, hosts, endpoints and stores
 * are many, some of each with each defect, chosen by number. The same size gives the same bytes. Some 35 findings a host.
 */
export async function largePlatform(size: Size): Promise<LargePlatform> {
  const evidence = largeEvidence(size);
  const profile = await loadProfile('qingdao-joint-use');
  return { evidence, assessment: assess(evidence, profile, { asOf, occasion: 'renewal', version: '0.1.0' }) };
}

/** The day after the small platform was collected, in its own time zone the same day. */
export const asOf = '2026-11-23';

/** The evidence of a platform of that size. */
export function largeEvidence(size: Size): EvidenceSet {
  const base = readBase();
  const layout = layoutOf(size);
  const evidence = evidenceInMemory([...filed(base, layout), ...measured(base, layout)]);
  return { ...evidence, manifest: { ...evidence.manifest, contacts: contactsOf(layout) } };
}

function filed(base: Base, layout: Layout): Draft[] {
  const declaration = declarationOf(layout, base.value('platform'));
  const papers = base.drafts.filter(({ kind }) => originOf(kind) === 'filed' && kind !== 'platform');
  return [
    base.draft('platform', declaration.name, declaration),
    ...papers.map((draft) =>
      draft.kind === 'documents' && draft.observed ? { ...draft, observed: filing(draft.observed, layout) } : draft,
    ),
  ];
}

// The papers of the network name every address and nearly every port.
function filing(paper: Value<'documents'>, { endpoints }: Layout): Value<'documents'> {
  const { states } = paper;
  if (!states || states.addresses.length === 0) return paper;
  const environment = 'production' as const;
  const addresses = [...new Set(endpoints.map(({ address }) => address))].map((address) => ({ address, environment }));
  const named = endpoints.filter((endpoint) => !has(endpoint, 'not-filed')).map(({ port }) => port);
  const ports = [...new Set(named)].map((port) => ({ direction: 'inbound' as const, port, protocol: 'https' }));
  return { ...paper, states: { ...states, addresses, ...(states.ports.length > 0 ? { ports } : {}) } };
}

function measured(base: Base, { hosts, stores, endpoints }: Layout): Draft[] {
  const unreachable = { reason: 'unreachable', detail: 'connect ETIMEDOUT' } as const;
  const byAddress = [...Map.groupBy(endpoints, ({ address }) => address)];
  const addresses = byAddress.map(([name, on], index) => ({ index, name, endpoints: on }));
  return [
    ...hosts.flatMap((host) =>
      draftsOf(base, { ...hostViews, ...logViews }, host, has(host, 'unreachable') ? unreachable : undefined),
    ),
    ...stores.flatMap((store) => draftsOf(base, storeViews, store)),
    ...endpoints.flatMap((endpoint) => draftsOf(base, endpointViews, endpoint)),
    ...addresses.flatMap((address) => draftsOf(base, addressViews, address)),
    base.draft('addresses', serverName, answered(addresses.map(({ name }) => name))),
  ];
}

function answered(addresses: readonly string[]): Value<'addresses'> {
  const a = { addresses: addresses.slice(0, 64).map((address) => ({ address, ttl: 600 })) };
  const aaaa = { none: 'no-records' as const };
  return { written: 'name', views: [{ resolver: '192.52.193.5', aliases: [], a, aaaa }] };
}

function contactsOf({ hosts, endpoints, stores }: Layout): EvidenceSet['manifest']['contacts'] {
  return [
    ...hosts.map(({ address }) => ({ address, port: 22, by: 'ssh', times: 1 })),
    ...stores.map(({ index }) => ({ address: `10.20.1.${1 + (index % 250)}`, port: 5432, by: 'database', times: 2 })),
    ...endpoints.map(({ address, port }) => ({ address, port, by: 'tls', times: 92 })),
  ];
}
