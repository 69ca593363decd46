import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HostCollector } from '../src/collectors/collector.ts';
import { filesScript } from '../src/collectors/host/log-script.ts';
import { logStores } from '../src/collectors/host/log-stores.ts';
import { addDays, daysFrom, type PlainDate } from '../src/evidence/dates.ts';
import type { DeclaredHost } from '../src/platform.ts';
import { countedReading } from '../tests/support/counted-reading.ts';
import { transcript } from '../tests/support/transcripts.ts';

// 10 GB of logs of 213 days: one file of 4 GB, a plain file of 19 MB for each day, and packed files of a week each that unpack to 2 GB.
// Then how many bytes of logs the script of host/log-stores reads, what CPU time it takes, and what it finds. Argument: a folder with
// 9 GB of room.

const today = new Date().toISOString().slice(0, 10);
const days = daysFrom(addDays(today, -212), today);
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'leqi-log-bytes-'));
const logs = join(folder, 'logs');
const host: DeclaredHost = {
  name: 'app-1',
  address: '127.0.0.1',
  transport: 'local',
  sudo: false,
  logs: [{ of: 'application', path: logs }],
  data: [],
  backups: [],
};

/** About so many bytes of lines of one day; a megabyte of them over and over. */
function text(day: PlainDate, bytes: number): Buffer {
  const line = (index: number): string =>
    `${day} 10:00:00.${index % 1000} INFO [http-nio-8080-exec-${index % 50}] issued an invoice for unit ${(index * 7919) % 100_003} in ${index % 97} ms\n`;
  const some = Buffer.from(Array.from({ length: 10_000 }, (_, index) => line(index)).join(''));
  return Buffer.concat(Array.from({ length: Math.round(bytes / some.length) }, () => some));
}

function write(name: string, content: Buffer, day: PlainDate): void {
  writeFileSync(join(logs, name), content);
  const end = new Date(`${day}T23:59:59Z`);
  utimesSync(join(logs, name), end, end);
}

function fill(): number {
  mkdirSync(logs);
  const one = openSync(join(logs, 'one.log'), 'w');
  let week: Buffer[] = [];
  for (const [index, day] of days.entries()) {
    const share = text(day, 4e9 / days.length);
    writeSync(one, share);
    write(`daily.${day}.log`, share, day);
    week.push(share.subarray(0, share.length / 2));
    if (index % 7 === 6 || day === today) {
      write(`weekly.log-${day.replaceAll('-', '')}.gz`, gzipSync(Buffer.concat(week), { level: 1 }), day);
      week = [];
    }
  }
  closeSync(one);
  return readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
}

/** Runs the script, with its CPU seconds as times(1p) prints them. */
function run(path: string): { stdout: string; cpu: number; seconds: number } {
  const script = filesScript(host).replace(/for p in \/var\/log .*; do usual/, 'for p in; do usual');
  const started = performance.now();
  const { stdout } = spawnSync('/bin/sh', {
    input: `${script}\ntimes`,
    encoding: 'utf8',
    env: { PATH: path },
    maxBuffer: 1e9,
  });
  const seconds = (performance.now() - started) / 1000;
  const times = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return {
    stdout: stdout.replace(/(?<=\ndone\n)[\s\S]*$/, ''),
    seconds,
    cpu: times.reduce((sum, each) => sum + each, 0),
  };
}

try {
  const total = fill();
  const reading = countedReading(join(folder, 'counted'));
  run(reading.path);
  const { stdout, seconds, cpu } = run('/usr/sbin:/usr/bin:/sbin:/bin');
  const outputs = transcript({ files: stdout, journal: 'groups root\n' });
  const { stores } = (logStores as HostCollector<'logStores'>).read(outputs, host);
  const bytes = (reading.bytes() / 1e6).toFixed(0);
  console.log(
    `${(total / 1e9).toFixed(1)} GB on the disk: ${bytes} MB read, ${cpu.toFixed(1)} s CPU, ${seconds.toFixed(1)} s`,
  );
  for (const { path, days: seen, oldest, sampled, missingDays } of stores.filter(({ of }) => of === 'application'))
    console.log(
      `${path.slice(logs.length)}: ${seen} days since ${oldest}, ${missingDays} missing, days ${sampled ? 'may be' : 'are not'} hidden`,
    );
} finally {
  rmSync(folder, { recursive: true });
}
