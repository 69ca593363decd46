import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';

const id = process.argv[2] ?? '';
const files = { check: `checks/${id}.ts`, test: `tests/checks/${id}.test.ts`, index: 'checks/index.ts' };

if (!/^[a-z]+\/[a-z]+(-[a-z]+)*$/.test(id)) {
  fail(
    'usage: scripts/new-check <folder>/<name>, for example logs/rotation: the property that should hold, in lower case',
  );
} else if (existsSync(join(packageRoot, files.check))) {
  fail(`${files.check} is already there`);
} else {
  await write(files.check, check());
  await write(files.test, test());
  const lines = (await readFile(join(packageRoot, files.index), 'utf8')).trim().split('\n');
  lines.push(`export { check as '${id}' } from './${id}.ts';`);
  await write(files.index, `${lines.toSorted().join('\n')}\n`);
  process.stdout.write(
    `${Object.values(files).join('\n')}\nNow write the check and its table, and name ${id} in a profile.\n`,
  );
}

function check(): string {
  return `import { z } from 'zod';
import { defineCheck, met, unmet, unproven } from '../check.ts';

/** What holds when this check is met. */
export const check = defineCheck({
  id: '${id}',
  title: { zh: '标题', en: 'Title' },
  about: { zh: '依据什么证据、如何判定。', en: 'What it proves, and from what.' },
  reads: ['clock'],
  parameters: z.strictObject({}),
  messages: {
    holds: { zh: '符合：{{what}}', en: '{{what}} holds' },
    fails: { zh: '不符合：{{what}}', en: '{{what}} does not hold' },
    none: { zh: '没有证据', en: 'there is no evidence' },
  },

  judge({ clock }) {
    if (clock.length === 0) return [unproven('none', [], {}, 'clock')];
    return clock.map((host) => {
      const data = { what: host.value.services.join(', ') };
      return host.value.synchronised ? met('holds', host, data) : unmet('fails', host, data);
    });
  },
});
`;
}

function test(): string {
  return `import { check } from '../../../checks/${id}.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

testCheck(check, {}, '2026-03-01', {
  met: { 'it holds': { clock: [seen('clock', { services: ['chronyd'], servers: [], synchronised: true })], says: 'holds' } },
  unmet: { 'it does not': { clock: [seen('clock', { services: ['chronyd'], servers: [], synchronised: false })], says: 'fails' } },
  unproven: { 'no evidence': { clock: [], says: 'none' } },
});
`;
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(packageRoot, path)), { recursive: true });
  await writeFile(join(packageRoot, path), content);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
