import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { isAnsweredFor, type OpenPort, rangesOf } from '../../src/evidence/network/open-ports.ts';
import { callsOutOnly } from '../../src/evidence/subjects.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { elsewhereMessages, elsewhereRemedies, notScanned } from '../shared/other-addresses.ts';
import {
  doubtMessages,
  doubtRemedies,
  doubtsOf,
  openedIn,
  quietIn,
  type Scan,
  standing,
} from '../shared/port-scans.ts';
import { described, type Services, services, servicesAt, shown } from '../shared/port-services.ts';

const messages = {
  onlyDeclared: {
    zh: '从取证位置{{zone}}扫描全部 TCP 端口（{{where}}；{{method}}）：除声明的端点（{{declared}}）外，没有开放的端口',
    en: 'all TCP ports of {{where}} were scanned from the zone {{zone}} ({{method}}): nothing is open beside the declared endpoints ({{declared}})',
  },
  onlyDeclaredAnswer: {
    zh: '从取证位置{{zone}}扫描全部 TCP 端口（{{where}}；{{method}}）：除声明的端点（{{declared}}）外，没有可以访问的端口；其中 {{count}} 个端口被过滤，没有应答（{{quiet}}），而声明的端口 {{port}} 在扫描前后及扫描期间 {{asked}} 次连接均有应答',
    en: 'all TCP ports of {{where}} were scanned from the zone {{zone}} ({{method}}): nothing can be reached beside the declared endpoints ({{declared}}); {{count}} ports are filtered and gave no answer ({{quiet}}), while the declared port {{port}} answered each of {{asked}} connections before, during and after the scan',
  },
  sensitiveOpen: {
    zh: '从取证位置{{zone}}可以访问未声明的数据库、管理等敏感端口：{{where}}：{{ports}}（{{method}}）',
    en: 'the zone {{zone}} reaches ports of databases, administration and the like at {{where}} that are not declared: {{ports}} ({{method}})',
  },
  undeclaredOpen: {
    zh: '从取证位置{{zone}}可以访问未声明的端口：{{where}}：{{ports}}（{{method}}）',
    en: 'the zone {{zone}} reaches ports at {{where}} that are not declared: {{ports}} ({{method}})',
  },
  declaredSensitive: {
    zh: '{{where}}：{{ports}} 已声明为端点，但属于或者按端口号可能属于数据库、管理等敏感服务，仅凭扫描不能判定应否向取证位置{{zone}}开放',
    en: '{{where}}: {{ports}} are declared as endpoints, but belong to databases, administration and the like, or may by their number; a scan does not tell whether the zone {{zone}} should reach them',
  },
  loopbackOpen: {
    zh: '{{where}}：有未声明的端口开放：{{ports}}；从其他机器能否访问，在本机上扫描不能说明（取证位置{{zone}}，{{method}}）',
    en: '{{where}}: ports are open that are not declared: {{ports}}; whether other machines reach them a scan on the machine itself does not tell (zone {{zone}}, {{method}})',
  },
  answersForAll: {
    zh: '{{where}}：{{count}} 个端口应答为开放（{{method}}），应答可能来自中间设备，不能判定实际开放的端口',
    en: '{{count}} ports of {{where}} answer as open ({{method}}); a device between may answer, so it cannot be told what is open',
  },
  ...doubtMessages,
  ...elsewhereMessages,
  outboundOnly: {
    zh: '平台声明的端点均为出站，没有需要扫描的入站地址',
    en: 'all declared endpoints are outbound; there is no inbound address to scan',
  },
  nothingSeen: {
    zh: '没有任何入站地址的端口扫描证据',
    en: 'there is no port scan of any inbound address',
  },
};

type Says = keyof typeof messages;

