import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';

type Endpoint = PlatformDeclaration['endpoints'][number];

/** What a unit declares, for the tables of checks. */
export function declaration(value: Partial<PlatformDeclaration> = {}): PlatformDeclaration {
  return {
    name: '示例直连平台',
    mode: 'joint-use',
    since: '2023-01-01',
    timeZone: 'Asia/Shanghai',
    unit: { name: '示例科技有限公司', creditCode: '91370200MA3C00000X' },
    hosts: [],
    endpoints: [],
    stores: [],
    administrators: [],
    agents: [],
    ...value,
  };
}

/** A declared endpoint; inbound, in production, unless it says otherwise. */
export function endpoint(value: Partial<Endpoint> = {}): Endpoint {
  return {
    address: '203.0.113.10',
    port: 443,
    protocol: 'https',
    environment: 'production',
    direction: 'inbound',
    ...value,
  };
}
