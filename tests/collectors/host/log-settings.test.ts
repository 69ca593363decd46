import { describe, expect, test } from 'vitest';
import { readXml } from '../../../src/collectors/host/log-settings/xml.ts';
import { settingsRules } from '../../../src/collectors/host/log-settings.ts';
import type { LogPolicies } from '../../../src/evidence/host/log-policies.ts';
import { transcript } from '../../support/transcripts.ts';

// `@{…}` stands for a variable of theirs. Configurations as the manuals of logback, log4j2, Python and pm2-logrotate show them.

const hostWith = (path: string) => ({ logs: [{ of: 'application' as const, path, settings: ['/opt/app/conf/x'] }] });
const read = (
  text: string,
  file = '/opt/app/conf/logback.xml',
  path = '/opt/app/logs',
): Pick<LogPolicies, 'rules' | 'unread'> => {
  const stdout = `log 0\n== ${file}\n${text.replaceAll('@{', '${').replace(/^/gm, ' ')}\n\ndone\n`;
  return settingsRules(transcript({ settings: stdout })('settings'), hostWith(path));
};

const logback = (policy: string, more = '') => `<?xml version="1.0" encoding="UTF-8"?>
<!-- <appender class="none"> -->
<configuration scan="true">
  <property name="LOG_HOME" value="/opt/app/logs"/>
  <property name="days" value="200"/>${more}
  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
    <file>@{LOG_HOME}/app.log</file>
    <rollingPolicy class="ch.qos.logback.core.rolling.${policy}</rollingPolicy>
    <encoder><pattern>%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="FILE"/></root>
</configuration>`;
const timed = (pattern: string, rest: string) =>
  logback(`TimeBasedRollingPolicy"><fileNamePattern>@{LOG_HOME}/${pattern}</fileNamePattern>${rest}`);

