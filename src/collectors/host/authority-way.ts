import ipaddr from 'ipaddr.js';
import type { AuthorityWay, OffSwitch } from '../../evidence/host/authority-way.ts';
import type { DeclaredHost } from '../../platform.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { wayScript } from './authority-way/script.ts';
import { switchOf } from './authority-way/switches.ts';
import { type Unread, unreadLine } from './forwards/configurations.ts';
import { clean, isComplete, linesOf, ranAsRoot } from './output.ts';

type Config = AuthorityWay['configs'][number];

const most = 2000;

/** How the connector is configured to reach the tax authority, whether certificates are verified, which connections stand. */
export const authorityWay = defineHostCollector({
  id: 'host/authority-way',
  kind: 'authorityWay',
  ask: (host) => [
    {
      name: 'way',
      why: 'where the declared connector leads to, settings that turn the verification of certificates off (their names, no line), TCP connections that stand; nothing is resolved or contacted',
      script: wayScript(host),
      asRoot: true,
      timeout: 60,
      limit: 2 * 1024 * 1024,
    },
  ],
  read: readWay,
});

function readWay(results: CommandResults, host: DeclaredHost): AuthorityWay {
  const result = results('way');
  // A line that was lost might have turned verification off.
  if (!isComplete(result)) throw new Unavailable(result.timedOut ? 'timed-out' : 'failed', result.stderr || 'way');
  const { stdout } = result;
  const connector = host.connector ?? { config: [], programs: [] };
  const programs = new Set(connector.programs.map((name) => name.slice(0, 15)));
  const running = linesOf(stdout, 'runs:');
  const processes = processesIn(stdout, programs);
  const sessions = sessionsIn(linesOf(stdout, 'session:'));
  const all = ranAsRoot(result) && /^all-seen$/m.test(stdout);
  const unread: Unread[] = [
    ...linesOf(stdout, '!! ').map((line) => unreadLine(`!! ${line}`)),
    ...(all ? [] : [{ part: '/proc', why: 'denied' as const }]),
    ...(sessions.length > most || linesOf(stdout, 'process:').length >= most
      ? [{ part: '…', why: 'too-many' as const }]
      : []),
  ];
  return {
    configs: configsIn(stdout, connector.config),
    processes: processes.slice(0, most),
    ...(programs.size === 0 ? {} : { connectorRuns: running.some((name) => programs.has(name)) }),
    sessions: sessions.slice(0, most),
    aliases: linesOf(stdout, 'alias:').map((line) => {
      const [address = '', name = ''] = line.split(' ');
      return { name: clean(name), address: clean(address) };
    }),
    unread,
  };
}

function configsIn(output: string, paths: readonly string[]): Config[] {
  const parts = output.split(/^config:/m).slice(1);
  const heads = new Map(parts.map((part): [string, string] => [part.slice(0, part.indexOf('\n')), part]));
  return paths.map((path, index) => {
    const [head = '', part = ''] = [...heads].find(([each]) => each.startsWith(`${index}\t`)) ?? [];
    const problem = problemOf(head.slice(`${index}\t`.length));
    const isCut = part.split('\n').length - 2 >= most || linesOf(part, 'long:').length > 0;
    return {
      path: clean(path),
      ...(problem === undefined ? (isCut ? { problem: 'too-large' as const } : {}) : { problem }),
      destinations: linesOf(part, 'to:').flatMap(destinationOf),
      switches: linesOf(part, 'switch:').flatMap((line) => {
        const [number = '', rest = ''] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
        return switchIn(rest).map((each) => ({ ...each, line: Number(number) }));
      }),
    };
  });
}

function problemOf(state: string): Config['problem'] {
  if (state === 'read') return undefined;
  return state === 'missing' || state === 'denied' || state === 'too-large' ? state : 'unclear';
}

function destinationOf(line: string): Config['destinations'] {
  const [number = '', scheme = '', place = ''] = line.split('\t');
  const [, host = place, port] = /^(.*?):(\d{1,5})$/.exec(place.replace(/^\[(.*)\]/, '$1')) ?? [];
  const isPort = port !== undefined && Number(port) <= 65_535;
  const bare = clean(host.toLowerCase().replace(/\.+$/, ''));
  return [{ line: Number(number), scheme: clean(scheme), host: bare, ...(isPort ? { port: Number(port) } : {}) }];
}

function switchIn(text: string): OffSwitch[] {
  const [number = '', near = ''] = text.split('\t');
  const known = switchOf(number);
  return known ? [{ name: known.name, scope: known.all ? 'all' : near === 'here' ? 'here' : 'some' }] : [];
}

function processesIn(output: string, programs: ReadonlySet<string>): AuthorityWay['processes'] {
  const rows = linesOf(output, 'process:').map((line) => {
    const [pid = '', number = '', near = '', name = ''] = line.split('\t');
    return { pid, name: clean(name), found: switchIn(`${number}\t${near}`) };
  });
  return [...Map.groupBy(rows, ({ pid }) => pid).values()].flatMap((each) => {
    const program = each[0]?.name ?? '';
    const switches = each.flatMap(({ found }) => found);
    return switches.length === 0 ? [] : [{ program, connector: programs.has(program), switches }];
  });
}

function sessionsIn(lines: readonly string[]): AuthorityWay['sessions'] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, hex = '', port = '', count = ''] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) (\d{1,9})$/.exec(line) ?? [];
    const address = addressOf(hex);
    if (!address || address.range() === 'loopback') continue;
    const key = `${address.toString()} ${Number.parseInt(port, 16)}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(count));
  }
  return [...counts]
    .map(([key, count]) => {
      const [address = '', port = ''] = key.split(' ');
      return { address, port: Number(port), count };
    })
    .filter(({ count }) => count > 0);
}

// /proc/net/tcp writes each word of 32 bits in the order of the machine, which is little-endian wherever Linux servers are sold here.
function addressOf(hex: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((each) => Number.parseInt(each, 16)),
  );
  if (bytes.length === 0) return undefined;
  return ipaddr.process(ipaddr.fromByteArray(bytes).toString());
}
