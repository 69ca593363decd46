import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { examineLocal } from '../../../src/collectors/transports/local.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { localHost } from '../host/local-host.ts';
import { command } from './host-scripts.ts';

const gate = createGate(createScope([], []), () => new Date());
const never = new AbortController().signal;

describe('this machine', () => {
  test('is asked by the same script as any other', async () => {
    const { results, lost, facts } = await examineLocal(gate, localHost(), [command('hello', 'echo hello')], {
      seconds: 20,
      signal: never,
    });
    expect(lost).toBeUndefined();
    expect(facts?.host).toBe('app-1');
    expect(results.get('hello')?.stdout).toBe('hello\n');
  });

  test.each([
    ['the user interrupts', { seconds: 60, after: 1500 }, 'interrupted'],
    ['its time is up', { seconds: 1.5, after: 60_000 }, 'timed-out'],
  ])('keeps what was done when %s, and leaves nothing running', async (_, { seconds, after }, reason) => {
    const mark = `4${process.pid}${Math.floor(performance.now())}`;
    const commands = [
      command('hello', 'echo hello'),
      command('hangs', `echo part of it; sleep ${mark} & (sleep ${mark}; :)`, { timeout: 60 }),
      command('after', ':'),
    ];
    const examined = await examineLocal(gate, localHost(), commands, { seconds, signal: AbortSignal.timeout(after) });
    expect(examined.lost?.reason).toBe(reason);
    expect([...examined.results.keys()]).toEqual(['hello']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const left = readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`sleep\0${mark}`);
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  });

  test('is not asked after an interrupt', async () => {
    const { results, lost } = await examineLocal(gate, localHost(), [command('hello', ':')], {
      seconds: 9,
      signal: AbortSignal.abort(),
    });
    expect(results.size).toBe(0);
    expect(lost?.reason).toBe('interrupted');
  });
});
