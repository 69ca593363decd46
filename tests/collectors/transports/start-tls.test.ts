import { array, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preambles, type Step } from '../../../src/collectors/transports/start-tls.ts';
import { type StartTlsService, startTlsServices } from '../../../src/evidence/network/tls.ts';
import { holds } from '../../support/fuzz.ts';

const step = (service: StartTlsService, said: number, heard: Buffer | string): Step =>
  preambles[service](said, Buffer.from(heard), '127.0.0.1');
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');
const away = expect.objectContaining({ away: expect.any(String) });
const injected = { away: expect.stringContaining('明文') };

// MariaDB 10.11.19 (Debian 12), as it greets with TLS.
const greeting =
  hex(`640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100ec01000035265f2c5b68773f00feff080200ff8115
  0000000000001d00000072443b394d5647435a7a7663006d7973716c5f6e61746976655f70617373776f726400`);
// The same, when it does not serve us.
const blocked =
  hex(`6a000000ff6904486f737420273139322e302e322e322720697320626c6f636b65642062656361757365206f66206d616e7920636f6e6e656374
  696f6e206572726f72733b20756e626c6f636b207769746820276d6172696164622d61646d696e20666c7573682d686f73747327`);
const full = hex('17000000ff1004546f6f206d616e7920636f6e6e656374696f6e73');

const capabilitiesAt = 4 + greeting.subarray(4).indexOf(0) + 14;
function withoutTls(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(copy.readUInt16LE(capabilitiesAt) & ~0x0800, capabilitiesAt);
  return copy;
}

const banner = '220 mail.example ESMTP Exim 4.96 Sun, 22 Nov 2026 12:14:48 +0000\r\n';
// Exim 4.96 (Debian 12).
const extensions =
  '250-mail.example Hello [127.0.0.1] [127.0.0.1]\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 HELP\r\n';

describe('PostgreSQL', () => {
  test('SSLRequest, byte for byte', () => {
    expect(step('postgresql', 0, '')).toEqual({ say: hex('00000008 04d2162f'), next: 'listen' });
  });

  test.each<[string, string, unknown]>([
    ['nothing yet', '', 'more'],
    ['yes', 'S', 'tls'],
    ['yes, and bytes that nobody asked for (CVE-2021-23214)', 'S\u0016\u0003', injected],
    ['no', 'N', { plain: 'PostgreSQL SSLRequest: N' }],
    ['an error', 'E\0\0\0\x1fSFATAL\0Msorry, too many clients already\0', away],
    ['an alert of TLS', '\x15\x03\x01\0\x02\x02\x46', away],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n', away],
  ])('%s', (_, heard, expected) => {
    expect(step('postgresql', 1, heard)).toEqual(expected);
  });
});

describe('MySQL', () => {
  test('the request for TLS, byte for byte: capabilities, 16 MiB, utf8mb3, 23 bytes of nothing', () => {
    expect(step('mysql', 0, greeting)).toEqual({
      say: hex(`20000001 018a0800 00000001 21 ${'00'.repeat(23)}`),
      next: 'tls',
    });
  });

  test.each<[string, Buffer | string, unknown]>([
    ['nothing yet', '', 'more'],
    ['part of the greeting', greeting.subarray(0, 60), 'more'],
    ['no TLS', withoutTls(greeting), { plain: 'MySQL 5.5.5-10.11.19-MariaDB-0+deb12u1: no CLIENT_SSL' }],
    ['more than the greeting', Buffer.concat([greeting, hex('16')]), injected],
    ['shut out', blocked, { away: expect.stringMatching(/^MySQL 1129: Host .* is blocked/), passing: false }],
    ['full', full, { away: 'MySQL 1040: Too many connections', passing: true }],
    ['protocol 9', hex('0a000000 09 332e32 00 01000000 00'), away],
    ['a version without end', hex('05000000 0a 35353535'), away],
    ['a packet of 16 MiB', hex('ffffff00 0a'), away],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', away],
  ])('%s', (_, heard, expected) => {
    expect(step('mysql', 0, heard)).toEqual(expected);
  });
});

