import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forwards } from '../../../src/collectors/host/forwards.ts';
import { runLocal } from '../../../src/collectors/transports/local.ts';
import type { Forward, Forwards } from '../../../src/evidence/host/forwards.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { createGate } from '../../../src/gate.ts';
import { createScope } from '../../../src/scope.ts';
import { transcript } from '../../support/transcripts.ts';
import { programsPrint } from './forwards-outputs.ts';
import { localHost } from './local-host.ts';

type Outputs = Parameters<typeof transcript>[0];

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const printed = (...each: string[]): string => lines('uid:0', ...each, 'end');

const quiet: Record<string, string> = {
  ...Object.fromEntries(forwards.ask(localHost()).map(({ name }) => [name, printed()])),
  processes: printed('all-seen'),
  programs: programsPrint({}),
  kernel: printed('sysctl:net/ipv4/ip_forward=0', 'sysctl:net/ipv6/conf/all/forwarding=0'),
};

const read = (outputs: Outputs): Forwards =>
  kinds.forwards.value.parse(forwards.read(transcript({ ...quiet, ...outputs }), localHost()));

const running = (...words: string[]): Forwards =>
  read({ processes: printed('all-seen', `process:7\t\t${words.join('\t')}\t`) });

const brief = ({ kind, listens, to, unresolved }: Forward): string => {
  const say = (list: Forward['to']) => list.map(({ host, port }) => (port ? `${host}:${port}` : host)).join(',');
  return `${kind} ${say(listens)} > ${say(to)}${unresolved.length > 0 ? ` ? ${unresolved.join(' ')}` : ''}`;
};

test('a host on which nothing forwards', () => {
  expect(read({})).toEqual({ forwards: [], routes: [], own: [], aliases: [], sshForwarding: 'absent', unread: [] });
});

// Arguments as the manual pages give them.
describe('arguments of programs', () => {
  test.each([
    ['socat TCP4-LISTEN:8443,fork OPENSSL:h.invalid:443,verify=0', 'relay any:8443 > h.invalid:443'],
    ['socat tcp-l:8443,bind=[::1],fork tcp:h.invalid:443', 'relay ::1:8443 > h.invalid:443'],
    ['socat TCP-LISTEN:1,range=127.0.0.0/8 TCP:h.invalid:2', 'relay localhost:1 > h.invalid:2'],
    ['socat UNIX-LISTEN:/run/x,fork TCP:h.invalid:2', 'relay unix:/run/x > h.invalid:2'],
    ['socat TCP-LISTEN:1,fork SOCKS4A:p.invalid:h.invalid:443,socksport=1080', 'relay any:1 > p.invalid,h.invalid:443'],
    ['socat -d TUN:10.1.1.1/24,up TCP:h.invalid:2', 'relay any > h.invalid:2'],
    ['socat TCP-LISTEN:1 SYSTEM:nc', 'relay any:1 >  ? TCP-LISTEN:1 SYSTEM:nc'],
    ['ncat -lk 8443 -c nc', 'relay any:8443 >  ? -lk 8443 -c nc'],
    ['ncat --listen 127.0.0.1 3128 --proxy-type http', 'proxy 127.0.0.1:3128 > '],
    ['nc h.invalid 8443', 'relay  > h.invalid:8443'],
    ['redir --laddr=10.0.0.5 --lport=1 --caddr=h.invalid --cport=2', 'relay 10.0.0.5:1 > h.invalid:2'],
    ['redir 10.0.0.5:1 h.invalid:2', 'relay 10.0.0.5:1 > h.invalid:2'],
    ['ssh -NL 1:h.invalid:2 u@j.invalid', 'relay localhost:1 > h.invalid:2'],
    ['ssh -gL1:h.invalid:2 j.invalid', 'relay any:1 > h.invalid:2'],
    ['ssh -L :1:h.invalid:2 j.invalid', 'relay any:1 > h.invalid:2'],
    ['ssh -L [fd00::5]:1:[fd00::9]:2 j.invalid', 'relay fd00::5:1 > fd00::9:2'],
    ['ssh -oLocalForward=0.0.0.0:1\u00a0h.invalid:2 j', 'relay any:1 > h.invalid:2'],
    ['autossh -M 0 -fN -R 1:h.invalid:2 j.invalid', 'relay remote:1 > h.invalid:2'],
    ['ssh -R 1080 j.invalid', 'proxy remote:1080 > '],
    ['ssh -fND 0.0.0.0:1080 j.invalid', 'proxy any:1080 > '],
    ['ssh -w 0:0 j.invalid', 'unknown  > '],
    ['dbclient -L 1:h.invalid:2 j.invalid', 'relay localhost:1 > h.invalid:2'],
    [
      'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 443 -container-ip 172.17.0.2 -container-port 8443',
      'relay any:443 > 172.17.0.2:8443',
    ],
    ['systemd-socket-proxyd --connections-max=9 h.invalid:8443', 'relay  > h.invalid:8443'],
    ['frpc', 'unknown  > '],
  ])('%s', (command, expected) => {
    const words = command.split(' ').map((word) => word.replace(/\u00a0/g, ' '));
    expect(running(...words).forwards.map(brief)).toEqual([expected]);
  });

  test.each(['ssh j.invalid', 'ssh -p 22 u@j.invalid rm -L x', 'nc -l 8443', 'nginx', 'socat - -'])(
    '%s forwards nothing that its arguments say',
    (command) => {
      expect(running(...command.split(' ')).forwards).toEqual([]);
    },
  );
});

