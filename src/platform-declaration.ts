import type { PlatformDeclaration } from './evidence/filed/platform.ts';
import { isLoopback } from './evidence/host/inbound.ts';
import { isLocalhost } from './evidence/subjects.ts';
import type { Platform } from './platform.ts';
import { logStoreOf } from './platform-log-stores.ts';
import { objectStoreOf } from './platform-object-stores.ts';
import { type ReachedStore, tableName } from './platform-stores.ts';

/** What the unit declares, as evidence carries it: no path, no key file, no identity number. */
export function declarationOf(platform: Platform): PlatformDeclaration {
  return {
    ...platform.platform,
    timeZone: platform.timeZone,
    unit: platform.unit,
    hosts: platform.hosts.map(({ name: host, address: at, since, connector }) => ({
      name: host,
      addresses: [at],
      ...(since ? { since } : {}),
      ...(connector ? { connector: true as const } : {}),
    })),
    endpoints: platform.endpoints.map(({ authority: _, ...endpoint }) => endpoint),
    stores: platform.stores.map((store) => ({
      name: store.name,
      engine: store.engine,
      ...('address' in store ? { server: serverOf(store, platform) } : {}),
      tables: store.tables.map((table) => ({ name: tableName(table), holds: table.holds })),
      ...(store.encryptedFields ? { encryptedFields: true as const } : {}),
      ...('writers' in store && store.writers ? { writers: store.writers } : {}),
    })),
    ...(platform.logStores.length > 0 ? { logStores: platform.logStores.map(logStoreOf) } : {}),
    ...(platform.objectStores.length > 0 ? { objectStores: platform.objectStores.map(objectStoreOf) } : {}),
    administrators: platform.administrators,
    agents: platform.agents,
    ...(platform.taxAuthority.length > 0 ? { taxAuthority: platform.taxAuthority } : {}),
    ...(platform.tightened ? { tightened: platform.tightened } : {}),
  };
}

function serverOf({ address: at, through }: ReachedStore, { hosts }: Platform): { address: string; from?: string } {
  if (!isLocalhost(at) && !isLoopback(at)) return { address: at };
  const [own, ...others] = hosts.filter(({ transport }) => transport === 'local');
  const from = through ?? (others.length === 0 ? own?.name : undefined);
  return { address: at, ...(from === undefined ? {} : { from }) };
}
