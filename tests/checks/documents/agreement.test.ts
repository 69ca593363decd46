import { describe, expect, test } from 'vitest';
import { check } from '../../../checks/documents/agreement.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../../src/evidence/filed/platform.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration, endpoint } from '../../support/declaration.ts';
import { defects, evidence, paper, text, unhashed } from '../../support/papers.ts';

type States = Partial<FiledDocument['states']>;

const declared = (value: Partial<PlatformDeclaration> = {}) => [
  seen(
    'platform',
    declaration({
      name: '示例（联用）平台',
      unit: { name: '示例科技（青岛）有限公司', creditCode: '91370200MA3C00000X' },
      ...value,
    }),
  ),
];
const platform = declared();
const form = (states: States, value: Partial<FiledDocument> = {}) => paper({ title: '信息表', ...value }, states);
const filing = (states: States, value: Partial<FiledDocument> = {}) =>
  paper({ id: 'filing', title: '网络地址备案表', ...value }, states);
const explanation = (value: Partial<FiledDocument> = {}) =>
  paper({ id: 'explanation', title: '软件名称情况说明', ...value });

const at = (...addresses: string[]) => ({
  addresses: addresses.map((address) => ({ address, environment: 'production' as const })),
});
const testing = (...addresses: string[]) => addresses.map((address) => ({ address, environment: 'test' as const }));
const open = (port: number, direction: 'inbound' | 'outbound' = 'inbound') => ({ port, protocol: 'TCP', direction });

const papers = { documents: ['form', 'filing'] };
const names = { ...papers, values: ['unitName'] };
const code = { ...papers, values: ['creditCode'] };
const system = { documents: ['form'], values: ['systemName'] };
const explained = { ...system, explainedBy: { systemName: 'explanation' } };
const addresses = { ...papers, values: ['addresses'] };
const ports = { ...papers, values: ['ports'] };
const effective = { ...papers, fields: ['effectiveDate'] };
const joint = { ...names, when: { fact: 'joint', in: ['是'] } };

const name = { unitName: '示例科技（青岛）有限公司' };
const since = (date: string) => ({ fields: { effectiveDate: date } });

const endpoints = [endpoint({ address: '203.0.113.10' }), endpoint({ address: '2001:db8::1', port: 8443 })];
const withEndpoints = declared({ endpoints });
const withTest = declared({
  endpoints: [...endpoints, endpoint({ address: '203.0.113.20', port: 9443, environment: 'test' })],
});
const withName = declared({ endpoints: [endpoint({ address: 'platform.example' })] });
const whole = at('203.0.113.10', '2001:db8::1');

