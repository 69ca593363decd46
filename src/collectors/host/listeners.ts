import ipaddr from 'ipaddr.js';
import type { Listeners, Socket } from '../../evidence/host/listeners.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import { clean, isComplete, linesOf } from './output.ts';

const most = 5000;

/** The sockets that a host listens on: ss(8), else netstat(8), else the kernel's own tables, proc(5). */
export const listeners = defineHostCollector({
  id: 'host/listeners',
  kind: 'listeners',
  ask: () => [
    {
      name: 'sockets',
      why: 'which TCP and UDP ports the host listens on, and the names of the programs',
      asRoot: true,
      // An old ss knows no -H: its heading is left out by the reader.
      script: `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
if command -v ss >/dev/null 2>&1 && answer=$(ss -H -tulnp 2>/dev/null || ss -tulnp 2>/dev/null); then echo by:ss
elif command -v netstat >/dev/null 2>&1 && answer=$(netstat -tulnpW 2>/dev/null); then echo by:netstat
else
  answer=$(for table in tcp tcp6 udp udp6; do
    [ -e "/proc/net/$table" ] || { case $table in *6) ;; *) echo unread ;; esac; continue; }
    awk -v table="$table" 'NR > 1 && (table ~ /tcp/ ? $4 == "0A" : $4 == "07") { print table, $2 }' "/proc/net/$table" || echo unread
  done)
  echo by:proc
fi
printf '%s\\n' "$answer" | head -n ${most + 1} | cut -c1-400 | sed 's/^/ /'
echo end`,
    },
  ],
  read: readListeners,
});

const readers: Readonly<Record<Listeners['by'], (words: readonly string[], line: string) => Socket | undefined>> = {
  ss: readSs,
  netstat: readNetstat,
  proc: readProc,
};

function readListeners(results: CommandResults): Listeners {
  const result = results('sockets');
  const by = (['ss', 'netstat', 'proc'] as const).find((each) => result.stdout.startsWith(`by:${each}\n`));
  if (!isComplete(result) || !by) {
    const reason = result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'failed';
    throw new Unavailable(reason, result.stderr);
  }
  const lines = linesOf(result.stdout, ' ').filter((line) => line.trim() !== '' && !isHeading(line));
  const found = lines.map((line) => readers[by](line.trim().split(/\s+/), line));
  const sockets = found.flatMap((socket) => socket ?? []);
  return {
    by,
    sockets: [...new Map(sockets.map((socket) => [JSON.stringify(socket), socket])).values()].slice(0, most),
    unread: [
      ...(lines.length > most ? [{ part: by, why: 'too-many' as const }] : []),
      ...(found.includes(undefined)
        ? [{ part: clean(lines[found.indexOf(undefined)] ?? by), why: 'unclear' as const }]
        : []),
    ],
  };
}

function isHeading(line: string): boolean {
  return /^(Netid|Proto|Active Internet|\(Not all|\s*will not be|\(No info|\s*you would)/.test(line);
}

// `tcp LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=1,fd=2))`
function readSs([kind = '', , , , local = '']: readonly string[], line: string): Socket | undefined {
  return socketOf(kind, local, line.match(/users:\(\("((?:[^"\\]|\\.)*)"/)?.[1]);
}

// `tcp6 0 0 :::22 :::* LISTEN 812/sshd: /usr/sbin`, `udp 0 0 0.0.0.0:68 0.0.0.0:* 512/dhclient`
function readNetstat([kind = '', , , local = '']: readonly string[], line: string): Socket | undefined {
  return socketOf(kind, local, line.match(/\s\d+\/([^\s:]+)/)?.[1]);
}

// `tcp6 00000000000000000000000000000000:0016`: each word of 32 bits in the order of the machine, little-endian where these run.
function readProc([kind = '', local = '']: readonly string[]): Socket | undefined {
  const [, hex = '', port = ''] = local.match(/^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/) ?? [];
  if (hex === '') return undefined;
  const bytes = (hex.match(/.{8}/g) ?? [])
    .flatMap((word) => (word.match(/../g) ?? []).toReversed())
    .map((byte) => Number.parseInt(byte, 16));
  const address = ipaddr.fromByteArray(bytes).toString();
  return socketOf(kind, `${address}:${Number.parseInt(port, 16)}`, undefined);
}

function socketOf(kind: string, local: string, program: string | undefined): Socket | undefined {
  const [, protocol] = kind.match(/^(tcp|udp)6?$/) ?? [];
  const at = local.lastIndexOf(':');
  const [address = '', device] = local.slice(0, at).replace(/[[\]]/g, '').split('%');
  const port = Number(local.slice(at + 1));
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  if (at < 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  if (address !== '*' && !ipaddr.isValid(address)) return undefined;
  return {
    protocol,
    address: address === '*' ? address : ipaddr.process(address).toString(),
    port,
    ...(device === undefined ? {} : { interface: clean(device) }),
    ...(program === undefined ? {} : { program: clean(program) }),
  };
}
