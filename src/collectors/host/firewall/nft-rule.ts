import type { Condition, Rule } from '../../../evidence/host/firewall.ts';
import { clean } from '../output.ts';
import { type Conditions, only, type Place, readConditions, wordsIn } from './nft-conditions.ts';
import { itemsIn } from './nft-sets.ts';

const verdictAt =
  /^(accept|drop|reject|return|continue|jump|goto|queue|dnat|redirect|masquerade|snat|tproxy|vmap|dup|fwd|synproxy)$/;

/** Reads one rule of `nft list ruleset`; a verdict map is as many rules as it has entries. */
export function readRule(line: string, place: Place): Rule[] {
  const words = wordsIn(line);
  const at = words.findIndex((word, index) => verdictAt.test(word) && !isStatus(words, index));
  const before = at < 0 ? words : words.slice(0, at);
  const after = at < 0 ? [] : words.slice(at);
  if (after[0] === 'vmap') return mapped(line, before, after[1] ?? '', place);
  // What iptables put there and nft has no words for may decide: `xt target "…"`, in old versions a comment.
  const isForeign =
    at < 0 && words.some((word, index) => (word === 'xt' && words[index + 1] === 'target') || word === '#');
  const decision = isForeign ? { verdict: 'unknown' as const } : verdictOf(after, place);
  const read = settled(readConditions(before, place), decision.verdict);
  return [{ text: clean(line), ...read, conditions: [...read.conditions, ...impliedBy(after)], ...decision }];
}

// `ct status dnat` asks whether a packet was translated.
function isStatus(words: readonly string[], index: number): boolean {
  const before = /^[!=]=$/.test(words[index - 1] ?? '') ? index - 2 : index - 1;
  return words[before] === 'status';
}

// Dropping a long list of sources does not stop everybody; whom such a list lets in is not kept, and so not known.
function settled({ crowded, opaque, sometimes, conditions }: Conditions, verdict: Rule['verdict']) {
  const isBan = crowded && verdict === 'drop';
  return { conditions, opaque: opaque || (crowded && !isBan), sometimes: sometimes || isBan };
}

// nft leaves out of its listing what follows from the kind of rejection.
function impliedBy([verdict, , kind, what]: readonly string[]): Condition[] {
  if (verdict !== 'reject') return [];
  if (kind === 'icmp' || kind === 'icmpv6') return [only('family', kind === 'icmp' ? 'ip' : 'ip6')];
  return kind === 'tcp' && what === 'reset' ? [only('protocol', 'tcp')] : [];
}

function verdictOf(words: readonly string[], { table }: Place): Pick<Rule, 'verdict' | 'target'> {
  const [verdict = '', target = ''] = words;
  switch (verdict) {
    case 'accept':
    case 'drop':
    case 'return':
      return { verdict };
    case 'reject':
      return { verdict: 'drop' };
    case 'jump':
    case 'goto':
      return { verdict, target: `nft ${table} ${target}` };
    case 'dnat':
    case 'redirect': {
      const to = words.indexOf('to');
      const place = to < 0 ? undefined : words[to + 1];
      return { verdict: 'translate', ...(place && /^[\da-f.:[\]]+$/i.test(place) ? { target: place } : {}) };
    }
    case 'queue':
    case 'tproxy':
    case 'fwd':
    case 'synproxy':
      return { verdict: 'unknown' };
    default:
      return { verdict: 'none' };
  }
}

// `tcp dport vmap { 22 : accept, 80 : jump web }`, or `vmap @name`.
function mapped(line: string, before: readonly string[], map: string, place: Place): Rule[] {
  const items = map.startsWith('@') ? place.sets.get(`${place.table} ${map.slice(1)}`) : itemsIn(map.slice(1, -1));
  const unclear: Rule = { text: clean(line), conditions: [], opaque: true, sometimes: false, verdict: 'unknown' };
  if (!items) return [unclear];
  return items.map((item): Rule => {
    const [, key = '', verdict = ''] = item.match(/^(.+?) : (.+)$/) ?? [];
    if (key === '' || key === '*' || key.includes(' . ')) return unclear;
    const decision = verdictOf(verdict.split(' '), place);
    return { text: clean(line), ...settled(readConditions([...before, key], place), decision.verdict), ...decision };
  });
}