describe('logback', () => {
  test.each<[string, string, unknown]>([
    ['app.%d{yyyy-MM-dd}.log', '<maxHistory>30</maxHistory>', [{ days: 30 }]],
    ['app.%d.log.gz', '<maxHistory>@{days}</maxHistory>', [{ days: 200 }]],
    ['app.%d{yyyy-MM}.log', '<maxHistory>6</maxHistory>', [{ months: 6 }]],
    ['app.%d{yyyy-ww}.log', '<maxHistory>27</maxHistory>', [{ days: 189 }]],
    ['%d{yyyy-MM, aux}/app.%d{yyyy-MM-dd}.log', '<maxHistory>184</maxHistory>', [{ days: 184 }]],
    ['%d{yyyy-MM}/app.%d{yyyy-MM-dd}.log', '<maxHistory>6</maxHistory>', [{ months: 6 }]],
    ['app.%d{yyyy-MM-dd_HH}.log', '<maxHistory>4416</maxHistory>', [{ days: 184 }]],
    ['app.%d{yyyy-MM-dd, UTC}.log', '<maxHistory>184</maxHistory>', [{ days: 184 }]],
    ['app.%d.log', '', []],
    ['app.%d.log', '<maxHistory>0</maxHistory>', []],
    [
      'app.%d.log',
      '<maxHistory>200</maxHistory><totalSizeCap>20GB</totalSizeCap>',
      [{ days: 200 }, { bytes: 20 * 1024 ** 3 }],
    ],
    ['app.%d.log', '<maxHistory>200</maxHistory><totalSizeCap>0</totalSizeCap>', [{ days: 200 }]],
    ['app.%d.log', '<totalSizeCap>20GB</totalSizeCap>', [{ unknown: 'maxHistory=0, totalSizeCap=20GB' }]],
    ['app.%d.log', '<maxHistory>@{DAYS:-30}</maxHistory>', [{ unknown: expect.stringContaining('maxHistory=') }]],
    ['app.log', '<maxHistory>30</maxHistory>', [{ unknown: 'maxHistory=30' }]],
  ])('%s %s', (pattern, rest, limits) =>
    expect(read(timed(pattern, rest)).rules).toMatchObject([{ by: 'application', limits }]),
  );

  test('by size and time, and which files it writes', () => {
    const policy = `SizeAndTimeBasedRollingPolicy">
      <fileNamePattern>@{LOG_HOME}/%d{yyyy-MM, aux}/app.%d{yyyy-MM-dd}.%i.log.gz</fileNamePattern>
      <maxFileSize>100MB</maxFileSize><maxHistory>180</maxHistory><cleanHistoryOnStart>true</cleanHistoryOnStart>`;
    expect(read(logback(policy)).rules).toEqual([
      {
        by: 'application',
        where: '/opt/app/conf/logback.xml',
        text: 'maxHistory=180',
        covers: [
          '/opt/app/logs/app.log',
          '/opt/app/logs/app.log',
          '/opt/app/logs/*/app.*.*.log.gz',
          '/opt/app/logs/*/app.*.*.log',
        ],
        names: [],
        limits: [{ days: 180 }],
      },
    ]);
  });

  test('a fixed window of files by size', () => {
    const policy = `FixedWindowRollingPolicy"><fileNamePattern>/opt/app/logs/app.%i.log.zip</fileNamePattern>
      <minIndex>1</minIndex><maxIndex>40</maxIndex>`;
    const text = logback(policy).replace(
      '<encoder>',
      '<triggeringPolicy class="x.SizeBasedTriggeringPolicy"><maxFileSize>5MB</maxFileSize></triggeringPolicy><encoder>',
    );
    expect(read(text).rules).toMatchObject([{ limits: [{ bytes: 5 * 1024 ** 2, files: 21 }] }]);
  });

  test('a folder from the environment: its files are told by their names below what was declared', () => {
    const text = timed('app.%d.log', '<maxHistory>30</maxHistory>').replace(
      'value="/opt/app/logs"',
      'value="@{LOG_DIR:-logs}"',
    );
    const expected = { names: ['app.log', 'app.log', 'app.*.log', 'app.*.log'], limits: [{ days: 30 }] };
    expect(read(text).rules).toMatchObject([{ ...expected, covers: ['/opt/app/logs', '/opt/app/logs/'] }]);
    expect(read(text, undefined, '/opt/app/logs/app*.log').rules).toMatchObject([
      { ...expected, covers: ['/opt/app/logs/app*.log', '/opt/app/logs/'] },
    ]);
  });

  test('which branch is taken, and what other files say, is not known', () => {
    const inside = timed('app.%d.log', '<maxHistory>30</maxHistory>')
      .replace('<appender name', '<springProfile name="prod"><appender name')
      .replace('</appender>', '</appender></springProfile>');
    expect(read(inside).rules).toMatchObject([{ limits: [{ unknown: '<springprofile> maxHistory=30' }] }]);
    const included = timed('app.%d.log', '').replace(
      '<root',
      '<include resource="org/x/defaults.xml"/><include file="more.xml"/><root',
    );
    expect(read(included).unread).toEqual([{ path: '/opt/app/conf/logback.xml', why: 'include more.xml' }]);
  });

  test('a property that is set under a condition is not known', () => {
    const text = timed('app.%d.log', '<maxHistory>@{days}</maxHistory>').replace(
      '<appender name',
      '<springProfile name="dev"><property name="days" value="400"/></springProfile><appender name',
    );
    expect(read(text).rules).toMatchObject([{ limits: [{ unknown: expect.stringContaining('maxHistory=') }] }]);
  });

  test('a file that is emptied at each start', () => {
    const text =
      '<configuration><appender name="F" class="ch.qos.logback.core.FileAppender"><file>/a/b.log</file><append>false</append></appender></configuration>';
    expect(read(text).rules).toMatchObject([
      { covers: ['/a/b.log', '/a/b.log'], limits: [{ unknown: 'append=false' }] },
    ]);
  });
});

const log4j2 = (attributes: string, inside: string) => `<Configuration status="warn">
  <Properties><Property name="dir">/opt/app/logs</Property></Properties>
  <Appenders>
    <Console name="C"/>
    <RollingFile name="F" fileName="@{dir}/app.log" ${attributes}>
      <PatternLayout pattern="%d %m%n"/>${inside}
    </RollingFile>
  </Appenders>
</Configuration>`;

