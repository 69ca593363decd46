import { addDays, addMonths, dateIn, type PlainDate } from '../../evidence/dates.ts';
import type { CentralLogs } from '../../evidence/network/central-logs.ts';
import { expectedSubjects } from '../../evidence/subjects.ts';
import type { Platform } from '../../platform.ts';
import { declarationOf } from '../../platform-declaration.ts';
import { type DeclaredLogStore, selectionOf } from '../../platform-log-stores.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { clientOf } from './central/client.ts';
import { readElastic } from './central/elastic.ts';
import { readLoki } from './central/loki.ts';
import type { Window } from './central/reading.ts';

/** Seconds of one request. */
const seconds = 30;

/** Months that are looked back at most; counting in Loki reads the logs themselves. */
const mostMonths: Readonly<Record<CentralLogs['kind'], number>> = { elasticsearch: 60, opensearch: 60, loki: 13 };

/** How far back the logs in each central store reach, day by day, and what deletes them there. Reads by GET only. */
export const centralLogs = defineCollector({
  id: 'network/central-logs',
  kind: 'centralLogs',
  subjects: (platform) => expectedSubjects('log-store', declarationOf(platform)),
  async collect(subject, { platform, gate, signal, now, secrets }) {
    const store = platform.logStores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    const client = await clientOf(store, { platform, gate, signal, secrets, seconds });
    const window = windowOf(store, platform, now());
    const hosts = platform.hosts.filter(({ name }) => store.hosts.includes(name));
    const reading = { store, client, window, hosts, now: now() };
    const shown = await (store.kind === 'loki' ? readLoki(reading) : readElastic(reading));
    const { kind, of } = store;
    const { host, address, channel } = client;
    const selection = selectionOf(store);
    return {
      value: { kind, of, selection, host, address, channel, today: window.today, lookedFrom: window.from, ...shown },
      method: `GET ${[...new Set(client.asked())].join(', ')}`.slice(0, 2000),
    };
  },
});

// From a month before the platform began: what is older is no log of it.
function windowOf(store: DeclaredLogStore, { platform: { since }, timeZone }: Platform, now: Date): Window {
  const today = dateIn(now, timeZone);
  const start = addDays(since, -31);
  const earliest: PlainDate = addMonths(today, -mostMonths[store.kind]);
  return { from: start > earliest ? start : earliest, today, timeZone };
}
