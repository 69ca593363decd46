import type { Chain } from '../../../evidence/host/firewall.ts';
import { readRule } from './nft-rule.ts';
import { readSets } from './nft-sets.ts';
import { cutRule, isCut } from './rule-set.ts';

const hooks = ['prerouting', 'input', 'forward'] as const;

/** Reads what `nft list ruleset` printed, but for the tables that `isOther` says are read elsewhere. */
export function readNftables(lines: readonly string[], isOther: (table: string) => boolean): Chain[] {
  const sets = readSets(lines);
  const chains: Chain[] = [];
  let table = '';
  let isDormant = false;
  let open: Chain | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const [, name] = line.match(/^table (\w+ \S+) \{/) ?? [];
    const [, chain] = line.match(/^chain (\S+) \{/) ?? [];
    if (name !== undefined) {
      table = name;
      isDormant = false;
    } else if (chain !== undefined) {
      open = { id: `nft ${table} ${chain}`, families: familiesOf(table), nat: false, drops: false, rules: [] };
      if (open.families.length > 0 && !isOther(table) && !isDormant) chains.push(open);
    } else if (line === '}') open = undefined;
    // Its chains are not in force: nft(8), `flags dormant`. The flag stands before them.
    else if (!open && /^flags (.*\b)?dormant\b/.test(line)) isDormant = true;
    else if (open && line !== '' && !line.startsWith('#')) {
      const [, type, hook] = line.match(/^type (\w+) hook (\w+) /) ?? [];
      if (type !== undefined) Object.assign(open, baseOf(line, type, hook));
      else open.rules.push(...(isCut(raw) ? [cutRule(line)] : readRule(line, { table, sets })));
    }
  }
  return chains;
}

function baseOf(line: string, type: string, hook: string | undefined): Partial<Chain> {
  const found = hooks.find((each) => each === hook);
  return { ...(found ? { hook: found } : {}), nat: type === 'nat', drops: /\bpolicy drop\b/.test(line) };
}

// Bridges, ARP and single devices are other ways.
function familiesOf(table: string): Chain['families'] {
  const [family = ''] = table.split(' ');
  if (family === 'ip' || family === 'ip6') return [family];
  return family === 'inet' ? ['ip', 'ip6'] : [];
}
