import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer-core';
import { codeOf } from '../../errors.ts';

/** How a browser ended by itself. */
export type Ending = {
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** The end of what it printed, at most 8 KiB. */
  readonly said: string;
  /** It answered with something that no browser answers. */
  readonly garbled: boolean;
};

/** A browser that was started, in a process group of its own, and spoken to through two pipes (`--remote-debugging-pipe`). */
export type BrowserProcess = {
  readonly transport: ConnectionTransport;
  /** Settles when it has ended, whoever ended it. */
  readonly ended: Promise<Ending>;
  /** Ends it and all that it started. */
  kill(): void;
};

const longestWords = 8192;
/** Bytes of one message: a document is handed over in pieces, so that none is nearly as long. */
const longestMessage = 256 * 1024 * 1024;

/** Starts a browser. */
export function startBrowser(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): BrowserProcess {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...env },
  });
  const kill = (): void => killGroup(child.pid);
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-longestWords);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const { transport, isGarbled } = transportOver(child.stdio[3] as Writable, child.stdio[4] as Readable, kill);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve({ status: undefined, signal: undefined, said, garbled: false });
    });
    // Not `close`: what it leaves behind may hold the pipes.
    child.once('exit', (status, signal) => {
      kill();
      resolve({ status: status ?? undefined, signal: signal ?? undefined, said, garbled: isGarbled() });
      // Whoever waits for an answer hears of the end first.
      setImmediate(() => transport.onclose?.());
    });
  });
  return { transport, ended, kill };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

// Messages are JSON, each ended by a zero byte. Whoever answers otherwise is no browser, and is ended.
function transportOver(
  to: Writable,
  from: Readable,
  kill: () => void,
): { transport: ConnectionTransport; isGarbled: () => boolean } {
  let garbled = false;
  let pending: Buffer[] = [];
  let held = 0;
  const transport: ConnectionTransport = {
    send: (message) => void to.write(`${message}\0`),
    close: kill,
  };
  const giveUp = (): void => {
    garbled = true;
    pending = [];
    kill();
  };
  from.on('data', (chunk: Buffer) => {
    if (garbled) return;
    pending.push(chunk);
    held += chunk.length;
    if (held > longestMessage) return giveUp();
    if (!chunk.includes(0)) return;
    const { messages, rest } = split(Buffer.concat(pending));
    pending = [rest];
    held = rest.length;
    for (const message of messages) {
      if (!isMessage(message)) return giveUp();
      setImmediate(() => transport.onmessage?.(message));
    }
  });
  // It may be gone while we speak; that it has ended is heard elsewhere.
  for (const pipe of [to, from]) pipe.on('error', () => {});
  return { transport, isGarbled: () => garbled };
}

function split(bytes: Buffer): { messages: string[]; rest: Buffer } {
  const messages: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
    messages.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return { messages, rest: bytes.subarray(from) };
}

function isMessage(text: string): boolean {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null;
  } catch {
    return false;
  }
}
