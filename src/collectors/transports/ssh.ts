import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { messageOf, ScopeError } from '../../errors.ts';
import type { Gate } from '../../gate.ts';
import type { DeclaredHost, DeclaredJumpHost, Platform } from '../../platform.ts';
import type { Secrets } from '../../secrets.ts';
import { said, type Text } from '../../text.ts';
import { type Command, Unavailable } from '../collector.ts';
import { type Examined, examine, mostOutput, newRun, type SessionOptions } from './examined.ts';
import { composeScript, runnablePieces } from './host-script.ts';
import { agentAt } from './ssh-agent.ts';
import { connectOver, loginTime } from './ssh-connect.ts';
import type { SshHome } from './ssh-files.ts';
import { type Hop, routeTo } from './ssh-route.ts';

/** Seconds for a TCP connection. */
const connectTime = 15;
/** Characters kept of what a host says on standard error, which is shown only if the script did not run. */
const mostHeard = 2000;

/** What SSH needs besides the platform file. */
export type SshOptions = SessionOptions & { readonly home: SshHome; readonly secrets: Secrets };

/**
 * Runs the commands on a host over SSH: one connection, one channel, one script for `/bin/sh` on standard input, so that it matters
 * neither which shell the account has nor how many sessions the host allows. Throws {@link Unavailable} if it does not come to that.
 */
export async function examineSsh(
  gate: Gate,
  platform: Platform,
  host: DeclaredHost,
  commands: readonly Command[],
  options: SshOptions,
): Promise<Examined> {
  if (options.signal.aborted) throw new Unavailable('interrupted', '');
  const { client, close } = await logInTo(gate, platform, host, options);
  try {
    return await runOn(client, host, commands, options);
  } finally {
    close();
  }
}

/** A connection to a machine, over those of the jump hosts on the way; `close` ends them all. */
export type LoggedIn = { readonly client: Client; readonly close: () => void };

/** Logs in to one machine after another on the way to the last. Throws {@link Unavailable} that names the one that did not let us. */
export async function logInTo(
  gate: Gate,
  platform: Platform,
  machine: DeclaredHost | DeclaredJumpHost,
  options: SshOptions,
): Promise<LoggedIn> {
  const route = routeTo(platform, machine, options.home);
  const clients: Client[] = [];
  const close = (): void => {
    for (const client of clients.toReversed()) client.destroy();
  };
  try {
    for (const hop of route) clients.push(await connectTo(hop, clients.at(-1), gate, options));
    const client = clients.at(-1);
    if (!client) throw new Unavailable('failed', '');
    return { client, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function connectTo(hop: Hop, through: Client | undefined, gate: Gate, options: SshOptions): Promise<Client> {
  const stream = through ? await passOn(through, hop, gate) : await openTo(hop, gate, options.signal);
  const agent = options.home.agent ? { agent: agentAt(gate, options.home.agent) } : {};
  return connectOver(stream, hop, {
    knownHosts: options.home.knownHosts,
    secrets: options.secrets,
    signal: options.signal,
    seconds: Math.min(loginTime, options.seconds),
    ...agent,
  });
}

async function openTo({ name, address, port }: Hop, gate: Gate, signal: AbortSignal): Promise<Duplex> {
  try {
    const socket = await gate.connect(address, port, { timeout: connectTime, signal, by: 'ssh' });
    // Otherwise every exchange waits for Nagle's algorithm.
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    throw lineError(name, error);
  }
}

// Names are resolved here: what a jump host makes of them could not be held against the scope.
async function passOn(through: Client, { name, address, port }: Hop, gate: Gate): Promise<Duplex> {
  const target = await gate.passTo(address, port, 'ssh').catch((error: unknown) => {
    throw lineError(name, error);
  });
  return new Promise((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, target, port, (error, stream) => {
      if (error) reject(lineError(name, error));
      else resolve(stream);
    });
  });
}

function lineError(name: string, error: unknown): unknown {
  if (error instanceof ScopeError || error instanceof Unavailable) return error;
  const message = messageOf(error);
  return new Unavailable('unreachable', said({ zh: `${name}：${message}`, en: `${name}: ${message}` }));
}

const endings = {
  time: { zh: '主机超过时间限制', en: 'the host took longer than its limit' },
  size: { zh: '主机输出过多', en: 'the host printed more than the limit' },
  dropped: { zh: '连接中断', en: 'the connection broke off' },
  session: { zh: '主机拒绝打开会话', en: 'the host refused to open a session' },
} as const satisfies Record<string, Text>;

function runOn(
  client: Client,
  host: DeclaredHost,
  commands: readonly Command[],
  { signal, seconds }: SshOptions,
): Promise<Examined> {
  return new Promise((resolve, reject) => {
    const run = newRun();
    const chunks: Buffer[] = [];
    let kept = 0;
    let heard = '';
    let why: Unavailable | undefined;
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      // What a host that runs no script prints may come on either stream.
      const output = Buffer.concat(chunks);
      chunks.length = 0;
      const words = heard || output.toString('utf8', 0, mostHeard);
      resolve(examine(output, commands, run, { why, heard: words }));
    };
    const stop = (reason: Unavailable): void => {
      why ??= reason;
      finish();
    };
    const abort = (): void => stop(new Unavailable('interrupted', ''));
    const timer = setTimeout(() => stop(new Unavailable('timed-out', said(endings.time))), seconds * 1000);
    signal.addEventListener('abort', abort, { once: true });
    client.once('close', () => stop(new Unavailable('unreachable', said(endings.dropped))));
    const attend = (channel: ClientChannel): void => {
      channel.on('data', (chunk: Buffer) => {
        kept += chunk.length;
        if (kept > mostOutput) stop(new Unavailable('too-large', said(endings.size)));
        else chunks.push(chunk);
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        heard = (heard + chunk.toString('utf8')).slice(0, mostHeard);
      });
      // A channel that closes without an exit status lost its connection.
      let hasEnded = false;
      channel.once('exit', () => {
        hasEnded = true;
      });
      channel.once('close', () => (hasEnded ? finish() : stop(new Unavailable('unreachable', said(endings.dropped)))));
      channel.on('error', () => {});
      for (const piece of runnablePieces(composeScript(host, commands), run)) channel.write(piece);
      channel.end();
    };
    client.exec('/bin/sh', (error, channel) => {
      if (!error) return attend(channel);
      clearTimeout(timer);
      isOver = true;
      const message = messageOf(error);
      const text = said({ zh: `${endings.session.zh}：${message}`, en: `${endings.session.en}: ${message}` });
      reject(new Unavailable('denied', text));
    });
  });
}
