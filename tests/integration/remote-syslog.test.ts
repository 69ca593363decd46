import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostCollector } from '../../src/collectors/collector.ts';
import { filesScript } from '../../src/collectors/host/log-script.ts';
import { readShipping } from '../../src/collectors/host/log-shipping.ts';
import { logStores } from '../../src/collectors/host/log-stores.ts';
import { streamsOf } from '../../src/evidence/host/log-coverage.ts';
import { receivedFrom } from '../../src/evidence/host/log-shipping.ts';
import { logStores as kind, type LogStore } from '../../src/evidence/host/log-stores.ts';
import { localHost } from '../collectors/host/local-host.ts';
import { transcript } from '../support/transcripts.ts';

// Two rsyslogd: one follows an application's log and sends it, the other writes a folder for each sender.

const running: ChildProcess[] = [];
let folder = '';
let sender = '';
let name = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-rsyslog-'));
  for (const each of ['app', 'remote', 'work-a', 'work-b']) mkdirSync(join(folder, each));
  writeFileSync(join(folder, 'app/app.log'), 'an entry\nanother\n');
  const port = await freePort();
  const receiver = `module(load="imtcp")
template(name="each" type="string" string="${folder}/remote/%HOSTNAME%/app.log")
ruleset(name="remote") { action(type="omfile" dynaFile="each") }
input(type="imtcp" port="${port}" address="127.0.0.1" ruleset="remote")
`;
  sender = `module(load="imfile")
input(type="imfile" File="${folder}/app/app.log" Tag="app" freshStartTail="off")
*.* action(type="omfwd"
  target="127.0.0.1" port="${port}" protocol="tcp")
`;
  start('a', receiver);
  start('b', sender);
  name = execFileSync('hostname', { encoding: 'utf8' }).trim().split('.')[0] ?? '';
  for (let tries = 0; tries < 100 && !received(); tries++) await sleep(50);
});
afterAll(async () => {
  await Promise.all(
    running.map((child) =>
      child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')) : undefined,
    ),
  );
  rmSync(folder, { recursive: true });
});

const received = (): boolean => {
  const file = join(folder, 'remote', name, 'app.log');
  return existsSync(file) && readFileSync(file, 'utf8').includes('another');
};

function start(id: string, text: string): void {
  const config = join(folder, `${id}.conf`);
  writeFileSync(config, `global(workDirectory="${folder}/work-${id}")\n${text}`);
  execFileSync('/usr/sbin/rsyslogd', ['-N1', '-f', config], { stdio: 'ignore' });
  running.push(spawn('/usr/sbin/rsyslogd', ['-n', '-f', config, '-i', join(folder, `${id}.pid`)], { stdio: 'ignore' }));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

test('what a real rsyslog sends, and what of it the receiver keeps under the sender’s name', () => {
  const shown = `running rsyslogd\nlooked\n== /etc/rsyslog.conf\n${sender.replace(/^/gm, ' ')}\ndone\n`;
  const [shipping, ...rest] = readShipping(transcript({ shipping: shown })('shipping')) ?? [];
  expect(rest).toEqual([]);
  expect(shipping).toMatchObject({ targets: ['127.0.0.1'], covers: ['general', 'auth', `${folder}/app/app.log`] });

  const read = (path: string): LogStore[] => {
    const host = { ...localHost(), logs: [{ of: 'application' as const, path }] };
    const { stdout } = spawnSync('/bin/sh', { input: filesScript(host), encoding: 'utf8' });
    const value = (logStores as HostCollector<'logStores'>).read(
      transcript({ files: stdout, journal: 'groups root\n' }),
      host,
    );
    return streamsOf(kind.value.parse(value), 'application').flatMap(({ stores }) => stores);
  };
  const own = { stream: `${folder}/app/app.log`, stores: read(join(folder, 'app')), unread: [] };
  const there = read(join(folder, 'remote'));
  expect(receivedFrom([name], own, there)).toMatchObject([{ path: join(folder, 'remote', name, 'app.log'), days: 1 }]);
  expect(receivedFrom([`${name}x`], own, there)).toEqual([]);
});
