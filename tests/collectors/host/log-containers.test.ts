import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../../checks/logs/retention.ts';
import type { HostCollector } from '../../../src/collectors/collector.ts';
import { containerRules } from '../../../src/collectors/host/log-containers.ts';
import { containerRulesScript } from '../../../src/collectors/host/log-containers-script.ts';
import { filesScript } from '../../../src/collectors/host/log-script.ts';
import { logStores } from '../../../src/collectors/host/log-stores.ts';
import { addDays, daysFrom, type PlainDate } from '../../../src/evidence/dates.ts';
import { logStores as kind, type LogStores } from '../../../src/evidence/host/log-stores.ts';
import type { DeclaredHost } from '../../../src/platform.ts';
import { shells } from '../../support/shells.ts';
import { transcript } from '../../support/transcripts.ts';
import { today as asOf, lines, type Scene, testScenes } from './degraded.ts';
import { localHost } from './local-host.ts';

// Docker cannot run here: a stand-in prints what `docker inspect` prints by its documentation (Docker 27); the files are in json-file's form.

const collector = logStores as HostCollector<'logStores'>;
const host: DeclaredHost = { ...localHost(), containers: [{ name: 'invoice-*' }, { name: 'gone' }] };
const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
const today = local.toISOString().slice(0, 10);
const days = daysFrom(addDays(today, -19), today);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-containers-'));
  for (const each of ['bin', 'c1', 'c2']) mkdirSync(join(folder, each));
  const line = (day: PlainDate): string =>
    `${JSON.stringify({ log: `due 2001-01-01 00:00 ${'x'.repeat(2000)}\n`, stream: 'stdout', time: `${new Date(`${day}T12:00:00`).toISOString()}` })}\n`;
  writeFileSync(join(folder, 'c1/c1-json.log'), days.slice(10).map(line).join(''));
  writeFileSync(join(folder, 'c1/c1-json.log.1'), days.slice(0, 10).map(line).join(''));
  writeFileSync(join(folder, 'c2/c2-json.log'), days.map(line).join(''));
  const created = `"${new Date(`${days[0]}T11:00:00`).toISOString()}"`;
  const docker = `#!/bin/sh
case "$1 $7" in
  'ps ') echo c1; echo c2; echo c3; echo c4 ;;
  *) for last; do :; done
    case $last in
      c1) echo '/invoice-api ${created} json-file ${folder}/c1/c1-json.log max-size=10m max-file=3 ' ;;
      c2) echo '/redis ${created} json-file ${folder}/c2/c2-json.log ' ;;
      c3) echo '/invoice-job ${created} gelf  gelf-address=udp://10.0.0.9:12201 ' ;;
      c4) echo '/invoice-none ${created} none  ' ;;
    esac ;;
esac
`;
  writeFileSync(join(folder, 'bin/docker'), docker);
  chmodSync(join(folder, 'bin/docker'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(shells())('$name', ({ argv: [program, ...args], path }) => {
  test('declared containers are found, each with its log and its creation; others are not looked at', () => {
    const result = spawnSync(program, args, {
      input: filesScript(host),
      encoding: 'utf8',
      env: { PATH: `${folder}/bin:${path}` },
    });
    expect(result.stderr).toBe('');
    const value: LogStores = kind.value.parse(
      collector.read(transcript({ files: result.stdout, journal: 'groups root\n' }), host),
    );
    expect(value.stores.filter(({ of }) => of === 'application')).toMatchObject([
      {
        path: `${folder}/c1/c1-json.log`,
        streams: ['invoice-api'],
        container: { created: days[0] },
        parts: 2,
        oldest: days[0],
        newest: today,
        days: days.length,
      },
    ]);
    expect(value.unread).toEqual([
      { path: 'invoice-job (gelf)', of: 'application', streams: ['invoice-job (gelf)'], problem: 'elsewhere' },
      { path: 'invoice-none (none)', of: 'application', streams: ['invoice-none (none)'], problem: 'not-kept' },
      { path: 'gone', of: 'application', streams: ['gone'], problem: 'not-found' },
    ]);
  });
});

describe('rules', () => {
  const created = '"2026-01-01T00:00:00.1Z"';
  const read = (...output: string[]) => containerRules(transcript({ containers: lines(...output) })('containers'));

  test.each<[string, unknown]>([
    ['json-file /a.log ', []],
    ['json-file /a.log max-size=-1 ', []],
    ['json-file /a.log max-size=10m max-file=3 ', [{ bytes: 10 * 1024 ** 2, files: 2 }]],
    ['json-file /a.log max-size=10m ', [{ bytes: 10 * 1024 ** 2, files: 0 }]],
    ['json-file /a.log max-file=3 ', []],
    ['local /a.log ', [{ bytes: 20 * 1024 ** 2, files: 4 }]],
    ['k8s-file /a.log max-size=0B ', []],
    ['json-file /a.log max-size=lots ', [{ unknown: 'max-size=lots' }]],
  ])('%s', (line, limits) =>
    expect(read(`container docker x ${created} ${line}`, 'done').rules).toMatchObject([
      { by: 'container', where: 'x', covers: ['/a.log'], limits },
    ]),
  );

  test('drivers that send: whither', () => {
    const sent = read(
      `container docker a ${created} syslog  syslog-address=tcp+tls://log-1:6514 `,
      `container docker b ${created} fluentd  fluentd-address=10.0.0.9:24224 `,
      `container docker c ${created} awslogs  `,
      `container docker d ${created} journald  `,
      'done',
    ).shipping;
    expect(sent.map(({ targets, covers }) => [targets, covers])).toEqual([
      [['log-1'], ['a (syslog)']],
      [['10.0.0.9'], ['b (fluentd)']],
      [[], ['c (awslogs)']],
    ]);
  });

  test.each<[string[], unknown]>([
    [['config /var/lib/kubelet/config.yaml'], [{ bytes: 10 * 1024 ** 2, files: 4 }]],
    [
      ['config /var/lib/kubelet/config.yaml', ' containerLogMaxSize: 500Mi', ' containerLogMaxFiles: 20'],
      [{ bytes: 500 * 1024 ** 2, files: 19 }],
    ],
    [
      ['config /x', ' containerLogMaxSize: 500Mi', 'flag --container-log-max-size=1Gi'],
      [{ bytes: 1024 ** 3, files: 4 }],
    ],
    [[], [{ unknown: 'containerLogMaxSize=10Mi, containerLogMaxFiles=5' }]],
    [
      ['config /var/lib/kubelet/config.yaml', 'flag --config=/etc/other.yaml'],
      [{ unknown: 'containerLogMaxSize=10Mi, containerLogMaxFiles=5' }],
    ],
    [
      ['config /x', 'flag --config=/x', 'flag --config-dir=/y'],
      [{ unknown: 'containerLogMaxSize=10Mi, containerLogMaxFiles=5' }],
    ],
    [['config /x', 'flag --config=/x'], [{ bytes: 10 * 1024 ** 2, files: 4 }]],
  ])('kubelet: %j', (output, limits) =>
    expect(read('kubelet', ...output, 'done').rules).toMatchObject([{ covers: ['/var/log/pods/'], limits }]),
  );

  test('what would not answer, and what broke off, is named', () => {
    expect(read('no-containers docker', 'done').unread).toEqual([{ path: 'containers', why: 'no answer' }]);
    expect(read('!! /var/lib/kubelet/config.yaml').unread).toHaveLength(2);
  });
});

// Kubernetes: made up to the form of CRI logs.
const now = Date.parse('2026-03-01T02:00:00Z') / 1000;
const pod = (name: string, since: number): string[] =>
  [0, 1].flatMap((restart) => {
    const dates = daysFrom(addDays(asOf, 1 - since), asOf).filter((_, index) => index % 2 === restart);
    return [
      `file 9000 ${now} /var/log/pods/prod_${name}-7f9_0a1b/app/${restart}.log`,
      ...dates.map((day) => `t 3 ${day}`),
      `lines ${dates.length} ${dates.length} ${dates.length} 9`,
    ];
  });
const scene = (files: string[], containers: string[], says: Scene['says'], declared = {}): Scene => ({
  check,
  parameters: { of: 'application', months: 6 },
  declared: { since: '2024-01-01', ...declared },
  host: { ...localHost(), containers: [{ name: 'app' }] },
  outputs: {
    files: lines(`now ${now} +0800`, 'asked docker', ...files, 'done'),
    journal: lines('groups root', 'no-journalctl'),
    logrotate: lines('installed=yes', 'schedule= daily', 'state=', 'done'),
    ...Object.fromEntries(['journald', 'auditd', 'tmpfiles', 'schedules'].map((name) => [name, 'done\n'])),
    shipping: lines('looked', 'done'),
    containers: lines('asked docker', ...containers, 'done'),
  },
  says,
});
test.each(shells())('$name: a flag of kubelet in one word or two', ({ argv: [program, ...args], path }) => {
  const awk = containerRulesScript(localHost()).match(/\| (awk '\n?[^']*')/)?.[1] ?? 'false';
  const input = '/usr/bin/kubelet\n--config\n/x\n--container-log-max-size=1Mi\n--container-log-max-files\n3\n--v\n2\n';
  const { stdout } = spawnSync(program, [...args, '-c', awk], { input, encoding: 'utf8', env: { PATH: path } });
  expect(stdout).toBe('flag --config=/x\nflag --container-log-max-size=1Mi\nflag --container-log-max-files=3\n');
});

const docker = (created: string, options = ''): string =>
  `container docker app "${created}T00:00:00Z" json-file /d/app-json.log ${options}`;
const log = (since: number): string[] => {
  const dates = daysFrom(addDays(asOf, 1 - since), asOf);
  return [
    `file 1000 ${now} /d/app-json.log`,
    ...dates.map((day) => `t 3 ${day}`),
    `lines ${since} ${since} ${since} ${since}`,
  ];
};

const python = (count: number): Scene => ({
  ...scene([], [], count < 184 ? 'unmet' : 'met'),
  host: { ...localHost(), logs: [{ of: 'application', path: '/d', settings: ['/d/log.py'] }] },
  outputs: {
    ...scene([...log(200), ...log(200).map((line) => line.replace('app-json.log', 'app-json.log.1'))], [], 'met')
      .outputs,
    settings: lines(
      'log 0',
      '== /d/log.py',
      ` h = TimedRotatingFileHandler('/d/x', when='D', backupCount=${count})`,
      '',
      'done',
    ),
  },
});

testScenes({
  'an application whose settings keep 190 days': python(190),
  'an application whose settings keep 19 days': python(19),
  'an unlimited container of 200 days': scene([docker('2025-08-14'), ...log(200)], [docker('2025-08-14')], 'met'),
  'a container made anew 90 days ago': scene([docker('2025-12-02'), ...log(90)], [docker('2025-12-02')], 'unproven'),
  'a container of a year whose log holds 90 days': scene(
    [docker('2025-03-01'), ...log(90)],
    [docker('2025-03-01')],
    'unmet',
  ),
  'a container whose log is outgrown by its size': scene(
    [
      docker('2025-08-14', 'max-size=1k max-file=2 '),
      ...log(200).map((line) => line.replace('file 1000', 'file 900000')),
    ],
    [docker('2025-08-14', 'max-size=1k max-file=2 ')],
    'unmet',
  ),
  'pods of 90 days': scene(pod('app', 90), ['kubelet', 'config /x'], 'unproven'),
  'a container that is not there': scene([], [], 'unproven'),
});
