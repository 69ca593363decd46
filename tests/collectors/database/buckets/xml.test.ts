import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { element, errorCode, readXml, several, words } from '../../../../src/collectors/database/buckets/xml.ts';

const list = element({ Key: several(words) });

describe('an answer', () => {
  test.each<[string, string, string[]]>([
    [
      'one element, with a name space and a prefix',
      '<?xml version="1.0"?><s:A xmlns:s="urn:x"><s:Key>a</s:Key></s:A>',
      ['a'],
    ],
    ['several', '<A><Key>1</Key><Key>002</Key></A>', ['1', '002']],
    ['none', '<A/>', []],
    [
      'the five entities and numbers',
      '<A><Key>&lt;&#21457;&#x7968;&amp;amp;&unknown;</Key></A>',
      ['<发票&amp;&unknown;'],
    ],
  ])('%s', (_, text, keys) => {
    expect(readXml(text, 'A', list).Key).toEqual(keys);
  });

  const bomb = `<!DOCTYPE A [<!ENTITY a "${'x'.repeat(1000)}">${Array.from({ length: 9 }, (_, n) => `<!ENTITY ${'b'.repeat(n + 2)} "&a;&a;&a;">`).join('')}]><A><Key>&bb;</Key></A>`;
  test.each<[string, string]>([
    ['another element', '<ListBucketResult/>'],
    ['half of one', '<A><Key>a</K'],
    ['nothing', ''],
    ['no XML', '{"A":1}'],
    ['a bomb of entities', bomb],
    ['a file from outside', '<!DOCTYPE A [<!ENTITY x SYSTEM "file:///etc/passwd">]><A><Key>&x;</Key></A>'],
    ['ten thousand elements within each other', `${'<A>'.repeat(10_000)}${'</A>'.repeat(10_000)}`],
    ['a name that objects have already', '<__proto__><A/></__proto__>'],
  ])('is not read if it is %s', (_, text) => {
    expect(() => readXml(text, 'A', z.object({ Key: z.string() }))).toThrow(
      expect.objectContaining({ reason: 'unparsable' }),
    );
  });

  test('a long one is read at once', () => {
    const text = `<A>${'<Key>a&amp;b</Key>'.repeat(50_000)}</A>`;
    const start = performance.now();
    expect(readXml(text, 'A', list).Key).toHaveLength(50_000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test.each<[string, string]>([
  ['<Error><Code>AccessDenied</Code><Message>key AKIA… is bad</Message></Error>', 'AccessDenied'],
  ['<Error><Code>a &lt; secret/b</Code></Error>', ''],
  ['<html/>', ''],
  ['', ''],
])('of an error only the code is told: %s', (text, code) => {
  expect(errorCode(text)).toBe(code);
});
