import { addAbortSignal, Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { messageOf } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import type { DeclaredHost, DeclaredJumpHost, Platform } from '../../platform.ts';
import { said, type Text } from '../../text.ts';
import { Unavailable } from '../collector.ts';
import { type LoggedIn, logInTo, type SshOptions } from './ssh.ts';
import { loginTime } from './ssh-connect.ts';

/** What a tunnel leads to, and who asks there. */
export type TunnelEnd = { readonly address: string; readonly port: number; readonly by: string };

/**
 * Opens a connection to an address in scope by way of a machine that SSH reaches (`direct-tcpip`, RFC 4254, 7.2): nothing listens here, and nothing else can
 * be reached by it. Its end is the end of the SSH connections below it. Throws {@link Unavailable}.
 */
export async function openTunnel(
  gate: Gate,
  platform: Platform,
  machine: DeclaredHost | DeclaredJumpHost,
  end: TunnelEnd,
  options: Omit<SshOptions, 'seconds'>,
): Promise<Duplex> {
  const loggedIn = await logInTo(gate, platform, machine, { ...options, seconds: loginTime });
  try {
    // What the machine makes of a name could not be held against the scope: it is resolved here.
    const target = await gate.passTo(end.address, end.port, end.by);
    const channel = await forwarded(loggedIn.client, machine.name, target, end);
    return addAbortSignal(options.signal, streamOf(channel, loggedIn));
  } catch (error) {
    loggedIn.close();
    throw error;
  }
}

function forwarded(client: Client, name: string, target: string, { port }: TunnelEnd): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(lost(name)));
    client.forwardOut('127.0.0.1', 0, target, port, (error, channel) => {
      if (error) reject(refusal(error, name, `${target}:${port}`));
      else resolve(channel);
    });
  });
}

// SSH_OPEN_ADMINISTRATIVELY_PROHIBITED (RFC 4254, 5.1): AllowTcpForwarding, PermitOpen or the key’s own options.
const prohibited = 1;

function refusal(error: Error, name: string, target: string): Unavailable {
  const message = messageOf(error).replace(/^\(SSH\) Channel open failure: */, '');
  if ('reason' in error && error.reason === prohibited) {
    const text: Text = {
      zh: `${name} 不允许转发到 ${target}；请检查其 sshd 的 AllowTcpForwarding、PermitOpen 和公钥选项`,
      en: `${name} does not let us through to ${target}; look at AllowTcpForwarding and PermitOpen of its sshd, and the options of the key`,
    };
    return new Unavailable('denied', said(text));
  }
  const text = {
    zh: `${name} 连不上 ${target}：${message}`,
    en: `${name} cannot reach ${target}: ${message}`,
  };
  return new Unavailable('unreachable', said(text));
}

function lost(name: string): Unavailable {
  return new Unavailable(
    'unreachable',
    said({ zh: `到 ${name} 的 SSH 连接中断`, en: `the SSH connection to ${name} broke off` }),
  );
}

// The library’s channel tells neither that it was cut nor why it was destroyed, and drivers wait for both.
function streamOf(channel: ClientChannel, { client, close }: LoggedIn): Duplex {
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk: Buffer, _, done) => void channel.write(chunk, done),
    final: (done) => {
      channel.end();
      done();
    },
    destroy: (error, done) => {
      close();
      // What TLS over it has against the other side is told first.
      setImmediate(() => done(error));
    },
  });
  const cut = (): void => {
    if (stream.readableEnded || stream.destroyed) stream.destroy();
    else stream.destroy(Object.assign(new Error('the SSH connection broke off'), { code: 'ECONNRESET' }));
  };
  channel.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) channel.pause();
  });
  channel.once('end', () => stream.push(null));
  channel.once('close', () => setImmediate(cut));
  channel.on('error', () => {});
  client.once('close', cut);
  // It may break at any time, also while nobody listens yet.
  stream.on('error', () => {});
  return stream;
}
