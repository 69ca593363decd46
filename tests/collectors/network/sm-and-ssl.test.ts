import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { type Handmade, sm13Server, ssl2Server, ssl3Server, tlcpServer } from '../../support/handmade-servers.ts';
import { sm2Pair } from '../../support/sm2-certificates.ts';
import { createServers, offeredIn, type Speaking, surveyed } from '../../support/tls-servers.ts';
import { verdicts } from '../../support/victims.ts';

const mint = createMint();
const rsa = new X509Certificate(mint.issue('rsa', undefined, { key: ['rsa:2048'] }).cert).raw;
const sm2 = sm2Pair();
const servers = createServers();

afterEach(() => servers.close());
afterAll(() => mint.remove());

const statesOf = ({ versions }: Speaking) => Object.fromEntries(versions.map(({ version, state }) => [version, state]));
const subjectsOf = ({ certificate }: Speaking) => certificate?.chain.map(({ subject }) => subject);
const refusedBut = (version: string) => ({
  'TLSv1.3': 'refused',
  'TLSv1.2': 'refused',
  'TLSv1.1': 'refused',
  'TLSv1.0': 'refused',
  SSLv3: 'refused',
  SSLv2: 'refused',
  'TLCPv1.1': 'refused',
  [version]: 'offered',
});

describe('TLCP 1.1 (GB/T 38636-2020)', () => {
  const usual: Handmade = {
    suites: [0xe053, 0xe013, 0xe051, 0xe011],
    certificates: [sm2.sign, sm2.encrypt, sm2.authority],
  };
  const names = ['ECC_SM4_GCM_SM3', 'ECC_SM4_CBC_SM3', 'ECDHE_SM4_GCM_SM3', 'ECDHE_SM4_CBC_SM3'];

  test.each<[string, Partial<Handmade>]>([
    ['one record', {}],
    ['records of 100 bytes', { longest: 100 }],
    ['two pieces', { pause: 60 }],
  ])('its suites in order and both certificates, sent in %s', async (_, how) => {
    const { value } = await surveyed(await servers.raw(tlcpServer({ ...usual, ...how })));
    expect(offeredIn(value, 'TLCPv1.1')).toMatchObject({
      clientCertificate: 'not-asked',
      suites: { accepted: names, order: 'server' },
    });
    expect(offeredIn(value, 'TLCPv1.1').suites?.gap).toBeUndefined();
    expect(subjectsOf(value)).toEqual(['C=CN, CN=SM2 sign', 'C=CN, CN=SM2 encrypt', 'C=CN, O=示例, CN=SM2 root']);
    expect(value.certificate).toMatchObject({
      chain: [{ signature: { hash: 'sm3' }, selfSigned: false }, {}, {}],
      trust: { state: 'unobserved' },
      name: { asked: '127.0.0.1', matches: true },
    });
    // What nobody here can verify is neither met nor unmet.
    expect(verdicts({ value }).certificate).toBe('unproven');
  });

  test('nothing else is offered, and all of it was refused clearly', async () => {
    const { value } = await surveyed(await servers.raw(tlcpServer(usual)));
    // It takes the first two bytes of SSL 2.0 for a record, and says so in an alert of TLS.
    expect(statesOf(value)).toEqual(refusedBut('TLCPv1.1'));
  });

  test('the client decides; the curve of an ephemeral exchange; a certificate is asked of the client', async () => {
    const port = await servers.raw(tlcpServer({ ...usual, decides: 'client', asksClient: true }));
    const found = offeredIn((await surveyed(port)).value, 'TLCPv1.1');
    expect(found).toMatchObject({ group: 'curveSM2', clientCertificate: 'asked', suites: { order: 'client' } });
    expect(found.suites?.accepted.toSorted()).toEqual(names.toSorted());
  });

  test('every suite of the standard is found', async () => {
    const suites = [0xe011, 0xe013, 0xe015, 0xe017, 0xe019, 0xe01c, 0xe051, 0xe053, 0xe055, 0xe057, 0xe059, 0xe05a];
    const { value } = await surveyed(await servers.raw(tlcpServer({ ...usual, suites })));
    const { accepted, order } = offeredIn(value, 'TLCPv1.1').suites ?? {};
    expect({ accepted, order }).toEqual({
      accepted: [
        'ECDHE_SM4_CBC_SM3',
        'ECC_SM4_CBC_SM3',
        'IBSDH_SM4_CBC_SM3',
        'IBC_SM4_CBC_SM3',
        'RSA_SM4_CBC_SM3',
        'RSA_SM4_CBC_SHA256',
        'ECDHE_SM4_GCM_SM3',
        'ECC_SM4_GCM_SM3',
        'IBSDH_SM4_GCM_SM3',
        'IBC_SM4_GCM_SM3',
        'RSA_SM4_GCM_SM3',
        'RSA_SM4_GCM_SHA256',
      ],
      order: 'server',
    });
  });
});

describe('TLS 1.3 with the suites of RFC 8998 only', () => {
  test('suites, and curveSM2 by HelloRetryRequest; what is encrypted is not told', async () => {
    const port = await servers.raw(sm13Server({ suites: [0x00c6, 0x00c7], certificates: [] }));
    const { value } = await surveyed(port);
    expect(offeredIn(value, 'TLSv1.3')).toEqual({
      version: 'TLSv1.3',
      state: 'offered',
      suite: 'TLS_SM4_GCM_SM3',
      group: 'curveSM2',
      clientCertificate: 'unknown',
      suites: { accepted: ['TLS_SM4_GCM_SM3', 'TLS_SM4_CCM_SM3'], order: 'server' },
      groups: { accepted: ['curveSM2'], complete: true },
    });
    expect(value.certificate).toBeUndefined();
  });
});

describe('SSL', () => {
  test.each<[string, Partial<Handmade>]>([
    ['one record', {}],
    ['records of 100 bytes', { longest: 100 }],
    ['two pieces', { pause: 60 }],
  ])('3.0: what is offered, and the certificate, sent in %s', async (_, how) => {
    const server = { suites: [0x000a, 0x0005, 0x0003], certificates: [rsa], ...how };
    const { value } = await surveyed(await servers.raw(ssl3Server(server)));
    expect(offeredIn(value, 'SSLv3')).toMatchObject({
      clientCertificate: 'not-asked',
      suites: {
        accepted: ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
        order: 'server',
      },
    });
    // Newer versions are answered with 3.0, which is a refusal.
    expect(statesOf(value)).toEqual({ ...refusedBut('SSLv3'), SSLv2: 'unobserved' });
    expect(subjectsOf(value)).toEqual(['CN=rsa']);
  });

  test.each<[string, Partial<Handmade>]>([
    ['at once', {}],
    ['in two pieces', { pause: 60 }],
  ])('2.0: its kinds and its certificate, %s', async (_, how) => {
    const server = { suites: [0x0700c0, 0x010080, 0x020080], certificates: [rsa], ...how };
    const { value } = await surveyed(await servers.raw(ssl2Server(server)));
    expect(offeredIn(value, 'SSLv2')).toMatchObject({
      suite: 'SSL_CK_RC4_128_WITH_MD5',
      suites: {
        accepted: ['SSL_CK_RC4_128_WITH_MD5', 'SSL_CK_RC4_128_EXPORT40_WITH_MD5', 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
        order: 'client',
      },
    });
    expect(subjectsOf(value)).toEqual(['CN=rsa']);
  });
});
