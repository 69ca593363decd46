import type { Forward, Forwards } from '../../../evidence/host/forwards.ts';
import { clean } from '../output.ts';
import { type Part, type Unread, unreadLine } from './configurations.ts';
import { readIptables } from './iptables.ts';
import { readNftables } from './nftables.ts';
import { placeOf } from './places.ts';
import { type Network, type RuleSet, routesOf, translations } from './rules.ts';

/** What one program printed when the script asked it. */
export type Answer = { readonly tool: string; readonly failed: boolean; readonly lines: string[] };
/** What the script printed: answers of programs, single facts, and what it could not read. */
export type Printed = { readonly answers: Answer[]; readonly facts: string[]; readonly unread: Unread[] };

/** Reads whether the kernel routes, its rules, its load balancer, and what the SSH service forwards at this moment. */
export function readKernel(output: string): Part & Pick<Forwards, 'routes' | 'own'> {
  const printed = printedIn(output);
  const network = networkOf(printed);
  const rules = rulesOf(printed);
  const failed = printed.answers.filter((answer) => answer.failed);
  return {
    forwards: [
      ...unique(translations(rules, network)),
      ...virtualServers(linesOf(printed, 'ip_vs')),
      ...sshConnections(linesOf(printed, 'ssh-listens'), linesOf(printed, 'ssh-connections')),
    ],
    routes: routesOf(rules, network),
    own: [...network.own],
    unread: [
      ...printed.unread,
      ...rules.unread,
      ...failed.map(({ tool, lines }) => ({ part: clean(`${tool}: ${lines[0] ?? ''}`), why: 'unclear' as const })),
    ],
  };
}

/** Reads the frames of the script's output. */
export function printedIn(output: string): Printed {
  const printed: Printed = { answers: [], facts: [], unread: [] };
  let open: Answer | undefined;
  for (const line of output.split('\n')) {
    if (line.startsWith('=> ') || line.startsWith('=! ')) {
      open = { tool: line.slice(3).split(' ')[0] ?? '', failed: line.startsWith('=!'), lines: [] };
      printed.answers.push(open);
    } else if (line === '=<') open = undefined;
    else if (line.startsWith(' ')) open?.lines.push(line.slice(1));
    else if (line.startsWith('!! ')) printed.unread.push(unreadLine(line));
    else printed.facts.push(line);
  }
  return printed;
}

/** The lines that a program printed, if it did not fail. */
export function linesOf({ answers }: Printed, tool: string): string[] {
  return answers.filter((answer) => answer.tool === tool && !answer.failed).flatMap(({ lines }) => lines);
}

function networkOf(printed: Printed): Network {
  const addresses = linesOf(printed, 'addresses').map((line) => line.split(' '));
  const bridges = printed.facts.flatMap((line) => line.match(/^bridge:(\S+) containers$/)?.[1] ?? []);
  const containers = bridges.map((bridge) => ({
    bridge,
    networks: addresses.flatMap(([name, block = '']) => (name === bridge ? [block] : [])),
  }));
  const own = addresses.map(([, block = '']) => block.replace(/\/.*$/, ''));
  // What is not said counts as on.
  const isOn = (name: string): boolean => !printed.facts.includes(`sysctl:${name}=0`);
  const hasIp6 =
    printed.facts.some((line) => line.startsWith('sysctl:net/ipv6')) ||
    printed.unread.some(({ part }) => part.includes('ipv6'));
  return {
    routing: { ip: isOn('net/ipv4/ip_forward'), ip6: hasIp6 && isOn('net/ipv6/conf/all/forwarding') },
    own: [...new Set([...own, ...containers.flatMap(({ networks }) => networks)])].filter((each) => each !== ''),
    containers,
  };
}

function rulesOf({ answers }: Printed): RuleSet & { unread: Unread[] } {
  const byIptables = answers.filter(({ tool, failed }) => tool.endsWith('tables-nft-save') && !failed).length === 2;
  const sets = answers
    .filter(({ failed }) => !failed)
    .flatMap(({ tool, lines }): (RuleSet & { unread?: Unread[] })[] => {
      if (tool === 'nft') return [readNftables(lines, byIptables)];
      return tool.endsWith('-save') ? [readIptables(lines, tool)] : [];
    });
  return {
    chains: sets.flatMap(({ chains }) => chains),
    rules: sets.flatMap(({ rules }) => rules),
    unread: sets.flatMap(({ unread }) => unread ?? []),
  };
}

// Rules that iptables put into nftables are printed by both.
function unique(forwards: readonly Forward[]): Forward[] {
  return [
    ...new Map(forwards.map(({ where, by, ...rest }) => [JSON.stringify(rest), { by, where, ...rest }])).values(),
  ];
}

/** /proc/net/ip_vs: a virtual server (`TCP C0A80001:01BB rr`), then its real ones (`-> 0A000001:20FB Masq`). */
function virtualServers(lines: readonly string[]): Forward[] {
  const found: Forward[] = [];
  for (const line of lines) {
    const [, server] = line.match(/^(?:TCP|UDP|SCTP)\s+(\S+)/) ?? [];
    const [, real] = line.match(/^\s+-> (\S+)/) ?? [];
    const place = placeOf(fromHex(server ?? real ?? ''));
    if (server !== undefined || /^FWM\s/.test(line)) {
      const listens = place ? [place] : [];
      found.push({
        by: 'ipvs',
        where: clean(`/proc/net/ip_vs: ${line}`),
        running: true,
        kind: 'relay',
        listens,
        to: [],
        unresolved: [],
      });
    } else if (real !== undefined && !real.startsWith('Remote')) {
      const last = found.at(-1);
      if (place) last?.to.push(place);
      else last?.unresolved.push(clean(real));
    }
  }
  return found;
}

function fromHex(text: string): string {
  const [, address, port] = text.match(/^([0-9A-F]{8}):([0-9A-F]{4})$/) ?? [];
  if (address === undefined || port === undefined) return text;
  return `${(address.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.')}:${Number.parseInt(port, 16)}`;
}

// A session arrives on a port that sshd listens on; any other connection it has was asked for through a session.
function sshConnections(listens: readonly string[], connections: readonly string[]): Forward[] {
  const ports = new Set(listens.length > 0 ? listens.map(portOf) : ['22']);
  return connections.flatMap((line) => {
    const [local = '', peer = ''] = line.split(' ').map((each) => each.replace(/%[^\]:]+/, ''));
    if (ports.has(portOf(local))) return [];
    const to = placeOf(peer);
    return [
      {
        by: 'sshd',
        where: clean(`${local} → ${peer}`),
        running: true,
        kind: 'relay' as const,
        listens: [{ host: 'remote' }],
        to: to ? [to] : [],
        unresolved: to ? [] : [clean(peer)],
      },
    ];
  });
}

function portOf(socket: string): string {
  return socket.slice(socket.lastIndexOf(':') + 1);
}
