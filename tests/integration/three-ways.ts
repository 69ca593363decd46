import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readCarried } from '../../src/collectors/carried.ts';
import { collectors } from '../../src/collectors/index.ts';
import { runCollectors } from '../../src/collectors/run.ts';
import { printScript } from '../../src/collectors/script.ts';
import type { Draft } from '../../src/evidence/observation.ts';
import type { Platform } from '../../src/platform.ts';
import { sshLab } from '../support/sshd.ts';
import { platformOf } from '../support/tools.ts';
import { gateOf } from './ssh-support.ts';

/** What one host gave, asked in each way. */
export type ThreeWays = { local: Draft[]; ssh: Draft[]; script: Draft[]; carried: readonly Draft[] };

const kinds = collectors.filter(({ by }) => by === 'commands').map(({ kind }) => kind);

/** Asks this machine in every way; meant for a namespace in which nothing else goes on. */
async function askInEveryWay(): Promise<ThreeWays> {
  await using lab = sshLab();
  const { port } = await lab.start();
  const platform = (transport: string): Platform => {
    const ssh = { port, keyFile: join(lab.folder, 'client') };
    const logs = [{ of: 'application', path: '/var/log' }];
    return platformOf({ hosts: [{ name: '应用 1', address: '127.0.0.1', transport, ssh, logs }] });
  };
  const collected = (transport: string): Promise<Draft[]> => {
    const declared = platform(transport);
    return runCollectors(declared, {
      kinds,
      gate: gateOf(declared),
      signal: new AbortController().signal,
      now: () => new Date(),
      sshHome: lab.home([`[127.0.0.1]:${port} ${lab.hostKey()}`]),
    });
  };
  const carried = (): readonly Draft[] => {
    const declared = platform('script');
    const [host] = declared.hosts;
    if (!host) throw new Error('no host');
    const printing = { platform: '乐企', version: '1', at: '2026-03-01T00:00:00Z', language: 'zh' } as const;
    const ran = spawnSync('sh', { input: printScript(host, kinds, printing), maxBuffer: 1e9 });
    return readCarried(ran.stdout, 'app-1.out', declared, kinds, new Date()).drafts;
  };
  return {
    local: await collected('local'),
    ssh: await collected('ssh'),
    script: await collected('script'),
    carried: carried(),
  };
}

if (import.meta.main) {
  const ways = await askInEveryWay();
  process.stdout.write(JSON.stringify(ways), () => process.exit(0));
}
