import type { LogShipping as Shipping } from '../../evidence/host/log-policies.ts';
import type { CommandResult } from '../collector.ts';
import { type ConfigFile, readConfigFiles } from './config-files.ts';
import { otherShippers } from './log-shipping-script.ts';
import { clean, linesOf, ranToEnd } from './output.ts';

type By = Shipping['by'];

// By the path of a configuration file: who reads it, and which process shows that it runs.
const programs: readonly { readonly by: By; readonly at: RegExp; readonly runs: readonly string[] }[] = [
  { by: 'rsyslog', at: /\/rsyslog/, runs: ['rsyslogd'] },
  { by: 'syslog-ng', at: /\/syslog-ng/, runs: ['syslog-ng'] },
  { by: 'journald', at: /\/journal-upload/, runs: ['systemd-journal-upload'] },
  { by: 'filebeat', at: /\/filebeat/, runs: ['filebeat'] },
  { by: 'fluent-bit', at: /\/(fluent-bit|td-agent-bit)/, runs: ['fluent-bit'] },
  { by: 'fluentd', at: /\/(fluent|fluentd|td-agent)\//, runs: ['fluentd', 'td-agent', 'ruby'] },
  { by: 'vector', at: /\/vector/, runs: ['vector'] },
  // Grafana Alloy has taken its place; its own language is not read.
  { by: 'promtail', at: /\/promtail/, runs: ['promtail', 'alloy'] },
];

/**
 * What is sent to another place by programs that run; where it was not seen what runs, by all that are configured. Undefined if it
 * was not looked for to the end.
 */
export function readShipping(result: CommandResult): Shipping[] | undefined {
  if (!ranToEnd(result, 'done')) return undefined;
  const running = linesOf(result.stdout, 'running ');
  const looked = /^looked$/m.test(result.stdout);
  const { files, unread } = readConfigFiles(result.stdout);
  const others = running.filter((name) => otherShippers.includes(name));
  const unknown = others.map((name) => ({ by: 'other' as const, where: name, targets: [], covers: everything }));
  const known = programs.flatMap(({ by, at, runs }): Shipping[] => {
    const seen = runs.filter((name) => running.includes(name));
    if (looked && seen.length === 0) return [];
    const own = files.filter(({ path }) => at.test(path));
    const closed = unread.filter((path) => at.test(path));
    const hidden = closed.length > 0 || (own.length === 0 && seen.length > 0 && !seen.includes('ruby'));
    // What is dropped may stand where nobody can read.
    const shown = sent(by, own).map(({ whole, ...each }) => (whole && closed.length === 0 ? { ...each, whole } : each));
    return [...(hidden ? [{ by, where: closed[0] ?? by, targets: [], covers: everything }] : []), ...shown];
  });
  return [...known, ...unknown];
}

const everything = ['general', 'auth', 'journal', '/'];

function sent(by: By, files: readonly ConfigFile[]): Shipping[] {
  if (by === 'rsyslog') return rsyslog(files);
  if (by === 'syslog-ng') return syslogNg(files);
  return by === 'journald' ? files.flatMap(journalUpload) : agent(by, files);
}

/** `*.* @@10.0.0.9:514`, `action(type="omfwd" target="10.0.0.9" …)`, `input(type="imfile" File="…")`: rsyslog.conf(5). */
function rsyslog(files: readonly ConfigFile[]): Shipping[] {
  const texts = files.map(({ path, lines }) => ({
    path,
    text: lines.filter((line) => !/^\s*#/.test(line)).join('\n'),
  }));
  const followed = texts.flatMap(({ text }) =>
    [
      ...text.matchAll(
        /input\s{0,9}\([^)]{0,500}?\bfile\s{0,9}=\s{0,9}"([^"]{1,300})"|\$InputFileName\s+(\S{1,300})/gi,
      ),
    ].map(([, object, legacy]) => object ?? legacy ?? ''),
  );
  // What drops messages, or sends some on a condition, may stand in any of the files; rsyslog heeds no case, and knows comments as in C.
  const conditions =
    /\bif\b|[{}~]|\bstop\b|\$ActionExec|\$RuleSet\b|(?:^|\s)\/\*|(?:^|\n)\s*[&:!+-]|\binclude\s*\(|\$IncludeConfig(?!\s+\/etc\/rsyslog\.d\/\*\.conf\s*(?:\n|$))/i;
  // Longer files are cut.
  const isPlain = !texts.some(({ text }) => text.length > 60_000 || conditions.test(text));
  return texts.flatMap(({ path, text }) => {
    const actions = [
      ...text.matchAll(
        /(?:^|\n)[^\S\n]*(?:([\w*.,;!=]{1,200})[^\S\n]+)?[^\n]{0,300}?\baction\s{0,9}\(([^)]{0,2000})\)/g,
      ),
    ].flatMap(([, selector = '*.*', inside = '']) => {
      if (!/type\s{0,9}=\s{0,9}"(omfwd|omrelp|omelasticsearch|omkafka|omhttp)"/i.test(inside)) return [];
      const target = inside.match(/\b(?:target|server|broker)\s{0,9}=\s{0,9}\[?\s{0,9}"([^"]{1,300})"/i)?.[1];
      return [{ selector, target }];
    });
    const plain = [
      ...text.matchAll(
        /(?:^|\n)[^\S\n]*([\w*.,;!=]{1,200})[^\S\n]+@@?(?:\([^)]{0,20}\))?(\[[^\]\s]{1,50}\]|[^\s:;]{1,255})/g,
      ),
    ].map(([, selector = '*.*', target]) => ({ selector, target, whole: isPlain && selector === '*.*' }));
    return [...actions.map((each) => ({ ...each, whole: false })), ...plain].map(({ selector, target, whole }) => ({
      by: 'rsyslog' as const,
      where: path,
      targets: target === undefined ? [] : [hostIn(target)],
      covers: [...streamsOf(selector), ...followed].slice(0, 100),
      ...(whole ? { whole: true as const } : {}),
    }));
  });
}

