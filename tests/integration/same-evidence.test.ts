import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../src/evidence/observation.ts';
import { packageRoot } from '../../src/package-root.ts';
import type { ThreeWays } from './three-ways.ts';

// Other tests start programs, open ports and log in all the time: in namespaces of its own, with logs of its own, the machine holds still.
const still =
  'ip link set lo up && mount -t tmpfs tmpfs /mnt && cp -a /var/log/. /mnt && mount --bind /mnt /var/log && "$@"; exit $?';
const ran = spawnSync(
  'unshare',
  ['-n', '-p', '-f', '-m', '--mount-proc', 'sh', '-c', still, 'sh'].concat(
    process.execPath,
    join(packageRoot, 'tests/integration/three-ways.ts'),
  ),
  { maxBuffer: 1e9, timeout: 110_000 },
);

// What changes from one minute to the next is not the evidence that is compared.
const moving = /^(at|hostTime|rawText|offsetSeconds|now|until|newest.*|last.*|size.*|bytes.*|growth.*|pid)$/;

function comparable(draft: Draft | undefined): unknown {
  const { kind, subject, observed, unobserved } = draft ?? {};
  const text = JSON.stringify({ kind, subject, observed, unobserved });
  return JSON.parse(text, (key, value: unknown) => (moving.test(key) ? undefined : value));
}

describe('the same host', () => {
  const ways: Partial<ThreeWays> = ran.status === 0 ? JSON.parse(ran.stdout.toString()) : {};
  const { local = [], ssh = [], script = [], carried = [] } = ways;

  test('is asked in every way', () => {
    expect(ran.stderr.toString()).toBe('');
    expect(local.filter(({ observed }) => observed).length).toBeGreaterThan(5);
    expect(local.filter(({ unobserved }) => unobserved?.reason === 'failed')).toEqual([]);
  });

  test.each(local.map((draft, index) => [draft.kind, draft, index] as const))(
    'gives the same %s locally, over SSH and by a script that a person carries',
    (_, draft, index) => {
      expect(comparable(ssh[index])).toEqual(comparable(draft));
      expect(comparable(carried[index])).toEqual(comparable(draft));
    },
  );

  test('tells which evidence was carried', () => {
    for (const { observed, source } of carried)
      if (observed)
        expect(source.method).toMatch(/by hand-carried script sha256:[0-9a-f]{16}, from the host that calls/);
  });

  test('waits for its output where a person is to run the script', () => {
    expect(script.map(({ unobserved }) => unobserved?.reason)).toEqual(local.map(() => 'not-collected'));
  });
});
