import { check } from '../../../checks/host/intrusion-monitoring.ts';
import type { IntrusionMonitoring, Monitor } from '../../../src/evidence/host/intrusion-monitoring.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { defects, paper } from '../../support/papers.ts';

const monitor = (value: Partial<Monitor> = {}): Monitor => ({
  name: 'qingteng',
  title: { zh: '青藤云主机安全', en: 'Qingteng Titan agent' },
  watches: ['intrusions'],
  signs: ['process titanagent'],
  periodic: false,
  running: true,
  starts: true,
  life: { of: 'connection', what: 'titanagent', at: '2026-03-01T02:00:00Z' },
  ...value,
});
const wrote = (at: string): Pick<Monitor, 'life'> => ({ life: { of: 'file', what: '/var/log/x.log', at } });
const without = (each: Monitor): Monitor => {
  const { life: _, ...rest } = each;
  return rest;
};
const auditd = monitor({
  name: 'auditd',
  title: { zh: 'Linux 审计服务', en: 'Linux audit daemon' },
  watches: ['audit'],
  rules: 12,
  version: '3.0.9',
});
const aide = (value: Partial<Monitor> = {}): Monitor =>
  monitor({
    name: 'aide',
    watches: ['integrity'],
    periodic: true,
    running: false,
    database: '2025-11-02T00:00:00Z',
    ...value,
  });
const host = (monitors: Monitor[], more: Partial<IntrusionMonitoring> = {}) =>
  seen('intrusionMonitoring', { monitors, hostTime: '2026-03-01T02:00:00Z', unread: [], ...more });
const boundary = { id: 'boundary-protection-description', title: '网络边界防护说明' };
const byPaper = { watches: ['intrusions'], maxAge: 7, paper: boundary.id };

testCheck(check, { watches: ['intrusions', 'integrity', 'audit', 'network'], maxAge: 7 }, '2026-03-01', {
  met: {
    'an agent that holds its connection': { intrusionMonitoring: [host([monitor()])], says: 'alive' },
    'an agent that holds its connection to its console': { intrusionMonitoring: [host([monitor({ console: true })])] },
    'a log of the last day that counts': { intrusionMonitoring: [host([monitor(wrote('2026-02-22T23:59:59Z'))])] },
    'an audit daemon with rules': { intrusionMonitoring: [host([{ ...auditd, ...wrote('2026-03-01T01:00:00Z') }])] },
    'AIDE that ran this night, by whatever schedule': {
      intrusionMonitoring: [host([aide({ starts: false, ...wrote('2026-03-01T00:00:00Z') })])],
    },
    'one of several is alive': { intrusionMonitoring: [host([monitor({ running: false }), auditd])] },
    'a clock five years off, and files as much': {
      intrusionMonitoring: [host([monitor(wrote('2021-02-27T00:00:00Z'))], { hostTime: '2021-03-01T00:00:00Z' })],
    },
    'not all could be read, but enough': {
      intrusionMonitoring: [host([monitor()], { unread: [{ part: 'root', why: 'denied' }] })],
    },
  },
  unmet: {
    'installed, not running': {
      intrusionMonitoring: [host([without(monitor({ running: false, starts: false, signs: ['path /titan/agent'] }))])],
      says: 'standsStill',
    },
    'an audit daemon without rules': { intrusionMonitoring: [host([{ ...auditd, rules: 0 }])], says: 'standsStill' },
    'AIDE that nothing runs': { intrusionMonitoring: [host([without(aide({ starts: false }))])] },
    'one host of two': {
      intrusionMonitoring: [host([monitor()]), { ...host([monitor({ running: false })]), subject: 'app-2' }],
      says: ['alive', 'standsStill'],
    },
    'a paper that the unit does not hold': {
      intrusionMonitoring: [host([monitor({ running: false })])],
      documents: [paper({ ...boundary, ...defects['not held'] })],
      parameters: byPaper,
    },
  },
  unproven: {
    'runs, last wrote eight days ago': {
      intrusionMonitoring: [host([monitor(wrote('2026-02-21T23:59:59Z'))])],
      says: 'silent',
    },
    'an agent that only its console hears, and that reaches it not, though it writes of that': {
      intrusionMonitoring: [host([monitor({ console: true, ...wrote('2026-03-01T01:59:00Z') })])],
      says: 'silent',
    },
    'runs, and shows nothing': { intrusionMonitoring: [host([without(monitor())])], says: 'silent' },
    'rules cannot be listed': { intrusionMonitoring: [host([{ ...auditd, rules: 'unknown' }])], says: 'silent' },
    'AIDE is scheduled and has not run': { intrusionMonitoring: [host([without(aide())])], says: 'silent' },
    'none that is known': { intrusionMonitoring: [host([])], says: 'noneKnown' },
    'only what does not count': { intrusionMonitoring: [host([monitor({ watches: ['state'] })])], says: 'noneKnown' },
    'not running, as far as could be read': {
      intrusionMonitoring: [host([monitor({ running: false })], { unread: [{ part: '/proc', why: 'denied' }] })],
      says: 'unread',
    },
    'no host': { says: 'noHost' },
  },
  'not-applicable': {
    'a paper describes the device that monitors': {
      intrusionMonitoring: [host([])],
      documents: [paper(boundary)],
      parameters: byPaper,
      says: 'byDevice',
    },
  },
});
