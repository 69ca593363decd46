import { property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childAt, childrenOf, DerError, oidOf, readDer, tags } from '../../src/signing/der.ts';
import { holds } from '../support/fuzz.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('a value in DER', () => {
  test('with what it holds', () => {
    const value = readDer(hex('30 06 02 01 05 04 01 aa'));
    const [number, octets] = childrenOf(value);
    expect([number?.tag, octets?.tag]).toEqual([tags.integer, tags.octets]);
    expect([...(octets?.content ?? [])]).toEqual([0xaa]);
    expect(childAt(childrenOf(value), 1, tags.octets).bytes).toHaveLength(3);
  });

  test('with a long length', () => {
    const content = 'ab'.repeat(300);
    expect(readDer(hex(`04 82 01 2c ${content}`)).content).toHaveLength(300);
  });

  test('with zeros after it, where there is room', () => {
    expect(readDer(hex('02 01 05 00 00'), 'zeros').bytes).toHaveLength(3);
  });

  test.each([
    ['06 09 2a 86 48 86 f7 0d 01 07 02', '1.2.840.113549.1.7.2'],
    ['06 09 60 86 48 01 65 03 04 02 01', '2.16.840.1.101.3.4.2.1'],
    ['06 08 2a 81 1c cf 55 01 82 2d', '1.2.156.10197.1.301'],
    ['06 03 88 37 03', '2.999.3'],
  ])('the object identifier %s is %s', (bytes, dots) => {
    expect(oidOf(readDer(hex(bytes)))).toBe(dots);
  });
});

test.each([
  ['nothing', ''],
  ['cut short', '30 06 02 01'],
  ['bytes after it', '02 01 05 00'],
  ['a length without end', '30 80 02 01 05 00 00'],
  ['a length of five bytes', '30 85 00 00 00 00 00'],
  ['a length that one byte would hold', '04 81 01 aa'],
  ['a length with a zero in front', `04 82 00 81 ${'ab'.repeat(129)}`],
  ['a length beyond the file', '04 84 7f ff ff ff'],
  ['a tag of several bytes', '1f 81 01 00'],
])('%s is refused', (_, bytes) => {
  expect(() => readDer(hex(bytes))).toThrow(DerError);
});

test('whatever bytes come, they are read or refused', () => {
  holds(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        const walk = (depth: number, children: ReturnType<typeof childrenOf>): void => {
          for (const child of children) if ((child.tag & 0x20) !== 0 && depth < 20) walk(depth + 1, childrenOf(child));
        };
        walk(0, childrenOf(readDer(bytes, 'zeros')));
      } catch (error) {
        expect(error).toBeInstanceOf(DerError);
      }
    }),
    2000,
  );
});
