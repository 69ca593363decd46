import type { Forwards, Place } from '../../../evidence/host/forwards.ts';
import { clean } from '../output.ts';
import type { Found, Part, Unread } from './configurations.ts';
import { unreadLine } from './configurations.ts';
import { placeOf } from './places.ts';

// Options of ssh(1) that take a value.
const valued = 'BbcDEeFIiJLlmOopPQRSWw';

/** Forwards of an ssh client by its arguments: -L, -R, -D, -w, -W and the same by -o; ssh(1). */
export function sshForwards(program: string, words: readonly string[]): Found[] {
  // autossh(1) takes its own -M with a port.
  const options = optionsOf(words, program === 'autossh' ? `${valued}M` : valued);
  const gateway = options.some(
    ([flag, value]) => flag === 'g' || (flag === 'o' && /^GatewayPorts[= ]yes$/i.test(value)),
  );
  return options.flatMap(([flag, value]) => {
    const [, key = '', setting = ''] = (flag === 'o' && value.match(/^(\w+)[= ]\s*(.*)$/)) || [];
    const known = { LOCALFORWARD: 'L', REMOTEFORWARD: 'R', DYNAMICFORWARD: 'D', TUNNEL: 'w' }[key.toUpperCase()];
    const kind = flag === 'o' ? known : flag;
    const text = flag === 'o' ? setting : value;
    return kind && 'LRDwW'.includes(kind) ? [sshForward(kind, text, gateway)] : [];
  });
}

// Clusters such as -fNL are taken apart as getopt(3) does; after the destination the next word that is no option begins a command.
function optionsOf(words: readonly string[], withValue: string): [flag: string, value: string][] {
  const found: [string, string][] = [];
  let plain = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!/^-[A-Za-z0-9]/.test(word)) {
      plain += 1;
      if (plain > 1) break;
      continue;
    }
    for (let at = 1; at < word.length; at += 1) {
      const flag = word[at] ?? '';
      if (!withValue.includes(flag)) found.push([flag, '']);
      else {
        found.push([flag, word.slice(at + 1) || (words[++index] ?? '')]);
        break;
      }
    }
  }
  return found;
}

function sshForward(flag: string, text: string, gateway: boolean): Found {
  if (flag === 'w') return { kind: 'unknown', listens: [], to: [], unresolved: [] };
  if (flag === 'W') return { kind: 'relay', listens: [], to: list(placeOf(text)), unresolved: [] };
  const parts = partsOf(text);
  // [bind:]port:host:hostport; with -D and -R also [bind:]port alone.
  const socks = parts.length <= 2 && flag !== 'L';
  const own = socks ? parts : parts.slice(0, -2);
  const [bind, port] = own.length > 1 ? [own[0] ?? '', own[1] ?? ''] : [gateway ? '' : 'localhost', own[0] ?? ''];
  const target = socks ? undefined : placeOf(parts.slice(-2).map(bracketed).join(':'));
  const opened = port.startsWith('/') ? { host: `unix:${port}` } : placeOf(`${bracketed(bind)}:${port}`);
  const listens: Place[] =
    flag === 'R' ? [{ host: 'remote', ...(opened?.port ? { port: opened.port } : {}) }] : list(opened);
  if (socks) return { kind: 'proxy', listens, to: [], unresolved: [] };
  return { kind: 'relay', listens, to: list(target), unresolved: target ? [] : [text] };
}

// Colons inside brackets part nothing; `bind/port/host/hostport` is the old way to write IPv6; spaces stand in files.
function partsOf(text: string): string[] {
  const parts = text.trim().match(/\[[^\]]*\]|[^:\s[\]]+|(?<=^|:)(?=:)/g) ?? [];
  return parts.map((part) => part.replace(/^\[|\]$/g, ''));
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
const list = (place: Place | undefined): Place[] => (place ? [place] : []);

type Settings = Part & Pick<Forwards, 'sshForwarding' | 'aliases'>;
type Line = { readonly file: string; readonly number: string; readonly text: string };

/** Reads the settings of SSH, the socket proxies of systemd and the hosts file. */
export function readSettings(output: string): Settings {
  const { lines, files, unread } = linesIn(output);
  return {
    forwards: [...clientForwards(lines), ...socketProxies(lines)],
    unread,
    sshForwarding: serverForwarding(lines, files),
    aliases: aliasesIn(lines.filter(({ file }) => file === '/etc/hosts')),
  };
}

