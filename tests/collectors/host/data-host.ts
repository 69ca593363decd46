import { type DeclaredHost, platformSchema } from '../../../src/platform.ts';

/** A host of the platform file with what it declares of its data, backups and connector. */
export function dataHost(fields: object): DeclaredHost {
  const { hosts } = platformSchema.parse({
    profile: 'self-use',
    unit: { name: '示例公司', creditCode: '91370200MA00000000' },
    platform: { name: '乐企直连平台', mode: 'self-use', since: '2025-01-01' },
    hosts: [{ name: 'app-1', address: '127.0.0.1', ...fields }],
  });
  const [host] = hosts;
  if (!host) throw new Error('the platform file declares a host');
  return host;
}
