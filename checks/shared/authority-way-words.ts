import type { Text } from '../../src/text.ts';

/** What `network/way-to-authority` says. */
export const wayMessages = {
  protected: {
    zh: '连接程序以 HTTPS 通往税务机关（{{to}}），未发现关闭证书校验的开关；采集时存在的连接：{{sessions}}',
    en: 'the connector leads to the tax authority by HTTPS ({{to}}), nothing was found that turns verification off; connections that stood: {{sessions}}',
  },
  plainHttp: {
    zh: '配置 {{where}} 以 {{scheme}} 明文通往税务机关 {{to}}',
    en: '{{where}} leads to the tax authority, {{to}}, by plain {{scheme}}',
  },
  schemeUnclear: {
    zh: '配置 {{where}} 中税务机关地址 {{to}} 是否经 TLS 访问未能确定',
    en: 'whether {{to}}, the tax authority’s, is reached over TLS cannot be told from {{where}}',
  },
  verificationOff: {
    zh: '{{where}} 关闭了证书校验：{{name}}',
    en: '{{where}} turns the verification of certificates off: {{name}}',
  },
  maybeOff: {
    zh: '{{where}} 有关闭证书校验的开关 {{name}}，是否用于通往税务机关的连接未能确定',
    en: '{{where}} has a switch that turns verification off, {{name}}; whether it concerns the way to the tax authority cannot be told',
  },
  noDestination: {
    zh: '声明的连接程序配置中没有税务机关的地址',
    en: 'the declared configuration of the connector names no address of the tax authority',
  },
  noSession: {
    zh: '采集时没有看到通往已知税务机关地址的连接',
    en: 'no connection to a known address of the tax authority stood when the host was examined',
  },
  otherPort: {
    zh: '存在通往税务机关的连接，但其端口不在配置的 HTTPS 地址之列：{{sessions}}',
    en: 'connections to the tax authority stand at ports that no configured HTTPS address has: {{sessions}}',
  },
  undeclared: {
    zh: '主机有通往税务机关的连接（{{sessions}}），但平台文件没有声明其连接程序',
    en: 'the host has connections to the tax authority ({{sessions}}), but the platform file declares no connector there',
  },
  notRunning: {
    zh: '声明的连接程序没有运行，其环境变量和参数无从读取',
    en: 'the declared connector does not run: its environment and arguments cannot be read',
  },
  configUnread: {
    zh: '连接程序的配置未能完整读取：{{paths}}',
    en: 'configuration of the connector could not be read in full: {{paths}}',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  noConnector: {
    zh: '平台文件没有声明任何主机上的连接程序（connector）',
    en: 'the platform file declares no connector on any host',
  },
  noHost: { zh: '没有任何主机的连接证据', en: 'there is no evidence of any host’s way to the tax authority' },
} as const satisfies Record<string, Text>;

const declare: Text = {
  zh: '在平台文件 hosts 的 connector 中写明其配置文件和进程名',
  en: 'write the connector’s configuration files and the names of its processes under connector of the host in the platform file',
};
const verify: Text = {
  zh: '恢复证书校验；使用私有根证书的，将其导入信任库',
  en: 'turn verification on again; put a private root into the trust store',
};

/** What to do about these. */
export const wayRemedies = {
  plainHttp: { zh: '改用 HTTPS 地址', en: 'use the HTTPS address' },
  schemeUnclear: { zh: '在配置中写明 https:// 地址', en: 'write the https:// address into the configuration' },
  verificationOff: verify,
  maybeOff: verify,
  noDestination: declare,
  noSession: {
    zh: '在 taxAuthority 中写明税务机关入口的地址，在业务进行时重新采集',
    en: 'write the addresses of the entrance under taxAuthority, and collect again while business runs',
  },
  otherPort: { zh: '查明该连接的用途', en: 'find out what the connection is for' },
  undeclared: declare,
  notRunning: { zh: '在连接程序运行时重新采集', en: 'collect again while the connector runs' },
  configUnread: {
    zh: '更正路径，以 root 采集，或在平台文件中允许 sudo',
    en: 'correct the path; collect as root, or allow sudo in the platform file',
  },
  unread: {
    zh: '以 root 采集，或在平台文件中允许 sudo',
    en: 'collect as root or allow sudo in the platform file',
  },
  noConnector: declare,
} as const satisfies { readonly [Each in keyof typeof wayMessages]?: Text };
