import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

type Instruction = { readonly name: string; readonly words: string };

const textOf = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');

const instructions: readonly Instruction[] = textOf('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', words = ''] = line.match(/^([A-Z]+) (.+)$/) ?? [];
    return { name, words };
  });
const all = (name: string): string[] => instructions.filter((each) => each.name === name).map(({ words }) => words);

test('only known instructions, two stages, and the last word on the user is not root', () => {
  const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'ENTRYPOINT', 'CMD'];
  expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  expect(all('FROM')).toEqual(['node:24-bookworm-slim AS build', 'debian:bookworm-slim']);
  expect(all('USER')).toEqual(['leqi']);
  for (const list of [...all('ENTRYPOINT'), ...all('CMD')]) expect(JSON.parse(list)).toBeInstanceOf(Array);
});

test('every RUN is valid shell; what is installed has a candidate in Debian', () => {
  for (const script of all('RUN')) execFileSync('sh', ['-n', '-c', script]);
  const packages = /--no-install-recommends ([a-z0-9 -]+)/.exec(all('RUN').join('\n'))?.[1]?.trim().split(' ') ?? [];
  expect(packages).toEqual(['ca-certificates', 'chromium', 'nmap', 'openssh-client']);
});

test('what is packed for the image is what pack-offline packs, with options that it knows', () => {
  const [, script = ''] =
    all('RUN')
      .find((each) => each.startsWith('node '))
      ?.match(/^node (\S+)/) ?? [];
  expect(existsSync(join(packageRoot, script))).toBe(true);
  for (const option of all('RUN')
    .join(' ')
    .match(/pack-offline\.ts (.*?) &&/)?.[1]
    ?.match(/--[a-z-]+/g) ?? [])
    expect(textOf(script)).toMatch(new RegExp(`^ {4}${option.slice(2)}: \\{ type:`, 'm'));
});

test('the build sees what a package consists of and nothing else', () => {
  const allowed = textOf('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
  expect(textOf('.dockerignore')).toMatch(/^\*$/m);
  for (const path of allowed) expect(existsSync(join(packageRoot, path)), path).toBe(true);
  const { files } = JSON.parse(textOf('package.json'));
  expect(allowed).toEqual(expect.arrayContaining(files.filter((path: string) => path !== 'dist')));
  expect(allowed).not.toContain('out');
});
