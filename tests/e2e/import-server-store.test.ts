import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBundle } from '../../src/bundle/bundle.ts';
import { runCli } from '../support/cli.ts';
import { createDatabases, type DatabaseServer } from '../support/databases.ts';
import { inFolder } from '../support/folder.ts';

const databases = createDatabases();
let server: DatabaseServer;

beforeAll(async () => {
  server = await databases.postgresql();
  server.admin('CREATE DATABASE trade');
  server.admin(`CREATE TABLE fp (at date); INSERT INTO fp VALUES ('2024-02-29')`, 'trade');
}, 120_000);

afterAll(() => databases.remove());

// No address stands there: the server is behind a gap.
const yaml = `profile: natural-system-security
unit: { name: 示例科技有限公司, creditCode: 91370200MA3C00000X }
platform: { name: 乐企直连平台, mode: self-use, since: 2025-01-01 }
stores:
  - { name: 核心 库, engine: postgresql, via: script, database: trade, tables: [{ name: fp, holds: invoices, time: at }] }
`;

test('a server that is asked by a script: unobserved, printed, run by a person, imported', async () => {
  await inFolder({ 'platform.yaml': yaml }, async (at) => {
    const files = ['--platform', at('platform.yaml'), '--out', at('out')];
    const collected = await runCli(['collect', ...files, '--origin', 'database']);
    expect(collected).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/Error/) });
    const reasons = async (): Promise<Record<string, string | undefined>> => {
      const { observations } = await readBundle(at('out/evidence'));
      const ofStore = observations.filter(({ subject }) => subject === '核心 库');
      return Object.fromEntries(ofStore.map(({ kind, unobserved }) => [kind, unobserved?.reason]));
    };
    const before = await reasons();
    expect(before).toMatchObject({ records: 'not-collected', clearText: 'not-supported' });

    const printed = await runCli(['collect', ...files, '--print-script', '--store', '核心 库']);
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^-- leqi-audit .*核心 库.*\n-- 只读：.*\n.*psql -X -A -t -f 核心_库\.sql/s);

    const [program = '', ...args] = server.client('trade');
    const ran = spawnSync(program, args, { input: printed.stdout });
    await writeFile(at('x.out'), ran.stdout);
    expect(await runCli(['import', at('x.out'), ...files])).toMatchObject({ status: 0 });
    expect(await reasons()).toEqual({ ...before, records: undefined, ...carriedIn(before) });

    const doctor = await runCli(['doctor', ...files, '--origin', 'database', '--format', 'html']);
    expect(doctor.stdout).toMatch(/核心 库.*由人执行脚本，导入输出之后才有证据/s);
  });
});

function carriedIn(before: object): object {
  const carried = ['storeEncryption', 'storeRights'].filter((kind) => kind in before);
  return Object.fromEntries(carried.map((kind) => [kind, undefined]));
}
