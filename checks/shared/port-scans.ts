import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { countOfPorts, type OpenPorts, portsBeside, rangesOf } from '../../src/evidence/network/open-ports.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { isAddress, isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';

/** Services by name, with the TCP ports that they usually have. */
export const servicePorts = z.record(z.string().min(1).max(64), z.array(z.int().min(1).max(65_535)).min(1));

export type ServicePorts = z.output<typeof servicePorts>;

export type Scan = Seen<OpenPorts>;

/** The open ports of a scanned address, by whether an inbound endpoint of the platform file is there. */
export type Opened = { readonly declared: readonly number[]; readonly undeclared: readonly number[] };

/** Parts what is open; an endpoint may be declared by another name or spelling of the same address. */
export function openedIn(
  scan: Scan,
  scans: readonly Scan[],
  endpoints: PlatformDeclaration['endpoints'],
): Opened & { readonly endpoints: readonly number[] } {
  const { address } = scan.value;
  const names = scans.filter(({ value }) => isSameAddress(value.address, address)).map(({ subject }) => subject);
  const here = [scan.subject, address, ...names];
  const ports = new Set(
    endpoints
      .filter(({ direction }) => direction === 'inbound')
      .filter((endpoint) => here.some((each) => isSameAddress(each, endpoint.address)))
      .map(({ port }) => port),
  );
  const open = [...new Set(scan.value.open.map(({ port }) => port))].toSorted((a, b) => a - b);
  return {
    endpoints: [...ports],
    declared: open.filter((port) => ports.has(port)),
    undeclared: open.filter((port) => !ports.has(port)),
  };
}

export const doubtMessages = {
  notFull: {
    zh: '{{where}}：{{count}} 个端口未扫描（{{ports}}；{{method}}），不能说明没有其他开放端口',
    en: '{{count}} ports of {{where}} were not scanned ({{ports}}; {{method}}), so it is not shown that no other is open',
  },
  silent: {
    zh: '{{where}}：{{count}} 个端口对来自取证位置“{{zone}}”的探测没有明确应答（{{ports}}；{{method}}），不能说明其未开放',
    en: '{{count}} ports of {{where}} gave no clear answer to the zone “{{zone}}” ({{ports}}; {{method}}), so it is not shown that they are not open',
  },
  nameAtLoopback: {
    zh: '域名 {{where}} 在扫描机上解析为环回地址，扫描没有经过网络',
    en: 'on the scanner {{where}} resolves to a loopback address; the scan never left the machine',
  },
} as const satisfies Record<string, Text>;

export const doubtRemedies = {
  notFull: {
    zh: '安装 nmap，将 limits.ports 设为 1-65535，重新采集',
    en: 'install nmap, set limits.ports to 1-65535 and collect again',
  },
  silent: {
    zh: '在边界防火墙上对扫描机临时放行，或者改为明确拒绝（reset），重新采集',
    en: 'let the scanner pass the firewall for the time of the scan, or have the firewall refuse (reset), then collect again',
  },
  nameAtLoopback: {
    zh: '从其他机器扫描，并在平台文件中填写 zone',
    en: 'scan from another machine, and say so under zone in the platform file',
  },
} as const satisfies Record<keyof typeof doubtMessages, Text>;

type Doubt = keyof typeof doubtMessages;

/** Why "nothing else is open" does not follow from a scan; declared endpoints are not meant. */
export function doubtsOf(scan: Scan, endpoints: readonly number[]): Finding<Doubt>[] {
  const { value, subject, zone } = scan;
  const open = rangesOf(value.open.map(({ port }) => port));
  const declared = rangesOf(endpoints);
  const missing = portsBeside(value.scanned, open, declared);
  const silent = portsBeside(value.closed, open, declared, missing);
  const data = { where: whereOf(scan), zone, method: value.method };
  const listed = (ports: string) => ({ ...data, ports: shown(ports), count: countOfPorts(ports) });
  return [
    ...(missing !== '' || !value.complete ? [unproven('notFull', scan, listed(missing))] : []),
    ...(silent === '' ? [] : [unproven('silent', scan, listed(silent))]),
    ...(value.loopback && !isAddress(subject) ? [unproven('nameAtLoopback', scan, { where: whereOf(scan) })] : []),
  ];
}

/** What was scanned, as texts name it: a name with the address it resolved to, and whether only this machine reaches it. */
export function whereOf({ subject, value }: Scan): Text {
  const notes: Text[] = [
    ...(isSameAddress(subject, value.address) ? [] : [verbatim(value.address)]),
    ...(value.loopback ? [{ zh: '环回地址，仅本机可达', en: 'loopback: only the machine itself reaches it' }] : []),
  ];
  if (notes.length === 0) return verbatim(subject);
  const note = joined(notes, '，', ', ');
  return { zh: `${subject}（${note.zh}）`, en: `${subject} (${note.en})` };
}

/** The ports that one of the services usually has, with its name: `5432（PostgreSQL）`. */
export function named(ports: readonly number[], services: ServicePorts): Text {
  const nameOf = (port: number): string => {
    const names = Object.entries(services).filter(([, usual]) => usual.includes(port));
    return names.map(([name]) => name).join('/');
  };
  return joined(
    ports.map((port) => ({ zh: `${port}（${nameOf(port)}）`, en: `${port} (${nameOf(port)})` })),
    '、',
    ', ',
  );
}

/** Whether one of the services usually has the port. */
export function isPortOf(services: ServicePorts, port: number): boolean {
  return Object.values(services).some((usual) => usual.includes(port));
}

/** Ranges that a text can show: the first ones, if they are very many. */
export function shown(ranges: string): Text {
  const parts = ranges.split(',');
  const first = parts.slice(0, 20).join(',');
  if (ranges === '') return { zh: '无', en: 'none' };
  return parts.length > 20 ? { zh: `${first} 等`, en: `${first} and more` } : verbatim(first);
}
