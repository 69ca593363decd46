import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { elsewhereMessages, elsewhereRemedies, notAsked, notScanned } from '../shared/other-addresses.ts';
import {
  doubtMessages,
  doubtRemedies,
  doubtsOf,
  openedIn,
  quietIn,
  type Scan,
  standing,
} from '../shared/port-scans.ts';
import { answersInClear, described, encrypts, type Services, services } from '../shared/port-services.ts';

const messages = {
  encrypted: { zh: '端口使用 TLS（{{versions}}）', en: 'the port speaks TLS ({{versions}})' },
  noOther: {
    zh: '从取证位置{{zone}}扫描全部 TCP 端口（{{where}}；{{method}}）：没有声明以外的、可能传输明文的开放端口',
    en: 'all TCP ports of {{where}} were scanned from the zone {{zone}} ({{method}}): no undeclared port is open that might carry clear text',
  },
  noOtherAnswers: {
    zh: '从取证位置{{zone}}扫描全部 TCP 端口（{{where}}；{{method}}）：没有声明以外的、可能传输明文的可访问端口；其中 {{count}} 个端口被过滤，没有应答（{{quiet}}），而声明的端口 {{port}} 在扫描前后及扫描期间 {{asked}} 次连接均有应答',
    en: 'all TCP ports of {{where}} were scanned from the zone {{zone}} ({{method}}): no undeclared port that might carry clear text can be reached; {{count}} ports are filtered and gave no answer ({{quiet}}), while the declared port {{port}} answered each of {{asked}} connections before, during and after the scan',
  },
  notTls: {
    zh: '已声明的端点不使用 TLS，收到：{{saw}}',
    en: 'the declared endpoint does not speak TLS; it answered: {{saw}}',
  },
  noHandshake: {
    zh: '端口以 TLS 应答，但没有一个版本完成协商，不能说明传输加密',
    en: 'the port answers in TLS, but no version was agreed on, so it is not shown that it encrypts',
  },
  bothWays: {
    zh: '端口使用 TLS，但对明文的 HTTP 请求同样应答（{{saw}}），不能说明传输均已加密',
    en: 'the port speaks TLS, but answers HTTP in clear text as well ({{saw}}), so it is not shown that everything is encrypted',
  },
  optional: {
    zh: '服务先以明文应答，经请求（{{service}}）后才转入 TLS（{{versions}}），从外部不能看出是否拒绝明文会话',
    en: 'the service begins in clear text and turns to TLS when asked ({{service}}; {{versions}}); whether it refuses sessions in clear text cannot be seen from outside',
  },
  clearOpen: {
    zh: '{{where}}：未声明的 {{ports}} 开放，以明文应答，或者按端口号通常为明文服务；实际传输的内容未知（取证位置{{zone}}，{{method}}）',
    en: '{{where}}: {{ports}} are open and not declared; they answer in clear text, or usually do by their number, but what crosses them is not known (zone {{zone}}, {{method}})',
  },
  otherOpen: {
    zh: '{{where}}：未声明的端口 {{ports}} 开放，没有证据说明其加密（取证位置{{zone}}，{{method}}）',
    en: '{{where}}: the undeclared ports {{ports}} are open; nothing shows that they encrypt (zone {{zone}}, {{method}})',
  },
  ...doubtMessages,
  ...elsewhereMessages,
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
    zh: '每个声明的入站端点须以 TLS 应答；以明文应答的为不符合。同一地址上其他开放的端口，实测以 TLS 或 SSH 应答的不计；其余的不下不符合的结论，因为传输的内容未知，以明文应答或者按端口号通常为明文的单独列出。没有其他可访问的端口，须由全部 TCP 端口的应答证明；没有应答（被过滤）的，须声明的端口在扫描前后及期间始终应答。',
    en: 'Each declared inbound endpoint must answer in TLS; clear text fails. Of the other open ports of the address, those heard to speak TLS or SSH do not count; the rest leave it unproven, for what crosses them is not known, and those that answer in clear text, or usually do by their number, are named. That nothing else can be reached takes an answer from every TCP port, or silence (filtered) while a declared port answered before, during and after the scan.',
  },
  reads: ['tls', 'openPorts', 'platform'],
  parameters: z.strictObject({
    /** Services that do not encrypt, with their usual TCP ports and the answers by which they are known. */
    clear: services,
  }),
  messages,
  remedies: {
    notTls: { zh: '为该端口启用 TLS，或者停用该端口', en: 'turn TLS on for the port, or take the port out of use' },
    noHandshake: {
      zh: '排除握手失败的原因（必要时声明 serverName）后重新采集',
      en: 'find out why the handshake fails (declare serverName where it is needed), and collect again',
    },
    bothWays: {
      zh: '使端口只接受 TLS，或者对明文请求一律拒绝（400）或跳转',
      en: 'let the port take TLS only, or answer every request in clear text with a refusal (400) or a redirection',
    },
    optional: {
      zh: '在服务端强制 TLS（PostgreSQL 用 hostssl，MySQL/MariaDB 用 require_secure_transport），并附配置证明',
      en: 'require TLS (hostssl in PostgreSQL, require_secure_transport in MySQL and MariaDB), and add the configuration as proof',
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
    ...elsewhereRemedies,
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
    return [
      ...tls.map(judgeEndpoint),
      ...tls.flatMap((endpoint) => notAsked(endpoint, endpoints)),
      ...openPorts.flatMap((scan) => judgeScan(scan, openPorts, endpoints, clear)),
    ];
  },
});

function judgeEndpoint(endpoint: Seen<Tls>): Finding<Says> {
  const { value } = endpoint;
  if (!value.speaksTls) return unmet('notTls', endpoint, { saw: value.saw });
  const offered = value.versions.filter(({ state }) => state === 'offered').map(({ version }) => version);
  if (value.startTls && offered.length > 0)
    return unproven('optional', endpoint, { service: value.startTls, versions: offered.join(', ') });
  if (value.inClear !== undefined) return unproven('bothWays', endpoint, { saw: value.inClear });
  return offered.length > 0
    ? met('encrypted', endpoint, { versions: offered.join(', ') })
    : unproven('noHandshake', endpoint);
}

function judgeScan(
  scan: Scan,
  scans: readonly Scan[],
  declared: PlatformDeclaration['endpoints'],
  clear: Services,
): Finding<Says>[] {
  const { endpoints, undeclared } = openedIn(scan, scans, declared);
  const data = standing(scan);
  const known = undeclared.filter((open) => answersInClear(open, clear));
  const others = undeclared.filter((open) => !known.includes(open) && !encrypts(open));
  const findings: Finding<Says>[] = [
    ...(known.length > 0 ? [unproven('clearOpen', scan, { ...data, ports: described(known, clear) })] : []),
    ...(others.length > 0 ? [unproven('otherOpen', scan, { ...data, ports: described(others, clear) })] : []),
    ...doubtsOf(scan, endpoints),
    ...notScanned(scan, declared),
  ];
  if (findings.length > 0) return findings;
  const quiet = quietIn(scan, endpoints);
  return [quiet ? met('noOtherAnswers', scan, { ...data, ...quiet }) : met('noOther', scan, data)];
}
