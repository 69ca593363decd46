import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../../src/collectors/collector.ts';
import { readShipping } from '../../../src/collectors/host/log-shipping.ts';
import { shippingScript } from '../../../src/collectors/host/log-shipping-script.ts';
import { shells } from '../../support/shells.ts';
import { transcript } from '../../support/transcripts.ts';

const result = (stdout: string): CommandResult => transcript({ shipping: stdout })('shipping');
const shown = (path: string, text: string): string => `== ${path}\n${text.replace(/^/gm, ' ')}\n`;
const read = (text: string) => readShipping(result(`${text}done\n`));
const running = (...names: string[]): string => `${names.map((name) => `running ${name}\n`).join('')}looked\n`;

describe('rsyslog, old style and new', () => {
  const targets = (text: string) =>
    read(running('rsyslogd') + shown('/etc/rsyslog.conf', text))?.map((each) => [each.targets, each.covers]);

  test.each<[string, unknown]>([
    ['*.* @@10.0.0.9:514', [[['10.0.0.9'], ['general', 'auth']]]],
    ['*.*;auth,authpriv.none @10.0.0.9', [[['10.0.0.9'], ['general']]]],
    ['auth,authpriv.*  @@(o)[fd00::9]:514', [[['fd00::9'], ['auth']]]],
    ['mail.* @@10.0.0.9', [[['10.0.0.9'], []]]],
    ['#*.* @10.0.0.8\nauth.* /var/log/auth.log\nmodule(load="imuxsock")', []],
    [
      '*.* action(type="omfwd"\n  target="log-1.example" port="514" protocol="tcp")',
      [[['log-1.example'], ['general', 'auth']]],
    ],
    ['action(type="omrelp" target="10.0.0.7" port="2514")', [[['10.0.0.7'], ['general', 'auth']]]],
    ['*.* action(type="omfile" file="/var/log/all.log")', []],
    [
      'input(type="imfile" file="/opt/app/logs/*.log" tag="app")\n*.* @@10.0.0.9',
      [[['10.0.0.9'], ['general', 'auth', '/opt/app/logs/*.log']]],
    ],
  ])('%j', (text, expected) => expect(targets(text)).toEqual(expected));
});

describe('what rsyslog sends whole: old style, everything, and nothing that drops or parts messages', () => {
  test.each<[string, true | undefined]>([
    ['*.* @@10.0.0.9:514', true],
    ['auth,authpriv.* /var/log/auth.log\n*.* @10.0.0.9', true],
    ['*.err @@10.0.0.9', undefined],
    ['*.*;mail.none @@10.0.0.9', undefined],
    ['*.* action(type="omfwd" target="10.0.0.9")', undefined],
    ['action(type="omfwd" target="10.0.0.9")', undefined],
    ['if $programname == "su" then stop\n*.* @@10.0.0.9', undefined],
    [':msg, contains, "noise" ~\n*.* @@10.0.0.9', undefined],
    ['auth.* ~\n*.* @@10.0.0.9', undefined],
    ['auth.* stop\n*.* @@10.0.0.9', undefined],
    ['$ActionExecOnlyEveryNthTime 10\n*.* @@10.0.0.9', undefined],
    ['!su\n*.* @@10.0.0.9', undefined],
    ['$IncludeConfig /etc/rsyslog.d/*.conf\n*.* @@10.0.0.9', true],
    ['$IncludeConfig /opt/*.conf\n*.* @@10.0.0.9', undefined],
    ['$IncludeConfig\t/opt/*.conf\n*.* @@10.0.0.9', undefined],
    ['$includeconfig /opt/*.conf\n*.* @@10.0.0.9', undefined],
    ['$IncludeConfig /etc/rsyslog.d/*.conf.local\n*.* @@10.0.0.9', undefined],
    ['auth.* STOP\n*.* @@10.0.0.9', undefined],
    ['$actionexeconlyeverynthtime 10\n*.* @@10.0.0.9', undefined],
    ['$RuleSet remote\n*.* @@10.0.0.9\n$RuleSet RSYSLOG_DefaultRuleset', undefined],
    ['/* not any more\n*.* @@10.0.0.9\n*/', undefined],
  ])('%j', (text, expected) => {
    const shipping = read(running('rsyslogd') + shown('/etc/rsyslog.conf', text));
    expect(shipping?.map(({ whole }) => whole)).toEqual([expected]);
  });

  test('not where a file of it was cut', () => {
    const text = `*.* @@10.0.0.9\n${'mail.* /var/log/mail.log\n'.repeat(2600)}`;
    expect(read(running('rsyslogd') + shown('/etc/rsyslog.conf', text))?.[0]?.whole).toBeUndefined();
  });

  test('not where a file of it cannot be read', () => {
    const closed = `${shown('/etc/rsyslog.conf', '*.* @@10.0.0.9')}!! /etc/rsyslog.d/50-drop.conf\n`;
    expect(read(running('rsyslogd') + closed)?.map(({ whole }) => whole)).toEqual([undefined, undefined]);
  });
});

