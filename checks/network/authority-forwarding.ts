import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { type Owners, type Path, pathsOf } from '../../src/evidence/host/forward-paths.ts';
import { type Forwards, type Place, unreadWhys } from '../../src/evidence/host/forwards.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';

const messages = {
  leadsToAuthority: {
    zh: '{{by}}（{{where}}）把{{who}}的流量转发至税务机关 {{to}}{{via}}',
    en: '{{by}} ({{where}}) forwards traffic from {{who}} to the tax authority, {{to}}{{via}}',
  },
  configured: {
    zh: '{{by}} 的配置（{{where}}）把{{who}}的流量转发至税务机关 {{to}}{{via}}，但未见其正在生效',
    en: '{{by}} is configured ({{where}}) to forward traffic from {{who}} to the tax authority, {{to}}{{via}}; it was not seen in force',
  },
  entryUnknown: {
    zh: '{{by}}（{{where}}）转发至税务机关 {{to}}{{via}}，谁能使用未能看到',
    en: '{{by}} ({{where}}) forwards to the tax authority, {{to}}{{via}}; who can use it cannot be seen',
  },
  openProxy: {
    zh: '{{by}}（{{where}}）是可供{{who}}使用的代理，目的地由使用者指定{{via}}，不能排除到达税务机关',
    en: '{{by}} ({{where}}) is a proxy that {{who}} can use; the caller chooses the destination{{via}}, which may be the tax authority',
  },
  unresolved: {
    zh: '{{by}}（{{where}}）供{{who}}使用，目的地取决于 {{unresolved}}{{via}}，未能确定',
    en: '{{by}} ({{where}}), open to {{who}}, leads to what {{unresolved}} says{{via}}: it cannot be told',
  },
  unknownProgram: {
    zh: '正在运行的 {{by}}（{{where}}）能够转发流量，本工具不能读取其配置',
    en: '{{by}} runs ({{where}}) and can forward; this tool cannot read its configuration',
  },
  undeclaredPeer: {
    zh: '{{by}}（{{where}}）把{{who}}的流量转发至未申报的 {{to}}{{via}}，其后去向未能看到',
    en: '{{by}} ({{where}}) forwards traffic from {{who}} to {{to}}{{via}}, which is not declared: where it goes from there cannot be seen',
  },
  routes: {
    zh: '内核为其他机器转发数据包：{{routes}}；不能排除到达税务机关',
    en: 'the kernel passes on other machines’ packets: {{routes}}; they may reach the tax authority',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  onlyItself: {
    zh: '{{by}}（{{where}}）通往税务机关 {{to}}{{via}}，只有{{who}}可以使用',
    en: '{{by}} ({{where}}) leads to the tax authority, {{to}}{{via}}; only {{who}} can use it',
  },
  noForward: {
    zh: '未发现通往税务机关的转发；所见转发 {{count}} 处，均止于本平台：{{seen}}；SSH 转发设置：{{ssh}}',
    en: 'no forward leads to the tax authority; {{count}} were seen, all ending on the platform: {{seen}}; SSH forwarding: {{ssh}}',
  },
  noDeclaration: { zh: '没有平台声明', en: 'there is no declaration of the platform' },
  noHost: { zh: '没有任何主机的转发证据', en: 'there is no evidence of any host’s forwards' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

/** No declared host passes traffic of others on to the tax authority. */
export const check = defineCheck({
  id: 'network/authority-forwarding',
  title: { zh: '不向税务机关转发外来流量', en: 'Nothing is forwarded to the tax authority' },
  about: {
    zh: '由主机上的反向代理、正向代理、隧道、套接字转发程序和内核地址转换规则判定：通往税务机关且本机以外可以使用的，不符合；目的地或使用范围未能确定的，待确认。只识别已收录的程序；程序内部自行转发的看不到。绝不为验证而向税务机关发出请求。',
    en: 'Judged by reverse and forward proxies, tunnels, socket relays and the kernel’s translation rules on each host: what leads to the tax authority and can be used from elsewhere is unmet; what leads nobody knows where is unproven. Only programs in the table are recognised; what an application passes on by itself is not seen. Nothing is ever sent toward the tax authority to find out.',
  },
  reads: ['forwards', 'platform'],
  parameters: z.strictObject({
    /** Names of the tax authority, with all below them; addresses and blocks are allowed. The platform file may add more. */
    authority: z.array(z.string().min(1)).min(1),
  }),
  messages,
  remedies: {
    leadsToAuthority: {
      zh: '撤除该转发；平台自用的出口代理只监听回环地址，或者只放行平台自己的主机',
      en: 'remove it; let a proxy that the platform itself needs listen on loopback, or let in only the platform’s own hosts',
    },
    configured: { zh: '从配置中删除', en: 'delete it from the configuration' },
    entryUnknown: {
      zh: '撤除该转发，或证明只有本机可以使用',
      en: 'remove it, or show that only the host itself can use it',
    },
    openProxy: {
      zh: '只监听回环地址，或停用该代理',
      en: 'let it listen on loopback only, or stop it',
    },
    unresolved: { zh: '在配置中写明固定的目的地', en: 'write a fixed destination into the configuration' },
    unknownProgram: { zh: '停用，或说明其转发的目的地', en: 'stop it, or show where it forwards to' },
    undeclaredPeer: {
      zh: '属于本平台的，在 hosts 中申报并采集；否则说明其去向',
      en: 'declare it under hosts and collect from it if it is the platform’s; else show where it leads',
    },
    routes: {
      zh: '关闭 ip_forward 和对外地址转换，或把 FORWARD 链的默认策略设为 DROP',
      en: 'turn ip_forward and outward translation off, or let the FORWARD chain drop by default',
    },
    unread: {
      zh: '以 root 采集，或在平台文件中允许 sudo，并安装所缺工具',
      en: 'collect as root or allow sudo in the platform file, and install what is missing',
    },
  },

  judge({ forwards, platform }, { authority }) {
    const [declared] = platform;
    if (!declared) return [unproven('noDeclaration', [], {}, 'platform')];
    if (forwards.length === 0) return [unproven('noHost', [], {}, 'forwards')];
    const owners = ownersOf(declared.value, authority);
    return forwards.flatMap((seen) => judgeHost(seen, declared, owners));
  },
});

// Once for all hosts: what is made of these lists is kept by the list.
function ownersOf({ hosts, taxAuthority = [] }: PlatformDeclaration, authority: readonly string[]): Owners {
  return {
    authority: [...authority, ...taxAuthority],
    platform: hosts.flatMap(({ name, addresses }) => [name, ...addresses]).filter((each) => !isBlock(each)),
  };
}

type Cites = readonly [Seen<unknown>, ...Seen<unknown>[]];

function judgeHost(seen: Seen<Forwards>, declared: Seen<PlatformDeclaration>, owners: Owners): Found[] {
  const cites: Cites = [seen, declared];
  const paths = pathsOf(seen.value, owners);
  const found = [...paths.flatMap((path) => judgePath(path, cites)), ...unseen(seen.value, cites)];
  if (found.some(({ outcome }) => outcome !== 'met')) return found;
  const ends = paths
    .filter((path) => path.authority.length === 0)
    .map(({ entry }) => `${entry.by} → ${places(entry.to).en}`);
  const ssh = sshTitles[seen.value.sshForwarding];
  return [...found, met('noForward', cites, { count: paths.length, seen: names(ends), ssh })];
}

const isBlock = (text: string): boolean => text.includes('/');

function judgePath(path: Path, cites: Cites): Found[] {
  const { entry, reach } = path;
  const data = dataOf(path);
  if (path.authority.length > 0) return [judgeAuthority(path, data, cites)];
  if (entry.kind === 'unknown') return [unproven('unknownProgram', cites, data)];
  // What the host itself or another of the platform's hosts sends is no foreign traffic, and what is not in force forwards nothing.
  if (reach === 'host' || reach === 'platform' || !path.through.every(({ running }) => running)) return [];
  return [
    ...(path.proxy ? [unproven('openProxy', cites, data)] : []),
    ...(path.unresolved.length > 0 ? [unproven('unresolved', cites, data)] : []),
    ...(path.others.length > 0 ? [unproven('undeclaredPeer', cites, { ...data, to: places(path.others) })] : []),
  ];
}

function judgeAuthority(path: Path, data: ReturnType<typeof dataOf>, cites: Cites): Found {
  const { reach, through } = path;
  if (reach === 'host' || reach === 'platform') return met('onlyItself', cites, data);
  if (!through.every(({ running }) => running)) return unproven('configured', cites, data);
  return reach === 'unknown' ? unproven('entryUnknown', cites, data) : unmet('leadsToAuthority', cites, data);
}

function unseen({ routes, unread }: Forwards, cites: Cites): Found[] {
  const parts = unread.map(({ part, why }) => ({
    zh: `${part}（${unreadWhys[why].zh}）`,
    en: `${part} (${unreadWhys[why].en})`,
  }));
  return [
    ...(routes.length > 0 ? [unproven('routes', cites, { routes: names(routes.map(({ where }) => where)) })] : []),
    ...(parts.length > 0 ? [unproven('unread', cites, { parts: limited(parts) })] : []),
  ];
}

function dataOf({ entry, reach, through, authority, unresolved }: Path) {
  const steps = through.slice(1).map(({ by, where }) => `${by} ${where}`);
  const via = names(steps);
  return {
    by: entry.by,
    where: entry.where,
    who: whoOf(entry, reach),
    to: places(authority),
    unresolved: names(unresolved),
    via: steps.length === 0 ? { zh: '', en: '' } : { zh: `，经过 ${via.zh}`, en: `, by way of ${via.en}` },
  };
}

function whoOf({ listens, from }: Path['entry'], reach: Path['reach']): Text {
  const at = places(listens);
  switch (reach) {
    case 'host':
      return { zh: `本机（${at.zh}）`, en: `this host itself (${at.en})` };
    case 'platform':
      return { zh: `本平台主机（${names(from ?? []).zh}）`, en: `the platform’s own hosts (${names(from ?? []).en})` };
    case 'unknown':
      return { zh: '未知来源', en: 'an unknown source' };
    case 'others': {
      const any = listens.some(({ host }) => host === 'any');
      const only = from ? { zh: `，来源 ${names(from).zh}`, en: `, sources ${names(from).en}` } : { zh: '', en: '' };
      return any
        ? { zh: `任何网络接口（${at.zh}${only.zh}）`, en: `any interface (${at.en}${only.en})` }
        : { zh: `能够访问 ${at.zh}${only.zh} 者`, en: `whoever reaches ${at.en}${only.en}` };
    }
  }
}

const sshTitles: Readonly<Record<Forwards['sshForwarding'], Text>> = {
  yes: { zh: '登录者可以转发', en: 'those who log in may forward' },
  no: { zh: '禁止', en: 'forbidden' },
  local: { zh: '只许本地转发', en: 'local only' },
  remote: { zh: '只许远程转发', en: 'remote only' },
  unknown: { zh: '因账号而异', en: 'depends on the account' },
  absent: { zh: '没有 SSH 服务配置', en: 'no SSH service is configured' },
};

function places(list: readonly Place[]): Text {
  const host = (name: string, zh: boolean): string =>
    name === 'any'
      ? zh
        ? '所有地址'
        : 'all addresses'
      : name === 'remote'
        ? zh
          ? '另一台机器'
          : 'another machine'
        : name;
  const say = ({ host: name, port }: Place, zh: boolean): string =>
    port === undefined ? host(name, zh) : `${name.includes(':') ? `[${name}]` : host(name, zh)}:${port}`;
  return limited(list.map((place) => ({ zh: say(place, true), en: say(place, false) })));
}

function names(list: readonly string[]): Text {
  return limited(list.map((each) => ({ zh: each, en: each })));
}

// A report shows this many; all of them stand in the evidence.
const shown = 8;

function limited(list: readonly Text[]): Text {
  const all = [...new Map(list.map((each) => [each.en, each])).values()];
  if (all.length === 0) return { zh: '无', en: 'none' };
  const [first, rest] = [all.slice(0, shown), all.length - shown];
  return {
    zh: first.map(({ zh }) => zh).join('、') + (rest > 0 ? ` 等 ${all.length} 个` : ''),
    en: first.map(({ en }) => en).join(', ') + (rest > 0 ? ` and ${rest} more` : ''),
  };
}
