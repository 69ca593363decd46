import type { StartTlsService } from '../../evidence/network/tls.ts';
import { printable, said, type Text } from '../../text.ts';

/** What follows from the bytes that a service has sent so far. */
export type Step =
  /** Its answer is not complete. */
  | 'more'
  /** Say this, and hear the answer; after `tls` the hello follows. */
  | { readonly say: Buffer; readonly next: 'listen' | 'tls' }
  /** The service is ready for the hello. */
  | 'tls'
  /** It speaks the protocol and offers no TLS. */
  | { readonly plain: string }
  /** It answered, and nothing follows about TLS; `passing`: the next connection may fare better. */
  | { readonly away: string; readonly passing?: boolean };

/** Bytes of an answer before TLS that are read; none that is meant in earnest is longer. */
export const longestPreamble = 16 * 1024;

/** One step of the talk before TLS: what was said so far (number of messages), and what was heard since the last. Never throws. */
export type Preamble = (said: number, heard: Buffer, localAddress: string) => Step;

/** How each service is asked for TLS on a connection in clear text. */
export const preambles: Readonly<Record<StartTlsService, Preamble>> = {
  postgresql: (count, heard) => (count === 0 ? { say: sslRequest, next: 'listen' } : readPostgresql(heard)),
  mysql: (_, heard) => readMysql(heard),
  smtp: readSmtp,
};

const injected = said({
  zh: '服务在 TLS 之前多发送了明文数据，可能有人在连接中插入内容',
  en: 'more came in clear text than the answer, before TLS: it may have been put in on the way',
});

// https://www.postgresql.org/docs/current/protocol-message-formats.html: length 8, code 80877103.
const sslRequest = Buffer.from('0000000804d2162f', 'hex');

function readPostgresql(heard: Buffer): Step {
  const [first] = heard;
  if (first === undefined) return 'more';
  const kind = String.fromCharCode(first);
  // Anything beside the one byte was not asked for (CVE-2021-23214).
  if (kind === 'S') return heard.length === 1 ? 'tls' : { away: injected };
  if (kind === 'N') return { plain: 'PostgreSQL SSLRequest: N' };
  // An error may be about something else: a server that is full, or older than SSLRequest.
  return { away: kind === 'E' ? `PostgreSQL: ${start(heard.subarray(1))}` : stranger('PostgreSQL', heard) };
}

const errorPacket = 0xff;
const clientSsl = 0x0800;
/** Too many connections: the only refusal of MySQL that passes by itself. */
const tooMany = 1040;

// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets.html: HandshakeV10, ERR_Packet.
function readMysql(heard: Buffer): Step {
  if (heard.length < 5) return 'more';
  const length = heard.readUIntLE(0, 3);
  if (heard[3] !== 0 || length < 3 || length > longestPreamble / 2) return { away: stranger('MySQL', heard) };
  if (heard.length < 4 + length) return 'more';
  if (heard.length > 4 + length) return { away: injected };
  const packet = heard.subarray(4);
  if (packet[0] === errorPacket) {
    const code = packet.readUInt16LE(1);
    return { away: `MySQL ${code}: ${start(packet.subarray(3))}`, passing: code === tooMany };
  }
  const versionEnd = packet.indexOf(0, 1);
  // After the version: connection 4, scramble 8, filler 1, lower capabilities 2.
  const capabilitiesAt = versionEnd + 14;
  if (packet[0] !== 10 || versionEnd < 0 || packet.length < capabilitiesAt + 2)
    return { away: stranger('MySQL', heard) };
  if ((packet.readUInt16LE(capabilitiesAt) & clientSsl) === 0)
    return { plain: `MySQL ${start(packet.subarray(1, versionEnd))}: no CLIENT_SSL` };
  return { say: mysqlSslRequest, next: 'tls' };
}

// LONG_PASSWORD, PROTOCOL_41, SSL, SECURE_CONNECTION, PLUGIN_AUTH; packets of 16 MiB; utf8mb3; 23 bytes of nothing. Second packet of the talk.
const mysqlSslRequest = Buffer.concat([Buffer.from('20000001018a08000000000121', 'hex'), Buffer.alloc(23)]);

// RFC 5321, 4.2; RFC 3207. A client that has no name gives its address (RFC 5321, 4.1.3).
function readSmtp(count: number, heard: Buffer, localAddress: string): Step {
  const reply = smtpReply(heard);
  if (reply === 'more' || 'away' in reply) return reply;
  const { code, lines } = reply;
  const told = `SMTP: ${start(heard)}`;
  if (code === 421 || (code >= 450 && code < 460)) return { away: told, passing: true };
  if (count === 0) return code === 220 ? { say: ehlo(localAddress), next: 'listen' } : { away: told };
  if (noSuchCommand.has(code)) return { plain: told };
  if (count === 1) {
    if (code !== 250) return { away: told };
    const offers = lines.some((line) => /^starttls\b/i.test(line));
    return offers ? { say: Buffer.from('STARTTLS\r\n'), next: 'listen' } : { plain: `SMTP EHLO: ${start(heard)}` };
  }
  return code === 220 ? 'tls' : { away: told };
}

// RFC 5321, 4.2.2. 501, 503 and 504 object to our words or their order: another client may fare better.
const noSuchCommand = new Set([500, 502]);

function ehlo(localAddress: string): Buffer {
  const literal = localAddress.includes(':') ? `IPv6:${localAddress}` : localAddress;
  return Buffer.from(`EHLO [${literal}]\r\n`);
}

type SmtpReply = { readonly code: number; readonly lines: readonly string[] };

function smtpReply(heard: Buffer): SmtpReply | Extract<Step, 'more' | { away: string }> {
  const text = heard.toString('latin1');
  const lines: string[] = [];
  for (let at = 0; ; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? undefined : end);
    if (!couldBeReply(line)) return { away: stranger('SMTP', heard) };
    if (end < 0) return 'more';
    lines.push(line.slice(4).trimEnd());
    if (line[3] !== '-') return end + 1 < text.length ? { away: injected } : { code: Number(line.slice(0, 3)), lines };
    at = end + 1;
  }
}

function couldBeReply(line: string): boolean {
  return /^[2-5]\d\d(?:[ -].*|\r?)$/s.test(line) || (line.length < 4 && /^([2-5]\d{0,2})?$/.test(line));
}

function stranger(service: string, heard: Buffer): string {
  const words: Text = {
    zh: `应答不是 ${service} 协议：${start(heard)}`,
    en: `the answer is not ${service}: ${start(heard)}`,
  };
  return said(words);
}

function start(bytes: Buffer): string {
  return printable(bytes.subarray(0, 200).toString('utf8').replaceAll(/\s+/g, ' ')).trim();
}
