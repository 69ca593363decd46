import { z } from 'zod';
import { type FiledDocument, paperDefect } from '../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { type OpenPorts, stateOfPort } from '../../src/evidence/network/open-ports.ts';
import type { Tls } from '../../src/evidence/network/tls.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { endpointName, isAddress, isSameAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';

const messages = {
  filedAndOpen: {
    zh: '{{endpoint}} 与《{{title}}》一致，端口开放并使用 TLS（{{versions}}）',
    en: '{{endpoint}} is filed in “{{title}}”, open, and speaks TLS ({{versions}})',
  },
  notFiled: {
    zh: '不一致：声明 {{endpoint}}（{{kind}}），《{{title}}》所载为 {{filed}}',
    en: 'disagree: {{endpoint}} ({{kind}}) is declared, “{{title}}” states {{filed}}',
  },
  notDeclared: {
    zh: '不一致：《{{title}}》载有 {{filed}}，平台文件声明的端点为 {{declared}}',
    en: 'disagree: “{{title}}” states {{filed}}, the platform file declares {{declared}}',
  },
  testNotFiled: {
    zh: '《{{title}}》没有载明任何测试地址，无法判定测试端点 {{endpoint}} 是否备案',
    en: '“{{title}}” states no test address at all, so it cannot be told whether the test endpoint {{endpoint}} is filed',
  },
  nameUnknown: {
    zh: '端点以域名 {{names}} 声明，没有证据表明其解析到《{{title}}》所载的 {{filed}}',
    en: 'endpoints are declared by name ({{names}}); nothing shows that they resolve to {{filed}}, as “{{title}}” states',
  },
  closed: {
    zh: '{{endpoint}} 已备案，但端口关闭（{{method}}）',
    en: '{{endpoint}} is filed, but the port is closed ({{method}})',
  },
  notTls: {
    zh: '{{endpoint}} 已备案并开放，但不使用 TLS，收到：{{saw}}',
    en: '{{endpoint}} is filed and open, but does not speak TLS; it answered: {{saw}}',
  },
  filtered: {
    zh: '{{endpoint}} 对探测没有应答（filtered），可能被防火墙拦截，无法判定',
    en: '{{endpoint}} gives no answer to probes (filtered); a firewall may drop them',
  },
  notScanned: {
    zh: '没有端口 {{endpoint}} 的扫描结果',
    en: 'the port {{endpoint}} was not scanned',
  },
  tlsUnknown: {
    zh: '{{endpoint}} 开放，但没有取得 TLS 探测结果',
    en: '{{endpoint}} is open, but there is no answer to a TLS hello',
  },
  contradiction: {
    zh: '{{endpoint}} 的证据相互矛盾：端口扫描为关闭，TLS 握手却成功',
    en: 'the evidence of {{endpoint}} contradicts itself: the scan found the port closed, yet a TLS handshake succeeded',
  },
  outboundOnly: {
    zh: '《{{title}}》只备案出站方向，没有需要开放的端口',
    en: '“{{title}}” files outbound connections only; no port need be open',
  },
  noPaper: {
    zh: '没有备案材料（{{document}}）的有效证据',
    en: 'there is no evidence of the filing ({{document}})',
  },
  paperUnusable: {
    zh: '《{{title}}》未持有或文件不可用，无法核对',
    en: '“{{title}}” is not held or its file is not usable, so nothing can be compared',
  },
  notStated: {
    zh: '平台文件没有摘录《{{title}}》所载的地址和端口',
    en: 'the platform file does not say which addresses and ports “{{title}}” states',
  },
  noEndpoints: { zh: '平台文件没有声明任何端点', en: 'the platform file declares no endpoint' },
};

type Says = keyof typeof messages;

