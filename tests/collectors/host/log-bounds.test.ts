import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { filesScript } from '../../../src/collectors/host/log-script.ts';
import { logStores } from '../../../src/collectors/host/log-stores.ts';
import { addDays } from '../../../src/evidence/dates.ts';
import { logStores as kind, type LogStore } from '../../../src/evidence/host/log-stores.ts';
import { countedReading } from '../../support/counted-reading.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const mebi = 2 ** 20;
const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
const today = local.toISOString().slice(0, 10);
const oldest = addDays(today, -200);

let folder = '';
let stores: LogStore[] = [];
let bytes = 0;

/** A file of many gigabytes that takes no room: lines at both ends, and nothing between. */
function sparse(name: string, size: number, first: string, last: string): void {
  const file = openSync(join(folder, 'logs', name), 'w');
  ftruncateSync(file, size);
  const lines = (day: string): string => `${day} 10:00:00 INFO x\n`.repeat(8000);
  writeSync(file, lines(first), 0);
  writeSync(file, `\n${lines(last)}`, size - lines(last).length - 1);
  closeSync(file);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-bounds-'));
  mkdirSync(join(folder, 'logs'));
  sparse('large.log', 10 * 1024 * mebi, oldest, today);
  for (let day = 0; day < 5; day++)
    sparse(`day-${addDays(today, -day)}.log`, 1024 * mebi, addDays(today, -day), addDays(today, -day));
  // 128 MiB of one line: it unpacks to far more than its size lets one expect.
  writeFileSync(join(folder, 'logs/bomb.log.gz'), gzipSync(`${oldest} 10:00:00 INFO x\n`.repeat((128 * mebi) / 26)));
  const host = { ...localHost(), logs: [{ of: 'application' as const, path: join(folder, 'logs') }] };
  const reading = countedReading(join(folder, 'counted'));
  // What lies in the usual places of this machine is no part of the count.
  const script = filesScript(host).replace(/for p in \/var\/log .*; do usual/, 'for p in; do usual');
  const { stdout } = spawnSync('/bin/sh', { input: script, encoding: 'utf8', env: { PATH: reading.path } });
  bytes = reading.bytes();
  const value = kind.value.parse(
    logStores.by === 'commands' &&
      (logStores as HostCollector<'logStores'>).read(transcript({ files: stdout, journal: 'groups root\n' }), host),
  );
  stores = value.stores;
});
afterAll(() => rmSync(folder, { recursive: true }));

const store = (name: string): LogStore | undefined => stores.find(({ path }) => path === join(folder, 'logs', name));

test('of 15 GB no more than 24 MiB are read', () => {
  expect(bytes).toBeGreaterThan(4 * mebi);
  expect(bytes).toBeLessThan(24 * mebi);
});

test('the ends of a file of 10 GB are known, and that days between them are not', () =>
  expect(store('large.log')).toMatchObject({ oldest, newest: today, days: 2, sampled: true }));

test('files of one day each are known by their ends alone', () =>
  expect(store('day.log')).toMatchObject({
    parts: 5,
    days: 5,
    oldest: addDays(today, -4),
    newest: today,
    missing: [],
    sampled: false,
    problems: [],
  }));

test('what unpacks to more than expected is read at its start', () =>
  expect(store('bomb.log')).toMatchObject({ oldest, days: 1 }));
