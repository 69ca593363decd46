import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import {
  countOfPorts,
  type OpenPort,
  type OpenPorts,
  portsBeside,
  rangesOf,
  stayedSteady,
} from '../../src/evidence/network/open-ports.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { specialRangeOf } from '../../src/evidence/public-address.ts';
import { isAddress, isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, type TextData, verbatim } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';
import { shown } from './port-services.ts';

export type Scan = Seen<OpenPorts>;

/** The open ports of a scanned address, by whether an inbound endpoint of the platform file is there. */
export type Opened = { readonly declared: readonly OpenPort[]; readonly undeclared: readonly OpenPort[] };

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
  const open = [...new Map(scan.value.open.map((each) => [each.port, each])).values()];
  const sorted = open.toSorted((a, b) => a.port - b.port);
  return {
    endpoints: [...ports],
    declared: sorted.filter(({ port }) => ports.has(port)),
    undeclared: sorted.filter(({ port }) => !ports.has(port)),
  };
}

export const doubtMessages = {
  notFull: {
    zh: '{{where}}：{{count}} 个端口未扫描（{{ports}}；{{method}}），不能说明没有其他开放端口',
    en: '{{count}} ports of {{where}} were not scanned ({{ports}}; {{method}}), so it is not shown that no other is open',
  },
  silent: {
    zh: '{{where}}：{{count}} 个端口对来自取证位置{{zone}}的探测没有应答（{{ports}}；{{method}}），且没有已声明的端口可以证明探测能够到达，不能说明其未开放',
    en: '{{count}} ports of {{where}} gave no answer to the zone {{zone}} ({{ports}}; {{method}}), and no declared port shows that the scan got through, so it is not shown that they are not open',
  },
  disturbed: {
    zh: '{{where}}：扫描前可以连接的端口在扫描期间不再应答（端口 {{port}} 连接 {{asked}} 次，应答 {{answered}} 次；消失的端口：{{lost}}），扫描机可能已被防护设备阻断，不能说明其他端口未开放（取证位置{{zone}}，{{method}}）',
    en: 'ports of {{where}} that answered before the scan did not during it (port {{port}}: {{asked}} connections, {{answered}} answered; lost: {{lost}}); a defence may have shut the scanner out, so it is not shown that no other port is open (zone {{zone}}, {{method}})',
  },
  nameAtLoopback: {
    zh: '域名 {{where}} 在扫描机上解析为其自身的地址，扫描没有经过网络',
    en: 'on the scanner {{where}} resolves to an address of its own; the scan never left the machine',
  },
} as const satisfies Record<string, Text>;

export const doubtRemedies = {
  notFull: {
    zh: '安装 nmap，将 limits.ports 设为 1-65535，重新采集',
    en: 'install nmap, set limits.ports to 1-65535 and collect again',
  },
  silent: {
    zh: '使声明的端点在扫描期间可以连接，或者在边界防火墙上对扫描机临时放行或改为明确拒绝（reset），重新采集',
    en: 'let the declared endpoint answer during the scan, or let the scanner pass the firewall for that time or be refused (reset) by it, then collect again',
  },
  disturbed: {
    zh: '在防护设备上对扫描机临时停用扫描阻断，或者降低 limits.rate，重新采集',
    en: 'have the defence spare the scanner for the time of the scan, or lower limits.rate, then collect again',
  },
  nameAtLoopback: {
    zh: '从其他机器扫描，并在平台文件中填写 zone',
    en: 'scan from another machine, and say so under zone in the platform file',
  },
} as const satisfies Record<keyof typeof doubtMessages, Text>;

type Doubt = keyof typeof doubtMessages;

/**
 * Why "nothing else can be reached" does not follow from a scan; declared endpoints are not meant. A port that only stays silent
 * cannot be reached, provided that declared ones answered from before the scan until after it.
 */
export function doubtsOf(scan: Scan, endpoints: readonly number[]): Finding<Doubt>[] {
  const { value, subject } = scan;
  const { steady } = value;
  const { missing, silent, quiet } = restOf(scan, endpoints);
  const untold = stayedSteady(value) ? portsBeside(portsBeside(silent), quiet) : silent;
  const listed = (ports: string) => ({ ...standing(scan), ports: shown(ports), count: countOfPorts(ports) });
  const isDisturbed = steady !== undefined && !stayedSteady(value);
  return [
    ...(missing !== '' || !value.complete ? [unproven('notFull', scan, listed(missing))] : []),
    ...(isDisturbed
      ? [unproven('disturbed', scan, { ...standing(scan), ...steady, lost: shown(steady.lost) })]
      : untold === ''
        ? []
        : [unproven('silent', scan, listed(untold))]),
    ...(value.loopback && !isAddress(subject) ? [unproven('nameAtLoopback', scan, { where: whereOf(scan) })] : []),
  ];
}

/** What a finding says of silent ports beside the declared ones, where {@link doubtsOf} raises no doubt; undefined if there are none. */
export function quietIn(scan: Scan, endpoints: readonly number[]): TextData | undefined {
  const { quiet } = restOf(scan, endpoints);
  const { steady } = scan.value;
  if (quiet === '' || !steady) return undefined;
  return { count: countOfPorts(quiet), quiet: shown(quiet), port: steady.port, asked: steady.asked };
}

// Beside open and declared ports: what was not scanned, what did not say "closed", and of that what is known to have been silent.
function restOf({ value }: Scan, endpoints: readonly number[]): { missing: string; silent: string; quiet: string } {
  const open = rangesOf(value.open.map(({ port }) => port));
  const declared = rangesOf(endpoints);
  const missing = portsBeside(value.scanned, open, declared);
  const silent = portsBeside(value.closed, open, declared, missing);
  return { missing, silent, quiet: portsBeside(portsBeside(value.filtered), portsBeside(silent)) };
}

/** Which address was scanned, from where, and how: for every message about a scan. */
export function standing(scan: Scan): { where: Text; zone: Text; method: string } {
  const { zone, value } = scan;
  const from = value.from === undefined || value.loopback ? undefined : value.from;
  return {
    where: whereOf(scan),
    zone: {
      zh: `“${zone}”${from ? `（源地址 ${from}）` : ''}`,
      en: `“${zone}”${from ? ` (source ${from})` : ''}`,
    },
    method: value.method,
  };
}

const onlyLoopback: Text = { zh: '环回地址，仅本机可达', en: 'loopback: only the machine itself reaches it' };
const ownAddress: Text = {
  zh: '扫描机自身的地址，扫描没有经过网络',
  en: 'an address of the scanner itself: the scan never left the machine',
};

/** What was scanned, as texts name it: a name with the address it resolved to, and whether only this machine reaches it. */
export function whereOf({ subject, value }: Scan): Text {
  const notes: Text[] = [
    ...(isSameAddress(subject, value.address) ? [] : [verbatim(value.address)]),
    ...(value.loopback ? [specialRangeOf(value.address) === 'loopback' ? onlyLoopback : ownAddress] : []),
  ];
  if (notes.length === 0) return verbatim(subject);
  const note = joined(notes, '，', ', ');
  return { zh: `${subject}（${note.zh}）`, en: `${subject} (${note.en})` };
}
