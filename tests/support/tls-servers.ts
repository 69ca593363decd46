import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { tls } from '../../src/collectors/network/tls.ts';
import { tls as kind, type StartTlsService, type Tls, type TlsVersion } from '../../src/evidence/network/tls.ts';
import { endpointName } from '../../src/evidence/subjects.ts';
import type { Contact } from '../../src/gate.ts';
import type { Issued } from './certificates.ts';
import { freePort, listening } from './servers.ts';
import { platformOf, toolsFor } from './tools.ts';

export type Speaking = Extract<Tls, { speaksTls: true }>;
type Offered = Extract<Speaking['versions'][number], { state: 'offered' }>;

/** What the collector brings from a loopback port, with the connections it took. */
export async function surveyed(
  port: number,
  endpoint: { serverName?: string; authority?: string; startTls?: StartTlsService } = {},
  limits: object = {},
): Promise<{ value: Speaking; contacts: readonly Contact[] }> {
  const address = '127.0.0.1';
  const platform = platformOf({ limits, endpoints: [{ address, port, direction: 'inbound', ...endpoint }] });
  const tools = toolsFor(platform);
  const found = await tls.collect(endpointName({ address, port }), tools);
  const value = kind.value.parse(found.value);
  if (!value.speaksTls) throw new Error(`no TLS: ${value.saw}`);
  return { value, contacts: tools.gate.contacts() };
}

/** A version that must have been found. */
export function offeredIn(value: Speaking, version: TlsVersion): Offered {
  const found = value.versions.find((each) => each.version === version);
  if (found?.state !== 'offered') throw new Error(`${version}: ${JSON.stringify(found)}`);
  return found;
}

/** Servers of one test file; `close` ends all of them. */
export function createServers() {
  const servers: Server[] = [];
  const children: ChildProcess[] = [];
  const sockets = new Set<Socket>();

  return {
    /** `openssl s_server`, which prints ACCEPT and the port that it was given. */
    openssl(issued: Issued, args: readonly string[]): Promise<number> {
      const files = ['-cert', issued.file, '-key', issued.keyFile];
      const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...files, ...args]);
      children.push(child);
      child.stderr.resume();
      return new Promise((resolve, reject) => {
        let printed = '';
        child.once('exit', () => reject(new Error('openssl s_server ended')));
        child.stdout.on('data', (chunk: Buffer) => {
          printed = (printed + chunk.toString('latin1')).slice(-1000);
          const port = printed.match(/ACCEPT 127\.0\.0\.1:(\d+)/)?.[1];
          if (port) resolve(Number(port));
        });
      });
    },

    /** nginx with a `server` block for each list of directives, its files in a folder of the caller. */
    async nginx(folder: string, ...blocks: readonly (readonly string[])[]): Promise<number> {
      const port = await freePort();
      const at = (name: string): string => join(folder, `nginx-${port}-${name}`);
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (each) => `${each}_temp_path ${at(each)};`,
      );
      const server = blocks
        .map((block) => block.map((each) => `${each};`).join(' '))
        .map((directives) => `server { listen 127.0.0.1:${port} ssl; ${directives} return 200; }`)
        .join('\n');
      writeFileSync(
        at('conf'),
        `daemon off; master_process off; pid ${at('pid')}; error_log ${at('log')};
events {} http { access_log off; ${paths.join(' ')} ${server} }`,
      );
      await this.program(['nginx', '-e', at('log'), '-c', at('conf')], port);
      return port;
    },

    /** Any program; waits until the port takes connections. */
    async program([name = '', ...args]: readonly string[], port: number): Promise<ChildProcess> {
      const path = `${process.env.PATH ?? ''}:/usr/sbin`;
      const child = spawn(name, args, { env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      await answering(port, child);
      return child;
    },

    /** A server made by hand; each connection gets its first bytes. */
    raw(onHello: (socket: Socket, hello: Buffer, count: number) => void): Promise<number> {
      let count = 0;
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => {});
        count += 1;
        const mine = count;
        socket.once('data', (hello) => onHello(socket, hello, mine));
      });
      servers.push(server);
      return listening(server, '127.0.0.1');
    },

    /** A server made by hand that speaks first. */
    greeting(onConnection: (socket: Socket) => void): Promise<number> {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => {});
        onConnection(socket);
      });
      servers.push(server);
      return listening(server, '127.0.0.1');
    },

    close(): void {
      for (const socket of sockets) socket.destroy();
      for (const server of servers.splice(0)) server.close();
      for (const child of children.splice(0)) child.kill();
    },

    /** Ends the programs at once (SIGQUIT) and waits for it. */
    async ended(): Promise<void> {
      const ending = children.splice(0).map((child) => {
        const end = new Promise((resolve) => child.once('exit', resolve));
        if (child.exitCode !== null || child.signalCode !== null) return undefined;
        child.kill('SIGQUIT');
        return end;
      });
      await Promise.all(ending);
    },
  };
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  let ended = false;
  let said = '';
  child.once('exit', () => {
    ended = true;
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
  for (let attempt = 0; attempt < 200 && !ended; attempt += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnfile} does not listen: ${said}`);
}

/** What stands in a hello of SSL 3.0 to TLS 1.3 or TLCP: the version of its body (1.3 by its extension), its suites. */
export function helloIn(bytes: Buffer): { version: number; suites: readonly number[] } {
  if (bytes[0] !== 22) return { version: 2, suites: [] };
  const suitesAt = 46 + (bytes[43] ?? 0);
  const length = bytes.readUInt16BE(suitesAt - 2);
  const suites = Array.from({ length: length / 2 }, (_, index) => bytes.readUInt16BE(suitesAt + index * 2));
  const is13 = bytes.subarray(suitesAt + length).includes(Buffer.from('002b', 'hex')) && suites.includes(0x1301);
  return { version: is13 ? 0x0304 : bytes.readUInt16BE(9), suites };
}

/** A ServerHello without extensions, in a record of its own: RFC 5246, 7.4.1.3; GB/T 38636-2020, 6.4.5.2.2. */
export function serverHello(version: number, suite: number): Buffer {
  const hex = (value: number): string => value.toString(16).padStart(4, '0');
  return Buffer.from(`16${hex(version)}002a02000026${hex(version)}${'ab'.repeat(32)}00${hex(suite)}00`, 'hex');
}

/** A fatal alert. */
export function alert(code: number): Buffer {
  return Buffer.from([21, 3, 1, 0, 2, 2, code]);
}