describe('other programs; their files reconstructed from their documentation', () => {
  test('syslog-ng sends to what its destinations name', () => {
    const text =
      'destination d_net { network("10.0.0.9" transport("tls") port(6514)); };\ndestination d_file { file("/var/log/x"); };';
    expect(read(running('syslog-ng') + shown('/etc/syslog-ng/syslog-ng.conf', text))).toEqual([
      {
        by: 'syslog-ng',
        where: '/etc/syslog-ng/syslog-ng.conf',
        targets: ['10.0.0.9'],
        covers: ['general', 'auth', '/'],
      },
    ]);
  });

  test('systemd-journal-upload', () => {
    const text = '[Upload]\n# URL=\nURL=https://log-1:19532';
    expect(read(running('systemd-journal-upload') + shown('/etc/systemd/journal-upload.conf', text))).toMatchObject([
      { by: 'journald', targets: ['log-1'], covers: ['general', 'auth', 'journal'] },
    ]);
  });

  test.each<[string, string, string, string[], string[]]>([
    [
      'filebeat',
      '/etc/filebeat/filebeat.yml',
      'filebeat.inputs:\n- type: filestream\n  id: app\n  paths:\n    - /opt/app/logs/*.log\n    #- /var/log/none\noutput.elasticsearch:\n  hosts: ["https://es-1:9200", "es-2:9200"]',
      ['es-1', 'es-2'],
      ['/opt/app/logs/*.log'],
    ],
    [
      'fluent-bit',
      '/etc/fluent-bit/fluent-bit.conf',
      '[INPUT]\n    Name tail\n    Path /var/log/nginx/access.log\n[OUTPUT]\n    Name es\n    Host 10.0.0.9\n    Port 9200',
      ['10.0.0.9'],
      ['/var/log/nginx/access.log'],
    ],
    [
      'td-agent',
      '/etc/td-agent/td-agent.conf',
      '<source>\n  @type tail\n  path /opt/app/logs/a.log\n</source>\n<match **>\n  @type forward\n  <server>\n    host log-1\n  </server>\n</match>',
      ['log-1'],
      ['/opt/app/logs/a.log'],
    ],
    [
      'vector',
      '/etc/vector/vector.toml',
      '[sources.app]\ntype = "file"\ninclude = [\n  "/opt/app/logs/*.log",\n]\n[sinks.out]\nendpoints = ["http://10.0.0.9:9200"]',
      ['10.0.0.9'],
      ['/opt/app/logs/*.log'],
    ],
    [
      'promtail',
      '/etc/promtail/config.yml',
      'clients:\n  - url: http://loki:3100/loki/api/v1/push\nscrape_configs:\n  - job_name: app\n    static_configs:\n      - labels:\n          __path__: /opt/app/logs/*.log',
      ['loki'],
      ['/opt/app/logs/*.log'],
    ],
  ])('%s', (process, path, text, targets, covers) =>
    expect(read(running(process) + shown(path, text))).toMatchObject([{ targets, covers }]),
  );

  test('inputs that are not understood may be anything', () =>
    expect(
      read(running('vector') + shown('/etc/vector/vector.yaml', 'sinks:\n  out:\n    address: log-1:9000')),
    ).toMatchObject([{ targets: ['log-1'], covers: ['/'] }]));
});

