import type { StoreEncryption } from '../../evidence/database/store-encryption.ts';
import { pathFrom } from '../../platform.ts';
import { type AskedStore, type FileStore, tableName } from '../../platform-stores.ts';
import { defineCollector, type Tools, Unavailable } from '../collector.ts';
import type { Session } from '../transports/database.ts';
import { readSqliteHeader } from '../transports/sqlite-header.ts';
import { encryptionOfMysql } from './encryption/mysql.ts';
import { encryptionOfPostgresql } from './encryption/postgresql.ts';
import { asServer, withStore } from './store.ts';
import { viewsOf } from './views.ts';

/** How a data store is encrypted by its own engine, as its settings and catalogues tell. */
export const storeEncryption = defineCollector({
  id: 'database/store-encryption',
  kind: 'storeEncryption',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, tools) {
    const store = tools.platform.stores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    if (store.engine === 'sqlite') return { value: await ofFile(store, tools), method: 'the header of the file' };
    if (store.engine === 'mongodb') return (await import('./mongodb/encryption.ts')).mongoEncryption(store, tools);
    const server = asServer(store, 'storeEncryption');
    const value = await withStore(server, tools, (session) => readEncryption(session, server, tools));
    return { value, method: `${server.engine}: settings and catalogue views` };
  },
});

/** Reads what a session’s server tells of its own encryption; what it refuses is named in the result. */
export async function readEncryption(
  session: Session,
  store: AskedStore,
  tools: Pick<Tools, 'signal'>,
): Promise<StoreEncryption> {
  const views = viewsOf(session, tools);
  const read = store.engine === 'postgresql' ? encryptionOfPostgresql : encryptionOfMysql;
  const found = await read(session, store, views);
  return { engine: store.engine, version: session.version, ...found, unread: views.unread };
}

async function ofFile(store: FileStore, { platform }: Pick<Tools, 'platform'>): Promise<StoreEncryption> {
  const header = await readSqliteHeader(pathFrom(platform, store.path));
  const state = header === 'plain' ? 'plain' : 'unknown';
  return {
    engine: 'sqlite',
    version: '',
    rest: {
      tables: store.tables.map((table) => ({ name: tableName(table), state, by: header })),
      // Its journals hold pages as the file does.
      parts: [{ part: 'redo', state }],
      keys: [],
      settings: {},
    },
    unread: [],
  };
}