describe('log4j2', () => {
  const limits = (attributes: string, inside: string) =>
    read(log4j2(attributes, inside), '/x/log4j2.xml').rules.map((rule) => rule.limits);
  const daily = 'filePattern="@{dir}/$@{date:yyyy-MM}/app-%d{yyyy-MM-dd}-%i.log.gz"';
  const size = '<Policies><TimeBasedTriggeringPolicy/><SizeBasedTriggeringPolicy size="250 MB"/></Policies>';
  const remove = (conditions: string) =>
    `<DefaultRolloverStrategy fileIndex="nomax"><Delete basePath="@{dir}" maxDepth="2">${conditions}</Delete></DefaultRolloverStrategy>`;

  test.each<[string, string, string, unknown]>([
    ['seven files of each day unless said otherwise', daily, size, [[{ bytesADay: 7 * 250 * 1024 ** 2 }]]],
    [
      'as many of each day as is said',
      daily,
      `${size}<DefaultRolloverStrategy max="100"/>`,
      [[{ bytesADay: 100 * 250 * 1024 ** 2 }]],
    ],
    [
      'by date alone nothing is deleted',
      'filePattern="@{dir}/app-%d{yyyy-MM-dd}.log"',
      '<Policies><TimeBasedTriggeringPolicy/></Policies>',
      [[]],
    ],
    [
      'by size within a day, and no counter: each part takes the place of the one before',
      'filePattern="@{dir}/app-%d{yyyy-MM-dd}.log.gz"',
      size,
      [[{ bytesADay: 250 * 1024 ** 2 }]],
    ],
    ['by size, and one name', 'filePattern="@{dir}/app.old"', size, [[{ bytes: 250 * 1024 ** 2, files: 1 }]]],
    [
      'at each start, a counter of seven a day',
      daily,
      '<Policies><TimeBasedTriggeringPolicy/><OnStartupTriggeringPolicy/></Policies>',
      [[{ unknown: 'max=7' }]],
    ],
    [
      'at each start, and no counter',
      'filePattern="@{dir}/app-%d{yyyy-MM-dd}.log"',
      '<Policies><TimeBasedTriggeringPolicy/><OnStartupTriggeringPolicy/></Policies>',
      [[{ unknown: expect.stringContaining('app-%d') }]],
    ],
    [
      'by age and then by size: whichever keeps longer',
      daily,
      size + remove('<IfLastModified age="30d"><IfAccumulatedFileSize exceeds="100 GB"/></IfLastModified>'),
      [[], [{ bytes: 100 * 1024 ** 3, days: 30 }]],
    ],
    [
      'by age and, of what is so old, by a count',
      daily,
      size + remove('<IfLastModified age="30d"><IfAccumulatedFileCount exceeds="10"/></IfLastModified>'),
      [[], [{ unknown: 'ifaccumulatedfilecount 10', days: 30 }]],
    ],
    [
      'a window by size',
      'filePattern="@{dir}/app-%i.log"',
      '<SizeBasedTriggeringPolicy/><DefaultRolloverStrategy max="20"/>',
      [[{ bytes: 10 * 1024 ** 2, files: 20 }]],
    ],
    [
      'a window, and no size',
      'filePattern="@{dir}/app-%i.log"',
      '<OnStartupTriggeringPolicy/>',
      [[{ unknown: 'max=7' }]],
    ],
    [
      'by age',
      daily,
      size + remove('<IfFileName glob="*/app-*.log.gz"/><IfLastModified age="180d"/>'),
      [[], [{ days: 180 }]],
    ],
    [
      'by age, nested',
      daily,
      size + remove('<IfFileName glob="*/app-*.log.gz"><IfLastModified age="P30DT12H"/></IfFileName>'),
      [[], [{ days: 30.5 }]],
    ],
    [
      'by age or size',
      daily,
      size +
        remove(
          '<IfFileName glob="*"><IfAny><IfLastModified age="200d"/><IfAccumulatedFileSize exceeds="100 GB"/></IfAny></IfFileName>',
        ),
      [[], [{ days: 200 }, { bytes: 100 * 1024 ** 3 }]],
    ],
    ['by size', daily, size + remove('<IfAccumulatedFileSize exceeds="1 GB"/>'), [[], [{ bytes: 1024 ** 3 }]]],
    [
      'by age and size: the age holds',
      daily,
      size + remove('<IfAccumulatedFileSize exceeds="1 GB"/><IfLastModified age="200d"/>'),
      [[], [{ bytes: 1024 ** 3, days: 200 }]],
    ],
    [
      'by count',
      daily,
      size + remove('<IfAccumulatedFileCount exceeds="10"/>'),
      [[], [{ unknown: 'ifaccumulatedfilecount 10' }]],
    ],
    ['by all but', daily, size + remove('<IfNot><IfLastModified age="200d"/></IfNot>'), [[], [{ unknown: 'ifnot' }]]],
    [
      'without condition',
      daily,
      size + remove('<IfFileName glob="*.gz"/>'),
      [[], [{ unknown: 'Delete iffilename *.gz' }]],
    ],
    [
      'only tried',
      daily,
      size + remove('<IfLastModified age="1d"/>').replace('maxDepth', 'testMode="true" maxDepth'),
      [[]],
    ],
  ])('%s', (_, attributes, inside, expected) => expect(limits(attributes, inside)).toEqual(expected));

  test('what is set under a condition, and what stands in another file, is not known', () => {
    const text = log4j2(daily, size + remove('<IfLastModified age="@{days}"/>')).replace(
      '<Properties>',
      '<Properties><SystemPropertyArbiter propertyName="env" propertyValue="dev"><Property name="days">400d</Property></SystemPropertyArbiter>',
    );
    expect(read(text, '/x/log4j2.xml').rules[1]?.limits).toEqual([
      { unknown: expect.stringMatching(/^iflastmodified/) },
    ]);
    const arbiter = log4j2(daily, size + remove('<IfLastModified age="400d"/>'))
      .replace('<RollingFile', '<SpringProfile name="prod"><RollingFile')
      .replace('</RollingFile>', '</RollingFile></SpringProfile>');
    for (const { limits: found } of read(arbiter, '/x/log4j2.xml').rules)
      expect(found).toEqual(found.length === 0 ? [] : [{ unknown: expect.stringContaining('<springprofile>') }]);
    const included = log4j2(daily, size).replace('<Appenders>', '<xi:include href="more.xml"/><Appenders>');
    expect(read(included, '/x/log4j2.xml').unread).toEqual([{ path: '/x/log4j2.xml', why: 'include more.xml' }]);
  });

  test('a deletion covers what lies below its folder', () =>
    expect(
      read(
        log4j2(daily, size + remove('<IfFileName glob="*/app-*.log.gz"/><IfLastModified age="7d"/>')),
        '/x/log4j2.xml',
      ).rules[1],
    ).toMatchObject({
      covers: ['/opt/app/logs/'],
      names: ['app-*.log.gz'],
      limits: [{ days: 7 }],
    }));
});

