import type { Verdict } from '../../assessment/verdict.ts';
import type { Language, Text } from '../../text.ts';

/** Every fixed text of the report: labels, headings, explanations. Sentences with data are filled where the view is made. */
export const texts = {
  title: { zh: '乐企直连平台自评报告', en: 'Self-Evaluation Report of a 乐企 Direct-Connection Platform' },
  titleJoint: {
    zh: '乐企联用直连平台自评报告',
    en: 'Self-Evaluation Report of a 乐企 Joint-Use Direct-Connection Platform',
  },
  running: { zh: '乐企直连平台自评报告', en: 'Self-evaluation report, 乐企 direct connection' },
  runningJoint: { zh: '乐企联用直连平台自评报告', en: 'Self-evaluation report, 乐企 joint use' },
  contents: { zh: '目录', en: 'Contents' },
  unit: { zh: '直连单位', en: 'Unit' },
  creditCode: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  platform: { zh: '直连平台', en: 'Platform' },
  mode: { zh: '使用方式', en: 'Mode of use' },
  period: { zh: '接入有效期', en: 'Access valid' },
  since: { zh: '投入使用日期', en: 'In service since' },
  profile: { zh: '规范配置', en: 'Profile' },
  occasion: { zh: '评估事项', en: 'Occasion' },
  asOf: { zh: '评估基准日', en: 'As of' },
  collected: { zh: '取证时间', en: 'Evidence collected' },
  number: { zh: '报告编号', en: 'Report number' },

  conclusion: { zh: '评估结论', en: 'Conclusion' },
  overall: { zh: '总体情况', en: 'Overall' },
  meaningOfUnproven: {
    zh: '“待确认”指现有证据不足以判定，既不视为符合，也不视为不符合。本报告逐项列明判定及其证据，不代替税务机关的审验结论。',
    en: '"Unproven" means that the evidence does not suffice: such a row counts neither as met nor as unmet. This report gives each verdict with its evidence; it does not take the place of the authority\'s review.',
  },
  part: { zh: '部分', en: 'Part' },
  total: { zh: '合计', en: 'Total' },
  chart: { zh: '各部分判定分布', en: 'Verdicts by part' },
  worst: { zh: '不符合或者部分符合的要求', en: 'Requirements that are unmet or partially met' },
  noneWorst: { zh: '没有判定为不符合或者部分符合的要求。', en: 'No requirement came out unmet or partially met.' },
  applies: { zh: '占适用要求', en: 'of what applies' },
  open: { zh: '需整改或补充证据的要求', en: 'Requirements to be corrected or proven' },
  nothingOpen: {
    zh: '没有判定为不符合、部分符合或待确认的要求。',
    en: 'No requirement came out unmet, partially met or unproven.',
  },
  id: { zh: '编号', en: 'Id' },
  requirement: { zh: '要求', en: 'Requirement' },
  verdict: { zh: '判定', en: 'Verdict' },
  mainReason: { zh: '主要原因', en: 'Main reason' },

  waivers: { zh: '例外', en: 'Waivers' },
  waiversUse: {
    zh: '例外是本单位在限定期间内对已知问题的书面接受，由批准人负责。例外不改变判定，也不代替整改；到期后自动失效。下表列出例外清单中的全部条目，状态以评估基准日为准。',
    en: 'A waiver is the written acceptance of a known problem for a limited time, for which its approver answers. It changes no verdict and replaces no correction, and ends by itself. All entries of the list of waivers, as they stand on the as-of date:',
  },
  waiver: { zh: '例外', en: 'Waiver' },
  waiverOfWhat: { zh: '对象', en: 'Of what' },
  waiverReason: { zh: '理由', en: 'Reason' },
  approver: { zh: '批准人', en: 'Approved by' },
  waiverTerm: { zh: '期间', en: 'From, until' },
  covered: { zh: '所覆盖的发现', en: 'Findings it covers' },
  history: { zh: '历次评估', en: 'Assessments over time' },
  trend: { zh: '历次评估的判定分布', en: 'Verdicts over time' },
  historyDate: { zh: '基准日', en: 'As of' },
  historyChange: { zh: '与上次相比', en: 'Compared with the one before' },

  scope: { zh: '评估范围与方法', en: 'Scope and method' },
  sources: { zh: '评估依据文件', en: 'Documents this assessment stands on' },
  code: { zh: '简称', en: 'Code' },
  document: { zh: '文件', en: 'Document' },
  issued: { zh: '发布', en: 'Issued' },
  collection: { zh: '取证情况', en: 'How evidence was collected' },
  kind: { zh: '证据种类', en: 'Kind of evidence' },
  kindsAndItems: { zh: '证据种类及件数', en: 'Kinds of evidence, with their number' },
  origin: { zh: '来源', en: 'Origin' },
  observed: { zh: '已取得', en: 'Observed' },
  unobserved: { zh: '未取得', en: 'Unobserved' },
  contacts: { zh: '联系范围', en: 'What was contacted' },
  address: { zh: '地址', en: 'Address' },
  port: { zh: '端口', en: 'Port' },
  by: { zh: '发起程序', en: 'By' },
  times: { zh: '次数', en: 'Times' },
  noContacts: { zh: '本次取证没有打开任何网络连接。', en: 'No network connection was opened.' },
  guardHeld: {
    zh: '采集由范围守卫限定：只联系平台文件声明的地址，以及解析其名称的 DNS 服务器；联系过的地址以上即为全部。税务机关的域名和地址一律在建立连接之前拒绝；除上列地址外，本工具没有向任何地址、也没有向税务机关的任何系统发起连接、扫描或探测。上列地址收到流量后若再行转发，从取证位置看不到。',
    en: 'The scope guard lets only addresses through that the platform file declares, and the DNS servers that resolve their names: the addresses above are all that were contacted. Names and addresses of the tax authority are refused before a socket opens. Nothing else, and in particular no system of the tax authority, was connected to, scanned or probed by this tool. Where one of these addresses passes on what it receives cannot be seen from where the collector stood.',
  },
  terms: { zh: '判定与依据用语', en: 'The words used' },
  term: { zh: '用语', en: 'Word' },
  meaning: { zh: '含义', en: 'Meaning' },

  partOverview: { zh: '概况', en: 'Overview' },
  rows: { zh: '逐项评估', en: 'Row by row' },
  notApplicable: { zh: '不适用的要求', en: 'Requirements that do not apply' },
  reason: { zh: '原因', en: 'Reason' },
  clauses: { zh: '条款', en: 'Clause' },
  basis: { zh: '依据', en: 'Basis' },
  subject: { zh: '对象', en: 'Subject' },
  finding: { zh: '发现', en: 'Finding' },
  evidence: { zh: '证据', en: 'Evidence' },
  check: { zh: '检查项', en: 'Check' },
  remedy: { zh: '整改建议', en: 'Remedy' },
  ifMissed: { zh: '不满足的后果', en: 'If it is not met' },
  tightened: { zh: '本单位自定的更严限值', en: 'Threshold set stricter by the unit' },
  statement: { zh: '声明', en: 'Statement' },
  statementSigned: { zh: '声明（已签署）', en: 'Statement (signed)' },
  statementUnsigned: { zh: '声明（待签署）', en: 'Statement (not yet signed)' },
  signed: { zh: '已签署', en: 'Signed' },
  unsigned: { zh: '待签署', en: 'Not yet signed' },
  noApplicable: { zh: '本部分没有适用于本次事项的要求。', en: 'No requirement of this part applies.' },

  rectification: { zh: '整改清单', en: 'Rectification list' },
  toCorrect: { zh: '须整改的要求', en: 'To be corrected' },
  toCorrectUse: {
    zh: '下列要求不符合或者部分符合。责任人、计划完成日期、完成和复核情况由本单位填写；法规规定了最迟日期的，已在计划完成一栏注明。',
    en: 'These requirements are unmet or partially met. The unit fills in who is responsible, by when, and when it was done and checked; where the rules name a last day, it stands in its column.',
  },
  toProve: { zh: '须补充证据的要求', en: 'To be proven' },
  toProveUse: {
    zh: '下列要求因证据缺失、不足、过期或者尚待签署而不能判定，补充证据后重新评估。',
    en: 'Of these requirements the evidence is missing, insufficient, too old or not yet signed; supply it and assess again.',
  },
  measure: { zh: '整改或补证措施', en: 'Measure' },
  responsible: { zh: '责任人', en: 'Owner' },
  problem: { zh: '存在问题', en: 'What is wrong' },
  lacking: { zh: '所缺证据', en: 'What is lacking' },
  latest: { zh: '最迟', en: 'at the latest' },
  planned: { zh: '计划完成日期', en: 'Planned for' },
  done: { zh: '完成情况', en: 'Done on' },
  checkedBy: { zh: '复核人及日期', en: 'Checked by, on' },
  measureUnmet: {
    zh: '由责任部门制定整改措施，完成后重新评估',
    en: 'decide on a correction, carry it out, assess again',
  },
  measureUnproven: { zh: '补充所缺证据后重新评估', en: 'supply the missing evidence, assess again' },

  index: { zh: '证据索引', en: 'Index of evidence' },
  indexUse: {
    zh: '证据按来源列示，时间为评估对象所在时区。主机、网络和数据库证据的 SHA-256 是原始输出的，材料的 SHA-256 是文件本身的；正文中写作前 12 位的，全文见本章。原始输出保存在证据包中，可用 leqi-audit verify 核验。',
    en: "Evidence is listed by where it comes from; times are in the platform's time zone. A SHA-256 is of the raw output, or of the paper itself; where the report gives its first 12 digits, the whole is here. Raw output is kept in the evidence bundle and can be checked with leqi-audit verify.",
  },
  notSeen: { zh: '未取得的证据', en: 'Unobserved' },
  groups: { zh: '合并列示的对象', en: 'Subjects of folded rows' },
  groupsUse: {
    zh: '正文中多个对象结论相同的，合并为一行；各行所指的对象在此全部列出。',
    en: 'Where many subjects come out alike, the report gives them one row; every subject of these rows is listed here.',
  },
  noEntries: { zh: '无。', en: 'None.' },
  time: { zh: '取得时间', en: 'Time' },
  hashOrMethod: { zh: 'SHA-256 与各自的方法', en: 'SHA-256, and its own method' },
  reasonOrMethod: { zh: '未取得的原因与方法', en: 'Why it is unobserved, and the method' },
  howObtained: { zh: '取得方法', en: 'How it was got' },

  declaration: { zh: '声明与签署', en: 'Statements and signatures' },
  statements: { zh: '声明事项', en: 'Statements' },
  noStatements: { zh: '本次评估没有须由人员声明的事项。', en: 'This assessment asks for no statement.' },
  state: { zh: '状态', en: 'State' },
  signing: { zh: '签署', en: 'Signatures' },
  legalRepresentative: { zh: '法定代表人（签字）', en: 'Legal representative (signature)' },
  securityOfficer: { zh: '网络与数据安全负责人（签字）', en: 'Network and data security officer (signature)' },
  electronic: { zh: '电子', en: 'Electronic ' },
  signature: { zh: '签名', en: 'signature' },
  signedBy: { zh: '签署人', en: 'Signed by' },
  signedAt: { zh: '签署时间', en: 'Signed at' },
  certificate: { zh: '证书 SHA-256', en: 'Certificate, SHA-256' },
  timeStamp: {
    zh: '签名附时间戳（RFC 3161），签署时联系的服务器',
    en: 'With a time stamp (RFC 3161); server contacted to sign',
  },
  signatureReason: { zh: '签署自评报告', en: 'Signs the self-evaluation report' },
  sealHere: { zh: '（公章）', en: '(seal)' },
  seal: { zh: '单位（公章）', en: 'Unit (seal)' },
  sealPlace: { zh: '盖章处', en: 'Seal' },
  manifest: { zh: '证据包清单 SHA-256', en: 'SHA-256 of the evidence manifest' },
  date: { zh: '日期', en: 'Date' },
  dateBlank: { zh: '　　　　年　　月　　日', en: '________________' },
  pageBefore: { zh: '第 ', en: 'Page ' },
  pageBetween: { zh: ' 页　共 ', en: ' of ' },
  pageAfter: { zh: ' 页', en: '' },
  attachment: { zh: '机器可读的评估结果，与本报告内容一致', en: 'The assessment that this report shows, for machines' },
  link: { zh: '跳转到所指位置', en: 'Go to the place named' },
} as const satisfies Record<string, Text>;

