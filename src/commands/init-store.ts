import { resolve } from 'node:path';
import { z } from 'zod';
import { Unavailable } from '../collectors/collector.ts';
import { mongoOverview } from '../collectors/database/mongodb/overview.ts';
import { type Overview, overviewOf } from '../collectors/database/overview.ts';
import { type SessionTools, withSession } from '../collectors/transports/database.ts';
import { withMongo } from '../collectors/transports/mongodb.ts';
import { InputError, MachineError } from '../errors.ts';
import { reasons } from '../evidence/observation.ts';
import { createGate } from '../gate.ts';
import { declaredTargets, platformSchema, readPlatform } from '../platform.ts';
import { portOf, type ReachedStore, reachedStores } from '../platform-stores.ts';
import { createScope } from '../scope.ts';
import { proposalsFor, storeEntry } from '../starter/store-proposal.ts';
import { heard, printable } from '../text.ts';
import type { Context } from './context.ts';
import { createSecrets } from './secrets.ts';

/** The environment variable with the password of the account that looks at the database. */
export const storePassword = 'LEQI_STORE_PASSWORD';

/** How `--store` and the options beside it name a database. */
export type StoreOptions = {
  readonly store: string;
  readonly storeTls?: 'verified' | 'unverified' | 'none';
  readonly storeAuthority?: string;
  readonly storeThrough?: string;
  readonly storePlatform?: string;
};

/** Looks at a database and prints the entry of `stores` that a platform file could have for it. Reads its catalogue and no row. */
export async function proposeStore(options: StoreOptions, context: Context): Promise<void> {
  const { store, storeTls, storeAuthority, storeThrough } = options;
  const place = {
    ...placeOf(store),
    tls: storeTls ?? 'verified',
    ...(storeAuthority === undefined ? {} : { authority: storeAuthority }),
    ...(storeThrough === undefined ? {} : { through: storeThrough }),
  };
  const password = process.env[storePassword] === undefined ? 'prompt' : { env: storePassword };
  // Where a path starts from here, and where one of the platform file does, need not be the same.
  const authority = storeAuthority === undefined ? {} : { authority: resolve(storeAuthority) };
  const way = await wayOf(options);
  const file = platformSchema.safeParse({
    profile: '-',
    unit: { name: '-', creditCode: '-' },
    platform: { name: '-', mode: 'self-use', since: '2023-01-01' },
    stores: [
      { name: place.database, ...place, ...authority, password, tables: [{ name: '-', holds: 'other', time: '-' }] },
    ],
    ...way?.declared,
  });
  const [declared] = reachedStores(file.data?.stores ?? []);
  if (!file.success || !declared) throw wrongStore(store);
  const platform = { ...file.data, folder: way?.folder ?? process.cwd() };
  const scope = createScope(declaredTargets(platform), platform.taxAuthority);
  for (const target of declaredTargets(platform)) scope.permit(target);
  const tools = {
    platform,
    gate: createGate(scope, context.now),
    signal: context.signal,
    secrets: createSecrets(context),
  };
  try {
    const { tables, isWhole } = await lookAt(declared, tools);
    const known = { ...place, port: portOf(declared), passwordVariable: storePassword };
    context.out(storeEntry(known, proposalsFor(tables), context.language));
    if (!isWhole) context.out(`# ${inPart[context.language]}\n`);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const detail = heard(printable(error.message));
    throw new MachineError({
      zh: `无法查看数据库 ${place.database}：${reasons[error.reason].zh}（${detail.zh}）`,
      en: `cannot look at the database ${place.database}: ${reasons[error.reason].en} (${detail.en})`,
    });
  }
}

const inPart = {
  zh: '该库的列太多，只看了一部分：请补上其余的表',
  en: 'the database has more columns than are looked at: add the tables that are missing',
};

function lookAt(store: ReachedStore, tools: SessionTools): Promise<Overview> {
  if (store.engine !== 'mongodb') return withSession(store, tools, overviewOf);
  return withMongo(store, tools, (session) => mongoOverview(session, store.database));
}

// The hosts of a platform file, of which the store’s server is reached by one.
async function wayOf({ storeThrough, storePlatform = 'platform.yaml' }: StoreOptions) {
  if (storeThrough === undefined) return undefined;
  const { folder, hosts, jumpHosts, taxAuthority } = await readPlatform(storePlatform);
  const machine = [...jumpHosts, ...hosts].find(({ name }) => name === storeThrough);
  const isReached = machine && (!('transport' in machine) || machine.transport === 'ssh');
  if (isReached) return { folder, declared: { hosts, jumpHosts, taxAuthority } };
  throw new InputError({
    zh: `--store-through ${storeThrough} 不可用：${storePlatform} 中没有以 SSH 连接的这台主机或跳板`,
    en: `--store-through ${storeThrough} will not do: ${storePlatform} declares no such jump host, nor a host with transport: ssh`,
  });
}

const placeSchema = z.object({
  protocol: z.enum(['postgresql:', 'mariadb:', 'mysql:', 'mongodb:']),
  hostname: z.string().min(1),
  port: z.string().regex(/^\d*$/),
  username: z.string().min(1),
  // A password on the command line is read by everyone on the machine.
  password: z.literal(''),
  pathname: z.string().regex(/^\/[^/]+$/),
  // Of MongoDB: the database that knows the account.
  search: z.string().regex(/^(\?authSource=[^&=]+)?$/),
});

function placeOf(text: string) {
  const { success, data } = placeSchema.safeParse(URL.parse(text));
  if (!success) throw wrongStore(text);
  return {
    engine: data.protocol.slice(0, -1),
    address: data.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(data.port === '' ? {} : { port: Number(data.port) }),
    user: decoded(data.username, text),
    database: decoded(data.pathname.slice(1), text),
    ...(data.search === '' ? {} : { authDatabase: decoded(data.search.slice('?authSource='.length), text) }),
  };
}

function decoded(part: string, whole: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrongStore(whole);
  }
}

// What was written may hold a password: it is not repeated.
function wrongStore(text: string): InputError {
  const kind = /^\w+:/.exec(text)?.[0] ?? '';
  return new InputError({
    zh: `--store ${kind}… 不可用：应写作 postgresql://账号@地址:端口/库名（或 mariadb://、mysql://、mongodb://），不得含密码；密码取自环境变量 ${storePassword} 或终端询问`,
    en: `--store ${kind}… will not do: write postgresql://USER@ADDRESS:PORT/DATABASE (or mariadb://, mysql://, mongodb://) without a password, which comes from ${storePassword} or a prompt`,
  });
}