/** What the filing states, what the unit declares and what the network shows are the same endpoints. */
export const check = defineCheck({
  id: 'network/filed-endpoints',
  title: { zh: '网络地址备案与实际一致', en: 'Filed network endpoints are what runs' },
  about: {
    zh: '将备案材料所载的地址、端口和方向与平台文件声明的端点逐一比对；入站端口还须实测为开放并使用 TLS，出站方向不要求开放端口。',
    en: 'Compares the addresses, ports and directions that the filing states with the declared endpoints, one by one; inbound ports must also be seen open and speaking TLS, outbound ones need not be open.',
  },
  reads: ['documents', 'platform', 'openPorts', 'tls'],
  parameters: z.strictObject({
    /** The id of the filing. */
    document: z.string().min(1),
  }),
  messages,
  remedies: {
    notFiled: {
      zh: '变更备案，或更正平台文件中的端点与材料摘录',
      en: 'change the filing, or correct the endpoint and what the platform file says of the paper',
    },
    notDeclared: {
      zh: '在平台文件中声明该端点；已停用的，办理关闭备案',
      en: 'declare the endpoint; if it is out of use, file that it is closed',
    },
    testNotFiled: {
      zh: '核对备案表是否要求填写测试地址，并在平台文件 states.addresses 中补充',
      en: 'see whether the form asks for a test address, and add it under states.addresses',
    },
    nameUnknown: {
      zh: '在平台文件中以备案的 IP 地址声明端点，域名写入 serverName',
      en: 'declare the endpoint by its filed address, and the name as serverName',
    },
    closed: { zh: '启用该服务，或变更备案', en: 'start the service, or change the filing' },
    notTls: { zh: '为该端口启用 TLS', en: 'turn TLS on for the port' },
    filtered: {
      zh: '从能够访问该端口的区域扫描，或为扫描机放行',
      en: 'scan from a zone that may reach the port, or let the scanner through',
    },
    notScanned: {
      zh: '将该端口列入 limits.ports 并重新采集',
      en: 'include the port in limits.ports and collect again',
    },
    tlsUnknown: { zh: '排除 TLS 探测失败的原因后重新采集', en: 'find out why the TLS probe failed, and collect again' },
    contradiction: { zh: '重新采集', en: 'collect again' },
    noPaper: { zh: '在平台文件 documents.items 中列出备案材料', en: 'list the filing under documents.items' },
    paperUnusable: { zh: '提供完整的备案材料', en: 'provide the complete filing' },
    notStated: {
      zh: '在该材料的 states.addresses 与 states.ports 中摘录所载内容',
      en: 'write down what it states under states.addresses and states.ports',
    },
    noEndpoints: { zh: '在平台文件 endpoints 中声明端点', en: 'declare the endpoints in the platform file' },
  },

  judge({ documents, platform, openPorts, tls }, { document }) {
    const papers = documents.filter((each) => each.value.id === document);
    if (papers.length === 0) return [unproven('noPaper', [], { document }, document)];
    const [declared] = platform;
    if (!declared || declared.value.endpoints.length === 0) return [unproven('noEndpoints', platform, {}, document)];
    return papers.flatMap((paper) => judgePaper({ paper, declared, openPorts, tls }));
  },
});

type Given = {
  readonly paper: Seen<FiledDocument>;
  readonly declared: Seen<PlatformDeclaration>;
  readonly openPorts: readonly Seen<OpenPorts>[];
  readonly tls: readonly Seen<Tls>[];
};

type Endpoint = PlatformDeclaration['endpoints'][number];

function judgePaper(given: Given): Finding<Says>[] {
  const { paper, declared } = given;
  const { title, sha256, states } = paper.value;
  if (paperDefect(paper.value) || sha256 === undefined) return [unproven('paperUnusable', paper, { title })];
  if (states.addresses.length === 0 || states.ports.length === 0) return [unproven('notStated', paper, { title })];
  const endpoints = distinct(declared.value.endpoints);
  const findings = [...undeclared(given, endpoints), ...endpoints.flatMap((each) => judgeEndpoint(each, given))];
  const isOutbound = [...states.ports, ...endpoints].every(({ direction }) => direction === 'outbound');
  return isOutbound ? [...findings, notApplicable('outboundOnly', [paper, declared], { title })] : findings;
}

function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  const keyOf = (each: Endpoint): string => `${each.direction} ${each.environment} ${endpointName(each)}`;
  return [...new Map(endpoints.map((each) => [keyOf(each), each])).values()];
}

// What stands on the paper and nowhere in the declaration.
function undeclared({ paper, declared, openPorts }: Given, endpoints: readonly Endpoint[]): Finding<Says>[] {
  const { title, states } = paper.value;
  const data = { title, declared: joined(endpoints.map(describe), '、', ', ') };
  const names = endpoints.filter(({ address }) => !isAddress(address)).map(endpointName);
  const addresses = states.addresses.filter(({ address }) => !endpoints.some((each) => isAt(each, address, openPorts)));
  const ports = states.ports.filter(
    ({ port, direction }) => !endpoints.some((each) => each.port === port && each.direction === direction),
  );
  return [
    // A name may resolve to more addresses than were seen.
    ...addresses.map((each) =>
      names.length > 0
        ? unproven('nameUnknown', [paper, declared], { title, names: names.join(', '), filed: each.address })
        : unmet('notDeclared', [paper, declared], { ...data, filed: addressText(each) }),
    ),
    ...ports.map((each) => unmet('notDeclared', [paper, declared], { ...data, filed: portText(each) })),
  ];
}

