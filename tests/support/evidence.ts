import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Kind, Value } from '../../src/evidence/kinds.ts';
import type { Draft, Unobserved } from '../../src/evidence/observation.ts';

/** A declaration with one host, to be changed where a test needs it. */
export function declaration(changes: Partial<PlatformDeclaration> = {}): PlatformDeclaration {
  return {
    name: '示例平台',
    mode: 'joint-use',
    since: '2023-01-01',
    timeZone: 'Asia/Shanghai',
    unit: { name: '示例单位', creditCode: '91350100M000100Y43' },
    hosts: [{ name: 'app-1', addresses: ['127.0.0.1'] }],
    endpoints: [],
    stores: [],
    administrators: [],
    agents: [],
    ...changes,
  };
}

type DraftFrame = { subject?: string; at?: string; rawText?: string };

/** A draft of an observed value. */
export function observed<K extends Kind>(
  kind: K,
  value: Value<K>,
  { subject = 'app-1', at = '2026-03-01T02:00:00Z', ...rest }: DraftFrame = {},
): Draft {
  return {
    kind,
    subject,
    at,
    source: { collector: `test/${kind}`, zone: 'test', method: 'test' },
    observed: value,
    ...rest,
  } as Draft;
}

/** A draft of something that could not be observed. */
export function unobserved(
  kind: Kind,
  reason: Unobserved['reason'],
  { subject = 'app-1', at = '2026-03-01T02:00:00Z' }: DraftFrame = {},
): Draft {
  return {
    kind,
    subject,
    at,
    source: { collector: `test/${kind}`, zone: 'test', method: '-' },
    unobserved: { reason, detail: '' },
    // Of more than 25 kinds the compiler does not follow which goes with which.
  } as Draft;
}

/** The draft of a declaration. */
export function declared(changes: Partial<PlatformDeclaration> = {}): Draft {
  const value = declaration(changes);
  return observed('platform', value, { subject: value.name });
}
