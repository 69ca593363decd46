import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assessmentSchema } from '../../src/assessment/assessment.ts';
import { addDays, dateIn, daysFrom } from '../../src/evidence/dates.ts';
import { runCli } from '../support/cli.ts';
import { elasticWorld } from '../support/elastic-world.ts';
import { inFolder } from '../support/folder.ts';
import { openStore } from '../support/http-stores.ts';

test('a scan reads a central store, judges it by the rows of its logs, and keeps its secret', async () => {
  const today = dateIn(new Date(), 'Asia/Shanghai');
  const days = daysFrom(addDays(today, -200), today);
  const rollover = { hot: { min_age: '0ms', actions: { rollover: { max_age: '30d' } } } };
  const deletion = { delete: { min_age: '30d', actions: { delete: {} } } };
  const world = elasticWorld({
    version: '8.13.4',
    indices: [{ name: 'app-1', days, policy: 'p' }],
    policies: { p: { phases: { ...rollover, ...deletion } } },
  });
  await using store = await openStore(world, { authorization: 'ApiKey aWQ6aHVudGVyMg==' });
  const yaml = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: ${addDays(today, -100)} }
logStores:
  - { name: central, kind: elasticsearch, url: '${store.url}', of: application, indices: [app-*], auth: { apiKey: ES_KEY } }
  - { name: firewall, kind: loki, url: 'http://127.0.0.1:1', of: network, selector: '{job="fw"}' }
`;
  await inFolder({ 'platform.yaml': yaml }, async (at) => {
    const args = ['--platform', at('platform.yaml'), '--out', at('out'), '--format', 'html', '--origin', 'network'];
    const ended = await runCli(['scan', ...args, '--json'], { env: { ES_KEY: 'id:hunter2' } });
    expect(ended.status, ended.stderr).toBe(1);
    expect(store.offences).toEqual([]);
    const { requirements, evidence } = assessmentSchema.parse(JSON.parse(ended.stdout));
    const findings = requirements.find(({ id }) => id === 'NS-3')?.findings ?? [];
    expect(findings.filter(({ subject }) => subject === 'central')).toMatchObject([
      { outcome: 'unmet', says: 'centralTooShort', basis: 'measured' },
    ]);
    expect(findings.filter(({ subject }) => subject === 'firewall')).toMatchObject([{ outcome: 'unproven' }]);
    expect(evidence.contacts).toEqual(
      expect.arrayContaining([{ address: '127.0.0.1', port: store.port, by: 'http', times: store.asked.length }]),
    );
    const files = await readdir(at('out'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile()))
      expect(await readFile(join(file.parentPath, file.name), 'latin1'), file.name).not.toMatch(
        /hunter2|aWQ6aHVudGVyMg/,
      );
  });
});
