import { clean } from '../output.ts';
import type { Chain, Family, Hook, Rule, RuleSet } from './rules.ts';

/** Reads what iptables-save(8) prints. */
export function readIptables(lines: readonly string[], tool: string): RuleSet {
  const family: Family = tool.startsWith('ip6') ? 'ip6' : 'ip';
  const chains: Chain[] = [];
  const rules: Rule[] = [];
  let table = '';
  for (const line of lines) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, name, policy] = line.match(/^:(\S+) (\S+)/) ?? [];
    if (name !== undefined && policy !== undefined) chains.push(chainOf({ tool, table, name, policy, family }));
    else if (line.startsWith('-A ')) rules.push(ruleOf(line, (chain) => `${tool} ${table} ${chain}`));
  }
  return { chains, rules };
}

type Named = { tool: string; table: string; name: string; policy: string; family: Family };

function chainOf({ tool, table, name, policy, family }: Named): Chain {
  const hook = hookOf(name);
  // Only filter decides what is forwarded; a chain of the same name in mangle or security drops too, seldom and never accepts alone.
  const counts = hook !== 'forward' || table === 'filter';
  return {
    key: `${tool} ${table} ${name}`,
    families: [family],
    ...(hook && counts ? { hook } : {}),
    drops: policy === 'DROP',
  };
}

function hookOf(name: string): Hook | undefined {
  const known: Readonly<Record<string, Hook>> = {
    PREROUTING: 'prerouting',
    OUTPUT: 'output',
    POSTROUTING: 'postrouting',
    FORWARD: 'forward',
    INPUT: 'input',
  };
  return known[name];
}

const targets: Readonly<Record<string, Rule['action']>> = {
  DNAT: 'translate',
  NETMAP: 'translate',
  REDIRECT: 'redirect',
  TPROXY: 'redirect',
  MASQUERADE: 'masquerade',
  SNAT: 'masquerade',
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
};

// `! -i docker0` says where it does not fit: then the rule counts as fitting everywhere.
function ruleOf(line: string, keyOf: (chain: string) => string): Rule {
  const words = (line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''));
  const value = (...flags: string[]): string | undefined => {
    const at = words.findIndex((word, index) => flags.includes(word) && words[index - 1] !== '!');
    return at < 0 ? undefined : words[at + 1];
  };
  const target = value('-j', '-g') ?? '';
  const action = targets[target] ?? (isChain(target) ? 'jump' : 'other');
  const chain = value('-A') ?? '';
  const states = value('--ctstate', '--state')?.split(',') ?? [];
  const ports = value('--dport') ?? value('--dports') ?? value('--ports');
  const plain = words.filter((word, index) => index > 1 && word.startsWith('-') && !/^-(j|g|-reject-with)$/.test(word));
  return {
    by: 'iptables',
    where: clean(`${keyOf(chain)}: ${line}`),
    chain: keyOf(chain),
    action,
    target: action === 'jump' ? keyOf(target) : (value('--to-destination', '--to-ports', '--on-port', '--to') ?? ''),
    ports: (ports ?? '').split(',').flatMap((port) => (/^\d+(:\d+)?$/.test(port) ? [port.replace(':', '-')] : [])),
    to: value('-d')?.replace(/\/(32|128)$/, ''),
    from: value('-s'),
    enters: value('-i'),
    leaves: value('-o'),
    established: states.length > 0 && states.every((state) => state === 'ESTABLISHED' || state === 'RELATED'),
    matches: plain.length > 0,
  };
}

// Built-in targets are upper case as most chains are: what is no target known to pass or mark is taken for a chain.
function isChain(target: string): boolean {
  return !/^(|RETURN|LOG|NFLOG|ULOG|MARK|CONNMARK|CT|NOTRACK|TCPMSS|AUDIT|SET|CLASSIFY|TRACE|DSCP|TOS|TTL|HL|CHECKSUM|SECMARK|CONNSECMARK|NFQUEUE|QUEUE)$/.test(
    target,
  );
}
