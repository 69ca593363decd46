import type { Forward, Place } from '../../../evidence/host/forwards.ts';
import type { Configuration, Part, Statement } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';

type Block = {
  readonly name: string;
  readonly label: string;
  readonly statements: Statement[];
  readonly blocks: Block[];
};

type Scope = {
  readonly listens: readonly Place[];
  readonly from: readonly string[] | undefined;
  readonly stream: boolean;
};

type Names = {
  readonly upstreams: ReadonlyMap<string, readonly Statement[]>;
  readonly values: ReadonlyMap<string, readonly string[]>;
};

/** Reads a reduced nginx configuration: each `*_pass` of a server, with what the server listens on. */
export function readNginx({ statements, running }: Configuration): Part {
  const { root, odd } = treeOf(statements);
  const names = { upstreams: upstreamsOf(root), values: valuesOf(root) };
  const scope: Scope = { listens: [], from: undefined, stream: false };
  // Then a password is enough, or the source is what a header says.
  const anyone = statements.some(
    ({ words }) => (words[0] === 'satisfy' && words[1] === 'any') || words[0] === 'set_real_ip_from',
  );
  const forwards = passes(root, scope, names).map(({ from, ...each }) => ({
    ...each,
    ...(from && !anyone ? { from } : {}),
    running,
  }));
  return { forwards, unread: odd.map((part) => ({ part, why: 'unclear' })) };
}

function treeOf(statements: readonly Statement[]): { root: Block; odd: string[] } {
  const root: Block = { name: '', label: '', statements: [], blocks: [] };
  const open = [root];
  const odd: string[] = [];
  for (const statement of statements) {
    const [name = '', ...rest] = statement.words;
    const end = rest.at(-1);
    const block = open.at(-1) ?? root;
    if (name === 'odd') odd.push(statement.where);
    else if (name === '}') {
      if (open.length > 1) open.pop();
      else odd.push(statement.where);
    } else if (end === '{') {
      const inner: Block = { name, label: rest.slice(0, -1).join(' '), statements: [], blocks: [] };
      // In njs, Lua and Perl anything may be fetched.
      if (isScript(name)) block.statements.push({ ...statement, words: [name] });
      block.blocks.push(inner);
      if (open.length < 64) open.push(inner);
      else odd.push(statement.where);
    } else block.statements.push({ ...statement, words: statement.words.slice(0, -1) });
  }
  return { root, odd: open.length > 1 ? [...odd, statements[0]?.where ?? 'nginx'] : odd };
}

function isScript(name: string): boolean {
  return /^js_(content|access|filter|preread|fetch_proxy|body_filter)|_by_lua|^perl$/.test(name);
}

function upstreamsOf(root: Block): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  for (const block of everyBlock(root)) {
    if (block.name === 'upstream')
      found.set(block.label.toLowerCase(), [...(found.get(block.label) ?? []), ...block.statements]);
  }
  return found;
}

// All values that a variable is given anywhere: which of them holds depends on the request.
function valuesOf(root: Block): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, value: string): void => {
    found.set(name, [...(found.get(name) ?? []), value].slice(0, 200));
  };
  for (const block of everyBlock(root)) {
    const mapped = /^(map|geo|split_clients)$/.test(block.name) ? block.label.split(' ').at(-1) : undefined;
    for (const { words } of block.statements) {
      if (words[0] === 'set') add(words[1] ?? '', words[2] ?? '?');
      else if (words[0] === 'value' && mapped) add(mapped, words[1] ?? '?');
    }
  }
  return found;
}

function everyBlock(block: Block): Block[] {
  return [block, ...block.blocks.flatMap(everyBlock)];
}

function passes(block: Block, outer: Scope, names: Names): Omit<Forward, 'running'>[] {
  const scope = scopeOf(block, outer);
  return [
    ...block.statements.flatMap((statement) => passOf(statement, scope, names)),
    ...block.blocks.flatMap((inner) => passes(inner, scope, names)),
  ];
}

