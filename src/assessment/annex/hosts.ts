import type { Evidence } from '../../../checks/check.ts';
import type { Firewall } from '../../evidence/host/firewall.ts';
import { placeOf } from '../../evidence/host/hosting.ts';
import type { Monitor } from '../../evidence/host/intrusion-monitoring.ts';
import type { Scanner } from '../../evidence/host/malware-scanning.ts';
import type { PatchState } from '../../evidence/host/patch-state.ts';
import type { Seen } from '../../evidence/observation.ts';
import { joined, type Text, verbatim } from '../../text.ts';
import { type Content, foundOf, gathered, listed, marked, none, nothing, notSeen, rowOf, tableOf } from './content.ts';

const host: Text = { zh: '主机', en: 'Host' };

/** The declared hosts: addresses, operating system, and on what they run; how many there are of each first. */
export function hosts({ platform, hosting, patchState }: Evidence<'platform' | 'hosting' | 'patchState'>): Content {
  const [declared] = platform;
  if (!declared || declared.value.hosts.length === 0) return nothing;
  const [places, systems] = [byName(hosting), byName(patchState)];
  const rows = declared.value.hosts.map(({ name, addresses, connector }) => {
    const place = places.get(name);
    const system = systems.get(name);
    return rowOf(
      [
        named(name, addresses, connector),
        system ? systemOf(system.value) : notSeen,
        place ? placeOf(place.value) : notSeen,
      ],
      [declared.id, system?.id, place?.id],
    );
  });
  const title = { zh: '主机一览', en: 'Hosts' };
  const head = [
    { zh: '主机及其地址（声明）', en: 'Hosts with their addresses (declared)' },
    { zh: '操作系统（实测）', en: 'System (as found)' },
    { zh: '运行环境（实测）', en: 'Runs on (as found)' },
  ];
  const seen = declared.value.hosts.filter(({ name }) => places.has(name) || systems.has(name)).length;
  const count = { all: rows.length, seen };
  const text = {
    zh: `声明 ${count.all} 台，已取得运行环境或者操作系统信息 ${count.seen} 台${systemsIn(patchState).zh}`,
    en: `declared: ${count.all}; observed: ${count.seen}${systemsIn(patchState).en}`,
  };
  const { tables } = tableOf(title, head, gathered(rows));
  return { entries: [{ label: { zh: '主机数量', en: 'Hosts' }, text, cites: [declared.id] }], tables };
}

function named(name: string, addresses: readonly string[], connector: true | undefined): Text {
  const list = listed(addresses);
  const role = connector ? { zh: '，运行直连程序', en: ', calls the tax authority' } : { zh: '', en: '' };
  return { zh: `${name}（${list.zh}${role.zh}）`, en: `${name} (${list.en}${role.en})` };
}

// There may be thousands of hosts.
function byName<T>(all: readonly Seen<T>[]): ReadonlyMap<string, Seen<T>> {
  return new Map(all.map((each) => [each.subject, each]));
}

function systemOf({ system: { title, id, version } }: PatchState): Text {
  return verbatim(title || `${id} ${version}`.trim());
}

function systemsIn(all: Evidence<'patchState'>['patchState']): Text {
  const groups = [...Map.groupBy(all, ({ value }) => systemOf(value).zh)].toSorted(
    ([a, same], [b, others]) => others.length - same.length || (a < b ? -1 : 1),
  );
  if (groups.length === 0) return { zh: '', en: '' };
  const list = listed(
    groups.map(([name, same]) => ({ zh: `${name} ${same.length} 台`, en: `${name}: ${same.length}` })),
  );
  return { zh: `：${list.zh}`, en: `; ${list.en}` };
}

type Protecting = 'platform' | 'firewall' | 'malwareScanning' | 'intrusionMonitoring' | 'patchState';

/** What guards each host, as it was found; whether that suffices is for the requirements. */
export function protection(seen: Evidence<Protecting>): Content {
  const [firewall, malwareScanning] = [byName(seen.firewall), byName(seen.malwareScanning)];
  const [intrusionMonitoring, patchState] = [byName(seen.intrusionMonitoring), byName(seen.patchState)];
  const names = seen.platform[0]?.value.hosts.map(({ name }) => name) ?? [];
  const rows = names.flatMap((name) => {
    const [filter, malware, monitors, patches] = [
      firewall.get(name),
      malwareScanning.get(name),
      intrusionMonitoring.get(name),
      patchState.get(name),
    ];
    const cites = [filter?.id, malware?.id, monitors?.id, patches?.id];
    if (cites.every((id) => id === undefined)) return [];
    const cells = [
      filter ? filterOf(filter.value) : notSeen,
      malware ? foundOf(malware.value.scanners.map(scannerText), malware.value.unread.length > 0) : notSeen,
      monitors ? foundOf(monitors.value.monitors.map(monitorText), monitors.value.unread.length > 0) : notSeen,
      patches ? patchesOf(patches.value) : notSeen,
    ];
    return [rowOf([name, ...cells], cites)];
  });
  const head = [
    host,
    { zh: '包过滤规则', en: 'Packet filter' },
    { zh: '恶意代码防护', en: 'Malware scanners' },
    { zh: '入侵与运行监测', en: 'Monitors' },
    { zh: '安全更新', en: 'Security updates' },
  ];
  return tableOf({ zh: '主机安全措施（实测）', en: 'What guards the hosts (as found)' }, head, gathered(rows));
}

function filterOf({ chains, unread }: Firewall): Text {
  const isPartial = unread.length > 0;
  const rules = chains.filter(({ hook }) => hook === 'input').reduce((sum, chain) => sum + chain.rules.length, 0);
  const drops = chains.filter(({ hook, drops: isDropping }) => hook === 'input' && isDropping).length;
  if (chains.length === 0) return isPartial ? notSeen : { zh: '没有装载', en: 'none loaded' };
  const zh = `入站规则 ${rules} 条，默认拒绝的入站链 ${drops} 条`;
  return marked({ zh, en: `input rules: ${rules}; input chains that drop by default: ${drops}` }, isPartial);
}

function running(isRunning: boolean): Text {
  return isRunning ? { zh: '运行中', en: 'running' } : { zh: '未见运行', en: 'not seen running' };
}

function scannerText({ title, running: isRunning, signatures }: Scanner): Text {
  const state = running(isRunning);
  const base = signatures ? { zh: `，病毒库 ${signatures}`, en: `, signatures of ${signatures}` } : { zh: '', en: '' };
  return { zh: `${title.zh}（${state.zh}${base.zh}）`, en: `${title.en} (${state.en}${base.en})` };
}

function monitorText({ title, running: isRunning, periodic }: Monitor): Text {
  const state = periodic ? { zh: '定期运行', en: 'runs from time to time' } : running(isRunning);
  return { zh: `${title.zh}（${state.zh}）`, en: `${title.en} (${state.en})` };
}

function patchesOf({ pending, metadata, lastUpgrade }: PatchState): Text {
  const upgraded = lastUpgrade ? { zh: `最近升级 ${lastUpgrade}`, en: `last upgrade ${lastUpgrade}` } : none;
  const waiting = metadata
    ? { zh: `待安装 ${pending} 项（安全公告截至 ${metadata}）`, en: `${pending} pending by metadata of ${metadata}` }
    : { zh: '本机没有安全公告数据', en: 'the host holds no security metadata' };
  return upgraded === none ? waiting : joined([waiting, upgraded]);
}
