import { z } from 'zod';
import type { StoreRights } from '../../evidence/database/store-rights.ts';
import type { AskedStore } from '../../platform-stores.ts';
import { defineCollector, type Tools } from '../collector.ts';
import type { Session } from '../transports/database.ts';
import { ownRights } from './own-rights.ts';
import { rightsInMysql } from './rights/mysql.ts';
import { rightsInPostgresql } from './rights/postgresql.ts';
import { serverStore, withStore } from './store.ts';
import { viewsOf } from './views.ts';

/** Who can change or delete rows of a store’s declared tables, as the server’s catalogue says. */
export const storeRights = defineCollector({
  id: 'database/store-rights',
  kind: 'storeRights',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, tools) {
    const mongo = tools.platform.stores.find((each) => each.name === subject);
    if (mongo?.engine === 'mongodb') return (await import('./mongodb/rights.ts')).mongoRights(mongo, tools);
    const store = serverStore(tools.platform, subject, 'storeRights');
    const value = await withStore(store, tools, (session) => readRights(session, store, tools));
    return { value, method: `${store.engine}: roles, grants, owners` };
  },
});

/** Reads from a session’s server who can change the declared tables; what it refuses is named in the result. */
export async function readRights(
  session: Session,
  store: AskedStore,
  tools: Pick<Tools, 'signal'>,
): Promise<StoreRights> {
  const views = viewsOf(session, tools);
  const read = store.engine === 'postgresql' ? rightsInPostgresql : rightsInMysql;
  const [me] = await session.query(
    z.object({ account: z.string() }),
    store.engine === 'postgresql' ? 'SELECT current_user::text AS account' : 'SELECT current_user() AS account',
  );
  const own = { account: me?.account ?? '', writes: [...(await ownRights(session))] };
  const found = await read(session, store, views);
  return { engine: store.engine, version: session.version, own, ...found, unread: views.unread };
}
