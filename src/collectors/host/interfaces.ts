import type { ConfiguredInterface, Interfaces } from '../../evidence/host/interfaces.ts';
import type { CommandResults } from '../collector.ts';
import { defineHostCollector, Unavailable } from '../collector.ts';
import { type ConfigFile, readConfigFiles } from './config-files.ts';
import { unreadLine } from './forwards/configurations.ts';
import { readNetplan } from './interfaces/netplan.ts';
import { interfacesScript } from './interfaces/script.ts';
import { type Link, readIfcfg, readIfupdown, readKeyfile, readNetworkd } from './interfaces/settings.ts';
import { clean, isComplete, linesOf } from './output.ts';

const most = 1000;

/** Addresses, how they are configured, and by which of them the host calls out. */
export const interfaces = defineHostCollector({
  id: 'host/interfaces',
  kind: 'interfaces',
  ask: () => [
    {
      name: 'interfaces',
      why: 'addresses of interfaces, whether they are set statically or come by DHCP, and by which of them the host calls out (the kernel is asked, nothing is sent)',
      script: interfacesScript,
      asRoot: true,
    },
  ],
  read: readInterfaces,
});

function readInterfaces(results: CommandResults): Interfaces {
  const result = results('interfaces');
  // A lost line of settings might have said DHCP: of a listing that was cut nothing is taken.
  if (!isComplete(result)) throw new Unavailable(result.timedOut ? 'timed-out' : 'failed', result.stderr || 'ip');
  const { stdout } = result;
  const addresses = linesOf(stdout, 'addr:').flatMap(addressOf);
  const unread = linesOf(stdout, '!! ').map((line) => unreadLine(`!! ${line}`));
  if (addresses.length === 0) throw new Unavailable(unread.length > 0 ? 'not-installed' : 'failed', 'ip addr');
  const links = linesOf(stdout, 'link:').map((line): Link => {
    const [name = '', mac = ''] = line.split(' ');
    return { name, mac: mac.toLowerCase() };
  });
  const { files } = readConfigFiles(stdout);
  const sourced = files.filter(({ lines }) => lines.some(leadsElsewhere));
  const configured = configuredBy(files, links, new Set(linesOf(stdout, 'manager:')));
  const routes = linesOf(stdout, 'route:').flatMap(routeOf);
  return {
    addresses: addresses.slice(0, most),
    configured: configured.slice(0, most),
    egress: linesOf(stdout, 'get:').flatMap(egressOf),
    routes: routes.slice(0, most),
    rules: rulesOf(linesOf(stdout, 'rule:')).slice(0, most),
    unread: [
      ...([addresses, configured, routes].some((list) => list.length > most)
        ? [{ part: 'ip', why: 'too-many' as const }]
        : []),
      ...unread,
      ...sourced.map(({ path }) => ({ part: clean(path), why: 'unclear' as const })),
    ].slice(0, most),
  };
}

// Settings of a service that does not run are no one's.
function configuredBy(
  files: readonly ConfigFile[],
  links: readonly Link[],
  managers: ReadonlySet<string>,
): ConfiguredInterface[] {
  const below = (folder: string): ConfigFile[] => files.filter(({ path }) => path.includes(folder));
  return [
    ...(managers.has('systemd-network') ? readNetworkd(below('/systemd/network/'), links) : []),
    ...(managers.has('NetworkManager')
      ? below('/NetworkManager/system-connections/').flatMap((file) => readKeyfile(file, links))
      : []),
    ...(managers.has('netplan') ? readNetplan(below('/netplan/'), links) : []),
    ...below('/etc/sysconfig/').flatMap((file) => readIfcfg(file, links)),
    ...below('/etc/network/').flatMap(readIfupdown),
  ].filter(({ method, addresses }) => method !== 'other' || addresses.length > 0);
}

// interfaces(5): other files may be named; what `inherits` takes over is not followed either.
function leadsElsewhere(line: string): boolean {
  const [key = '', value = ''] = line.trim().split(/\s+/);
  return (
    /^(source|source-directory|inherits)$/.test(key) && !/^\/?(etc\/network\/)?interfaces\.d(\/\*)?\/?$/.test(value)
  );
}

// `2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global dynamic eth0\       valid_lft 86000sec preferred_lft 86000sec`
function addressOf(line: string): Interfaces['addresses'] {
  const [, name = '', , text = '', rest = ''] =
    /^\d+:\s+(\S+)\s+(inet6?)\s+([\da-fA-F.:]+(?: peer [\da-fA-F.:]+)?\/\d{1,3})\s?(.*)$/.exec(line) ?? [];
  const [address = '', prefix = ''] = text.replace(/ peer [^/]*/, '').split('/');
  if (address === '') return [];
  const flags = rest.split('\\')[0]?.split(' ') ?? [];
  return [
    {
      interface: clean(name.replace(/@.*$/, '')),
      address,
      prefix: Math.min(Number(prefix), 128),
      dynamic: flags.includes('dynamic') || /valid_lft \d/.test(rest),
    },
  ];
}

// `ipv4 1.1.1.1 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0`
function egressOf(line: string): Interfaces['egress'] {
  const value = (key: string): string | undefined => new RegExp(` ${key} ([\\w.:%@-]{1,64})(?: |$)`).exec(line)?.[1];
  const [source, via, device] = [value('src'), value('via'), value('dev')];
  if (source === undefined || /^\S+ (unreachable|prohibit|blackhole)/.test(line)) return [];
  return [
    {
      family: line.startsWith('ipv6') ? 'ipv6' : 'ipv4',
      source,
      ...(via === undefined ? {} : { via }),
      ...(device === undefined ? {} : { interface: device }),
    },
  ];
}

function routeOf(line: string): Interfaces['routes'] {
  const [, to, via] =
    /^(?:unicast )?([\da-fA-F.:/]{1,64}) .*?via (?:inet6? )?([\da-fA-F.:]{1,64})/.exec(line) ??
    /^\s+(nexthop) via (?:inet6? )?([\da-fA-F.:]{1,64})/.exec(line) ??
    [];
  return to === undefined || via === undefined ? [] : [{ to, via }];
}

function rulesOf(rules: readonly string[]): string[] {
  const usual = /^\d+:\s+from all lookup (local|main|default|25[345])\s*$/;
  return [...new Set(rules.filter((rule) => !usual.test(rule)).map(clean))];
}
