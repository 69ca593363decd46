import type { Document } from 'bson';
import { z } from 'zod';
import type { UnreadView, ViewWhy } from '../../../evidence/database/unread-views.ts';
import type { Tools, Unavailable } from '../../collector.ts';
import type { MongoSession } from '../../transports/mongodb.ts';
import { isOfOne } from './collections.ts';

const whys: Partial<Record<Unavailable['reason'], ViewWhy>> = {
  denied: 'denied',
  'not-found': 'missing',
  'not-supported': 'missing',
  'too-large': 'too-many',
  unparsable: 'unclear',
};

/** Says commands about the server: one that is refused is named, and the others go on. */
export type Commands = {
  readonly session: MongoSession;
  readonly unread: UnreadView[];
  /** The answer to a command on `admin`; undefined if it was refused, which is noted under the command's name. */
  ask<T extends z.ZodType>(answer: T, command: Document): Promise<z.output<T> | undefined>;
  /** The documents that a command on a database answers with. */
  rows<T extends z.ZodType>(row: T, database: string, command: Document): Promise<z.output<T>[] | undefined>;
  /** Notes what shows less than it must. */
  lacks(view: string, why: ViewWhy): void;
};

/** A session's commands; an interruption is no refusal and ends it all. */
export function commandsOf(session: MongoSession, { signal }: Pick<Tools, 'signal'>): Commands {
  const unread: UnreadView[] = [];
  const lacks = (view: string, why: ViewWhy): void => {
    if (!unread.some((each) => each.view === view)) unread.push({ view, why });
  };
  const tried = async <T>(command: Document, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isOfOne(error) || signal.aborted) throw error;
      const [view = ''] = Object.keys(command);
      lacks(view, whys[error.reason] ?? 'failed');
      return undefined;
    }
  };
  return {
    session,
    unread,
    lacks,
    ask: (answer, command) => tried(command, () => session.ask(answer, 'admin', command)),
    rows: (row, database, command) => tried(command, () => session.rows(row, database, command)),
  };
}

const flag = z.union([z.boolean(), z.string()]).transform((value) => value === true || value === 'true');
const tlsSchema = z.looseObject({ mode: z.string().optional(), disabledProtocols: z.string().optional() });
const optionsSchema = z.object({
  parsed: z
    .looseObject({
      net: z
        .looseObject({
          bindIp: z.string().optional(),
          bindIpAll: flag.optional(),
          tls: tlsSchema.optional(),
          ssl: tlsSchema.optional(),
        })
        .optional(),
      security: z
        .looseObject({
          authorization: z.string().optional(),
          enableEncryption: flag.optional(),
          encryptionKeyFile: z.string().optional(),
          encryptionCipherMode: z.string().optional(),
          kmip: z.unknown().optional(),
          vault: z.unknown().optional(),
          ldap: z.unknown().optional(),
          redactClientLogData: flag.optional(),
        })
        .optional(),
      storage: z.looseObject({ dbPath: z.string().optional(), engine: z.string().optional() }).optional(),
      setParameter: z.looseObject({ oidcIdentityProviders: z.unknown().optional() }).optional(),
    })
    .default({}),
});

/** How a server was started: what stands in its configuration and on its command line. */
export type Options = z.output<typeof optionsSchema>['parsed'];

/** Reads how a server was started; undefined, and noted, if it does not say. */
export async function optionsOf(commands: Commands): Promise<Options | undefined> {
  return (await commands.ask(optionsSchema, { getCmdLineOpts: 1 }))?.parsed;
}

const setSchema = z.object({
  config: z.object({ members: z.array(z.object({ arbiterOnly: z.boolean().default(false) })) }),
});

/** Whether others keep the same data, or all of it, and were not asked; then it is noted. */
export async function noteOthers(commands: Commands): Promise<boolean> {
  const { session, lacks } = commands;
  if (session.isRouter) lacks('shards', 'elsewhere');
  if (session.isRouter || session.set === undefined) return session.isRouter;
  const members = (await commands.ask(setSchema, { replSetGetConfig: 1 }))?.config.members;
  const others = members && members.filter(({ arbiterOnly }) => !arbiterOnly).length - 1;
  if (others !== undefined && others > 0) lacks(`${others} other members of ${session.set}`, 'elsewhere');
  return others === undefined || others > 0;
}