describe('settings', () => {
  test('a socket proxy of systemd listens where its socket says', () => {
    const { forwards: found } = read({
      processes: printed('all-seen', 'process:7\t\tsystemd-socket-proxyd\th.invalid:8443'),
      settings: printed(
        '== /etc/systemd/system/p.service',
        ' 4:ExecStart=/usr/lib/systemd/systemd-socket-proxyd --exit-idle-time=9 h.invalid:8443',
        '== /etc/systemd/system/p.socket',
        ' 2:ListenStream=8443',
      ),
    });
    expect(found.map(brief)).toEqual(['relay any:8443 > h.invalid:8443']);
  });

  test('forwards of the ssh client’s settings are known, not known to be in force', () => {
    const { forwards: found, sshForwarding } = read({
      settings: printed(
        '== /root/.ssh/config',
        ' 2:  LocalForward 8443 h.invalid:8443',
        ' 3:  DynamicForward=0.0.0.0:1080',
        ' 4:  Tunnel no',
        '== /etc/ssh/sshd_config',
        ' 9:AllowTcpForwarding no',
      ),
    });
    expect(found.map((each) => [brief(each), each.running])).toEqual([
      ['relay localhost:8443 > h.invalid:8443', false],
      ['proxy any:1080 > ', false],
    ]);
    expect(sshForwarding).toBe('no');
  });

  test.each([
    [['12:AllowTcpForwarding local'], 'local'],
    [['12:#AllowTcpForwarding no'], 'yes'],
    [['12:AllowTcpForwarding yes', '13:Match User x', '14:AllowTcpForwarding no'], 'unknown'],
    [['12:DisableForwarding yes'], 'no'],
  ])('%s', (text, expected) => {
    const settings = printed('== /etc/ssh/sshd_config', ...text.map((line) => ` ${line}`));
    expect(read({ settings }).sshForwarding).toBe(expected);
  });
});

