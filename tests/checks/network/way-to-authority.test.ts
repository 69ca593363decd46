import { check } from '../../../checks/network/way-to-authority.ts';
import type { AuthorityWay, OffSwitch } from '../../../src/evidence/host/authority-way.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';

type Config = AuthorityWay['configs'][number];

const entrance = 'lqpt.chinatax.gov.cn';
const address = '192.52.193.80';
const platform = [seen('platform', declaration({ taxAuthority: [address] }))];

const to = (scheme: string, host = entrance, port = 8443) => ({
  line: 3,
  scheme,
  host,
  port,
});
const config = (value: Partial<Config> = {}): Config => ({
  path: '/opt/leqi/application.yml',
  destinations: [to('https')],
  switches: [],
  ...value,
});
const way = (value: Partial<AuthorityWay> = {}): AuthorityWay => ({
  configs: [config()],
  processes: [],
  connectorRuns: true,
  sessions: [
    { address, port: 8443, count: 2 },
    { address: '10.0.0.9', port: 3306, count: 20 },
  ],
  aliases: [],
  unread: [],
  ...value,
});
const given = (value: Partial<AuthorityWay> = {}) => ({ platform, authorityWay: [seen('authorityWay', way(value))] });
const off = (scope: OffSwitch['scope'], name = 'NODE_TLS_REJECT_UNAUTHORIZED=0') => ({ name, scope });
const process = (program: string, connector: boolean, scope: OffSwitch['scope']) => ({
  program,
  connector,
  switches: [off(scope)],
});
const withoutPrograms = way();
delete withoutPrograms.connectorRuns;
const bare = (value: Partial<AuthorityWay> = {}) => ({
  platform,
  authorityWay: [seen('authorityWay', { ...withoutPrograms, ...value })],
});

testCheck(check, { authority: ['chinatax.gov.cn'] }, '2026-03-01', {
  met: {
    'HTTPS, and connections stand': { ...given(), says: 'protected' },
    'no program is declared, and none turns verification off': bare(),
    'HTTPS without a port': given({
      configs: [config({ destinations: [{ line: 3, scheme: 'https', host: entrance }] })],
      sessions: [{ address, port: 443, count: 1 }],
    }),
    'the hosts file says where the name leads': {
      ...given({
        aliases: [{ name: entrance, address: '10.9.0.1' }],
        sessions: [{ address: '10.9.0.1', port: 8443, count: 1 }],
      }),
      platform: [seen('platform', declaration())],
    },
    'the name again, without a scheme': given({ configs: [config({ destinations: [to('https'), to('none')] })] }),
    'plain HTTP to somebody else': given({
      configs: [config({ destinations: [to('https'), to('http', '10.0.0.3', 80), to('http', 'notchinatax.gov.cn')] })],
    }),
    'another program does not verify': given({ processes: [process('grafana', false, 'all')] }),
    'another host has nothing to do with it': {
      platform,
      authorityWay: [
        seen('authorityWay', way()),
        seen(
          'authorityWay',
          { ...withoutPrograms, configs: [], sessions: [], unread: [{ part: '/proc', why: 'denied' }] },
          { subject: 'db-1' },
        ),
      ],
    },
  },
  unmet: {
    'plain HTTP to the authority': {
      ...given({ configs: [config({ destinations: [to('http')] })] }),
      says: 'plainHttp',
    },
    'plain HTTP beside HTTPS': given({ configs: [config({ destinations: [to('https'), to('http', address, 80)] })] }),
    'the connector’s environment turns verification off': {
      ...given({ processes: [process('node', true, 'all')] }),
      says: 'verificationOff',
    },
    'the connector’s configuration does, for all': {
      ...given({ configs: [config({ switches: [{ ...off('all'), line: 7 }] })] }),
      says: 'verificationOff',
    },
    'a call of the authority does': given({
      configs: [config({ switches: [{ ...off('here', 'curl -k'), line: 7 }] })],
    }),
  },
  unproven: {
    'a switch of unknown reach in the configuration': {
      ...given({ configs: [config({ switches: [{ ...off('some', 'sslVerify: false'), line: 7 }] })] }),
      says: 'maybeOff',
    },
    'a switch of unknown reach in the connector’s arguments': given({ processes: [process('java', true, 'some')] }),
    'some program does not verify, and which is the connector is not declared': {
      ...bare({ processes: [process('node', false, 'all')] }),
      says: 'maybeOff',
    },
    'some program does not verify, and the connector does not run': {
      ...given({ connectorRuns: false, processes: [process('node', false, 'all')] }),
      says: ['maybeOff', 'notRunning'],
    },
    'a name without a scheme': {
      ...given({ configs: [config({ destinations: [to('none')] })] }),
      says: 'schemeUnclear',
    },
    'another scheme': given({ configs: [config({ destinations: [to('https'), to('tcp')] })] }),
    'no connection stands': { ...given({ sessions: [] }), says: 'noSession' },
    'connections to addresses that nobody declared': {
      ...given(),
      platform: [seen('platform', declaration())],
      says: 'noSession',
    },
    'a connection to another port': {
      ...given({
        sessions: [
          { address, port: 8443, count: 1 },
          { address, port: 80, count: 1 },
        ],
      }),
      says: 'otherPort',
    },
    'the configuration leads nowhere known': {
      ...given({ configs: [config({ destinations: [] })] }),
      says: 'noDestination',
    },
    'the configuration is not there': {
      ...given({ configs: [config(), config({ path: '/opt/leqi/more.yml', problem: 'missing', destinations: [] })] }),
      says: 'configUnread',
    },
    'processes could not be read': { ...given({ unread: [{ part: '/proc', why: 'denied' }] }), says: 'unread' },
    'connections, and no connector is declared': { ...bare({ configs: [] }), says: 'undeclared' },
    'no host has a connector': { ...bare({ configs: [], sessions: [] }), says: 'noConnector' },
    'no host': { platform, authorityWay: [], says: 'noHost' },
  },
});
