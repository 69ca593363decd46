import { expect, test } from 'vitest';
import { addressProblems } from '../../src/evidence/public-address.ts';

test.each(['8.8.8.8', '223.5.5.5', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '2408:8000::1'])(
  '%s is public',
  (address) => {
    expect(addressProblems(address)).toEqual([]);
  },
);

test.each([
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'shared'],
  ['100.127.255.255', 'shared'],
  ['127.0.0.1', 'loopback'],
  ['169.254.169.254', 'linkLocal'],
  ['192.0.2.1', 'documentation'],
  ['198.51.100.7', 'documentation'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['0.0.0.0', 'reserved'],
  ['198.19.0.1', 'reserved'],
  ['::1', 'loopback'],
  ['::', 'reserved'],
  ['fe80::1', 'linkLocal'],
  ['fd00::1', 'private'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'documentation'],
  ['::ffff:8.8.8.8', 'reserved'],
  ['4000::1', 'reserved'],
])('%s is not public: %s', (address, range) => {
  expect(addressProblems(address)).toEqual([{ code: 'addressNotPublic', range }]);
});

test('a wrong octet and a private range are both reported', () => {
  expect(addressProblems('10.300.1.1')).toEqual([
    { code: 'addressOctet', found: '300' },
    { code: 'addressNotPublic', range: 'private' },
  ]);
  // The sample application's production address.
  expect(addressProblems('10.90.661.911')).toEqual([
    { code: 'addressOctet', found: '661, 911' },
    { code: 'addressNotPublic', range: 'private' },
  ]);
});

test.each([
  // Whether the range holds hangs on the wrong octet.
  ['172.300.1.1', [{ code: 'addressOctet', found: '300' }]],
  ['256.1.1.1', [{ code: 'addressOctet', found: '256' }]],
  ['010.1.1.1', [{ code: 'addressLeadingZero', found: '010' }]],
  [
    '10.01.1.1',
    [
      { code: 'addressLeadingZero', found: '01' },
      { code: 'addressNotPublic', range: 'private' },
    ],
  ],
])('%s: %j', (address, problems) => {
  expect(addressProblems(address)).toEqual(problems);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4/24',
  '1.2.3.-4',
  ' 1.2.3.4',
  '0x7f.1.1.1',
  '１.2.3.4',
  'example.com',
  'fe80::1%eth0',
  '1::2::3',
  '12345678901.1.1.1',
  ':'.repeat(64),
])('%j is no address', (address) => {
  expect(addressProblems(address)).toEqual([{ code: 'addressShape' }]);
});
