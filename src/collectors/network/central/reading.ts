import type { PlainDate } from '../../../evidence/dates.ts';
import type { CentralLogs } from '../../../evidence/network/central-logs.ts';
import type { DeclaredHost } from '../../../platform.ts';
import type { DeclaredLogStore } from '../../../platform-log-stores.ts';
import type { Client } from './client.ts';

/** The days that are asked about. */
export type Window = {
  /** Earlier days are not asked about. */
  readonly from: PlainDate;
  readonly today: PlainDate;
  readonly timeZone: string;
};

/** A store to be read, with the declared hosts whose logs are in it. */
export type Reading = {
  readonly store: DeclaredLogStore;
  readonly client: Client;
  readonly window: Window;
  readonly hosts: readonly Pick<DeclaredHost, 'name' | 'address'>[];
  readonly now: Date;
};

/** What a store shows, apart from where it is and what was asked of it. */
export type Shown = Pick<
  CentralLogs,
  'version' | 'all' | 'hosts' | 'parts' | 'aliases' | 'rules' | 'unruled' | 'unread' | 'unseen'
>;

/** The declared indices as they stand in a path. */
export function patternOf({ indices = [] }: DeclaredLogStore): string {
  return indices.map(encodeURIComponent).join(',');
}
