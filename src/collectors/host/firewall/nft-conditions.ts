import type { Condition, Rule } from '../../../evidence/host/firewall.ts';
import { itemsIn, type Sets } from './nft-sets.ts';
import { always, flagsCondition } from './rule-set.ts';

/** Where a rule stands. */
export type Place = { readonly table: string; readonly sets: Sets };

type Field = { readonly of: Condition['of']; readonly with?: readonly Condition[] };

/** A condition that asks for one of these values. */
export const only = (of: Condition['of'], ...values: string[]): Condition => ({ of, not: false, values });
const ports = (protocol?: string): Readonly<Record<string, Field>> => {
  const within = protocol === undefined ? {} : { with: [only('protocol', protocol)] };
  const name = protocol ?? 'th';
  return { [`${name} dport`]: { of: 'port', ...within }, [`${name} sport`]: { of: 'source-port', ...within } };
};

const fields: Readonly<Record<string, Field>> = {
  ...ports('tcp'),
  ...ports('udp'),
  ...ports('sctp'),
  ...ports('dccp'),
  ...ports('udplite'),
  ...ports(),
  'ip saddr': { of: 'from', with: [only('family', 'ip')] },
  'ip6 saddr': { of: 'from', with: [only('family', 'ip6')] },
  'ip daddr': { of: 'to', with: [only('family', 'ip')] },
  'ip6 daddr': { of: 'to', with: [only('family', 'ip6')] },
  'ip protocol': { of: 'protocol', with: [only('family', 'ip')] },
  'ip6 nexthdr': { of: 'protocol', with: [only('family', 'ip6')] },
  'meta l4proto': { of: 'protocol' },
  'meta nfproto': { of: 'family' },
  'meta protocol': { of: 'family' },
  'ct state': { of: 'state' },
  'ct status': { of: 'state' },
  iifname: { of: 'enters' },
  iif: { of: 'enters' },
  'meta iifname': { of: 'enters' },
  'meta iif': { of: 'enters' },
  oifname: { of: 'leaves' },
  oif: { of: 'leaves' },
  'meta oifname': { of: 'leaves' },
  'meta oif': { of: 'leaves' },
};

/** What a rule asks of packets. */
export type Conditions = Pick<Rule, 'conditions' | 'opaque' | 'sometimes'> & {
  /** It asks for one of so many sources that they are not kept. */
  readonly crowded: boolean;
};

/** Reads the words of a rule that stand before its verdict. */
export function readConditions(words: readonly string[], place: Place): Conditions {
  const found: Condition[] = [];
  let opaque = false;
  let sometimes = false;
  let crowded = false;
  let rest = [...words];
  while (rest.length > 0) {
    const step = stepOf(rest, place);
    found.push(...(step.conditions ?? []));
    opaque ||= step.opaque ?? false;
    sometimes ||= step.sometimes ?? false;
    crowded ||= step.crowded ?? false;
    rest = rest.slice(Math.max(1, step.words));
  }
  return { conditions: found, opaque, sometimes, crowded };
}

type Step = Partial<Conditions> & { readonly words: number };

// Statements that decide nothing, and how many words they are; those that hold for some packets only.
const statements: readonly { readonly begins: RegExp; readonly sometimes?: boolean }[] = [
  { begins: /^counter( packets \d+ bytes \d+| name "?[\w-]+"?)?(?= |$)/ },
  { begins: /^log( (prefix "[^"]*"|(level|group|snaplen|queue-threshold|flags) \S+))*(?= |$)/ },
  { begins: /^comment "[^"]*"(?= |$)/ },
  { begins: /^(meta|ct) (mark|nftrace|priority) set \S+(?= |$)/ },
  { begins: /^notrack(?= |$)/ },
  { begins: /^(add|update) @\S+ \{[^}]*\}(?= |$)/, sometimes: true },
  { begins: /^limit rate (over )?\S+( burst \d+ \w+)?(?= |$)/, sometimes: true },
  { begins: /^ct count (over )?\d+(?= |$)/, sometimes: true },
  { begins: /^meter \S+( size \d+)? \{[^}]*\}(?= |$)/, sometimes: true },
  // A reverse path that is missing is a forged sender's: fib expressions, nft(8).
  { begins: /^fib saddr( \. \w+)* (oif|oifname|type) \S+(?= |$)/, sometimes: true },
];

