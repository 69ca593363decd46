import type { Text } from '../../text.ts';

/** What stands in the statement of method: labels, sentences, and what is the same in every report. */
export const methodTexts = {
  item: { zh: '事项', en: 'Item' },
  content: { zh: '说明', en: 'Statement' },
  heading: { zh: '方法与限制', en: 'Method and limits' },
  objects: { zh: '评估对象', en: 'What was looked at' },
  objectsText: {
    zh: '{{origin}}：{{subjects}} 个对象，证据 {{items}} 件，其中未取得 {{unobserved}} 件',
    en: '{{origin}}: subjects {{subjects}}, items of evidence {{items}}, of these unobserved {{unobserved}}',
  },
  places: { zh: '取证位置和时间', en: 'From where, and when' },
  placeText: { zh: '{{zone}}：{{from}} 至 {{to}}，{{items}} 件', en: '{{zone}}: {{from}} to {{to}}, items {{items}}' },
  programs: { zh: '所用程序及版本', en: 'Programs and versions' },
  collectedBy: { zh: '采集：{{tool}}', en: 'collected by {{tool}}' },
  assessedBy: { zh: '评估：{{tool}}', en: 'assessed by {{tool}}' },
  contactedBy: { zh: '联系方式：{{programs}}', en: 'contacts made by: {{programs}}' },
  scannedBy: { zh: '端口扫描：{{programs}}', en: 'ports scanned by: {{programs}}' },
  rules: { zh: '规范配置文件', en: 'Files of the profile' },
  tightened: {
    zh: '其中 {{count}} 项要求采用本单位自定的更严限值，在各项下列明',
    en: 'requirements for which the unit set stricter thresholds, listed there: {{count}}',
  },
  network: { zh: '地址族与端口', en: 'Address families and ports' },
  families: {
    zh: '联系的地址：IPv4 {{four}} 个，IPv6 {{six}} 个',
    en: 'addresses contacted: {{four}} of IPv4, {{six}} of IPv6',
  },
  scan: {
    zh: '{{address}}：TCP 端口 {{ports}}，扫描位置 {{zone}}{{rest}}',
    en: '{{address}}: TCP ports {{ports}}, from {{zone}}{{rest}}',
  },
  short: { zh: '，只扫描了常用端口和声明的端口', en: ', common and declared ports only' },
  overLoopback: { zh: '，在本机上，未经防火墙', en: ', on the machine itself, past no firewall' },
  scansInIndex: { zh: '端口扫描 {{count}} 件，见证据索引', en: 'scans of ports: {{count}}, see the index of evidence' },
  noScan: { zh: '没有做端口扫描', en: 'no ports were scanned' },
  noUdp: { zh: 'UDP 端口未扫描', en: 'UDP ports were not scanned' },
  more: { zh: '等共 {{count}} 项', en: 'and others, {{count}} in all' },
  age: { zh: '证据时效', en: 'Age of evidence' },
  ageText: {
    zh: '基准日前超过 {{months}} 个月的实测证据、期末早于基准日 {{days}} 日以上的台账，以及基准日之后取得的证据，均不作为判定依据，相关要求为待确认',
    en: 'Measurements more than {{months}} months before the as-of date, ledgers that ended more than {{days}} days before it, and whatever was observed after it, count for nothing: what depends on them is unproven',
  },
  unseen: { zh: '未能取得的证据', en: 'What could not be had' },
  unseenText: { zh: '{{reason}} {{count}} 件：{{kinds}}', en: '{{reason}}, {{count}}: {{kinds}}' },
  notCollected: { zh: '没有采集：{{kinds}}', en: 'not collected: {{kinds}}' },
  ofSome: { zh: '{{kind}}（{{declared}} 个对象中的 {{missing}} 个）', en: '{{kind}} (of {{missing}} of {{declared}})' },
  notDeclared: {
    zh: '平台文件没有声明相应对象，因而没有采集：{{kinds}}',
    en: 'not collected, since the platform file declares nothing of the sort: {{kinds}}',
  },
  nothingUnseen: { zh: '无', en: 'nothing' },
  missing: { zh: '缺少分片：{{parts}}', en: 'parts of the collection that are missing: {{parts}}' },
  outside: { zh: '未纳入的内容', en: 'What was not looked at' },
  outsideText: {
    zh: '平台文件未声明的主机、地址和数据存储；税务机关的系统；机房等物理环境；应用程序源代码；材料的正文（只登记大小、类型、哈希值以及平台文件摘录的内容，台账和数据表除外）。',
    en: 'Hosts, addresses and stores that the platform file does not declare; the systems of the tax authority; premises; source code of applications; the text of papers (only size, type, hashes and what the platform file quotes of them are kept; registers and tables are read).',
  },
  guard: { zh: '范围的保证', en: 'How the scope is held' },
  guardText: {
    zh: '本工具的每个网络连接和每次启动外部程序都须经范围守卫放行，放行的联系逐次记入证据包清单，本章列出的即取自该清单，并由上列清单哈希值固定；守卫放行之后，外部程序自身的行为由其参数限定。',
    en: 'Each connection that this tool opens and each program that it starts passes the scope guard; each contact let through is written into the manifest of the evidence, from which the list in this chapter is taken and whose hash is given above. What a program does once it is started is bounded by its arguments.',
  },
  operator: { zh: '操作人员', en: 'Who ran it' },
  operatorText: {
    zh: '证据和本报告均不记录由何人运行采集和评估；需要时由本单位另行说明。',
    en: 'Neither the evidence nor this report records who ran collection and assessment; the unit states it elsewhere where asked.',
  },
} as const satisfies Record<string, Text>;
