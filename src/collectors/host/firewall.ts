import type { Chain, Firewall, Interface, Rule } from '../../evidence/host/firewall.ts';
import type { Unread } from '../../evidence/host/unread.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { firewallScript } from './firewall/firewall-script.ts';
import { readIptables } from './firewall/iptables.ts';
import { readNftables } from './firewall/nftables.ts';
import { reachable } from './firewall/rule-set.ts';
import { linesOf, type Printed, printedIn } from './forwards/kernel.ts';
import { clean, isComplete, ranAsRoot } from './output.ts';

/** The packet filter that is in force: nftables and both kinds of iptables as the kernel has them, whoever manages them. */
export const firewall = defineHostCollector({
  id: 'host/firewall',
  kind: 'firewall',
  ask: () => [
    {
      name: 'packet-filter',
      why: 'the rules that the kernel filters packets by, the network interfaces, and which programs manage the rules',
      asRoot: true,
      timeout: 60,
      limit: 8 * 1024 * 1024,
      script: firewallScript,
    },
  ],
  read: readFirewall,
});

// A fleet's host has some hundreds; what has more is told by sampling, which proves nothing.
const mostRules = 5000;

function readFirewall(results: CommandResults): Firewall {
  const result = results('packet-filter');
  if (!isComplete(result))
    throw new Unavailable(result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'failed', result.stderr);
  if (!ranAsRoot(result)) throw new Unavailable('denied', result.stderr || 'packet filter');
  const printed = printedIn(result.stdout);
  const chains = reachable(tracked(chainsOf(printed), printed));
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  const interfaces = interfacesOf(printed);
  return {
    chains: rules > mostRules ? [] : chains,
    interfaces,
    managers: managersOf(printed.facts),
    unread: [
      ...printed.unread,
      ...printed.answers
        .filter(({ failed }) => failed)
        .map(({ tool, lines }): Unread => ({ part: clean(`${tool}: ${lines[0] ?? ''}`), why: 'unclear' })),
      ...(interfaces.length === 0 ? [{ part: 'ip', why: 'no-tool' as const }] : []),
      ...(rules > mostRules ? [{ part: `${rules}`, why: 'too-many' as const }] : []),
    ],
  };
}

// Rules that iptables put into nftables are printed by both: its own words for them are the clearer ones.
function chainsOf(printed: Printed): Chain[] {
  const tables = new Set<string>();
  const saved = printed.answers
    .filter(({ tool, failed }) => /^ip6?tables.*-save$/.test(tool) && !failed)
    .flatMap(({ tool, lines }) => {
      const family = tool.startsWith('ip6') ? 'ip6' : 'ip';
      if (tool.includes('-nft-'))
        for (const line of lines) if (line.startsWith('*')) tables.add(`${family} ${line.slice(1).trim()}`);
      return readIptables(lines, tool);
    });
  return [...saved, ...readNftables(linesOf(printed, 'nft'), (table) => tables.has(table))];
}

// Where no rule takes packets out of tracking, those that open a connection are tracked.
function tracked(chains: readonly Chain[], { answers }: Printed): readonly Chain[] {
  if (answers.some(({ lines }) => lines.some((line) => /notrack/i.test(line)))) return chains;
  const withoutState = (rule: Rule): Rule => ({
    ...rule,
    conditions: rule.conditions.map((each) =>
      each.of === 'state' ? { ...each, values: each.values.filter((value) => value !== 'untracked') } : each,
    ),
  });
  return chains.map((chain) => ({ ...chain, rules: chain.rules.map(withoutState) }));
}

function interfacesOf(printed: Printed): Interface[] {
  const containers = printed.facts.flatMap((line) => line.match(/^bridge:(\S+) containers$/)?.[1] ?? []);
  const routes = printed.facts.flatMap((line) => {
    const [, version, name = ''] = line.match(/^route:([46]) (\S+)$/) ?? [];
    return version === undefined ? [] : [{ family: version === '4' ? ('ip' as const) : ('ip6' as const), name }];
  });
  const addresses = linesOf(printed, 'addresses').map((line) => line.split(' '));
  return [...Map.groupBy(addresses, ([name = '']) => name)].map(([name, found]) => ({
    name: clean(name),
    addresses: found.map(([, block = '']) => clean(block)),
    kind: name === 'lo' ? 'loopback' : containers.includes(name) ? 'containers' : 'other',
    defaultRoute: [...new Set(routes.filter((route) => route.name === name).map(({ family }) => family))],
  }));
}

function managersOf(facts: readonly string[]): Firewall['managers'] {
  return facts.flatMap((line) => {
    const [, name = '', state] = line.match(/^manager:(\S+) (enabled|disabled)$/) ?? [];
    if (state === undefined) return [];
    const settings = facts.flatMap((each) =>
      each.startsWith(`setting:${name} `) ? [clean(each.slice(9 + name.length))] : [],
    );
    return [{ name: clean(name), enabled: state === 'enabled', settings: settings.slice(0, 10) }];
  });
}
