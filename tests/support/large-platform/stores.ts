import { has, type Store } from './layout.ts';
import type { Views } from './views.ts';

/** What is seen of a store of data. */
export const storeViews: Views<Store> = {
  records: (store, seen) => ({
    ...seen,
    engine: 'postgresql',
    version: '15.18',
    tables: seen.tables.map((table) => {
      const months = Object.entries(table.months).filter(
        ([month]) => !has(store, 'records-short') || month >= '2025-03',
      );
      // The small platform's registers lack a month; here most stores have all.
      const all = has(store, 'month-missing') ? months : [...months, ['2025-06', 271] as const].toSorted();
      return {
        ...table,
        months: Object.fromEntries(all),
        rows: all.reduce((sum, [, rows]) => sum + rows, 0),
        ...(has(store, 'records-short') ? { oldest: '2025-03-01' } : {}),
      };
    }),
  }),
  clearText: (store, seen) => ({
    ...seen,
    engine: 'postgresql',
    version: '15.18',
    tables: seen.tables.map((table) => ({
      ...table,
      numbers: has(store, 'clear-numbers')
        ? [
            ...table.numbers,
            {
              candidates: 900,
              column: 'buyer_id',
              hits: 872,
              kind: 'identity-number' as const,
              valid: 872,
              values: 900,
            },
          ]
        : table.numbers,
    })),
  }),
  storeEncryption: (store, seen) => ({
    ...seen,
    engine: 'postgresql',
    version: '15.18',
    wire: has(store, 'plain-wire')
      ? { tls: false, required: 'no', listens: ['*'] }
      : {
          session: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
          tls: true,
          required: 'since-start',
          versions: ['TLSv1.2'],
          listens: ['*'],
          admitsPlain: [],
          sessions: { tls: 24, plain: 0, here: 1 },
        },
    rest: { ...seen.rest, directory: '/data/postgresql' },
  }),
  storeRights: (store) => {
    const may = ['transactions', 'invoices'].map((table) => ({ table, can: ['update' as const], by: ['grant'] }));
    const account = { login: 'yes' as const, everything: false, may };
    const accounts = has(store, 'open-rights') ? ['lq_app', 'report_ro'] : ['lq_app'];
    return {
      engine: 'postgresql',
      version: '15.18',
      own: { account: 'leqi_audit', writes: [] },
      tables: ['transactions', 'invoices'].map((name) => ({ name, owner: 'lq_owner', everybody: [] })),
      accounts: accounts.map((name) => ({ name, ...account })),
      logins: 4,
      unread: [],
    };
  },
  invoices: (_, seen) => ({ ...seen, engine: 'postgresql' }),
};
