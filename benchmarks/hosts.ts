import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { neededKinds } from '../src/assessment/needs.ts';
import { loadProfile } from '../src/assessment/profile.ts';
import type { Command } from '../src/collectors/collector.ts';
import { commandsFor, hostCollectorsOf } from '../src/collectors/hosts.ts';
import { composeScript, type HostScript, quoted, runnable } from '../src/collectors/transports/host-script.ts';
import type { Kind } from '../src/evidence/kinds.ts';
import { packageRoot } from '../src/package-root.ts';
import type { DeclaredHost } from '../src/platform.ts';
import { buildCli, type Cost, cost, distantPlace, has, median, row, startServer } from './lab.ts';

// Collection from hosts beside OpenSSH, Ansible and parallel-ssh that run the same commands. As root, for sshd and the namespaces of the
// 40 ms link. Usage: node benchmarks/hosts.ts [runs] [one] [many] [simulated]

const runs = Number(process.argv.find((arg) => /^\d+$/.test(arg)) ?? 3);
const named = ['one', 'many', 'simulated'].filter((part) => process.argv.includes(part));
const isAsked = (part: string): boolean => named.length === 0 || named.includes(part);
const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-benchmark-hosts-'));
const at = (name: string): string => join(folder, name);
const servers: ChildProcess[] = [];
const port = 2222;
const fewKinds: readonly Kind[] = ['clock'];
const allKinds = neededKinds(await loadProfile('qingdao-joint-use'), 'renewal');
const sshOptions = [
  ...['-F', '/dev/null', '-i', at('client'), '-o', `UserKnownHostsFile=${at('known')}`],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'LogLevel=ERROR'],
];
const sshTo = (address: string, ...more: string[]): string[] => [
  ...['ssh', ...sshOptions, '-p', `${port}`, ...more, `root@${address}`],
];
const ansibleEnv = {
  ANSIBLE_CONFIG: at('ansible.cfg'),
  ANSIBLE_HOST_KEY_CHECKING: 'False',
  ANSIBLE_PIPELINING: 'True',
  ANSIBLE_LOCAL_TEMP: at('ansible'),
  ANSIBLE_SSH_CONTROL_PATH_DIR: at('cp'),
  ANSIBLE_SSH_ARGS: `${sshOptions.join(' ')} -o ControlMaster=auto -o ControlPersist=5s`,
};

// What every host is here: nothing declared of it that commands depend on.
const plainHost: DeclaredHost = {
  name: 'host',
  address: '127.0.0.1',
  transport: 'ssh',
  sudo: false,
  logs: [],
  data: [],
  backups: [],
};
const onlyClocks = `profile: only-clocks
title: { zh: 仅时钟, en: Clocks only }
mode: any
maxAge: { months: 3 }
sources: { OWN: { title: { zh: 基准测试, en: Benchmark }, issued: "2026-01" } }
requirements:
  CLOCK-1:
    title: { zh: 时钟, en: Clocks }
    cites: [{ source: OWN, clause: "1" }]
    part: technology
    occasions: always
    basis: measured
    checks: [{ host/clock: { maxOffset: 1 } }]
`;

type Place = { readonly name: string; readonly client: readonly string[]; readonly server: readonly string[] };
const say = (text: string): boolean => process.stdout.write(text);

