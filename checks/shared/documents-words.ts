import type { signatories } from '../../src/evidence/filed/documents.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';

/** What the known fields of forms are called. */
const fieldTitles: Readonly<Record<string, Text>> = {
  ability: { zh: '建设、服务、运维和安全能力', en: 'ability to build, serve, operate and secure' },
  address: { zh: '地址', en: 'address' },
  addressOwner: { zh: 'IP 地址所属单位', en: 'owner of the IP addresses' },
  adjusted: { zh: '是否属于可以调整接入条件的情形', en: 'whether adjusted conditions apply' },
  authorisedCode: { zh: '被授权单位统一社会信用代码', en: 'authorised unit’s credit code' },
  authorisedUnit: { zh: '被授权单位名称', en: 'authorised unit' },
  bureau: { zh: '税务机关名称', en: 'tax bureau' },
  businessReport: { zh: '业务情况说明', en: 'business report' },
  change: { zh: '变更、终止原因或生效时间', en: 'reason or effective time of a change or end' },
  cleanRecord: { zh: '无重大税收违法行为和重大涉税舆情', en: 'clean record' },
  cloud: { zh: '是否涉及云服务', en: 'whether cloud services are involved' },
  contact: { zh: '联系人', en: 'contact' },
  correctionMonths1: { zh: '整改期限（第 5 项）', en: 'months to correct (item 5)' },
  correctionMonths2: { zh: '整改期限（第 6 项）', en: 'months to correct (item 6)' },
  correctionMonths3: { zh: '整改期限（第 7 项）', en: 'months to correct (item 7)' },
  creditCode: { zh: '统一社会信用代码', en: 'credit code' },
  dataSupply: { zh: '能否按要求提供涉税数据（第 5 项）', en: 'whether data can be supplied (item 5)' },
  date: { zh: '日期', en: 'date' },
  deployment: { zh: '部署方式', en: 'deployment' },
  details: { zh: '详细信息', en: 'details' },
  effectiveDate: { zh: '生效日期', en: 'effective date' },
  exclusive: { zh: '是否专属使用', en: 'exclusive use' },
  handler: { zh: '经办人', en: 'handler' },
  holder: { zh: '著作权人', en: 'copyright holder' },
  invoices: { zh: '前 12 个月发票数量和金额', en: 'invoices of the last 12 months' },
  legalRepresentative: { zh: '法定代表人（负责人）', en: 'legal representative' },
  mainResponsibility: { zh: '主体责任承担方', en: 'who bears main responsibility' },
  managedBy: { zh: '管理方', en: 'managed by' },
  operator: { zh: '网络运营商', en: 'network operator' },
  otherDuties: { zh: '乙方其他义务', en: 'other duties' },
  otherRights: { zh: '甲方其他权利', en: 'other rights' },
  paidInCapital: { zh: '实缴注册资本', en: 'paid-in capital' },
  period: { zh: '请求期限', en: 'period asked for' },
  periodFrom: { zh: '请求期限起', en: 'period from' },
  periodUntil: { zh: '请求期限止', en: 'period until' },
  phone: { zh: '联系电话', en: 'phone' },
  port: { zh: '端口号', en: 'port' },
  position: { zh: '单位地位', en: 'position' },
  protocol: { zh: '服务协议', en: 'protocol' },
  ratings: { zh: '近三年纳税信用级别', en: 'credit ratings of three years' },
  reason: { zh: '备案原因', en: 'reason for filing' },
  requestType: { zh: '请求类型（备案原因）', en: 'type of request' },
  revenue: { zh: '营业收入', en: 'revenue' },
  rhythm: { zh: '风险监测频次', en: 'rhythm of risk monitoring' },
  riskRecord: { zh: '有无违法或风险记录（第 6 项）', en: 'record of violations or risks (item 6)' },
  riskReport: { zh: '涉税风险防控方案', en: 'risk-control plan' },
  scope: { zh: '范围', en: 'scope' },
  sealed: { zh: '是否加盖公章', en: 'whether it is sealed' },
  serverLocation: { zh: '服务器部署地', en: 'server location' },
  supplements: { zh: '补充约定', en: 'supplements' },
  systemName: { zh: '系统名称', en: 'system name' },
  technicalReport: { zh: '技术情况说明', en: 'technical report' },
  thirdParty: { zh: '第三方服务商', en: 'third-party provider' },
  thirdPartyHosting: { zh: '是否由第三方托管', en: 'third-party hosting' },
  trade: { zh: '累计交易收入', en: 'trade' },
  unitName: { zh: '单位名称', en: 'unit name' },
  usingUnits: { zh: '使用单位户数', en: 'number of using units' },
  validFrom: { zh: '有效期起', en: 'valid from' },
  validity: { zh: '使用有效期', en: 'kind of validity' },
  validUntil: { zh: '有效期止', en: 'valid until' },
};

