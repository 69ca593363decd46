import { z } from 'zod';
import { InputError } from '../../../errors.ts';
import type { Records } from '../../../evidence/database/records.ts';
import type { Kind, Value } from '../../../evidence/kinds.ts';
import type { Platform } from '../../../platform.ts';
import type { AskedStore } from '../../../platform-stores.ts';
import { said, type Text } from '../../../text.ts';
import { catalogueTable } from '../records/catalogue.ts';
import { type CatalogueTable, TableUnavailable } from '../records/catalogue-table.ts';
import { programsOf } from '../records/deleters.ts';
import { countedTable, missingTable } from '../records/server.ts';
import { readEncryption } from '../store-encryption.ts';
import { readRights } from '../store-rights.ts';
import { namesOf } from './asks.ts';
import { countsFrom } from './counted.ts';
import { type Replay, replay } from './replay.ts';
import { offsetOf, type ServerScript, serverScript, signed } from './server-script.ts';
import { type Fault, readTranscript, type Transcript, TranscriptFault } from './transcript.ts';

/** What the output of a server’s script says: when, in UTC (`YYYY-MM-DD HH:MM:SS`), and each kind, to be read one by one. */
export type CarriedServer = {
  readonly at: string;
  readonly digest: string;
  readonly read: {
    readonly [K in Kind]?: () => Promise<Value<K>>;
  };
};

/** Whether a text holds lines of some server’s script. */
export function isServerOutput(text: string): boolean {
  return /^LEQI2\|[0-9a-f]{16}\|/m.test(text);
}

/**
 * Reads what a server’s script printed; undefined if it is of another one. Throws {@link InputError} for an output that is cut, out of order, changed, or not
 * of a read-only session.
 */
export async function readServerOutput(
  store: AskedStore,
  platform: Pick<Platform, 'timeZone'>,
  text: string,
  file: string,
): Promise<CarriedServer | undefined> {
  const script = await serverScript(store, platform.timeZone);
  if (!text.includes(`${script.run}|`)) return undefined;
  return orRefused(file, async () => {
    const transcript = readTranscript(text, script.run);
    demandWhole(store, script, transcript);
    const { at, version } = begunOf(store, platform, transcript);
    const session = replay(store, version, script.asks, transcript);
    const signal = new AbortController().signal;
    const whole =
      <T>(work: () => Promise<T>) =>
      (): Promise<T> =>
        orRefused(file, work);
    return {
      at,
      digest: script.digest,
      read: {
        records: whole(() => recordsOf(store, session, { script, transcript, timeZone: platform.timeZone })),
        storeEncryption: whole(() => readEncryption(session, store, { signal })),
        storeRights: whole(async () => withRoles(await readRights(session, store, { signal }), session)),
      },
    };
  });
}

// Each line is known by its checksum; that none is missing, by what the server counted.
function demandWhole({ engine }: AskedStore, { asks, counts }: ServerScript, { answers, end }: Transcript): void {
  const isWhole = (number: number): boolean => {
    const answer = answers.get(number);
    return answer !== undefined && (answer.refused !== undefined || answer.rows.length === answer.count);
  };
  const counting = counts.flatMap((numbers) =>
    engine === 'postgresql' ? numbers.filter((number) => answers.has(number)) : numbers.slice(-1),
  );
  const asked = [...asks.keys()].filter((number) => !asks[number]?.sql.startsWith('SHOW'));
  const shown = [...asks.keys()].filter((number) => !answers.has(number));
  if (end !== asks.length + counts.flat().length || shown.length > 0 || ![...asked, ...counting].every(isWhole))
    throw new TranscriptFault('cut');
}

const instant = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const psqlBegin = z.tuple([z.tuple([instant, z.string(), z.literal('on')])]);
const mysqlBegin = z.tuple([z.tuple([instant, z.string(), z.string()])]);

type Begun = { readonly at: string; readonly version: string };

function begunOf({ engine }: AskedStore, { timeZone }: Pick<Platform, 'timeZone'>, { answers }: Transcript): Begun {
  const rows = answers.get(0)?.rows;
  if (engine === 'postgresql') {
    const begun = psqlBegin.safeParse(rows).data;
    if (!begun) throw new TranscriptFault('writable');
    return { at: begun[0][0], version: begun[0][1].slice(0, 300) };
  }
  const begun = mysqlBegin.safeParse(rows).data;
  const isReadOnly = [1, 2].some((number) => answers.get(number)?.rows[0]?.[0] === '1');
  if (!begun || !isReadOnly) throw new TranscriptFault('writable');
  const offset = offsetOf(timeZone);
  if (offset !== undefined && begun[0][2] !== signed(offset)) throw new TranscriptFault('disorder');
  return { at: begun[0][0], version: begun[0][1].slice(0, 300) };
}

type Printed = { readonly script: ServerScript; readonly transcript: Transcript; readonly timeZone: string };

async function recordsOf(
  store: AskedStore,
  session: Replay,
  { script: { counts }, transcript: { answers }, timeZone: zone }: Printed,
): Promise<Records> {
  const programs = await programsOf(session, namesOf(store));
  const tables: Records['tables'] = [];
  const missing: Records['missing'] = [];
  for (const [index, declared] of store.tables.entries()) {
    try {
      const table = await catalogueTable(session.ofTable(index), declared, store.database);
      const mine = (counts[index] ?? []).map((number) => answers.get(number));
      const refused = mine.find((answer) => answer?.refused)?.refused;
      if (refused) throw refused;
      demandZone(store, zone, table);
      const counted = countsFrom(store.engine === 'postgresql' ? mine : mine.slice(1), table);
      tables.push(countedTable(store, declared, { table, counts: counted, programs }));
    } catch (error) {
      if (error instanceof TranscriptFault) throw error;
      missing.push(missingTable(declared, error));
    }
  }
  return { engine: store.engine, version: session.version, tables, missing };
}

// Days of instants were told by one offset, for MariaDB and MySQL may know no zones by name.
function demandZone({ engine }: AskedStore, timeZone: string, { time: { family } }: CatalogueTable): void {
  if (engine === 'postgresql' || offsetOf(timeZone) !== undefined || (family !== 'instant' && family !== 'number'))
    return;
  const text = {
    zh: `时区 ${timeZone} 有夏令时，脚本不能据以划分月份；须能连接该库`,
    en: `the time zone ${timeZone} has summer time, which a script cannot part months by: it takes a connection`,
  };
  throw new TableUnavailable('failed', said(text));
}

function withRoles(rights: Value<'storeRights'>, { hasRoles }: Replay): Value<'storeRights'> {
  if (!hasRoles) return rights;
  return { ...rights, unread: [...rights.unread, { view: 'information_schema.APPLICABLE_ROLES', why: 'unclear' }] };
}

const faults: Readonly<Record<Fault, Text>> = {
  cut: {
    zh: '不完整或被截断；请按脚本开头的命令（mariadb、mysql 须带 --batch --force）运行并完整带回',
    en: 'is not whole, or cut short; run it by the command at its head (mariadb and mysql need --batch --force) and bring all of it',
  },
  disorder: { zh: '有行被增删或改动', en: 'has lines added, removed or changed' },
  sums: { zh: '有行的内容与其校验值不符', en: 'has lines that are not what their checksums say' },
  writable: {
    zh: '数据库未确认会话为只读',
    en: 'is of a session that the server did not confirm to be read-only',
  },
};

async function orRefused<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TranscriptFault)) throw error;
    const { zh, en } = faults[error.fault];
    throw new InputError({ zh: `拒绝导入 ${file}：${zh}`, en: `${file} is not imported: it ${en}` });
  }
}
