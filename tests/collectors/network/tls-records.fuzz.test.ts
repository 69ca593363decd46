import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKeyExchange, readServerHello, readSsl2Hello } from '../../../src/collectors/network/server-hello.ts';
import { type Flight, readFlight } from '../../../src/collectors/network/tls-records.ts';
import { suiteName } from '../../../src/evidence/network/cipher-suites.ts';
import { tls } from '../../../src/evidence/network/tls.ts';
import { groupName } from '../../../src/evidence/network/tls-groups.ts';
import { printable } from '../../../src/text.ts';
import { certificateBody, message, number, records, serverHelloBody, vector } from '../../support/flights.ts';
import { holds } from '../../support/fuzz.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const byte = fc.integer({ min: 0, max: 0xff });
const pair = fc.integer({ min: 0, max: 0xffff });
const version = fc.constantFrom(0x0101, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x7f1c);
const suite = fc.oneof(fc.constantFrom(0x1301, 0x002f, 0x0033, 0x00b2, 0xc02f, 0xc035, 0xe011, 0xe013, 0xe015), pair);

const hello = fc
  .tuple(
    version,
    suite,
    fc.option(fc.array(fc.tuple(fc.oneof(fc.constantFrom(43, 51, 23), pair), bytes(6)), { maxLength: 4 })),
  )
  .map(([code, number_, extensions]) => message(2, serverHelloBody(code, number_, extensions ?? undefined)));
const certificate = fc.array(bytes(40), { maxLength: 4 }).map((ders) => message(11, certificateBody(ders)));
const keyExchange = fc.oneof(
  bytes(20).map((rest) => Buffer.concat([Buffer.from('03001d', 'hex'), rest])),
  bytes(140).map((prime) => Buffer.concat([vector(2, prime), vector(2, Buffer.of(2))])),
  bytes(20),
);
const anyMessage = fc.oneof(
  hello,
  certificate,
  keyExchange.map((body) => message(12, body)),
  fc.tuple(byte, bytes(30)).map(([type, body]) => message(type, body)),
  fc.constant(message(13, '01400000')),
  fc.constant(message(14, '')),
  fc.constant(message(22, '0100000130')),
);
const messages = fc.array(anyMessage, { maxLength: 7 }).map((list) => Buffer.concat(list));

/** Well-formed records around well-formed messages, alerts and others among them. */
const recordList = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(version, messages).map(([code, body]) => records(code & 0x03ff, body)) },
    { weight: 1, arbitrary: fc.tuple(byte, byte).map((alert) => records(0x0303, Buffer.from(alert), { type: 21 })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 18, max: 24 }), bytes(20))
        .map(([type, body]) => records(0x0303, body, { type })),
    },
  ),
  { maxLength: 4 },
);
const ssl2 = fc
  .tuple(bytes(30), fc.array(fc.integer({ min: 0, max: 0xffffff }), { maxLength: 5 }), bytes(8))
  .map(([der, kinds, connection]) => {
    const list = Buffer.concat(kinds.map((kind) => number(kind, 3)));
    const lengths = [der, list, connection].map((part) => number(part.length, 2));
    const body = Buffer.concat([Buffer.from('0400010002', 'hex'), ...lengths, der, list, connection]);
    return Buffer.concat([number(0x8000 | body.length, 2), body]);
  });

/** Anything a server might send: noise, good answers, and good answers with some bytes changed. */
const answer = fc.oneof(
  bytes(300),
  fc
    .tuple(fc.constantFrom('16030300', '15030100', '80', '1601'), bytes(200))
    .map(([start, rest]) => Buffer.concat([Buffer.from(start, 'hex'), rest])),
  fc.oneof(
    recordList.map((list) => Buffer.concat(list)),
    ssl2,
  ),
  fc
    .tuple(
      fc.oneof(
        recordList.map((list) => Buffer.concat(list)),
        ssl2,
      ),
      fc.array(fc.tuple(fc.nat(), byte), { maxLength: 4 }),
    )
    .map(([good, changes]) => {
      const bad = Buffer.from(good);
      for (const [at, value] of changes) if (bad.length > 0) bad[at % bad.length] = value;
      return bad;
    }),
);

// What would stand in the evidence.
function evidenceOf(flight: Flight): unknown {
  if (flight.kind !== 'tls') return { speaksTls: false, saw: flight.kind === 'foreign' ? flight.text : '' };
  const { hello: found, alert = '', keyExchange: exchanged } = flight;
  if (!found)
    return { speaksTls: true, versions: [{ version: 'TLSv1.2', state: 'unobserved', reason: 'alert', detail: alert }] };
  const group = found.group ?? exchanged?.group;
  return {
    speaksTls: true,
    versions: [
      {
        version: 'TLSv1.2',
        state: 'offered',
        suite: suiteName(found.suite),
        ...(group === undefined ? {} : { group: groupName(group) }),
        ...(exchanged?.dhBits ? { dhBits: exchanged.dhBits } : {}),
        clientCertificate: flight.asksClientCertificate ? 'asked' : 'unknown',
        suites: { accepted: (found.kinds ?? []).map(suiteName), order: 'unknown' },
      },
      { version: 'TLSv1.1', state: 'refused', answer: found.version },
    ],
  };
}

