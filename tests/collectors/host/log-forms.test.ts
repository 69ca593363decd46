import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { filesScript } from '../../../src/collectors/host/log-script.ts';
import { logStores } from '../../../src/collectors/host/log-stores.ts';
import { addDays, daysFrom, type PlainDate } from '../../../src/evidence/dates.ts';
import { logStores as kind, type LogStore, type LogStores } from '../../../src/evidence/host/log-stores.ts';
import { timeSteps } from '../../../src/evidence/host/log-times.ts';
import { type DeclaredHost, platformSchema } from '../../../src/platform.ts';
import { shells } from '../../support/shells.ts';
import { transcript } from '../../support/transcripts.ts';

const collector = logStores as HostCollector<'logStores'>;

const hostWith = (logs: unknown[]): DeclaredHost => {
  const { hosts } = platformSchema.parse({
    profile: 'self-use',
    unit: { name: '示例公司', creditCode: '91370200MA00000000' },
    platform: { name: '乐企直连平台', mode: 'self-use', since: '2025-01-01' },
    hosts: [{ name: 'app-1', address: '127.0.0.1', logs }],
  });
  const [host] = hosts;
  if (!host) throw new Error('the platform file declares a host');
  return host;
};

const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
const today = local.toISOString().slice(0, 10);
const days = daysFrom(addDays(today, -19), today);
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const parts = (day: PlainDate) => {
  const [year = '', month = '', date = ''] = day.split('-');
  return { year, month, date, name: months[Number(month) - 1] ?? '' };
};
const noon = (day: PlainDate): number => new Date(`${day}T12:00:00`).getTime();

// A form of time, how a line is dated in it, and what else stands in the line that is no date of its own.
const forms: Record<string, { time: unknown; line: (day: PlainDate) => string }> = {
  'iso8601 behind another date': {
    time: { format: 'iso8601', after: '"@timestamp":' },
    line: (day) => `{"due":"2001-01-01 00:00","@timestamp":"${day}T12:00:00.123"}`,
  },
  'Java’s letters': {
    time: { format: "'['yyyy/MM/dd HH:mm:ss,SSS']'" },
    line: (day) => `INFO 2001-01-01 [${day.replaceAll('-', '/')} 12:00:00,123] x`,
  },
  'strptime in the third column': {
    time: { format: '%y%m%d %T', column: 3 },
    line: (day) => `a  20010101 ${day.slice(2).replaceAll('-', '')} 12:00:00 x`,
  },
  'day before month': {
    time: { format: 'dd.MM.yyyy' },
    line: (day) => `${parts(day).date}.${parts(day).month}.${parts(day).year} x`,
  },
  'month and day alone': { time: { format: 'MM-dd HH:mm:ss' }, line: (day) => `${day.slice(5)} 12:00:00.000 x` },
  syslog: {
    time: { format: 'syslog' },
    line: (day) =>
      `<13>${parts(day).name} ${String(Number(parts(day).date)).padStart(2)} 12:00:00 host app: 2001-01-01`,
  },
  common: {
    time: { format: 'common' },
    line: (day) =>
      `127.0.0.1 - - [${parts(day).date}/${parts(day).name}/${parts(day).year}:12:00:00 +0000] "GET /2001-01-01"`,
  },
  'epoch-seconds': { time: { format: 'epoch-seconds' }, line: (day) => `${noon(day) / 1000}.123 2001-01-01 x` },
  'epoch-milliseconds': {
    time: { format: 'epoch-milliseconds', after: 'ts=' },
    line: (day) => `level=info n=1000000000000 ts=${noon(day)} x`,
  },
};

// 年月日 in GBK, and a line of Chinese text.
const gbk = (day: PlainDate): Buffer =>
  Buffer.concat([
    Buffer.from(parts(day).year),
    Buffer.from([0xc4, 0xea]),
    Buffer.from(parts(day).month),
    Buffer.from([0xd4, 0xc2]),
    Buffer.from(parts(day).date),
    Buffer.from([0xc8, 0xd5]),
    Buffer.from(' 12:00:00 '),
    Buffer.from([0xbf, 0xaa, 0xc6, 0xb1, 0xb3, 0xc9, 0xb9, 0xa6]),
    Buffer.from('\n'),
  ]);

