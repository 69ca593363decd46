import type { Tools } from '../../src/collectors/collector.ts';
import { createGate } from '../../src/gate.ts';
import { declaredTargets, namesAskedBy, type Platform, platformSchema } from '../../src/platform.ts';
import { createScope } from '../../src/scope.ts';
import { noSecrets } from '../../src/secrets.ts';

/** A platform file that says just this. */
export function platformOf(file: object, folder = '/nonexistent'): Platform {
  const usual = {
    profile: 'natural-system-security',
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    platform: { name: '示例直连平台', mode: 'joint-use', since: '2023-01-01' },
  };
  return { ...platformSchema.parse({ ...usual, ...file }), folder };
}

/** What a direct collector is handed when that platform is collected from, guard and all. */
export function toolsFor(platform: Platform, signal = new AbortController().signal, secrets = noSecrets): Tools {
  const now = () => new Date();
  return {
    platform,
    gate: createGate(createScope(declaredTargets(platform), platform.taxAuthority), now, namesAskedBy(platform)),
    signal,
    now,
    secrets,
    relaysKnown: true,
  };
}
