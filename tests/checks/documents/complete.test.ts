import { expect, test } from 'vitest';
import { check } from '../../../checks/documents/complete.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { testCheck } from '../../support/check-tester.ts';
import { day, defects, evidence, nothingStated, paper, text, unhashed } from '../../support/papers.ts';

const form = (fields: Record<string, string>, value: Partial<FiledDocument> = {}) => [paper(value, { fields })];
const report = (topics: Record<string, string>) => [paper({}, { topics })];

type Signature = NonNullable<FiledDocument['signatures']>[number];

const both = { signed: true, sealed: true };
const signedBy = (...signatures: Signature[]) => [paper({ signatures })];

const asking = (asked: object) => ({ document: 'form', ...asked });
const fields = asking({ fields: ['contact', 'details'] });
const rhythm = asking({ values: { rhythm: ['按月', '按季度'] } });
const months = asking({ atMost: { correctionMonths1: 3 } });
const blank = asking({ blank: ['authorisedUnit'] });
const blankIfOwn = asking({ blankWhen: { fields: ['authorisedUnit'], fact: 'built-by', in: ['本单位'] } });
const topics = asking({ topics: ['network', 'security'] });
const signatures = asking({ signatures: ['unit', 'bureau'] });
const seals = asking({ seals: ['unit'] });
const span = asking({
  span: { field: 'period', from: 'periodFrom', until: 'periodUntil', months: 12, short: ['短期'], long: ['长期'] },
});
const period = (chosen: string, periodFrom: string, periodUntil: string) => ({
  parameters: span,
  documents: form({ period: chosen, periodFrom, periodUntil }),
});
const dated = asking({ dated: true });
const givenAndBuilt = asking({
  fields: ['contact'],
  when: [
    { fact: 'given', in: ['是'] },
    { fact: 'built-by', in: ['第三方'], otherwise: ['本单位'] },
  ],
});
const afterOrder = asking({ fields: ['contact'], when: { fact: 'ordered-exit', in: ['是'] } });

const placeholders = {
  nothing: '',
  blanks: ' \u3000\u00a0',
  'invisible characters': '\u200b\ufeff',
  underscores: '____',
  'full-width underscores': '＿＿＿',
  circles: '〇〇',
  'a box': '□',
  dashes: '——',
  'a date of X': 'XX年XX月',
  'a date of full-width X': 'ＸＸ年Ｘ月ＸＸ日',
  'a date to fill in': '  年  月  日',
  'a year begun': '20XX年4月1日',
  'a day left open': '2025年__月__日',
  'a sample': 'XX集团有限公司',
  'a sample address': '×××.×××.××.××',
  'a name masked whole': '*',
  'a masked placeholder': '_***',
  'a promise': '待填写',
  brackets: '【　】',
};

const filled = {
  none: '无',
  'not applicable': '不适用',
  'a stroke': '／',
  'a tick': '√',
  zero: '0',
  'a masked name': '张*',
  'a Chinese date': '二〇二五年四月一日',
  'a size': 'XXL',
  'a code with X': '9137020XXMA3CXX',
  'a word with an underscore': 'leqi_platform__v2',
};

const table = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, details]) => [
      `a field with ${name}`,
      { parameters: fields, documents: form({ contact: '张*', details }) },
    ]),
  );

