import { matchesGlob } from '../../../evidence/glob.ts';
import type { ConfiguredInterface } from '../../../evidence/host/interfaces.ts';
import type { ConfigFile } from '../config-files.ts';
import { clean } from '../output.ts';
import type { Link } from './settings.ts';

type Device = { readonly id: string; where: string; keys: Map<string, string>; addresses: string[] };

/**
 * What netplan's own files say, netplan(5): it makes other settings of them at each start, so that what stands here counts at the next one. The
 * script prints only block mappings and the keys that matter, so that indentation tells all.
 */
export function readNetplan(files: readonly ConfigFile[], links: readonly Link[]): ConfiguredInterface[] {
  const devices = new Map<string, Device>();
  // Of all folders by name; what is said twice is said by the later file, and addresses add up.
  for (const file of files.toSorted((a, b) => (baseOf(a.path) < baseOf(b.path) ? -1 : 1))) readFile(file, devices);
  return [...devices.values()].flatMap((device) =>
    links.filter((link) => fits(device, link)).flatMap(({ name }) => entriesOf(device, name)),
  );
}

function readFile({ path, lines }: ConfigFile, devices: Map<string, Device>): void {
  let above: { indent: number; key: string }[] = [];
  for (const line of lines) {
    const [, space = '', rest = ''] = line.replace(/\s+#.*$/, '').match(/^(\s*)(.*)$/) ?? [];
    if (rest === '' || rest.startsWith('#')) continue;
    const indent = space.length;
    const [, mark = '', item = ''] = rest.match(/^(-\s+)(.*)$/) ?? [];
    // The items of a list may stand as far out as its key.
    above = above.filter((each) => each.indent < indent || (mark !== '' && each.indent === indent));
    const [, key = '', value = ''] = mark === '' ? (rest.match(/^("[^"]*"|'[^']*'|[^\s:]+):\s*(.*)$/) ?? []) : [];
    const keys = [...above.map((each) => each.key), ...(key === '' ? [] : [bare(key)])];
    if (key !== '') above.push({ indent, key: bare(key) });
    const [top, , id, ...inner] = keys;
    if (top !== 'network' || id === undefined || inner.length === 0) continue;
    const device: Device = devices.get(id) ?? { id, where: path, keys: new Map(), addresses: [] };
    devices.set(id, { ...device, where: path });
    const name = inner.join('.');
    if (name !== 'addresses') device.keys.set(name, bare(value));
    else device.addresses.push(...(mark === '' ? inBrackets(value) : [item]).map(bare));
  }
}

function fits({ id, keys }: Device, { name, mac }: Link): boolean {
  const named = keys.get('match.name') ?? '';
  const wanted = keys.get('match.macaddress') ?? '';
  if (keys.has('set-name')) return name === keys.get('set-name');
  if (named === '' && wanted === '') return keys.has('match') || name === id;
  return (named === '' || matchesGlob(named, name)) && (wanted === '' || wanted.toLowerCase() === mac);
}

function entriesOf({ where, keys, addresses }: Device, name: string): ConfiguredInterface[] {
  return (['ipv4', 'ipv6'] as const).map((family) => {
    const own = addresses.filter((each) => each.includes(':') === (family === 'ipv6'));
    const asks = /^(true|yes|on|y)$/i.test(keys.get(family === 'ipv4' ? 'dhcp4' : 'dhcp6') ?? '');
    return {
      interface: clean(name),
      family,
      method: asks ? 'dhcp' : own.length > 0 ? 'static' : 'other',
      addresses: own.map((each) => clean(each.replace(/\/.*$/, ''))).slice(0, 200),
      where: clean(where),
    };
  });
}

function inBrackets(value: string): string[] {
  return value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/:$/, '')
    .replace(/^(["'])(.*)\1$/, '$2');
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
