import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';

/** What a command took, with its children: seconds, and its own peak memory in MB where it says so. */
export type Cost = {
  readonly wall: number;
  readonly cpu: number;
  readonly megabytes?: number;
  readonly output: string;
};

/** Makes Node say its peak memory when it ends. */
const peakHook =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak="+process.resourceUsage().maxRSS))';

/** `leqi-audit` as a user has it, built below `folder`; the start of its command line. */
export async function buildCli(folder: string): Promise<string[]> {
  const built = join(folder, 'built');
  execFileSync(process.execPath, [join(packageRoot, 'scripts/build.ts'), built]);
  await copyFile(join(packageRoot, 'package.json'), join(built, 'package.json'));
  for (const name of ['node_modules', 'profiles', 'report-templates'])
    await symlink(join(packageRoot, name), join(built, name));
  return [process.execPath, '--import', peakHook, join(built, 'src/cli.js')];
}

/** Two network namespaces 40 ms apart; the server is 10.98.0.2, and 10.99.0.0/16 all leads to it. */
export async function distantPlace(): Promise<{ client: string[]; server: string[]; close(): Promise<void> }> {
  const names = { client: 'leqi-h-client', server: 'leqi-h-server' };
  const words = [join(packageRoot, 'benchmarks/delay-link.py'), names.client, names.server, '20'];
  const link = spawn('python3', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [ready] = await Promise.race([once(link.stdout, 'data'), once(link, 'close')]);
  if (!Buffer.isBuffer(ready)) throw new Error('the namespaces could not be made');
  const within = (name: string): string[] => ['ip', 'netns', 'exec', name];
  const [client, server] = [within(names.client), within(names.server)];
  cost([...server, 'ip', 'route', 'add', 'local', '10.99.0.0/16', 'dev', 'lo']);
  cost([...client, 'ip', 'route', 'add', '10.99.0.0/16', 'via', '10.98.0.2']);
  return {
    client,
    server,
    async close() {
      link.kill();
      await once(link, 'close');
    },
  };
}

/** Runs a command to its end. A status other than 0 is an error unless `mayFail`. */
export function cost(
  words: readonly string[],
  { input = '', env = {}, mayFail = false }: { input?: string; env?: Record<string, string>; mayFail?: boolean } = {},
): Cost {
  const started = performance.now();
  // The shell's `time` tells the CPU time of the command and of its children.
  const output = execFileSync(
    'bash',
    ['-c', `TIMEFORMAT=$'\\ncpu=%U+%S'; { time "$@" 2>&1; } 2>&1${mayFail ? ' || :' : ''}`, 'bash', ...words],
    { input, env: { ...process.env, ...env }, maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' },
  );
  const wall = (performance.now() - started) / 1000;
  const [, user = '0', system = '0'] = output.match(/\ncpu=([\d.]+)\+([\d.]+)\s*$/) ?? [];
  const peak = output.match(/\npeak=(\d+)/)?.[1];
  return { wall, cpu: Number(user) + Number(system), ...(peak ? { megabytes: Number(peak) / 1024 } : {}), output };
}

/** The run of median length. */
export function median(runs: number, once: () => Cost): Cost {
  const results = Array.from({ length: runs }, once).toSorted((a, b) => a.wall - b.wall);
  const middle = results[Math.floor(results.length / 2)];
  if (!middle) throw new Error('no run');
  return middle;
}

/** Whether a program is installed here. */
export function has(program: string): boolean {
  return cost(['sh', '-c', `command -v ${program} && echo yes`], { mayFail: true }).output.includes('yes');
}

/** Starts a server; its caller kills it. */
export function startServer(words: readonly string[]): ChildProcess {
  const [command = '', ...args] = words;
  return spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** One line of a table: what, seconds, ratio to the first line, CPU and memory of the client. */
export function row(what: string, { wall, cpu, megabytes }: Cost, first: Cost, more = ''): string {
  const cells = [
    `${wall.toFixed(2).padStart(7)} s`,
    `${(wall / first.wall).toFixed(1)}×`.padStart(7),
    `${cpu.toFixed(2).padStart(7)} s CPU`,
    megabytes === undefined ? ''.padStart(7) : `${megabytes.toFixed(0).padStart(4)} MB`,
  ];
  return `  ${what.padEnd(58)} ${cells.join(' ')}  ${more}\n`;
}
