import type { FoldedContact } from './observation.ts';

type Contact = { readonly address: string; readonly port?: number | undefined; readonly by: string };

/** Contacts counted by address, port and program, in an order that hangs on nothing else; those that are counted already are added up. */
export function foldContacts(contacts: Iterable<Contact & { readonly times?: number }>): FoldedContact[] {
  const folded = new Map<string, FoldedContact>();
  for (const { address, port, by, times = 1 } of contacts) {
    const key = `${address} ${port ?? ''} ${by}`;
    const known = folded.get(key);
    if (known) known.times += times;
    else folded.set(key, { address, ...(port === undefined ? {} : { port }), by, times });
  }
  return [...folded].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, contact]) => contact);
}
