import type { Buckets } from '../../../evidence/database/buckets.ts';
import type { Gate } from '../../../gate.ts';
import type { Platform } from '../../../platform.ts';
import { placeOfUrl } from '../../../platform-log-stores.ts';
import { bucketHost, type DeclaredObjectStore } from '../../../platform-object-stores.ts';
import type { Secrets } from '../../../secrets.ts';
import { printable, said, type Text } from '../../../text.ts';
import { Unavailable } from '../../collector.ts';
import { authoritiesOf } from '../../network/central/client.ts';
import { refuseWithheld } from '../../relays.ts';
import { type HttpAnswer, type HttpServer, hostHeader, httpGet } from '../../transports/http.ts';
import { type AccessKey, encoded, signedBy } from '../../transports/signature.ts';
import { errorCode } from './xml.ts';

/** Bytes of an answer: a page of a thousand keys of 1024 bytes, percent-encoded, with what stands around them. */
const largestAnswer = 8 * 1024 * 1024;

/** A bucket that is asked by signed GET and HEAD. */
export type BucketClient = Pick<Buckets, 'host' | 'address' | 'channel'> & {
  /** Asks for the bucket itself, or for a part of what is set for it. Throws {@link Unavailable} where no whole answer comes. */
  get(query: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Asks for what is said of an object, without its content. */
  head(key: string): Promise<HttpAnswer>;
  /** Asks whose buckets these are; undefined where the address is the bucket's own. */
  readonly owner: (() => Promise<HttpAnswer>) | undefined;
  /** What was asked, each once. */
  asked(): readonly string[];
};

/** What asking a bucket needs. */
export type BucketTools = {
  readonly platform: Platform;
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly now: () => Date;
  /** Of one request. */
  readonly seconds: number;
};

/** Opens nothing yet: resolves the name, reads the authority's file and the secrets. Throws {@link Unavailable} for what is not there. */
export async function bucketClient(store: DeclaredObjectStore, tools: BucketTools): Promise<BucketClient> {
  const { gate, signal, seconds, now } = tools;
  const place = placeOfUrl(store.url);
  if (!place) throw new Unavailable('not-declared', store.name);
  const host = bucketHost(store);
  await refuseWithheld(gate, host, place.port);
  const key = await accessKeyOf(store, tools.secrets);
  const authorities = await authoritiesOf(store, tools.platform);
  const tls = { verified: store.unverified !== true, ...(authorities ? { authorities } : {}) };
  const server: HttpServer = { gate, host, port: place.port, headers: {}, signal, ...(place.isTls ? { tls } : {}) };
  const address = await gate.addressOf(host).catch((error: unknown) => {
    if (error instanceof Error && 'exitCode' in error) throw error;
    throw new Unavailable('unreachable', said({ zh: '域名无法解析', en: 'its name does not resolve' }));
  });
  const asked = new Set<string>();
  const ask = (method: 'GET' | 'HEAD', path: string, query: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
    const what = { method, host: hostHeader(server), path, query, region: store.region, at: now() };
    const headers = { accept: 'application/xml, application/json', ...signedBy(key, what) };
    return httpGet(server, { method, path: `${path}${targetOf(query)}`, headers }, { seconds, bytes: largestAnswer });
  };
  const own = store.style === 'host' ? '' : `/${store.bucket}`;
  return {
    host,
    address,
    channel: place.isTls ? (store.unverified ? 'unverified' : 'tls') : 'clear',
    asked: () => [...asked],
    get(query) {
      asked.add(`GET ${own || '/'}?${Object.keys(query)[0] ?? ''}`);
      return ask('GET', own || '/', query);
    },
    head(object) {
      asked.add(`HEAD ${own}/…`);
      return ask('HEAD', `${own}/${object.split('/').map(encoded).join('/')}`, {});
    },
    owner: store.style === 'host' ? undefined : () => ask('GET', '/', {}),
  };
}

// `?lifecycle`, as the stores document it, not `?lifecycle=`.
function targetOf(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(([name, value]) =>
    value === '' ? encoded(name) : `${encoded(name)}=${encoded(value)}`,
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

async function accessKeyOf({ name, accessKey }: DeclaredObjectStore, secrets: Secrets): Promise<AccessKey> {
  const found = async (part: keyof typeof questions): Promise<string> => {
    const from = accessKey[part];
    if (from === undefined) return '';
    const value = await (from === 'prompt'
      ? secrets({ key: `${part} ${name}`, question: questions[part](name) })
      : secrets({ key: `env ${from.env}`, env: from.env }));
    const held = value?.trim() ?? '';
    if (/^[\x21-\x7e]{1,4096}$/.test(held)) return held;
    const shown = from === 'prompt' ? part : from.env;
    throw new Unavailable(
      'denied',
      said({ zh: `${shown} 未设置或不可用`, en: `${shown} is not set, or cannot be used` }),
    );
  };
  const id = await found('id');
  const secret = await found('secret');
  const token = await found('token');
  return { id, secret, ...(token === '' ? {} : { token }) };
}

const questions: Readonly<Record<'id' | 'secret' | 'token', (name: string) => Text>> = {
  id: (name) => ({ zh: `对象存储「${name}」的 Access Key ID`, en: `access key id for the object store ${name}` }),
  secret: (name) => ({ zh: `对象存储「${name}」的 Secret Key`, en: `secret key for the object store ${name}` }),
  token: (name) => ({ zh: `对象存储「${name}」的临时令牌`, en: `session token for the object store ${name}` }),
};

/** The answer, where it is 200; throws {@link Unavailable} for another, with the store's own code and nothing else of what it says. */
export function answered(answer: HttpAnswer, what: string): HttpAnswer {
  const { status } = answer;
  if (status === 200) return answer;
  const reason = status === 401 || status === 403 ? 'denied' : status === 404 ? 'not-found' : 'failed';
  throw new Unavailable(reason, printable(`${what}: HTTP ${status} ${errorCode(answer.text)}`.trim()).slice(0, 200));
}
