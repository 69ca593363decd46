import { check } from '../../../checks/host/patch-state.ts';
import type { PatchState } from '../../../src/evidence/host/patch-state.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const host = (value: Partial<PatchState> = {}, subject = 'app-1') =>
  seen(
    'patchState',
    {
      system: { id: 'debian', version: '12', title: 'Debian GNU/Linux 12 (bookworm)' },
      packages: 'deb',
      metadata: '2026-02-28',
      pending: 0,
      updates: [],
      unclear: 0,
      lastUpgrade: '2026-02-20',
      ...value,
    },
    { subject },
  );
const system = (id: string, version: string) => ({ system: { id, version, title: `${id} ${version}` } });
const openEuler = (version: string, pack: string) => ({
  system: { id: 'openEuler', version, title: `openEuler ${version} (${pack})` },
});
const waiting = {
  pending: 1,
  updates: [{ name: 'openssl', installed: '3.0.11-1~deb12u1', available: '3.0.11-1~deb12u2' }],
};
const kernel = (since: string) => ({ newerKernel: { running: '6.1.0-18-amd64', installed: '6.1.0-20-amd64', since } });

testCheck(check, { securityWithin: 30, metadataWithin: 14 }, '2026-03-01', {
  met: {
    'nothing pending by yesterday’s metadata': { patchState: [host()], says: 'current' },
    'metadata as old as allowed': { patchState: [host({ metadata: '2026-02-15' })] },
    'openEuler by its service pack': { patchState: [host(openEuler('22.03', 'LTS-SP4'))] },
    'a new kernel that waits for its restart since last week': { patchState: [host(kernel('2026-02-22'))] },
    'nobody knows when it was upgraded': { patchState: [host({ lastUpgrade: undefined })] },
  },
  unmet: {
    'CentOS 7, nothing pending': { patchState: [host(system('centos', '7'))], says: 'endOfLife' },
    'openEuler whose service pack ended, though a later one has not': {
      patchState: [host(openEuler('22.03', 'LTS-SP3'))],
      says: 'endOfLife',
    },
    'Debian 7': { patchState: [host(system('debian', '7'))] },
    'pending in metadata of 31 days': { patchState: [host({ ...waiting, metadata: '2026-01-29' })], says: 'overdue' },
    'pending, nothing upgraded for 31 days': {
      patchState: [host({ ...waiting, lastUpgrade: '2026-01-29' })],
      says: 'behind',
    },
    'one host of two': {
      patchState: [host(), host(system('alpine', '3.17.2'), 'web-1')],
      says: ['current', 'endOfLife'],
    },
  },
  unproven: {
    'Kylin V10, whose maker publishes no date': { patchState: [host(system('kylin', 'V10'))], says: 'supportUnknown' },
    'openEuler without its service pack': { patchState: [host(system('openEuler', '22.03'))], says: 'supportUnknown' },
    'a distribution that is not known': { patchState: [host(system('constructor', '1'))], says: 'supportUnknown' },
    'no os-release': { patchState: [host({ system: { id: '', version: '', title: '' } })], says: 'supportUnknown' },
    'RHEL 7, whose updates are for sale': { patchState: [host(system('rhel', '7.9'))], says: 'endOfLifeSold' },
    'Ubuntu 20.04': { patchState: [host(system('ubuntu', '20.04'))], says: 'endOfLifeSold' },
    'pending since nobody knows when': { patchState: [host(waiting)], says: 'pending' },
    'metadata too old to show what is pending': { patchState: [host({ metadata: '2026-02-14' })], says: 'stale' },
    'no security metadata': { patchState: [host({ metadata: undefined })], says: 'noMetadata' },
    'metadata of next week': { patchState: [host({ metadata: '2026-03-08' })], says: 'noMetadata' },
    'modular packages': { patchState: [host({ unclear: 2 })], says: 'unclear' },
    'a kernel installed 31 days ago does not run': { patchState: [host(kernel('2026-01-29'))], says: 'notBooted' },
    'no host': { patchState: [], says: 'noHost' },
  },
});
