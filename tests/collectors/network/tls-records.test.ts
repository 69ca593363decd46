import { describe, expect, test } from 'vitest';
import { readFlight } from '../../../src/collectors/network/tls-records.ts';

const bytes = (...parts: string[]) => Buffer.from(parts.join(''), 'hex');

// OpenSSL 3.0.19, openssl s_server -Verify 1, to a hello of TLS 1.2: ServerHello, Certificate, ServerKeyExchange,
// CertificateRequest, ServerHelloDone. A throw-away certificate of CN=t.
const certificate =
  '3082016e30820113a0030201020214038f9cb31e0194e39c582fac06c195fe064de36f300a06082a8648ce3d040302300c310a300806035504030c0174301e170d3236313132323037303332355a170d3336313131393037303332355a300c310a300806035504030c01743059301306072a8648ce3d020106082a8648ce3d0301070342000441e9e14af1ecfb19ea45378358553e85f3f797f6c370f5965f5e7934e9fc057cfba21af42e90a564f03ff506949e4ba0b173936b58dafbdf2f850d3701fddba0a3533051301d0603551d0e04160414964b199105af6a70eff964aa64f54b5d5f75e94b301f0603551d23041830168014964b199105af6a70eff964aa64f54b5d5f75e94b300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020349003046022100fe099ab5318584667da2807f2bed571c917a18b83e6c2fe128d5a126bf116db3022100a13fe9aa1f760439a1a5c8a2311c3b4c29ce17414595ac5d82e6891acfe742f3';
const hello12 =
  '160303005d020000590303cd473a799b946996cc1fd2bc6826812c44ce2ee2466a39cd444f574e4752440120bb3c529db5c627293a5bbcdc6a04664a16f0a7cb62d6b830e019a333cac88b0ec009000011ff01000100000b00040300010200170000';
const certificate12 = `160303017c0b000178000175000172${certificate}`;
const keyExchange12 =
  '16030300740c00007003001d201d9829b3f7bfa7267b328c37cf8d9ca3edb627995813f9b27352f26dc9fe37560403004830460221009d120b41b81c6da79d08b0d4f19788b0ce02951c7c1e1e3dc69f6b65336154f302210083f015d47b758f884e82bda4fdfc231132115226f452f65d9306637942886d2d';
const request12 =
  '160303003a0d00003603010240002e040305030603080708080809080a080b0804080508060401050106010303020303010201030202020402050206020000';
const done12 = '16030300040e000000';
const flight12 = bytes(hello12, certificate12, keyExchange12, request12, done12);

// The same server to a hello of TLS 1.3 with an empty key share: HelloRetryRequest, then change_cipher_spec.
const retry13 =
  '1603030038020000340303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c00130100000c002b0002030400330002001d140303000101';

describe('answers of openssl s_server', () => {
  test('a whole flight of TLS 1.2', () => {
    expect(readFlight(flight12)).toEqual({
      kind: 'tls',
      hello: { version: 'TLSv1.2', suite: 0xc009, compression: 0, extensions: [0xff01, 11, 23] },
      certificates: [bytes(certificate)],
      keyExchange: { group: 29 },
      asksClientCertificate: true,
    });
  });

  test('without CertificateRequest', () => {
    expect(readFlight(bytes(hello12, certificate12, keyExchange12, done12))).toMatchObject({
      asksClientCertificate: false,
    });
  });

  test('what is not yet there is not told', () => {
    const flight = readFlight(bytes(hello12, certificate12));
    expect(flight).toMatchObject({ hello: { version: 'TLSv1.2' } });
    expect(flight).not.toHaveProperty('asksClientCertificate');
  });

  test('HelloRetryRequest of TLS 1.3', () => {
    expect(readFlight(bytes(retry13))).toEqual({
      kind: 'tls',
      hello: { version: 'TLSv1.3', suite: 0x1301, compression: 0, extensions: [43, 51], group: 29 },
      certificates: [],
    });
  });

  test.each([
    ['SSL 3.0 refused', '15030000020228', 'handshake_failure'],
    ['SSL 2.0 refused', '15030300020246', 'protocol_version'],
  ])('%s', (_, hex, alert) => {
    expect(readFlight(bytes(hex))).toEqual({ kind: 'tls', alert, certificates: [] });
  });

  test('a fatal alert after the hello is kept beside it', () => {
    expect(readFlight(bytes(hello12, '15030300020228'))).toMatchObject({
      hello: { suite: 0xc009 },
      alert: 'handshake_failure',
    });
  });
});

