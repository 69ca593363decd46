import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cipherSuites, suiteName, suiteNumber, suiteProperties } from '../../../src/evidence/network/cipher-suites.ts';
import { weaknessesOf } from '../../../src/evidence/network/suite-weaknesses.ts';

describe('the registry', () => {
  test('every name stands once, is found by its number and the other way round, and has properties', () => {
    expect(new Set(cipherSuites.values()).size).toBe(cipherSuites.size);
    for (const [number, name] of cipherSuites) {
      expect(suiteNumber(name)).toBe(number);
      expect(suiteName(number)).toBe(name);
      expect(suiteProperties(name), name).toBeDefined();
    }
  });

  test('agrees with OpenSSL on numbers, names, key exchange and strength', () => {
    const lines = execFileSync('openssl', ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'])
      .toString()
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      const [, high = '', low = '', name = ''] = line.match(/0x(..),0x(..) - (\S+)/) ?? [];
      expect(suiteName(Number.parseInt(high + low, 16))).toBe(name);
      const exchange = line.match(/Kx=(\S+)/)?.[1] ?? '';
      expect(suiteProperties(name)?.keyExchange, line).toBe(exchanges[exchange] ?? exchange);
      const bits = Number(line.match(/Enc=[\w/]+\((\d+)\)/)?.[1] ?? 0);
      // 168 bits of 3DES are worth 112.
      expect(suiteProperties(name)?.bits, line).toBe(bits === 168 ? 112 : bits);
      expect(suiteProperties(name)?.anonymous, line).toBe(/Au=None/.test(line) && !/Kx=PSK/.test(line));
      expect(suiteProperties(name)?.mode === 'aead', line).toBe(/Mac=AEAD/.test(line));
    }
  });

  // As OpenSSL calls them.
  const exchanges: Readonly<Record<string, string>> = {
    ECDH: 'ECDHE',
    DH: 'DHE',
    ECDHEPSK: 'ECDHE_PSK',
    DHEPSK: 'DHE_PSK',
    RSAPSK: 'RSA_PSK',
  };
});

describe('properties', () => {
  test.each([
    ['TLS_AES_128_GCM_SHA256', 'any', 'AES', 128, 'aead', true],
    ['TLS_SHA384_SHA384', 'any', 'NULL', 0, 'null', true],
    ['TLS_SM4_GCM_SM3', 'any', 'SM4', 128, 'aead', true],
    ['TLS_AEGIS_128L_SHA256', 'any', 'AEGIS', 128, 'aead', true],
    ['TLS_RSA_EXPORT1024_WITH_RC4_56_MD5', 'RSA', 'RC4', 56, 'stream', false],
    ['TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA', 'DHE', 'DES', 40, 'cbc', true],
    ['TLS_KRB5_EXPORT_WITH_RC2_CBC_40_MD5', 'KRB5', 'RC2', 40, 'cbc', false],
    ['TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384', 'ECDH', 'AES', 256, 'aead', false],
    ['TLS_ECDH_anon_WITH_RC4_128_SHA', 'ECDHE', 'RC4', 128, 'stream', true],
    ['TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC', 'GOST', 'GOST', 256, 'stream', false],
    ['ECDHE_SM4_CBC_SM3', 'ECDHE', 'SM4', 128, 'cbc', true],
    ['ECC_SM4_GCM_SM3', 'SM2', 'SM4', 128, 'aead', false],
    ['SSL_CK_DES_192_EDE3_CBC_WITH_MD5', 'RSA', '3DES', 112, 'cbc', false],
    ['SSL_CK_RC4_128_EXPORT40_WITH_MD5', 'RSA', 'RC4', 40, 'stream', false],
  ])('%s', (name, keyExchange, cipher, bits, mode, forwardSecrecy) => {
    expect(suiteProperties(name)).toMatchObject({ keyExchange, cipher, bits, mode, forwardSecrecy });
  });

  test.each(['0x1A1A', '', 'TLS_FALLBACK_SCSV', 'GREASE'])('nothing is said of %j', (name) => {
    expect(suiteProperties(name)).toBeUndefined();
    expect(weaknessesOf(name)).toBeUndefined();
  });

  test('weaknesses', () => {
    expect(weaknessesOf('TLS_RSA_EXPORT_WITH_RC4_40_MD5')).toEqual(['export', 'rc4', 'md5', 'no-forward-secrecy']);
    expect(weaknessesOf('TLS_DH_anon_WITH_3DES_EDE_CBC_SHA')).toEqual(['anonymous', '3des', 'cbc', 'sha1']);
    expect(weaknessesOf('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')).toEqual([]);
    expect(weaknessesOf('TLS_SM4_CCM_SM3')).toEqual([]);
  });
});
