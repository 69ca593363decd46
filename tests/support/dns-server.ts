import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { listening } from './servers.ts';

/** What stands in the zone under a name; a TTL in seconds, 300 unless given. */
export type DnsRecord = { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string; readonly ttl?: number };

/**
 * What is answered about a name: records (with those of the names that a CNAME leads to, as a recursive resolver gives them), a
 * refusal, nothing at all, bytes that mean nothing, or records that UDP has no room for.
 */
export type DnsEntry =
  | readonly DnsRecord[]
  | 'NXDOMAIN'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'garbage'
  | 'silent'
  | { readonly truncated: readonly DnsRecord[] };

/** A zone: lower-case names without the last dot; a function is told how often this name and type were asked before. */
export type Zone = Readonly<Record<string, DnsEntry | ((before: number, type: string) => DnsEntry)>>;

/** A question that came in. */
export type DnsQuery = { readonly name: string; readonly type: string; readonly over: 'udp' | 'tcp' };

export type DnsServer = {
  readonly host: string;
  readonly port: number;
  /** `127.0.0.1:5300`, as a platform file names a resolver. */
  readonly resolver: string;
  /** All questions so far, in order. */
  readonly queries: readonly DnsQuery[];
  close(): Promise<void>;
};

export type DnsOptions = {
  /** A loopback address. */
  readonly host?: string;
  /** Port; a free one unless given. Port 53 is what the C library asks. */
  readonly port?: number;
  /** `false`: nobody listens on TCP, so that what is truncated stays unknown. */
  readonly tcp?: boolean;
};

/** A recursive resolver over UDP and TCP (RFC 1035) that knows this zone; all other names do not exist. */
export async function dnsServer(
  zone: Zone,
  { host = '127.0.0.1', port: wanted = 0, tcp = true }: DnsOptions = {},
): Promise<DnsServer> {
  const queries: DnsQuery[] = [];
  const answerTo = (message: Buffer, over: DnsQuery['over']): Buffer | undefined =>
    answer(message, over, zone, queries);
  const { stream, datagrams, port } = await bind(host, wanted);
  const sockets = new Set<Socket>();
  if (!tcp) await closed(stream);
  stream.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    answerStream(socket, answerTo);
  });
  datagrams.on('message', (message: Buffer, from: RemoteInfo) => {
    const reply = answerTo(message, 'udp');
    if (reply) datagrams.send(reply, from.port, from.address);
  });
  return {
    host,
    port,
    resolver: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    queries,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (tcp) await closed(stream);
      datagrams.close();
      await once(datagrams, 'close');
    },
  };
}

// A free TCP port may be taken for UDP.
async function bind(host: string, wanted: number): Promise<{ stream: Server; datagrams: UdpSocket; port: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const stream = createServer();
    const datagrams = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      const port = wanted === 0 ? await listening(stream, host) : await listeningAt(stream, host, wanted);
      datagrams.bind(port, host);
      await once(datagrams, 'listening');
      return { stream, datagrams, port };
    } catch (error) {
      stream.close();
      datagrams.close();
      if (wanted !== 0 || attempt === 9) throw error;
    }
  }
}

async function listeningAt(stream: Server, host: string, port: number): Promise<number> {
  stream.listen(port, host);
  await once(stream, 'listening');
  return port;
}

function closed(stream: Server): Promise<void> {
  return new Promise((resolve) => stream.close(() => resolve()));
}

// Each message stands behind its length: RFC 1035, 4.2.2.
function answerStream(socket: Socket, answerTo: (message: Buffer, over: 'tcp') => Buffer | undefined): void {
  let heard = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE(0)) {
      const end = 2 + heard.readUInt16BE(0);
      const reply = answerTo(heard.subarray(2, end), 'tcp');
      heard = heard.subarray(end);
      if (reply) socket.write(Buffer.concat([uint16(reply.length), reply]));
    }
  });
}

const types: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [5, 'CNAME'],
  [28, 'AAAA'],
]);
const typeNumbers = { A: 1, CNAME: 5, AAAA: 28 } as const;
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** Room for a reply over UDP without EDNS: RFC 1035, 4.2.1. */
const udpRoom = 512;

function answer(message: Buffer, over: DnsQuery['over'], zone: Zone, queries: DnsQuery[]): Buffer | undefined {
  const { name, type, end } = question(message);
  const before = queries.filter((each) => each.name === name && each.type === type && each.over === over).length;
  queries.push({ name, type, over });
  const { answers, truncated, outcome } = chased(zone, name, type, before);
  const asked = message.subarray(12, end);
  if (outcome === 'silent') return undefined;
  // An answer is announced, and what follows is none.
  if (outcome === 'garbage')
    return Buffer.concat([
      message.subarray(0, 2),
      uint16(0x8180),
      ...[1, 1, 0, 0].map(uint16),
      asked,
      Buffer.alloc(40, 0xc1),
    ]);
  const whole = reply(message, asked, answers, codes[outcome]);
  if (over === 'tcp' || (!truncated && whole.length <= udpRoom)) return whole;
  return reply(message, asked, [], 0, true);
}

type Owned = { readonly owner: string; readonly record: DnsRecord };

type Answers = {
  readonly answers: readonly Owned[];
  readonly truncated: boolean;
  /** How it ended at the last name: RFC 6604. */
  readonly outcome: keyof typeof codes | 'silent' | 'garbage';
};

// What is asked for, by way of CNAMEs; a loop ends where it began.
function chased(zone: Zone, name: string, type: string, before = 0, met: readonly string[] = []): Answers {
  const entry = entryOf(zone, name, before, type);
  if (typeof entry === 'string') return { answers: [], truncated: false, outcome: entry };
  const truncated = 'truncated' in entry;
  const records = truncated ? entry.truncated : entry;
  const wanted = records.filter((record) => record.type === type);
  const alias = records.find((record) => record.type === 'CNAME');
  const own = (record: DnsRecord): Owned => ({ owner: name, record });
  if (wanted.length > 0 || !alias || met.includes(name))
    return { answers: wanted.map(own), truncated, outcome: 'NOERROR' };
  const rest = chased(zone, alias.value.toLowerCase(), type, 0, [...met, name]);
  return { ...rest, answers: [own(alias), ...rest.answers], truncated: truncated || rest.truncated };
}

function entryOf(zone: Zone, name: string, before: number, type: string): DnsEntry {
  const entry = zone[name] ?? 'NXDOMAIN';
  return typeof entry === 'function' ? entry(before, type) : entry;
}

function question(message: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = message.readUInt16BE(at + 1);
  return { name: labels.join('.').toLowerCase(), type: types.get(number) ?? `${number}`, end: at + 5 };
}

function reply(message: Buffer, asked: Buffer, answers: readonly Owned[], code = 0, truncated = false): Buffer {
  // A response, recursion available, and whether it was desired: RFC 1035, 4.1.1.
  const desired = message.readUInt16BE(2) & 0x0100;
  const flags = 0x8080 | desired | (truncated ? 0x0200 : 0) | code;
  const counts = [1, answers.length, 0, 0].map(uint16);
  return Buffer.concat([message.subarray(0, 2), uint16(flags), ...counts, asked, ...answers.map(resource)]);
}

function resource({ owner, record: { type, value, ttl = 300 } }: Owned): Buffer {
  const data = type === 'CNAME' ? encoded(value) : Buffer.from(ipaddr.parse(value).toByteArray());
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(ttl);
  return Buffer.concat([encoded(owner), uint16(typeNumbers[type]), uint16(1), seconds, uint16(data.length), data]);
}

function encoded(name: string): Buffer {
  const labels = name.replace(/\.$/, '').split('.');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
