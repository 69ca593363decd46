import { spawn } from 'node:child_process';
import { isIP, connect as openSocket, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { codeOf, MachineError, messageOf } from './errors.ts';
import { type Instant, instantOf } from './evidence/dates.ts';
import { mostAddresses } from './evidence/network/addresses.ts';
import { includesPort } from './evidence/network/open-ports.ts';
import { createQuery, machineResolvers, type Query, resolve } from './name-service.ts';
import type { Scope } from './scope.ts';

/** One contact with the outside: a socket opened, or a program started that opens its own. */
export type Contact = { at: Instant; address: string; port: number | undefined; by: string };

/** What a child process left. */
export type ProcessResult = {
  /** Exit status; undefined if it was killed. */
  status: number | undefined;
  stdout: Buffer;
  /** At most 4 KiB. */
  stderr: string;
  truncated: boolean;
  timedOut: boolean;
};

export type RunOptions = {
  /** Hosts that the program will contact; each must be in scope. Local programs reach none. */
  readonly reaches?: readonly { host: string; port?: number }[];
  /** Seconds. */
  readonly timeout: number;
  /** Bytes of standard output kept; the program is stopped when it prints more. */
  readonly limit: number;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; else that is empty. */
  readonly input?: string;
  /** It is asked to end (SIGTERM), so that it can end what it started, and made to a second later. */
  readonly gently?: boolean;
  /** Hears standard output as it comes, in pieces that end anywhere. */
  readonly onOutput?: (piece: Buffer) => void;
};

/** The only way by which anything is contacted or started; every contact is in scope and logged. */
export type Gate = {
  /** The address to contact for a host in scope; a name is resolved once and pinned. Opens nothing. */
  addressOf(host: string): Promise<string>;
  /** What a name in scope resolved to beside that address; nothing is contacted there. */
  othersOf(host: string): Promise<readonly string[]>;
  /** Opens a TCP connection; a name is resolved once and pinned. */
  connect(host: string, port: number, options: { timeout: number; signal?: AbortSignal; by: string }): Promise<Socket>;
  /** The address of a host in scope that a connection of ours leads to (a jump host’s); logged like one opened here. */
  passTo(host: string, port: number, by: string): Promise<string>;
  /** Opens a socket in this machine’s file system: an ssh-agent’s. Nothing outside is contacted. */
  connectLocal(path: string): Promise<Socket>;
  /** Runs a program to its end, in a process group that dies with the time limit. */
  run(program: string, args: readonly string[], options: RunOptions): Promise<ProcessResult>;
  /** The resolvers that may be asked: those that the platform file names, else the machine's own. */
  readonly resolvers: readonly string[];
  /** Asks about a name in DNS; {@link Query}. */
  readonly query: Query;
  /** All contacts so far, in order. */
  contacts(): readonly Contact[];
  /** From now on nothing is sent to these ports of any host. Programs that are run are told by whoever runs them. */
  withhold(places: readonly Withheld[]): void;
  /** What is withheld of a host. */
  withheld(host: string): Promise<readonly Withheld[]>;
};

/** Ports behind which something passes on to the tax authority what it is sent. */
export type Withheld = {
  /** One port or a range, `8000-8010`. */
  readonly ports: string;
  /** It listens on loopback addresses only. */
  readonly onlyLoopback: boolean;
  /** What passes it on: file and line, rule, or process. */
  readonly why: string;
};

/** Where names are looked up, and which. */
export type Resolvers = {
  /** Those that the platform file names. */
  readonly named?: readonly string[];
  /** The machine's own; what getaddrinfo(3) asks, too. */
  readonly machine?: readonly string[];
  /** Names that may be asked about beside what is declared, though never contacted. */
  readonly names?: readonly string[];
};

/** Opens the gate for a scope. */
export function createGate(
  scope: Scope,
  now: () => Date,
  { named = [], machine = machineResolvers(), names = [] }: Resolvers = {},
): Gate {
  const contacts: Contact[] = [];
  const places: Withheld[] = [];
  const pinned = new Map<string, Promise<readonly [string, ...string[]]>>();
  const query = createQuery(scope, [...named, ...machine], names, ({ address, port }) =>
    contacts.push({ at: instantOf(now()), address, port, by: 'dns' }),
  );

  const addressesOf = async (host: string): Promise<readonly [string, ...string[]]> => {
    scope.permit(host);
    if (isIP(host)) return [scope.permitResolved(host, [host])[0] ?? host];
    const views = [machine, ...named.filter((each) => !machine.includes(each)).map((each) => [each])];
    const known = pinned.get(host) ?? resolve(scope, host, views, query);
    pinned.set(host, known);
    return known;
  };
  const addressOf = async (host: string): Promise<string> => (await addressesOf(host))[0];

  const withheld = async (host: string): Promise<readonly Withheld[]> => {
    const address = await addressOf(host);
    const isLoopback = address.startsWith('127.') || address === '::1';
    return places.filter(({ onlyLoopback }) => isLoopback || !onlyLoopback);
  };

  return {
    addressOf,
    othersOf: async (host) => (await addressesOf(host)).slice(1, 1 + mostAddresses),
    withhold: (more) => void places.push(...more),
    withheld,
    resolvers: named.length > 0 ? named : machine,
    query,
    async connect(host, port, { timeout, signal, by }) {
      const address = await addressOf(host);
      if ((await withheld(host)).some(({ ports }) => includesPort(ports, port)))
        throw Object.assign(new Error(`${host}:${port} leads on to the tax authority`), { code: 'EACCES' });
      contacts.push({ at: instantOf(now()), address, port, by });
      return connectTo(address, port, timeout * 1000, signal);
    },
    async passTo(host, port, by) {
      const address = await addressOf(host);
      contacts.push({ at: instantOf(now()), address, port, by });
      return address;
    },
    connectLocal: (path) => settled(openSocket({ path }), path, 10_000),
    async run(program, args, options) {
      for (const { host, port } of options.reaches ?? []) {
        contacts.push({ at: instantOf(now()), address: await addressOf(host), port, by: program });
      }
      return runProcess(program, args, options);
    },
    contacts: () => contacts,
  };
}

function connectTo(host: string, port: number, timeout: number, signal: AbortSignal | undefined): Promise<Socket> {
  const socket = openSocket({ host, port });
  // As an option of the socket it would keep the closed socket, and all that hangs on it, to the end of the run.
  if (signal) addAbortSignal(signal, socket);
  return settled(socket, `${host}:${port}`, timeout);
}

function settled(socket: Socket, name: string, timeout: number): Promise<Socket> {
  return new Promise((resolvePromise, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeout, () =>
      fail(Object.assign(new Error(`no answer from ${name} in ${timeout} ms`), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      // Else our limit would still stand behind any time limit that the caller sets.
      socket.removeAllListeners('timeout');
      socket.off('error', fail);
      // The other side may reset at any time, also while nobody listens yet.
      socket.on('error', () => {});
      resolvePromise(socket);
    });
  });
}

// What a child may see of our environment: no tokens, no proxies.
const baseEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  HOME: '/nonexistent',
};

