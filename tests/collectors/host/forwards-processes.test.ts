import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { processesScript } from '../../../src/collectors/host/forwards/processes-script.ts';
import { shells } from '../../support/shells.ts';

// One reads all processes with one grep, the other, whose grep stops at a NUL, one process after the other.
const both = shells();

/** What each shell prints of processes that were started with these arguments. */
async function printedOf(argv: readonly (readonly [string, ...string[]])[]): Promise<string[][]> {
  // `sh -c 'read line' WORD…` waits for its input, and its arguments are free.
  const children = argv.map(([argv0, ...args]) =>
    spawn('/bin/sh', args, { argv0, stdio: ['pipe', 'ignore', 'ignore'] }),
  );
  try {
    await Promise.all(children.map((child) => new Promise((resolve) => child.once('spawn', resolve))));
    return both.map(({ argv: [shell, ...words], path }) => {
      const { stdout } = spawnSync(shell, [...words, '-c', processesScript], { encoding: 'utf8', env: { PATH: path } });
      expect(stdout.endsWith('\nend\n')).toBe(true);
      return children.flatMap(({ pid }) =>
        stdout
          .split('\n')
          .flatMap((line) => (line.startsWith(`process:${pid}\t`) ? [line.replace(`${pid}`, 'PID')] : [])),
      );
    });
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

test('both ways print the same: titles, interpreters, arguments without secrets', async () => {
  const [gnu, busybox] = await printedOf([
    ['socat', '-c', 'read line', 'TCP-LISTEN:8443,fork', 'TCP:user:pw@10.0.0.9:443'],
    ['nginx: master process /usr/sbin/nginx', '-c', 'read line'],
    ['/usr/bin/ssh', '-c', 'read line', '-L', '8443:10.0.0.9:443'],
  ]);
  expect(gnu).toEqual(busybox);
  expect(gnu?.map((line) => line.split('\t')[2])).toEqual(['socat', 'nginx', 'ssh']);
  expect(gnu?.[0]).toContain('\tTCP-LISTEN:8443,fork\t');
});

test('a process cannot speak for another, nor end the list', async () => {
  const forged = 'x\n1/cmdline:socat\tTCP-LISTEN:1\n1/comm:socat\nwhole\nend';
  const [gnu, busybox] = await printedOf([
    [forged, '-c', 'read line', 'socat'],
    ['socat\nwhole', '-c', 'read line', 'two\nlines', 'tab\tbed'],
  ]);
  expect(gnu).toEqual(busybox);
  expect(gnu).toEqual(['process:PID\t\tsocat\t-c\t***\ttwo lines\ttab bed\t']);
  for (const {
    argv: [shell, ...words],
    path,
  } of both) {
    const { stdout } = spawnSync(shell, [...words, '-c', processesScript], { encoding: 'utf8', env: { PATH: path } });
    expect(stdout).not.toMatch(/^process:1\t\tsocat/m);
  }
});
