import { type AskedFor, askedFor } from '../assessment/asked.ts';
import type { Profile, Requirement } from '../assessment/profile.ts';
import { addDays, type PlainDate } from '../evidence/dates.ts';
import { citedBy, ledgerFile, paperFile, type Starter, sayFor, scalar } from './starter.ts';

/** The platform file of a new folder: what is known is filled in, what is still to come stands there as a comment. */
export function platformFile(starter: Starter): string {
  const asked = askedFor(starter.profile);
  return [
    heading(starter),
    hosts(starter),
    documents(starter, asked),
    facts(starter, asked),
    ledgers(starter, asked),
    statements(starter, asked),
  ].join('\n');
}

function heading(starter: Starter): string {
  const { profileName, answers } = starter;
  const say = sayFor(starter);
  return `# yaml-language-server: $schema=platform.schema.json
#
# ${say('由 leqi-audit init 生成。补齐各项后运行：leqi-audit renewal（期限与材料）、leqi-audit scan（扫描并出报告）', 'Made by leqi-audit init. Fill it in, then run leqi-audit renewal (dates and papers) and leqi-audit scan (scan and report)')}

profile: ${scalar(profileName)}
occasion: renewal
timeZone: Asia/Shanghai

unit:
  name: ${scalar(answers.unit)}
  creditCode: ${scalar(answers.creditCode)}

platform:
  name: ${scalar(answers.platform)}
  mode: ${answers.mode}
  since: ${answers.since}
`;
}

function hosts(starter: Starter): string {
  const say = sayFor(starter);
  const endpoints = starter.answers.endpoints.map(
    ({ address, port }) =>
      `  - { address: ${JSON.stringify(address)}, port: ${port}, protocol: https, environment: production, direction: inbound }`,
  );
  return `${say('# 平台的主机；transport: local 是运行 leqi-audit 的这台机器', '# The platform’s hosts; transport: local is the machine that leqi-audit runs on')}
hosts:
  - name: app-1
    address: 127.0.0.1
    transport: local
    sudo: false
    # ${say('平台自身的操作日志目录，以及决定其留存的日志配置', 'where the platform writes its own audit log, and the settings that say how long it is kept')}
    # logs: [{ of: application, path: /var/log/platform, settings: [/opt/platform/conf/logback-spring.xml] }]

${say('# 备案的固定地址和端口', '# Fixed addresses and ports as filed')}
endpoints:${endpoints.length > 0 ? `\n${endpoints.join('\n')}` : ' []'}

${say('# 集中存放日志的 Elasticsearch、OpenSearch 或 Loki；密码只写环境变量名（见 docs/central-logs.md）', '# Elasticsearch, OpenSearch or Loki that logs are collected in; of a password only the variable’s name (docs/central-logs.md)')}
# logStores: [{ name: app-logs, kind: elasticsearch, url: 'https://10.0.0.9:9200', of: application, indices: ['app-*'], hosts: [app-1], auth: { user: audit, password: ES_PASSWORD } }]

${say('# 存放涉税文件或备份的存储桶（MinIO、OSS、COS、OBS、Ceph）；密钥只写环境变量名（见 docs/stores.md）', '# Buckets with files of tax data or with backups; of keys only the variables’ names (docs/stores.md)')}
# objectStores: [{ name: archive, url: 'https://10.0.0.9:9000', bucket: tax, prefix: invoices/, holds: [invoices], accessKey: { id: { env: S3_ID }, secret: { env: S3_SECRET } } }]

${say('# 查询端点域名所用的 DNS 服务器；不写则用本机的', '# DNS resolvers that are asked about the endpoints’ names; without them the machine’s own are')}
# resolvers: [223.5.5.5, 119.29.29.29]

${say('# 可以登录主机的账户，以及为谁工作：unit、related 或 vendor', '# Who may log in to the hosts, and for whom they work: unit, related or vendor')}
administrators:
  - { account: root, party: unit }

${say('# 税务机关接入地址：绝不连接', '# The tax authority’s entrance: never contacted')}
taxAuthority: []
`;
}

function documents(starter: Starter, { papers }: AskedFor): string {
  const say = sayFor(starter);
  const items = papers.map(({ name, by }, index) => {
    const title = starter.profile.papers[name]?.zh ?? name;
    return [
      `    # ${citedBy(by, starter.language)}`,
      `    - id: ${name}`,
      `      title: ${scalar(title)}`,
      `      file: ${scalar(paperFile(index, title))}`,
      ...stated(name, by).map((line) => `      # ${line}`),
    ].join('\n');
  });
  return `${say('# 把文件放进 documents 目录；没有的材料写 held: false（不写 file）', '# Put the files into the folder documents; for a paper that there is none of, write held: false instead of file')}
documents:
  folder: documents
  items:
${items.join('\n')}
`;
}

