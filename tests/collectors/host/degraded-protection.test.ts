import { check as monitoringCheck } from '../../../checks/host/intrusion-monitoring.ts';
import { check as boundaryCheck } from '../../../checks/network/boundary-protection.ts';
import type { Verdict } from '../../../src/assessment/verdict.ts';
import { lines, type Scene, testScenes } from './degraded.ts';

// Outputs are made up to the scripts' forms, as in degraded.test.ts.

const rules = (...each: string[]): string =>
  lines(
    'uid:0',
    '=> addresses',
    ' lo 127.0.0.1/8',
    ' eth0 10.0.0.5/24',
    '=<',
    '=> nft',
    ' table inet f {',
    ' chain input {',
    ' type filter hook input priority filter; policy drop;',
    ...each.map((rule) => ` ${rule}`),
    ' }',
    ' }',
    '=<',
    'route:4 eth0',
    'manager:nftables enabled',
    'end',
  );
const boundary = (changes: Record<string, string>, says: Verdict): Scene => ({
  check: boundaryCheck,
  parameters: { alsoOpen: { DHCP: [68] } },
  declared: {
    endpoints: [
      { address: '203.0.113.5', port: 443, protocol: 'https', environment: 'production', direction: 'inbound' },
    ],
  },
  outputs: {
    'packet-filter': rules(
      'ct state established,related accept',
      'tcp dport 443 accept',
      'ip saddr 10.9.0.0/16 tcp dport 22 accept',
    ),
    sockets: lines(
      'by:ss',
      ' tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))',
      ' tcp LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=2,fd=6))',
      ' tcp LISTEN 0 244 127.0.0.1:5432 0.0.0.0:* users:(("postgres",pid=3,fd=5))',
      'end',
    ),
    ...changes,
  },
  says,
});

const monitors = (says: Verdict, ...each: string[]): Scene => ({
  check: monitoringCheck,
  parameters: { watches: ['intrusions', 'audit', 'network'], maxAge: 7 },
  outputs: { monitors: lines('uid:0', 'now:1795351554', 'all-seen', ...each, 'end') },
  says,
});

testScenes({
  'a host that refuses by default': boundary({}, 'met'),
  'a host that lets everybody in': boundary({ 'packet-filter': rules('accept') }, 'unproven'),
  'a host that opens more than is declared': boundary({ 'packet-filter': rules('tcp dport 22 accept') }, 'unproven'),
  'an agent at work': monitors(
    'met',
    'process:titanagent',
    'connected:titanagent',
    'service:titanagent enabled',
    'path:/titan/agent',
  ),
  'Suricata at work': monitors(
    'met',
    'process:Suricata-Main',
    'file:1795351500 /var/log/suricata/eve.json',
    'suricata-rules:38012',
  ),
  'Suricata without rules': monitors(
    'unmet',
    'process:Suricata-Main',
    'file:1795351500 /var/log/suricata/eve.json',
    'suricata-rules:0',
  ),
  'Snort that does not say what it loaded': monitors(
    'unproven',
    'process:snort',
    'file:1795351500 /var/log/snort/alert',
  ),
  'an audit daemon at work': monitors(
    'met',
    'process:auditd',
    'file:1795351500 /var/log/audit/audit.log',
    'audit-rules:20',
    'audit-enabled:1',
  ),
  'an audit daemon without rules': monitors(
    'unmet',
    'process:auditd',
    'file:1795351500 /var/log/audit/audit.log',
    'audit-rules:0',
    'audit-enabled:1',
  ),
  'an agent that does not run': monitors('unmet', 'service:titanagent enabled', 'path:/titan/agent'),
});
