import type { Deleter } from '../../../evidence/database/records.ts';
import type { ServerStore } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { calls, deletionIn, type Target } from './deletions.ts';
import { type Program, type Programs, placeOf } from './programs.ts';
import { mysqlPrograms } from './programs-mysql.ts';
import { postgresqlPrograms } from './programs-postgresql.ts';

/** Reads what a server keeps that may delete; what is denied is named, not left out. */
export function programsOf(session: Session): Promise<Programs> {
  return session.engine === 'postgresql' ? postgresqlPrograms(session) : mysqlPrograms(session);
}

const most = 50;

/** What deletes from a table: of what the server keeps, of how the table is made, and of what the unit declares. */
export function deletersOf(
  table: CatalogueTable,
  { programs, direct }: Programs,
  engine: ServerStore['engine'],
  declared: readonly Deleter[],
): Deleter[] {
  const target: Target = {
    dialect: engine === 'postgresql' ? 'postgresql' : 'mysql',
    schema: table.schema,
    name: table.name,
    time: table.time.name,
    isDated: ['instant', 'local', 'date'].includes(table.time.family ?? ''),
    partitions: table.partitions,
  };
  const active = programs.filter(({ isOff }) => !isOff);
  const found = active.flatMap((program): Deleter[] => {
    const { kind, name, routine, home } = program;
    const deletion = deletionIn(program.text, { ...target, ...(home === undefined ? {} : { home }) });
    if (!deletion) return [];
    const callers =
      routine === undefined
        ? []
        : active.filter((other) => other !== program && calls(other.text, routine, target.dialect));
    return [{ kind, name, ...deletion, ...(callers.length > 0 ? { calledBy: namesOf(callers) } : {}) }];
  });
  const mine = direct.filter((each) => each.table === placeOf(table)).map(({ table: _, ...deleter }) => deleter);
  return [...found, ...mine, ...declared].slice(0, most);
}

function namesOf(programs: readonly Program[]): string[] {
  return programs.slice(0, 10).map(({ name }) => name);
}
