import type { Text } from '../../src/text.ts';

/** What `network/filed-endpoints` says. */
export const endpointMessages = {
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
  resolvesElsewhere: {
    zh: '不一致：{{endpoint}} 解析到《{{title}}》没有载明的地址（所载 {{filed}}）：{{views}}',
    en: 'disagree: {{endpoint}} resolves to addresses that “{{title}}” does not state (it states {{filed}}): {{views}}',
  },
  probedElsewhere: {
    zh: '{{endpoint}} 由 DNS 解析为 {{resolved}}，探测的却是 {{probed}}，其余地址未探测',
    en: '{{endpoint}} resolves to {{resolved}}; what was probed is {{probed}}, and no other',
  },
  nameUnknown: {
    zh: '端点以域名 {{names}} 声明，未能确定其解析到《{{title}}》所载的 {{filed}}',
    en: 'endpoints are declared by name ({{names}}); it cannot be told that they resolve to {{filed}}, as “{{title}}” states',
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
} as const satisfies Record<string, Text>;

/** What to do about these. */
export const endpointRemedies = {
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
  resolvesElsewhere: {
    zh: '变更备案，或更正 DNS 记录',
    en: 'change the filing, or correct the DNS record',
  },
  probedElsewhere: {
    zh: '在平台文件中逐一以备案的 IP 地址声明端点，域名写入 serverName',
    en: 'declare an endpoint by each filed address, with the name as serverName',
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
} as const satisfies { readonly [Each in keyof typeof endpointMessages]?: Text };
