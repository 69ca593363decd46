import type { Forward, Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part, Statement } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';

type Section = {
  readonly kind: string;
  readonly name: string;
  readonly where: string;
  readonly statements: Statement[];
};

const sections = /^(global|defaults|frontend|backend|listen|peers|ring|log-forward|resolvers|program|cache)$/;

/** Reads a reduced HAProxy configuration: each server line, with the binds of the frontends that may use its backend. */
export function readHaproxy({ statements, running }: Configuration): Part {
  const all = sectionsOf(statements);
  const backends = all.filter(({ kind }) => kind === 'backend' || kind === 'listen');
  const fronts = all.filter(({ kind }) => kind === 'frontend' || kind === 'listen');
  const shared = all.filter(({ kind }) => kind === 'defaults').flatMap(({ statements: own }) => own);
  const forwards = fronts.flatMap((front) => {
    const binds = front.statements.filter(({ words }) => words[0] === 'bind').map(({ words }) => words[1] ?? '');
    const listens = binds.flatMap((text) => text.split(',').flatMap((each) => bindOf(each) ?? []));
    const rules = [...front.statements, ...shared];
    const common = { by: 'haproxy', running, listens: asksForSource(rules) ? [] : listens };
    const used = [front, ...backends.filter(({ name }) => mayUse(rules, name))];
    return used.flatMap((section) => [...section.statements, ...shared].flatMap((each) => forwardOf(each, common)));
  });
  const scripts = statements.filter(({ words }) => words[0]?.startsWith('lua-load'));
  return { forwards: unique(forwards), unread: scripts.map(({ where }) => ({ part: where, why: 'unclear' })) };
}

function sectionsOf(statements: readonly Statement[]): Section[] {
  const found: Section[] = [];
  for (const statement of statements) {
    const [kind = '', name = '', address] = statement.words;
    if (!sections.test(kind)) {
      found.at(-1)?.statements.push(statement);
      continue;
    }
    found.push({ kind, name, where: statement.where, statements: [] });
    // `listen NAME :80` of old configurations.
    if (address !== undefined && (kind === 'listen' || kind === 'frontend'))
      found.at(-1)?.statements.push({ where: statement.where, words: ['bind', address] });
  }
  return found;
}

// `%[…]`: which backend is taken is told by the request, so that it may be any.
function mayUse(rules: readonly Statement[], backend: string): boolean {
  return rules.some(
    ({ words: [name, target = ''] }) =>
      (name === 'use_backend' || name === 'default_backend') &&
      (target === backend || target.includes('%') || target.includes('$')),
  );
}

// Then only some may use it; who, the rules say by means that are not read here.
function asksForSource(rules: readonly Statement[]): boolean {
  const lists = new Set(rules.flatMap(({ words: [name, list = ''] }) => (name === 'acl' ? [list] : [])));
  return rules.some(
    ({ words: [name = '', ...rest] }) =>
      /^(http-request|tcp-request|use_backend)$/.test(name) &&
      rest.some((word) => word === 'src' || lists.has(word.replace(/^!/, ''))),
  );
}

function bindOf(text: string): Place | undefined {
  const bare = text.replace(/^(ipv4|ipv6|quic4|quic6|tcp|tcp4|tcp6|unix|abns)@/, (prefix) =>
    /unix|abns/.test(prefix) ? 'unix:' : '',
  );
  // A variable of the environment: anything.
  return /[$"]/.test(bare) ? { host: 'any' } : listenerOf(bare);
}

type Common = Pick<Forward, 'by' | 'running' | 'listens'>;

function forwardOf({ words, where }: Statement, common: Common): Forward[] {
  const [name = '', ...rest] = words;
  const relay = (to: Place[], unresolved: string[]): Forward[] => [{ ...common, where, kind: 'relay', to, unresolved }];
  if (name === 'server' || name === 'server-template' || name === 'dispatch') {
    const text = rest[name === 'server' ? 1 : name === 'dispatch' ? 0 : 2] ?? '';
    return [...serverOf(text, { ...common, where }), ...socks(rest, relay)];
  }
  if (name === 'option' && (rest[0] === 'http_proxy' || rest[0] === 'transparent')) return proxy({ ...common, where });
  if (/^(http|tcp)-request$/.test(name) && rest.some((word) => /^set-dst|^do-resolve/.test(word)))
    return proxy({ ...common, where });
  if (/^(http|tcp)-request$/.test(name) && rest.some((word) => /^(use-service|lua\.)/.test(word)))
    return relay([], [rest.join(' ')]);
  return [];
}

function serverOf(text: string, common: Common & { where: string }): Forward[] {
  const bare = text.replace(/^(ipv4|ipv6|tcp|tcp4|tcp6|udp)@/, '').replace(/^(unix|abns)@/, 'unix:');
  const place = /[$"%]/.test(bare) ? undefined : placeOf(bare);
  // Address 0.0.0.0 and `*`: where the caller was going (HAProxy manual, 4.2, "server").
  if (place?.host === 'any') return proxy(common);
  return [{ ...common, kind: 'relay', to: place ? [place] : [], unresolved: place ? [] : [text] }];
}

function socks(rest: readonly string[], relay: (to: Place[], unresolved: string[]) => Forward[]): Forward[] {
  const at = rest.indexOf('socks4');
  const place = at < 0 ? undefined : placeOf(rest[at + 1] ?? '');
  return place ? relay([place], []) : [];
}

function proxy(common: Common & { where: string }): Forward[] {
  return [{ ...common, kind: 'proxy', to: [], unresolved: [] }];
}

function unique(forwards: readonly Forward[]): Forward[] {
  return [...new Map(forwards.map((each) => [JSON.stringify(each), each])).values()];
}
