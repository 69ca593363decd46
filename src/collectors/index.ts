import type { Kind } from '../evidence/kinds.ts';
import type { Collector } from './collector.ts';
import { records } from './database/records.ts';
import { documents } from './filed/documents.ts';
import { facts } from './filed/facts.ts';
import { ledgers } from './filed/ledgers.ts';
import { platform } from './filed/platform.ts';
import { statements } from './filed/statements.ts';
import { administration } from './host/administration.ts';
import { clock } from './host/clock.ts';
import { forwards } from './host/forwards.ts';
import { hosting } from './host/hosting.ts';
import { logPolicies } from './host/log-policies.ts';
import { logStores } from './host/log-stores.ts';
import { addresses } from './network/addresses.ts';
import { openPorts } from './network/open-ports.ts';
import { tls } from './network/tls.ts';

/** Every collector, one line each. */
export const collectors: readonly Collector[] = [
  addresses,
  administration,
  clock,
  documents,
  facts,
  forwards,
  hosting,
  ledgers,
  logPolicies,
  logStores,
  openPorts,
  platform,
  records,
  statements,
  tls,
];

/** The collector of a kind; undefined for a kind that only arises elsewhere. */
export function collectorOf(kind: Kind): Collector | undefined {
  return collectors.find((collector) => collector.kind === kind);
}
