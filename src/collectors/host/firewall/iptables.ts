import type { Chain, Condition, Rule } from '../../../evidence/host/firewall.ts';
import { clean } from '../output.ts';
import { always, cutRule, flagsCondition, isCut } from './rule-set.ts';

/** Reads what iptables-save(8) or ip6tables-save printed; `tool` says which of them. */
export function readIptables(lines: readonly string[], tool: string): Chain[] {
  const families: Chain['families'] = [tool.startsWith('ip6') ? 'ip6' : 'ip'];
  const chains = new Map<string, Chain>();
  let table = '';
  const idOf = (chain: string): string => `${tool.replace(/-save$/, '')} ${table} ${chain}`;
  for (const line of lines) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, name, policy] = line.match(/^:(\S+) (\S+)/) ?? [];
    if (name !== undefined && policy !== undefined) {
      const hook = hooks[name];
      const drops = policy === 'DROP';
      chains.set(idOf(name), {
        id: idOf(name),
        families,
        ...(hook ? { hook } : {}),
        nat: table === 'nat',
        drops,
        rules: [],
      });
    } else if (line.startsWith('-A ')) {
      const [, chain = ''] = line.split(' ');
      chains.get(idOf(chain))?.rules.push(isCut(line) ? cutRule(line) : ruleOf(line, idOf));
    }
  }
  return [...chains.values()];
}

const hooks: Readonly<Record<string, NonNullable<Chain['hook']>>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
};

const verdicts: Readonly<Record<string, Rule['verdict']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  TARPIT: 'drop',
  RETURN: 'return',
  DNAT: 'translate',
  REDIRECT: 'translate',
  NETMAP: 'translate',
  TPROXY: 'unknown',
  QUEUE: 'unknown',
  NFQUEUE: 'unknown',
};

// SYNPROXY is none of them: it opens the connection itself. Targets after which the next rule is looked at: iptables-extensions(8).
const passing =
  /^(|AUDIT|CHECKSUM|CLASSIFY|CONNMARK|CONNSECMARK|CT|DSCP|ECN|HL|HMARK|IDLETIMER|LED|LOG|MARK|MASQUERADE|NFLOG|NOTRACK|RATEEST|SECMARK|SET|SNAT|TCPMSS|TCPOPTSTRIP|TEE|TOS|TRACE|TTL|ULOG)$/;

type Option = { readonly flag: string; readonly not: boolean; readonly values: readonly string[] };

function ruleOf(line: string, idOf: (chain: string) => string): Rule {
  const options = optionsIn(line);
  const jump = options.find(({ flag }) => flag === '-j' || flag === '-g');
  const target = jump?.values[0] ?? '';
  const at = jump ? options.indexOf(jump) : options.length;
  const read = options.slice(1, at).map((option) => readOption(option, target === 'DROP' || target === 'REJECT'));
  const known = verdicts[target];
  const verdict = known ?? (passing.test(target) ? 'none' : jump?.flag === '-g' ? 'goto' : 'jump');
  const place = options.slice(at).find(({ flag }) => /^--(to-destination|to-ports|to)$/.test(flag))?.values[0];
  return {
    text: clean(line),
    conditions: read.flatMap(({ condition }) => condition ?? []),
    opaque: read.some(({ opaque }) => opaque),
    sometimes: read.some(({ sometimes }) => sometimes),
    verdict,
    ...(verdict === 'jump' || verdict === 'goto' ? { target: idOf(target) } : {}),
    // A redirection names ports only: then it is the host itself.
    ...(verdict === 'translate' && place ? { target: target === 'REDIRECT' ? `:${place.split('-')[0]}` : place } : {}),
  };
}

// Flags after which anything may stand.
const texts = /^--(comment|name|match-set|string|hex-string|log-prefix|nflog-prefix)$/;

// `! -s 10.0.0.0/8` and, in old versions, `-s ! 10.0.0.0/8`.
function optionsIn(line: string): Option[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const options: { flag: string; not: boolean; values: string[] }[] = [];
  let not = false;
  for (const word of words) {
    const last = options.at(-1);
    const isText = last !== undefined && last.values.length === 0 && texts.test(last.flag);
    if (word === '!') not = true;
    else if (!isText && /^--?[a-z]/i.test(word)) {
      options.push({ flag: word, not, values: [] });
      not = false;
    } else if (last) {
      last.values.push(word.replace(/^"|"$/g, ''));
      last.not ||= not;
      not = false;
    }
  }
  return options;
}

type Reading = { readonly condition?: Condition; readonly opaque?: boolean; readonly sometimes?: boolean };

const conditionsOf: Readonly<Record<string, Condition['of']>> = {
  '-s': 'from',
  '-d': 'to',
  '--src-range': 'from',
  '--dst-range': 'to',
  '-p': 'protocol',
  '-i': 'enters',
  '-o': 'leaves',
  '--dport': 'port',
  '--dports': 'port',
  // Either port: the sender chooses its own.
  '--ports': 'source-port',
  '--sport': 'source-port',
  '--sports': 'source-port',
  '--ctstate': 'state',
  '--state': 'state',
};

// Modules whose conditions are read below, or say no more than that the rule fits seldom.
const clear = /^(tcp|udp|multiport|conntrack|state|comment|addrtype|iprange|icmp6?|pkttype|set)$/;
const seldom = /^(limit|hashlimit|connlimit|recent|statistic|random|nth|time|length|ttl|hl|rt|frag|ipv6header|eui64)$/;
const silent =
  /^--(comment|icmp-type|icmpv6-type|limit-iface-in|(limit|hashlimit|connlimit|rt|hl|ttl)(-.*)?|seconds|hitcount|name|mask|rsource|rdest|update|set|rcheck|remove|rttl|reap|mode|probability|every|packet|average|start|stop|timestart|timestop|weekdays|monthdays|datestart|datestop|kerneltz|length|soft|header|fragid.*|fragfirst)$/;

function readOption({ flag, not, values }: Option, drops: boolean): Reading {
  const [first = '', second = ''] = values;
  const of = conditionsOf[flag];
  if (of) return { condition: { of, not, values: valuesOf(of, first) } };
  if (flag === '-m') return clear.test(first) ? {} : seldom.test(first) ? { sometimes: true } : { opaque: true };
  if (flag === '--tcp-flags') return { condition: flagsCondition(first.split(','), second.split(','), not) };
  if (flag === '--syn') return { condition: flagsCondition(['fin', 'syn', 'rst', 'ack'], ['syn'], not) };
  if (flag === '--dst-type') return { condition: always(/\bLOCAL\b|\bUNICAST\b/.test(first) !== not) };
  if (flag === '--pkt-type') return { condition: always((first === 'unicast') !== not) };
  // No set of networks holds all addresses: dropping what is in one does not stop everybody. Whom it lets in is not seen.
  if (flag === '--match-set') return drops && !not && second === 'src' ? { sometimes: true } : { opaque: true };
  return silent.test(flag) ? {} : { opaque: true };
}

function valuesOf(of: Condition['of'], text: string): string[] {
  const values = text.split(',');
  if (of === 'port' || of === 'source-port')
    return values.map((value) => value.replace(/^:/, '0:').replace(/:$/, ':65535').replace(':', '-'));
  return of === 'state' ? values.map((value) => value.toLowerCase()) : values;
}
