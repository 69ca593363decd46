import { check } from '../../../checks/host/clock.ts';
import type { Clock } from '../../../src/evidence/host/clock.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const clock = (value: Partial<Clock>) =>
  seen('clock', {
    services: ['chronyd'],
    servers: ['ntp.ntsc.ac.cn'],
    synchronised: true,
    offsetSeconds: 0.002,
    ...value,
  });

testCheck(check, { maxOffset: 1 }, '2026-03-01', {
  met: {
    'chrony near its server': {
      clock: [clock({ reference: '114.118.7.161', offsetSeconds: -0.000213 })],
      says: 'synchronised',
    },
    timesyncd: { clock: [clock({ services: ['systemd-timesyncd'] })] },
    'off by the limit itself': { clock: [clock({ offsetSeconds: 1 })] },
  },
  unmet: {
    'one host of two is not synchronised': {
      clock: [clock({}), clock({ synchronised: false })],
      says: ['synchronised', 'notSynchronised'],
    },
    'slow by more than the limit': { clock: [clock({ offsetSeconds: -1.5 })], says: 'tooFar' },
  },
  unproven: {
    'synchronised, nobody says how far off': { clock: [clock({ offsetSeconds: undefined })], says: 'offsetUnknown' },
    'no service runs': { clock: [clock({ services: [], synchronised: undefined })], says: 'noService' },
    'service says nothing': { clock: [clock({ synchronised: undefined })], says: 'silent' },
    'no host': { clock: [], says: 'noHost' },
  },
});