describe('SMTP', () => {
  test.each<[string, number, string, unknown]>([
    ['nothing yet', 0, '', 'more'],
    ['a banner', 0, banner, { say: Buffer.from('EHLO [127.0.0.1]\r\n'), next: 'listen' }],
    ['a banner of several lines', 0, '220-a\r\n220-b\r\n220 c\r\n', expect.objectContaining({ next: 'listen' })],
    ['a banner that goes on', 0, '220-a\r\n220', 'more'],
    ['not welcome', 0, '554 go away\r\n', { away: 'SMTP: 554 go away' }],
    ['too many', 0, '421 too many connections\r\n', { away: expect.anything(), passing: true }],
    ['FTP speaks alike', 0, '220 (vsFTPd 3.0.3)\r\n', expect.objectContaining({ next: 'listen' })],
    ['and knows no EHLO', 1, '530 Please login with USER and PASS.\r\n', away],
    ['STARTTLS is offered', 1, extensions, { say: Buffer.from('STARTTLS\r\n'), next: 'listen' }],
    ['in small letters', 1, '250-x\r\n250 starttls\r\n', { say: Buffer.from('STARTTLS\r\n'), next: 'listen' }],
    [
      'it is not',
      1,
      extensions.replace('250-STARTTLS\r\n', ''),
      { plain: expect.stringMatching(/^SMTP EHLO: 250-mail/) },
    ],
    ['a word that only begins like it', 1, '250-x\r\n250 STARTTLSX\r\n', { plain: expect.anything() }],
    ['no extensions at all', 1, '502 unknown command\r\n', { plain: 'SMTP: 502 unknown command' }],
    ['our name is not liked', 1, '501 invalid EHLO argument\r\n', away],
    ['nor is an address (Postfix)', 1, '504 5.5.2 <[127.0.0.1]>: Helo command rejected\r\n', away],
    ['go ahead', 2, '220 TLS go ahead\r\n', 'tls'],
    ['go ahead, and bytes that nobody asked for', 2, '220 TLS go ahead\r\n250 x\r\n', injected],
    ['not now (RFC 3207, 4)', 2, '454 TLS not available\r\n', { away: expect.anything(), passing: true }],
    ['not after all', 2, '502 no\r\n', { plain: 'SMTP: 502 no' }],
    ['another protocol', 0, 'SSH-2.0-x\r\n', away],
    ['a line without end', 0, `220 ${'x'.repeat(20_000)}`, 'more'],
  ])('%s', (_, said, heard, expected) => {
    expect(step('smtp', said, heard)).toEqual(expected);
  });

  test('an IPv6 address is named as one (RFC 5321, 4.1.3)', () => {
    expect(preambles.smtp(0, Buffer.from(banner), '::1')).toMatchObject({ say: Buffer.from('EHLO [IPv6:::1]\r\n') });
  });
});

const whole: [StartTlsService, number, Buffer][] = [
  ['mysql', 0, greeting],
  ['mysql', 0, withoutTls(greeting)],
  ['mysql', 0, blocked],
  ['smtp', 0, Buffer.from(banner)],
  ['smtp', 1, Buffer.from(extensions)],
  ['smtp', 2, Buffer.from('220 TLS go ahead\r\n')],
];

test.each(whole)('%s %i: in pieces, no part of an answer decides', (service, said, bytes) => {
  for (let at = 0; at < bytes.length; at += 1) expect(step(service, said, bytes.subarray(0, at))).toBe('more');
});

test('whatever the bytes: an answer, and words that can be printed', () => {
  const changes = array(uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 3 });
  holds(
    property(
      integer({ min: 0, max: whole.length - 1 }),
      changes,
      uint8Array({ maxLength: 300 }),
      (index, parts, noise) => {
        const [, said, bytes] = whole[index] ?? ['mysql', 0, greeting];
        const mixed = Buffer.concat([
          ...parts.map((part, at) => Buffer.concat([bytes.subarray(at * 9, at * 9 + 9), part])),
          bytes.subarray(parts.length * 9),
        ]);
        for (const service of startTlsServices)
          for (const heard of [mixed, Buffer.from(noise)]) {
            const next = step(service, said, heard);
            if (typeof next === 'string' || 'say' in next) continue;
            const words = 'plain' in next ? next.plain : next.away;
            expect(words).toMatch(/^[^\p{Cc}]*$/u);
            expect(words.length).toBeLessThan(600);
            // What the port said stands for no TLS record.
            if ('plain' in next) expect(words).toMatch(/^[A-Z]/);
          }
      },
    ),
    2000,
  );
});