/** What the known topics of reports are called. */
const topicTitles: Readonly<Record<string, Text>> = {
  collection: { zh: '数据收集', en: 'collection' },
  dailyMonitoring: { zh: '日常监控', en: 'daily monitoring' },
  dataFlow: { zh: '数据流向', en: 'data flow' },
  development: { zh: '开发项目说明', en: 'the development project' },
  disclosure: { zh: '数据公开', en: 'disclosure' },
  gradedProtection: { zh: '等级保护要求的落实', en: 'graded protection' },
  hardware: { zh: '硬件环境', en: 'hardware' },
  implementation: { zh: '技术实现', en: 'technical implementation' },
  model: { zh: '经营模式', en: 'business model' },
  network: { zh: '网络环境', en: 'network' },
  operatingProcedures: { zh: '操作规程', en: 'operating procedures' },
  operation: { zh: '操作说明', en: 'how it is operated' },
  operations: { zh: '运维管理', en: 'operations' },
  plan: { zh: '项目规划', en: 'project plan' },
  processing: { zh: '数据加工', en: 'handling' },
  provision: { zh: '数据提供', en: 'provision to others' },
  recordOrigin: { zh: '原始交易数据的生成方式', en: 'how original records arise' },
  riskIndicators: { zh: '风险防控指标', en: 'risk indicators' },
  riskMeasures: { zh: '风险应对措施', en: 'measures against risks' },
  riskRequirements: { zh: '涉税风险防控要求', en: 'requirements on risk control' },
  scope: { zh: '经营范围', en: 'scope of business' },
  security: { zh: '安全方案', en: 'security plan' },
  securityManagement: { zh: '安全管理', en: 'security management' },
  securityRules: { zh: '内部安全管理制度', en: 'internal security rules' },
  storage: { zh: '数据存储', en: 'storage' },
  systemDesign: { zh: '系统设计', en: 'system design' },
  taxBusiness: { zh: '涉税业务', en: 'tax business' },
  technicalSupport: { zh: '技术支撑管理', en: 'technical support' },
  transmission: { zh: '数据传输', en: 'transmission' },
  use: { zh: '数据使用', en: 'use' },
  users: { zh: '使用人群', en: 'users' },
  volume: { zh: '业务量', en: 'volume' },
};

const signatoryTitles = {
  unit: { zh: '直连单位', en: 'the unit' },
  bureau: { zh: '税务机关', en: 'the tax bureau' },
  authorised: { zh: '被授权单位', en: 'the authorised unit' },
  operator: { zh: '网络运营商', en: 'the network operator' },
} as const satisfies Record<(typeof signatories)[number], Text>;

/** What a field is called; the key itself where it has no title. */
export function fieldTitle(key: string): Text {
  return (Object.hasOwn(fieldTitles, key) ? fieldTitles[key] : undefined) ?? verbatim(key);
}

/** What a topic is called; the key itself where it has no title. */
export function topicTitle(key: string): Text {
  return (Object.hasOwn(topicTitles, key) ? topicTitles[key] : undefined) ?? verbatim(key);
}

/** Who signs. */
export function signatoryTitle(party: (typeof signatories)[number]): Text {
  return signatoryTitles[party];
}

/** Several words in a row: `甲、乙`, `one, other`. */
export function listed(words: readonly Text[]): Text {
  return joined(words, '、', ', ');
}