function judgeEndpoint(endpoint: Endpoint, given: Given): Finding<Says>[] {
  const { paper, declared } = given;
  const { title, states } = paper.value;
  const name = endpointName(endpoint);
  const data = { endpoint: name, title };
  const port = states.ports.some((each) => each.port === endpoint.port && each.direction === endpoint.direction);
  const address = addressFiled(endpoint, given);
  const filed = joined([...states.addresses.map(addressText), ...states.ports.map(portText)], '、', ', ');
  if (!port || address === 'no')
    return [unmet('notFiled', [paper, declared], { ...data, kind: kindOf(endpoint), filed }, name)];
  if (address === 'name') return [unproven('nameUnknown', [paper, declared], { title, names: name, filed }, name)];
  if (address === 'unknown') return [unproven('testNotFiled', [paper, declared], data, name)];
  return endpoint.direction === 'inbound' ? [reached(endpoint, given)] : [];
}

// A form without a field for test addresses says nothing of them.
function addressFiled(endpoint: Endpoint, { paper, openPorts }: Given): 'yes' | 'no' | 'unknown' | 'name' {
  const filed = paper.value.states.addresses;
  const { environment } = endpoint;
  const same = filed.filter(({ address }) => isAt(endpoint, address, openPorts));
  const isWithoutTest = environment === 'test' && filed.every((each) => each.environment === 'production');
  if (same.some((each) => each.environment === environment) || (same.length > 0 && isWithoutTest)) return 'yes';
  if (isWithoutTest) return 'unknown';
  return same.length === 0 && !isAddress(endpoint.address) ? 'name' : 'no';
}

// An endpoint that is declared by name is where the scan found it.
function isAt({ address }: Endpoint, filed: string, openPorts: readonly Seen<OpenPorts>[]): boolean {
  const found = openPorts.filter(({ subject }) => subject === address).map(({ value }) => value.address);
  return [address, ...found].some((each) => isSameAddress(each, filed));
}

// A handshake shows that the port is open, whatever a scan could see; only "closed" contradicts it.
function reached(endpoint: Endpoint, { paper, openPorts, tls }: Given): Finding<Says> {
  const name = endpointName(endpoint);
  const data = { endpoint: name, title: paper.value.title };
  const talks = tls.filter(({ subject }) => subject === name);
  const scans = openPorts
    .filter(({ subject }) => subject === endpoint.address)
    .map((scan) => ({ scan, state: stateOfPort(scan.value, endpoint.port) }));
  const inState = (state: string): Seen<OpenPorts>[] =>
    scans.filter((each) => each.state === state).map(({ scan }) => scan);
  for (const talk of talks) {
    if (!talk.value.speaksTls) return unmet('notTls', [paper, talk], { ...data, saw: talk.value.saw }, name);
  }
  const [closed] = inState('closed');
  const talk = talks.find(({ value }) => offered(value) !== '');
  if (talk && closed) return unproven('contradiction', [paper, talk, closed], data, name);
  if (talk)
    return met('filedAndOpen', [paper, talk, ...inState('open')], { ...data, versions: offered(talk.value) }, name);
  const [open] = inState('open');
  if (open) return unproven('tlsUnknown', [paper, open], data, name);
  if (closed) return unmet('closed', [paper, closed], { ...data, method: closed.value.method }, name);
  const [filtered] = inState('filtered');
  return filtered
    ? unproven('filtered', [paper, filtered], data, name)
    : unproven('notScanned', [paper, ...scans.map(({ scan }) => scan)], data, name);
}

function offered(value: Tls): string {
  const versions = value.speaksTls ? value.versions.filter(({ state }) => state === 'offered') : [];
  return versions.map(({ version }) => version).join(', ');
}

const environments = {
  production: { zh: '生产', en: 'production' },
  test: { zh: '测试', en: 'test' },
} as const satisfies Record<string, Text>;

const directions = {
  inbound: { zh: '入站', en: 'inbound' },
  outbound: { zh: '出站', en: 'outbound' },
} as const satisfies Record<string, Text>;

function kindOf({ environment, direction }: Endpoint): Text {
  return joined([environments[environment], directions[direction]], '、', ', ');
}

function describe(endpoint: Endpoint): Text {
  return within(endpointName(endpoint), kindOf(endpoint));
}

function addressText({ address, environment }: FiledDocument['states']['addresses'][number]): Text {
  return within(address, environments[environment]);
}

function portText({ port, protocol, direction }: FiledDocument['states']['ports'][number]): Text {
  return joined([{ zh: '端口', en: 'port' }, within(`${port}/${protocol}`, directions[direction])], ' ', ' ');
}

function within(words: string, note: Text): Text {
  const plain = verbatim(words);
  return { zh: `${plain.zh}（${note.zh}）`, en: `${plain.en} (${note.en})` };
}
