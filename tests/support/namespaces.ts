import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** The two ends of a test's own network: the scanner stands inside, everything else is outside, and there is no way further. */
export const inside = { ipv4: '10.77.0.2', ipv6: 'fd77::2' };
export const outside = { ipv4: '10.77.0.1', ipv6: 'fd77::1' };

/** A program in a network namespace: what stands before its own name. */
export type Within = readonly [string, ...string[]];

/** Two joined namespaces, to be removed at the end. */
export type Network = { readonly inside: Within; readonly outside: Within; remove(): void };

/** Whether a test may make namespaces. Only outside CI may it be skipped for want of root. */
export function canMakeNetworks(): boolean {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && process.env.CI) throw new Error('tests that make network namespaces need root');
  return isRoot;
}

type NetworkOptions = {
  /** Addresses besides its own that live outside; whatever is sent to any other address goes outside, too. */
  readonly addresses?: readonly string[];
  /** Files that stand in /etc for programs inside: `resolv.conf`, `hosts`. */
  readonly etc?: Readonly<Record<string, string>>;
};

let made = 0;

/** Makes a network of two namespaces. */
export function createNetwork({ addresses = [], etc = {} }: NetworkOptions = {}): Network {
  made += 1;
  const [near, far] = ['in', 'out'].map((side) => `leqi-${process.pid}-${made}-${side}`) as [string, string];
  const folder = join('/etc/netns', near);
  const remove = (): void => {
    for (const name of [near, far]) execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  ip('netns', 'add', near);
  ip('netns', 'add', far);
  try {
    ip('link', 'add', 'near', 'netns', near, 'type', 'veth', 'peer', 'name', 'far', 'netns', far);
    raise(near, 'near', [`${inside.ipv4}/24`, `${inside.ipv6}/64`]);
    const single = addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
    raise(far, 'far', [`${outside.ipv4}/24`, `${outside.ipv6}/64`, ...single]);
    for (const gateway of [outside.ipv4, outside.ipv6]) ip('-n', near, 'route', 'add', 'default', 'via', gateway);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(etc)) writeFileSync(join(folder, name), text);
  } catch (error) {
    remove();
    throw error;
  }
  return { inside: within(near), outside: within(far), remove };
}

/** Two namespaces joined by a link that delays each packet and loses some. */
export type SlowLink = Pick<Network, 'inside' | 'outside'> & {
  /** Of the end outside. */
  readonly address: string;
  remove(): Promise<void>;
};

/** Makes such a link: milliseconds one way; percent lost, drawn from a fixed seed. In user space: not every kernel has `tc netem`. */
export async function createSlowLink(milliseconds: number, loss: number): Promise<SlowLink> {
  made += 1;
  // A device is named like its namespace, and has 15 characters.
  const [near, far] = ['i', 'o'].map((side) => `lq${process.pid}-${made}${side}`) as [string, string];
  const program = join(packageRoot, 'benchmarks/delay-link.py');
  const link = spawn('python3', [program, near, far, `${milliseconds}`, `${loss}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await said(link, link.stdout, /ready/);
  return {
    inside: within(near),
    outside: within(far),
    address: '10.98.0.2',
    async remove() {
      link.kill();
      await once(link, 'close');
    },
  };
}

/** Waits until a program says so; fails if it ends before. */
export function said(child: ChildProcess, stream: NodeJS.ReadableStream, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`${child.spawnfile} ended with ${status}: ${heard}`)));
    stream.on('data', (chunk: Buffer) => {
      heard = (heard + chunk.toString('utf8')).slice(-4000);
      if (words.test(heard)) resolve();
    });
  });
}

function within(name: string): Within {
  return ['ip', 'netns', 'exec', name];
}

function raise(namespace: string, device: string, addresses: readonly string[]): void {
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  for (const address of addresses)
    ip('-n', namespace, 'address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
  ip('-n', namespace, 'link', 'set', device, 'up');
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}
