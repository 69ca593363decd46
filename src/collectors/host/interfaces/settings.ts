import { matchesGlob } from '../../../evidence/glob.ts';
import type { ConfiguredInterface, Family } from '../../../evidence/host/interfaces.ts';
import type { ConfigFile } from '../config-files.ts';
import { clean } from '../output.ts';

/** An interface of the host: its name and hardware address. */
export type Link = { readonly name: string; readonly mac: string };

type Entry = { readonly key: string; readonly value: string; readonly section: string };
type Method = ConfiguredInterface['method'];

/** What ifcfg files say: RHEL's sysconfig.txt, SUSE's ifcfg(5). */
export function readIfcfg({ path, lines }: ConfigFile, links: readonly Link[]): ConfiguredInterface[] {
  const entries = entriesOf(lines);
  const all = (pattern: RegExp): string[] =>
    entries.filter(({ key, value }) => pattern.test(key) && value !== '').map(({ value }) => value);
  const last = (key: string): string =>
    all(new RegExp(`^${key}$`))
      .at(-1)
      ?.toLowerCase() ?? '';
  const named = (last('device') || path.replace(/^.*\/ifcfg-/, '')).replace(/:.*$/, '');
  const mac = last('hwaddr');
  const name = links.find((link) => mac !== '' && link.mac === mac)?.name ?? named;
  const protocol = last('bootproto');
  const v4 = all(/^ipaddr/);
  const v6 = all(/^ipv6addr/).flatMap((list) => list.split(/\s+/));
  const method = (uses: boolean, list: readonly string[]): Method =>
    uses ? 'dhcp' : list.length > 0 ? 'static' : 'other';
  // On SUSE `dhcp` is for both families, elsewhere for IPv4.
  const isDhcp6 = protocol === 'dhcp6' || (protocol === 'dhcp' && path.startsWith('/etc/sysconfig/network/'));
  const isOn = (key: string): boolean => /^(yes|true|1)$/.test(last(key));
  return [
    entry(name, 'ipv4', method(/^(dhcp4?|bootp|dhcp\+autoip)$/.test(protocol), v4), v4, path),
    entry(name, 'ipv6', method(isDhcp6 || isOn('dhcpv6c') || isOn('ipv6_autoconf'), v6), v6, path),
  ];
}

/** What interfaces(5) of ifupdown says. */
export function readIfupdown({ path, lines }: ConfigFile): ConfiguredInterface[] {
  const found: { name: string; family: Family; method: Method; addresses: string[] }[] = [];
  for (const line of lines) {
    const [key = '', ...words] = line.trim().split(/\s+/);
    const current = found.at(-1);
    if (key === 'iface') {
      const [name = '', family = '', method = ''] = words;
      const means = method === 'static' ? 'static' : /^(dhcp|auto|bootp)$/.test(method) ? 'dhcp' : 'other';
      found.push({
        name: name.replace(/:.*$/, ''),
        family: family === 'inet6' ? 'ipv6' : 'ipv4',
        method: means,
        addresses: [],
      });
    } else if (key === 'address' && current && words[0]) current.addresses.push(words[0]);
  }
  return found.map(({ name, family, method, addresses }) => entry(name, family, method, addresses, path));
}

/** What a keyfile of NetworkManager says: nm-settings-keyfile(5). */
export function readKeyfile({ path, lines }: ConfigFile, links: readonly Link[]): ConfiguredInterface[] {
  const entries = entriesOf(lines);
  const value = (section: RegExp, key: string): string =>
    entries.find((each) => section.test(each.section) && each.key === key)?.value ?? '';
  const mac = value(/^(ethernet|802-3-ethernet)$/, 'mac-address').toLowerCase();
  const named = value(/^connection$/, 'interface-name');
  const name = named || links.find((link) => mac !== '' && link.mac === mac)?.name;
  // Without either it fits every interface, but one address stands on one only.
  const names = name === undefined || name === '' ? links.map((link) => link.name) : [name];
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const addresses = entries
      .filter(({ section, key }) => section === family && /^address\d*$/.test(key))
      .map(({ value: text }) => text.split(/[,;]/)[0] ?? '');
    const method = keyfileMethods[value(new RegExp(`^${family}$`), 'method')] ?? 'other';
    return names.map((each) => entry(each, family, method, addresses, path));
  });
}

