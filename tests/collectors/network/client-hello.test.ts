import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedSuites, suiteLists } from '../../../src/collectors/network/asked-suites.ts';
import { clientHello } from '../../../src/collectors/network/client-hello.ts';
import { type TlsVersion, tlsVersions } from '../../../src/evidence/network/tls.ts';
import { tlsGroups } from '../../../src/evidence/network/tls-groups.ts';
import { holds } from '../../support/fuzz.ts';
import { listIn, readClientHello, readSsl2ClientHello, serverNameIn } from '../../support/hellos.ts';

type WithExtensions = Exclude<TlsVersion, 'SSLv2' | 'SSLv3' | 'TLCPv1.1'>;

// Versions of the record and of the hello. A record of TLS 1.0 is what every server takes (RFC 8446, 5.1).
const codes = {
  'TLSv1.3': [0x0301, 0x0303],
  'TLSv1.2': [0x0301, 0x0303],
  'TLSv1.1': [0x0301, 0x0302],
  'TLSv1.0': [0x0301, 0x0301],
  SSLv3: [0x0300, 0x0300],
  'TLCPv1.1': [0x0101, 0x0101],
} as const satisfies Record<Exclude<TlsVersion, 'SSLv2'>, readonly [number, number]>;

const withExtensions: readonly WithExtensions[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'];
const beforeSsl2 = tlsVersions.filter((version) => version !== 'SSLv2');

describe('byte by byte', () => {
  // The random bytes are blanked out.
  const shown = (version: TlsVersion, suites: readonly number[], randomAt: number, random: number) => {
    const bytes = clientHello(version, suites);
    return bytes.fill(0, randomAt, randomAt + random).toString('hex');
  };

  test('TLCP 1.1 (GB/T 38636-2020, 6.3.3 and 6.4.5.2.1): version 0x0101, no extensions', () => {
    expect(shown('TLCPv1.1', [0xe053, 0xe013], 11, 32)).toBe(
      `160101002f0100002b0101${'00'.repeat(32)}000004e053e0130100`,
    );
  });

  test('SSL 3.0 (RFC 6101, 5.2.1 and 5.6.1.2): no extensions', () => {
    expect(shown('SSLv3', [0x0005, 0x000a], 11, 32)).toBe(`160300002f0100002b0300${'00'.repeat(32)}0000040005000a0100`);
  });

  test('SSL 2.0 (draft-hickman-netscape-ssl-00, 2.5): header of two bytes, kinds of three, a challenge of 16', () => {
    expect(shown('SSLv2', [0x010080, 0x0700c0], 17, 16)).toBe(`801f0100020006000000100100800700c0${'00'.repeat(16)}`);
  });
});

describe('the lists that are sent', () => {
  test.each(beforeSsl2)('%s: versions and suites, all of them, in few hellos', (version) => {
    const hellos = suiteLists(version).map((suites) => readClientHello(clientHello(version, suites)));
    for (const { versions, compressions } of hellos) {
      expect(versions).toEqual(codes[version]);
      expect(compressions).toEqual([0]);
    }
    expect(new Set(hellos.flatMap(({ suites }) => suites))).toEqual(new Set(askedSuites(version)));
  });

  test('SSL 2.0: the seven kinds of its specification', () => {
    expect(readSsl2ClientHello(clientHello('SSLv2', askedSuites('SSLv2')))).toEqual([
      0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0,
    ]);
  });

  test('TLCP: the twelve suites of GB/T 38636-2020, table 2', () => {
    expect(askedSuites('TLCPv1.1')).toEqual(
      expect.arrayContaining([
        0xe011, 0xe051, 0xe013, 0xe053, 0xe015, 0xe055, 0xe017, 0xe057, 0xe019, 0xe059, 0xe01c, 0xe05a,
      ]),
    );
  });

  // RFC 8446, 4.1.4 and 4.2.8: with no share at all the server names a group in its HelloRetryRequest.
  test('TLS 1.3: the SM suites, curve and signature of RFC 8998, and no key share', () => {
    const { suites, extensions } = readClientHello(clientHello('TLSv1.3', askedSuites('TLSv1.3')));
    expect(suites).toEqual(expect.arrayContaining([0x00c6, 0x00c7]));
    expect(listIn(extensions?.get(10), 2, 2)).toContain(41);
    expect(listIn(extensions?.get(13), 2, 2)).toContain(0x0708);
    expect(listIn(extensions?.get(43), 1, 2)).toEqual([0x0304]);
    expect(listIn(extensions?.get(51), 2, 4)).toEqual([]);
  });

  test('TLS 1.3 alone has supported_versions, so that an older server cannot mistake a hello', () => {
    for (const version of withExtensions) {
      const { extensions } = readClientHello(clientHello(version, [0x002f]));
      expect(extensions?.has(43), version).toBe(version === 'TLSv1.3');
      expect(listIn(extensions?.get(10), 2, 2), version).toEqual([...tlsGroups.keys()]);
    }
  });
});

describe('whatever is asked for', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 400 });
  const serverName = fc.domain();

  test('what is put in can be read back, and every length is right', () => {
    const property = fc.property(
      fc.constantFrom(...beforeSsl2),
      numbers,
      fc.option(serverName, { nil: undefined }),
      numbers,
      fc.boolean(),
      (version, suites, name, groups, curious) => {
        const hello = readClientHello(clientHello(version, suites, { serverName: name, groups, curious }));
        expect(hello.suites).toEqual(suites);
        expect(hello.versions).toEqual(codes[version]);
        expect(hello.compressions).toEqual(curious && version !== 'TLSv1.3' ? [1, 0] : [0]);
        const { extensions } = hello;
        expect(extensions === undefined).toBe(!withExtensions.some((each) => each === version));
        if (!extensions) return;
        expect(listIn(extensions.get(10), 2, 2)).toEqual(groups);
        expect(extensions.has(0)).toBe(name !== undefined);
        const sent = extensions.get(0);
        if (sent) expect(serverNameIn(sent)).toBe(name);
      },
    );
    holds(property, 300);
  });

  test('SSL 2.0', () => {
    const kinds = fc.array(fc.integer({ min: 0, max: 0xffffff }), { minLength: 1, maxLength: 400 });
    const property = fc.property(kinds, (list) => {
      expect(readSsl2ClientHello(clientHello('SSLv2', list))).toEqual(list);
    });
    holds(property, 200);
  });
});
