import type { Rule } from '../../../src/evidence/host/firewall.ts';
import { type Host, has } from './layout.ts';
import type { Views } from './views.ts';

/** The day before the evidence was collected. */
const yesterday = '2026-11-21';

const guarding: Views<Host> = {
  clock: (host, seen) => {
    if (has(host, 'clock-silent')) return { ...seen, services: ['chronyd'] };
    const offsetSeconds = has(host, 'clock-far') ? 2.5 + host.index : 0.000_42 + host.index / 1_000_000;
    return { ...seen, services: ['chronyd'], synchronised: true, reference: 'ntp1.example', offsetSeconds };
  },
  malwareScanning: (host, seen) => {
    if (has(host, 'no-scanner')) return { ...seen, scanners: [] };
    const signatures = has(host, 'old-signatures') ? '2026-03-02' : yesterday;
    const scanners = seen.scanners.map(({ counted: _, ...each }) => ({
      ...each,
      running: true,
      signatures,
      lastScan: '2026-11-16',
    }));
    return { ...seen, scanners, schedules: ['/etc/cron.weekly/clamscan'] };
  },
  patchState: (host, seen) => {
    if (has(host, 'end-of-life'))
      return { ...seen, system: { id: 'centos', title: 'CentOS Linux 7 (Core)', version: '7' }, packages: 'rpm' };
    if (has(host, 'updates-overdue')) return { ...seen, pending: 3 + (host.index % 90), lastUpgrade: '2026-02-11' };
    const metadata = has(host, 'updates-stale') ? '2026-08-03' : yesterday;
    return { ...seen, metadata, pending: 0, updates: [] };
  },
  intrusionMonitoring: (host, seen) => {
    if (has(host, 'no-monitor')) return seen;
    const at = has(host, 'silent-monitor') ? '2026-10-30T08:00:00Z' : '2026-11-22T21:14:00Z';
    const agent = { name: 'qingteng', title: { zh: '青藤云主机安全', en: 'Qingteng Titan agent' } };
    const life = { of: 'connection' as const, what: 'titanagent', at };
    const state = { periodic: false, running: true, starts: true, life };
    return { ...seen, monitors: [{ ...agent, watches: ['intrusions'], signs: ['process titanagent'], ...state }] };
  },
  firewall: (host, seen) => {
    if (has(host, 'no-filter')) return seen;
    const rule = (text: string, of: 'state' | 'from', values: string[]): Rule => {
      return { text, conditions: [{ of, not: false, values }], opaque: false, sometimes: false, verdict: 'accept' };
    };
    const rules = [
      rule('ct state established,related accept', 'state', ['established', 'related']),
      rule('ip saddr 10.20.0.0/16 accept', 'from', ['10.20.0.0/16']),
    ];
    const families: ('ip' | 'ip6')[] = ['ip', 'ip6'];
    return {
      ...seen,
      chains: [{ id: 'nft inet filter input', families, hook: 'input', nat: false, drops: true, rules }],
    };
  },
  forwards: (host, seen) => {
    if (!has(host, 'forwards-authority')) return { ...seen, forwards: [] };
    const place = { by: 'nginx', where: '/etc/nginx/conf.d/lq.conf:14', kind: 'relay' as const, running: true };
    const to = [{ host: 'lqpt.chinatax.gov.cn', port: '8443' }];
    return { ...seen, forwards: [{ ...place, listens: [{ host: 'any', port: '8080' }], to, unresolved: [] }] };
  },
};

const administering: Views<Host> = {
  accounts: (host, seen) => ({
    ...seen,
    accounts: seen.accounts.map((account) =>
      account.uid > 0 && has(host, 'old-password')
        ? { ...account, password: 'set' as const, passwordChanged: '2023-01-09' }
        : { ...account, maxDays: 90 },
    ),
  }),
  administration: (host, seen) => {
    const vendor = { name: 'isv-support', uid: 1001, shell: true, password: 'set' as const };
    const todesk = { name: 'todesk', title: { zh: 'ToDesk 远程控制', en: 'ToDesk' }, vendor: 'ToDesk' };
    return {
      ...seen,
      accounts: [
        ...seen.accounts,
        ...(has(host, 'vendor-account') ? [{ ...vendor, privileges: ['sudo' as const], keys: [] }] : []),
      ],
      agents: has(host, 'remote-control')
        ? [{ ...todesk, abilities: ['remote-desktop'], signs: ['process ToDesk_Service'] }]
        : [],
    };
  },
  hosting: (_, seen) => ({ machine: 'physical', maker: 'Inspur', product: 'NF5280M6', signs: seen.signs.slice(-1) }),
  remoteLogin: (host, seen) => ({
    ...seen,
    listening: [{ service: 'ssh', address: '0.0.0.0', port: 22, program: 'sshd' }],
    lockout: { module: 'pam_faillock', after: 5, root: true },
    idleSeconds: 600,
    servers: seen.servers.map((server) => ({
      ...server,
      running: true,
      settings: { ...server.settings, permitrootlogin: [has(host, 'root-login') ? 'yes' : 'no'] },
    })),
  }),
  authorityWay: (host, { connectorRuns: _, ...seen }) => {
    if (!host.connector) return { ...seen, configs: [], processes: [], sessions: [] };
    const destinations = [{ line: 12, scheme: 'https', host: 'lqpt.chinatax.gov.cn', port: 8443 }];
    const sessions = [{ address: '10.20.0.80', port: 8443, count: 2 }];
    const aliases = [{ name: 'lqpt.chinatax.gov.cn', address: '10.20.0.80' }];
    const configs = [{ path: '/opt/example-platform/application.yml', destinations, switches: [] }];
    return { ...seen, configs, connectorRuns: true, sessions, aliases };
  },
};

const holding: Views<Host> = {
  backups: ({ store }, seen) => {
    if (!store || has(store, 'no-backup')) return { ...seen, places: [] };
    const days = Array.from({ length: 7 }, (_, daysAgo) => ({ daysAgo, bytes: 48_000_000 - daysAgo * 90_000 }));
    const newestHours = has(store, 'old-backup') ? 700 : 9.5;
    const volume = {
      mountPoint: '/backup',
      fileSystem: 'xfs',
      encryption: 'whole' as const,
      by: ['LUKS2 aes-xts-plain64'],
    };
    const place = { path: `/backup/${store.name}`, of: store.name, form: 'restic' as const, count: 30 };
    const disk = { ...volume, cipherUnread: false, devices: ['dm-3', 'sdc'], virtualDisk: false };
    return { ...seen, places: [{ ...place, newestHours, days, encrypted: 'yes', volume: disk }] };
  },
  volumes: ({ store }, seen) => {
    if (!store) return { ...seen, data: [] };
    const isPlain = has(store, 'plain-disk');
    const volume = {
      mountPoint: '/data',
      fileSystem: 'xfs',
      encryption: isPlain ? ('none' as const) : ('whole' as const),
      by: isPlain ? [] : ['LUKS2 aes-xts-plain64'],
      cipherUnread: false,
      devices: isPlain ? ['sda3', 'sda'] : ['dm-1', 'sda3', 'sda'],
      virtualDisk: false,
    };
    return { ...seen, data: [{ path: '/data/postgresql', of: store.name, volumes: [volume] }] };
  },
};

/** What is seen of a host, its logs apart. */
export const hostViews: Views<Host> = { ...guarding, ...administering, ...holding, listeners: (_, seen) => seen };
