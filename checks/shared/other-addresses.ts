import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { endpointName, isSameAddress } from '../../src/evidence/subjects.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, unproven } from '../check.ts';
import { type Scan, whereOf } from './port-scans.ts';

type Endpoints = PlatformDeclaration['endpoints'];

export const elsewhereMessages = {
  elsewhere: {
    zh: '{{where}} 还解析到 {{others}}，这些地址未探测，不能说明其情况',
    en: '{{where}} resolves to {{others}} as well; nobody asked there, so nothing is known of them',
  },
} as const satisfies Record<string, Text>;

export const elsewhereRemedies = {
  elsewhere: {
    zh: '在平台文件 endpoints 中逐个声明这些地址（address 写 IP 地址，serverName 写域名），重新采集',
    en: 'declare each of these addresses under endpoints (the IP address as address, the name as serverName), and collect again',
  },
} as const satisfies Record<keyof typeof elsewhereMessages, Text>;

type Elsewhere = keyof typeof elsewhereMessages;

/** That a name leads to more addresses than the one that was scanned, and that are not declared by themselves. */
export function notScanned(scan: Scan, endpoints: Endpoints): Finding<Elsewhere>[] {
  const { others = [] } = scan.value;
  return finding(scan, whereOf(scan), others, (address, each) => isSameAddress(address, each.address), endpoints);
}

/** That a name leads to more addresses than the one that was asked for TLS, and that are not declared by themselves. */
export function notAsked(service: Seen<Tls>, endpoints: Endpoints): Finding<Elsewhere>[] {
  const { value, subject } = service;
  if (!value.speaksTls) return [];
  const { serverName, others = [] } = value;
  const own = endpoints.find((each) => endpointName(each) === subject);
  const isAsked = (address: string, each: Endpoints[number]): boolean =>
    isSameAddress(address, each.address) && each.port === own?.port && each.serverName === serverName;
  return finding(service, subject, others, isAsked, endpoints);
}

function finding(
  seen: Seen<unknown>,
  where: Text | string,
  others: readonly string[],
  isDone: (address: string, endpoint: Endpoints[number]) => boolean,
  endpoints: Endpoints,
): Finding<Elsewhere>[] {
  const inbound = endpoints.filter(({ direction }) => direction === 'inbound');
  const left = others.filter((address) => !inbound.some((each) => isDone(address, each)));
  return left.length > 0 ? [unproven('elsewhere', seen, { where, others: left.join(', ') })] : [];
}
