import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import type { CentralLogs } from '../../../evidence/network/central-logs.ts';
import type { Gate } from '../../../gate.ts';
import { type Platform, pathFrom } from '../../../platform.ts';
import { type DeclaredLogStore, placeOfUrl } from '../../../platform-log-stores.ts';
import type { Secrets } from '../../../secrets.ts';
import { printable, said } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
import { refuseWithheld } from '../../relays.ts';
import { type HttpAnswer, type HttpServer, httpGet } from '../../transports/http.ts';
import { authoritiesIn } from '../certificate.ts';

/** Requests that one store is sent at most. */
const mostRequests = 60;

/** Bytes of an answer: what ten thousand indices with their policies take. */
const largestAnswer = 32 * 1024 * 1024;

/** Bytes of a file of authorities. */
const largestAuthority = 1024 * 1024;

/** What a store answers: by GET only, a few times. */
export type Client = {
  readonly channel: CentralLogs['channel'];
  readonly host: string;
  readonly address: string;
  /** Asks below the declared address. Throws {@link Unavailable} where no whole answer comes. */
  get(path: string, parameters?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Paths that were asked, without parameters. */
  asked(): readonly string[];
};

/** What reading a store needs. */
export type ClientTools = {
  readonly platform: Platform;
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly secrets?: Secrets | undefined;
  /** Of one request. */
  readonly seconds: number;
};

/** Opens nothing yet: resolves the name, reads the authority's file and the secret. Throws {@link Unavailable} for what is not there. */
export async function clientOf(store: DeclaredLogStore, tools: ClientTools): Promise<Client> {
  const { gate, signal, seconds } = tools;
  const place = placeOfUrl(store.url);
  if (!place) throw new Unavailable('not-declared', store.name);
  await refuseWithheld(gate, place.host, place.port);
  const headers = {
    ...(await authorization(store, tools.secrets)),
    ...(store.tenant === undefined ? {} : { 'x-scope-orgid': store.tenant }),
  };
  const authorities = await authoritiesOf(store, tools.platform);
  const server: HttpServer = {
    gate,
    host: place.host,
    port: place.port,
    headers,
    signal,
    ...(place.isTls ? { tls: { verified: store.unverified !== true, ...(authorities ? { authorities } : {}) } } : {}),
  };
  const address = await gate.addressOf(place.host).catch((error: unknown) => {
    if (error instanceof Error && 'exitCode' in error) throw error;
    throw new Unavailable('unreachable', said({ zh: '域名无法解析', en: 'its name does not resolve' }));
  });
  const asked: string[] = [];
  return {
    channel: place.isTls ? (store.unverified ? 'unverified' : 'tls') : 'clear',
    host: place.host,
    address,
    asked: () => asked,
    get(path, parameters = {}) {
      if (asked.length >= mostRequests) throw new Unavailable('too-large', `${mostRequests} requests`);
      asked.push(path);
      const query = new URLSearchParams(parameters).toString();
      const target = `${place.path}${path}${query === '' ? '' : `?${query}`}`;
      return httpGet(server, target, { seconds, bytes: largestAnswer });
    },
  };
}

async function authorization(
  { auth }: DeclaredLogStore,
  secrets: Secrets | undefined,
): Promise<Record<string, string>> {
  if (!auth) return {};
  const env = 'user' in auth ? auth.password : 'apiKey' in auth ? auth.apiKey : auth.bearer;
  const secret = (await secrets?.({ key: `env ${env}`, env }))?.trim();
  if (!secret) {
    throw new Unavailable(
      'denied',
      said({ zh: `环境变量 ${env} 未设置`, en: `the environment variable ${env} is not set` }),
    );
  }
  if (/[^\x20-\x7e]/.test(secret) && !('user' in auth))
    throw new Unavailable(
      'denied',
      said({ zh: `环境变量 ${env} 含非 ASCII 字符`, en: `${env} holds more than ASCII` }),
    );
  const packed = (text: string): string => Buffer.from(text).toString('base64');
  if ('user' in auth) return { authorization: `Basic ${packed(`${auth.user}:${secret}`)}` };
  if ('bearer' in auth) return { authorization: `Bearer ${secret}` };
  // `id:key` as it was issued, or already encoded.
  return { authorization: `ApiKey ${secret.includes(':') ? packed(secret) : secret}` };
}

/** The certificates of a declared file of authorities; undefined where none is declared. Throws {@link Unavailable} for one that holds none. */
export async function authoritiesOf(
  { authority }: { readonly authority?: string | undefined },
  platform: Platform,
): Promise<string[] | undefined> {
  if (authority === undefined) return undefined;
  const path = pathFrom(platform, authority);
  const found = await stat(path).then(
    async ({ size }) => (size > largestAuthority ? [] : authoritiesIn(await readFile(path))),
    () => [],
  );
  if (found.length > 0) return found;
  const words = {
    zh: `${authority} 无法读取，或其中没有证书`,
    en: `${authority} cannot be read, or holds no certificate`,
  };
  throw new Unavailable('not-found', said(words));
}

/** Reads an answer's JSON; throws {@link Unavailable} for what is not of the expected shape. */
export function jsonOf<T extends z.ZodType>({ text }: HttpAnswer, schema: T, path: string): z.output<T> {
  const result = schema.safeParse(parsed(text, path));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Unavailable('unparsable', printable(`${path}: ${issue?.path.join('.')}: ${issue?.message}`).slice(0, 300));
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unavailable('unparsable', `${path}: no JSON`);
  }
}

/** Throws {@link Unavailable} for an answer that is not 200. */
export function must(answer: HttpAnswer, path: string): HttpAnswer {
  const { status } = answer;
  if (status === 200) return answer;
  const reason = status === 401 || status === 403 ? 'denied' : status === 404 ? 'not-found' : 'failed';
  throw new Unavailable(reason, `GET ${path}: HTTP ${status}`);
}

/** Whether a cluster has nothing at that path: a part of it that is not installed keeps no rule either. */
export function isWithout({ status, text }: HttpAnswer): boolean {
  return status === 400 && /no handler found for uri/.test(text);
}

/** Days of a duration as these programs write it: `30d`, `744h`, `1h30m`, `4w3d`, `0s`; undefined for anything else. */
export function daysOf(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d{1,15}(?:\.\d{1,9})?)(micros|nanos|ns|us|µs|ms|s|m|h|d|w|y)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (secondsIn.get(unit) ?? 0), 0) / 86_400;
}

const secondsIn: ReadonlyMap<string, number> = new Map([
  ['nanos', 1e-9],
  ['ns', 1e-9],
  ['micros', 1e-6],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 7 * 86_400],
  ['y', 365 * 86_400],
]);