function stepOf(words: readonly string[], place: Place): Step {
  const text = words.slice(0, 24).join(' ');
  for (const { begins, sometimes } of statements) {
    const match = text.match(begins)?.[0];
    if (match !== undefined) return { words: countOf(match), sometimes: sometimes ?? false };
  }
  const [, list, not, value = ''] = text.match(/^(fib daddr type|(?:meta )?pkttype) (!= )?(\{[^}]*\}|\S+)/) ?? [];
  if (list)
    return {
      words: countOf(list) + (not ? 2 : 1),
      conditions: [always(/\b(local|host|unicast)\b/.test(value) === !not)],
    };
  if (/^icmp(v6)? (type|code)\b/.test(text)) return { words: valueAt(words, 2).next, conditions: [always(false)] };
  const flags =
    text.match(/^tcp flags (!= )?([\w,]+) \/ ([\w,]+)/) ?? text.match(/^tcp flags & \(([^)]*)\) (==|!=) ([\w|]+)/);
  if (flags) return flagStep(flags);
  const pair = `${words[0]} ${words[1]}`;
  const field = fields[pair] ?? fields[words[0] ?? ''];
  return field ? fieldStep(field, words, fields[pair] ? 2 : 1, place) : { words: 1, opaque: true };
}

function flagStep([text, first = '', second = '', third = '']: RegExpMatchArray): Step {
  const words = countOf(text);
  const names = (list: string): string[] => list.split(/[|, ]+/).filter((name) => name !== '');
  const tcp = only('protocol', 'tcp');
  const condition = text.includes(' / ')
    ? flagsCondition(names(third), names(second), first !== '')
    : flagsCondition(names(first), names(third), second === '!=');
  return { words, conditions: [tcp, condition] };
}

// Lists of banned addresses have tens of thousands.
const mostValues = 1000;

function fieldStep({ of, with: further = [] }: Field, words: readonly string[], at: number, place: Place): Step {
  const { not, value, next } = valueAt(words, at);
  // A value made of several fields (`ip saddr . tcp dport`) is not taken apart.
  if (value === '.' || value === '') return { words: words.length, opaque: true };
  const values = value.startsWith('@')
    ? place.sets.get(`${place.table} ${value.slice(1)}`)
    : value.startsWith('{')
      ? itemsIn(value.slice(1, -1))
      : value.split(',');
  if (!values || values.some((each) => each.includes(' . ')))
    return { words: next, conditions: [...further], opaque: true };
  if (values.length > mostValues) {
    return { words: next, conditions: [...further], ...(of === 'from' && !not ? { crowded: true } : { opaque: true }) };
  }
  return { words: next, conditions: [...further, { of, not, values: values.map((each) => plainValue(of, each)) }] };
}

function valueAt(words: readonly string[], at: number): { not: boolean; value: string; next: number } {
  const not = words[at] === '!=' || words[at] === '!';
  const start = not || words[at] === '==' ? at + 1 : at;
  return { not, value: words[start] ?? '', next: start + 1 };
}

function plainValue(of: Condition['of'], value: string): string {
  const bare = value.replace(/^"|"$/g, '');
  if (of === 'enters' || of === 'leaves') return bare.replace(/\*$/, '+');
  if (of === 'family') return bare === 'ipv4' ? 'ip' : bare === 'ipv6' ? 'ip6' : bare;
  return bare;
}

function countOf(text: string): number {
  return wordsIn(text).length;
}

/** The words of a rule: what is in quotes or brackets is one. */
export function wordsIn(text: string): string[] {
  return text.match(/"[^"]*"|\{[^}]*\}|\([^)]*\)|\S+/g) ?? [];
}
