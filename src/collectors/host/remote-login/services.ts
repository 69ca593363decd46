import type { LoginService, RemoteLogin } from '../../../evidence/host/remote-login.ts';
import { clean, linesOf } from '../output.ts';

type Listening = RemoteLogin['listening'][number];
type Service = Listening['service'];

// By the name of the process, cut to 15 characters as the kernel cuts it.
const programs: readonly (readonly [RegExp, Service])[] = [
  [/^sshd(-session)?$/, 'ssh'],
  [/^(dropbear|tinysshd|lshd|teleport)$/, 'other-ssh'],
  [/^(in\.)?(telnetd|utelnetd)$/, 'telnet'],
  [/^(in\.)?(rshd|rlogind|rexecd)$/, 'rsh'],
  [/^(xrdp|gnome-remote-de|krdpserver|freerdp-shadow.*)$/, 'rdp'],
  [
    /^(X(tiger)?vnc|x0vncserver|x11vnc|vncserver.*|vino-server|krfb|tightvnc.*|wayvnc|websockify|novnc.*|x0tigervnc.*)$/,
    'vnc',
  ],
  [/^(cockpit-(tls|ws)|webmin|miniserv\.pl|ajenti-panel|BT-Panel|1panel(-core)?|guacd)$/, 'web-console'],
  [/^(ttyd|gotty|wetty|shellinaboxd|sshwifty|webssh|wssh)$/, 'web-terminal'],
];

// Programs that hold a port for another, and those that say nothing of what they run.
const holders = /^(systemd|xinetd|inetd|inetutils-inetd|openbsd-inetd|busybox|tcpd)$/;

const ports: Readonly<Record<number, Service>> = {
  22: 'ssh',
  23: 'telnet',
  512: 'rsh',
  513: 'rsh',
  514: 'rsh',
  3389: 'rdp',
};

/** Reads the listening sockets and keeps those that let somebody log in. */
export function readListening(output: string): Listening[] {
  const found = [...linesOf(output, 'socket:').flatMap(socket), ...linesOf(output, 'hex:').flatMap(hexSocket)];
  const unique = new Map(found.map((each) => [JSON.stringify(each), each]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function socket(line: string): Listening[] {
  const [, address = '', portText = '', names = ''] = line.match(/^(\S{1,100}):(\d{1,5}) (.{0,500})$/) ?? [];
  const port = Number(portText);
  if (port < 1 || port > 65_535) return [];
  return listening(clean(address), port, names.split(',').filter(Boolean));
}

function listening(address: string, port: number, names: readonly string[]): Listening[] {
  for (const name of names) {
    const service = programs.find(([pattern]) => pattern.test(name))?.[1];
    if (service !== undefined) return [{ service, address, port, program: clean(name) }];
  }
  const holder = names.find((name) => holders.test(name));
  if (names.length > 0 && holder === undefined) {
    // Whoever else listens there speaks SSH, or passes it on.
    return port === 22 ? [{ service: 'other-ssh', address, port, program: clean(names[0] ?? '') }] : [];
  }
  const service = ports[port] ?? vncPort(port);
  if (service === undefined) return [];
  return [{ service, address, port, ...(holder === undefined ? {} : { program: clean(holder) }) }];
}

// Displays :0 to :9, RFC 6143.
function vncPort(port: number): LoginService | undefined {
  return port >= 5900 && port <= 5909 ? 'vnc' : undefined;
}

// proc(5): the address in the machine's byte order, four bytes a word (little-endian on what these platforms run).
function hexSocket(line: string): Listening[] {
  const [, host = '', port = ''] = line.match(/^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/) ?? [];
  if (host === '') return [];
  const bytes = (host.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed());
  return listening(bytes.length === 4 ? dotted(bytes) : colons(bytes), Number.parseInt(port, 16), []);
}

function dotted(bytes: readonly string[]): string {
  return bytes.map((each) => Number.parseInt(each, 16)).join('.');
}

function colons(bytes: readonly string[]): string {
  const whole = bytes.join('');
  if (/^0+$/.test(whole)) return '[::]';
  if (/^0+1$/.test(whole)) return '[::1]';
  if (/^0{20}FFFF/.test(whole)) return `[::ffff:${dotted(bytes.slice(12))}]`;
  return `[${(whole.match(/.{4}/g) ?? []).map((group) => group.toLowerCase()).join(':')}]`;
}
