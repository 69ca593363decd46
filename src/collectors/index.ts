import type { Kind } from '../evidence/kinds.ts';
import type { Collector } from './collector.ts';
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

/** Every collector, one line each. */
export const collectors: readonly Collector[] = [
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
];

/** The collector of a kind; undefined for a kind that only arises elsewhere. */
export function collectorOf(kind: Kind): Collector | undefined {
  return collectors.find((collector) => collector.kind === kind);
}
