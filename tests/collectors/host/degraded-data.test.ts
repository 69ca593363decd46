import { check as backupCheck } from '../../../checks/data/backups.ts';
import { check as restCheck } from '../../../checks/data/encryption-at-rest.ts';
import { check as wayCheck } from '../../../checks/network/way-to-authority.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { dataHost } from './data-host.ts';
import { lines, type Scene, testScenes } from './degraded.ts';

// Outputs are made up to the scripts' forms: what matters here is what a reader makes of less than all of them.

const host = dataHost({
  data: [{ path: '/data/db', of: 'orders' }],
  backups: [{ path: '/backup', of: 'orders' }],
  connector: { config: ['/opt/leqi/app.yml'], programs: ['java'] },
});

const disks = [
  'mount:253:0\t/\t/data\txfs\t/dev/mapper/data\t\t',
  'mount:8:17\t/\t/backup\txfs\t/dev/sdb1\t\t',
  'mount:8:3\t/\t/\text4\t/dev/sda3\t\t',
  'device:sda\t8:0\t\t\t\t\tPERC H730\t',
  'device:sda3\t8:3\tsda\t\t\t\t\t',
  'device:sdb\t8:16\t\t\t\t\tPERC H730\t',
  'device:sdb1\t8:17\tsdb\t\t\t\t\t',
  'device:dm-0\t253:0\t\t sda3\tCRYPT-LUKS2-00-data\tdata\t\t',
];
const crypt = 'table:data\tcrypt\taes-xts-plain64';
const volumes = (...more: string[]) => lines('uid:0', ...disks, ...more, 'place:0\tthere\t/data/db', 'end');
const rest = (level: string, output: string, says: Verdict): Scene => ({
  check: restCheck,
  parameters: { level },
  host,
  outputs: { volumes: output },
  says,
});

const backup = (says: Verdict, ...files: string[]): Scene => ({
  check: backupCheck,
  parameters: { within: 2, least: 0.5, encrypted: true },
  host,
  outputs: {
    backups: lines('uid:0', 'now:1795352585', ...disks, crypt, 'place:0\tthere\t/backup', ...files, 'end'),
    volumes: volumes(crypt),
  },
  says,
});
const daily = [0, 1, 2, 3, 4].map((day) => `file:0\t${1795350000 - day * 86_400}\t1000`);

const way = (says: Verdict, ...more: string[]): Scene => ({
  check: wayCheck,
  parameters: { authority: ['chinatax.gov.cn'] },
  declared: { taxAuthority: ['192.52.193.80'] },
  host,
  outputs: {
    way: lines(
      'uid:0',
      'config:0\tread',
      'to:2\thttps\tlqpt.chinatax.gov.cn:8443',
      ...more,
      'config:-',
      'all-seen',
      'runs:java',
      'end-processes',
      'session:50C134C0:20FB 2',
      'end',
    ),
  },
  says,
});

testScenes({
  'data on LUKS': rest('any', volumes(crypt), 'met'),
  'data on the null cipher': rest('any', volumes('table:data\tcrypt\tcipher_null-ecb'), 'unproven'),
  'a table space on a plain disk': rest('volume', volumes(crypt, 'link:0\t/srv/ts'), 'unmet'),
  'swap on a plain disk': rest('any', volumes(crypt, 'swap:/dev/sda3\tpartition'), 'unproven'),
  'daily backups, encrypted': backup('met', ...daily, 'head:0\t-\t53616c7465645f5f'),
  'daily backups, in clear': backup('unmet', ...daily, 'head:0\t-\t1f8b08'),
  'backups that stopped': backup('unmet', ...daily.slice(3), 'head:0\t-\t53616c7465645f5f'),
  'the newest backup is short': backup(
    'unproven',
    'file:0\t1795350001\t1',
    ...daily.slice(1),
    'head:0\t-\t53616c7465645f5f',
  ),
  'HTTPS to the authority': way('met'),
  'plain HTTP to the authority': way('unmet', 'to:3\thttp\tlqpt.chinatax.gov.cn'),
  'a connector that does not verify': way('unmet', 'switch:9\t1\tsome'),
});
