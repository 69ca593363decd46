import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { said, type Within } from './namespaces.ts';

/** One packet that a network interface sent or took. */
export type Packet = {
  /** Sent by this machine, to itself or to others. */
  readonly isSent: boolean;
  readonly from: string;
  readonly to: string;
  /** As in the IP header: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6; `arp`; other EtherTypes in hex. */
  readonly protocol: number | string;
  /** Of TCP and UDP. */
  readonly toPort?: number;
  readonly fromPort?: number;
  /** The names a DNS message asks about. */
  readonly asks: readonly string[];
  /** From the network layer on. */
  readonly bytes: Buffer;
};

/** Everything that passes any interface of a namespace, loopback included, until `stop` gives it. */
export type Capture = { stop(): Promise<readonly Packet[]> };

/** Starts tcpdump(8) in a namespace; it listens when this returns. */
export async function startCapture(within: Within): Promise<Capture> {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-capture-'));
  const file = join(folder, 'packets.pcap');
  const [program, ...before] = within;
  // -Z root: else it writes as a user who may not write here. -s: room for thousands of packets in the buffer.
  const options = [
    '-i',
    'any',
    '-y',
    'LINUX_SLL2',
    '-n',
    '-U',
    '--immediate-mode',
    '-B',
    '65536',
    '-s',
    '4096',
    '-Z',
    'root',
  ];
  const child = spawn(program, [...before, 'tcpdump', ...options, '-w', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  await said(child, child.stderr, /listening on/);
  return {
    async stop() {
      try {
        await marked(within, file);
        await ended(child);
        return readPackets(readFileSync(file));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** A text that ends the capture: packets are kept in order, so that all before it are there when it is. */
const marker = 'end of this capture';

async function marked(within: Within, file: string): Promise<void> {
  const [program, ...before] = within;
  const script = `require('node:dgram').createSocket('udp4').send('${marker}', 9, '127.0.0.1', function () { this.close() })`;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    await once(spawn(program, [...before, process.execPath, '-e', script], { stdio: 'ignore' }), 'exit');
    if (readFileSync(file).includes(marker)) return;
  }
  throw new Error('the capture does not see what is sent');
}

async function ended(child: ChildProcess): Promise<void> {
  let summary = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    summary += chunk.toString('utf8');
  });
  child.kill('SIGINT');
  await once(child, 'close');
  if (!/\b0 packets dropped by kernel/.test(summary)) throw new Error(`the capture is not whole: ${summary}`);
}

/** Reads a capture file of link type LINUX_SLL2: pcap-savefile(5), tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html. */
export function readPackets(file: Buffer): Packet[] {
  if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== 276) throw new Error('not such a capture');
  const packets: Packet[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    const bytes = frame.subarray(20);
    // ARPHRD_LOOPBACK: there, libpcap shows a packet only as it arrives.
    const isSent = frame[10] === 4 || frame.readUInt16BE(8) === 772;
    packets.push({ isSent, ...readPacket(frame.readUInt16BE(0), bytes), bytes });
  }
  return packets;
}

type Read = Omit<Packet, 'isSent' | 'bytes'>;

function readPacket(etherType: number, bytes: Buffer): Read {
  if (etherType === 0x0800) {
    const ends = { from: text(bytes.subarray(12, 16)), to: text(bytes.subarray(16, 20)) };
    return { ...ends, ...readTransport(bytes[9] ?? 0, bytes.subarray(((bytes[0] ?? 0) & 15) * 4)) };
  }
  if (etherType === 0x86dd) {
    const ends = { from: text(bytes.subarray(8, 24)), to: text(bytes.subarray(24, 40)) };
    return { ...ends, ...readTransport(bytes[6] ?? 0, bytes.subarray(40)) };
  }
  // RFC 826, for IPv4 over Ethernet.
  if (etherType === 0x0806)
    return { protocol: 'arp', from: text(bytes.subarray(14, 18)), to: text(bytes.subarray(24, 28)), asks: [] };
  return { protocol: etherType.toString(16), from: '', to: '', asks: [] };
}

function readTransport(protocol: number, bytes: Buffer): Pick<Packet, 'protocol' | 'fromPort' | 'toPort' | 'asks'> {
  if (protocol !== 6 && protocol !== 17) return { protocol, asks: [] };
  const [fromPort, toPort] = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
  const payload = protocol === 17 ? bytes.subarray(8) : bytes.subarray(((bytes[12] ?? 0) >> 4) * 4 + 2);
  const isQuery = toPort === 53 && payload.length > 12;
  return { protocol, fromPort, toPort, asks: isQuery ? questionsIn(payload) : [] };
}

// RFC 1035, 4.1: a question's name is not compressed.
function questionsIn(message: Buffer): string[] {
  const names: string[] = [];
  let at = 12;
  for (let left = message.readUInt16BE(4); left > 0; left -= 1) {
    const labels: string[] = [];
    for (let size = message[at] ?? 0; size > 0; size = message[at] ?? 0) {
      labels.push(message.toString('latin1', at + 1, at + 1 + size));
      at += size + 1;
    }
    at += 5;
    names.push(labels.join('.').toLowerCase());
  }
  return names;
}

function text(bytes: Buffer): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}
