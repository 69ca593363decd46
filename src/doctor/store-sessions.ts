import { unseenColumns } from '../collectors/database/declared-columns.ts';
import { ownRights } from '../collectors/database/own-rights.ts';
import { readEncryption } from '../collectors/database/store-encryption.ts';
import { readRights } from '../collectors/database/store-rights.ts';
import { type Session, type SessionTools, withSession } from '../collectors/transports/database.ts';
import type { UnreadView } from '../evidence/database/unread-views.ts';
import type { MongoStore, ReachedStore } from '../platform-stores.ts';

/** A server that let us in, whatever it speaks. */
export type Opened = Pick<Session, 'version' | 'tls'> & {
  /** What the account could change. */
  writes(): Promise<readonly string[]>;
  /** What of the declared tables the account does not see. */
  unseen(): Promise<string[]>;
  /** What of the server's own catalogue and settings is denied. */
  unread(kind: 'storeEncryption' | 'storeRights'): Promise<readonly UnreadView[]>;
};

/** Opens a session with a store's server as a scan does, whatever it speaks, and hands it over. */
export function withOpened<T>(
  store: ReachedStore,
  tools: SessionTools,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  if (store.engine === 'mongodb') return withOpenedMongo(store, tools, use);
  return withSession(store, tools, (session) =>
    use({
      ...session,
      writes: () => ownRights(session),
      unseen: () => unseenColumns(session, store),
      async unread(kind) {
        const read = kind === 'storeEncryption' ? readEncryption : readRights;
        return (await read(session, store, tools)).unread;
      },
    }),
  );
}

// Loaded only where a store needs it.
async function withOpenedMongo<T>(
  store: MongoStore,
  tools: SessionTools,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { withMongo } = await import('../collectors/transports/mongodb.ts');
  const { unseenCollections } = await import('../collectors/database/mongodb/collections.ts');
  const { writesOf } = await import('../collectors/database/mongodb/privileges.ts');
  const { readMongoEncryption } = await import('../collectors/database/mongodb/encryption.ts');
  const { readMongoRights } = await import('../collectors/database/mongodb/rights.ts');
  return withMongo(store, tools, (session) =>
    use({
      ...session,
      writes: () => writesOf(session),
      unseen: () => unseenCollections(session, store),
      async unread(kind) {
        const read = kind === 'storeEncryption' ? readMongoEncryption : readMongoRights;
        return (await read(session, store, tools)).unread;
      },
    }),
  );
}
