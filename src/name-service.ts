import { getServers, lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { codeOf, ScopeError } from './errors.ts';
import {
  type DnsRecord,
  mostAddresses,
  mostAliases,
  type NoAnswer,
  type RecordType,
} from './evidence/network/addresses.ts';
import { isLocalhost } from './evidence/subjects.ts';
import type { Scope } from './scope.ts';

/** What a resolver answered: records, one at least, or why there are none. */
export type DnsAnswer =
  | { readonly records: readonly DnsRecord[]; readonly none?: undefined }
  | { readonly none: NoAnswer; readonly records?: undefined };

/** A resolver's address, and its port where it is not 53. */
export type ResolverPlace = { readonly address: string; readonly port: number };

/** How long a resolver may take in all, in seconds, and what ends it sooner. */
export type Patience = { readonly timeout: number; readonly signal?: AbortSignal | undefined };

/** The resolvers that the machine itself uses, as /etc/resolv.conf names them. */
export function machineResolvers(): string[] {
  return getServers();
}

// Reads `223.5.5.5`, `127.0.0.1:5353`, `2400:3200::1` or `[2400:3200::1]:53`; undefined for anything else.
function resolverPlace(text: string): ResolverPlace | undefined {
  if (isIP(text)) return { address: text, port: 53 };
  const [, bracketed, plain, port] = text.match(/^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/) ?? [];
  const address = bracketed ?? plain;
  return address !== undefined && isIP(address) ? { address, port: Number(port) } : undefined;
}

/**
 * The addresses that the machine itself finds for a name: hosts(5), else getaddrinfo(3). The dot at the end keeps it this name: no
 * search list of resolv.conf(5), no LOCALDOMAIN and no HOSTALIASES makes another one of it, below the authority's domain, say.
 */
async function lookUp(name: string): Promise<string[]> {
  const absolute = `${name.replace(/\.+$/, '')}.`;
  const listed = listedIn(await readFile('/etc/hosts', 'utf8').catch(() => ''), absolute.slice(0, -1));
  if (listed.length > 0) return listed;
  const answers = await lookup(absolute, { all: true });
  return answers.map(({ address }) => address);
}

function listedIn(hosts: string, name: string): string[] {
  return hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) && names.some((each) => each.toLowerCase() === name.toLowerCase()) ? [address] : [];
  });
}

/**
 * Asks one of the gate's resolvers about a declared name, or about one that a CNAME of a declared name led to. Throws
 * {@link ScopeError} if what comes back is the authority's; never asks about the authority's names.
 */
export type Query = (name: string, type: RecordType, from: { resolver: string } & Patience) => Promise<DnsAnswer>;

/** Makes the way to ask these resolvers about what is in scope, and about the given names; each question is logged. */
export function createQuery(
  scope: Scope,
  resolvers: readonly string[],
  names: readonly string[],
  log: (place: ResolverPlace) => void,
): Query {
  // Those that a CNAME leads to join them.
  const askable = new Set(names);
  return async (name, type, { resolver, ...patience }) => {
    if (askable.has(name)) scope.permitResolved(name, [name]);
    else scope.permit(name);
    const place = resolverPlace(resolver);
    if (!place || !resolvers.includes(resolver)) throw new Error(`${resolver} is no resolver that may be asked`);
    scope.permitResolved('DNS', [place.address]);
    log(place);
    const answer = await ask(name, type, resolver, patience);
    if (!answer.records) return answer;
    const judged = scope.permitResolved(
      name,
      answer.records.map(({ value }) => value),
    );
    if (type === 'CNAME') for (const alias of judged) askable.add(alias);
    return { records: answer.records.map((record, index) => ({ ...record, value: judged[index] ?? record.value })) };
  };
}

/** Seconds for the whole chain of a name: a silent resolver must not hold up what /etc/hosts knows; half for one resolver. */
const chainTime = 2;

