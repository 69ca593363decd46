import type { Forward, Place } from '../../../evidence/host/forwards.ts';
import { clean, linesOf } from '../output.ts';
import { type Found, networkOf, type Part } from './configurations.ts';
import { listenerOf, placeOf } from './places.ts';
import { knownPrograms } from './programs.ts';
import { sshForwards } from './ssh.ts';

type Process = { readonly by: string; readonly where: string; readonly words: readonly string[] };

/** Reads the arguments of running programs that forward. */
export function readProcesses(output: string): Part {
  const forwards = linesOf(output, 'process:').flatMap((line) => {
    const [pid = '', network = '', name = '', ...words] = line.replace(/\t$/, '').split('\t').map(clean);
    const process = { by: name, where: `process ${pid}`, words };
    return forwardsOf(process).map(
      (found): Forward => ({
        by: name,
        where: process.where,
        running: true,
        ...networkOf(network),
        ...found,
      }),
    );
  });
  return { forwards, unread: [] };
}

function forwardsOf({ by, words }: Process): Found[] {
  const reading = knownPrograms.get(by);
  if (reading === 'configuration') return [];
  if (reading === 'none') return [{ kind: 'unknown', listens: [], to: [], unresolved: [] }];
  if (by.startsWith('socat')) return socat(words);
  if (/^(ssh|autossh|dbclient)$/.test(by)) return sshForwards(by, words);
  if (by === 'docker-proxy') return dockerProxy(words);
  if (by.startsWith('systemd-socket')) return socketProxy(words);
  if (by === 'redir') return redir(words);
  return netcat(words);
}

const list = (place: Place | undefined): Place[] => (place ? [place] : []);

function relay(listens: Place[], to: Place[], words: readonly string[]): Found {
  return { kind: 'relay', listens, to, unresolved: to.length > 0 ? [] : [words.join(' ').slice(0, 200)] };
}

/** socat(1): two addresses; the one that listens takes, the other is where it leads. */
function socat(words: readonly string[]): Found[] {
  const addresses = words
    .filter((word) => /^[a-z0-9-]+:|^-$|!!/i.test(word) && !/^-[a-z]/i.test(word))
    .map(socatAddress);
  const listens = addresses.flatMap(({ listener }) => listener ?? []);
  const targets = addresses.filter(({ listener }) => !listener);
  const to = targets.flatMap(({ place }) => place ?? []);
  if (listens.length === 0) return addresses.length === 2 && to.length > 0 ? [relay([], to, words)] : [];
  // A proxy leads to the third part of its address; EXEC and SYSTEM to whatever they start.
  return targets.every(({ harmless }) => harmless) && targets.length > 0 ? [] : [relay(listens, to, words)];
}

function socatAddress(word: string): { listener?: Place; place?: Place[]; harmless?: boolean } {
  const [head = '', ...options] = word.split(',');
  const [, type = '', rest = ''] = head.match(/^([a-z0-9-]+):?(.*)$/i) ?? [];
  const key = type.toUpperCase();
  if (
    /LISTEN$|^(TCP|UDP|SCTP|SSL|OPENSSL|TCP4|TCP6|UDP4|UDP6|UNIX|VSOCK)-(L|RECVFROM|RECV)$|RECVFROM$|^SSL-L$/.test(key)
  ) {
    if (key.startsWith('UNIX') || key.startsWith('ABSTRACT')) return { listener: { host: `unix:${rest}` } };
    const bind = options.find((option) => option.startsWith('bind='))?.slice(5);
    const range = options.find((option) => option.startsWith('range='))?.slice(6);
    const host = range && /^(127\.|::1|localhost)/.test(range) ? 'localhost' : (bind ?? '');
    return { listener: placeOf(`${host}:${rest}`) ?? { host: 'any' } };
  }
  if (/^(TUN|INTERFACE)$/.test(key)) return { listener: { host: 'any' } };
  if (/^(PROXY|SOCKS[A-Z0-9-]*)(-CONNECT)?$/.test(key)) {
    const [proxy = '', ...target] = rest.split(':');
    return { place: [...list(placeOf(proxy)), ...list(placeOf(target.slice(-2).join(':')))] };
  }
  if (/^(UNIX|ABSTRACT|GOPEN)/.test(key)) return { place: [{ host: `unix:${rest}` }] };
  if (/^(STDIO|STDIN|STDOUT|FD|PTY|OPEN|CREATE|FILE|PIPE|)$/.test(key) || word === '-') return { harmless: true };
  if (/^(EXEC|SYSTEM|SHELL)$/.test(key)) return {};
  return { place: list(placeOf(rest)) };
}

function dockerProxy(words: readonly string[]): Found[] {
  const value = (flag: string): string => words[words.indexOf(flag) + 1] ?? '';
  const at = (host: string, port: string): Place[] =>
    list(placeOf(`${host.includes(':') ? `[${host}]` : host}:${port}`));
  return [
    relay(at(value('-host-ip'), value('-host-port')), at(value('-container-ip'), value('-container-port')), words),
  ];
}

// Where it listens stands in the socket unit: known by its settings, not by the process.
function socketProxy(words: readonly string[]): Found[] {
  const target = words.find((word) => !word.startsWith('-')) ?? '';
  return [relay([], list(placeOf(target)), words)];
}

/** redir(1): `redir [HOST]:PORT [HOST]:PORT`, or --laddr, --lport, --caddr, --cport of the older one. */
function redir(words: readonly string[]): Found[] {
  const value = (name: string): string =>
    words.flatMap((word, index) =>
      word === `--${name}`
        ? [words[index + 1] ?? '']
        : word.startsWith(`--${name}=`)
          ? [word.slice(name.length + 3)]
          : [],
    )[0] ?? '';
  if (value('cport') !== '') {
    return [
      relay(
        list(placeOf(`${value('laddr')}:${value('lport')}`)),
        list(placeOf(`${value('caddr') || 'localhost'}:${value('cport')}`)),
        words,
      ),
    ];
  }
  // A running redir shows its own arguments with the colons gone.
  const [host = '', port = '', toHost = '', toPort = ''] = words.flatMap((word) => word.split(':')).slice(-4);
  return [relay(list(placeOf(`${host}:${port}`)), list(placeOf(`${toHost || 'localhost'}:${toPort}`)), words)];
}

/** ncat(1) and nc(1): a listener that starts another program, or that is a proxy itself; `nc HOST PORT` passes standard input on. */
function netcat(words: readonly string[]): Found[] {
  const text = words.join(' ');
  const listening = words.some((word) => /^-[a-z46]*l|^--listen$/.test(word));
  const numbers = words.filter((word) => /^\d{1,5}$/.test(word));
  const [place] = words.filter((word) => /^([a-z0-9-]+\.)+[a-z0-9-]+$|:/i.test(word));
  if (!listening) {
    const to =
      place && numbers[0] ? placeOf(`${place.includes(':') ? `[${place}]` : place}:${numbers.at(-1)}`) : undefined;
    return to ? [relay([], [to], words)] : [];
  }
  const listens = numbers[0]
    ? list(listenerOf(place && !place.includes(':') ? `${place}:${numbers[0]}` : numbers[0]))
    : [];
  if (/--proxy-type/.test(text)) return [{ kind: 'proxy', listens, to: [], unresolved: [] }];
  return /(^| )(-[a-z]*[ce]|--exec|--sh-exec|--lua-exec)( |=|$)/.test(text) ? [relay(listens, [], words)] : [];
}