const packers = { xz: ['xz', '-c'], bz2: ['bzip2', '-c'], zst: ['zstd', '-qc'] } as const;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-forms-'));
  for (const each of ['forms', 'a b;x', 'packed', 'gbk', 'daily/2', 'name'])
    mkdirSync(join(folder, each), { recursive: true });
  for (const [index, { line }] of Object.values(forms).entries())
    writeFileSync(join(folder, 'forms', `${index}.txt`), days.map((day) => `${line(day)}\n`).join(''));
  writeFileSync(join(folder, 'gbk', 'app.log'), Buffer.concat(days.map(gbk)));
  const text = (day: PlainDate): string => `${day} 12:00:00 x\n`;
  for (const [index, day] of days.entries()) {
    const name = join(folder, 'packed', `app.log.${days.length - index}`);
    const packer = (['gz', 'xz', 'bz2', 'zst'] as const)[index % 4] ?? 'gz';
    const packed =
      packer === 'gz'
        ? gzipSync(text(day))
        : execFileSync(packers[packer][0], [packers[packer][1]], { input: text(day) });
    writeFileSync(`${name}.${packer}`, packed);
    if (index !== 9) writeFileSync(join(folder, 'daily', index % 2 === 0 ? '' : '2', `svc-${day}.log`), text(day));
  }
  for (const name of ['svc-x.log', 'other.log']) writeFileSync(join(folder, 'a b;x', name), text(today));
  writeFileSync(join(folder, 'name', `app\n2001-01-01.log`), text(today));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(shells())('$name', ({ name: shell, argv: [program, ...args], path }) => {
  const read = (host: DeclaredHost): LogStores => {
    const { stdout, stderr } = spawnSync(program, args, {
      input: filesScript(host),
      encoding: 'utf8',
      env: { PATH: path },
    });
    expect(stderr).toBe('');
    expect(stdout).not.toContain('secret');
    return kind.value.parse(collector.read(transcript({ files: stdout, journal: 'groups root\n' }), host));
  };
  const application = ({ stores }: LogStores): LogStore[] => stores.filter(({ of }) => of === 'application');

  test('every form of time, the year told by the file’s own', () => {
    const logs = Object.values(forms).map(({ time }, index) => ({
      of: 'application',
      path: join(folder, 'forms', `${index}.txt`),
      time,
    }));
    const found = application(read(hostWith(logs)));
    const shown = Object.fromEntries(
      Object.keys(forms).map((form, index) => {
        const store = found.find(({ path: at }) => at === join(folder, 'forms', `${index}.txt`));
        return [form, [store?.oldest, store?.newest, store?.days]];
      }),
    );
    expect(shown).toEqual(Object.fromEntries(Object.keys(forms).map((form) => [form, [days[0], today, days.length]])));
  });

  test('a pattern takes what fits it and no more; days of two folders are of two logs', () => {
    const [a, b, ...rest] = application(
      read(
        hostWith([
          { of: 'application', path: join(folder, 'daily/svc-*.log') },
          { of: 'application', path: join(folder, 'a b;x/s*') },
        ]),
      ),
    ).toSorted((one, other) => one.path.localeCompare(other.path));
    expect(rest).toEqual([]);
    expect(a).toMatchObject({ path: join(folder, 'a b;x/svc-x.log'), days: 1 });
    expect(b).toMatchObject({ path: join(folder, 'daily/svc.log'), parts: 10, oldest: days[0] });
  });

  test('a pattern that fits folders takes all in them; one that fits nothing is named', () => {
    const value = read(
      hostWith([
        { of: 'application', path: join(folder, 'dai*') },
        { of: 'application', path: join(folder, 'none*') },
      ]),
    );
    expect(application(value).map(({ parts: count }) => count)).toEqual([10, 9]);
    expect(value.unread).toMatchObject([{ path: join(folder, 'none*'), problem: 'not-found' }]);
  });

  test('a closed folder among those that a pattern fits is named', () => {
    const value = kind.value.parse(
      collector.read(
        transcript({ files: `now 1772330400 +0800\nclosed ${folder}/other\ndone\n`, journal: 'groups root\n' }),
        hostWith([{ of: 'application', path: join(folder, '*/svc-*.log') }]),
      ),
    );
    expect(value.unread).toContainEqual(expect.objectContaining({ path: `${folder}/other`, problem: 'denied' }));
    const script = filesScript(hostWith([{ of: 'application', path: '/opt/*/lo gs/svc-*.log' }]));
    expect(script).toContain(
      "shut /opt/*; shut /opt/*'/lo gs'; pattern '/opt/*/lo gs/svc-*.log' /opt/*'/lo gs/svc-'*.log*",
    );
  });

  test('dates of GBK text', () => {
    const [store] = application(read(hostWith([{ of: 'application', path: join(folder, 'gbk') }])));
    expect(store).toMatchObject({ oldest: days[0], newest: today, days: days.length, problems: [] });
  });

  test('packed in every way that the host can unpack', () => {
    const [store] = application(read(hostWith([{ of: 'application', path: join(folder, 'packed/app.log*') }])));
    const lacks = shell === 'busybox';
    expect(store).toMatchObject({
      parts: days.length,
      problems: lacks ? ['no-decoder'] : [],
      days: lacks ? 15 : days.length,
    });
  });

  test('a name with a line break makes no other log', () => {
    const value = read(hostWith([{ of: 'application', path: join(folder, 'name/*') }]));
    expect(application(value)).toEqual([]);
    expect(value.unread).toContainEqual(expect.objectContaining({ of: 'application', problem: 'odd-name' }));
  });
});

test.each(['yyyy-MM', 'HH:mm:ss', '%Y', 'x', "yyyy-MM-dd'", 'QQ-dd', '%q %d %m', 'iso', '%d %m %'])(
  '%s says no day, or is no form of time',
  (format) => expect(timeSteps(format)).toBeUndefined(),
);