test('what is configured and does not run sends nothing; where that was not seen, it may', () => {
  const text = shown('/etc/filebeat/filebeat.yml', 'output.logstash:\n  hosts: ["10.0.0.9:5044"]');
  expect(read(running('rsyslogd') + shown('/etc/rsyslog.conf', '') + text)).toEqual([]);
  expect(read(text)).toMatchObject([{ by: 'filebeat', targets: ['10.0.0.9'] }]);
});

test('what runs, and whose configuration is closed or elsewhere, sends all to nobody knows where', () => {
  const unknown = [{ by: 'filebeat', targets: [], covers: ['general', 'auth', 'journal', '/'] }];
  expect(read(`${running('filebeat')}!! /etc/filebeat/filebeat.yml\n`)).toMatchObject(unknown);
  expect(read(running('filebeat'))).toMatchObject(unknown);
  // What it sends to was not understood.
  expect(read(running('promtail') + shown('/etc/promtail/config.yml', 'x'))).toMatchObject([
    { targets: [], covers: ['/'] },
  ]);
  expect(read(running('rsyslogd', 'ruby') + shown('/etc/rsyslog.conf', 'x'))).toEqual([]);
});

test('a command that broke off tells nothing; garbage is bounded', () => {
  expect(readShipping(result('running rsyslogd\n'))).toBeUndefined();
  const noise = `${'action('.repeat(3000)}\n${'destination d {'.repeat(2000)}\n${'*.* @'.repeat(3000)}`;
  const started = performance.now();
  read(
    running('rsyslogd', 'syslog-ng', 'vector') +
      shown('/etc/rsyslog.conf', noise) +
      shown('/etc/vector/vector.toml', noise),
  );
  expect(performance.now() - started).toBeLessThan(3000);
});

describe.each(shells())('$name', ({ argv: [program, ...args], path }) => {
  test('passwords are masked on the host, places are not', () => {
    const masking = shippingScript.match(/\} \| (sed .*)\n/)?.[1] ?? '';
    const input = [
      ' *.* action(type="omelasticsearch" server="es-1" pwd="hunter2" uid="x")',
      ' hosts: ["https://elastic:hunter2@es-2:9200"]',
      '   password: "hunter2"',
      ' HTTP_Passwd hunter2',
      ' sasl.Password=hunter2',
      ' api_key: id:hunter2',
      '   password: "one,hunter2;x)y"',
      "   password: 'one,hunter2'",
      ' shared_key hunter2',
      ' ssl.key_passphrase: hunter2',
      ' headers.Authorization: Basic hunter2',
      ' "Authorization": "Bearer hunter2"',
    ].join('\n');
    const { stdout } = spawnSync(program, [...args, '-c', masking], { input, encoding: 'utf8', env: { PATH: path } });
    expect(stdout).not.toContain('hunter2');
    expect(stdout).toContain('server="es-1"');
    expect(stdout).toContain('https://es-2:9200');
  });
});

describe('programs whose configuration is not read', () => {
  test('may send everything anywhere', () => {
    expect(read(running('ilogtail', 'rsyslogd'))).toMatchObject([
      { by: 'rsyslog', targets: [] },
      { by: 'other', where: 'ilogtail', targets: [], covers: ['general', 'auth', 'journal', '/'] },
    ]);
  });

  test.each([
    ['ilogtail', 'ilogtail', ''],
    ['java', 'logstash', 'org.logstash.Logstash'],
  ])('a process %s is seen as %s', async (program, name, argument) => {
    const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-'));
    copyFileSync('/bin/dash', join(folder, program));
    const child = spawn(join(folder, program), ['-c', 'echo up; read x', argument], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      await once(child.stdout, 'data');
      const { stdout } = spawnSync('/bin/sh', ['-c', shippingScript], { maxBuffer: 1e8 });
      expect(readShipping(result(stdout.toString()))).toContainEqual(
        expect.objectContaining({ by: 'other', where: name }),
      );
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });
});
