import type { Chain, Condition, Rule } from '../../../evidence/host/firewall.ts';
import { clean } from '../output.ts';

/** A packet that opens a TCP connection has this flag alone (RFC 9293, 3.5). */
const opening = 'syn';

/** Whether an opening packet fits `flags under mask`: a condition that holds for all such packets or for none. */
export function flagsCondition(mask: readonly string[], flags: readonly string[], not: boolean): Condition {
  const all = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'];
  const plain = (names: readonly string[]): string[] =>
    names.map((name) => name.toLowerCase()).flatMap((name) => (name === 'all' ? all : name === 'none' ? [] : [name]));
  const seen = plain(mask).includes(opening) ? [opening] : [];
  const fits = seen.join() === plain(flags).join();
  return always(fits !== not);
}

/** A condition that every opening packet fits, or none. */
export function always(fits: boolean): Condition {
  return { of: 'state', not: false, values: [fits ? 'new' : 'none'] };
}

/** Base chains of what comes in, and the chains that they lead to, without rules that decide nothing. */
export function reachable(chains: readonly Chain[]): Chain[] {
  const byId = new Map(chains.map((chain) => [chain.id, chain]));
  const found = new Set(chains.filter(({ hook }) => hook !== undefined));
  for (const { rules } of found) {
    for (const { target } of rules) {
      const next = byId.get(target ?? '');
      if (next) found.add(next);
    }
  }
  return [...found].map((chain) => ({ ...chain, rules: chain.rules.filter(({ verdict }) => verdict !== 'none') }));
}

/** A rule whose text was cut: what it decides cannot be told. */
export function cutRule(line: string): Rule {
  return { text: clean(line), conditions: [], opaque: true, sometimes: false, verdict: 'unknown' };
}

/** Bytes of a line that the script keeps; what is as long was cut. */
export const longestLine = 2000;

/** Whether a line may have been cut. */
export function isCut(line: string): boolean {
  return Buffer.byteLength(line) >= longestLine;
}