describe('answers put together from the specifications', () => {
  const tail = `${'ab'.repeat(32)}00002f00`;

  // RFC 8448, 3 and 5.
  const hello8448 =
    '160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304';
  const retry8448 =
    '16030300b0020000ac0303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c001301000084003300020017002c0074007271dcd04bb88bc3189119398a00000000eefafc76c146b823b096f8aacad365dd0030953f4edf625636e5f21bb2e23fcc654b1b5b40318d10d137abcbb87574e36e8a1f025f7dfa5d6e50781b5eda4aa15b0c8be778257d16aa3030e9e7841dd9e4c0342267e8ca0caf571fb2b7cff0f934b0002b00020304';

  test.each([
    ['ServerHello', `${hello8448}1703030010${'00'.repeat(16)}`, [51, 43], 29],
    ['HelloRetryRequest with a cookie', retry8448, [51, 44, 43], 23],
  ])('the trace of RFC 8448: %s', (_, hex, extensions, group) => {
    expect(readFlight(bytes(hex))).toEqual({
      kind: 'tls',
      hello: { version: 'TLSv1.3', suite: 0x1301, compression: 0, extensions, group },
      certificates: [],
    });
  });

  test('SERVER-HELLO of SSL 2.0: the certificate and all kinds, or nothing', () => {
    // Record header, type, no session, X.509, version, lengths; certificate, RC4 and 3DES, connection id.
    const hello = bytes('801c040001000200030006', '0008', 'c0ffee', '010080', '0700c0', '11'.repeat(8));
    expect(readFlight(hello)).toEqual({
      kind: 'tls',
      hello: {
        version: 'SSLv2',
        suite: 0x010080,
        compression: 0,
        extensions: [],
        kinds: [0x010080, 0x0700c0],
      },
      certificates: [bytes('c0ffee')],
    });
    for (let length = 0; length < hello.length; length += 1)
      expect(readFlight(hello.subarray(0, length))).toEqual(
        length < 7 ? { kind: 'nothing' } : { kind: 'tls', certificates: [] },
      );
  });

  test('ServerKeyExchange of TLCP: a named curve with ECDHE, a form of its own with IBSDH', () => {
    const flight = (suite: string) =>
      bytes(`160101002a020000260101${'ab'.repeat(32)}00${suite}00`, '16010100080c000004', '03002901');
    expect(readFlight(flight('e011'))).toMatchObject({ keyExchange: { group: 41 } });
    expect(readFlight(flight('e015'))).toMatchObject({ keyExchange: {} });
  });

  test.each([
    ['SSL 3.0 (RFC 6101, 5.6.1.3)', `160300002a020000260300${tail}`, 'SSLv3', 0x2f],
    ['TLS 1.1', `160302002a020000260302${tail}`, 'TLSv1.1', 0x2f],
    ['TLCP (GB/T 38636-2020)', `160101002a020000260101${'ab'.repeat(32)}00e01300`, 'TLCPv1.1', 0xe013],
    ['a version nobody knows', `160303002a020000267f1c${tail}`, '0x7f1c', 0x2f],
    ['SERVER-HELLO of SSL 2.0 without kinds', `800b0400010002000000000000`, 'SSLv2', 0],
  ])('%s', (_, hex, version, suite) => {
    expect(readFlight(bytes(hex))).toMatchObject({ kind: 'tls', hello: { version, suite }, certificates: [] });
  });

  test('a message cut into records of one byte', () => {
    const message = flight12.subarray(5, 5 + flight12.readUInt16BE(3));
    const records = [...message].map((byte) => Buffer.of(22, 3, 3, 0, 1, byte));
    expect(readFlight(Buffer.concat(records))).toMatchObject({ hello: { version: 'TLSv1.2', suite: 0xc009 } });
  });

  test('a warning before the hello is no refusal; a close is', () => {
    expect(readFlight(bytes('15030300020170', hello12))).not.toHaveProperty('alert');
    expect(readFlight(bytes('15030300020100'))).toMatchObject({ alert: 'close_notify' });
    expect(readFlight(bytes('150303000202ff'))).toMatchObject({ alert: 'alert 255' });
    expect(readFlight(bytes('15030300024d28'))).toMatchObject({ alert: 'alert 77, 40' });
  });

  test('alerts that share a record, and one that is cut in two', () => {
    expect(readFlight(bytes('150303000401700228'))).toMatchObject({ alert: 'handshake_failure' });
    expect(readFlight(bytes('150303000102', '150303000146'))).toMatchObject({ alert: 'protocol_version' });
  });

  test('nothing counts after a fatal alert', () => {
    expect(readFlight(bytes('15030300020228', hello12))).toEqual({
      kind: 'tls',
      alert: 'handshake_failure',
      certificates: [],
    });
  });

  test('what follows change_cipher_spec is encrypted', () => {
    expect(readFlight(bytes(hello12, '140303000101', '15030300020228'))).not.toHaveProperty('alert');
  });
});

describe('no TLS', () => {
  test.each([
    ['nothing', '', { kind: 'nothing' }],
    [
      'HTTP',
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n').toString('hex'),
      { kind: 'foreign', text: 'HTTP/1.1 400 Bad Request·\n·\n' },
    ],
    ['bytes that are no text', 'ff00fe1b5b324a', { kind: 'foreign', text: '�·�·[2J' }],
    ['a greeting of MySQL', '4a0000000a382e30', { kind: 'foreign', text: 'J···\n8.0' }],
    ['a greeting of MySQL that is as long as a record type', '160000000a38', { kind: 'foreign', text: '····\n8' }],
    ['a negotiation of Telnet', 'fffd18', { kind: 'foreign', text: '��·' }],
  ])('%s', (_, hex, expected) => {
    expect(readFlight(bytes(hex))).toEqual(expected);
  });
});

describe('hostile answers', () => {
  test('every beginning of a good flight is read without a throw', () => {
    for (let length = 0; length <= flight12.length; length += 1) {
      const { kind } = readFlight(flight12.subarray(0, length));
      // What a record is shows in its header.
      expect(kind).toBe(length < 5 ? 'nothing' : 'tls');
    }
  });

  test('every byte of it may be anything', () => {
    for (let at = 0; at < flight12.length; at += 1) {
      for (const byte of [0x00, 0x7f, 0xff]) {
        const changed = Buffer.from(flight12);
        changed[at] = byte;
        expect(() => readFlight(changed)).not.toThrow();
      }
    }
  });

  test('empty records do not hold it up', () => {
    expect(readFlight(Buffer.from('1603030000'.repeat(13_000), 'hex'))).toEqual({ kind: 'tls', certificates: [] });
  });
});
