import { check } from '../../../checks/logs/audit-record-fields.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { platformOf } from '../../support/tools.ts';
import { lines, type Scene, testScenes } from './degraded.ts';

// Outputs are made up to the script's form, as in degraded.test.ts.

const [host] = platformOf({
  hosts: [
    {
      name: 'app-1',
      address: '127.0.0.1',
      logs: [
        { of: 'application', path: '/opt/app/audit.log', records: { fields: { result: 'result' } } },
        { of: 'application', path: '/opt/app/logs' },
      ],
    },
  ],
}).hosts;
if (!host) throw new Error('a host is declared');

const scene = (says: Verdict, ...facts: string[]): Scene => ({
  check,
  parameters: { records: 20, unreadable: 0.01 },
  host,
  outputs: { records: lines('now 1772330400 +0800', 'log 0', ...facts, 'done') },
  says,
});
const newest = ['file 1772330400 9000 /opt/app/audit.log', 'format json', 'mask 111111 60', 'unread 0'];

testScenes({
  'two files of whole records': scene(
    'met',
    ...newest,
    'file 1762330400 9000 /opt/app/audit.log.1',
    'format json',
    'mask 111111 40',
    'unread 0',
  ),
  'older records lack the result': scene(
    'unmet',
    ...newest,
    'file 1762330400 9000 /opt/app/audit.log.1',
    'format json',
    'mask 111111 3',
    'mask 11111e 40',
    'unread 0',
  ),
  'a closed folder': scene('unproven', ...newest, 'log 1', 'closed /opt/app/logs'),
});
