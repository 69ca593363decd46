import type { Deleter } from '../../../evidence/database/records.ts';
import type { ServerStore } from '../../../platform-stores.ts';
import type { Session } from '../../transports/database.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { calls, deletionIn, type Target } from './deletions.ts';
import { type Program, type Programs, placeOf, viewsOver } from './programs.ts';
import { mysqlPrograms } from './programs-mysql.ts';
import { postgresqlPrograms } from './programs-postgresql.ts';

/** Reads what a server keeps that may delete; what is denied is named, not left out. */
export function programsOf(session: Session, tables: readonly string[]): Promise<Programs> {
  return session.engine === 'postgresql' ? postgresqlPrograms(session, tables) : mysqlPrograms(session);
}

const most = 50;

/** What deletes from a table: of what the server keeps, of how the table is made, and of what the unit declares. */
export function deletersOf(
  table: CatalogueTable,
  { programs, direct, views }: Programs,
  engine: ServerStore['engine'],
  declared: readonly Deleter[],
): Deleter[] {
  const places = [table, ...table.relatives].map(placeOf);
  const target: Target = {
    dialect: engine === 'postgresql' ? 'postgresql' : 'mysql',
    schema: table.schema,
    name: table.name,
    time: table.time.name,
    isDated: ['instant', 'local', 'date'].includes(table.time.family ?? ''),
    partitions: table.partitions,
    aliases: [...table.relatives.filter(({ isAbove }) => isAbove), ...viewsOver(views, places)],
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
  const mine = direct
    .filter((each) => places.includes(each.table))
    .map(({ table: _, by, keeps, ...deleter }) => {
      const isByTime = by === undefined || by.toLowerCase() === table.time.name.toLowerCase();
      return { ...deleter, ...(keeps && isByTime ? { keeps } : {}) };
    });
  return worst([...found, ...mine, ...declared]);
}

// Of very many those are left out that keep the longest.
function worst(all: readonly Deleter[]): Deleter[] {
  const kept = ({ keeps }: Deleter): number => (keeps ? keeps.months * 31 + keeps.days : -1);
  return all.length <= most ? [...all] : all.toSorted((one, other) => kept(one) - kept(other)).slice(0, most);
}

function namesOf(programs: readonly Program[]): string[] {
  return programs.slice(0, 10).map(({ name }) => name);
}
