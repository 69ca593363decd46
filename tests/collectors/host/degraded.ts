import { describe, expect, test } from 'vitest';
import type { Check, Evidence, Outcome } from '../../../checks/check.ts';
import { fold, type Verdict } from '../../../src/assessment/verdict.ts';
import { type CommandResult, type HostCollector, Unavailable } from '../../../src/collectors/collector.ts';
import { collectors } from '../../../src/collectors/index.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { type Kind, kinds } from '../../../src/evidence/kinds.ts';
import type { Seen } from '../../../src/evidence/observation.ts';
import type { DeclaredHost } from '../../../src/platform.ts';
import { declaration } from '../../support/declaration.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

type Outputs = Record<string, string | Partial<CommandResult>>;

/** What a host printed, what a check must make of it. */
export type Scene = {
  check: Check;
  parameters: Record<string, unknown>;
  outputs: Record<string, string>;
  declared?: Partial<PlatformDeclaration>;
  /** The host as the platform file declares it, where that matters. */
  host?: DeclaredHost;
  says: Verdict;
};

export const today = '2026-03-01';

export const lines = (...each: string[]): string => `${each.join('\n')}\n`;

function verdictOf({ check, parameters, declared = {}, host = localHost() }: Scene, outputs: Outputs): Verdict {
  const given: Partial<Record<Kind, Seen<unknown>[]>> = {};
  const gaps: Outcome[] = [];
  for (const kind of check.reads) {
    if (kind === 'platform') {
      const value = declaration({ hosts: [{ name: 'app-1', addresses: ['127.0.0.1'] }], ...declared });
      given.platform = [seenAs(value)];
      continue;
    }
    given[kind] = [];
    if (kinds[kind].origin !== 'host') continue;
    try {
      given[kind] = [seenAs(kinds[kind].value.parse(collectorOf(kind).read(transcript(outputs), host)))];
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      // What could decide in place of something else is asked for only where that leaves it open, as in an assessment.
      if (!check.alternatives.includes(kind)) gaps.push('unproven');
    }
  }
  const findings = check.judge(given as Evidence<Kind>, check.parameters.parse(parameters), today);
  return fold([...findings.map((finding) => finding.outcome), ...gaps], false);
}

function collectorOf(kind: Kind): HostCollector {
  const found = collectors.find((each) => each.kind === kind);
  if (found?.by !== 'commands') throw new Error(`${kind} is not asked by commands`);
  return found;
}

function seenAs(value: unknown): Seen<unknown> {
  return { id: 'E-0000000000', subject: 'app-1', at: '2026-03-01T02:00:00Z', on: today, zone: 'test', value };
}

/** What else a command may leave: each cut to many lengths, by a limit, by time or by a signal; refused; failed. */
function* worse(stdout: string): Generator<[string, Partial<CommandResult>]> {
  const step = Math.max(1, Math.floor(stdout.length / 50));
  for (let length = 0; length < stdout.length; length += length < 80 || stdout.length - length < 40 ? 1 : step) {
    const part = stdout.slice(0, length);
    const shown = JSON.stringify(part.slice(-30));
    yield [`cut by its limit after ${shown}`, { stdout: part, truncated: true, status: undefined }];
    yield [`out of time after ${shown}`, { stdout: part, timedOut: true, status: undefined }];
    if (length < stdout.length - 1) yield [`killed after ${shown}`, { stdout: part, status: undefined }];
  }
  yield ['cut at its very end', { stdout, truncated: true, status: undefined }];
  yield ['missing', { stdout: '', status: 127, stderr: 'sh: not found' }];
  yield ['refused by sudo', { stdout: '', status: 1, stderr: 'sudo: a password is required' }];
  yield ['without root', { stdout, withoutRoot: true }];
}

/** Holds every scene to it: as it is it comes out as it says; with less of an output it is the same or unproven. */
export function testScenes(scenes: Readonly<Record<string, Scene>>): void {
  describe.each(Object.entries(scenes))('%s', (_, scene) => {
    test(`as it is: ${scene.says}`, () => {
      expect(verdictOf(scene, scene.outputs)).toBe(scene.says);
    });

    // Less evidence may leave it open; it must never make it better, nor worse.
    test.each(Object.keys(scene.outputs))('with less of %s it is the same or unproven', (name) => {
      const wrong: string[] = [];
      for (const [what, result] of worse(scene.outputs[name] ?? '')) {
        const verdict = verdictOf(scene, { ...scene.outputs, [name]: result });
        if (verdict !== scene.says && verdict !== 'unproven') wrong.push(`${verdict}: ${what}`);
      }
      expect(wrong).toEqual([]);
    });
  });
}