/** Every fixed text, in one language. */
export type Words = Readonly<Record<keyof typeof texts, string>>;

/** The fixed texts in a language. */
export function wordsIn(language: Language): Words {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text[language]])) as Words;
}

/** Sentences of the report, filled with an assessment's data. */
export const sentences = {
  contacted: {
    zh: '共联系 {{addresses}} 个地址 {{times}} 次。建立一个连接或发出一次 DNS 查询记为一次；nmap 等程序运行一遍记为一次，其间按设定的速率发送许多数据包。',
    en: 'Addresses contacted: {{addresses}}; contacts: {{times}}. A connection or a DNS query counts as one; so does one run of a program such as nmap, which sends many packets at the rate that is set.',
  },
  ports: { zh: '{{count}} 个端口', en: '{{count}} ports' },
  summary: {
    zh: '按照{{profile}}，以 {{asOf}} 为基准日，对{{unit}}“{{platform}}”进行{{occasion}}自评。所列 {{all}} 项要求中，适用 {{binding}} 项：符合 {{met}} 项，部分符合 {{partial}} 项，不符合 {{unmet}} 项，待确认 {{unproven}} 项；不适用 {{notApplicable}} 项。',
    en: 'The platform "{{platform}}" of {{unit}} was assessed by {{profile}} as of {{asOf}} (occasion: {{occasion}}). Of {{all}} requirements {{binding}} apply: {{met}} met, {{partial}} partially met, {{unmet}} unmet, {{unproven}} unproven; {{notApplicable}} do not apply.',
  },
  partSummary: {
    zh: '本部分共 {{all}} 项要求，适用 {{binding}} 项：符合 {{met}} 项，部分符合 {{partial}} 项，不符合 {{unmet}} 项，待确认 {{unproven}} 项；不适用 {{notApplicable}} 项。',
    en: 'This part has {{all}} requirements, of which {{binding}} apply: {{met}} met, {{partial}} partially met, {{unmet}} unmet, {{unproven}} unproven; {{notApplicable}} do not apply.',
  },
  collected: {
    zh: '证据于 {{from}} 至 {{to}}（{{zone}}，{{offset}}）取得，取证位置：{{places}}。共 {{all}} 件：已取得 {{observed}} 件，未取得 {{unobserved}} 件；未取得的均列明原因，相关要求判定为待确认。采集只读取，不改动被评估系统；工具 {{tool}}。',
    en: 'Evidence was collected from {{from}} to {{to}} ({{zone}}, {{offset}}); the collector stood in: {{places}}. There are {{all}} items: {{observed}} observed, {{unobserved}} unobserved; each of the latter is listed with its reason, and leaves what depends on it unproven. Collection reads and never writes; tool: {{tool}}.',
  },
  more: { zh: '{{text}}（另有 {{count}} 项，见正文）', en: '{{text}} (and {{count}} more, see the row)' },
  items: { zh: '{{count}} 件', en: 'items: {{count}}' },
  groupOf: { zh: '共 {{count}} 个，见于 {{of}}', en: '{{count}} in all, of {{of}}' },
  group: { zh: '对象组 {{number}}', en: 'group {{number}}' },
  folded: { zh: '{{from}} 等 {{count}} 个', en: '{{from}} and others, {{count}} in all' },
  example: {
    zh: '如 {{subject}}：{{text}}（各对象的数值见所列对象组）',
    en: 'for instance {{subject}}: {{text}} (the figures of each are in the group)',
  },
  evidenceOfEach: { zh: '各对象的{{kinds}}，见证据索引', en: 'of each: {{kinds}}; see the index' },
  moreWorst: { zh: '另有 {{count}} 项，见下一节', en: '{{count}} more, see the next section' },
  moreProblems: { zh: '另有 {{count}} 项，见正文', en: '{{count}} more, see the row' },
  moreEvidence: { zh: '等共 {{count}} 件', en: 'and others, {{count}} in all' },
  bar: { zh: '{{part}}：{{counts}}', en: '{{part}}: {{counts}}' },
  confirms: {
    zh: '本单位确认：本报告（编号 {{number}}）所述情况真实、完整；所附证据由本单位提供或者授权采集，并由下列哈希值固定；对不符合、部分符合和待确认的要求，将按第六章清单整改或者补充证据。',
    en: 'The unit confirms: what this report ({{number}}) says is true and complete; the evidence was handed over by the unit or collected with its permission, and is fixed by the hash below; what is unmet, partially met or unproven will be corrected or proven as listed in chapter 6.',
  },
} as const satisfies Record<string, Text>;

