import { z } from 'zod';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import type { Firewall } from '../../src/evidence/host/firewall.ts';
import { defaultsOf, isLoopback, type Passage, passageTo, publishedOf } from '../../src/evidence/host/inbound.ts';
import type { Listeners, Socket } from '../../src/evidence/host/listeners.ts';
import { unreadText } from '../../src/evidence/host/unread.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { plainAddress } from '../../src/evidence/subjects.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';
import { defineCheck, type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { type Backing, backingOf } from '../shared/papers.ts';

const messages = {
  guarded: {
    zh: '主机防火墙已在内核中生效，入站默认：{{defaults}}；对任何来源开放的监听端口均已声明：{{open}}；仅对指定来源开放：{{limited}}',
    en: 'the host’s packet filter is in force; inbound default: {{defaults}}; ports open to anybody, all declared: {{open}}; open to named sources: {{limited}}',
  },
  openByDefault: {
    zh: '主机防火墙未按默认拒绝设置，入站默认：{{defaults}}（管理程序：{{managers}}）；前置防火墙、云安全组等在本机不可见',
    en: 'the host’s packet filter does not refuse by default; inbound default: {{defaults}} (managers: {{managers}}); a firewall in front or a cloud’s security group cannot be seen from the host',
  },
  undeclaredOpen: {
    zh: '主机防火墙对任何来源开放了未声明的监听端口：{{ports}}；前置防火墙、云安全组等在本机不可见',
    en: 'the host’s packet filter opens ports to anybody that are not declared: {{ports}}; a firewall in front or a cloud’s security group cannot be seen from the host',
  },
  unclear: {
    zh: '主机防火墙含有无法识别的规则，以下监听端口是否对外开放不能判定：{{ports}}',
    en: 'the host’s packet filter has rules that are not understood, so it cannot be told whether these are open: {{ports}}',
  },
  byDevice: {
    zh: '未能证明本机自身的防火墙构成边界防护（入站默认：{{defaults}}），依《{{title}}》由主机以外的设备防护；其效果由端口扫描判定',
    en: 'the host’s own packet filter was not shown to be a boundary (inbound default: {{defaults}}); by “{{title}}” a device before the host is; what that lets through is judged by the port scan',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  noListeners: {
    zh: '没有该主机监听端口的证据，不能判定防火墙放行了什么',
    en: 'there is no evidence of the sockets that this host listens on, so it cannot be told what the filter lets through to',
  },
  noHost: { zh: '没有任何主机的防火墙证据', en: 'there is no evidence of any host’s packet filter' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

/** Every host refuses what comes in but for declared endpoints, by its own packet filter, or a paper describes the device that does. */
export const check = defineCheck({
  id: 'network/boundary-protection',
  title: { zh: '主机入站防护', en: 'Inbound protection of the hosts' },
  about: {
    zh: '读取内核中实际生效的包过滤规则（nftables、iptables，不论由 firewalld、ufw 等何种程序管理），推算其他机器的新连接能否到达每个监听端口：默认拒绝入站、对任何来源开放的均为已声明的入站端点，才判定为符合。无法识别的规则一律按不能判定处理。云安全组和前置防火墙在主机上不可见，由边界防护材料说明，其效果以端口扫描为准。',
    en: 'Reads the packet filter as the kernel has it (nftables, iptables, whether firewalld, ufw or another program manages it) and works out who on other machines can open a connection to each listening socket. It holds if inbound is refused by default and what is open to anybody is a declared inbound endpoint. A rule that is not understood leaves it open. Security groups and firewalls in front cannot be seen from a host: a paper tells of them, and the port scan what they let through.',
  },
  reads: ['documents', 'firewall', 'listeners', 'platform'],
  parameters: z.strictObject({
    /** Services whose ports a host may open to anybody without declaring them. */
    alsoOpen: z.record(z.string().min(1).max(64), z.array(z.int().min(1).max(65_535)).min(1)).default({}),
    /** The paper that describes a device before the hosts: with it, a host need not be a boundary of its own. */
    paper: z.string().optional(),
  }),
  messages,
  remedies: {
    openByDefault: {
      zh: '启用主机防火墙并将入站默认策略设为拒绝；由前置设备防护的，以边界防护材料说明',
      en: 'turn the host’s packet filter on and let it refuse by default; where a device in front does so, describe it in the paper on boundary protection',
    },
    undeclaredOpen: {
      zh: '关闭端口、限定来源地址，或者办理备案并在平台文件中声明',
      en: 'close the ports, restrict their sources, or file them and declare them in the platform file',
    },
    unclear: {
      zh: '由管理员说明这些规则，或改用可识别的写法（地址、接口、协议、端口、连接状态）',
      en: 'explain these rules, or write them by address, interface, protocol, port and state',
    },
    unread: {
      zh: '以 root 采集，或在平台文件中允许 sudo，并安装所缺的 nft、iptables 工具',
      en: 'collect as root or allow sudo in the platform file, and install the missing nft or iptables tools',
    },
  },

  judge({ documents, firewall, listeners, platform }, { alsoOpen, paper }, asOf) {
    if (firewall.length === 0) return [unproven('noHost', [], {}, 'firewall')];
    const backing = paper === undefined ? undefined : backingOf(documents, paper, asOf);
    const endpoints = endpointsHeld(firewall, platform);
    return firewall.flatMap((filter) => {
      const declared = portsDeclaredFor(filter, endpoints);
      const isAllowed = ({ protocol, port }: Socket): boolean =>
        (protocol === 'tcp' && declared.has(port)) || Object.values(alsoOpen).some((ports) => ports.includes(port));
      const sockets = listeners.find(({ subject }) => subject === filter.subject);
      const cites = [filter, ...(sockets ? [sockets] : []), ...platform] as const;
      return judgeHost({ filter: filter.value, sockets, cites, backing, isAllowed });
    });
  },
});

/** An endpoint's port, and the hosts that have its address. */
type Held = { readonly port: number; readonly holders: ReadonlySet<string> | undefined };

// As declared, and as the interfaces of all show; found out once, for each host is asked of each endpoint.
function endpointsHeld(all: readonly Seen<Firewall>[], platform: readonly Seen<PlatformDeclaration>[]): Held[] {
  const declared = platform.flatMap(({ value }) =>
    value.hosts.flatMap(({ name, addresses }) => addresses.map((address) => [plainAddress(address), name] as const)),
  );
  const seen = all.flatMap(({ subject, value }) =>
    value.interfaces.flatMap(({ addresses }) =>
      addresses.map((block) => [plainAddress(block.replace(/\/.*$/, '')), subject] as const),
    ),
  );
  const byAddress = Map.groupBy([...declared, ...seen], ([address]) => address);
  const holders = new Map([...byAddress].map(([address, pairs]) => [address, new Set(pairs.map(([, name]) => name))]));
  const inbound = platform.flatMap(({ value }) => value.endpoints.filter(({ direction }) => direction === 'inbound'));
  return inbound.map(({ address, port }) => ({ port, holders: holders.get(plainAddress(address)) }));
}

// An endpoint at an address of another host opens nothing here; one at an address of none, as behind NAT, may be any host’s.
function portsDeclaredFor(host: Seen<Firewall>, endpoints: readonly Held[]): ReadonlySet<number> {
  const here = endpoints.filter(({ holders }) => holders?.has(host.subject) ?? true);
  return new Set(here.map(({ port }) => port));
}

type Host = {
  readonly filter: Firewall;
  readonly sockets: Seen<Listeners> | undefined;
  readonly cites: readonly [Seen<unknown>, ...Seen<unknown>[]];
  readonly backing: Backing | undefined;
  readonly isAllowed: (socket: Socket) => boolean;
};

function judgeHost({ filter, sockets, cites, backing, isAllowed }: Host): Found[] {
  const unread = [...filter.unread, ...(sockets?.value.unread ?? [])];
  if (unread.length > 0) return [unproven('unread', cites, { parts: unreadText(unread) })];
  const defaults = defaultsOf(filter);
  const data = { defaults: defaultsText(defaults), managers: managersText(filter) };
  const open = reachedFrom(filter, sockets?.value.sockets ?? []);
  const undeclared = open.filter(({ socket, passage }) => passage.is === 'anywhere' && !isAllowed(socket));
  const unclear = open.filter(({ passage }) => passage.is === 'unknown');
  const passages = Object.values(defaults);
  const isOpen = passages.some(({ is }) => is === 'anywhere');
  const isUnclear = unclear.length > 0 || passages.length === 0 || passages.some(({ is }) => is === 'unknown');
  const [device] = backing?.state === 'held' ? backing.papers : [];
  if (device && (isOpen || isUnclear || undeclared.length > 0))
    return [notApplicable('byDevice', [...cites, device], { ...data, title: device.value.title })];
  // A host without a filter may have a device before it that no paper names; the unit's own word that there is no paper settles it.
  const judged = backing?.state === 'missing' ? unmet : unproven;
  const shownBy = backing ? ([...cites, ...backing.papers] as const) : cites;
  const found: Found[] = [
    ...(isOpen ? [judged('openByDefault', shownBy, data)] : []),
    ...(!isOpen && undeclared.length > 0 ? [judged('undeclaredOpen', shownBy, { ports: portsText(undeclared) })] : []),
    ...(isUnclear ? [unproven('unclear', cites, { ports: portsText(unclear) })] : []),
    ...(sockets ? [] : [unproven('noListeners', cites)]),
  ];
  if (found.length > 0) return found;
  const toAnybody = open.filter(({ passage }) => passage.is === 'anywhere');
  const limited = open.filter(({ passage }) => passage.is === 'sources');
  return [met('guarded', cites, { ...data, open: portsText(toAnybody), limited: portsText(limited) })];
}

type Reached = { readonly socket: Socket; readonly passage: Passage };

// What only the host itself reaches is no opening; what the kernel passes on to containers is one.
function reachedFrom(filter: Firewall, sockets: readonly Socket[]): Reached[] {
  const others = sockets.filter(({ address }) => !isLoopback(address));
  const all = [...others, ...publishedOf(filter).map((each) => ({ ...each, program: 'NAT' }))];
  return all
    .map((socket) => ({ socket, passage: passageTo(filter, socket) }))
    .filter(({ passage }) => passage.is !== 'blocked');
}

const families = { ip: 'IPv4', ip6: 'IPv6' } as const;

function defaultsText(defaults: ReturnType<typeof defaultsOf>): Text {
  const parts = (['ip', 'ip6'] as const).flatMap((family) => {
    const passage = defaults[family];
    if (!passage) return [];
    const text = passageText(passage);
    return [{ zh: `${families[family]} ${text.zh}`, en: `${families[family]} ${text.en}` }];
  });
  return parts.length > 0 ? joined(parts, '，', ', ') : { zh: '无网络地址', en: 'no network address' };
}

function passageText(passage: Passage): Text {
  if (passage.is === 'sources') {
    const list = first(passage.sources);
    return { zh: `仅接受 ${list.zh}`, en: `only from ${list.en}` };
  }
  const texts: Readonly<Record<Exclude<Passage['is'], 'sources'>, Text>> = {
    anywhere: { zh: '接受', en: 'accepts' },
    blocked: { zh: '拒绝', en: 'refuses' },
    unknown: { zh: '不能判定', en: 'cannot be told' },
  };
  return texts[passage.is];
}

function managersText({ managers }: Firewall): Text {
  if (managers.length === 0) return { zh: '无', en: 'none' };
  return joined(
    managers.map(({ name, enabled, settings }) => ({
      zh: `${[name, ...settings].join(' ')} ${enabled ? '随系统启动' : '未设为随系统启动'}`,
      en: `${[name, ...settings].join(' ')} ${enabled ? 'starts with the host' : 'does not start with the host'}`,
    })),
    '，',
    ', ',
  );
}

function portsText(reached: readonly Reached[]): Text {
  return first([
    ...new Set(
      reached.map(({ socket: { protocol, port, program }, passage }) => {
        const from = passage.is === 'sources' ? ` ← ${passage.sources.slice(0, 4).join(' ')}` : '';
        return `${protocol}/${port}${program ? ` ${program}` : ''}${from}`;
      }),
    ),
  ]);
}

// A report shows this many; all of them stand in the evidence.
const shown = 12;

function first(items: readonly string[]): Text {
  if (items.length === 0) return { zh: '无', en: 'none' };
  const list = joined(items.slice(0, shown).map(verbatim), '、', ', ');
  const rest = items.length - shown;
  return rest > 0 ? { zh: `${list.zh} 等 ${items.length} 个`, en: `${list.en} and ${rest} more` } : list;
}
