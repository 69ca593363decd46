import { createCipheriv, createHmac, randomBytes, X509Certificate } from 'node:crypto';
import { array, boolean, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEncryptedFlight } from '../../../src/collectors/transports/encrypted-flight.ts';
import { message, number, vector } from '../../support/flights.ts';
import { holds } from '../../support/fuzz.ts';

const aes128 = 'TLS_AES_128_GCM_SHA256';

describe('the trace of RFC 8448, 3', () => {
  const secret = Buffer.from('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38', 'hex');
  const hello =
    '160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304';
  const record =
    '17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f848a7ca07612ef9f945cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828b5ecf7b13bd9aefb0e57f271585b8ea9bb355c7c79020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4cf51427325250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b227812cbb360987255cc744110c453baa4fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945ba246ab66e5edd8044b4c6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad27409960dca63d3e688611ea5e22f4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f59ecaba9acbbb317b66d902f4f292a36ac1b639c637ce343117b659622245317b49eeda0c6258f100d7d961ffb138647e92ea330faeea6dfa31c7a84dc3bd7e1b7a6c7178af36879018e3f252107f243d243dc7339d5684c8b0378bf30244da8c87c843f5e56eb4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d461e66f99882bd89fc50800becca62d6c74116dbd2972fda1fa80f85df881edbe5a37668936b335583b599186dc5c6918a396fa48a181d6b6fa4f9d62d513afbb992f2b992f67f8afe67f76913fa388cb5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf10dc35ae69f5515614636c0b9b68c19ed2e31c0b3b66763038ebba42f3b38edc0399f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e275592c12335ee340bbc4fddd502784016e4b3be7ef04dda49f4b440a30cb5d2af939828fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e750edc53370d2b';
  const heard = Buffer.from(hello + record, 'hex');

  test('its certificate', () => {
    const flight = readEncryptedFlight(heard, aes128, secret);
    expect(flight).toMatchObject({ asksClientCertificate: false, staplesOcsp: false });
    expect(flight?.certificates.map((der) => new X509Certificate(der).subject)).toEqual(['CN=rsa']);
  });

  test.each([
    ['cut short', heard.subarray(0, -1), aes128, secret],
    ['a byte changed', heard.with(-1, 0), aes128, secret],
    ['another key', heard, aes128, secret.with(0, 0)],
    ['another suite', heard, 'TLS_CHACHA20_POLY1305_SHA256', secret],
    ['a suite without a known cipher', heard, 'TLS_SM4_GCM_SM3', secret],
    ['nothing', Buffer.alloc(0), aes128, secret],
  ])('%s: nothing', (_, bytes, suite, key) => {
    expect(readEncryptedFlight(Buffer.from(bytes), suite, Buffer.from(key))).toBeUndefined();
  });
});

const ciphers = {
  TLS_AES_128_GCM_SHA256: ['aes-128-gcm', 'sha256', 16, 16],
  TLS_AES_256_GCM_SHA384: ['aes-256-gcm', 'sha384', 32, 16],
  TLS_CHACHA20_POLY1305_SHA256: ['chacha20-poly1305', 'sha256', 32, 16],
  TLS_AES_128_CCM_SHA256: ['aes-128-ccm', 'sha256', 16, 16],
  TLS_AES_128_CCM_8_SHA256: ['aes-128-ccm', 'sha256', 16, 8],
} as const;

type Suite = keyof typeof ciphers;

// As a server seals it (RFC 8446, 5.2), in records of the given sizes, with padding.
function sealed(suite: Suite, secret: Buffer, plain: Buffer, sizes: readonly number[], padding: number): Buffer {
  const [name, hash, keyLength, tagLength] = ciphers[suite];
  const expanded = (label: string, length: number): Buffer =>
    createHmac(hash, secret)
      .update(Buffer.concat([number(length, 2), vector(1, Buffer.from(`tls13 ${label}`)), Buffer.of(0, 1)]))
      .digest()
      .subarray(0, length);
  const [key, iv] = [expanded('key', keyLength), expanded('iv', 12)];
  const records: Buffer[] = [];
  for (let at = 0; at < plain.length; ) {
    const size = sizes[records.length] ?? plain.length;
    const inner = Buffer.concat([plain.subarray(at, at + size), Buffer.of(22), Buffer.alloc(padding)]);
    const header = Buffer.concat([Buffer.from('170303', 'hex'), number(inner.length + tagLength, 2)]);
    const nonce = Buffer.from(iv);
    nonce[11] = (nonce[11] ?? 0) ^ records.length;
    const cipher = createCipheriv(name as 'aes-128-ccm', key, nonce, { authTagLength: tagLength });
    cipher.setAAD(header, { plaintextLength: inner.length });
    records.push(Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]));
    at += size;
  }
  return Buffer.concat(records);
}

type Said = { certificates: readonly Uint8Array[]; asks: boolean; staples: boolean };

function flightOf({ certificates, asks, staples }: Said): Buffer {
  const status = vector(2, number(5, 2), vector(2, Buffer.from('01000000', 'hex')));
  const entries = certificates.map((der, at) =>
    Buffer.concat([vector(3, Buffer.from(der)), at === 0 && staples ? status : Buffer.alloc(2)]),
  );
  return Buffer.concat([
    message(8, Buffer.alloc(2)),
    ...(asks ? [message(13, Buffer.from('000000', 'hex'))] : []),
    message(11, Buffer.concat([Buffer.of(0), vector(3, ...entries)])),
    message(15, Buffer.alloc(70)),
    message(20, Buffer.alloc(32)),
  ]);
}

test('every cipher, whatever the records and their padding', () => {
  holds(
    property(
      constantFrom(...(Object.keys(ciphers) as Suite[])),
      array(uint8Array({ maxLength: 200 }), { maxLength: 3 }),
      boolean(),
      boolean(),
      array(integer({ min: 1, max: 100 }), { maxLength: 20 }),
      integer({ min: 0, max: 40 }),
      (suite, certificates, asks, staples, sizes, padding) => {
        const secret = randomBytes(48);
        const bytes = sealed(suite, secret, flightOf({ certificates, asks, staples }), sizes, padding);
        const ticket = Buffer.from(`1703030020${'00'.repeat(32)}`, 'hex');
        expect(readEncryptedFlight(Buffer.concat([bytes, ticket]), suite, secret)).toEqual({
          certificates: certificates.map((der) => Buffer.from(der)),
          asksClientCertificate: asks,
          staplesOcsp: staples && certificates.length > 0,
        });
      },
    ),
    300,
  );
});

test('whatever a server puts under the key, nothing throws', () => {
  const whole = flightOf({ certificates: [Buffer.alloc(90, 1), Buffer.alloc(40, 2)], asks: true, staples: true });
  holds(
    property(
      array(integer({ min: 0, max: whole.length - 1 }), { maxLength: 8 }),
      uint8Array({ maxLength: 60 }),
      (at, noise) => {
        const secret = Buffer.alloc(32, 7);
        const changed = Buffer.from(whole);
        for (const [index, place] of at.entries()) changed[place] = noise[index] ?? 255;
        for (const plain of [changed, Buffer.from(noise)]) {
          const flight = readEncryptedFlight(sealed(aes128, secret, plain, [50], 0), aes128, secret);
          expect(flight === undefined || Array.isArray(flight.certificates)).toBe(true);
        }
        expect(() => readEncryptedFlight(Buffer.from(noise), aes128, secret)).not.toThrow();
      },
    ),
    1000,
  );
});
