import type { Interfaces } from '../../src/evidence/host/interfaces.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { type Finding, met, notApplicable, unmet, unproven } from '../check.ts';
import { standingOf, type WayOut, waysOut } from './host-addresses.ts';

/** What is said of filed addresses as the hosts have and use them. */
export const onHostMessages = {
  setStatically: {
    zh: '备案地址 {{address}} 静态配置在网卡上：{{where}}',
    en: 'the filed address {{address}} is set statically: {{where}}',
  },
  leased: {
    zh: '备案地址 {{address}} 由 DHCP 或路由通告取得（{{where}}），是否固定从主机看不到',
    en: 'the filed address {{address}} came by DHCP or router advertisement ({{where}}): whether it stays cannot be seen from the host',
  },
  settingUnclear: {
    zh: '备案地址 {{address}} 在网卡上（{{where}}），但没有读到只将其静态配置的设置',
    en: 'the filed address {{address}} is on an interface ({{where}}), but no settings were read that set it statically and nothing else',
  },
  onNoInterface: {
    zh: '备案地址 {{address}} 不在任何已采集主机的网卡上（如在 NAT 或弹性 IP 之后），不能判定',
    en: 'the filed address {{address}} is on no interface of the hosts examined, as behind NAT or an elastic IP: it cannot be told',
  },
  callsOutAsFiled: {
    zh: '主机访问公网使用备案地址 {{source}}{{via}}',
    en: 'the host calls out by a filed address, {{source}}{{via}}',
  },
  callsOutOtherwise: {
    zh: '访问税务机关的主机使用未备案的公网地址 {{source}} 访问公网{{via}}',
    en: 'the host, which calls the tax authority, calls out by a public address that is not filed, {{source}}{{via}}',
  },
  maybeOtherwise: {
    zh: '主机使用未备案的公网地址 {{source}} 访问公网{{via}}，是否由此访问税务机关未能确定',
    en: 'the host calls out by a public address that is not filed, {{source}}{{via}}; whether the tax authority is called from here is not known',
  },
  wayOutUnseen: {
    zh: '主机以 {{source}} 访问公网{{via}}，其后的网关未采集或者不能判定使用哪个公网地址',
    en: 'the host calls out by {{source}}{{via}}; the gateway beyond was not examined, or does not show which public address it uses',
  },
  wayOutDivided: {
    zh: '主机以 {{source}} 访问公网{{via}}，但另有策略路由或去往公网网段的路由，不能判定访问税务机关使用哪个地址',
    en: 'the host calls out by {{source}}{{via}}, but has rules or routes of their own for some destinations: which address the tax authority is called from cannot be told',
  },
  noWayOut: {
    zh: '主机没有通往公网的路由',
    en: 'the host has no route to public addresses',
  },
  noInterfaces: {
    zh: '没有任何主机的网卡证据，不能判定地址是否静态配置、出站连接使用哪个地址',
    en: 'there is no evidence of any host’s interfaces: whether addresses are set statically, and which of them is called out by, cannot be told',
  },
} as const satisfies Record<string, Text>;

const declareGateway: Text = {
  zh: '把持有该地址的网关列入 hosts 并采集；由运营商或云平台转换的，以其证明为准',
  en: 'declare the gateway that has the address under hosts, and collect from it; where an operator or a cloud translates, its proof counts',
};

/** What to do about these. */
export const onHostRemedies = {
  leased: { zh: '改为静态配置', en: 'set it statically' },
  settingUnclear: {
    zh: '以 root 采集；清除同一网卡上多余的配置',
    en: 'collect as root; remove what other settings of the same interface there are',
  },
  onNoInterface: declareGateway,
  callsOutOtherwise: {
    zh: '改用备案地址访问税务机关，或变更备案',
    en: 'call the tax authority by a filed address, or change the filing',
  },
  maybeOtherwise: {
    zh: '说明该主机是否访问税务机关；访问的，变更备案',
    en: 'show whether this host calls the tax authority; if so, change the filing',
  },
  wayOutUnseen: declareGateway,
  wayOutDivided: {
    zh: '说明税务机关入口所在网段的路由',
    en: 'show which way the tax authority’s addresses are routed',
  },
  noInterfaces: { zh: '采集主机证据', en: 'collect from the hosts' },
} as const satisfies { readonly [Each in keyof typeof onHostMessages]?: Text };

type Found = Finding<keyof typeof onHostMessages>;

type Given = {
  /** The filed production addresses; only those that are well-formed and public. */
  readonly filed: readonly string[];
  readonly interfaces: readonly Seen<Interfaces>[];
  /** Which parts are asked for. */
  readonly parts: readonly ('static' | 'egress')[];
  /** Hosts that are known to call the tax authority. */
  readonly callers: ReadonlySet<string>;
};

/** Whether filed addresses are set statically on the hosts, and whether these call out by no other. */
export function onHostFindings({ filed, interfaces, parts, callers }: Given): Found[] {
  if (parts.length === 0 || filed.length === 0) return [];
  if (interfaces.length === 0) return [unproven('noInterfaces', [], {}, 'interfaces')];
  return [
    ...(parts.includes('static') ? filed.map((address) => ofAddress(address, interfaces)) : []),
    ...(parts.includes('egress') ? interfaces.flatMap((host) => ofHost(host, interfaces, filed, callers)) : []),
  ];
}

function ofAddress(address: string, interfaces: readonly Seen<Interfaces>[]): Found {
  const { state, seen, where } = standingOf(address, interfaces);
  const data = { address, where: where.slice(0, most).join('; ') };
  const [first, ...others] = seen;
  if (state === 'static' && first) return met('setStatically', [first, ...others], data, address);
  return unproven(
    state === 'leased' ? 'leased' : state === 'absent' ? 'onNoInterface' : 'settingUnclear',
    seen,
    data,
    address,
  );
}

const most = 8;

function ofHost(
  host: Seen<Interfaces>,
  hosts: readonly Seen<Interfaces>[],
  filed: readonly string[],
  callers: ReadonlySet<string>,
): Found[] {
  const ways = waysOut(host, hosts, filed);
  if (ways.length > 0) return ways.map((way) => ofWay(way, callers.has(host.subject)));
  const { rules, routes } = host.value;
  // Without a default route the authority may still be reached by one of its own.
  if (rules.length === 0 && routes.length === 0) return [notApplicable('noWayOut', host)];
  return [unproven('wayOutDivided', host, { source: '-', via: '' })];
}

function ofWay({ state, source, via, seen }: WayOut, isCaller: boolean): Found {
  const steps = [...(via === undefined ? [] : [via]), ...seen.slice(1).map(({ subject }) => subject)].join(' → ');
  const data = { source, via: steps === '' ? '' : { zh: `（经 ${steps}）`, en: ` (by way of ${steps})` } };
  switch (state) {
    case 'filed':
    case 'gateway':
      return met('callsOutAsFiled', seen, data);
    case 'other':
      return isCaller ? unmet('callsOutOtherwise', seen, data) : unproven('maybeOtherwise', seen, data);
    case 'unseen':
      return unproven('wayOutUnseen', seen, data);
    case 'divided':
      return unproven('wayOutDivided', seen, data);
  }
}
