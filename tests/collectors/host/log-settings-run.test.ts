import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { settingsRules, settingsScript } from '../../../src/collectors/host/log-settings.ts';
import { shells } from '../../support/shells.ts';
import { transcript } from '../../support/transcripts.ts';

const folder = mkdtempSync(join(tmpdir(), 'leqi-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(shells())('$name', ({ argv: [program, ...args], path }) => {
  test('a folder that is called after a secret hides no settings', () => {
    const service = join(folder, 'secret-service');
    mkdirSync(service, { recursive: true });
    const file = join(service, 'logback.xml');
    writeFileSync(
      file,
      `<configuration>
  <property name="db.password" value="hunter2"/>
  <appender name="F" class="ch.qos.logback.core.rolling.RollingFileAppender">
    <rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
      <fileNamePattern>/opt/app/logs/app.%d.log</fileNamePattern>
      <maxHistory>30</maxHistory>
    </rollingPolicy>
  </appender>
</configuration>
`,
    );
    const missing = join(service, 'token.xml');
    const host = { logs: [{ of: 'application' as const, path: '/opt/app/logs', settings: [file, missing] }] };
    const { stdout } = spawnSync(program, [...args, '-c', settingsScript(host)], {
      encoding: 'utf8',
      env: { PATH: path },
    });
    expect(stdout).not.toContain('hunter2');
    const { rules, unread } = settingsRules(transcript({ settings: stdout })('settings'), host);
    expect(rules).toMatchObject([{ where: file, limits: [{ days: 30 }] }]);
    expect(unread).toEqual([{ path: missing, why: 'not there' }]);
  });

  test('a deletion that names a secret is not shown, and not lost', () => {
    const run = (text: string) => {
      const file = join(folder, 'cut.sh');
      writeFileSync(file, text);
      const host = { logs: [{ of: 'application' as const, path: '/opt/app/logs', settings: [file] }] };
      const { stdout } = spawnSync(program, [...args, '-c', settingsScript(host)], {
        encoding: 'utf8',
        env: { PATH: path },
      });
      expect(stdout).not.toContain('hunter2');
      return settingsRules(transcript({ settings: stdout })('settings'), host);
    };
    const moves = 'mv /opt/app/logs/a /opt/app/logs/b\n';
    const deletes = 'find /opt/token-app/logs -mtime +7 -exec rm {} +\n';
    expect(run(moves + deletes).unread).toEqual([{ path: join(folder, 'cut.sh'), why: '***' }]);
    expect(run(`DB_PASSWORD=hunter2; ${deletes}`).unread).toEqual([{ path: join(folder, 'cut.sh'), why: '***' }]);
    expect(run(`export DB_PASSWORD=hunter2\n${moves}`)).toMatchObject({ rules: [{ limits: [] }], unread: [] });
  });
});
