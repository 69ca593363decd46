import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../support/cli.ts';

const folder = join(packageRoot, 'examples', 'fleet');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const dataOf = (file: string) =>
  parseAllDocuments(textOf(file)).map((each) => {
    expect(each.errors).toEqual([]);
    return each.toJS();
  });

describe.each([...readdirSync(folder), '../../docs/fleet.md'])('%s', (file) => {
  const calls = [...textOf(file).matchAll(/(?<=^ *(?:- |- run: |- exec |exec )?)leqi-audit ([a-z]+) (.*)$/gm)];

  test('calls commands with options that there are', async () => {
    expect(calls.length).toBeGreaterThan(4);
    for (const [call, command = '', rest = ''] of calls) {
      const { status, stdout } = await runCli([command, '--help']);
      expect(status, call).toBe(0);
      for (const option of rest.replace(/#.*/, '').match(/--[a-z-]+/g) ?? [])
        expect(stdout, call).toContain(`${option} `);
    }
  });

  test('asks the network only by what all hosts pass on', () => {
    const order = calls.map(([, command, rest = '']) => (rest.includes('--origin network') ? 'network' : command));
    expect(order.filter((each) => each !== 'collect').slice(0, 4)).toEqual(['merge', 'network', 'merge', 'assess']);
    for (const [, , rest = ''] of calls) if (rest.includes('--origin network')) expect(rest).toContain('--known');
  });
});

test('Kubernetes starts as many pods as it says there are parts', () => {
  const [hosts] = dataOf('kubernetes.yaml');
  const [container] = hosts.spec.template.spec.containers;
  const count = container.env.find(({ name }: { name: string }) => name === 'LEQI_SHARD_COUNT').value;
  expect(hosts.spec).toMatchObject({
    completionMode: 'Indexed',
    completions: Number(count),
    parallelism: Number(count),
  });
});

test('GitLab divides, and GitHub’s matrix counts from 1 without a gap', () => {
  expect(dataOf('gitlab-ci.yml')[0].hosts.parallel).toBeGreaterThan(1);
  const parts: number[] = dataOf('github-workflow.yml')[0].jobs.hosts.strategy.matrix.part;
  expect(parts).toEqual(parts.map((_, index) => index + 1));
});
