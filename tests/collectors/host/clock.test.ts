import { describe, expect, test } from 'vitest';
import { clock } from '../../../src/collectors/host/clock.ts';
import type { Clock } from '../../../src/evidence/host/clock.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { localHost } from './local-host.ts';

const read = (outputs: Parameters<typeof transcript>[0]): Clock =>
  kinds.clock.value.parse(clock.read(transcript(outputs), localHost()));

const services = (...names: string[]) => `${names.map((name) => `${name}\n`).join('')}processes-read=yes\n`;

// chronyc -n -c tracking, chrony 4.3 on Debian 12: chronyd -x on loopback, following another chronyd there.
const following =
  '7F000001,127.0.0.1,9,1795330292.849990515,-0.000001994,0.000000077,0.000000254,0.023,0.002,0.105,0.000008076,0.000002224,1.0,Normal\n';
// The same, its server not answering.
const lost =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n';
// The same, with `local stratum 8` and no server: it serves its own clock as if that were right.
const alone =
  '7F7F0101,,8,1795330280.855531825,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal\n';

describe('chrony', () => {
  test('follows its server', () => {
    expect(
      read({
        'time-services': services('chronyd'),
        chrony: following,
        servers: 'server ntp.ntsc.ac.cn iburst\n  pool cn.pool.ntp.org\nrefclock PHC /dev/ptp0 poll 2\n',
      }),
    ).toEqual({
      services: ['chronyd'],
      synchronised: true,
      reference: '127.0.0.1',
      offsetSeconds: -0.000001994,
      servers: ['PHC /dev/ptp0', 'cn.pool.ntp.org', 'ntp.ntsc.ac.cn'],
    });
  });

  test('has no server that answers', () => {
    expect(read({ 'time-services': services('chronyd'), chrony: lost })).toMatchObject({ synchronised: false });
  });

  test('that follows only its own clock is not synchronised', () => {
    expect(read({ 'time-services': services('chronyd'), chrony: alone })).toMatchObject({ synchronised: false });
  });

  test.each(['', '506 Cannot talk to daemon\n', `${following.slice(0, 40)}\n`])('says nothing of use: %j', (chrony) => {
    expect(read({ 'time-services': services('chronyd'), chrony })).toEqual({ services: ['chronyd'], servers: [] });
  });
});

describe('ntpd, reconstructed from ntpq(8)', () => {
  const answer = (leap: string, stratum: number, offset: string) =>
    `associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,\nleap=${leap}, stratum=${stratum}, refid=114.118.7.161, offset=${offset}\n`;

  test('offsets are milliseconds', () => {
    expect(read({ 'time-services': services('ntpd'), ntp: answer('00', 2, '-512.25') })).toEqual({
      services: ['ntpd'],
      synchronised: true,
      reference: '114.118.7.161',
      offsetSeconds: -0.51225,
      servers: [],
    });
  });

  test.each([
    ['leap 11', answer('11', 2, '0.1')],
    ['stratum 16', answer('00', 16, '0.1')],
  ])('%s means not synchronised', (_, ntp) => {
    expect(read({ 'time-services': services('ntpd'), ntp }).synchronised).toBe(false);
  });

  test('that follows only its own clock (driver 1, refclock(5)) is not synchronised', () => {
    const own = answer('00', 6, '0.000').replace('114.118.7.161', '127.127.1.0');
    expect(read({ 'time-services': services('ntpd'), ntp: own }).synchronised).toBe(false);
  });

  test('a daemon that refuses says nothing', () => {
    const ntp = 'localhost: timed out, nothing received\n***Request timed out\n';
    expect(read({ 'time-services': services('ntpd'), ntp })).toEqual({ services: ['ntpd'], servers: [] });
  });
});

describe('systemd-timesyncd, reconstructed from timedatectl(1)', () => {
  const show = (synchronised: string) =>
    `Timezone=Asia/Shanghai\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=${synchronised}\nTimeUSec=Sun 2026-03-01 10:00:00 CST\n`;

  test.each([
    ['yes', true],
    ['no', false],
  ])('NTPSynchronized=%s', (word, synchronised) => {
    // The kernel cuts the name of the process to 15 characters.
    expect(read({ 'time-services': services('systemd-timesyn'), timesync: show(word), servers: 'NTP=a b\n' })).toEqual({
      services: ['systemd-timesyncd'],
      synchronised,
      servers: ['a', 'b'],
    });
  });

  test.each([
    ['+1.853ms', 0.001853],
    ['-1min 2.5s', -62.5],
    ['0', undefined],
    ['+2 parsecs', undefined],
  ])('timesync-status, Offset: %s', (offset, offsetSeconds) => {
    const timesync = `${show('yes')}       Server: 114.118.7.161 (ntp.ntsc.ac.cn)\n       Offset: ${offset}\n        Delay: 12.1ms\n`;
    expect(read({ 'time-services': services('systemd-timesyn'), timesync }).offsetSeconds).toBe(offsetSeconds);
  });

  test('an old timedatectl that knows no show says nothing', () => {
    expect(
      read({ 'time-services': services('systemd-timesyn'), timesync: { status: 1, stderr: 'Unknown operation show.' } })
        .synchronised,
    ).toBeUndefined();
  });
});

const binary = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)).toString('utf8');

describe('whatever the host prints', () => {
  test('only a service that runs is believed', () => {
    expect(read({ 'time-services': services(), chrony: following, timesync: 'NTPSynchronized=yes\n' })).toEqual({
      services: [],
      servers: [],
    });
  });

  test('processes that could not be read prove nothing', () => {
    expect(() => read({ 'time-services': 'processes-read=no\n' })).toThrow(
      expect.objectContaining({ reason: 'denied' }),
    );
  });

  test.each([
    ['ten megabytes on one line', 'x'.repeat(10_000_000)],
    ['binary', binary.replaceAll(',', ';')],
    ['a leap status without the rest', 'Normal,NTPSynchronized=yes,leap=00'],
    ['a stratum that is no number', 'leap=00, stratum=two, offset=0.0'],
  ])('%s does not make a clock right', (_, garbage) => {
    const outputs = { chrony: garbage, ntp: garbage, timesync: garbage, servers: garbage };
    for (const service of ['chronyd', 'ntpd', 'systemd-timesyn'])
      expect(read({ ...outputs, 'time-services': services(service) }).synchronised).toBeUndefined();
  });

  test.each([
    ['commas', ','.repeat(13)],
    ['binary with commas', binary],
  ])('%s are no answer of chrony', (_, chrony) => {
    expect(read({ 'time-services': services('chronyd'), chrony }).synchronised).toBeUndefined();
  });
});
