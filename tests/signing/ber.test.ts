import { property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encoded, inDefiniteForm } from '../../src/signing/ber.ts';
import { DerError, readDer } from '../../src/signing/der.ts';
import { holds } from '../support/fuzz.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('BER as DER', () => {
  test.each([
    ['what is DER already', '30 06 02 01 05 04 01 aa', '30 06 02 01 05 04 01 aa'],
    ['without a length', '30 80 02 01 05 00 00', '30 03 02 01 05'],
    ['within each other', '30 80 a0 80 02 01 05 00 00 00 00', '30 05 a0 03 02 01 05'],
    ['a length that is longer than it must be', '30 83 00 00 04 02 81 01 05', '30 03 02 01 05'],
    ['a string in pieces', '24 80 04 02 aa bb 04 01 cc 00 00', '04 03 aa bb cc'],
    ['a string in pieces of known length', '24 07 04 02 aa bb 04 01 cc', '04 03 aa bb cc'],
    ['pieces within pieces', '24 80 24 80 04 01 aa 00 00 04 01 bb 00 00', '04 02 aa bb'],
  ])('%s', (_, bytes, expected) => {
    expect(shown(inDefiniteForm(hex(bytes)))).toBe(expected.replaceAll(' ', ''));
  });

  test.each([
    ['nothing', ''],
    ['no end', '30 80 02 01 05'],
    ['half an end', '30 80 02 01 05 00'],
    ['a plain value without a length', '04 80 aa 00 00'],
    ['cut short', '30 05 02 01'],
    ['bytes after it', '02 01 05 00'],
    ['a length of nine bytes', '30 89 01 00 00 00 00 00 00 00 00'],
    ['pieces of another kind', '24 80 02 01 05 00 00'],
    ['a tag of several bytes', '3f 81 01 00'],
    ['nested without end', '3080'.repeat(40)],
  ])('%s is refused', (_, bytes) => {
    expect(() => inDefiniteForm(hex(bytes))).toThrow(DerError);
  });

  test('whatever comes is refused, or comes out as DER', () => {
    holds(
      property(uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const once = inDefiniteForm(bytes);
          expect(readDer(once).bytes).toHaveLength(once.length);
          expect(shown(inDefiniteForm(once))).toBe(shown(once));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      2000,
    );
  });
});

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('a value of %i bytes is read back', (length) => {
  const content = Buffer.alloc(length, 7);
  expect(readDer(encoded(0x04, [content])).content).toHaveLength(length);
});
