import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfigFiles, showFunctions } from '../../../src/collectors/host/config-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-show-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files: Readonly<Record<string, string>> = {
  'a first': 'one\n== /forged\n\ntwo',
  'b=empty': '',
  'c\\d': '!! /forged\n\\n\n',
  'e\nf': 'not shown\n',
};
const shown = {
  'a first': ['one', '== /forged', '', 'two'],
  'b=empty': [],
  'c\\d': ['!! /forged', '\\n'],
};

const tools = 'awk find head';
beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync('/nonexistent', join(folder, 'z-dangling'));
});

const shells = { dash: ['/usr/bin/dash'], bash: ['/usr/bin/bash', '--posix'], busybox: ['/usr/bin/busybox', 'sh'] };

function show(shell: keyof typeof shells, before = ''): ReturnType<typeof readConfigFiles> {
  const [program = '', ...args] = shells[shell];
  const aliases = tools.split(' ').map((tool) => `${tool}() { busybox ${tool} "$@"; }`);
  const script = `${showFunctions}\n${shell === 'busybox' ? aliases.join('\n') : ''}\n${before}\nshow_folder "$1"`;
  const ran = spawnSync(program, [...args, '-c', script, 'sh', folder], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  return readConfigFiles(ran.stdout);
}

const named = (content: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(content).map(([name, lines]) => ({ path: join(folder, name), lines }));

test.each(Object.keys(shells) as (keyof typeof shells)[])('%s shows small files by one process', (shell) => {
  expect(show(shell)).toEqual({ files: named(shown), unread: [] });
});

test.each(Object.keys(shells) as (keyof typeof shells)[])('%s shows no more than the start of a large one', (shell) => {
  writeFileSync(join(folder, 'large'), 'x'.repeat(9).concat('\n').repeat(10_000));
  try {
    const { files: found, unread } = show(shell);
    expect(found.slice(0, -1)).toEqual(named(shown));
    expect(found.at(-1)?.lines).toHaveLength(6554);
    expect(unread).toEqual([]);
  } finally {
    rmSync(join(folder, 'large'));
  }
});

test('where find cannot tell sizes each file has its own process', () => {
  expect(show('dash', 'find() { return 1; }')).toEqual({ files: named(shown), unread: [] });
});

test('an awk that is killed leaves what it was to show unread', () => {
  expect(show('dash', 'awk() { return 137; }').unread).toEqual(Object.keys(shown).map((name) => join(folder, name)));
});
