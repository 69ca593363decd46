import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command took with all that it started. */
export type TreeCost = {
  readonly wall: number;
  readonly cpu: number;
  /** Most memory at one moment, MB: of the command itself, and of its children together; what processes share is counted once. */
  readonly own: number;
  readonly children: number;
  readonly output: string;
  readonly status: number | undefined;
};

/** Clock ticks a second, as /proc counts CPU time: proc_pid_stat(5). */
const ticks = 100;

/** Runs a command to its end, and looks at its processes ten times a second; after `seconds` it is stopped. Linux only. */
export async function treeCost(words: readonly string[], seconds = 600): Promise<TreeCost> {
  const [command = '', ...args] = words;
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  const cpu = new Map<number, number>();
  let [own, children] = [0, 0];
  const look = (): void => {
    const tree = treeOf(child.pid ?? 0);
    for (const { pid, used } of tree) cpu.set(pid, used);
    const memory = tree.map(({ pid }) => ({ pid, size: sizeOf(pid) }));
    own = Math.max(own, memory.find(({ pid }) => pid === child.pid)?.size ?? 0);
    children = Math.max(children, sum(memory.flatMap(({ pid, size }) => (pid === child.pid ? [] : [size]))));
  };
  const timer = setInterval(look, 100);
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), seconds * 1000);
  const [status] = await once(child, 'close');
  clearInterval(timer);
  clearTimeout(limit);
  const wall = (performance.now() - started) / 1000;
  const isEnded = typeof status === 'number';
  return {
    wall,
    cpu: sum([...cpu.values()]),
    own,
    children,
    output: pieces.join(''),
    status: isEnded ? status : undefined,
  };
}

function treeOf(root: number): { pid: number; used: number }[] {
  const all = readdirSync('/proc').flatMap((name) => {
    const fields = /^\d+$/.test(name)
      ? textOf(`/proc/${name}/stat`)
          .replace(/^.*\) /s, '')
          .split(' ')
      : [];
    if (fields.length < 13) return [];
    return [{ pid: Number(name), parent: Number(fields[1]), used: (Number(fields[11]) + Number(fields[12])) / ticks }];
  });
  const found = all.filter(({ pid }) => pid === root);
  for (const each of found) found.push(...all.filter(({ parent }) => parent === each.pid));
  return found;
}

function sizeOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

// A process may have ended in between.
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
