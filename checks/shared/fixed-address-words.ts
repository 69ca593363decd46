import type { Text } from '../../src/text.ts';
import { paperMessages, paperRemedies } from './papers.ts';

/** What `network/fixed-address` says. */
export const addressMessages = {
  asFiled: {
    zh: '端点地址 {{address}} 是公网地址，与{{papers}}所载一致',
    en: 'the endpoint’s address {{address}} is public, and stands in {{papers}}',
  },
  resolvesAsFiled: {
    zh: '{{name}} 只解析到《{{title}}》所载的公网地址：{{views}}',
    en: '{{name}} resolves to public addresses filed in “{{title}}” and to no other: {{views}}',
  },
  malformed: {
    zh: '《{{title}}》所载 {{address}} 不是 IP 地址',
    en: '{{address}}, as “{{title}}” states, is no IP address',
  },
  notPublic: {
    zh: '《{{title}}》所载 {{address}} 不是公网地址，属于{{range}}',
    en: '{{address}}, as “{{title}}” states, is not public but {{range}}',
  },
  notFiled: {
    zh: '端点地址 {{address}} 不在《{{title}}》所载的生产地址（{{filed}}）之列',
    en: 'the endpoint’s address {{address}} is none of the production addresses that “{{title}}” states ({{filed}})',
  },
  notProved: {
    zh: '《{{title}}》所载 {{address}} 不在《{{proof}}》所载的地址（{{proved}}）之列',
    en: '{{address}}, as “{{title}}” states, is none of the addresses in “{{proof}}” ({{proved}})',
  },
  unused: {
    zh: '《{{title}}》所载 {{address}} 不是平台文件任何生产端点的地址',
    en: '{{address}}, as “{{title}}” states, is the address of no production endpoint of the platform file',
  },
  maybeUnused: {
    zh: '《{{title}}》所载 {{address}} 是否为以域名声明的端点（{{names}}）的地址，未能确定',
    en: 'it cannot be told whether {{address}}, as “{{title}}” states, is that of an endpoint declared by name ({{names}})',
  },
  resolvesElsewhere: {
    zh: '{{name}} 解析到《{{title}}》没有载明的地址（所载 {{filed}}）：{{views}}',
    en: '{{name}} resolves to addresses that “{{title}}” does not state (it states {{filed}}): {{views}}',
  },
  resolvesPrivate: {
    zh: '{{name}} 解析到的不是公网地址：{{views}}',
    en: '{{name}} resolves to addresses that are not public: {{views}}',
  },
  privateInside: {
    zh: '{{name}} 在内部 DNS 服务器上解析到非公网地址，外部用户得到什么未能看到：{{views}}',
    en: 'resolvers inside give addresses of {{name}} that are not public; what clients outside get cannot be seen: {{views}}',
  },
  disagree: {
    zh: '各 DNS 服务器对 {{name}} 的应答不一致，无法判定：{{views}}',
    en: 'resolvers disagree about {{name}}: {{views}}',
  },
  silent: {
    zh: '有 DNS 服务器未完整回答 {{name}} 的地址，不能说明没有其他地址：{{views}}',
    en: 'a resolver did not answer in full for {{name}}, so it is not shown that there is no other address: {{views}}',
  },
  noAddress: {
    zh: '端点以域名 {{name}} 声明，但 DNS 没有其地址：{{views}}',
    en: 'the endpoint is declared as {{name}}, of which DNS has no address: {{views}}',
  },
  notResolved: { zh: '没有域名 {{name}} 的解析结果', en: 'there is no evidence of what {{name}} resolves to' },
  notInDns: {
    zh: '证书域名 {{name}} 没有 DNS 地址，端点以地址声明：{{views}}',
    en: 'DNS has no address for {{name}}, the name of the certificate; the endpoint is declared by its address: {{views}}',
  },
  noFiledAddress: {
    zh: '平台文件没有摘录《{{title}}》所载的{{which}}',
    en: 'the platform file does not say which {{which}} “{{title}}” states',
  },
  noEndpoints: { zh: '平台文件没有声明任何生产端点', en: 'the platform file declares no production endpoint' },
  ...paperMessages,
} as const satisfies Record<string, Text>;

const correct: Text = {
  zh: '变更备案，或更正 DNS 记录、平台文件中的端点和材料摘录',
  en: 'change the filing, or correct the DNS record, the endpoint or what the platform file says of the paper',
};

const askAgain: Text = {
  zh: '在平台文件 resolvers 中写明外部用户使用的 DNS 服务器，重新采集',
  en: 'name the resolvers that outside clients use under resolvers in the platform file, and collect again',
};

/** What to do about these. */
export const addressRemedies = {
  malformed: { zh: '更正材料或其摘录', en: 'correct the paper, or what the platform file says of it' },
  notPublic: { zh: '备案运营商分配的公网固定地址', en: 'file the public fixed address that the operator assigned' },
  notFiled: correct,
  notProved: { zh: '请运营商就备案的地址出具证明', en: 'have the operator prove the filed address' },
  unused: {
    zh: '在平台文件中声明该地址的端点；已停用的，变更备案',
    en: 'declare the endpoint at this address; if it is out of use, change the filing',
  },
  maybeUnused: askAgain,
  resolvesElsewhere: correct,
  resolvesPrivate: correct,
  privateInside: askAgain,
  disagree: askAgain,
  silent: askAgain,
  noAddress: {
    zh: '在平台文件中以备案的 IP 地址声明端点，域名写入 serverName',
    en: 'declare the endpoint by its filed address, and the name as serverName',
  },
  notResolved: askAgain,
  noFiledAddress: {
    zh: '在该材料的 states.addresses 中摘录',
    en: 'write them down under states.addresses of the paper',
  },
  noEndpoints: { zh: '在平台文件 endpoints 中声明端点', en: 'declare the endpoints in the platform file' },
  ...paperRemedies,
} as const satisfies { readonly [Each in keyof typeof addressMessages]?: Text };
