import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MachineError } from '../../../src/errors.ts';
import type { Gate } from '../../../src/gate.ts';
import { findChromium } from '../../../src/reporters/pdf/chromium.ts';
import { makeWorkplace, startPlans } from '../../../src/reporters/pdf/sandbox.ts';
import { closedGate } from '../gate.ts';

/** A gate whose programs succeed or fail as the last words of their command line say. */
function gateWhere(succeeds: (program: string) => boolean): Gate {
  return {
    ...closedGate(),
    run: async (_, args) => {
      const program = args.find((arg) => /^\/usr\/bin\/(true|test)$/.test(arg)) ?? '';
      return {
        status: succeeds(program) ? 0 : 1,
        stdout: Buffer.alloc(0),
        stderr: '',
        truncated: false,
        timedOut: false,
      };
    },
  };
}

const isRoot = process.getuid?.() === 0;

test('root’s browser becomes nobody without a network, where the machine allows it', async () => {
  const [first, second] = await startPlans(
    gateWhere(() => true),
    true,
  );
  expect(first?.prefix.join(' ')).toMatch(/^\/usr\/bin\/unshare -n -- \/usr\/bin\/setpriv --reuid=65534 /);
  expect(first?.flags).toEqual([]);
  expect(first?.notes).toEqual([]);
  expect(second?.flags).toEqual(['--no-sandbox']);
});

test('where it does not, the browser runs without its sandbox, and the user is told', async () => {
  const plans = await startPlans(
    gateWhere(() => false),
    true,
  );
  expect(plans.map((plan) => plan.flags)).toEqual([['--no-sandbox']]);
  expect(plans[0]?.notes[0]?.zh).toContain('无沙箱');
});

test('an ordinary user’s browser has its own sandbox first', async () => {
  const plans = await startPlans(
    gateWhere(() => false),
    false,
  );
  expect(plans.map((plan) => plan.flags)).toEqual([[], ['--no-sandbox']]);
});

test.runIf(isRoot)('fonts that nobody cannot read are copied; the folder is nobody’s, and goes away', async () => {
  const gate = gateWhere((program) => program === '/usr/bin/true');
  const [plan] = await startPlans(gate, true);
  if (!plan) throw new Error('no plan');
  const workplace = await makeWorkplace(gate, plan);
  const config = await readFile(workplace.fontConfig, 'utf8');
  expect(config).toContain(`<dir>${workplace.folder}/fonts</dir>`);
  expect((await stat(workplace.folder)).uid).toBe(65_534);
  await workplace[Symbol.asyncDispose]();
  expect(existsSync(workplace.folder)).toBe(false);
});

test('LEQI_CHROMIUM names the browser, else the path is searched', async () => {
  expect(await findChromium({ LEQI_CHROMIUM: process.execPath })).toBe(process.execPath);
  expect(await findChromium({ PATH: '/usr/bin' })).toBe('/usr/bin/chromium');
  await expect(findChromium({ LEQI_CHROMIUM: '/nowhere/chromium' })).rejects.toThrow(MachineError);
});