const keyfileMethods: Readonly<Record<string, Method>> = { manual: 'static', auto: 'dhcp', dhcp: 'dhcp' };

/** What the first file that matches an interface says: systemd.network(5). Drop-ins add to it. */
export function readNetworkd(files: readonly ConfigFile[], links: readonly Link[]): ConfiguredInterface[] {
  const mains = precedent(files.filter(({ path }) => path.endsWith('.network')));
  return links.flatMap((link) => {
    const main = mains.find((file) => fits(file, link) !== 'no');
    if (!main || fits(main, link) === 'unknown') return [];
    const folder = `/${baseOf(main.path)}.d/`;
    const lines = [main, ...files.filter(({ path }) => path.includes(folder))].flatMap((file) => file.lines);
    const entries = entriesOf(lines).filter(({ section }) => section === 'network' || section === 'address');
    const dhcp = entries.findLast(({ key }) => key === 'dhcp')?.value.toLowerCase() ?? 'no';
    const addresses = entries.filter(({ key, value }) => key === 'address' && value !== '').map(({ value }) => value);
    return (['ipv4', 'ipv6'] as const).map((family) => {
      const own = addresses.filter((each) => each.includes(':') === (family === 'ipv6'));
      const asks = /^(yes|true|on|1|both)$/.test(dhcp) || dhcp === family || (family === 'ipv4' && dhcp === 'v4');
      return entry(link.name, family, asks ? 'dhcp' : own.length > 0 ? 'static' : 'other', own, main.path);
    });
  });
}

const folders = ['/etc/', '/run/', '/usr/local/', '/usr/'];

// Sorted by name over all folders; of one name the file in /etc hides the others.
function precedent(files: readonly ConfigFile[]): ConfigFile[] {
  const rank = ({ path }: ConfigFile): number => folders.findIndex((folder) => path.startsWith(folder));
  const byName = new Map(files.toSorted((a, b) => rank(b) - rank(a)).map((file) => [baseOf(file.path), file]));
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

function fits({ lines }: ConfigFile, { name, mac }: Link): 'yes' | 'no' | 'unknown' {
  const entries = entriesOf(lines).filter(({ section, value }) => section === 'match' && value !== '');
  const answers = entries.map(({ key, value }) => {
    const words = value.split(/\s+/);
    if (key === 'name') return words.some((word) => globs(word, name)) ? 'yes' : 'no';
    if (key === 'macaddress' || key === 'permanentmacaddress')
      return words.some((word) => word.toLowerCase().replaceAll('-', ':') === mac) ? 'yes' : 'no';
    return 'unknown';
  });
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

function globs(pattern: string, name: string): boolean {
  return pattern.startsWith('!') ? !matchesGlob(pattern.slice(1), name) : matchesGlob(pattern, name);
}

function entriesOf(lines: readonly string[]): Entry[] {
  let section = '';
  return lines.flatMap((line) => {
    const heading = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (heading !== undefined) section = heading.trim().toLowerCase();
    const [, key, value = ''] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    return key === undefined
      ? []
      : [{ key: key.toLowerCase(), value: value.trim().replace(/^(["'])(.*)\1$/, '$2'), section }];
  });
}

function entry(
  name: string,
  family: Family,
  method: Method,
  addresses: readonly string[],
  where: string,
): ConfiguredInterface {
  const bare = addresses.map((each) => clean(each.replace(/\/.*$/, ''))).filter((each) => each !== '');
  return { interface: clean(name), family, method, addresses: bare.slice(0, 200), where: clean(where) };
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
