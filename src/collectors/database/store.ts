import type { Kind } from '../../evidence/kinds.ts';
import { type DeclaredStore, isAskable, type ServerStore, serverStores } from '../../platform-stores.ts';
import { said } from '../../text.ts';
import { type Tools, Unavailable } from '../collector.ts';
import { type Session, type SessionTools, withSession } from '../transports/database.ts';
import { ownRights } from './own-rights.ts';

/**
 * Opens a read-only session with a store and hands it over. An account that could write is turned away, for a mistake of ours could then do harm,
 * unless the platform file says `mayWrite`. Throws {@link Unavailable}.
 */
export function withStore<T>(
  store: ServerStore,
  tools: SessionTools,
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

/** The server store of a name; throws {@link Unavailable} if none is declared that the kind can be had of over a connection. */
export function serverStore(platform: Tools['platform'], name: string, kind: Kind): ServerStore {
  const store = platform.stores.find((each) => each.name === name);
  if (!store) throw new Unavailable('not-declared', name);
  return asServer(store, kind);
}

/** A store as one that is asked over the network; throws {@link Unavailable} for any other. */
export function asServer(store: DeclaredStore, kind: Kind): ServerStore {
  const [server] = serverStores([store]);
  if (server) return server;
  if (isAskable(store))
    throw scriptKinds.includes(kind) ? awaited() : new Unavailable('not-supported', said(uncarried));
  throw new Unavailable('not-supported', store.engine);
}

/** What the printed script of a server’s store brings. */
export const scriptKinds: readonly Kind[] = ['records', 'storeEncryption', 'storeRights'];

const uncarried = {
  zh: '脚本不带出任何数据值，无法据以判断；须能连接该库',
  en: 'no value is carried by a script, and this is told by values: it takes a connection',
};

/** What is said until a script’s output is there. */
export function awaited(): Unavailable {
  return new Unavailable(
    'not-collected',
    said({
      zh: '等待人工执行脚本：用 collect --print-script --store 打印，用 import 导入其输出',
      en: 'waits for a person to run the script: collect --print-script --store prints it, import takes its output',
    }),
  );
}