// What the checks want to know of a paper, as lines to be filled in.
function stated(document: string, by: readonly Requirement[]): string[] {
  const uses = by.flatMap(({ uses: all }) => all.filter(({ parameters }) => parameters.document === document));
  const wanted = new Map<string, string>();
  const topics = new Set<string>();
  const parties = new Set<string>();
  for (const { parameters } of uses) {
    for (const field of listOf(parameters.fields)) wanted.set(field, '');
    for (const [field, words] of Object.entries(recordOf(parameters.values)))
      wanted.set(field, listOf(words).join(' | '));
    for (const topic of listOf(parameters.topics)) topics.add(topic);
    for (const party of listOf(parameters.signatures)) parties.add(party);
  }
  return [
    'date: YYYY-MM-DD',
    ...(parties.size > 0
      ? ['signatures:', ...[...parties].map((party) => `  - { party: ${party}, signed: true, sealed: true }`)]
      : []),
    ...(wanted.size > 0 || topics.size > 0 ? ['states:'] : []),
    ...(wanted.size > 0
      ? ['  fields:', ...[...wanted].map(([field, words]) => `    ${field}: ${words}`.trimEnd())]
      : []),
    ...(topics.size > 0 ? ['  topics:', ...[...topics].map((topic) => `    ${topic}: 第  页`)] : []),
  ];
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function facts(starter: Starter, { facts: asked }: AskedFor): string {
  const { profile, answers } = starter;
  const known = new Map<string, PlainDate>([
    ...(answers.accessStart && profile.period ? [[profile.period.from, answers.accessStart] as const] : []),
    ...(answers.validityEnd && profile.period ? [[profile.period.until, answers.validityEnd] as const] : []),
  ]);
  const lines = asked.flatMap(({ name, by }) => {
    const date = known.get(name);
    const line = `${name}${date ? `, date: ${date}` : ''}`;
    const title = profile.facts[name];
    const comment = `  # ${title?.zh ?? name}: ${citedBy(by, starter.language)}`;
    return date
      ? [comment, `  - { name: ${line} }`]
      : [comment, ...skeleton(profile, name).map((each) => `  # ${each}`)];
  });
  const say = sayFor(starter);
  return `${say('# 申报数据；document 是数据来源材料的 id，没有来源材料的数据只算声明', '# Declared facts; document is the id of the paper a fact is taken from: without it a fact is a mere statement')}
facts:
${lines.join('\n')}
`;
}

const examples: Readonly<Record<Profile['facts'][string]['form'], (unit: string, words: string) => string[]>> = {
  amount: (unit) => ['  amount: 0', `  unit: ${unit}`],
  monthly: (unit) => [`  unit: ${unit}`, '  monthly: { file: series.csv }'],
  yearly: (unit) => [`  unit: ${unit}`, "  yearly: { 'YYYY': 0 }"],
  ratings: () => ["  ratings: { 'YYYY': A }"],
  date: () => ['  date: YYYY-MM-DD'],
  text: (_, words) => [`  text: ${words}`],
  list: () => ['  list: []'],
  person: () => ['  person: '],
};

function skeleton({ facts: specs }: Profile, name: string): string[] {
  const spec = specs[name];
  if (!spec) return [`- name: ${name}`];
  const lines = examples[spec.form](spec.unit ?? '元', spec.words?.join(' | ') ?? '');
  return [`- name: ${name}`, ...lines, `  document: ${spec.paper ?? ''}`].map((line) => line.trimEnd());
}

function ledgers(starter: Starter, { ledgers: asked }: AskedFor): string {
  const say = sayFor(starter);
  // A ledger is closed for whole days that are over.
  const until = addDays(starter.today, -1);
  const from = starter.answers.since < until ? starter.answers.since : until;
  const items = asked.map(({ name, by }) =>
    [
      `  # ${citedBy(by, starter.language)}`,
      `  - of: ${name}`,
      `    file: ${ledgerFile(name)}`,
      `    from: ${from}`,
      `    until: ${until}`,
      `    # closing: { by: , capacity: , signedOn: , document: , from: ${from}, until: ${until}, entries: 0 }`,
    ].join('\n'),
  );
  return `${say('# 台账（CSV、XLSX 或 YAML）；没有签署的结账声明（closing），台账不能证明“没有发生”', '# Ledgers (CSV, XLSX or YAML); without a signed statement that closes it (closing), a ledger never shows that nothing occurred')}
ledgers:
${items.join('\n')}
`;
}

function statements(starter: Starter, { statements: asked }: AskedFor): string {
  const say = sayFor(starter);
  const lines = asked.map(
    ({ id, attest }) =>
      `  # ${starter.language === 'zh' ? attest?.zh : attest?.en}\n  # - { requirement: ${id}, by: , capacity: , signedOn: , document: }`,
  );
  return `${say('# 由负责人签署的声明；document 是已签署文件的 id', '# Statements that a person signs; document is the id of the signed paper')}
statements:
${lines.join('\n')}
`;
}
