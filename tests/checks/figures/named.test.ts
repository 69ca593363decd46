import { expect, test } from 'vitest';
import { check } from '../../../checks/figures/named.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) =>
  seen('facts', { name, value, declared: '-', document: { id: 'paper', sha256: 'a'.repeat(64) } }, { subject: name });

const text = (words: string, name = 'named') => fact(name, { type: 'text', text: words });
const list = (items: string[], name = 'named') => fact(name, { type: 'list', items });
const person = (masked: string) => fact('named', { type: 'person', masked });

const pilot = { fact: 'named', values: ['是'] };
const delivery = { fact: 'named', all: ['二维码', '电子邮件', '下载打印'] };
const indicators = { fact: 'named', covers: 'provided' };

testCheck(check, { fact: 'named' }, '2026-06-15', {
  met: {
    'a person': { facts: [person('张*')], says: 'named' },
    'a person whose short name is hidden whole': { facts: [person('*')] },
    'a department': { facts: [text('数据管理部')] },
    'a list': { facts: [list(['一', '二'])], says: 'listed' },
    'a text that is one of the values': { parameters: pilot, facts: [text('是')] },
    'the value in full width': {
      parameters: { fact: 'named', values: ['2', '3'] },
      facts: [text(' ３ ')],
    },
    'a list with all, and more, written in other ways': {
      parameters: delivery,
      facts: [list(['短信', '二维码 ', '电子邮件', '下载 打印'])],
      says: 'listed',
    },
    'a list that covers another': { parameters: indicators, facts: [list(['甲', '乙']), list(['乙', ''], 'provided')] },
    'the condition binds': {
      parameters: { ...pilot, when: { fact: 'builder', in: ['第三方'], otherwise: ['本单位'] } },
      facts: [text('是'), text('第三方', 'builder')],
    },
  },
  unmet: {
    'another value': { parameters: pilot, facts: [text('否')], says: 'otherValue' },
    'a value within a longer text': { parameters: pilot, facts: [text('是否')] },
    nobody: { facts: [text('无')], says: 'nothing' },
    'a dash': { facts: [text(' —— ')], says: 'nothing' },
    'a list of nothing': { facts: [list(['无', ' '])], says: 'nothing' },
    'a list that lacks one': { parameters: delivery, facts: [list(['电子邮件', '下载打印'])], says: 'lacks' },
    'a list of nothing where all are asked': { parameters: delivery, facts: [list(['无'])] },
    'a list that does not cover another': {
      parameters: indicators,
      facts: [list(['甲']), list(['甲', '乙'], 'provided')],
      says: 'lacks',
    },
    'all of another, but not all asked besides': {
      parameters: { ...indicators, all: ['丙'] },
      facts: [list(['甲']), list(['甲'], 'provided')],
    },
  },
  unproven: {
    'not declared': { facts: [text('x', 'other')], says: 'noEvidence' },
    'a blank text': { facts: [text('　')], says: 'empty' },
    'a blank value': { parameters: pilot, facts: [text('')], says: 'empty' },
    'a blank person': { facts: [person('')] },
    'put off': { facts: [text('待定')], says: 'undecided' },
    'a list that is put off': { facts: [list(['待定'])], says: 'undecided' },
    'an empty list': { facts: [list([])], says: 'empty' },
    'an amount': { facts: [fact('named', { type: 'amount', unit: '元', amount: '1' })], says: 'otherForm' },
    'a list where a text is asked': { parameters: pilot, facts: [list(['是'])], says: 'otherForm' },
    'a text where a list is asked': { parameters: delivery, facts: [text('二维码、电子邮件、下载打印')] },
    'the other list is not declared': { parameters: indicators, facts: [list(['甲'])], says: 'noEvidence' },
    'the other list is empty': { parameters: indicators, facts: [list(['甲']), list([], 'provided')], says: 'empty' },
    'the other list names nothing': { parameters: indicators, facts: [list(['甲']), list(['无'], 'provided')] },
    'the other is no list': { parameters: indicators, facts: [list(['甲']), text('甲', 'provided')] },
    'declared twice': { parameters: pilot, facts: [text('是'), text('否')], says: 'differing' },
    'the condition is not declared': {
      parameters: { ...pilot, when: { fact: 'builder', in: ['第三方'], otherwise: ['本单位'] } },
      facts: [text('是')],
      says: 'conditionUnknown',
    },
  },
  'not-applicable': {
    'the condition does not bind': {
      parameters: { ...pilot, when: { fact: 'builder', in: ['第三方'], otherwise: ['本单位'] } },
      facts: [text('否'), text('本单位', 'builder')],
      says: 'doesNotBind',
    },
  },
});

test('ten of many items are shown', () => {
  const items = Array.from({ length: 200 }, (_, index) => `指标${index + 1}`);
  const [finding] = check.judge(
    { facts: [list(items)] } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse({ fact: 'named' }),
    '2026-06-15',
  );
  expect(finding?.data.items).toMatchObject({ zh: expect.stringMatching(/^指标1、.*、指标10 等 200 项$/) });
});

test('values is for a text, all and covers for a list', () => {
  expect(check.parameters.safeParse({ fact: 'a', values: ['是'], all: ['x'] }).success).toBe(false);
  expect(check.parameters.safeParse({ fact: 'a', values: ['是'], covers: 'x' }).success).toBe(false);
});