// Reconstructed from the documentation of each program.
describe('programs that no test runs', () => {
  const reduced = (...text: string[]): string[] => ['=@ 7\t/etc/x\t\t', '== /etc/x', ...text.map((line) => ` ${line}`)];

  test('Envoy', () => {
    const own = [
      '1\tlisteners',
      '2\taddress\t0.0.0.0',
      '3\tport_value\t8443',
      '4\tclusters',
      '5\taddress\th.invalid',
      '6\tport_value\t443',
    ];
    expect(read({ programs: programsPrint({ envoy: reduced(...own) }) }).forwards.map(brief)).toEqual([
      'relay any:8443 > h.invalid:443',
    ]);
    const dynamic = read({
      programs: programsPrint({ envoy: reduced('1\tdynamic_resources', '2\tlds_config') }),
    }).forwards.map(brief);
    expect(dynamic).toEqual(['relay  >  ? dynamic_resources lds_config']);
    expect(read({ programs: programsPrint({ envoy: reduced('1\tadmin') }) }).unread).toEqual([]);
    expect(read({ programs: programsPrint({ envoy: reduced() }) }).unread).toHaveLength(1);
  });

  test('xinetd', () => {
    const service = ['1\tservice\tx', '2\tport\t8443', '3\tredirect\th.invalid\t443', '4\tbind\t10.0.0.5'];
    expect(read({ programs: programsPrint({ xinetd: reduced(...service) }) }).forwards.map(brief)).toEqual([
      'relay 10.0.0.5:8443 > h.invalid:443',
    ]);
    expect(read({ programs: programsPrint({ xinetd: reduced(...service, '5\tdisable\tyes') }) }).forwards).toEqual([]);
  });

  test('IPVS', () => {
    const table = [
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
      'TCP  0A000005:20FB rr ',
      '  -> CB007109:20FB      Masq    1      0          0         ',
    ];
    const found = read({ kernel: printed('=> ip_vs', ...table.map((line) => ` ${line}`), '=<') }).forwards;
    expect(found.map(brief)).toEqual(['relay 10.0.0.5:8443 > 203.0.113.9:8443']);
  });

  test('connections that the SSH service holds for others', () => {
    const kernel = printed(
      '=> ssh-listens',
      ' 0.0.0.0:22',
      ' [::]:22',
      '=<',
      '=> ssh-connections',
      ' 10.0.0.5:22 10.0.0.9:50000',
      ' 10.0.0.5:41000 203.0.113.9:8443',
      ' [fd00::5%eth0]:41001 [fd00::9]:8443',
      '=<',
    );
    expect(read({ kernel }).forwards.map(brief)).toEqual([
      'relay remote > 203.0.113.9:8443',
      'relay remote > fd00::9:8443',
    ]);
  });
});

describe('who is let in', () => {
  const nginx = (...access: string[]): Forward['from'] => {
    const server = ['2\tserver\t{', '3\tlisten\t443\t;', ...access, '4\tproxy_pass\thttp://h.invalid\t;', '5\t}'];
    const text = ['=@ 7\t/x\t\t', '== /x', ...['1\thttp\t{', ...server, '6\t}'].map((line) => ` ${line}`)];
    return read({ programs: programsPrint({ nginx: text }) }).forwards[0]?.from;
  };

  test.each([
    [['1\tallow\t127.0.0.1\t;', '2\tdeny\tall\t;'], ['127.0.0.1']],
    [['1\tdeny\tall\t;', '2\tallow\t10.0.0.0/8\t;'], []],
    [['1\tallow\t127.0.0.1\t;'], undefined],
    [['1\tallow\t127.0.0.1\t;', '2\tallow\tall\t;', '3\tdeny\tall\t;'], undefined],
    [['1\tallow\t127.0.0.1\t;', '2\tdeny\tall\t;', '3\tsatisfy\tany\t;'], undefined],
    [['1\tallow\t127.0.0.1\t;', '2\tdeny\tall\t;', '3\tset_real_ip_from\t0.0.0.0/0\t;'], undefined],
  ])('nginx: %s', (access, expected) => {
    expect(nginx(...access)).toEqual(expected);
  });

  test('Apache: where only some are let in, nobody can tell who', () => {
    const apache = (...block: string[]): Forward[] => {
      const text = ['1\tListen\t443', '2\tProxyPass\t/x\thttp://h.invalid', ...block];
      return read({ programs: programsPrint({ apache: ['=@ 7\t/x\t\t', '== /x', ...text.map((line) => ` ${line}`)] }) })
        .forwards;
    };
    expect(apache('3\t<Location\t/x>', '4\tRequire\tip', '5\t</Location>').map(brief)).toEqual([
      'relay  > h.invalid:80',
    ]);
    const status = ['3\t<Location\t/s>', '4\tSetHandler\tserver-status', '5\tRequire\tlocal', '6\t</Location>'];
    expect(apache(...status).map(brief)).toEqual(['relay any:443 > h.invalid:80']);
  });
});

