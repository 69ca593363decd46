import type { ClearText } from '../../evidence/database/clear-text.ts';
import { dateIn, instantOf, type PlainDate } from '../../evidence/dates.ts';
import { pathFrom } from '../../platform.ts';
import type { FileStore } from '../../platform-stores.ts';
import { defineCollector, type Found, type Tools } from '../collector.ts';
import { askSqliteNumbers } from '../transports/sqlite-numbers.ts';
import { mostRows } from './clear-text/budget.ts';
import { lookMysql } from './clear-text/mysql.ts';
import { lookPostgresql } from './clear-text/postgresql.ts';
import type { Unread } from './clear-text/sampled.ts';
import { longest } from './clear-text/tally.ts';
import { serverStore, withStore } from './store.ts';

/** Whether numbers of persons stand in clear text in a data store: counts by samples of its columns, never a value. */
export const clearText = defineCollector({
  id: 'database/clear-text',
  kind: 'clearText',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, tools) {
    const { platform } = tools;
    const asOf = dateIn(instantOf(tools.now()), platform.timeZone);
    const declared = platform.stores.find((store) => store.name === subject);
    if (declared?.engine === 'sqlite') return fromFile(declared, tools, asOf);
    if (declared?.engine === 'mongodb')
      return (await import('./mongodb/clear-text.ts')).mongoClearText(declared, tools, asOf);
    const store = serverStore(platform, subject, 'clearText');
    return withStore(store, tools, async (session): Promise<Found<'clearText'>> => {
      const look = store.engine === 'postgresql' ? lookPostgresql : lookMysql;
      const looked = await look(store, session, asOf);
      // An interruption fails what was asked last; what was counted until then is no sample of the store.
      tools.signal.throwIfAborted();
      const chosenBy = store.engine === 'postgresql' ? 'TABLESAMPLE SYSTEM' : 'random points of the primary key';
      return {
        value: { engine: store.engine, version: session.version, ...looked },
        method: `${store.engine}, read-only: up to ${mostRows} rows a table (${chosenBy}), up to ${longest} characters a value; check characters counted in the scanner`,
      };
    });
  },
});

async function fromFile(
  store: FileStore,
  { platform, gate, signal }: Tools,
  asOf: PlainDate,
): Promise<Found<'clearText'>> {
  const path = pathFrom(platform, store.path);
  const first = store.tables.map(({ name }) => name.toLowerCase());
  const { version, tables, failed, others, beyond } = await askSqliteNumbers(gate, path, { asOf, first }, signal);
  const holdings = new Map(store.tables.map(({ name, holds }) => [name.toLowerCase(), holds]));
  const named = tables.map((table) => {
    const holds = holdings.get(table.name.toLowerCase());
    return { ...table, ...(holds === undefined ? {} : { holds }) };
  });
  const present = new Set([...tables.map(({ name }) => name), ...failed].map((name) => name.toLowerCase()));
  const unread = store.tables.flatMap(({ name }): Unread[] => {
    if (present.has(name.toLowerCase())) return [];
    return [{ table: name, why: others.includes(name.toLowerCase()) ? 'view' : 'missing' }];
  });
  const broken = failed.map((table): Unread => ({ table, why: 'failed' }));
  const value: ClearText = {
    engine: 'sqlite',
    version,
    tables: named,
    unread: [...broken, ...unread],
    beyond,
    seesAll: true,
  };
  return {
    value,
    method: `SQLite ${version}, read-only: up to ${mostRows} rows a table from random row ids, up to ${longest} characters a value; check characters counted in a process of its own`,
  };
}
