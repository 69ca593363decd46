/**
 * What a module may take from a package by which sockets are opened, programs started or code loaded. Everything that is not
 * granted here or harmless by {@link harmless} is a way around the scope guard.
 */
const grants: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'src/gate.ts': { 'node:child_process': ['spawn'], 'node:net': ['isIP', 'connect'] },
  // Asks resolvers, for the gate alone.
  'src/name-service.ts': { 'node:dns/promises': ['getServers', 'lookup', 'Resolver'], 'node:net': ['isIP'] },
  'src/scope.ts': { 'node:net': ['isIP'] },
  // TLS over a stream that the gate opened: see `ownConnections`.
  'src/collectors/transports/socket.ts': { 'node:tls': ['connect'] },
  // HTTP, and TLS, over a stream that the gate opened.
  'src/collectors/transports/http.ts': { 'node:http': ['request'], 'node:tls': ['connect'] },
  'src/collectors/transports/anchors.ts': { 'node:tls': ['createSecureContext', 'getCACertificates'] },
  // SSH over a stream that the gate opened, a jump host's channel, or the agent's socket: see `ownConnections`.
  'src/collectors/transports/ssh-agent.ts': { ssh2: ['*'] },
  'src/collectors/transports/ssh-connect.ts': { ssh2: ['*'] },
  'src/collectors/transports/ssh-login.ts': { ssh2: ['*'] },
  // Clients of databases over a stream that the gate opened.
  'src/collectors/transports/mysql.ts': { mysql2: ['authPlugins', 'createConnection'] },
  'src/collectors/transports/postgresql.ts': { pg: ['*'], 'node:tls': ['checkServerIdentity', 'TLSSocket'] },
  // BSON over a stream that the gate opened.
  'src/collectors/transports/mongodb.ts': { 'node:tls': ['checkServerIdentity', 'connect', 'TLSSocket'] },
  'src/collectors/transports/database.ts': { 'node:net': ['isIP'] },
  'src/collectors/transports/service-talk.ts': { 'node:tls': ['connect'] },
  // Programs of their own, which the gate starts.
  'src/collectors/transports/sqlite-read-only.ts': { 'node:sqlite': ['DatabaseSync'] },
  // Finds packages, loads none.
  'src/reporters/pdf/fonts.ts': { 'node:module': ['createRequire'] },
  // What V8 does with memory.
  'src/frugal.ts': { 'node:v8': ['setFlagsFromString'] },
  // The browser: without a network where the machine allows that, and else without anything that it would look up or connect to.
  'src/reporters/pdf/browser-process.ts': { 'node:child_process': ['spawn'] },
  // Speaks to it through the pipes that are handed over.
  'src/reporters/pdf/chromium.ts': { 'puppeteer-core': ['*'] },
};

/** Packages that open nothing and start nothing. */
const harmless = new Set([
  ...[
    'buffer',
    'crypto',
    'fs',
    'fs/promises',
    'os',
    'path',
    'readline',
    'readline/promises',
    'stream',
    'stream/consumers',
  ],
  ...['stream/promises', 'timers/promises', 'url', 'util', 'zlib'],
]);

const harmlessPackages = new Set([
  ...['@cantoo/pdf-lib', 'big.js', 'bson', 'commander', 'csv-parse', 'fast-xml-parser', 'handlebars', 'ical-generator'],
  ...['asn1js', 'node-forge', 'pkijs'],
  ...['ipaddr.js', 'saxes', 'write-excel-file/node', 'yaml', 'yauzl', 'yazl', 'zod', 'zod/locales'],
]);

/** Who may be handed what opens the gate, or goes past it. */
const insiders: readonly { what: RegExp; only: readonly string[] }[] = [
  { what: /\bcreate(Gate|Scope)\b/, only: ['src/gate.ts', 'src/scope.ts', 'src/commands/'] },
  {
    what: /\b(createQuery|resolve|lookUp|ask)\b.*\bfrom '[^']*name-service|\* as \w+ from '[^']*name-service/s,
    only: ['src/gate.ts'],
  },
];