describe('other programs', () => {
  const pm2 = (settings: unknown) =>
    read(JSON.stringify({ 'pm2-logrotate': settings }), '/root/.pm2/module_conf.json').rules[0]?.limits;
  test.each<[unknown, unknown]>([
    [{}, [{ bytes: 10 * 1024 ** 2, files: 30 }, { days: 30 }]],
    [{ retain: 'all' }, []],
    [{ retain: '200', max_size: '1G' }, [{ bytes: 1024 ** 3, files: 200 }, { days: 200 }]],
    [
      { retain: '200', rotateInterval: '*/5 * * * *' },
      [{ unknown: 'max_size=10M, retain=200, rotateInterval=*/5 * * * *' }],
    ],
  ])('pm2-logrotate %j', (settings, limits) => expect(pm2(settings)).toEqual(limits));

  test.each<[string, unknown]>([
    ["h = TimedRotatingFileHandler('/a.log', when='midnight', backupCount=190)", [{ days: 190 }]],
    ["h = TimedRotatingFileHandler('/a.log', when='W0', interval=1, backupCount=27)", [{ days: 189 }]],
    ["h = TimedRotatingFileHandler('/a.log', backupCount=48)", [{ days: 2 }]],
    ["h = TimedRotatingFileHandler('/a.log', when='D')", []],
    [
      'class: logging.handlers.RotatingFileHandler\nmaxBytes: 1048576\nbackupCount: 20',
      [{ bytes: 1_048_576, files: 20 }],
    ],
    ['class: logging.handlers.RotatingFileHandler\nbackupCount: 20', []],
    [
      'h = TimedRotatingFileHandler(path, when=UNIT, backupCount=N)',
      [{ unknown: expect.stringContaining('backupCount=N') }],
    ],
  ])('Python %j', (text, limits) =>
    expect(
      read(`from logging.handlers import TimedRotatingFileHandler\n${text}`, '/opt/app/log.py').rules,
    ).toMatchObject([{ limits }]),
  );

  test('a script that moves logs keeps them; its deletions count', () => {
    expect(read('12: mv $a $b', '/opt/cut.sh').rules).toMatchObject([{ by: 'application', limits: [] }]);
    expect(read('12: find /opt/app/logs -mtime +30 -delete', '/opt/cut.sh').rules).toMatchObject([
      { by: 'application', limits: [] },
      { by: 'schedule', limits: [{ days: 31 }] },
    ]);
  });
});

test('what is not understood, not there, closed or cut off is named', () => {
  const closed = transcript({ settings: 'log 0\n!none /a*.xml\n!! /b.xml\n== /c.xml\n <configuration>\n\n' });
  expect(settingsRules(closed('settings'), hostWith('/opt/app/logs')).unread).toEqual([
    { path: '/b.xml', why: 'permission denied' },
    { path: '/a*.xml', why: 'not there' },
    { path: '/c.xml', why: 'not understood' },
    { path: 'settings', why: 'no answer' },
  ]);
  for (const text of ['', 'log4j.rootLogger=INFO', '<a><b></a></b>', '<html/>', '<!-- <configuration/>', '{}'])
    expect(read(text).unread, text).toEqual([{ path: '/opt/app/conf/logback.xml', why: 'not understood' }]);
});

test('hostile XML is read in time linear in its length', () => {
  const started = performance.now();
  for (const piece of ['<!--', '<a "', '<![CDATA[', "<a b='", '<a>', '<a b="1" '])
    expect(readXml(piece.repeat(16_000)), piece).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(2000);
});
