import { type DeclaredStore, type ServerStore, serverStores } from '../../platform-stores.ts';
import { type Tools, Unavailable } from '../collector.ts';
import { type Session, withSession } from '../transports/database.ts';
import { ownRights } from './own-rights.ts';

/**
 * Opens a read-only session with a store and hands it over. An account that could write is turned away, for a mistake of ours could then do harm,
 * unless the platform file says `mayWrite`. Throws {@link Unavailable}.
 */
export function withStore<T>(
  store: ServerStore,
  tools: Pick<Tools, 'platform' | 'gate' | 'signal' | 'secrets'>,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(store, tools, async (session) => {
    if (!store.mayWrite) {
      const rights = await ownRights(session);
      if (rights.length > 0) throw new Unavailable('refused', `${store.user} may write: ${rights.join('; ')}`);
    }
    return use(session);
  });
}

/** The server store of a name; throws {@link Unavailable} if none is declared. */
export function serverStore(platform: Tools['platform'], name: string): ServerStore {
  const store = platform.stores.find((each) => each.name === name);
  if (!store) throw new Unavailable('not-declared', name);
  return asServer(store);
}

/** A store as one that is asked over the network; throws {@link Unavailable} for any other. */
export function asServer(store: DeclaredStore): ServerStore {
  const [server] = serverStores([store]);
  if (!server) throw new Unavailable('not-supported', store.engine);
  return server;
}