testCheck(check, fields, '2026-03-01', {
  met: {
    'a short period of less than a year': period('短期', '2026年1月1日', '2026年6月30日'),
    'a short period of exactly a year': period('短期', '2026-01-01', '2026-12-31'),
    'a long period': period('长期', '2024-02-29', '2026-02-28'),
    'all filled in': { documents: form({ contact: '张*', details: '见附页' }), says: 'complete' },
    ...table(filled),
    'fields that stand in a place of their own': {
      parameters: asking({ fields: ['unitName', 'creditCode', 'systemName', 'phone', 'port', 'protocol', 'date'] }),
      documents: [
        paper(
          { date: '2025-01-01' },
          {
            unitName: '示例公司',
            creditCode: '91370200MA3C00000X',
            systemName: '示例平台',
            phones: [{ role: '联系人', valid: false, problems: ['area-code'], masked: '********' }],
            ports: [{ port: 443, protocol: 'https', direction: 'inbound' }],
          },
        ),
      ],
    },
    'one of the words': { parameters: rhythm, documents: form({ rhythm: '按季度' }) },
    'one of the words, with blanks in full width': { parameters: rhythm, documents: form({ rhythm: '　按 月 ' }) },
    'a bare yes': { parameters: asking({ values: { ability: ['是'] } }), documents: form({ ability: 'true' }) },
    'three months': { parameters: months, documents: form({ correctionMonths1: '3个月' }) },
    'three months in full width': { parameters: months, documents: form({ correctionMonths1: '３ 个 月' }) },
    'three months in words': { parameters: months, documents: form({ correctionMonths1: '叁个月以内' }) },
    'one and a half': { parameters: months, documents: form({ correctionMonths1: '1.5' }) },
    'left blank': { parameters: blank, documents: [paper()] },
    'left blank with a word': { parameters: blank, documents: form({ authorisedUnit: '无' }) },
    'left blank with a line': { parameters: blank, documents: form({ authorisedUnit: '____' }) },
    'blank where it must be': {
      parameters: blankIfOwn,
      facts: [text('built-by', '本单位')],
      documents: form({ authorisedUnit: '/' }),
    },
    'blank, whoever built it': { parameters: blankIfOwn, documents: form({ authorisedUnit: '不适用' }) },
    'filled in where it may be': {
      parameters: blankIfOwn,
      facts: [text('built-by', '第三方')],
      documents: form({ authorisedUnit: '某某公司' }),
    },
    'all topics': { parameters: topics, documents: report({ network: '第12页', security: '三、（二）' }) },
    'a topic on page 5': { parameters: topics, documents: report({ network: '5', security: '6' }) },
    'sealed and not signed, where a seal is asked for': {
      parameters: seals,
      documents: signedBy({ party: 'unit', signed: false, sealed: true }),
    },
    'signed and sealed': {
      parameters: signatures,
      documents: signedBy({ party: 'unit', ...both, on: '2026-03-01' }, { party: 'bureau', ...both }),
    },
    'bears a date': { parameters: dated, documents: [paper({ date: '2026-03-01' })] },
    'where it binds': {
      parameters: afterOrder,
      facts: [text('ordered-exit', '是')],
      documents: form({ contact: '张*' }),
    },
  },
  unmet: {
    'signed, where a seal is asked for': {
      parameters: seals,
      documents: signedBy({ party: 'unit', signed: true, sealed: false }),
      says: 'unsigned',
    },
    'both of two conditions bind': {
      parameters: givenAndBuilt,
      documents: form({ contact: '____' }),
      facts: [text('given', '是'), text('built-by', '第三方')],
    },
    'a short period of two years': { ...period('短期', '2026-01-01', '2027-12-31'), says: 'otherSpan' },
    'a long period of half a year': { ...period('长期', '2026-01-01', '2026-06-30'), says: 'otherSpan' },
    'a period that ends before it begins': { ...period('短期', '2026-06-30', '2026-01-01'), says: 'otherSpan' },
    'a period with no end filled in': { ...period('短期', '2026-06-30', '____'), says: 'notFilled' },
    ...table(placeholders),
    'two fields left open': { documents: form({ contact: '____', details: '' }), says: 'notFilled' },
    'a name stated and left open': {
      parameters: asking({ fields: ['unitName'] }),
      documents: [paper({}, { unitName: '示例公司', fields: { unitName: '____' } })],
    },
    'another word': { parameters: rhythm, documents: form({ rhythm: '按年' }), says: 'otherValue' },
    'both words': { parameters: rhythm, documents: form({ rhythm: '按月、按季度' }) },
    'no word': { parameters: rhythm, documents: form({ rhythm: '____' }), says: 'notFilled' },
    'none instead of a word': { parameters: rhythm, documents: form({ rhythm: '无' }) },
    'a bare no': { parameters: asking({ values: { ability: ['是'] } }), documents: form({ ability: 'false' }) },
    'four months': { parameters: months, documents: form({ correctionMonths1: '4个月' }), says: 'tooMuch' },
    'four months in full width': { parameters: months, documents: form({ correctionMonths1: '４' }) },
    'twelve months in words': { parameters: months, documents: form({ correctionMonths1: '十二个月' }) },
    'no months': { parameters: months, documents: form({ correctionMonths1: ' ___个月' }), says: 'notFilled' },
    'not left blank': { parameters: blank, documents: form({ authorisedUnit: '某某公司' }), says: 'notBlank' },
    'not blank where it must be': {
      parameters: blankIfOwn,
      facts: [text('built-by', ' 本单位')],
      documents: form({ authorisedUnit: '某某公司' }),
    },
    'a topic is missing': { parameters: topics, documents: report({ network: '第12页' }), says: 'topicsMissing' },
    'a topic is said to be missing': { parameters: topics, documents: report({ network: '第12页', security: '无' }) },
    'a bare no for a topic': { parameters: topics, documents: report({ network: '第12页', security: 'false' }) },
    'a topic named like a property': {
      parameters: asking({ topics: ['constructor'] }),
      documents: report({ network: '第12页' }),
    },
    'signed, not sealed': {
      parameters: signatures,
      documents: signedBy({ party: 'unit', ...both }, { party: 'bureau', signed: true, sealed: false }),
      says: 'unsigned',
    },
    'neither signed nor sealed': {
      parameters: signatures,
      documents: signedBy({ party: 'unit', ...both }, { party: 'bureau', signed: false, sealed: false }),
    },
    'a problem of one paper and not of the other': {
      documents: [...form({ contact: '张*', details: '无' }), ...form({ contact: '__', details: '无' })],
      says: ['complete', 'notFilled'],
    },
  },
  unproven: {
    'a period whose kind is not chosen': { ...period('短期/长期', '2026-01-01', '2026-06-30'), says: 'noSpan' },
    'a period whose end is no date': { ...period('长期', '2026-01-01', '长期有效'), says: 'noSpan' },
    'a period without dates entered': {
      parameters: span,
      documents: form({ period: '长期' }),
      says: 'notEntered',
    },
    'a field was not entered': { documents: form({ contact: '张*' }), says: 'notEntered' },
    'no field was entered': { documents: [paper()] },
    'a field named like a property': {
      parameters: asking({ fields: ['constructor', '__proto__', 'toString'] }),
      documents: form({ contact: '张*' }),
    },
    'no such word was entered': { parameters: rhythm, documents: [paper()], says: 'notEntered' },
    'no months were entered': { parameters: months, documents: form({ correctionMonths2: '3' }), says: 'notEntered' },
    'a range of months': { parameters: months, documents: form({ correctionMonths1: '3-6个月' }), says: 'noNumber' },
    'three years': { parameters: months, documents: form({ correctionMonths1: '3年' }) },
    'ninety days': { parameters: months, documents: form({ correctionMonths1: '90天' }) },
    'three months that can be prolonged': {
      parameters: months,
      documents: form({ correctionMonths1: '3个月（可延长3个月）' }),
    },
    'none for a number': { parameters: months, documents: form({ correctionMonths1: '无' }) },
    'whether it must be blank is unknown': {
      parameters: blankIfOwn,
      documents: form({ authorisedUnit: '某某公司' }),
      says: 'blankUnknown',
    },
    'whether it must be blank is contradictory': {
      parameters: blankIfOwn,
      facts: [text('built-by', '第三方'), text('built-by', '本单位')],
      documents: form({ authorisedUnit: '某某公司' }),
    },
    'whether it must be blank is no text': {
      parameters: blankIfOwn,
      facts: [day('built-by', '2025-01-01')],
      documents: form({ authorisedUnit: '某某公司' }),
    },
    'no topics were entered': { parameters: topics, documents: [paper()], says: 'notEntered' },
    'an empty list of topics': { parameters: topics, documents: report({}) },
    'a topic without its place': {
      parameters: topics,
      documents: report({ network: '第12页', security: 'true' }),
      says: 'topicsUnplaced',
    },
    'a topic whose page is left open': {
      parameters: topics,
      documents: report({ network: '第12页', security: '第__页' }),
    },
    'a seal was not entered': { parameters: seals, documents: [paper()], says: 'notEntered' },
    'signatures were not entered': { parameters: signatures, documents: [paper()], says: 'notEntered' },
    'one party’s were not': { parameters: signatures, documents: signedBy({ party: 'unit', ...both }) },
    'a signature and a seal entered apart': {
      parameters: signatures,
      documents: signedBy(
        { party: 'unit', ...both },
        { party: 'bureau', signed: true, sealed: false },
        { party: 'bureau', signed: false, sealed: true },
      ),
      says: 'signedTwice',
    },
    'signed tomorrow': {
      parameters: signatures,
      documents: signedBy({ party: 'unit', ...both }, { party: 'bureau', ...both, on: '2026-03-02' }),
      says: 'signedAhead',
    },
    'no date': { parameters: dated, documents: [paper({ validFrom: '2025-01-01' })], says: 'notEntered' },
    'dated tomorrow': { parameters: dated, documents: [paper({ date: '2026-03-02' })], says: 'datedAhead' },
    'no such paper': { documents: form({ contact: '张*', details: '无' }, { id: 'other' }), says: 'noEvidence' },
    'not held': {
      documents: form({ contact: '张*', details: '无' }, defects['not held']),
      says: 'paperUnusable',
    },
    'an empty file': { documents: form({ contact: '张*', details: '无' }, defects.empty) },
    'text under the name of a PDF': { documents: form({ contact: '张*', details: '无' }, defects.misnamed) },
    'left open in a paper that is no document': { documents: form({ contact: '__' }, defects['no document']) },
    'no hash': { documents: [unhashed({}, { fields: { contact: '张*', details: '无' } })] },
    'nothing that must be blank, in a paper that is not held': {
      parameters: blank,
      documents: [paper(defects['not held'])],
    },
    'whether it binds is unknown': {
      parameters: afterOrder,
      documents: form({ contact: '张*' }),
      says: 'conditionUnknown',
    },
  },
  'not-applicable': {
    'it does not bind': { parameters: afterOrder, facts: [text('ordered-exit', '否')], says: 'doesNotBind' },
    'one of two conditions does not bind, the other is unknown': {
      parameters: givenAndBuilt,
      facts: [text('built-by', '本单位')],
      says: 'doesNotBind',
    },
  },
});

