import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A shell to run a host's commands with, and the folders of its programs. */
export type Shell = { readonly name: string; readonly argv: readonly [string, ...string[]]; readonly path: string };

const usual = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Debian's dash with the GNU programs, and busybox with nothing but its own, as on Alpine; called while a test file is read. */
export function shells(): Shell[] {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-busybox-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'bin'));
  execFileSync('busybox', ['--install', '-s', join(folder, 'bin')]);
  return [
    { name: 'dash', argv: ['/bin/sh'], path: usual },
    { name: 'busybox', argv: [join(folder, 'bin/sh')], path: join(folder, 'bin') },
  ];
}
