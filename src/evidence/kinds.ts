import type { z } from 'zod';
import type { Text } from '../text.ts';
import { buckets } from './database/buckets.ts';
import { clearText } from './database/clear-text.ts';
import { invoices } from './database/invoices.ts';
import { records } from './database/records.ts';
import { storeEncryption } from './database/store-encryption.ts';
import { storeRights } from './database/store-rights.ts';
import { documents } from './filed/documents.ts';
import { facts } from './filed/facts.ts';
import { ledgers } from './filed/ledgers.ts';
import { platform } from './filed/platform.ts';
import { statements } from './filed/statements.ts';
import { accounts } from './host/accounts.ts';
import { administration } from './host/administration.ts';
import { auditRecords } from './host/audit-records.ts';
import { authorityWay } from './host/authority-way.ts';
import { backups } from './host/backups.ts';
import { clock } from './host/clock.ts';
import { firewall } from './host/firewall.ts';
import { forwards } from './host/forwards.ts';
import { hosting } from './host/hosting.ts';
import { interfaces } from './host/interfaces.ts';
import { intrusionMonitoring } from './host/intrusion-monitoring.ts';
import { listeners } from './host/listeners.ts';
import { logPolicies } from './host/log-policies.ts';
import { logStores } from './host/log-stores.ts';
import { malwareScanning } from './host/malware-scanning.ts';
import { patchState } from './host/patch-state.ts';
import { remoteLogin } from './host/remote-login.ts';
import { volumes } from './host/volumes.ts';
import { addresses } from './network/addresses.ts';
import { centralLogs } from './network/central-logs.ts';
import { openPorts } from './network/open-ports.ts';
import { tls } from './network/tls.ts';

/** Where evidence comes from; the first three are measured, `filed` is handed over by the unit. */
export const origins = ['host', 'network', 'database', 'filed'] as const;

export type Origin = (typeof origins)[number];

/** What one observation of a kind is about; with the declaration it says which observations must exist. */
export type Per =
  | 'platform'
  | 'host'
  | 'address'
  | 'endpoint-address'
  | 'endpoint'
  | 'store'
  | 'invoice-store'
  | 'log-store'
  | 'object-store'
  | 'document'
  | 'fact'
  | 'ledger'
  | 'statement';

/** One kind of evidence. */
export type KindSpec = {
  readonly origin: Origin;
  readonly per: Per;
  readonly title: Text;
  /** The shape of an observed value; strict, so that an unknown key in a bundle is noticed. */
  readonly value: z.ZodType;
};

/** Every kind of evidence, one line each. */
export const kinds = {
  accounts,
  addresses,
  administration,
  auditRecords,
  authorityWay,
  backups,
  buckets,
  centralLogs,
  clearText,
  clock,
  documents,
  facts,
  firewall,
  forwards,
  hosting,
  interfaces,
  intrusionMonitoring,
  invoices,
  ledgers,
  listeners,
  logPolicies,
  logStores,
  malwareScanning,
  openPorts,
  patchState,
  platform,
  records,
  remoteLogin,
  statements,
  storeEncryption,
  storeRights,
  tls,
  volumes,
} as const satisfies Record<string, KindSpec>;

export type Kind = keyof typeof kinds;

/** The type of a kind's observed value. */
export type Value<K extends Kind> = z.output<(typeof kinds)[K]['value']>;

/** All kind names, sorted. */
export const kindNames = (Object.keys(kinds) as Kind[]).toSorted();

/** Whether a name from outside is a kind. */
export function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name);
}