function scopeOf(block: Block, outer: Scope): Scope {
  const stream = outer.stream || block.name === 'stream';
  const argumentsOf = (name: string): string[][] =>
    block.statements.filter(({ words }) => words[0] === name).map(({ words }) => words.slice(1));
  const access = block.statements.filter(({ words }) => words[0] === 'allow' || words[0] === 'deny');
  const from = access.length === 0 ? outer.from : sourcesOf(access);
  if (block.name !== 'server') return { ...outer, stream, from };
  const listens = argumentsOf('listen').flatMap(([text = '']) => listenerOf(text, '80') ?? []);
  // ngx_http_core_module: a server without `listen` takes port 80 on every address.
  return { listens: listens.length > 0 ? listens : [{ host: 'any', port: '80' }], stream, from };
}

// The first rule that fits decides: only `allow … ; deny all;` is a closed list.
function sourcesOf(access: readonly Statement[]): string[] | undefined {
  const end = access.findIndex(({ words }) => words[0] === 'deny' && words[1] === 'all');
  const before = access.slice(0, end).flatMap(({ words }) => (words[0] === 'allow' ? [words[1] ?? 'all'] : []));
  return end < 0 || before.includes('all') ? undefined : before;
}

const passing = /^(proxy|grpc|fastcgi|scgi|uwsgi|memcached)_pass$/;

function passOf(
  { words: [name = '', target = '', ...rest], where }: Statement,
  scope: Scope,
  names: Names,
): Omit<Forward, 'running'>[] {
  const common = { by: 'nginx', where, listens: [...scope.listens], ...(scope.from ? { from: [...scope.from] } : {}) };
  if (name === 'proxy_connect') return [{ ...common, kind: 'proxy', to: [], unresolved: [] }];
  if (name === 'auth_http' || isScript(name)) return [{ ...common, kind: 'relay', to: [], unresolved: [name] }];
  if (!passing.test(name) || (name === 'proxy_pass' && rest.length > 0)) return [];
  const { to, unresolved, byCaller } = destinationsOf(target, names, name);
  return [{ ...common, kind: byCaller ? 'proxy' : 'relay', to, unresolved }];
}

type Destinations = { to: Place[]; unresolved: string[]; byCaller: boolean };

// What the caller writes: ngx_http_core_module, ngx_stream_ssl_preread_module; numbers are parts of the request’s address.
const byCallers =
  /^\$\{?(\d+|host|http_\w+|arg_\w+|cookie_\w+|ssl_preread_\w+|ssl_server_name|hostname_from_\w+|proxy_protocol_\w+|server_addr)\}?$/;
const atEnd = /\$\{?(request_uri|uri|document_uri|is_args|args|query_string)\}?/g;

function destinationsOf(target: string, names: Names, pass: string): Destinations {
  const found: Destinations = { to: [], unresolved: [], byCaller: false };
  for (const text of resolved(target.replace(atEnd, ''), names, 0)) {
    const variable = text.match(/\$\{?\w+\}?/)?.[0];
    if (variable === undefined) {
      const places = text === '?' || text === '' ? undefined : servers(text, names, pass);
      if (places && places.length > 0) found.to.push(...places);
      else found.unresolved.push(target);
      continue;
    }
    // A name before the variable is told all the same: `https://host$1`.
    const fixed = placeOf(text.slice(0, text.indexOf('$')));
    if (fixed?.host.includes('.')) {
      found.to.push(fixed);
      found.unresolved.push(target);
    } else if (byCallers.test(variable)) found.byCaller = true;
    else found.unresolved.push(target);
  }
  return found;
}

function resolved(text: string, names: Names, depth: number): string[] {
  const [variable] = text.match(/\$\{?\w+\}?/) ?? [];
  const values = variable === undefined ? undefined : names.values.get(variable.replace(/[{}]/g, ''));
  if (variable === undefined || values === undefined || depth >= 5) return [text];
  return values
    .flatMap((value) => resolved(value === '?' ? '?' : text.replace(variable, () => value), names, depth + 1))
    .slice(0, 200);
}

function servers(text: string, { upstreams }: Names, pass: string): Place[] {
  const name = text.replace(/^[a-z0-9+.-]+:\/\//i, '').toLowerCase();
  const group = upstreams.get(name) ?? upstreams.get(name.replace(/:\d+$/, ''));
  const port = pass === 'proxy_pass' || pass === 'grpc_pass' ? '80' : undefined;
  if (!group) return [placeOf(text, port)].flatMap((place) => place ?? []);
  return group.flatMap(({ words }) => (words[0] === 'server' ? (placeOf(words[1] ?? '', '80') ?? []) : []));
}
