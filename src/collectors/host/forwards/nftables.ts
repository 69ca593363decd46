import { clean } from '../output.ts';
import type { Unread } from './configurations.ts';
import type { Chain, Family, Hook, Rule, RuleSet } from './rules.ts';

type Reading = { table: string; families: readonly Family[]; chain: string; depth: number; set: boolean };

/** Reads what `nft list ruleset` prints; what it has no words for is unread unless iptables shows it. */
export function readNftables(lines: readonly string[], shownByIptables: boolean): RuleSet & { unread: Unread[] } {
  const chains: Chain[] = [];
  const rules: Rule[] = [];
  const unread: Unread[] = [];
  const reading: Reading = { table: '', families: [], chain: '', depth: 0, set: false };
  for (const raw of lines) {
    const line = raw.trim();
    const [, family, table] = line.match(/^table (\w+) (\S+) \{/) ?? [];
    const [, chain] = line.match(/^chain (\S+) \{/) ?? [];
    if (family !== undefined)
      Object.assign(reading, { table: `${family} ${table}`, families: familiesOf(family), chain: '' });
    else if (chain !== undefined) {
      reading.chain = `nft ${reading.table} ${chain}`;
      chains.push({ key: reading.chain, families: reading.families, drops: false });
    } else if (line === '}') reading.chain = '';
    else if (reading.chain !== '' && line !== '' && !line.startsWith('#')) {
      const base = line.match(/^type \w+ hook (\w+) /)?.[1];
      if (base !== undefined) chains.splice(-1, 1, baseChain(reading, line, base));
      else if (/\bxt target "/.test(line)) {
        if (!shownByIptables) unread.push({ part: clean(`${reading.chain}: ${line}`), why: 'unclear' });
      } else rules.push(ruleOf(line, reading));
    }
  }
  return { chains, rules, unread };
}

function familiesOf(family: string): Family[] {
  return family === 'ip' || family === 'ip6' ? [family] : ['ip', 'ip6'];
}

function baseChain({ chain, families }: Reading, line: string, hook: string): Chain {
  const known: readonly Hook[] = ['prerouting', 'output', 'postrouting', 'forward', 'input'];
  const found = known.find((each) => each === hook);
  return { key: chain, families, ...(found ? { hook: found } : {}), drops: /policy drop/.test(line) };
}

function ruleOf(line: string, { chain, table }: Reading): Rule {
  const bare = line.replace(/\bcomment "[^"]*"/, '').replace(/\bcounter packets \d+ bytes \d+/, '');
  const value = (pattern: string): string | undefined =>
    bare.match(new RegExp(`\\b${pattern} (?:== )?("?)([^\\s"{]+)\\1`))?.[2];
  const { action, target } = verdictOf(bare, table);
  const ports = bare.match(/\bdport (\{[^}]*\}|\d[\d-]*)/)?.[1] ?? '';
  const states = bare.match(/\bct state (\{[^}]*\}|\S+)/)?.[1] ?? '';
  const before = bare.replace(/\b(accept|drop|reject( with .*)?|jump \S+|goto \S+)\s*$/, '').trim();
  const positive = (text: string | undefined): string | undefined =>
    text === undefined || /^[!@$]/.test(text) ? undefined : text;
  return {
    by: 'nftables',
    where: clean(`${chain}: ${line}`),
    chain,
    action,
    target,
    ports: ports.match(/\d+(-\d+)?/g)?.slice(0, 50) ?? [],
    to: positive(value('daddr')),
    from: positive(value('saddr')),
    enters: positive(value('(?:iifname|iif)')),
    leaves: positive(value('(?:oifname|oif)')),
    established: states !== '' && !/new|invalid|untracked|!=|@/.test(states) && /established|related/.test(states),
    matches: before !== '' && before !== 'counter',
  };
}

function verdictOf(line: string, table: string): Pick<Rule, 'action' | 'target'> {
  const translated = line.match(/\b(?:dnat(?: ip6?)?(?: prefix)?|tproxy(?: ip6?)?)(?: to (.*))?$/)?.[1];
  if (translated !== undefined) {
    // To a port alone it is the host itself; to a map it cannot be told from the rule.
    if (/^:\d/.test(translated)) return { action: 'redirect', target: translated.slice(1).split(' ')[0] ?? '' };
    return { action: 'translate', target: /[@{]/.test(translated) ? translated : (translated.split(' ')[0] ?? '') };
  }
  if (/\bfwd (ip6? )?to\b|\bdup to\b/.test(line)) return { action: 'translate', target: line };
  if (/\bredirect\b/.test(line)) return { action: 'redirect', target: line.match(/redirect to :(\d+)/)?.[1] ?? '' };
  if (/\bmasquerade\b|\bsnat\b/.test(line)) return { action: 'masquerade', target: '' };
  const jump = line.match(/\b(?:jump|goto) (\S+)$/)?.[1];
  if (jump !== undefined) return { action: 'jump', target: `nft ${table} ${jump}` };
  const byState = line.match(/\bct state vmap \{([^}]*)\}$/)?.[1];
  if (byState !== undefined && !/(new|untracked) : (accept|jump|goto)/.test(byState))
    return { action: 'other', target: '' };
  // A verdict map or set of verdicts may let anything through.
  if (/\bvmap\b/.test(line) || /\baccept$/.test(line)) return { action: 'accept', target: '' };
  return { action: /\b(drop|reject)\b/.test(line) ? 'drop' : 'other', target: '' };
}
