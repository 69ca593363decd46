import type { Document } from 'bson';
import { z } from 'zod';
import { Unavailable } from '../collector.ts';
import type { Wire } from './mongodb-wire.ts';

/**
 * The commands that are said to a server, all of which only read or concern this session; nothing else leaves, whatever the account may do. MongoDB
 * knows no session that the server itself holds to be read-only.
 */
const commands = new Set([
  ...['hello', 'isMaster', 'saslStart', 'saslContinue', 'buildInfo', 'connectionStatus'],
  ...['listCollections', 'listIndexes', 'aggregate', 'explain', 'killCursors', 'currentOp', 'killOp'],
  ...['getParameter', 'getCmdLineOpts', 'serverStatus', 'usersInfo', 'rolesInfo', 'replSetGetConfig'],
]);

/** Stages of an aggregation that read, without a way to another collection. */
const stages = new Set(['$match', '$limit', '$count', '$sort', '$project', '$sample', '$collStats']);

// What is asked for a login takes no limit but that of connecting.
const untimed = new Set(['hello', 'isMaster', 'saslStart', 'saslContinue', 'killCursors', 'killOp']);

/** Says one command and reads its answer; throws {@link Unavailable} if the server refuses or is too slow. */
export type Ask = <T extends z.ZodType>(answer: T, database: string, command: Document) => Promise<z.output<T>>;

/** Documents of an answer, and whether they are all that there are: it ends at 16 MiB. */
export type Batch<T> = { readonly rows: T[]; readonly isWhole: boolean };

const refusalSchema = z.object({ code: z.number().optional(), codeName: z.string().optional() });
const batchSchema = z.object({
  cursor: z.object({ firstBatch: z.array(z.unknown()), id: z.unknown().optional(), ns: z.string() }),
});

/** Says commands over a line, each with its limit of time in seconds. */
export function asking(wire: Wire, seconds: number): Ask {
  return async (answer, database, command) => {
    const verb = permitted(command);
    const found = await wire.ask({
      ...command,
      ...(untimed.has(verb) ? {} : { maxTimeMS: seconds * 1000, $readPreference: { mode: 'secondaryPreferred' } }),
      $db: database,
    });
    // Whatever is not said to be well is a refusal.
    if (Number(found.ok) !== 1) throw refusalOf(refusalSchema.safeParse(found).data ?? {});
    return parsed(answer, found, verb);
  };
}

// What the answer holds is no part of what is said of it.
function parsed<T extends z.ZodType>(schema: T, found: unknown, verb: string): z.output<T> {
  const { success, data } = schema.safeParse(found);
  if (!success) throw new Unavailable('unparsable', `the answer to ${verb}`);
  return data;
}

// The name of a command comes first.
function permitted(command: Document): string {
  const [verb = ''] = Object.keys(command);
  const inner: unknown = verb === 'explain' ? command.explain : command;
  const { aggregate, pipeline } = z
    .looseObject({ pipeline: z.array(z.record(z.string(), z.unknown())).default([]) })
    .parse(inner);
  const isRead = verb !== 'explain' || aggregate !== undefined;
  const others = pipeline.flatMap((stage) => Object.keys(stage)).filter((stage) => !stages.has(stage));
  if (!commands.has(verb) || !isRead || others.length > 0)
    throw new Error(`${verb} ${others.join()} is not to be said`);
  return verb;
}

/** Says a command that answers with documents, and reads the first batch; what is left on the server is let go of. */
export async function batchOf<T extends z.ZodType>(
  ask: Ask,
  row: T,
  database: string,
  command: Document,
): Promise<Batch<z.output<T>>> {
  const { cursor } = await ask(batchSchema, database, command);
  const isWhole = Number(cursor.id) === 0;
  if (!isWhole) {
    const collection = cursor.ns.slice(cursor.ns.indexOf('.') + 1);
    await ask(z.unknown(), database, { killCursors: collection, cursors: [cursor.id] }).catch(() => undefined);
  }
  return { rows: cursor.firstBatch.map((each) => parsed(row, each, Object.keys(command)[0] ?? '')), isWhole };
}

// error_codes.yml of the server, by name. The message may quote values: it is not kept.
const reasonsByName = {
  denied: /^(Unauthorized|AuthenticationFailed|AuthenticationRestrictionUnmet|UserNotFound)$/,
  'not-found': /^(NamespaceNotFound|IndexNotFound|CollectionUUIDMismatch)$/,
  'timed-out': /^(MaxTimeMSExpired|ExceededTimeLimit|LockTimeout|NetworkInterfaceExceededTimeLimit)$/,
  'not-supported': /^(CommandNotFound|CommandNotSupported|CommandNotSupportedOnView|APIVersionError)$/,
  unreachable: /^(ShutdownInProgress|InterruptedAtShutdown|NotPrimaryOrSecondary|HostUnreachable)$/,
} as const;

function refusalOf({ code, codeName = '' }: z.output<typeof refusalSchema>): Unavailable {
  const name = /^\w{1,60}$/.test(codeName) ? codeName : `code ${code ?? '-'}`;
  const [reason] = Object.entries(reasonsByName).find(([, names]) => names.test(codeName)) ?? [];
  return new Unavailable((reason as keyof typeof reasonsByName | undefined) ?? 'failed', name);
}