testCheck(check, names, '2026-03-01', {
  met: {
    'two papers and the declaration': { platform, documents: [form(name), filing(name)], says: 'agree' },
    'half-width parentheses and blanks': {
      platform,
      documents: [form({ unitName: '示例科技(青岛) 有限公司' }), filing({ unitName: '　示例科技（青岛）有限公司' })],
    },
    'a name that only one paper states': { platform, documents: [form(name), filing({})] },
    'a name that a paper leaves open': { platform, documents: [form(name), filing({ unitName: '____' })] },
    'a name stated twice': { platform, documents: [form({ ...name, fields: name }), filing({})] },
    'one paper alone': { parameters: system, platform, documents: [form({ systemName: '示例(联用)平台' })] },
    'a code in full width': {
      parameters: code,
      platform,
      documents: [form({ creditCode: '９１３７０２００ＭＡ３Ｃ０００００Ｘ' }), filing({})],
    },
    'another name that is explained': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V2.0' }), explanation({ date: '2026-03-01' })],
      says: 'explained',
    },
    'nothing to explain': { parameters: explained, platform, documents: [form({ systemName: '示例（联用）平台' })] },
    'addresses in any order and spelling': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('2001:DB8:0:0::0001', '203.0.113.10')), filing(at('203.0.113.10', '[2001:db8::1]'))],
    },
    'addresses in full width, one twice': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('２０３.０.１１３.１０', '::ffff:203.0.113.10', '2001:db8::1')), filing({})],
    },
    'test addresses apart': {
      parameters: addresses,
      platform: withTest,
      documents: [form({ addresses: [...whole.addresses, ...testing('203.0.113.20')] }), filing(whole)],
    },
    'a form without a place for test addresses lists all': {
      parameters: addresses,
      platform: withTest,
      documents: [form(at('203.0.113.10', '2001:db8::1', '203.0.113.20')), filing({})],
    },
    'a name for an address': {
      parameters: addresses,
      platform: withName,
      documents: [form(at('Platform.example')), filing({})],
    },
    'an address left as printed': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(whole), filing(at('×××.×××.××.××'))],
    },
    'ports by direction': {
      parameters: ports,
      platform: withEndpoints,
      documents: [form({ ports: [open(8443), open(443)] }), filing({ ports: [open(443), open(8443), open(443)] })],
    },
    'ports with and without those for tests': {
      parameters: ports,
      platform: withTest,
      documents: [form({ ports: [open(443), open(8443), open(9443)] }), filing({ ports: [open(443), open(8443)] })],
    },
    'a date however written': {
      parameters: effective,
      documents: [form(since('2025年4月1日')), filing(since('2025-04-01'))],
      says: 'agreeAmong',
    },
    'a date in Chinese numerals': {
      parameters: effective,
      documents: [form(since('二〇二五年十二月三十一日')), filing(since('2025/12/31'))],
    },
    'a leap day': { parameters: effective, documents: [form(since('2024年2月29日')), filing(since('20240229'))] },
    'where it binds': {
      parameters: joint,
      platform,
      facts: [text('joint', '是')],
      documents: [form(name), filing(name)],
    },
  },
  unmet: {
    'a paper differs from the declaration': {
      platform,
      documents: [form(name), filing({ unitName: '示例科技（济南）有限公司' })],
      says: 'differs',
    },
    'both papers agree with one another only': {
      platform,
      documents: [form({ unitName: '甲公司' }), filing({ unitName: '甲公司' })],
    },
    'stated twice, and in two ways': {
      platform,
      documents: [form({ ...name, fields: { unitName: '甲公司' } }), filing(name)],
    },
    'one letter of a code': {
      parameters: code,
      platform,
      documents: [form({ creditCode: '91370200MA3C00000Y' }), filing({})],
    },
    'another name, not explained': { parameters: system, platform, documents: [form({ systemName: '示例软件' })] },
    'another name, the explanation not held': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' }), explanation(defects['not held'])],
      says: 'differs',
    },
    'the explanation is an empty file': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' }), explanation(defects.empty)],
    },
    'the explanation has no hash': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' }), unhashed({ id: 'explanation' })],
    },
    'the explanation is not listed': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' })],
    },
    'the explanation is of tomorrow': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' }), explanation({ date: '2026-03-02' })],
    },
    'the explanation has ended': {
      parameters: explained,
      platform,
      documents: [form({ systemName: '示例软件V1' }), explanation({ validUntil: '2026-02-28' })],
    },
    'an explanation of something else': {
      parameters: { ...papers, values: ['systemName', 'unitName'], explainedBy: { systemName: 'explanation' } },
      platform,
      documents: [form({ systemName: '示例软件', unitName: '甲公司' }), filing({}), explanation()],
      says: ['explained', 'differs'],
    },
    'an address too few': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(whole), filing(at('203.0.113.10'))],
    },
    'an address too many': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('203.0.113.10', '2001:db8::1', '2001:db8::2')), filing({})],
    },
    'an address that is none': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('203.0.113.10', '10.90.661.911')), filing({})],
    },
    'only the test address': {
      parameters: addresses,
      platform: withTest,
      documents: [form(at('203.0.113.20')), filing({})],
    },
    'another test address': {
      parameters: addresses,
      platform: withTest,
      documents: [form({ addresses: [...whole.addresses, ...testing('203.0.113.21')] }), filing(whole)],
    },
    'a test address that is not declared': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(whole), filing({ addresses: testing('203.0.113.20') })],
    },
    'the environments swapped': {
      parameters: addresses,
      platform: declared({
        endpoints: [endpoint({ address: '203.0.113.1' }), endpoint({ address: '203.0.113.2', environment: 'test' })],
      }),
      documents: [form({ addresses: [...at('203.0.113.2').addresses, ...testing('203.0.113.1')] }), filing({})],
    },
    'a name beside an address that is not declared': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('203.0.113.10', '2001:db8::1', 'other.example', '203.0.113.99')), filing({})],
    },
    'a port of the other direction': {
      parameters: ports,
      platform: withEndpoints,
      documents: [form({ ports: [open(443), open(8443, 'outbound')] }), filing({})],
    },
    'a port too few': {
      parameters: ports,
      platform: withEndpoints,
      documents: [form({ ports: [open(443)] }), filing({})],
    },
    'a port too many': {
      parameters: ports,
      platform: withEndpoints,
      documents: [form({ ports: [open(443), open(8443), open(22)] }), filing({})],
    },
    'another date': {
      parameters: effective,
      documents: [form(since('2025年4月1日')), filing(since('2025-04-10'))],
      says: 'differs',
    },
    'a day that does not exist': {
      parameters: effective,
      documents: [form(since('2025年2月29日')), filing(since('2025-03-01'))],
    },
    'a paper not held beside two that differ': {
      parameters: { ...names, documents: ['form', 'filing', 'proof'] },
      platform,
      documents: [form(name), filing({ unitName: '甲公司' }), paper({ id: 'proof', ...defects['not held'] })],
      says: ['differs', 'paperUnusable'],
    },
    'two papers that differ, without the declaration': {
      documents: [form(name), filing({ unitName: '甲公司' })],
      says: ['differs', 'notDeclared'],
    },
  },
  unproven: {
    'no paper states it': { platform, documents: [form({}), filing({})], says: 'notStated' },
    'both leave it open in the same way': {
      platform,
      documents: [form({ unitName: '____' }), filing({ unitName: '____' })],
      says: 'notStated',
    },
    'the declaration leaves it open too': {
      platform: declared({ unit: { name: 'XX公司', creditCode: '' } }),
      documents: [form({ unitName: 'XX公司' }), filing({ unitName: 'XX公司' })],
    },
    'the declaration leaves open what papers state': {
      platform: declared({ unit: { name: '____', creditCode: '' } }),
      documents: [form(name), filing(name)],
      says: 'notDeclared',
    },
    'no declaration': { documents: [form(name), filing(name)], says: 'notDeclared' },
    'no endpoints declared': {
      parameters: addresses,
      platform,
      documents: [form(at('203.0.113.10')), filing({})],
      says: 'notDeclared',
    },
    'test addresses alone': {
      parameters: addresses,
      platform: withTest,
      documents: [form({ addresses: testing('203.0.113.20') }), filing({})],
      says: 'notStated',
    },
    'an address for a name': {
      parameters: addresses,
      platform: withName,
      documents: [form(at('203.0.113.10')), filing({})],
      says: 'unclear',
    },
    'a name for addresses': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('203.0.113.10', 'platform.example')), filing({})],
    },
    'a name too many': {
      parameters: addresses,
      platform: withEndpoints,
      documents: [form(at('203.0.113.10', '2001:db8::1', 'platform.example')), filing({})],
    },
    'an unclear address, explained': {
      parameters: { ...addresses, explainedBy: { addresses: 'explanation' } },
      platform: withName,
      documents: [form(at('203.0.113.10')), filing({}), explanation()],
    },
    'no ports': { parameters: ports, platform: withEndpoints, documents: [form(whole), filing({})], says: 'notStated' },
    'a field that one paper states': {
      parameters: effective,
      documents: [form(since('2025-04-01')), filing({})],
      says: 'onlyOne',
    },
    'a field that the other leaves open': {
      parameters: effective,
      documents: [form(since('2025-04-01')), filing(since('20XX年XX月XX日'))],
    },
    'a field left open by both': {
      parameters: effective,
      documents: [form(since('年 月 日')), filing(since('年 月 日'))],
      says: 'notStated',
    },
    'a field named like a property': {
      parameters: { ...papers, fields: ['constructor', '__proto__'] },
      documents: [form(since('2025-04-01')), filing(since('2025-04-01'))],
    },
    'one of two papers is not listed': { platform, documents: [form(name)], says: ['agree', 'noEvidence'] },
    'one of two papers is not held': {
      platform,
      documents: [form(name), filing(name, defects['not held'])],
      says: ['agree', 'paperUnusable'],
    },
    'a paper that differs is no document': {
      platform,
      documents: [form(name), filing({ unitName: '甲公司' }, defects['no document'])],
    },
    'papers that agree are both misnamed': {
      platform,
      documents: [form(name, defects.misnamed), filing(name, defects.misnamed)],
    },
    'no hash': { platform, documents: [unhashed({}, name), filing(name)] },
    'whether it binds is unknown': {
      parameters: joint,
      platform,
      documents: [form(name), filing(name)],
      says: 'conditionUnknown',
    },
  },
  'not-applicable': {
    'it does not bind': { parameters: joint, platform, facts: [text('joint', '否')], says: 'doesNotBind' },
  },
});

