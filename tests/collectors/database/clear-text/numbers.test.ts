import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidatesIn } from '../../../../src/collectors/database/clear-text/numbers.ts';
import { createNumbers } from '../../../support/person-numbers.ts';

const asOf = '2026-03-01';
const numbers = createNumbers(11);
const validIn = (text: string): string[] =>
  candidatesIn(text, asOf)
    .filter(({ valid }) => valid)
    .map(({ kind }) => kind);

describe('numbers in a text', () => {
  const card = numbers.bankCard();
  const identity = numbers.identityNumber();
  const mobile = numbers.mobile();
  const wide = (text: string): string =>
    text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));

  test.each<[string, string, string[]]>([
    // The example of GB 11643-1999 and that of ISO/IEC 7812-1.
    ['the standard’s own identity number', '11010519491231002X', ['identity-number']],
    ['a card by itself', '4539578763621486', ['bank-card']],
    ['a small x', '11010519491231002x', ['identity-number']],
    ['a remark', `客户张三，身份证号${identity}，电话 ${mobile}。`, ['identity-number', 'mobile']],
    ['JSON', JSON.stringify({ payer: { cardNo: card, phone: Number(mobile) } }), ['bank-card', 'mobile']],
    ['a card by four', card.replace(/(\d{4})(?=\d)/g, '$1 '), ['bank-card']],
    ['a card by four with dashes', card.replace(/(\d{4})(?=\d)/g, '$1-'), ['bank-card']],
    ['an identity number by its parts', identity.replace(/^(.{6})(.{8})/, '$1 $2 '), ['identity-number']],
    ['a mobile number by its parts', mobile.replace(/^(.{3})(.{4})/, '$1-$2-'), ['mobile']],
    ['full-width digits', wide(identity), ['identity-number']],
    ['full-width, by four', wide(card.replace(/(\d{4})(?=\d)/g, '$1 ')), ['bank-card']],
    ['the country’s code', `+86 ${mobile} 0086${mobile} 86${mobile}`, ['mobile', 'mobile', 'mobile']],
    ['letters before', `ID${identity} U${mobile}`, ['identity-number', 'mobile']],
    ['joined by other signs', `${mobile}/${identity}_${card}`, ['mobile', 'identity-number', 'bank-card']],
    ['a credit code', `纳税人识别号：${numbers.creditCode()}`, ['credit-code']],
    ['a credit code in small letters', '91350100m000100y43', ['credit-code']],
    ['behind letters that JSON escapes', `{"remark":"\\u8eab\\u4efd\\u8bc1${identity}"}`, ['identity-number']],
    ['in the query of an address', `idcard%3D${identity}%26card%3D${card}`, ['identity-number', 'bank-card']],
    ['a per cent sign before', `50%${mobile}`, ['mobile']],
    ['in base64', Buffer.from(identity).toString('base64'), ['identity-number']],
    ['JSON in base64', `data:${Buffer.from(JSON.stringify({ 姓名: '张三', card })).toString('base64')}`, ['bank-card']],
    ['in hexadecimal', Buffer.from(identity).toString('hex'), ['identity-number']],
    ['two bytes a character', Buffer.from(identity, 'utf16le').toString('latin1'), ['identity-number']],
    [
      'two bytes a character, the other way round',
      Buffer.from(identity, 'utf16le').swap16().toString('latin1'),
      ['identity-number'],
    ],
    ['numbers with an end sign each', `${identity}\0${card}\0`, ['identity-number', 'bank-card']],
    ['in a list', `1.${identity} 2.11010519491231002X`, ['identity-number', 'identity-number']],
    ['behind a name', `wangxiaoming${mobile}`, ['mobile']],
    ['an address', 'mail: Li.Lei+1@mail.example.com.cn;', ['email']],
    ['part of a longer number', `9${card}12 1${identity.slice(0, 17)}99`, []],
    ['an amount', `${card}.50`, []],
    ['a version', '6222021234567890.13800138000.1', []],
    ['within a hash', `a1b2${mobile}c3d4e5f6`, []],
    ['an invoice of twenty digits', '24372000000123456789', []],
    ['letters after', `${mobile}kg`, []],
    ['a time', '20260301123059123', []],
    ['a number of a machine', '14412345678', []],
    ['a mask', '3702**********1234 138****1234 6222 **** **** 1234', []],
    ['nothing', '', []],
  ])('%s', (_, text, kinds) => {
    expect(validIn(text).toSorted()).toEqual(kinds.toSorted());
  });

  test('a wrong check character makes a candidate that does not pass', () => {
    const wrong = `${identity.slice(0, 17)}${identity.endsWith('1') ? '2' : '1'}`;
    expect(candidatesIn(wrong, asOf).filter(({ kind }) => kind === 'identity-number')).toEqual([
      { kind: 'identity-number', trial: wrong, valid: false },
    ]);
  });

  test.each(['370299199002301234', '372502209901011234', '993702199001011234'])(
    '%s: no region or date, no candidate',
    (text) => {
      expect(candidatesIn(text, asOf).filter(({ kind }) => kind === 'identity-number')).toEqual([]);
    },
  );

  test('any text is read, in bounded time and number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 513 }), (text) => candidatesIn(text, asOf).length <= 40),
      { numRuns: 300, seed: 7 },
    );
    const many = Array.from({ length: 80 }, () => numbers.mobile()).join(' ');
    expect(candidatesIn(many, asOf)).toHaveLength(40);
    const began = performance.now();
    for (const hostile of ['1 '.repeat(256), 'a@'.repeat(256), `${'a.'.repeat(256)}@`, '1234-'.repeat(102)])
      candidatesIn(hostile, asOf);
    expect(performance.now() - began).toBeLessThan(500);
  });

  test('every number made is found, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('', '客户', '：', '"', ' '),
        fc.constantFrom('', '。', '"', ' ok'),
        (seed, before, after) => {
          const made = createNumbers(seed);
          const has = (kind: string, text: string): boolean => validIn(`${before}${text}${after}`).includes(kind);
          return (
            has('identity-number', made.identityNumber()) &&
            has('bank-card', made.bankCard()) &&
            has('credit-code', made.creditCode()) &&
            has('mobile', made.mobile())
          );
        },
      ),
      { numRuns: 300, seed: 8 },
    );
  });
});