function runProcess(
  program: string,
  args: readonly string[],
  { timeout, limit, signal, env, input, gently, onOutput }: RunOptions,
): Promise<ProcessResult> {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...baseEnvironment, ...env },
    });
    // It may end before it has read all.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    const out: Buffer[] = [];
    let kept = 0;
    let stderr = '';
    let truncated = false;
    let timedOut = false;
    let last: NodeJS.Timeout | undefined;
    const send = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch (error) {
        if (codeOf(error) !== 'ESRCH') throw error;
      }
    };
    const kill = (): void => {
      send(gently ? 'SIGTERM' : 'SIGKILL');
      if (gently) last ??= setTimeout(() => send('SIGKILL'), 1000);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeout * 1000);
    signal?.addEventListener('abort', kill, { once: true });
    if (signal?.aborted) kill();
    child.stdout.on('data', (chunk: Buffer) => {
      onOutput?.(chunk);
      if (kept + chunk.length > limit) {
        truncated = true;
        out.push(chunk.subarray(0, limit - kept));
        kept = limit;
        kill();
      } else {
        out.push(chunk);
        kept += chunk.length;
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(0, 4096);
    });
    const finish = (): void => {
      clearTimeout(timer);
      clearTimeout(last);
      signal?.removeEventListener('abort', kill);
    };
    child.once('error', (error) => {
      finish();
      reject(
        codeOf(error) === 'ENOENT' ? missing(program) : new Error(`${program}: ${messageOf(error)}`, { cause: error }),
      );
    });
    child.once('close', (status) => {
      finish();
      resolvePromise({ status: status ?? undefined, stdout: Buffer.concat(out), stderr, truncated, timedOut });
    });
  });
}

function missing(program: string): MachineError {
  return new MachineError({
    zh: `本机没有程序 ${program}，请安装后重试`,
    en: `the program ${program} is not installed on this machine; install it and try again`,
  });
}