describe('findings', () => {
  const judge = (given: Parameters<typeof evidence>[0], parameters: object) =>
    check.judge(evidence(given), check.parameters.parse(parameters), '2026-03-01');

  test('name the papers and both values: against the declaration first, then papers with one another', () => {
    const documents = [form({ unitName: '甲公司' }), filing({ unitName: '乙公司' })];
    const found = judge({ platform, documents }, names);
    expect(found.map(({ data: { one, value, other, otherValue } }) => [one, value, other, otherValue])).toMatchObject([
      [{ zh: '《信息表》' }, { zh: '甲公司' }, { zh: '平台声明' }, { zh: '示例科技（青岛）有限公司' }],
      [{ zh: '《网络地址备案表》' }, { zh: '乙公司' }, { zh: '平台声明' }, { zh: '示例科技（青岛）有限公司' }],
      [{ zh: '《信息表》' }, { zh: '甲公司' }, { zh: '《网络地址备案表》' }, { zh: '乙公司' }],
    ]);
  });

  test('of sets show all of both, with environment and direction', () => {
    const documents = [form({ addresses: [...at('203.0.113.10').addresses, ...testing('203.0.113.20')] })];
    const [found] = judge({ platform: withEndpoints, documents }, { documents: ['form'], values: ['addresses'] });
    expect(found?.data).toMatchObject({
      value: { zh: '203.0.113.10、203.0.113.20（测试）', en: '203.0.113.10, 203.0.113.20 (test)' },
      otherValue: { zh: '203.0.113.10、2001:db8::1', en: '203.0.113.10, 2001:db8::1' },
    });
  });

  test('that pass rest on the papers that state the value, and on the explanation', () => {
    const [stating, silent, why] = [form(name), filing({}), explanation()];
    const [agree] = judge({ platform, documents: [stating, silent] }, names);
    expect(agree?.cites).toEqual([stating.id]);
    const other = form({ systemName: '示例软件' });
    const [differs] = judge({ platform, documents: [other, why] }, explained);
    expect(differs).toMatchObject({ says: 'explained', subject: 'form', cites: [why.id, other.id] });
  });

  test('come once for a paper that is named twice', () => {
    expect(judge({ platform, documents: [form(name)] }, { ...names, documents: ['form', 'form'] })).toHaveLength(1);
  });
});

test.each([
  ['no papers', { documents: [], values: ['unitName'] }],
  ['nothing to compare', papers],
  ['a value that does not exist', { ...papers, values: ['phones'] }],
  ['fields of one paper', { documents: ['form'], fields: ['effectiveDate'] }],
  ['fields of one paper named twice', { documents: ['form', 'form'], fields: ['effectiveDate'] }],
  ['an explanation of what is not compared', { ...names, explainedBy: { systemName: 'explanation' } }],
])('refuses %s', (_, parameters) => {
  expect(check.parameters.safeParse(parameters).success).toBe(false);
});