function streamsOf(selector: string): string[] {
  const parts = selector.split(';').map((part) => part.split('.'));
  const takes = (facility: string): boolean =>
    parts.reduce((taken, [names = '', level = '']) => {
      const named = names.split(',');
      return named.includes('*') || named.includes(facility) ? level !== 'none' : taken;
    }, false);
  return [...(takes('daemon') ? ['general'] : []), ...(takes('auth') || takes('authpriv') ? ['auth'] : [])];
}

/** `destination d { network("10.0.0.9" port(601)); };`: which log path uses it is not followed. */
function syslogNg(files: readonly ConfigFile[]): Shipping[] {
  return files.flatMap(({ path, lines }) => {
    const text = lines.map((line) => line.replace(/#.*/, '')).join('\n');
    const places = [...text.matchAll(/\bdestination\s+[\w"-]{1,100}\s{0,9}\{([^}]{0,2000})\}/g)].flatMap(
      ([, inside = '']) =>
        [
          ...inside.matchAll(
            /\b(?:network|tcp6?|udp6?|syslog|syslog-ng|elasticsearch-http|http)\s{0,9}\(\s{0,9}(?:url\(\s{0,9})?"?([^"\s)]{1,255})/g,
          ),
        ].map(([, target = '']) => hostIn(target)),
    );
    return places.map((target) => ({
      by: 'syslog-ng' as const,
      where: path,
      targets: [target],
      covers: ['general', 'auth', '/'],
    }));
  });
}

function journalUpload({ path, lines }: ConfigFile): Shipping[] {
  const target = lines.map((line) => line.match(/^\s*URL\s*=\s*(\S+)/)?.[1]).find((each) => each !== undefined);
  if (target === undefined) return [];
  return [{ by: 'journald', where: path, targets: [hostIn(target)], covers: ['general', 'auth', 'journal'] }];
}

const placeKeys = /^(hosts?|urls?|uri|endpoints?|address|brokers|bootstrap_servers|kafka_broker_list)$/i;
const pathKeys = /^(paths?|include|includes|__path__|filename)$/i;

// YAML, TOML and the agents' own forms, line by line: a key, then its value, or its values below it.
function agent(by: By, files: readonly ConfigFile[]): Shipping[] {
  const targets = new Set<string>();
  const covers = new Set<string>();
  for (const { lines } of files) {
    let key = '';
    for (const line of lines) {
      const bare = line.replace(/(^|\s)#.*/, '').trim();
      if (/^<|^\[[\w.-]+\]$/.test(bare)) key = '';
      const [, name, rest = ''] = bare.match(/^(?:- )?["']?([\w.]{1,100})["']?(?:\s*[:=]\s*|\s+)(.*)$/) ?? [];
      // `- http://es:9200` and `/var/log/*.log` are values of the key above.
      const isKey = name !== undefined && !/^(https?|tcp|udp)$/.test(name);
      if (isKey) key = name.split('.').at(-1) ?? '';
      const values = (isKey ? rest : bare).split(/[\s,"'[\]]+/).filter((value) => value !== '' && value !== '-');
      if (pathKeys.test(key)) for (const value of values) if (value.startsWith('/')) covers.add(value);
      if (placeKeys.test(key)) for (const value of values) if (!value.startsWith('/')) targets.add(hostIn(value));
    }
  }
  targets.delete('');
  if (files.length === 0) return [];
  const where = files
    .map(({ path }) => path)
    .join(', ')
    .slice(0, 300);
  return [
    { by, where, targets: [...targets].slice(0, 20), covers: covers.size > 0 ? [...covers].slice(0, 100) : ['/'] },
  ];
}

/** The host in `https://user@es-1:9200/path`, `[::1]:514`, `10.0.0.9:514`, `10.0.0.9`. */
function hostIn(target: string): string {
  const [, inBrackets, plain] = target.match(/^(?:[\w+.-]+:\/\/)?(?:[^@/\s]*@)?(?:\[([^\]\s]+)\]|([^\s:/]+))/) ?? [];
  return clean(inBrackets ?? plain ?? '');
}
