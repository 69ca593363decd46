import type { Records } from '../../evidence/database/records.ts';
import { dateIn, instantOf, monthOf, type PlainDate } from '../../evidence/dates.ts';
import { pathFrom } from '../../platform.ts';
import { defineCollector, Unavailable } from '../collector.ts';
import { askSqlite, type SqliteAnswer, sqliteChangedAt } from '../transports/sqlite.ts';

/** How far back the records of a data store go, month by month, and what in the store deletes them. */
export const records = defineCollector({
  id: 'database/records',
  kind: 'records',
  subjects: (platform) => platform.stores.map((store) => store.name),
  async collect(subject, { platform, gate, signal }) {
    const store = platform.stores.find((each) => each.name === subject);
    if (!store) throw new Unavailable('not-declared', subject);
    if (store.engine !== 'sqlite') throw new Unavailable('not-supported', store.engine);
    const path = pathFrom(platform, store.path);
    const answer = await askSqlite(
      gate,
      path,
      { tables: store.tables.map(({ name, time }) => ({ name, time })) },
      signal,
    );
    const value: Records = {
      engine: 'sqlite',
      version: answer.version,
      tables: answer.tables.map((table, index) =>
        folded(table, store.tables[index]?.holds ?? 'other', platform.timeZone),
      ),
      changedAt: instantOf(await sqliteChangedAt(path)),
    };
    return {
      value,
      method: `SQLite ${answer.version}, read-only: count(*) by quarter of an hour, triggers, foreign keys`,
    };
  },
});

function folded(
  { name, rows, quarters, deleters }: SqliteAnswer['tables'][number],
  holds: string,
  timeZone: string,
): Records['tables'][number] {
  const months: Record<string, number> = {};
  let undated = 0;
  let oldest: PlainDate | undefined;
  let newest: PlainDate | undefined;
  for (const [quarter, count] of quarters) {
    const date = quarter === null ? undefined : dateOfQuarter(quarter, timeZone);
    if (date === undefined) {
      undated += count;
      continue;
    }
    months[monthOf(date)] = (months[monthOf(date)] ?? 0) + count;
    if (oldest === undefined || date < oldest) oldest = date;
    if (newest === undefined || date > newest) newest = date;
  }
  return { name, holds, rows, ...(oldest ? { oldest } : {}), ...(newest ? { newest } : {}), months, undated, deleters };
}

// Years that no platform has seen (a default of 0001-01-01, a typing error) date nothing.
function dateOfQuarter(quarter: string, timeZone: string): PlainDate | undefined {
  const date = quarter.endsWith('Z') ? dateIn(quarter.replace('Z', ':00Z'), timeZone) : quarter.slice(0, 10);
  return date >= '1980-01-01' && date < '2100-01-01' ? date : undefined;
}
