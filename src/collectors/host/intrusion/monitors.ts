import type { Watched } from '../../../evidence/host/intrusion-monitoring.ts';
import type { KnownAgent } from '../agents/agent.ts';
import { knownAgents } from '../agents.ts';

/** A known monitor: how it is recognised, and where it shows that it is alive. */
export type KnownMonitor = Pick<KnownAgent, 'name' | 'title' | 'processes' | 'services' | 'paths'> & {
  readonly watches: readonly Watched[];
  readonly periodic?: boolean;
  /** What it sees is judged, or heard of, at a console only. */
  readonly console?: true;
  /** Patterns of files that it writes as long as it is alive. */
  readonly life?: readonly string[];
  /** Patterns of what it compares with. */
  readonly database?: readonly string[];
  /** Packages that may hold it, for the version. */
  readonly packages?: readonly string[];
};

// Programs and paths after Debian’s and Red Hat’s packages, and after the projects’ own documentation.
const programs: readonly KnownMonitor[] = [
  {
    name: 'auditd',
    title: { zh: 'Linux 审计服务', en: 'Linux audit daemon' },
    watches: ['audit'],
    processes: ['auditd'],
    services: ['auditd'],
    paths: ['/sbin/auditd', '/usr/sbin/auditd'],
    life: ['/var/log/audit/audit.log'],
    packages: ['auditd', 'audit'],
  },
  {
    name: 'aide',
    title: { zh: 'AIDE 文件完整性检查', en: 'AIDE' },
    watches: ['integrity'],
    periodic: true,
    processes: ['aide'],
    services: [],
    paths: ['/usr/bin/aide', '/usr/sbin/aide'],
    life: ['/var/log/aide/aide.log', '/var/log/aide.log'],
    database: ['/var/lib/aide/aide.db', '/var/lib/aide/aide.db.gz'],
    packages: ['aide'],
  },
  {
    name: 'tripwire',
    title: { zh: 'Tripwire 文件完整性检查', en: 'Tripwire' },
    watches: ['integrity'],
    periodic: true,
    processes: ['tripwire'],
    services: [],
    paths: ['/usr/sbin/tripwire'],
    life: ['/var/lib/tripwire/report/*.twr'],
    database: ['/var/lib/tripwire/*.twd'],
    packages: ['tripwire'],
  },
  {
    name: 'samhain',
    title: { zh: 'Samhain 文件完整性检查', en: 'Samhain' },
    watches: ['integrity'],
    processes: ['samhain'],
    services: ['samhain'],
    paths: ['/usr/sbin/samhain', '/usr/local/sbin/samhain'],
    life: ['/var/log/samhain/samhain.log', '/var/log/samhain_log'],
    database: ['/var/lib/samhain/samhain_file', '/var/lib/samhain/data/samhain_file'],
    packages: ['samhain'],
  },
  {
    name: 'wazuh-server',
    title: { zh: 'Wazuh/OSSEC 服务端', en: 'Wazuh or OSSEC server' },
    watches: ['intrusions', 'integrity'],
    processes: ['wazuh-analysisd', 'ossec-analysisd'],
    services: ['wazuh-manager'],
    paths: ['/var/ossec/bin/wazuh-analysisd', '/var/ossec/bin/ossec-analysisd'],
    life: ['/var/ossec/logs/ossec.log', '/var/ossec/var/run/wazuh-analysisd.state'],
    packages: ['wazuh-manager', 'ossec-hids-server'],
  },
  {
    name: 'suricata',
    title: { zh: 'Suricata 网络入侵检测', en: 'Suricata' },
    watches: ['network'],
    processes: ['suricata', 'Suricata-Main'],
    services: ['suricata'],
    paths: ['/usr/bin/suricata', '/usr/sbin/suricata', '/usr/local/bin/suricata'],
    life: ['/var/log/suricata/eve.json', '/var/log/suricata/stats.log', '/var/log/suricata/suricata.log'],
    packages: ['suricata'],
  },
  {
    name: 'snort',
    title: { zh: 'Snort 网络入侵检测', en: 'Snort' },
    watches: ['network'],
    processes: ['snort', 'snort3'],
    services: ['snort', 'snortd', 'snort3'],
    paths: ['/usr/sbin/snort', '/usr/local/bin/snort'],
    life: ['/var/log/snort/*'],
    packages: ['snort'],
  },
  {
    name: 'zeek',
    title: { zh: 'Zeek 网络安全监测', en: 'Zeek' },
    watches: ['network'],
    processes: ['zeek', 'bro'],
    services: ['zeek'],
    paths: ['/opt/zeek/bin/zeek', '/usr/local/zeek/bin/zeek', '/usr/bin/zeek'],
    life: ['/opt/zeek/logs/current/*.log', '/usr/local/zeek/logs/current/*.log', '/var/log/zeek/current/*.log'],
    packages: ['zeek'],
  },
  {
    name: 'falco',
    title: { zh: 'Falco 运行时安全', en: 'Falco' },
    watches: ['intrusions'],
    processes: ['falco'],
    services: ['falco', 'falco-bpf', 'falco-kmod', 'falco-modern-bpf'],
    paths: ['/usr/bin/falco'],
    packages: ['falco'],
  },
  {
    name: 'fail2ban',
    title: { zh: 'fail2ban 登录攻击封禁', en: 'fail2ban' },
    watches: ['intrusions'],
    processes: ['fail2ban-server'],
    services: ['fail2ban'],
    paths: ['/usr/bin/fail2ban-server'],
    life: ['/var/log/fail2ban.log'],
    packages: ['fail2ban', 'fail2ban-server'],
  },
  {
    name: 'crowdsec',
    title: { zh: 'CrowdSec 攻击行为检测', en: 'CrowdSec' },
    watches: ['intrusions'],
    processes: ['crowdsec'],
    services: ['crowdsec'],
    paths: ['/usr/bin/crowdsec', '/usr/local/bin/crowdsec'],
    life: ['/var/log/crowdsec.log'],
    packages: ['crowdsec'],
  },
  {
    name: 'elastic-defend',
    title: { zh: 'Elastic 终端防护', en: 'Elastic Defend' },
    watches: ['intrusions'],
    processes: ['elastic-endpoint'],
    services: ['ElasticEndpoint'],
    paths: ['/opt/Elastic/Endpoint'],
    life: ['/opt/Elastic/Endpoint/state/log/*'],
  },
  {
    name: 'baidu-hosteye',
    title: { zh: '百度智能云主机安全', en: 'Baidu AI Cloud host security' },
    watches: ['intrusions'],
    processes: ['hosteye'],
    services: ['hosteye'],
    paths: ['/opt/hosteye'],
  },
];

