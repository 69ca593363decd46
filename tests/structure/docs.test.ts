import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generated } from '../../scripts/generate.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readPlatform } from '../../src/platform.ts';

const files = await generated();

test.each([...files])('docs/%s is fresh', (name, content) => {
  const path = join(packageRoot, 'docs', name);
  expect(existsSync(path) && readFileSync(path, 'utf8'), 'run npm run generate').toBe(content);
});

test('the example’s platform file loads', async () => {
  const platform = await readPlatform(join(packageRoot, 'examples', 'qingdao-joint-use', 'platform.yaml'));
  expect(platform.unit.name).toBe('青岛示例供应链科技有限公司');
});

test('every dependency is argued for', () => {
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const page = readFileSync(join(packageRoot, 'docs', 'dependencies.md'), 'utf8');
  for (const name of Object.keys(dependencies)) expect(page, name).toContain(name.replace('@expo-google-fonts/', ''));
});