/** What each verdict means. */
export const verdictMeanings: Readonly<Record<Verdict, Text>> = {
  met: {
    zh: '证据表明要求已达到，没有相反或不足之处。',
    en: 'Evidence shows that it holds, and nothing speaks against it.',
  },
  partial: {
    zh: '要求可以分项，其中有的达到、有的未达到。',
    en: 'The requirement is divisible; some of it holds and some does not.',
  },
  unmet: { zh: '证据表明要求未达到。', en: 'Evidence shows that it does not hold.' },
  unproven: {
    zh: '证据缺失、不足、过期或者尚待签署，无法判定。',
    en: 'Evidence is missing, insufficient, too old, or awaits a signature.',
  },
  'not-applicable': {
    zh: '要求不约束本次事项或本平台，原因逐项列明。',
    en: 'It does not bind on this occasion or this platform; the reason is given.',
  },
};

/** What each basis means. */
export const basisMeanings = {
  measured: {
    zh: '由主机、网络或数据库上取得的证据判定。',
    en: 'Judged by evidence from hosts, the network or databases.',
  },
  filed: {
    zh: '由单位提交并记有哈希的材料判定。',
    en: 'Judged by papers that the unit handed over, fixed by their hash.',
  },
  attested: {
    zh: '由单位人员签署的声明或未附材料的申报确认。',
    en: 'Rests on a signed statement, or on a figure without its paper.',
  },
} as const satisfies Record<string, Text>;

/** Where evidence comes from. */
export const originTitles = {
  host: { zh: '主机', en: 'Host' },
  network: { zh: '网络', en: 'Network' },
  database: { zh: '数据库', en: 'Database' },
  filed: { zh: '单位提交', en: 'Filed' },
} as const satisfies Record<string, Text>;

/** The sections of the index. */
export const evidenceSections = {
  host: { zh: '主机证据', en: 'From hosts' },
  network: { zh: '网络证据', en: 'From the network' },
  database: { zh: '数据库证据', en: 'From databases' },
  filed: { zh: '单位提交的证据', en: 'Filed by the unit' },
} as const satisfies Record<string, Text>;

/** How a unit uses the service. */
export const modeTitles: Readonly<Record<string, Text>> = {
  'self-use': { zh: '乐企自用', en: 'Self-use' },
  'joint-use': { zh: '乐企联用', en: 'Joint use' },
  'other-use': { zh: '乐企他用', en: 'Other use' },
};