type Further = Pick<KnownMonitor, 'watches' | 'life' | 'console'>;
const guards: Further = { watches: ['intrusions'] };
const outposts: Further = { ...guards, console: true };
const state: Further = { watches: ['state'] };

// Agents of the common table that watch for intrusions, or that report how the host fares.
const agents: Readonly<Record<string, Further>> = {
  'aliyun-aegis': { ...outposts, life: ['/usr/local/aegis/aegis_client/*/data/data.*'] },
  'tencent-yunjing': { ...outposts, life: ['/usr/local/qcloud/YunJing/log/*'] },
  'huawei-hss': { ...outposts, life: ['/usr/local/hostguard/log/*.log'] },
  qingteng: { ...outposts, life: ['/var/log/titanagent/*.log'] },
  yunsuo: guards,
  safedog: guards,
  jowto: guards,
  'sangfor-edr': guards,
  tianqing: guards,
  elkeid: outposts,
  wazuh: {
    watches: ['intrusions', 'integrity'],
    console: true,
    life: ['/var/ossec/var/run/wazuh-agentd.state', '/var/ossec/logs/ossec.log'],
  },
  crowdstrike: guards,
  sentinelone: guards,
  defender: { ...guards, life: ['/var/log/microsoft/mdatp/*.log'] },
  'trend-micro': { ...guards, life: ['/var/opt/ds_agent/diag/*.log'] },
  'aliyun-monitor': state,
  'tencent-barad': state,
  'huawei-telescope': state,
  'huawei-icagent': state,
  'zabbix-agent': { ...state, life: ['/var/log/zabbix/zabbix_agentd.log', '/var/log/zabbix/zabbix_agent2.log'] },
  'nagios-nrpe': state,
  checkmk: state,
  nightingale: state,
  'node-exporter': state,
  telegraf: { ...state, life: ['/var/log/telegraf/telegraf.log'] },
  datadog: { ...state, life: ['/var/log/datadog/agent.log'] },
  newrelic: state,
  'aws-cloudwatch': state,
};

/** Every monitor that is recognised; one that is not in the table is not found. */
export const knownMonitors: readonly KnownMonitor[] = [
  ...programs,
  ...knownAgents.flatMap((agent) => {
    const further = agents[agent.name];
    return further ? [{ ...agent, ...further }] : [];
  }),
];