function linesIn(output: string): { lines: Line[]; files: Set<string>; unread: Unread[] } {
  const lines: Line[] = [];
  const files = new Set<string>();
  const unread: Unread[] = [];
  let file = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('== ')) {
      file = clean(line.slice(3));
      files.add(file);
    } else if (line.startsWith('!! ')) unread.push(unreadLine(line));
    else if (line.startsWith(' ')) {
      const [, number = '', text = ''] = line.match(/^ (\d+):\s*(.*)$/) ?? [];
      lines.push({ file, number, text });
    }
  }
  return { lines, files, unread };
}

// Whether a client that runs uses them cannot be told from its arguments.
function clientForwards(lines: readonly Line[]): Part['forwards'] {
  const own = lines.filter(({ file }) => /ssh_config|\/\.ssh\/config$/.test(file) && !file.includes('sshd'));
  const gateway = own.some(({ text }) => /^GatewayPorts[\s=]+yes/i.test(text));
  return own.flatMap(({ file, number, text }) => {
    const [, key = '', value = ''] =
      text.match(/^(LocalForward|RemoteForward|DynamicForward|Tunnel)[\s=]+(.*)$/i) ?? [];
    const flag = { l: 'L', r: 'R', d: 'D', t: 'w' }[key.charAt(0).toLowerCase()];
    if (!flag || (flag === 'w' && /^no\b/i.test(value))) return [];
    const found = sshForward(flag, value.replace(/\s+/g, ':'), gateway);
    return [{ by: 'ssh', where: `${file}:${number}`, running: false, ...found }];
  });
}

function socketProxies(lines: readonly Line[]): Part['forwards'] {
  return lines.flatMap(({ file, number, text }) => {
    const target = text
      .match(/systemd-socket-proxyd\s+(.*)$/)?.[1]
      ?.split(/\s+/)
      .find((word) => !word.startsWith('-'));
    if (target === undefined || text.startsWith('#')) return [];
    const socket = file.replace(/\.service$/, '.socket');
    const listens = lines
      .filter((line) => line.file === socket)
      .flatMap((line) => list(socketOf(line.text.replace(/^ListenStream\s*=\s*/, '').trim())));
    const to = list(placeOf(target));
    return [
      {
        by: 'systemd',
        where: `${file}:${number}`,
        running: true,
        kind: 'relay' as const,
        listens,
        to,
        unresolved: to.length > 0 ? [] : [target],
      },
    ];
  });
}

function socketOf(text: string): Place | undefined {
  return /^\d+$/.test(text) ? { host: 'any', port: text } : placeOf(text);
}

// sshd_config(5): the first value counts; a Match block may say otherwise for some, and then it cannot be told.
function serverForwarding(lines: readonly Line[], files: ReadonlySet<string>): Forwards['sshForwarding'] {
  if (![...files].some((file) => file.includes('sshd_config'))) return 'absent';
  const own = lines.filter(({ file }) => file.includes('sshd_config'));
  if (own.some(({ text }) => /^DisableForwarding[\s=]+yes/i.test(text))) return 'no';
  const values = own.flatMap(({ text }) => text.match(/^AllowTcpForwarding[\s=]+"?(\w+)/i)?.[1]?.toLowerCase() ?? []);
  if (new Set(values).size > 1 || (values.length > 0 && own.some(({ text }) => /^Match\b/i.test(text))))
    return 'unknown';
  const [value = 'yes'] = values;
  return value === 'yes' || value === 'no' || value === 'local' || value === 'remote'
    ? value
    : value === 'all'
      ? 'yes'
      : 'unknown';
}

function aliasesIn(lines: readonly Line[]): Forwards['aliases'] {
  const found = new Map<string, string[]>();
  for (const { text } of lines) {
    const [address = '', ...names] = text.replace(/#.*$/, '').trim().split(/\s+/);
    for (const name of names) {
      const key = clean(name).toLowerCase();
      found.set(key, [...new Set([...(found.get(key) ?? []), clean(address)])]);
    }
  }
  return [...found].map(([name, addresses]) => ({ name, addresses }));
}
