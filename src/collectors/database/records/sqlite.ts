import type { Deleter } from '../../../evidence/database/records.ts';
import { dateIn, instantOf, monthOf } from '../../../evidence/dates.ts';
import { pathFrom } from '../../../platform.ts';
import type { FileStore } from '../../../platform-stores.ts';
import type { Found, Tools } from '../../collector.ts';
import { askSqlite, type SqliteAnswer, sqliteChangedAt } from '../../transports/sqlite.ts';
import { deletionIn } from './deletions.ts';
import { placeOf, type View, viewsOver } from './programs.ts';
import { purgesOf } from './purges.ts';
import { tokensOf } from './sql-tokens.ts';
import { tallied } from './tally.ts';
import { dated } from './time-columns.ts';

type Counted = Exclude<SqliteAnswer['tables'][number], { problem: unknown }>;

/** Counts the declared tables of a SQLite file; one that cannot be counted spoils no other. */
export async function sqliteRecords(store: FileStore, { platform, gate, signal }: Tools): Promise<Found<'records'>> {
  const path = pathFrom(platform, store.path);
  const question = { tables: store.tables.map(({ name, time }) => ({ name, time })) };
  const answer = await askSqlite(gate, path, question, signal);
  const found = answer.tables.map((table, index) => {
    const declared = store.tables[index];
    if (!declared) return {};
    const { name, holds, time } = declared;
    if ('problem' in table) return { missing: { ...table, name, holds } };
    const deleters = [...triggersOf(answer.programs, name, time), ...table.cascades.map(cascade)];
    const counts = countsOf(table.quarters, platform.timeZone);
    return { table: { name, holds, ...counts, deleters: [...deleters, ...purgesOf(store, declared)], unread: [] } };
  });
  return {
    value: {
      engine: 'sqlite',
      version: answer.version,
      tables: found.flatMap(({ table }) => table ?? []),
      missing: found.flatMap(({ missing }) => missing ?? []),
      changedAt: instantOf(await sqliteChangedAt(path)),
    },
    method: `SQLite ${answer.version}, read-only: count(*) by quarter of an hour, triggers, foreign keys`,
  };
}

function countsOf(quarters: Counted['quarters'], timeZone: string): ReturnType<typeof tallied> {
  return tallied(
    quarters.map(([quarter, count]) => {
      const date = quarter === null ? undefined : dateOfQuarter(quarter, timeZone);
      return date === undefined ? { count } : { month: monthOf(date), count, oldest: date, newest: date };
    }),
  );
}

function cascade(parent: string): Deleter {
  return { kind: 'foreign-key', name: `foreign key → ${parent}`, definition: 'ON DELETE CASCADE' };
}

// All names are of one schema; its dialect is near PostgreSQL’s, with names in brackets, too.
function triggersOf(programs: SqliteAnswer['programs'], name: string, time: string): Deleter[] {
  const schema = 'main';
  const read = programs.map((each) => ({ ...each, text: each.text.replace(/\[([^\]"]*)\]/g, '"$1"') }));
  const views = read.flatMap((each): View[] => {
    if (each.type !== 'view') return [];
    const names = tokensOf(each.text, 'postgresql').map(({ text }) => text.toLowerCase());
    return [{ schema, name: each.name.toLowerCase(), of: names.map((of) => placeOf({ schema, name: of })) }];
  });
  const aliases = viewsOver(views, [placeOf({ schema, name: name.toLowerCase() })]);
  const target = { dialect: 'postgresql', schema, name, time, isDated: false, partitions: [], aliases } as const;
  return read.flatMap((each): Deleter[] => {
    const deletion = each.type === 'trigger' ? deletionIn(each.text, target) : undefined;
    return deletion ? [{ kind: 'trigger', name: each.name, definition: deletion.definition }] : [];
  });
}

function dateOfQuarter(quarter: string, timeZone: string): string | undefined {
  return dated(quarter.endsWith('Z') ? dateIn(quarter.replace('Z', ':00Z'), timeZone) : quarter.slice(0, 10));
}
