import type { Records } from '../../../evidence/database/records.ts';
import { dateIn, instantOf, monthOf } from '../../../evidence/dates.ts';
import { pathFrom } from '../../../platform.ts';
import type { FileStore } from '../../../platform-stores.ts';
import type { Found, Tools } from '../../collector.ts';
import { askSqlite, type SqliteAnswer, sqliteChangedAt } from '../../transports/sqlite.ts';
import { purgesOf } from './purges.ts';
import { tallied } from './tally.ts';
import { dated } from './time-columns.ts';

/** Counts the declared tables of a SQLite file. */
export async function sqliteRecords(store: FileStore, { platform, gate, signal }: Tools): Promise<Found<'records'>> {
  const path = pathFrom(platform, store.path);
  const question = { tables: store.tables.map(({ name, time }) => ({ name, time })) };
  const answer = await askSqlite(gate, path, question, signal);
  return {
    value: {
      engine: 'sqlite',
      version: answer.version,
      tables: answer.tables.map((table, index) => {
        const holds = store.tables[index]?.holds ?? 'other';
        return folded(table, holds, platform.timeZone, purgesOf(store, table.name));
      }),
      missing: [],
      changedAt: instantOf(await sqliteChangedAt(path)),
    },
    method: `SQLite ${answer.version}, read-only: count(*) by quarter of an hour, triggers, foreign keys`,
  };
}

function folded(
  { name, quarters, deleters }: SqliteAnswer['tables'][number],
  holds: string,
  timeZone: string,
  purges: ReturnType<typeof purgesOf>,
): Records['tables'][number] {
  const parts = quarters.map(([quarter, count]) => {
    const date = quarter === null ? undefined : dateOfQuarter(quarter, timeZone);
    return date === undefined ? { count } : { month: monthOf(date), count, oldest: date, newest: date };
  });
  return { name, holds, ...tallied(parts), deleters: [...deleters, ...purges], unread: [] };
}

function dateOfQuarter(quarter: string, timeZone: string): string | undefined {
  return dated(quarter.endsWith('Z') ? dateIn(quarter.replace('Z', ':00Z'), timeZone) : quarter.slice(0, 10));
}
