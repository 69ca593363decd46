import { check as forwardingCheck } from '../../../checks/network/authority-forwarding.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { lines, type Scene, testScenes } from './degraded.ts';
import { programsPrint } from './forwards-outputs.ts';

// Outputs are made up to the scripts' forms, as in degraded.test.ts.

const nginx = (listen: string, to: string, pid = '7'): string =>
  programsPrint({
    nginx: [
      `=@ ${pid}\t/etc/nginx/nginx.conf\t`,
      '== /etc/nginx/nginx.conf',
      ' 1\thttp\t{',
      ' 2\tserver\t{',
      ` 3\tlocation\t{`,
      ` 4\tproxy_pass\t${to}\t;`,
      ' 5\t}',
      ` 6\tlisten\t${listen}\t;`,
      ' 7\t}',
      ' 8\t}',
    ],
  });
const kernel = (...rules: string[]): string =>
  lines(
    'uid:0',
    `sysctl:net/ipv4/ip_forward=${rules.length > 0 ? 1 : 0}`,
    'sysctl:net/ipv6/conf/all/forwarding=0',
    '=> addresses',
    ' eth0 10.0.0.5/24',
    ' docker0 172.17.0.1/16',
    '=<',
    'bridge:docker0 containers',
    '=> iptables-nft-save',
    ...rules.map((rule) => ` ${rule}`),
    '=<',
    'end',
  );
const entrance = 'https://lqpt.chinatax.gov.cn:8443';
const closed = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
  '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
  'COMMIT',
  '*filter',
  ':FORWARD DROP [0:0]',
  '-A FORWARD -i docker0 -j ACCEPT',
  'COMMIT',
];
const forwarding = (changes: Record<string, string>, says: Verdict): Scene => ({
  check: forwardingCheck,
  parameters: { authority: ['chinatax.gov.cn'] },
  declared: { taxAuthority: ['203.0.113.9'] },
  outputs: {
    processes: lines('uid:0', 'all-seen', 'end'),
    programs: nginx('8443', 'http://127.0.0.1:8080'),
    settings: lines('uid:0', '== /etc/hosts', ' 1:127.0.0.1 localhost', 'end'),
    kernel: kernel(),
    ...changes,
  },
  says,
});

testScenes({
  'nothing leads to the authority': forwarding({}, 'met'),
  'a way out on loopback': forwarding({ programs: nginx('127.0.0.1:8443', entrance) }, 'met'),
  'a container host that drops what is forwarded': forwarding({ kernel: kernel(...closed) }, 'met'),
  'a host that routes': forwarding({ kernel: kernel(':FORWARD ACCEPT [0:0]') }, 'unproven'),
  'nginx opens the authority': forwarding({ programs: nginx('8443', entrance) }, 'unmet'),
  'nginx that does not run would open it': forwarding({ programs: nginx('8443', entrance, '-') }, 'unproven'),
  'socat opens the authority': forwarding(
    {
      processes: lines(
        'uid:0',
        'process:7\t\tsocat\tTCP-LISTEN:8443,fork,bind=10.0.0.5\tTCP:lqpt.chinatax.gov.cn:8443',
        'all-seen',
        'end',
      ),
    },
    'unmet',
  ),
  'socat for the host itself': forwarding(
    {
      processes: lines(
        'uid:0',
        'process:7\t\tsocat\tTCP-LISTEN:8443,fork,bind=127.0.0.1\tTCP:lqpt.chinatax.gov.cn:8443',
        'all-seen',
        'end',
      ),
    },
    'met',
  ),
  'a name of the hosts file opens the authority': forwarding(
    {
      programs: nginx('8443', 'https://gate:8443'),
      settings: lines('uid:0', '== /etc/hosts', ' 1:127.0.0.1 localhost', ' 2:203.0.113.9 gate', 'end'),
    },
    'unmet',
  ),
  'translation to the authority': forwarding(
    {
      kernel: kernel(
        '*nat',
        ':PREROUTING ACCEPT [0:0]',
        '-A PREROUTING -p tcp --dport 8443 -j DNAT --to-destination 203.0.113.9:8443',
        ...closed,
      ),
    },
    'unmet',
  ),
});