/** Facts that more bytes cannot change any more. */
function decidedIn(flight: Flight): object {
  if (flight.kind !== 'tls') return flight.kind === 'nothing' ? {} : { kind: 'foreign' };
  const { certificates, ...facts } = flight;
  return certificates.length > 0 ? { ...facts, certificates } : facts;
}

describe('whatever a server sends', () => {
  test('it is read without a throw, fits the evidence, is printable and not longer than what came', () => {
    const property = fc.property(answer, (sent) => {
      const flight = readFlight(sent);
      const text = JSON.stringify(tls.value.parse(evidenceOf(flight)));
      expect(printable(text)).toBe(text);
      expect(text.length).toBeLessThan(1000 + 50 * sent.length);
      if (flight.kind === 'foreign') expect(flight.text.length).toBeLessThanOrEqual(200);
      if (flight.kind === 'tls')
        expect(flight.certificates.reduce((sum, der) => sum + der.length, 0)).toBeLessThanOrEqual(sent.length);
    });
    holds(property, 2000);
  });

  test('what its beginning decides stays so, however much follows', () => {
    const property = fc.property(answer, fc.nat(), (sent, cut) => {
      const start = readFlight(sent.subarray(0, cut % (sent.length + 1)));
      expect(readFlight(sent)).toMatchObject(decidedIn(start));
    });
    holds(property, 3000);
  });

  test('it does not matter how messages are cut into records, or what warnings and empty records stand between', () => {
    const cuts = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom('', '15030300020170', '1603030000')),
    );
    const property = fc.property(messages, cuts, (sent, pieces) => {
      const parts: Buffer[] = [];
      let at = 0;
      for (const [length, between] of pieces) {
        if (at >= sent.length) break;
        parts.push(records(0x0303, sent.subarray(at, at + length)), Buffer.from(between, 'hex'));
        at += length;
      }
      if (at < sent.length) parts.push(records(0x0303, sent.subarray(at)));
      const whole = records(0x0303, sent);
      expect(readFlight(parts.length > 0 ? Buffer.concat(parts) : whole)).toEqual(readFlight(whole));
    });
    holds(property, 1000);
  });
});

describe('the parts by themselves', () => {
  test('a ServerHello, whole or cut', () => {
    const property = fc.property(
      fc.oneof(
        bytes(120),
        hello.map((each) => each.subarray(4)),
      ),
      fc.nat(),
      (body, cut) => {
        const start = readServerHello(body.subarray(0, cut % (body.length + 1)));
        const whole = readServerHello(body);
        if (start) expect(whole).toBeDefined();
        if (!whole) return;
        expect(whole.version).toMatch(/^(SSLv\d|TLSv1\.\d|TLCPv1\.1|0x[\da-f]{4})$/);
        expect(whole.suite).toBeLessThanOrEqual(0xffff);
        expect(whole.extensions.length).toBeLessThanOrEqual(body.length / 4);
      },
    );
    holds(property, 2000);
  });

  test('a ServerKeyExchange of any suite', () => {
    const property = fc.property(fc.oneof(keyExchange, bytes(60)), suite, (body, number_) => {
      const { group, dhBits } = readKeyExchange(body, number_);
      if (group !== undefined) expect(group).toBeLessThanOrEqual(0xffff);
      if (dhBits === undefined) return;
      expect(dhBits).toBeGreaterThan(0);
      expect(dhBits).toBeLessThanOrEqual(body.length * 8);
    });
    holds(property, 2000);
  });

  test('the prime of Diffie-Hellman has the size that it has, zeros before it or not', () => {
    const property = fc.property(fc.integer({ min: 1, max: 4096 }), fc.nat({ max: 3 }), (size, zeros) => {
      const prime = Buffer.from((1n << BigInt(size - 1)).toString(16).padStart(Math.ceil(size / 8) * 2, '0'), 'hex');
      const body = vector(2, Buffer.alloc(zeros), prime);
      // TLS_DHE_RSA_WITH_AES_128_CBC_SHA; the same with a pre-shared key has a hint before it (RFC 4279, 3).
      expect(readKeyExchange(body, 0x0033)).toEqual({ dhBits: size });
      expect(readKeyExchange(Buffer.concat([vector(2, Buffer.from('hint')), body]), 0x00b2)).toEqual({ dhBits: size });
    });
    holds(property, 500);
  });

  test('a SERVER-HELLO of SSL 2.0: all or nothing', () => {
    const property = fc.property(ssl2, fc.nat(), (whole, cut) => {
      expect(readSsl2Hello(whole)?.hello.kinds?.length).toBe(whole.readUInt16BE(9) / 3);
      expect(readSsl2Hello(whole.subarray(0, cut % whole.length))).toBeUndefined();
    });
    holds(property, 1000);
  });
});