try {
  const cli = await buildCli(folder);
  await makeFiles();
  const far = await distantPlace();
  try {
    // On one machine both ends share its processors.
    const near: Place = { name: '0 ms', client: far.server, server: far.server };
    const places: Place[] = [near, { name: '40 ms round trip', ...far }];
    say(
      `Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before; one host: medians of ${runs} runs\n`,
    );
    servers.push(startServer([...far.server, ...sshdWords()]));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (isAsked('one')) for (const place of places) await oneHost(place, cli);
    if (isAsked('many')) for (const place of places) await manyHosts(place, cli);
    if (isAsked('simulated')) for (const place of places) await simulatedHosts(place, cli);
  } finally {
    for (const server of servers) server.kill();
    await far.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function oneHost(place: Place, cli: readonly string[]): Promise<void> {
  const address = '10.99.0.1';
  const commands = commandsOf(allKinds);
  mkdirSync(at('commands'), { recursive: true });
  for (const [index, { script }] of commands.entries()) await writeFile(at(`commands/${index}.sh`), script);
  const whole = scriptOf(allKinds);
  say(`\none host, ${place.name}: ${commands.length} commands of ${hostCollectorsOf(allKinds).length} kinds\n`);
  const target = `root@${address}:${port}`;
  const probe = [...cli, 'probe', 'host', target, '--key', at('client'), '--fingerprint', fingerprint(), '--json'];
  const ours = median(runs, () => cost([...place.client, ...probe]));
  const inside = ours.output.match(/"seconds": ([\d.]+)/)?.[1] ?? '?';
  say(row('leqi-audit probe host, read and checked', ours, ours, `${inside} s without the start of Node`));
  const script = median(runs, () => cost([...place.client, ...sshTo(address), '/bin/sh'], { input: whole }));
  say(row('OpenSSH, our one script, not read', script, ours));
  const [ssh, control] = [sshTo(address).map(quoted).join(' '), at('control')];
  const oneByOne = `${ssh} -M -S ${control} -fN; for f in ${at('commands')}/*.sh; do ${ssh} -S ${control} /bin/sh <"$f"; done; ${ssh} -S ${control} -O exit`;
  // Once: it takes many times as long, and what it takes differs little.
  const each = cost([...place.client, 'bash', '-c', oneByOne], { mayFail: true });
  say(row('OpenSSH ControlMaster, the commands one by one', each, ours));
  if (has('ansible-playbook')) {
    await writeFile(at('inventory'), inventory([address]));
    await writeFile(
      at('play.yml'),
      `- hosts: all
  tasks:
    - raw: "{{ lookup('file', item) }}"
      with_fileglob: ${at('commands')}/*.sh
      failed_when: false
`,
    );
    const play = ['ansible-playbook', '-i', at('inventory'), at('play.yml')];
    say(
      row(
        'ansible, facts and the commands (raw)',
        cost([...place.client, ...play], { env: ansibleEnv, mayFail: true }),
        ours,
      ),
    );
  } else say('  ansible: not installed\n');
  if (place.name !== '0 ms') return;
  const host = median(runs, () => cost(['/bin/sh'], { input: whole }));
  say(`  on the host the script takes ${host.cpu.toFixed(2)} s CPU\n`);
}

async function manyHosts(place: Place, cli: readonly string[]): Promise<void> {
  const addresses = addressesOf(200);
  const few = scriptOf(fewKinds);
  say(
    `\n${addresses.length} hosts (one sshd), ${place.name}: ${commandsOf(fewKinds).length} commands of one kind each\n`,
  );
  const first = await collect(place, cli, { addresses, connections: 50, profile: 'few' });
  say(row('leqi-audit collect, 50 at a time', first, first, first.output));
  await writeFile(at('inventory'), inventory(addresses));
  await writeFile(at('addresses'), addresses.map((address) => `${address}:${port}\n`).join(''));
  const once = commandsOf(fewKinds)
    .map(({ script }) => `(${script}\n)`)
    .join('\n');
  await writeFile(at('once.sh'), once);
  if (has('ansible')) {
    const adHoc = ['ansible', 'all', '-i', at('inventory'), '-f', '50', '-m', 'raw', '-a', once];
    const result = cost([...place.client, ...adHoc], { env: ansibleEnv, mayFail: true });
    say(row('ansible -f 50, raw, all commands in one task, no facts', result, first));
  } else say('  ansible: not installed\n');
  if (has('parallel-ssh')) {
    const words = ['parallel-ssh', '-h', at('addresses'), '-l', 'root', '-p', '50', '-t', '0', '-o', at('pssh')];
    const options = sshOptions.join(' ');
    const result = cost([...place.client, ...words, '-x', options, '-I', '/bin/sh'], { input: few, mayFail: true });
    const seen = result.output.match(/\[SUCCESS\]/g)?.length ?? 0;
    say(row('parallel-ssh -p 50, our one script, not read', result, first, `${seen} answered`));
  } else say('  parallel-ssh: not installed\n');
}

async function simulatedHosts(place: Place, cli: readonly string[]): Promise<void> {
  const isNear = place.name === '0 ms';
  // The link of the 40 ms is a program of its own and would be what is measured.
  for (const profile of isNear ? (['all', 'few'] as const) : (['few'] as const)) {
    const wanted = profile === 'all' ? allKinds : fewKinds;
    const recorded = cost(['/bin/sh'], { input: runnable(composed(wanted), { run: 'RECORDED', byHand: false }) });
    await writeFile(at(`${profile}.out`), recorded.output.replace(/\ncpu=.*\s*$/, '\n'));
    await writeFile(at(`${profile}.sh`), scriptOf(wanted));
    const fleetPort = profile === 'all' ? port + 1 : port + 2;
    const words = [join(packageRoot, 'benchmarks/ssh-fleet.ts'), at('host'), `${fleetPort}`, at(`${profile}.out`)];
    const server = startServer([...place.server, process.execPath, ...words]);
    servers.push(server);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const bytes = readFileSync(at(`${profile}.out`)).length;
    say(`\nsimulated hosts, ${place.name}: ${commandsOf(wanted).length} commands, ${bytes} bytes of output each\n`);
    const concurrencies = isNear ? [32] : [32, 200];
    for (const connections of concurrencies) await simulated(place, cli, { profile, connections, fleetPort });
    server.kill();
  }
}

async function simulated(
  place: Place,
  cli: readonly string[],
  { profile, connections, fleetPort }: { profile: 'few' | 'all'; connections: number; fleetPort: number },
): Promise<void> {
  const addresses = addressesOf(1000);
  const bareWords = [join(packageRoot, 'benchmarks/ssh-bare.ts'), at('client'), 'root', `${fleetPort}`];
  const rates = (each: Cost, count: number): string =>
    `${(count / each.wall).toFixed(0)} a second, ${(count / each.cpu).toFixed(0)} a second and core`;
  const bare = cost([
    ...place.client,
    process.execPath,
    ...bareWords,
    `${connections}`,
    at(`${profile}.sh`),
    ...addresses,
  ]);
  const ours = await collect(place, cli, { addresses, connections, profile, fleetPort });
  say(
    row(`leqi-audit collect, 1000 hosts, ${connections} at a time`, ours, ours, `${ours.output}, ${rates(ours, 1000)}`),
  );
  if (profile === 'all') {
    const fewer = await collect(place, cli, { addresses: addressesOf(200), connections, profile, fleetPort });
    say(row(`leqi-audit collect, 200 hosts`, fewer, ours, rates(fewer, 200)));
  }
  say(row('bare ssh2, 1000 hosts, output thrown away', bare, ours, rates(bare, 1000)));
}

async function collect(
  { client }: Place,
  cli: readonly string[],
  given: { addresses: readonly string[]; connections: number; profile: 'few' | 'all'; fleetPort?: number },
): Promise<Cost> {
  const { addresses, connections, profile, fleetPort = port } = given;
  const file = at(`${profile}-${addresses.length}-${connections}.yaml`);
  const out = at(`out-${profile}-${addresses.length}-${connections}-${client.at(-1)}`);
  await writeFile(file, platformFile(addresses, { connections, port: fleetPort, profile }));
  const words = [...cli, 'collect', '--platform', file, '--origin', 'host', '--out', out, '--quiet'];
  const result = cost([...client, ...words]);
  const clocks = readFileSync(join(out, 'evidence/observations/clock.jsonl'), 'utf8').split('\n');
  const seen = clocks.filter((line) => line.includes('"observed"')).length;
  await rm(out, { recursive: true, force: true });
  return { ...result, output: `${seen} of ${addresses.length} answered` };
}

function addressesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.99.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`);
}

function commandsOf(wanted: readonly Kind[]): Command[] {
  return commandsFor(plainHost, hostCollectorsOf(wanted));
}

function composed(wanted: readonly Kind[]): HostScript {
  return composeScript(plainHost, commandsOf(wanted));
}

function scriptOf(wanted: readonly Kind[]): string {
  return runnable(composed(wanted), { run: 'benchmark', byHand: false });
}

function inventory(addresses: readonly string[]): string {
  const shared = `ansible_user=root ansible_port=${port} ansible_python_interpreter=/usr/bin/python3`;
  return addresses.map((address) => `${address} ${shared}\n`).join('');
}

function fingerprint(): string {
  return cost(['ssh-keygen', '-l', '-f', at('host.pub')]).output.match(/SHA256:\S+/)?.[0] ?? '';
}

type FleetFile = { readonly connections: number; readonly port: number; readonly profile: 'few' | 'all' };

function platformFile(addresses: readonly string[], { connections, port: sshPort, profile }: FleetFile): string {
  const ssh = `{ user: root, port: ${sshPort}, keyFile: client, fingerprint: "${fingerprint()}" }`;
  return `profile: ${profile === 'all' ? 'qingdao-joint-use' : at('few-profile.yaml')}
unit: { name: 示例单位, creditCode: 91350100M000100Y43 }
platform: { name: 示例平台, mode: joint-use, since: 2023-01-01 }
limits: { hosts: { connections: ${connections} } }
hosts:
${addresses.map((address) => `  - { name: "${address}", address: ${address}, transport: ssh, ssh: ${ssh} }\n`).join('')}`;
}

// A view of the machine in which root may log in by key, as tests/support/sshd.ts lays it.
function sshdWords(): string[] {
  const run = `mount --bind ${at('shadow')} /etc/shadow && exec /usr/sbin/sshd -D -e -f ${at('sshd_config')}`;
  return ['unshare', '-m', 'sh', '-c', run];
}

async function makeFiles(): Promise<void> {
  for (const name of ['client', 'host']) cost(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:![^:]*/m, 'root:*');
  await writeFile(at('shadow'), shadow, { mode: 0o600 });
  const settings = [
    `Port ${port}`,
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('client.pub')}`,
    ...['PidFile none', 'StrictModes no', 'PermitRootLogin yes', 'PasswordAuthentication no', 'UsePAM no'],
    ...['UseDNS no', 'LogLevel QUIET', 'MaxStartups 1000', 'MaxSessions 100'],
  ];
  await writeFile(at('sshd_config'), `${settings.join('\n')}\n`);
  await writeFile(at('ansible.cfg'), '[defaults]\n');
  await writeFile(at('few-profile.yaml'), onlyClocks);
}