/** Of an inbound address nothing is open to where the scanner stands but the declared endpoints. */
export const check = defineCheck({
  id: 'network/exposed-ports',
  title: { zh: '未声明端口的暴露情况', en: 'Ports exposed beside the declared ones' },
  about: {
    zh: '将每个入站地址实测开放的 TCP 端口与平台文件声明的入站端点逐一比对，未声明而开放的为不符合，数据库、管理等敏感服务单独列出：以端口的实际应答识别，没有识别出的按端口号推断。结论仅就取证位置而言。没有应答（被过滤）的端口，只有在声明的端口于扫描前后及期间始终应答时，才视为从该位置不能访问。端口未全部扫描或者仅在本机上可见的，不下结论。不扫描 UDP。',
    en: 'Compares the TCP ports seen open at each inbound address with the declared inbound endpoints: what is open and not declared fails, databases and administration named apart, known by what the port answers, else guessed from its number. It holds for where the scanner stood. A port without an answer (filtered) counts as out of reach only if a declared port answered before, during and after the scan. Ports not scanned, or seen on the machine itself only, prove nothing. UDP is not scanned.',
  },
  reads: ['openPorts', 'platform'],
  parameters: z.strictObject({
    /** Services that nobody outside should reach, with their usual TCP ports and the answers by which they are known. */
    sensitive: services,
  }),
  messages,
  remedies: {
    sensitiveOpen: {
      zh: '使其仅在内部地址监听，或在边界防火墙上限制来源；取证位置属于管理区的，从服务使用方所在区域重新采集',
      en: 'let it listen on inner addresses only, or restrict who may reach it at the boundary; if the scanner stood in the zone of administration, collect again from where users of the service stand',
    },
    undeclaredOpen: {
      zh: '关闭该端口，或者办理备案并在平台文件中声明',
      en: 'close the port, or file it and declare it in the platform file',
    },
    declaredSensitive: {
      zh: '是数据库、管理等服务的，取消声明并关闭；不是的，使端口能够识别（limits.services）或者改用其他端口',
      en: 'if it is such a service, close it and withdraw the declaration; if it is not, let the port be asked what it is (limits.services) or serve on another one',
    },
    loopbackOpen: {
      zh: '以备案的地址声明端点，并从其他机器扫描',
      en: 'declare the endpoint by its filed address, and scan from another machine',
    },
    answersForAll: {
      zh: '从不经过该设备的位置扫描，或在该设备上对扫描机停用代答',
      en: 'scan from where the device does not answer, or turn its answering off for the scanner',
    },
    ...doubtRemedies,
    ...elsewhereRemedies,
    nothingSeen: {
      zh: '在平台文件中声明入站端点并重新采集',
      en: 'declare the inbound endpoints in the platform file and collect again',
    },
  },

  judge({ openPorts, platform }, { sensitive }) {
    const [declared] = platform;
    if (declared && callsOutOnly(declared.value)) return [notApplicable('outboundOnly', declared)];
    if (!declared || openPorts.length === 0) return [unproven('nothingSeen', platform, {}, 'openPorts')];
    const { endpoints } = declared.value;
    return openPorts.flatMap((scan) => judgeScan(scan, openPorts, endpoints, sensitive));
  },
});

function judgeScan(
  scan: Scan,
  scans: readonly Scan[],
  endpoints: PlatformDeclaration['endpoints'],
  sensitive: Services,
): Finding<Says>[] {
  const opened = openedIn(scan, scans, endpoints);
  const own = opened.declared.filter((open) => servicesAt(open, sensitive).length > 0);
  const data = standing(scan);
  const findings: Finding<Says>[] = [
    ...exposed(scan, opened.undeclared, sensitive),
    ...(own.length > 0 ? [unproven('declaredSensitive', scan, { ...data, ports: described(own, sensitive) })] : []),
    ...doubtsOf(scan, opened.endpoints),
    ...notScanned(scan, endpoints),
  ];
  if (findings.length > 0) return findings;
  const declared = shown(rangesOf(opened.endpoints));
  const quiet = quietIn(scan, opened.endpoints);
  return [
    quiet
      ? met('onlyDeclaredAnswer', scan, { ...data, declared, ...quiet })
      : met('onlyDeclared', scan, { ...data, declared }),
  ];
}

function exposed(scan: Scan, ports: readonly OpenPort[], sensitive: Services): Finding<Says>[] {
  if (ports.length === 0) return [];
  const { value } = scan;
  const data = standing(scan);
  // Some firewalls complete every handshake themselves.
  if (isAnsweredFor(value)) return [unproven('answersForAll', scan, { ...data, count: value.open.length })];
  if (value.loopback) return [unproven('loopbackOpen', scan, { ...data, ports: described(ports, sensitive) })];
  const known = ports.filter((open) => servicesAt(open, sensitive).length > 0);
  const others = ports.filter((open) => !known.includes(open));
  return [
    ...(known.length > 0 ? [unmet('sensitiveOpen', scan, { ...data, ports: described(known, sensitive) })] : []),
    ...(others.length > 0 ? [unmet('undeclaredOpen', scan, { ...data, ports: described(others, sensitive) })] : []),
  ];
}
