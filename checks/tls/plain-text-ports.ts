import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { rangesOf } from '../../src/evidence/network/open-ports.ts';
import type { Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import {
  doubtMessages,
  doubtRemedies,
  doubtsOf,
  isPortOf,
  named,
  openedIn,
  type Scan,
  type ServicePorts,
  servicePorts,
  shown,
  whereOf,
} from '../shared/port-scans.ts';

const messages = {
  encrypted: { zh: '端口使用 TLS（{{versions}}）', en: 'the port speaks TLS ({{versions}})' },
  noOther: {
    zh: '从取证位置“{{zone}}”扫描全部 TCP 端口（{{where}}；{{method}}）：没有声明以外的、可能传输明文的开放端口',
    en: 'all TCP ports of {{where}} were scanned from the zone “{{zone}}” ({{method}}): no undeclared port is open that might carry clear text',
  },
  notTls: {
    zh: '已声明的端点不使用 TLS，收到：{{saw}}',
    en: 'the declared endpoint does not speak TLS; it answered: {{saw}}',
  },
  noHandshake: {
    zh: '端口以 TLS 应答，但没有一个版本完成协商，不能说明传输加密',
    en: 'the port answers in TLS, but no version was agreed on, so it is not shown that it encrypts',
  },
  clearOpen: {
    zh: '{{where}}：未声明的 {{ports}} 开放，通常为明文服务；实际传输的内容未知（取证位置“{{zone}}”，{{method}}）',
    en: '{{where}}: {{ports}} are open and not declared; they usually serve clear text, but what crosses them is not known (zone “{{zone}}”, {{method}})',
  },
  otherOpen: {
    zh: '{{where}}：未声明的端口 {{ports}} 开放，没有探测其是否加密（取证位置“{{zone}}”，{{method}}）',
    en: '{{where}}: the undeclared ports {{ports}} are open; whether they encrypt was not asked (zone “{{zone}}”, {{method}})',
  },
  ...doubtMessages,
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要检测的入站端口',
    en: 'all declared endpoints are outbound; there is no inbound port to ask',
  },
  nothingSeen: {
    zh: '没有任何入站端点的 TLS 证据和端口扫描证据',
    en: 'there is neither TLS evidence of an inbound endpoint nor a port scan',
  },
};

type Says = keyof typeof messages;

/** Every declared inbound endpoint speaks TLS, and no other port of its address is open that might carry clear text. */
export const check = defineCheck({
  id: 'tls/plain-text-ports',
  title: { zh: '明文端口', en: 'Plain-text ports' },
  about: {
    zh: '每个声明的入站端点须以 TLS 应答；以明文应答的为不符合。同一地址上其他开放的端口不下不符合的结论：端口号不能说明传输的内容，通常为明文的服务单独列出。没有其他开放端口，须由全部 TCP 端口的明确应答证明。',
    en: 'Each declared inbound endpoint must answer in TLS; clear text fails. Other open ports of the address leave it unproven, for a number does not tell what crosses the port; those of services that usually do not encrypt are named. That nothing else is open takes a clear answer from every TCP port.',
  },
  reads: ['tls', 'openPorts', 'platform'],
  parameters: z.strictObject({
    /** Services that usually do not encrypt, with their usual TCP ports. */
    clear: servicePorts,
  }),
  messages,
  remedies: {
    notTls: { zh: '为该端口启用 TLS，或者停用该端口', en: 'turn TLS on for the port, or take the port out of use' },
    noHandshake: {
      zh: '排除握手失败的原因（必要时声明 serverName）后重新采集',
      en: 'find out why the handshake fails (declare serverName where it is needed), and collect again',
    },
    clearOpen: {
      zh: '关闭该端口（仅作跳转的 80 端口同样可以关闭），或者启用 TLS 并声明为端点',
      en: 'close the port (a port 80 that only redirects can be closed too), or turn TLS on and declare it as an endpoint',
    },
    otherOpen: {
      zh: '关闭该端口，或者声明为端点后重新采集',
      en: 'close the port, or declare it as an endpoint and collect again',
    },
    ...doubtRemedies,
    nothingSeen: {
      zh: '在平台文件中声明入站端点并重新采集',
      en: 'declare the inbound endpoints in the platform file and collect again',
    },
  },

  judge({ tls, openPorts, platform }, { clear }) {
    const [declared] = platform;
    if (declared && callsOutOnly(declared.value)) return [notApplicable('outboundOnly', declared)];
    if (tls.length + openPorts.length === 0) return [unproven('nothingSeen', platform, {}, 'tls')];
    const endpoints = declared?.value.endpoints ?? [];
    return [...tls.map(judgeEndpoint), ...openPorts.flatMap((scan) => judgeScan(scan, openPorts, endpoints, clear))];
  },
});

function judgeEndpoint(endpoint: Seen<Tls>): Finding<Says> {
  const { value } = endpoint;
  if (!value.speaksTls) return unmet('notTls', endpoint, { saw: value.saw });
  const offered = value.versions.filter(({ state }) => state === 'offered').map(({ version }) => version);
  return offered.length > 0
    ? met('encrypted', endpoint, { versions: offered.join(', ') })
    : unproven('noHandshake', endpoint);
}

function judgeScan(
  scan: Scan,
  scans: readonly Scan[],
  declared: PlatformDeclaration['endpoints'],
  clear: ServicePorts,
): Finding<Says>[] {
  const { endpoints, undeclared } = openedIn(scan, scans, declared);
  const data = { where: whereOf(scan), zone: scan.zone, method: scan.value.method };
  const known = undeclared.filter((port) => isPortOf(clear, port));
  const others = undeclared.filter((port) => !known.includes(port));
  const findings: Finding<Says>[] = [
    ...(known.length > 0 ? [unproven('clearOpen', scan, { ...data, ports: named(known, clear) })] : []),
    ...(others.length > 0 ? [unproven('otherOpen', scan, { ...data, ports: shown(rangesOf(others)) })] : []),
    ...doubtsOf(scan, endpoints),
  ];
  return findings.length > 0 ? findings : [met('noOther', scan, data)];
}
