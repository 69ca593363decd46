import { centralLogs } from '../../src/collectors/network/central-logs.ts';
import { type CentralLogs, centralLogs as kind } from '../../src/evidence/network/central-logs.ts';
import { createGate, type Gate } from '../../src/gate.ts';
import { declaredTargets, type Platform, platformSchema } from '../../src/platform.ts';
import { createScope } from '../../src/scope.ts';

/** A platform with one central store, as of noon on 22 November 2026 in Shanghai. */
export function platformWith(store: object, more: object = {}): Platform {
  const file = platformSchema.parse({
    profile: 'self-use',
    unit: { name: '单位', creditCode: 'x' },
    platform: { name: '平台', mode: 'self-use', since: '2025-06-01' },
    hosts: [{ name: 'app-1', address: '127.0.0.1' }],
    logStores: [{ name: 'central', of: 'application', ...store }],
    ...more,
  });
  return { ...file, folder: '/' };
}

export const noon = new Date('2026-11-22T04:00:00Z');

/** A gate to what a platform declares, and nothing else. */
export function gateTo(platform: Platform): Gate {
  return createGate(createScope(declaredTargets(platform), platform.taxAuthority), () => noon);
}

/** Reads the store of a platform; environment variables are those given. */
export async function readStore(
  platform: Platform,
  environment: Readonly<Record<string, string>> = {},
  gate = gateTo(platform),
): Promise<{ value: CentralLogs; method: string }> {
  if (centralLogs.by !== 'calls') throw new Error('it is collected by calls');
  const { value, method } = await centralLogs.collect('central', {
    platform,
    gate,
    signal: new AbortController().signal,
    now: () => noon,
    secrets: async ({ env = '' }) => environment[env],
  });
  return { value: kind.value.parse(value), method };
}