test('names all that is missing in one finding, by title where it has one', () => {
  const topicsAsked = { document: 'form', topics: ['network', 'security', 'ownTopic'] };
  const documents = [paper({}, { ...nothingStated, topics: { hardware: '第1页' } })];
  expect(check.judge(evidence({ documents }), topicsAsked, '2026-03-01')).toMatchObject([
    {
      says: 'topicsMissing',
      data: { items: { zh: '网络环境、安全方案、ownTopic', en: 'network, security plan, ownTopic' } },
    },
  ]);
});

test('cuts a long value short', () => {
  const documents = form({ rhythm: '按'.repeat(2000) });
  const [found] = check.judge(evidence({ documents }), rhythm, '2026-03-01');
  expect(found?.data.value).toBe(`${'按'.repeat(80)}…`);
});

test.each([
  ['no demand', { document: 'form' }],
  ['nothing but a condition', { document: 'form', when: { fact: 'a', in: ['b'] } }],
  ['no date demanded', { document: 'form', dated: false }],
  ['no fields', { document: 'form', fields: [] }],
  ['no values', { document: 'form', values: {} }],
  ['a party that does not exist', { document: 'form', signatures: ['vendor'] }],
])('refuses %s', (_, parameters) => {
  expect(check.parameters.safeParse(parameters).success).toBe(false);
});
