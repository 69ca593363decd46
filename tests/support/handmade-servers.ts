import type { Socket } from 'node:net';
import { certificateBody, message, number, records, serverHelloBody, vector } from './flights.ts';
import { type ClientHello, listIn, readClientHello, readSsl2ClientHello } from './hellos.ts';

/** A server of a protocol that the libraries of today do not speak. */
export type Handmade = {
  /** In the server's order of preference. */
  readonly suites: readonly number[];
  /** DER, as they are sent. */
  readonly certificates: readonly Buffer[];
  readonly decides?: 'server' | 'client';
  readonly asksClient?: boolean;
  /** Longest record; several messages share one where it is long enough. */
  readonly longest?: number;
  /** Milliseconds between the first half of the answer and the second. */
  readonly pause?: number;
};

type Answering = (socket: Socket, hello: Buffer) => void;

const alerts = { handshakeFailure: 40, decodeError: 50, protocolVersion: 70 } as const;

/**
 * TLCP 1.1 as GB/T 38636-2020 has it (6.4.5.2 to 6.4.5.7): two certificates, first the one that signs; with ECDHE a key exchange in
 * clear text. A hello with anything after its compression methods is refused.
 */
export function tlcpServer(server: Handmade): Answering {
  return (socket, bytes) => {
    const hello = strictly(bytes);
    if (!hello) return end(socket, 0x0101, alerts.decodeError);
    if (hello.versions.some((version) => version !== 0x0101)) return end(socket, 0x0101, alerts.protocolVersion);
    if (hello.extensions) return end(socket, 0x0101, alerts.decodeError);
    const suite = choose(server, hello.suites);
    if (suite === undefined) return end(socket, 0x0101, alerts.handshakeFailure);
    const isEphemeral = [0xe011, 0xe051].includes(suite);
    const signature = vector(2, Buffer.alloc(70, 0x30));
    // A named curve (3), curveSM2 (41), a point.
    const params = [Buffer.from('030029', 'hex'), vector(1, Buffer.alloc(65, 4))];
    // ecdsa_sign (64), no names of authorities.
    const request = server.asksClient ? [message(13, '01400000')] : [];
    say(socket, server, 0x0101, [
      message(2, serverHelloBody(0x0101, suite)),
      message(11, certificateBody(server.certificates)),
      message(12, Buffer.concat([...(isEphemeral ? params : []), signature])),
      ...request,
      message(14, ''),
    ]);
  };
}

/** SSL 3.0 (RFC 6101): whoever offers more is answered with 3.0, and what follows the compression methods is ignored (5.6.1.2). */
export function ssl3Server(server: Handmade): Answering {
  return (socket, bytes) => {
    if ((bytes[0] ?? 0) & 0x80) return socket.end();
    const hello = strictly(bytes);
    if (!hello) return end(socket, 0x0300, alerts.decodeError);
    if (hello.versions[1] < 0x0300) return end(socket, 0x0300, alerts.handshakeFailure);
    const suite = choose(server, hello.suites);
    if (suite === undefined) return end(socket, 0x0300, alerts.handshakeFailure);
    say(socket, server, 0x0300, [
      message(2, serverHelloBody(0x0300, suite)),
      message(11, certificateBody(server.certificates)),
      message(14, ''),
    ]);
  };
}

/** SSL 2.0 (draft-hickman-netscape-ssl-00, 2.6); hangs up on anything else. */
export function ssl2Server(server: Handmade): Answering {
  return (socket, bytes) => {
    if (((bytes[0] ?? 0) & 0x80) === 0) return socket.end();
    const common = readSsl2ClientHello(bytes).filter((kind) => server.suites.includes(kind));
    const [certificate = Buffer.alloc(0)] = server.certificates;
    const kinds = Buffer.concat(common.map((kind) => number(kind, 3)));
    const connection = Buffer.alloc(16, 0xcc);
    const lengths = [certificate, kinds, connection].map((part) => number(part.length, 2));
    // MSG-SERVER-HELLO, no session, X.509, version 2.
    const body = Buffer.concat([Buffer.from('0400010002', 'hex'), ...lengths, certificate, kinds, connection]);
    inHalves(socket, Buffer.concat([number(0x8000 | body.length, 2), body]), server);
  };
}

/** TLS 1.3 with the suites, curve and signature of RFC 8998 and none else: a HelloRetryRequest asks for a share of curveSM2. */
export function sm13Server(server: Handmade): Answering {
  return (socket, bytes) => {
    if (bytes[0] !== 22) return socket.end();
    const hello = strictly(bytes);
    if (!hello) return end(socket, 0x0303, alerts.decodeError);
    const { extensions } = hello;
    if (!listIn(extensions?.get(43) ?? Buffer.of(0), 1, 2).includes(0x0304))
      return end(socket, 0x0303, alerts.protocolVersion);
    const suite = choose(server, hello.suites);
    const isSm = listIn(extensions?.get(10), 2, 2).includes(41) && listIn(extensions?.get(13), 2, 2).includes(0x0708);
    if (suite === undefined || !isSm) return end(socket, 0x0303, alerts.handshakeFailure);
    say(socket, server, 0x0303, [helloRetry(suite, 41)]);
  };
}

/** RFC 8446, 4.1.3 and 4.1.4: a ServerHello with the digest of "HelloRetryRequest" for random bytes. */
export function helloRetry(suite: number, group: number): Buffer {
  const body = serverHelloBody(0x0303, suite, [
    [43, number(0x0304, 2)],
    [51, number(group, 2)],
  ]);
  Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex').copy(body, 2);
  return message(2, body);
}

function strictly(bytes: Buffer): ClientHello | undefined {
  try {
    return readClientHello(bytes);
  } catch {
    return undefined;
  }
}

function choose({ suites, decides = 'server' }: Handmade, offered: readonly number[]): number | undefined {
  const [first, second] = decides === 'server' ? [suites, offered] : [offered, suites];
  return first.find((suite) => second.includes(suite));
}

function end(socket: Socket, version: number, alert: number): void {
  socket.end(records(version, Buffer.of(2, alert), { type: 21 }));
}

// As a server does it, that waits for the client's turn: the connection stays open.
function say(socket: Socket, server: Handmade, version: number, messages: readonly Buffer[]): void {
  const { longest } = server;
  inHalves(socket, records(version, Buffer.concat(messages), longest === undefined ? {} : { longest }), server);
}

function inHalves(socket: Socket, bytes: Buffer, { pause = 0 }: Handmade): void {
  if (pause === 0) return void socket.write(bytes);
  const half = Math.floor(bytes.length / 2);
  socket.write(bytes.subarray(0, half));
  setTimeout(() => socket.write(bytes.subarray(half)), pause);
}
