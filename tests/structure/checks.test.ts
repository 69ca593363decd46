import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksById, loadProfile, profileNames } from '../../src/assessment/profile.ts';
import { collectors } from '../../src/collectors/index.ts';
import { kindNames, kinds } from '../../src/evidence/kinds.ts';
import { packageRoot } from '../../src/package-root.ts';
import { fill, placeholders } from '../../src/text.ts';
import { sourcesBelow, textOf } from './tree.ts';

// What stands in checks/shared is no check of its own.
const files = sourcesBelow('checks').filter((path) => path.split('/').length > 2 && !path.startsWith('checks/shared/'));
const profiles = await Promise.all((await profileNames()).map(loadProfile));
const ids = files.map((path) => path.replace(/^checks\//, '').replace(/\.ts$/, ''));

test('checks/index.ts has one sorted line for each file in checks/', () => {
  const expected = ids.map((id) => `export { check as '${id}' } from './${id}.ts';`);
  expect(textOf('checks/index.ts').trim().split('\n'), 'edit checks/index.ts').toEqual(expected);
});

describe.each(ids)('checks/%s.ts', (id) => {
  const check = checksById.get(id);

  test('carries the id of its path', () => {
    expect(check?.id).toBe(id);
  });

  test(`has a table at tests/checks/${id}.test.ts`, () => {
    expect(existsSync(join(packageRoot, `tests/checks/${id}.test.ts`))).toBe(true);
    expect(textOf(`tests/checks/${id}.test.ts`)).toContain('testCheck(');
  });

  test('says everything in Chinese and in English', () => {
    for (const text of [
      check?.title,
      check?.about,
      ...Object.values(check?.messages ?? {}),
      ...Object.values(check?.remedies ?? {}),
    ]) {
      expect(text?.zh).toMatch(/\p{Script=Han}/u);
      expect(text?.en).toMatch(/[A-Za-z]/);
    }
  });

  test('offers a remedy only for a message it has, filled by the same data', () => {
    for (const [says, remedy] of Object.entries(check?.remedies ?? {})) {
      const message = check?.messages[says];
      if (!message || !remedy) throw new Error(`${id}: remedy for "${says}", which is none of its messages`);
      const data = Object.fromEntries(placeholders(message.zh).map((name) => [name, 'x']));
      expect(() => fill(remedy, data)).not.toThrow();
    }
  });

  // What stands under `due` is shown as a date to act by: how far back records are to reach is none.
  test('names a deadline only where papers, registers or dates are judged', () => {
    const isMeasured = check?.reads.every((kind) => kinds[kind].origin !== 'filed' || kind === 'platform') ?? false;
    const named = Object.values(check?.messages ?? {}).flatMap(({ zh }) => placeholders(zh));
    if (isMeasured) expect(named).not.toContain('due');
    else expect(check?.reads.length).toBeGreaterThan(0);
  });

  test('is named by a profile', () => {
    const users = profiles.filter((profile) =>
      profile.requirements.some((row) => row.uses.some((use) => use.check.id === id)),
    );
    expect(users.map((profile) => profile.name)).not.toEqual([]);
  });
});

test('every kind of evidence has exactly one collector', () => {
  expect(collectors.map((collector) => collector.kind).toSorted()).toEqual(kindNames);
});

test('a collector’s id is the path of its file', () => {
  for (const { id } of collectors) expect(existsSync(join(packageRoot, `src/collectors/${id}.ts`)), id).toBe(true);
});