describe('rules', () => {
  const kernel = (tool: string, ...rules: string[]): Forwards =>
    read({
      kernel: printed(
        'sysctl:net/ipv4/ip_forward=1',
        'sysctl:net/ipv6/conf/all/forwarding=0',
        `=> ${tool}`,
        ...rules.map((rule) => ` ${rule}`),
        '=<',
      ),
    });
  const nat = (...rules: string[]): Forwards =>
    kernel('iptables-legacy-save', '*nat', ':PREROUTING ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ...rules);
  const table = (hook: string, ...rules: string[]): Forwards =>
    kernel(
      'nft',
      'table inet t {',
      ' chain c {',
      `  type nat hook ${hook} priority 0; policy accept;`,
      ...rules,
      ' }',
      '}',
    );

  test.each([
    [
      '-A PREROUTING -p tcp -m comment --comment "a -j DROP \\" b" -j DNAT --to-destination 203.0.113.9',
      'relay any > 203.0.113.9',
    ],
    [
      '-A PREROUTING -p tcp -m tcp --dport 1:9 -j DNAT --to-destination 203.0.113.9:8443-8450',
      'relay any:1-9 > 203.0.113.9:8443-8450',
    ],
    ['-A PREROUTING -d 10.0.0.5/32 -j NETMAP --to 203.0.113.0/24', 'relay 10.0.0.5 >  ? 203.0.113.0/24'],
    ['-A PREROUTING -i lo -j REDIRECT', 'relay localhost > localhost'],
    ['-A GONE -p tcp -j DNAT --to-destination 203.0.113.9', 'relay any > 203.0.113.9'],
  ])('%s', (rule, expected) => {
    expect(nat(rule).forwards.map(brief)).toEqual([expected]);
  });

  test('a chain that nothing leads to is not in force', () => {
    expect(nat('-A GONE -p tcp -j DNAT --to-destination 203.0.113.9').forwards[0]?.running).toBe(false);
  });

  test.each([
    ['tcp dport { 80, 443 } counter packets 1 bytes 2 dnat ip to 203.0.113.9', 'relay any:80,any:443 > 203.0.113.9'],
    ['dnat ip to tcp dport map { 80 : 203.0.113.9 }', 'relay any >  ? tcp dport map { 80 : 203.0.113.9 }'],
    ['tcp dport 443 redirect to :8443', 'relay any:443 > localhost:8443'],
    ['ip6 daddr fd00::5 tcp dport 443 dnat ip6 to [fd00::9]:8443', 'relay fd00::5:443 > fd00::9:8443'],
  ])('%s', (rule, expected) => {
    expect(table('prerouting', rule).forwards.map(brief)).toEqual([expected]);
  });

  test('what nft has no words for is unread', () => {
    expect(table('prerouting', 'meta l4proto tcp xt target "DNAT"').unread).toHaveLength(1);
  });

  test('sets of verdicts: answers alone let nothing new through', () => {
    const filter = (rule: string): Forwards['routes'] =>
      kernel(
        'nft',
        'table inet f {',
        'chain f {',
        'type filter hook forward priority filter; policy drop;',
        rule,
        '}',
        '}',
      ).routes;
    expect(filter('ct state vmap { established : accept, related : accept, invalid : drop }')).toEqual([]);
    expect(filter('ct state { established, related } accept')).toEqual([]);
    expect(filter('ct state vmap { new : accept, established : accept }')).toHaveLength(1);
    expect(filter('ip daddr vmap @allowed')).toHaveLength(1);
  });

  test('a tool that failed is unread', () => {
    const { unread } = read({
      kernel: printed('=! nft', ' Error: Could not process rule: Operation not permitted', '=<'),
    });
    expect(unread).toEqual([{ part: 'nft: Error: Could not process rule: Operation not permitted', why: 'unclear' }]);
  });
});

describe('hostile output', () => {
  test('binary garbage everywhere is never read as a clean host', () => {
    const garbage = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 131) % 256)).toString('utf8');
    const outputs = Object.fromEntries(Object.keys(quiet).map((name) => [name, `uid:0\n${garbage}`]));
    expect(read(outputs).unread.length).toBeGreaterThanOrEqual(Object.keys(quiet).length);
  });

  test('a program of which nothing was printed is unread', () => {
    expect(read({ programs: printed('=% nginx') }).unread).toContainEqual({ part: 'squid', why: 'incomplete' });
  });

  test('more forwards than are kept, long words and control characters', () => {
    const many = Array.from(
      { length: 3000 },
      (_, index) => `process:${index}\t\tsocat\tTCP-LISTEN:1\tTCP:\u001b[31m${'x'.repeat(5000)}:${index}`,
    );
    const { forwards: found, unread } = read({ processes: printed('all-seen', ...many) });
    expect(found).toHaveLength(1000);
    expect(unread).toContainEqual({ part: '…', why: 'too-many' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(JSON.stringify(found)).not.toMatch(/\u001b|\\u001b|x{300}/);
  });

  test.each([
    '(a'.repeat(100),
    '$'.repeat(200),
    '${'.repeat(100),
    ':'.repeat(200),
    '['.repeat(200),
    `${'1:'.repeat(99)}1`,
  ])('a destination %s costs no time', (text) => {
    const before = performance.now();
    const statements = [' 1\thttp\t{', ' 2\tserver\t{', ` 3\tproxy_pass\thttp://${text}\t;`, ' 4\t}', ' 5\t}'];
    const found = read({ programs: programsPrint({ nginx: ['=@ 7\t/x\t\t', '== /x', ...statements] }) });
    expect(found.forwards).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('a variable of a hundred values, each of a hundred values', () => {
    const sets = Array.from({ length: 100 }, (_, index) => ` ${index}\tset\t$a\t$b$a${index}\t;`);
    const found = read({
      programs: programsPrint({
        nginx: ['=@ 7\t/x\t\t', '== /x', ' 1\tserver\t{', ...sets, ' 3\tproxy_pass\thttp://$a\t;', ' 4\t}'],
      }),
    });
    expect(found.forwards[0]?.unresolved.length).toBeGreaterThan(0);
  });

  test('without root each part is unread', () => {
    const outputs = Object.fromEntries(
      Object.entries(quiet).map(([name, stdout]) => [
        name,
        { stdout: stdout.replace('uid:0', 'uid:1000'), withoutRoot: true },
      ]),
    );
    expect(read(outputs).unread).toHaveLength(Object.keys(quiet).length);
  });
});

test('on this machine: no contact, the value fits its schema, no command writes', async () => {
  const gate = createGate(createScope([], []), () => new Date());
  const host = localHost();
  const results = await runLocal(gate, host, forwards.ask(host), AbortSignal.timeout(120_000));
  expect(gate.contacts()).toEqual([]);
  const found = read(Object.fromEntries(results));
  expect(found.unread.filter(({ why }) => why === 'incomplete')).toEqual([]);
  for (const { script } of forwards.ask(host))
    expect(script).not.toMatch(/<<|\bsudo -|nginx -[tT]|>\s*\/(?!dev\/null)/);
});

test('busybox runs every script to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-busybox-'));
  try {
    const applets = 'awk cat cut grep head id ip ls printf readlink sed sort tail tr uname wc'.split(' ');
    for (const name of applets) symlinkSync('/bin/busybox', join(folder, name));
    const gate = createGate(createScope([], []), () => new Date());
    const printed: Record<string, string> = {};
    for (const { name, script } of forwards.ask(localHost())) {
      const own = script.replaceAll('$PATH:/usr/sbin:/sbin', '$PATH');
      const result = await gate.run('/bin/busybox', ['sh', '-c', own], {
        timeout: 30,
        limit: 1 << 22,
        env: { PATH: folder },
      });
      printed[name] = result.stdout.toString('utf8');
      expect(result.stderr, name).toBe('');
    }
    const { unread } = read(printed);
    expect(unread.filter(({ why }) => why === 'incomplete')).toEqual([]);
    // What it has no tool for is said.
    expect(unread).toContainEqual({ part: 'ss', why: 'no-tool' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
