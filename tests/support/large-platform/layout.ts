import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { endpointName } from '../../../src/evidence/subjects.ts';

/** The name in the certificate of every endpoint. */
export const serverName = 'platform.example';

/** How large a platform is; what is left out follows from the hosts. */
export type Size = {
  readonly hosts: number;
  readonly endpoints?: number;
  readonly stores?: number;
  /** Other members have each defect, as in another month; 0 unless given. */
  readonly shift?: number;
};

/** What is wrong with some hosts, endpoints and stores: every so many, from the given one on. Nothing is left to chance. */
const defects = {
  unreachable: [41, 23],
  'clock-silent': [13, 4],
  'clock-far': [17, 9],
  'no-scanner': [9, 3],
  'old-signatures': [11, 6],
  'updates-overdue': [6, 5],
  'updates-stale': [19, 7],
  'end-of-life': [29, 12],
  'no-monitor': [12, 8],
  'silent-monitor': [15, 13],
  'vendor-account': [10, 2],
  'remote-control': [23, 11],
  'old-password': [8, 6],
  'root-login': [7, 1],
  'no-filter': [9, 7],
  'forwards-authority': [31, 14],
  'records-lack-result': [14, 10],
  'records-unread': [16, 3],
  'short-logs': [5, 2],
  'log-gap': [12, 11],
  'logs-denied': [21, 5],
  'plain-disk': [4, 1],
  'old-backup': [5, 2],
  'no-backup': [11, 4],
  'clear-numbers': [6, 3],
  'month-missing': [4, 0],
  'records-short': [9, 5],
  'plain-wire': [7, 2],
  'open-rights': [5, 4],
  'old-tls': [6, 3],
  expired: [9, 5],
  'plain-port': [19, 8],
  'port-open': [8, 2],
  'not-filed': [13, 6],
} as const satisfies Record<string, readonly [every: number, first: number]>;

export type Defect = keyof typeof defects;

/** Something of the platform, counted from 0 among its like; its defects are those of the member `shift` further. */
export type Member = { readonly index: number; readonly name: string; readonly shift?: number | undefined };

/** Whether a member is one of those with the defect. */
export function has({ index, shift = 0 }: Member, defect: Defect): boolean {
  const [every, first] = defects[defect];
  return (index + shift) % every === first % every;
}

export type Host = Member & { readonly address: string; readonly connector: boolean; readonly store?: Store };
export type Store = Member;
export type Endpoint = Member & { readonly address: string; readonly port: number };

/** The members of a platform. Stores stand on the last hosts, one on each. */
export type Layout = {
  readonly hosts: readonly Host[];
  readonly stores: readonly Store[];
  readonly endpoints: readonly Endpoint[];
};

export function layoutOf(size: Size): Layout {
  const { hosts, endpoints = Math.ceil(hosts / 2), stores = Math.ceil(hosts / 5), shift } = size;
  const all = times(stores, (index): Store => ({ index, name: `ledger-${padded(index)}`, shift }));
  return {
    stores: all,
    hosts: times(hosts, (index) => ({ ...hostOf(index, all[index - (hosts - stores)]), shift })),
    endpoints: times(endpoints, (index) => ({ ...endpointOf(index), shift })),
  };
}

/** What the unit declares of it. */
export function declarationOf(layout: Layout, base: PlatformDeclaration): PlatformDeclaration {
  return {
    ...base,
    name: '示例供应链乐企联用平台（大型）',
    hosts: layout.hosts.map(({ name, address, connector }) => ({
      name,
      addresses: [address],
      ...(connector ? { connector: true as const } : {}),
    })),
    endpoints: layout.endpoints.map(({ address, port }) => ({
      address,
      port,
      protocol: 'https',
      environment: 'production',
      direction: 'inbound',
      serverName,
    })),
    stores: layout.stores.map(({ name }) => ({
      name,
      engine: 'postgresql',
      tables: [
        { name: 'transactions', holds: 'transactions' },
        { name: 'invoices', holds: 'invoices' },
      ],
      writers: [{ account: 'lq_app', party: 'unit', purpose: '业务写入' }],
    })),
    administrators: [
      { account: 'root', party: 'unit', keys: [] },
      { account: 'operator', party: 'unit', keys: [] },
    ],
  };
}

function hostOf(index: number, store: Store | undefined): Host {
  const address = `10.20.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
  const role = store ? 'db' : index < 2 ? 'connector' : 'app';
  return { index, name: `${role}-${padded(index)}`, address, connector: index < 2, ...(store ? { store } : {}) };
}

// Eight ports an address: a platform has fewer addresses than endpoints.
function endpointOf(index: number): Endpoint {
  const place = { address: `192.52.193.${18 + (Math.floor(index / 8) % 200)}`, port: 18_443 + (index % 8) };
  return { index, name: endpointName(place), ...place };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function padded(index: number): string {
  return String(index + 1).padStart(3, '0');
}
