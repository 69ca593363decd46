import { ScopeError } from '../../errors.ts';
import { type Addresses, mostAliases, type NameView, type RecordType } from '../../evidence/network/addresses.ts';
import { specialRangeOf } from '../../evidence/public-address.ts';
import { expectedSubjects, isAddress, isLocalhost } from '../../evidence/subjects.ts';
import { declaredTargets } from '../../platform.ts';
import { declarationOf } from '../../platform-declaration.ts';
import { said } from '../../text.ts';
import { defineCollector, type Found, type Tools, Unavailable } from '../collector.ts';

/** Seconds for one question to one resolver. */
const timeout = 4;

/** What each resolver says of the names under which endpoints are declared, from where the scanner stands. */
export const addresses = defineCollector({
  id: 'network/addresses',
  kind: 'addresses',
  subjects: (platform) => expectedSubjects('endpoint-address', declarationOf(platform)),
  async collect(subject, tools) {
    if (isAddress(subject)) return written(subject);
    if (isLocalhost(subject)) throw new Unavailable('not-supported', said(thisMachine));
    try {
      return await resolved(subject, tools);
    } catch (error) {
      // The name of a certificate is no target: that it is the authority's stops nothing but the question.
      if (error instanceof ScopeError && !isTarget(subject, tools)) throw new Unavailable('refused', said(error.text));
      throw error;
    }
  },
});

function isTarget(name: string, { platform }: Tools): boolean {
  return declaredTargets(platform).includes(name);
}

function written(address: string): Found<'addresses'> {
  return {
    value: { written: 'address', address, ...rangeOf(address) },
    method: 'none: written as an address, there is nothing to resolve',
  };
}

async function resolved(name: string, tools: Tools): Promise<Found<'addresses'>> {
  const { resolvers } = tools.gate;
  if (resolvers.length === 0) throw new Unavailable('failed', said(noResolver));
  const views = await Promise.all(resolvers.map((resolver) => viewOf(name, resolver, tools)));
  const value: Addresses = { written: 'name', views };
  return { value, method: `DNS queries for CNAME, A and AAAA of ${name} to ${resolvers.join(', ')}` };
}

const thisMachine = {
  zh: 'localhost 只指本机，不向 DNS 查询',
  en: 'localhost is the machine itself; DNS is not asked about it',
};

const noResolver = {
  zh: '本机没有配置 DNS 服务器，平台文件也没有写明 resolvers',
  en: 'the machine has no resolver, and the platform file names none under resolvers',
};

// CNAMEs first: about a name that leads to the authority nothing further is asked.
async function viewOf(name: string, resolver: string, tools: Tools): Promise<NameView> {
  const chain = await chainOf(name, resolver, tools);
  const { aliases, aliasesBroken: none } = chain;
  // Who is silent once is not waited for again.
  if (aliases.length === 0 && (none === 'timed-out' || none === 'unreachable'))
    return { resolver, ...chain, a: { none }, aaaa: { none } };
  const [a, aaaa] = await Promise.all([addressesOf('A'), addressesOf('AAAA')]);
  return { resolver, ...chain, a, aaaa };

  async function addressesOf(type: RecordType): Promise<NameView['a']> {
    const { records, none } = await tools.gate.query(name, type, { resolver, timeout, signal: tools.signal });
    if (!records) return { none };
    return { addresses: records.map(({ value, ttl = 0 }) => ({ address: value, ttl, ...rangeOf(value) })) };
  }
}

async function chainOf(
  name: string,
  resolver: string,
  { gate, signal }: Tools,
): Promise<Pick<NameView, 'aliases' | 'aliasesBroken'>> {
  const aliases: string[] = [];
  for (let last = name; ; ) {
    const { records, none } = await gate.query(last, 'CNAME', { resolver, timeout, signal });
    if (none === 'no-records' || (none === 'no-such-name' && aliases.length === 0)) return { aliases };
    if (!records) return { aliases, aliasesBroken: none };
    const next = records[0]?.value ?? '';
    if (aliases.includes(next) || next === name.toLowerCase()) return { aliases, aliasesBroken: 'loop' };
    if (aliases.length === mostAliases) return { aliases, aliasesBroken: 'too-long' };
    aliases.push(next);
    last = next;
  }
}

function rangeOf(address: string): Pick<Extract<Addresses, { written: 'address' }>, 'range'> {
  const range = specialRangeOf(address);
  return range ? { range } : {};
}
