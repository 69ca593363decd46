import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { makeExamplePlatform } from '../scripts/example-platform.ts';
import { readBundle } from '../src/bundle/bundle.ts';
import { writeBundle } from '../src/bundle/write.ts';
import { dateIn } from '../src/evidence/dates.ts';
import { kinds } from '../src/evidence/kinds.ts';
import type { Draft } from '../src/evidence/observation.ts';
import { createGate } from '../src/gate.ts';
import { packageRoot } from '../src/package-root.ts';
import { createScope } from '../src/scope.ts';
import { makeRegisters } from './registers.ts';

// Whole commands as child processes, as a user waits for them: medians of several runs. Usage: npm run benchmark [runs]

/** Makes a child say its peak memory when it ends. */
const peakHook =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak="+process.resourceUsage().maxRSS))';

const runs = Number(process.argv[2] ?? 5);
const hosts = 1000;
const now = (): Date => new Date();
const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-benchmark-'));

try {
  const platform = await makeExamplePlatform(
    join(folder, 'platform'),
    dateIn(now(), 'Asia/Shanghai'),
    createGate(createScope([], []), now),
  );
  const endpoint = createServer(
    { cert: await readFile(platform.certificate), key: await readFile(platform.key) },
    (socket) => socket.end(),
  );
  endpoint.on('tlsClientError', (_, socket) => socket.destroy());
  endpoint.listen(platform.port, '127.0.0.1');
  await once(endpoint, 'listening');
  const out = join(folder, 'out');
  process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores, medians of ${runs} runs\n\n`);
  await measure('scan this machine (evidence, assessment, PDF, HTML)', [
    'scan',
    '--platform',
    platform.file,
    '--out',
    out,
    '--fail-on',
    'none',
    '--quiet',
  ]);
  await measure('collect this machine', [
    'collect',
    '--platform',
    platform.file,
    '--out',
    join(folder, 'collect'),
    '--quiet',
  ]);
  await measure('report: PDF, from launch to the closed file', [
    'report',
    join(out, 'assessment.json'),
    '--format',
    'pdf',
  ]);
  await measure('report: HTML', ['report', join(out, 'assessment.json'), '--format', 'html']);
  await makeFleet(join(out, 'evidence'), join(folder, 'fleet'));
  await measure(`assess ${hosts} hosts`, [
    'assess',
    join(folder, 'fleet'),
    '--out',
    join(folder, 'fleet-out'),
    '--fail-on',
    'none',
  ]);
  endpoint.close();
  const registers = await makeRegisters(join(folder, 'registers'), dateIn(now(), 'Asia/Shanghai'));
  await measure('collect 100,000 using units, 24 months of events', [
    'collect',
    '--platform',
    registers,
    '--origin',
    'filed',
    '--out',
    join(folder, 'registers-out'),
    '--quiet',
  ]);
  await measure('assess 100,000 using units, 24 months of events', [
    'assess',
    join(folder, 'registers-out', 'evidence'),
    '--out',
    join(folder, 'registers-out'),
    '--fail-on',
    'none',
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** This machine's evidence, as if every one of a thousand hosts were like it. */
async function makeFleet(from: string, to: string): Promise<void> {
  const { observations, declaration, manifest } = await readBundle(from);
  const names = Array.from({ length: hosts }, (_, index) => `app-${String(index + 1).padStart(4, '0')}`);
  const [first] = declaration.hosts;
  const drafts = observations.flatMap(({ id: _, raw: __, ...observation }): Draft[] => {
    if (kinds[observation.kind].per === 'host') return names.map((subject) => ({ ...observation, subject }) as Draft);
    if (observation.kind !== 'platform') return [observation as Draft];
    return [
      {
        ...observation,
        observed: { ...declaration, hosts: names.map((name) => ({ ...first, name, addresses: ['127.0.0.1'] })) },
      } as Draft,
    ];
  });
  await writeBundle(to, drafts, manifest);
}

async function measure(what: string, args: readonly string[]): Promise<void> {
  const results: { seconds: number; megabytes: number }[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const result = await runOnce(args);
    // The first run warms the file cache and is not counted.
    if (run > 0) results.push(result);
  }
  const seconds = median(results.map((result) => result.seconds));
  const megabytes = median(results.map((result) => result.megabytes));
  process.stdout.write(
    `${what.padEnd(54)} ${seconds.toFixed(2).padStart(7)} s ${megabytes.toFixed(0).padStart(6)} MB peak\n`,
  );
}

async function runOnce(args: readonly string[]): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', peakHook, join(packageRoot, 'src/cli.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`leqi-audit ${args.join(' ')} ended with ${code}: ${stderr}`);
  return { seconds: (performance.now() - started) / 1000, megabytes: Number(/peak=(\d+)/.exec(stderr)?.[1]) / 1024 };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
