import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../support/cli.ts';

const folder = join(packageRoot, 'examples', 'ci');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const dataOf = (file: string) => {
  const document = parseDocument(textOf(file));
  expect(document.errors).toEqual([]);
  return document.toJS();
};

const callers: Readonly<Record<string, () => readonly string[]>> = {
  'gitlab-ci.yml': () => dataOf('gitlab-ci.yml').audit.script,
  'github-workflow.yml': () =>
    dataOf('github-workflow.yml').jobs.audit.steps.map(({ run = '' }: { run?: string }) => run),
  Jenkinsfile: () => [...textOf('Jenkinsfile').matchAll(/script: '([^']*)'/g)].map(([, script = '']) => script),
  'leqi-audit.cron': () => [textOf('leqi-audit.cron').match(/^30 2 \* \* 1 leqi-audit (.*)$/m)?.[1] ?? ''],
  'leqi-audit.service': () => [textOf('leqi-audit.service').match(/^ExecStart=(.*)$/m)?.[1] ?? ''],
};

test('there is a case for each file', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...Object.keys(callers), 'audit.sh', 'leqi-audit.timer'].toSorted());
});

describe.each(Object.keys(callers))('%s', (file) => {
  test('is valid shell, and runs a round with platform, output and history', () => {
    const scripts = callers[file]?.() ?? [];
    for (const script of scripts) execFileSync('sh', ['-n', '-c', script.replace(/\$\{\{[^}]*\}\}/g, 'x')]);
    const calls = scripts.flatMap((script) => script.match(/sh \S*ci\/audit\.sh \S+ \S+ \S+/g) ?? []);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/platform\.yaml out \S*history$/);
  });

  test('reads from the environment only what audit.sh, the platform file or the runner knows', () => {
    const known = new Set(textOf('audit.sh').match(/LEQI_[A-Z_]+/g));
    for (const name of textOf(file).match(/\bLEQI_[A-Z_]+/g) ?? []) expect(known).toContain(name);
  });
});

test('audit.sh calls commands with options that there are, in dash and busybox', async () => {
  const text = textOf('audit.sh');
  for (const shell of [['dash'], ['busybox', 'sh']]) {
    const [program = '', ...args] = shell;
    execFileSync(program, [...args, '-n', join(folder, 'audit.sh')]);
  }
  const calls = [...text.matchAll(/^"\$leqi" ([a-z]+) (.*)$|^ {2}"\$leqi" ([a-z]+) (.*)$/gm)];
  expect(calls).toHaveLength(5);
  for (const [call, first, rest, inner, more] of calls) {
    const { status, stdout } = await runCli([first ?? inner ?? '', '--help']);
    expect(status, call).toBe(0);
    for (const option of (rest ?? more ?? '').match(/--[a-z-]+/g) ?? []) expect(stdout, call).toContain(`${option} `);
  }
});

test('GitLab takes the reports that the round writes', () => {
  const { audit } = dataOf('gitlab-ci.yml');
  expect(audit.artifacts.reports.junit).toBe('out/report.junit.xml');
  expect(audit.variables.LEQI_FORMATS.split(',')).toContain('junit');
  expect(audit.artifacts.when).toBe('always');
});

test('GitHub uploads what is open only, and forgets the keys whatever happens', () => {
  const { steps } = dataOf('github-workflow.yml').jobs.audit;
  const after = steps.slice(steps.findIndex(({ name }: { name?: string }) => name === 'Audit') + 1);
  for (const step of after) expect(step.if).toMatch(/^always\(\)/);
  const filter = /jq '([^']*)'/.exec(textOf('github-workflow.yml'))?.[1] ?? '';
  const results = ['pass', 'fail', 'open', 'review', 'notApplicable'].map((kind) => ({ kind }));
  const kept = execFileSync('jq', ['-c', filter], { input: JSON.stringify({ runs: [{ results }] }), encoding: 'utf8' });
  expect(JSON.parse(kept)).toEqual({ runs: [{ results: [{ kind: 'fail' }, { kind: 'open' }, { kind: 'review' }] }] });
});

test('the Jenkinsfile is a declarative pipeline with its sections in place', () => {
  const open: string[] = [];
  // Strings hold braces of their own.
  for (const [sign] of textOf('Jenkinsfile')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/'[^'\n]*'|"[^"\n]*"/g, '""')
    .matchAll(/[{}()]/g)) {
    if (sign === '{' || sign === '(') open.push(sign);
    else expect(open.pop()).toBe(sign === '}' ? '{' : '(');
  }
  expect(open).toEqual([]);
  const sections = [...textOf('Jenkinsfile').matchAll(/^ {2}(\w+) \{/gm)].map(([, name]) => name);
  expect(sections).toEqual(['agent', 'triggers', 'options', 'environment', 'stages', 'post']);
  expect(
    textOf('Jenkinsfile')
      .split('\n')
      .find((line) => line.startsWith('pipeline')),
  ).toBe('pipeline {');
});

test('systemd takes the unit and the timer, and finds the unit well confined', () => {
  const copies = mkdtempSync(join(tmpdir(), 'leqi-units-'));
  try {
    const units = ['leqi-audit.service', 'leqi-audit.timer'].map((name) => join(copies, name));
    for (const unit of units) copyFileSync(join(folder, unit.slice(copies.length + 1)), unit);
    // An unknown key or value is a warning only; its words say so.
    const said = execFileSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8', stdio: 'pipe' });
    expect(said).toBe('');
    execFileSync('systemd-analyze', ['security', '--offline=yes', '--threshold=40', units[0] ?? ''], { stdio: 'pipe' });
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
});