/** Names by which something is reached, or code is made, without an import. */
const forbidden: readonly RegExp[] = [
  /\bfetch\s*[(.[]|=\s*fetch\b/,
  /\b(WebSocket|EventSource|XMLHttpRequest|sendBeacon|WebTransport|RTCPeerConnection|Worker|SharedWorker)\b/,
  /\bglobalThis\b|\bglobal\s*[.[]|\bself\s*\[/,
  /\beval\s*\(|\bFunction\s*\(|\.\s*constructor\b|["'`]constructor["'`]|\bReflect\.construct\b/,
  /\brequire\s*\(|createRequire\([^)]*\)\s*\(|(?<![.\w])module\s*\.|\bmainModule\b|\bgetBuiltinModule\b/,
  /\bprocess\s*\[|\.\s*binding\s*\(|["'`]binding["'`]|\b(_linkedBinding|dlopen|setEngine|enableLoadExtension|loadExtension|allowExtension)\b/,
  /\bWebAssembly\b/,
];

/** The ways around the scope guard in a source file, as words of it; none if there is none. */
export function offencesIn(path: string, source: string): string[] {
  const imports = [...source.matchAll(importPattern)].flatMap((match) => {
    const { clause = '', from = '', alone = '' } = match.groups ?? {};
    return unlessGranted(path, from || alone, from ? namesIn(clause) : ['*']);
  });
  const dynamic = [...source.matchAll(/\bimport\s*\(\s*(?:'(?<name>[^'\n]*)'\s*\)|(?<odd>.{0,40}))/g)].flatMap(
    ({ groups }) => (groups?.name === undefined ? [`import(${groups?.odd})`] : unlessGranted(path, groups.name, ['*'])),
  );
  const named = forbidden.flatMap((pattern) => pattern.exec(withoutComments(source))?.[0] ?? []);
  const inside = insiders
    .filter(({ what, only }) => what.test(withoutComments(source)) && !only.some((each) => path.startsWith(each)))
    .map(({ what }) => String(what));
  return [...imports, ...dynamic, ...named, ...inside, ...ownConnections(path, source)];
}

// tls.connect() that is given no stream opens a socket of its own, and so do a client of ssh2 and a request of HTTP.
function ownConnections(path: string, source: string): string[] {
  if (grants[path]?.ssh2) return [...source.matchAll(/\.\s*connect\s*\((?!\{\s*sock: )/g)].map(([call]) => call);
  const requests = grants[path]?.['node:http'] ? ownRequests(withoutComments(source)) : [];
  if (!grants[path]?.['node:tls']?.includes('connect')) return requests;
  return [...requests, ...[...source.matchAll(/(?<![.\w])connect\b(?!,|\(\{\s*socket: )/g)].map(([call]) => call)];
}

function ownRequests(source: string): string[] {
  return [...source.matchAll(/(?<![.\w])request\b(?! \}|,|\(\{\s*createConnection: )/g)].map(([call]) => call);
}

const importPattern =
  /(?<=^|[;}])\s*(?:import|export)\s+(?!type\b)(?<clause>(?:[\w$*\s,{}]|\btype\b)*?)\s*from\s*["'`](?<from>[^"'`]+)["'`]|(?<=^|[;}])\s*import\s*["'`](?<alone>[^"'`]+)["'`]/gm;

// Values only; the name in the package, not the one it is given here.
function namesIn(clause: string): string[] {
  const [, braced] = clause.match(/\{([^}]*)\}/) ?? [];
  if (braced === undefined || clause.trim()[0] !== '{') return ['*'];
  const names = braced.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/)[0] ?? name);
}

function unlessGranted(path: string, from: string, names: readonly string[]): string[] {
  if (from.startsWith('.')) return from.endsWith('.ts') ? [] : [from];
  if (harmlessPackages.has(from) || (from.startsWith('node:') && harmless.has(from.slice(5)))) return [];
  const granted = grants[path]?.[from] ?? [];
  return names.filter((name) => !granted.includes(name)).map((name) => `${name} from ${from}`);
}

/** A source without the lines that are comments; what looks like one in the middle of a line may be a path in a string. */
export function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
