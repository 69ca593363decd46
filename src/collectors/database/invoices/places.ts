import {
  type DeclaredStore,
  type DeclaredTable,
  originsOf,
  type Place,
  portOf,
  serverStores,
} from '../../../platform-stores.ts';
import { Unread } from './shape.ts';

/** Whether a table holds invoices. */
export function isOfInvoices({ holds }: DeclaredTable): boolean {
  return holds === 'invoices';
}

/** The tables that invoices are held against. Links lead on to the transactions of their own store, where the invoices name none. */
export function placesOf(stores: readonly DeclaredStore[], place: Place): Place[] {
  const origins = originsOf(stores, place);
  const [links] = origins.filter(({ table }) => table.holds === 'invoice-links');
  if (!links || origins.length > 1) return origins;
  return [links, ...originsOf(stores, { store: links.store, table: { ...links.table, of: undefined } })];
}

/** Other tables of invoices that are held against one of the same tables: a transaction may be invoiced in any of them. */
export function siblingsOf(stores: readonly DeclaredStore[], place: Place): Place[] {
  const origins = new Set(placesOf(stores, place).map(nameOf));
  const known = new Set([nameOf(place)]);
  return stores
    .flatMap((store) => store.tables.filter(isOfInvoices).map((table): Place => ({ store, table })))
    .filter((each) => {
      const isNew = !known.has(nameOf(each));
      known.add(nameOf(each));
      return isNew && placesOf(stores, each).some((origin) => origins.has(nameOf(origin)));
    });
}

/** Throws {@link Unread} if a table is among those that it is held against, by whatever name or store. */
export function refuseItself(place: Place, origins: readonly Place[]): void {
  if (!origins.some((each) => nameOf(each) === nameOf(place))) return;
  const { name } = place.table;
  throw new Unread('not-supported', {
    zh: `${name} 同时声明为交易表，发票与自身对照不能证明来源`,
    en: `${name} is declared as the table of transactions, too: invoices held against themselves prove nothing`,
  });
}

// An address that means another machine wherever it is asked from.
function isOwn(address: string): boolean {
  return /^(127\.|::1$|localhost$)/i.test(address);
}

// What a table is, whichever store it is declared under; letter case is not told apart, for not every server does.
function nameOf({ store, table: { schema, name } }: Place): string {
  const [server] = serverStores([store]);
  const at = server
    ? [
        ...(isOwn(server.address) ? [server.through ?? ''] : []),
        server.address,
        portOf(server),
        ...(server.engine === 'postgresql' ? [server.database, schema ?? 'public'] : [schema ?? server.database]),
      ]
    : [store.engine === 'sqlite' ? store.path : store.name, schema ?? ''];
  return JSON.stringify([...at, name]).toLowerCase();
}
