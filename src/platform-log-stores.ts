import { z } from 'zod';
import { type CentralLogs, logStoreKinds } from './evidence/network/central-logs.ts';

const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]+$/u, { error: '不得含控制字符 | must hold no control character' });

const variable = z
  .string()
  .regex(/^[A-Za-z_]\w{0,99}$/, { error: '须为环境变量名 | must be the name of an environment variable' });

// `remote:app-*` would make the store ask another one; `<app-{now}>` is date arithmetic.
const index = z.string().regex(/^(?!-)[^\s,:/\\#?"<>|%\p{Cc}\p{Lu}]{1,100}$/u, {
  error:
    '须为索引名、别名或数据流名，可含 *；不得指向其他集群 | must be an index, alias or data stream, * allowed, of this cluster',
});

/** The host, port and path that a store's address names; undefined if it is none that may be declared. */
export function placeOfUrl(text: string): { host: string; port: number; path: string; isTls: boolean } | undefined {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
  // What is contacted is what is written: no odd spelling of an address, no password, nothing that a path would hide.
  const isPlain = text.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`);
  if (!isPlain || url.username || url.password || url.search || url.hash || /[%\s]|\.\./.test(text)) return undefined;
  const isTls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isTls ? 443 : 80),
    path: url.pathname.replace(/\/+$/, ''),
    isTls,
  };
}

/** A central store of logs, and which of them are looked at. Of secrets only the names of environment variables stand here. */
export const logStoreSchema = z
  .strictObject({
    name: words(200),
    kind: z.enum(logStoreKinds),
    /** `https://10.0.0.9:9200`, a path may follow; `http` is read, and said to be in clear text. */
    url: z.string().max(300),
    /** Which logs it holds. */
    of: z.enum(['system', 'network', 'application']),
    /** Elasticsearch and OpenSearch: names of indices, aliases or data streams, `*` allowed. */
    indices: z.array(index).min(1).max(10).optional(),
    /** Elasticsearch and OpenSearch: the field that says when an entry arose. */
    time: words(200).optional(),
    /** Loki: `{job="leqi"}`. */
    selector: words(500)
      .regex(/^\{[^{}]+\}$/, { error: '须为标签选择器 {…} | must be a selector of labels, {…}' })
      .optional(),
    /** Loki: the tenant, `X-Scope-OrgID`. */
    tenant: z
      .string()
      .regex(/^[\w!.*'()-]{1,150}$/)
      .optional(),
    /** The declared hosts whose logs are in it; without them it is judged by itself. */
    hosts: z.array(words(200)).max(50).default([]),
    /** The field, or the label of Loki, that holds a host's name or address. */
    hostField: words(200).optional(),
    auth: z
      .union([
        z.strictObject({ user: words(200), password: variable }),
        z.strictObject({ apiKey: variable }),
        z.strictObject({ bearer: variable }),
      ])
      .optional(),
    /** PEM file of a private certificate authority; without it the public ones hold. */
    authority: z.string().min(1).max(4096).optional(),
    /** The certificate is not verified; said of all that is read. */
    unverified: z.literal(true).optional(),
  })
  .superRefine((store, context) => {
    const wrong = (path: string, error: string): void =>
      context.addIssue({ code: 'custom', path: [path], message: error });
    const isLoki = store.kind === 'loki';
    if (!placeOfUrl(store.url))
      wrong(
        'url',
        '须为 http(s)://主机:端口，不含账号和参数 | must be http(s)://host:port, without user or parameters',
      );
    if (isLoki !== (store.indices === undefined))
      wrong(
        'indices',
        'elasticsearch、opensearch 须写明，loki 不写 | is for elasticsearch and opensearch, which need it',
      );
    if (isLoki !== (store.selector !== undefined))
      wrong('selector', 'loki 须写明，其他不写 | is for loki, which needs it');
    if (isLoki ? store.time !== undefined : store.tenant !== undefined)
      wrong(isLoki ? 'time' : 'tenant', '不适用于此类存储 | is not for this kind of store');
    if (isLoki && store.hostField !== undefined && !/^[A-Za-z_]\w*$/.test(store.hostField))
      wrong('hostField', '不是标签名 | is no name of a label');
    if (store.auth && 'apiKey' in store.auth && isLoki) wrong('auth', 'loki 没有 API key | loki knows no API key');
  });

export type DeclaredLogStore = z.output<typeof logStoreSchema>;

/** What is looked at in a store, as its evidence and the report name it. */
export function selectionOf({ indices, selector }: DeclaredLogStore): CentralLogs['selection'] {
  return selector ?? (indices ?? []).join(',');
}

/** What is declared of a store, as evidence carries it: no account, no name of a variable. */
export function logStoreOf({ name, kind, of, url, hosts }: DeclaredLogStore): {
  name: string;
  kind: CentralLogs['kind'];
  of: CentralLogs['of'];
  address: string;
  port: number;
  hosts: string[];
} {
  const { host: address, port } = placeOfUrl(url) ?? { host: '', port: 0 };
  return { name, kind, of, address, port, hosts };
}

/** The hosts that a store names are declared ones: a slip would leave a host without its logs. */
export function checkLogStores(
  { hosts, logStores }: { hosts: readonly { name: string }[]; logStores: readonly DeclaredLogStore[] },
  context: z.RefinementCtx,
): void {
  const known = new Set(hosts.map(({ name }) => name));
  for (const [index, store] of logStores.entries()) {
    for (const name of store.hosts.filter((each) => !known.has(each))) {
      const message = `主机「${name}」未声明 | no host "${name}" is declared`;
      context.addIssue({ code: 'custom', path: ['logStores', index, 'hosts'], message });
    }
  }
}
