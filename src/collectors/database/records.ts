import { isCarried } from '../../platform-stores.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { serverRecords } from './records/server.ts';
import { sqliteRecords } from './records/sqlite.ts';
import { asServer, awaited } from './store.ts';

/** How far back the records of a data store go, month by month, and what in the store deletes them. */
export const records = defineCollector({
  id: 'database/records',
  kind: 'records',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, tools) {
    const store = tools.platform.stores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    if (isCarried(store)) throw awaited();
    // What reads its documents is loaded only where a store needs it.
    if (store.engine === 'mongodb') return (await import('./mongodb/records.ts')).mongoRecords(store, tools);
    return store.engine === 'sqlite' ? sqliteRecords(store, tools) : serverRecords(asServer(store, 'records'), tools);
  },
});
