import { check } from '../../../checks/host/patch-state.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { lines, type Scene, testScenes } from './degraded.ts';

// Outputs are made up to the scripts' forms, as in degraded.test.ts.

const updates = (date: string, ...pairs: string[]): string =>
  lines(
    'packages:deb',
    `published:${date}`,
    ...pairs.map((pair) => `pair:${pair}`),
    'installed:400',
    'listed:3000',
    'end',
  );
const system = (id: string, version: string): string =>
  lines(
    'now 1772330400 +0800',
    `os:ID=${id}`,
    `os:VERSION_ID="${version}"`,
    'running:6.1.0-18-amd64',
    'upgraded:2026-01-02',
    'end',
  );
const scene = (changes: Record<string, string>, says: Verdict): Scene => ({
  check,
  parameters: { securityWithin: 30, metadataWithin: 14 },
  outputs: { system: system('debian', '12'), updates: updates('Fri, 27 Feb 2026 10:00:00 UTC'), ...changes },
  says,
});

testScenes({
  'nothing pending': scene({}, 'met'),
  'two pending, nothing upgraded for weeks': scene(
    { updates: updates('Fri, 27 Feb 2026 10:00:00 UTC', 'openssl 3.0.11-1 3.0.13-1', 'curl 7-1 7-2') },
    'unmet',
  ),
  'metadata too old': scene({ updates: updates('Sun, 01 Feb 2026 10:00:00 UTC') }, 'unproven'),
  'an end of support': scene({ system: system('centos', '7') }, 'unmet'),
});
