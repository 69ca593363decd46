import type { Forward, Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part, Statement } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';

/**
 * Reads a reduced Apache configuration (mod_proxy, mod_rewrite): what is passed on, and where it listens. Conditions such as
 * <IfModule> count as fulfilled; rules outside a <VirtualHost> hold on every listener.
 */
export function readApache({ statements, running }: Configuration): Part {
  const named = (name: string): Statement[] => statements.filter(({ words }) => words[0]?.toLowerCase() === name);
  const defines = new Map(named('define').map(({ words }) => [words[1] ?? '', words[2] ?? '']));
  const all = named('listen').flatMap(({ words }) => listenerOf(words[1] ?? '', '80') ?? []);
  const balancers = balancersOf(statements);
  const forwards: Forward[] = [];
  const guarded = isGuarded(statements);
  let listens = all;
  for (const { words, where } of statements) {
    const [name = '', ...rest] = words.map((word) => defined(word, defines));
    const key = name.toLowerCase();
    if (key === '<virtualhost') listens = virtualHost(rest, all);
    else if (key === '</virtualhost>') listens = all;
    const found = forwardOf(key, rest, balancers);
    if (found) forwards.push({ by: 'apache', where, running, listens: guarded ? [] : listens, ...found });
  }
  return { forwards, unread: hiddenRules(statements) };
}

// A <Proxy> or <Location> that lets in only some: who may use what is passed on cannot be told from here.
function isGuarded(statements: readonly Statement[]): boolean {
  let block: readonly (readonly string[])[] = [];
  let inside = false;
  return statements.some(({ words }) => {
    const key = words[0]?.toLowerCase() ?? '';
    if (/^<(location|locationmatch|proxy|proxymatch)$/.test(key)) [inside, block] = [true, []];
    else if (/^<\/(location|locationmatch|proxy|proxymatch)>$/.test(key)) {
      inside = false;
      const asks = block.some(
        ([name = '', what = '']) => /^deny$/i.test(name) || (/^require$/i.test(name) && !/^all$/i.test(what)),
      );
      return (
        asks && !block.some(([name = '', handler = '']) => /^sethandler$/i.test(name) && !/^proxy:/i.test(handler))
      );
    } else if (inside) block = [...block, words];
    return false;
  });
}

// An .htaccess file may rewrite to another server, and it may lie in any folder.
function hiddenRules(statements: readonly Statement[]): Part['unread'] {
  const proxies = statements.some(
    ({ words }) => words[0]?.toLowerCase() === 'loadmodule' && words[1] === 'proxy_module',
  );
  const open = statements.find(
    ({ words }) => words[0]?.toLowerCase() === 'allowoverride' && !/^none$/i.test(words[1] ?? ''),
  );
  return proxies && open ? [{ part: `.htaccess (${open.where})`, why: 'unclear' }] : [];
}

function defined(word: string, defines: ReadonlyMap<string, string>): string {
  return word.replace(/\$\{(\w+)\}/g, (whole, name: string) => defines.get(name) ?? whole);
}

function virtualHost(addresses: readonly string[], all: Place[]): Place[] {
  const places = addresses.flatMap((each) => {
    const bare = each.replace(/>$/, '').replace(/^_default_/i, '*');
    return placeOf(bare) ?? [];
  });
  // A virtual host on every address takes what the listeners let in.
  const found = places.flatMap((place) => {
    const same = all.filter(({ port }) => place.port === undefined || port === place.port);
    return place.host === 'any' ? same : [{ ...place, ...(place.port ? {} : (same[0] ?? {})), host: place.host }];
  });
  return found.length > 0 ? found : all;
}

function balancersOf(statements: readonly Statement[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let open = '';
  for (const { words } of statements) {
    const [name = '', first = '', second = ''] = words;
    const key = name.toLowerCase();
    if (key === '<proxy') open = first.replace(/>$/, '').toLowerCase();
    else if (key === '</proxy>') open = '';
    else if (key === 'balancermember') {
      const [balancer, member] = open.startsWith('balancer:') ? [open, first] : [first.toLowerCase(), second];
      found.set(balancer, [...(found.get(balancer) ?? []), member]);
    }
  }
  return found;
}

type Found = Pick<Forward, 'kind' | 'to' | 'unresolved'>;

function forwardOf(
  key: string,
  rest: readonly string[],
  balancers: ReadonlyMap<string, readonly string[]>,
): Found | undefined {
  if (key === 'proxyrequests' && /^on$/i.test(rest[0] ?? '')) return { kind: 'proxy', to: [], unresolved: [] };
  if (key === 'proxyremote' || key === 'proxyremotematch') return destination(rest[1] ?? '', balancers);
  if (key === 'sethandler' && /^proxy:/i.test(rest[0] ?? '')) return destination((rest[0] ?? '').slice(6), balancers);
  if (key.startsWith('lua') && key !== 'luahooklog') return { kind: 'relay', to: [], unresolved: [key] };
  if (key === 'use') return { kind: 'relay', to: [], unresolved: [`Use ${rest[0] ?? ''}`] };
  if (key === 'proxypass' || key === 'proxypassmatch') {
    // Inside <Location> the path is left out.
    const target = rest.find((word) => word === '!' || /^[a-z0-9+]+:/i.test(word)) ?? rest[1] ?? rest[0] ?? '';
    return target === '!' ? undefined : destination(target, balancers);
  }
  if (key === 'rewriterule' && /(^\[|,)(p|proxy)(,|\]$)/i.test(rest[2] ?? ''))
    return destination(rest[1] ?? '', balancers);
  return undefined;
}

function destination(text: string, balancers: ReadonlyMap<string, readonly string[]>): Found {
  const members = balancers.get(text.toLowerCase().replace(/\/+$/, ''));
  if (members) {
    const found = members.map((member) => destination(member, new Map()));
    return {
      kind: 'relay',
      to: found.flatMap(({ to }) => to),
      unresolved: found.flatMap(({ unresolved }) => unresolved),
    };
  }
  const [, authority = text] = text.match(/^[a-z0-9+]+:\/\/([^/?]*)/i) ?? [];
  if (/^\$\d|^%\{(HTTP_HOST|HTTP:|REQUEST_URI|THE_REQUEST|QUERY_STRING)|^%\d/i.test(authority))
    return { kind: 'proxy', to: [], unresolved: [] };
  const variable = authority.search(/[$%]/);
  if (variable < 0 || /^unix:/.test(text)) {
    const place = placeOf(text);
    return { kind: 'relay', to: place ? [place] : [], unresolved: place ? [] : [text] };
  }
  const fixed = placeOf(text.slice(0, text.indexOf(authority) + variable));
  return { kind: 'relay', to: fixed?.host.includes('.') ? [fixed] : [], unresolved: [text] };
}
