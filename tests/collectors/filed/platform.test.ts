import { expect, test } from 'vitest';
import { platform } from '../../../src/collectors/filed/platform.ts';
import { collected, platformOf } from './support.ts';

test('the declaration is one observation, without paths of the unit', async () => {
  const declared = platformOf('/nowhere', {
    hosts: [{ name: 'app-1', address: '127.0.0.1', logs: [{ of: 'application', path: '/srv/leqi/logs' }] }],
    endpoints: [{ address: '127.0.0.1', port: 8888, direction: 'inbound', authority: 'keys/root.pem' }],
    stores: [
      {
        name: 'orders',
        engine: 'sqlite',
        path: '/srv/leqi/orders.db',
        tables: [{ name: 'orders', holds: 'transactions', time: 'created_at' }],
      },
    ],
    documents: { folder: 'papers', items: [{ id: 'statement', title: '声明', file: 'statement.pdf' }] },
  });
  expect(platform.subjects(declared)).toEqual(['发票管理系统']);
  const value = await collected(platform, declared, '发票管理系统');
  expect(value).toMatchObject({
    name: '发票管理系统',
    unit: { name: '某某技术有限公司', creditCode: '91350100M000100Y43' },
    hosts: [{ name: 'app-1', addresses: ['127.0.0.1'] }],
    endpoints: [{ address: '127.0.0.1', port: 8888, protocol: 'https', direction: 'inbound' }],
  });
  expect(JSON.stringify(value)).not.toMatch(/srv|root\.pem|statement\.pdf|nowhere/);
});
