import { expect, test } from 'vitest';
import { runNmap, runNmapServices } from '../../../src/collectors/transports/nmap.ts';
import { createGate, type Gate, type ProcessResult } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';

const done: ProcessResult = { status: 0, stdout: Buffer.alloc(0), stderr: '', truncated: false, timedOut: false };

const good =
  Buffer.from(`<?xml version="1.0"?><nmaprun><scaninfo type="connect" protocol="tcp" numservices="1" services="443"/>
<host><ports><port protocol="tcp" portid="443"><state state="closed" reason="conn-refused"/></port></ports></host>
<runstats><finished exit="success"/></runstats></nmaprun>`);

function scanWith(
  answer: (args: readonly string[]) => Partial<ProcessResult>,
  { host = '127.0.0.1', rate = 100 } = {},
) {
  const calls: { args: readonly string[]; timeout: number }[] = [];
  const gate: Gate = {
    ...createGate(createScope([host], []), () => new Date()),
    run: async (_, args, { timeout, onOutput }) => {
      calls.push({ args, timeout });
      const result = { ...done, ...answer(args) };
      onOutput?.(result.stdout);
      return result;
    },
  };
  const progress: [number, number][] = [];
  const onProgress = (percent: number, left: number) => void progress.push([percent, left]);
  const scan = runNmap({ gate, host, ports: '443', rate, signal: new AbortController().signal, onProgress });
  return { scan, calls, progress, gate };
}

test('root without raw sockets scans with full connections', async () => {
  const { scan, calls } = scanWith((args) =>
    args.includes('-sT')
      ? { stdout: good }
      : { status: 1, stderr: "Couldn't open a raw socket. Error: Operation not permitted (1)\nQUITTING!\n" },
  );
  expect(await scan).toMatchObject({ method: 'nmap -sT', result: { closed: '443' } });
  expect(calls.at(-1)?.args).toContain('-sT');
});

test('the address family, the rates and the time limit follow the question', async () => {
  const { scan, calls } = scanWith(() => ({ stdout: good }), { host: '::1', rate: 2 });
  await scan;
  const [call] = calls;
  expect(call?.args.join(' ')).toMatch(
    /^-6 -n -Pn -s[ST] -p 443 --max-rate 2 --min-rate 2 --max-retries 3 --stats-every 5s -oX - ::1$/,
  );
  expect(call?.timeout).toBe(64);
});

test('its progress is told', async () => {
  const word =
    '<taskprogress task="SYN Stealth Scan" time="1795349055" percent="15.12" remaining="6" etc="1795349061"/>';
  const stdout = Buffer.from(good.toString().replace('<host>', `${word}<host>`));
  const { scan, progress } = scanWith(() => ({ stdout }));
  await scan;
  expect(progress).toEqual([[15.12, 6]]);
});

test('open ports are asked without scripts that speak, and what nobody knows is not kept', async () => {
  const unknown = `<service name="unknown" servicefp="SF-Port443:secret"/><script id="fingerprint-strings" output="secret"><elem>secret</elem></script>`;
  const xml = good.toString().replace('closed', 'open').replace('</port>', `${unknown}</port>`);
  const { gate, calls } = scanWith(() => ({ stdout: Buffer.from(xml) }));
  const found = await runNmapServices({ gate, host: '127.0.0.1', ports: '443', signal: new AbortController().signal });
  expect(calls.at(-1)?.args.join(' ')).toMatch(/^-n -Pn -sT -sV --version-light -p 443 --stats-every 5s -oX - 127/);
  expect(found.names.get(443)).toEqual({});
  expect(found.xml).toContain('portid="443"');
  expect(found.xml).not.toContain('secret');
});

test.each<[string, Partial<ProcessResult>, string]>([
  ['out of time', { status: undefined, timedOut: true }, 'timed-out'],
  ['too much output', { status: undefined, truncated: true }, 'too-large'],
  ['an error', { status: 1, stderr: 'Ports specified must be between 0 and 65535 inclusive' }, 'failed'],
  ['killed', { status: undefined }, 'failed'],
  ['no output', {}, 'unparsable'],
])('%s proves nothing', async (_, result, reason) => {
  await expect(scanWith(() => result).scan).rejects.toMatchObject({ reason });
});