/**
 * The addresses of a name, the one to contact first; its aliases are followed by each of the views before that: a view is a list of
 * resolvers, of which the first that answers counts. Throws {@link ScopeError} if a name or an address on the way is the authority's.
 */
export async function resolve(
  scope: Scope,
  name: string,
  views: readonly (readonly string[])[],
  query: Query,
): Promise<readonly [string, ...string[]]> {
  // First of all: nobody is made to look for the address of a name that leads to the authority.
  if (!isLocalhost(name)) await Promise.all(views.map((resolvers) => followAliases(name, resolvers, query)));
  const [first, ...others] = scope.permitResolved(name, await lookUp(name));
  if (first === undefined) throw new Error(`${name} resolves to nothing`);
  // The machine has two addresses of its own for itself.
  return isLocalhost(name) ? [first] : [first, ...new Set(others.filter((each) => each !== first))];
}

// The query itself throws where a name is the authority's; one that nobody answers for may still stand in /etc/hosts.
async function followAliases(name: string, resolvers: readonly string[], query: Query): Promise<void> {
  const signal = AbortSignal.timeout(chainTime * 1000);
  const names = new Set([name]);
  for (const each of names) {
    if (names.size > mostAliases || signal.aborted) return;
    for (const { value } of await aliasesOf(each, resolvers, query, signal)) names.add(value);
  }
}

async function aliasesOf(
  name: string,
  resolvers: readonly string[],
  query: Query,
  signal: AbortSignal,
): Promise<readonly { value: string }[]> {
  for (const resolver of resolvers) {
    const answer = await query(name, 'CNAME', { resolver, timeout: chainTime / 2, signal }).catch(onlyRefusals);
    if (answer?.records) return answer.records;
    if (answer?.none === 'no-such-name' || answer?.none === 'no-records') return [];
  }
  return [];
}

function onlyRefusals(error: unknown): undefined {
  if (error instanceof ScopeError) throw error;
}

// Over UDP, over TCP where the answer is too long, again where it was lost.
async function ask(
  name: string,
  type: RecordType,
  resolver: string,
  { timeout, signal }: Patience,
): Promise<DnsAnswer> {
  // The second try waits twice as long as the first.
  const asking = new Resolver({ timeout: Math.ceil((timeout * 1000) / 3), tries: 2 });
  const limit = AbortSignal.any([AbortSignal.timeout(timeout * 1000), ...(signal ? [signal] : [])]);
  const stop = (): void => asking.cancel();
  try {
    limit.throwIfAborted();
    asking.setServers([resolver]);
    limit.addEventListener('abort', stop, { once: true });
    const records = await recordsOf(asking, name, type);
    if (records.length > mostAddresses) return { none: 'too-many' };
    return records.length === 0 ? { none: 'no-records' } : { records };
  } catch (error) {
    signal?.throwIfAborted();
    return { none: limit.aborted ? 'timed-out' : (failures[codeOf(error) ?? ''] ?? 'failed') };
  } finally {
    limit.removeEventListener('abort', stop);
  }
}

async function recordsOf(asking: Resolver, name: string, type: RecordType): Promise<DnsRecord[]> {
  if (type === 'CNAME') return (await asking.resolveCname(name)).map((value) => ({ value }));
  const answers = type === 'A' ? asking.resolve4(name, { ttl: true }) : asking.resolve6(name, { ttl: true });
  return (await answers).map(({ address, ttl }) => ({ value: address, ttl }));
}

// c-ares' error codes, as Node passes them on; ares_query(3).
const failures: Readonly<Record<string, NoAnswer>> = {
  ENOTFOUND: 'no-such-name',
  ENODATA: 'no-records',
  ESERVFAIL: 'server-failure',
  EREFUSED: 'refused',
  ENOTIMP: 'refused',
  ETIMEOUT: 'timed-out',
  ECANCELLED: 'timed-out',
  ECONNREFUSED: 'unreachable',
  EBADRESP: 'bad-answer',
  EFORMERR: 'bad-answer',
};
