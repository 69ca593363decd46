import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssessedFinding, Assessment } from '../../src/assessment/assessment.ts';
import { rowOf } from '../support/breaks.ts';
import { type Example, exampleOf } from '../support/example.ts';

// The filled-in sample set of application papers: what cannot be true is said, each by its own message; what is right passes.

let example: Example;
let assessed: Assessment;

beforeAll(async () => {
  example = await exampleOf('sample-application');
  assessed = await example.assessed('access');
});

afterAll(() => example.remove());

function findings(row: string, check: string, outcome: AssessedFinding['outcome']): AssessedFinding[] {
  return rowOf(assessed, row).findings.filter((each) => each.check === check && each.outcome === outcome);
}

function textsOf(row: string, check: string): string[] {
  return findings(row, check, 'unmet').map(({ text }) => text.zh);
}

const unit = '统一社会信用代码 9161252LQ1136652JR';
const builder = '统一社会信用代码 916155ZL22511194LQ';
const person = '法定代表人的身份证号 3****************1';

const impossible: [what: string, row: string, check: string, text: string][] = [
  [
    'letters where digits belong',
    'SU-3-1',
    'documents/identifiers',
    `${unit} 第 3—8 位为 61252L，应为 6 位数字的行政区划码`,
  ],
  [
    'the organisation code’s check character',
    'SU-3-1',
    'documents/identifiers',
    `${unit} 中主体标识码的校验码（第 17 位）为 J，应为 5（GB 11714）`,
  ],
  [
    'the code’s own check character',
    'SU-3-1',
    'documents/identifiers',
    `${unit} 的校验码（第 18 位）为 R，应为 3（GB 32100-2015）`,
  ],
  [
    'the builder’s letters where digits belong',
    'SU-3-1',
    'documents/identifiers',
    `${builder} 第 3—8 位为 6155ZL，应为 6 位数字的行政区划码`,
  ],
  [
    'a letter that the standard excludes',
    'SU-3-1',
    'documents/identifiers',
    `${builder} 含标准不使用的字母 Z（GB 32100-2015 不用 I、O、S、V、Z）`,
  ],
  [
    'the builder’s organisation code',
    'SU-3-1',
    'documents/identifiers',
    `${builder} 中主体标识码的校验码（第 17 位）为 L，应为 0（GB 11714）`,
  ],
  ['a region that cannot exist', 'SU-3-2', 'documents/identifiers', `${person} 的地址码不存在`],
  ['a birth date that cannot exist', 'SU-3-2', 'documents/identifiers', `${person} 的出生日期不存在或尚未到来`],
  ['the identity number’s check digit', 'SU-3-2', 'documents/identifiers', `${person} 的校验码有误`],
  ['octets above 255, production', 'SU-3-6', 'documents/identifiers', 'IP 地址 10.90.661.911 中 661, 911 超过 255'],
  [
    'a private range, production',
    'SU-3-6',
    'documents/identifiers',
    'IP 地址 10.90.661.911 属于私有地址段（RFC 1918、RFC 4193），不是公网地址',
  ],
  ['octets above 255, test', 'SU-3-6', 'documents/identifiers', 'IP 地址 10.90.661.910 中 661, 910 超过 255'],
  [
    'a private range, test',
    'SU-3-6',
    'documents/identifiers',
    'IP 地址 10.90.661.910 属于私有地址段（RFC 1918、RFC 4193），不是公网地址',
  ],
  ['octets in the operator’s proof', 'HB-3.1-7', 'documents/identifiers', 'IP 地址 10.90.661.911 中 661, 911 超过 255'],
  [
    'a phone of no known shape',
    'SU-3-1',
    'documents/identifiers',
    '联系人的电话号码 100******56 不是手机、固定电话或 400/800 号码的形式',
  ],
  [
    'a phone of no known shape, filing',
    'SU-3-6',
    'documents/identifiers',
    '联系人的电话号码 100******56 不是手机、固定电话或 400/800 号码的形式',
  ],
  [
    'cloud or not, not chosen',
    'HB-3.1-7',
    'documents/operator-proof',
    '《固定IP专属使用证明》没有选定是否涉及云服务，所载为「涉及/不涉及」',
  ],
  [
    'the period’s dates left open',
    'SU-3-1',
    'documents/complete',
    '《乐企直连服务接入信息表》未填写：请求期限起、请求期限止',
  ],
  [
    'no server location, no third party',
    'SU-3-4',
    'documents/complete',
    '《项目报告》未填写：服务器部署地、第三方服务商',
  ],
  [
    'the builder against the commitment',
    'AP-10',
    'documents/complete',
    '《乐企直连服务授权委托书》的范围为「建设和管理」，应为 建设',
  ],
  [
    'a third party may only build',
    'SU-1.3',
    'documents/complete',
    '《乐企直连服务授权委托书》的范围为「建设和管理」，应为 建设',
  ],
];

describe('what cannot be true in the sample set', () => {
  test.each(impossible)('%s', (_, row, check, text) => {
    expect(rowOf(assessed, row).verdict).toBe('unmet');
    expect(textsOf(row, check)).toContain(text);
  });

  const topics =
    '开发项目说明 项目规划 业务量 网络环境 安全方案 硬件环境 系统设计 技术实现 技术支撑管理 安全管理 运维管理';
  test.each(topics.split(' '))('the project report says nothing of %s', (topic) => {
    expect(rowOf(assessed, 'SU-3-4').verdict).toBe('unmet');
    const [missing] = textsOf('SU-3-4', 'documents/complete').filter((text) => text.includes('缺少以下内容'));
    expect(missing?.split(/[：、]/)).toContain(topic);
  });

  test('the masked numbers stand nowhere in full', () => {
    expect(JSON.stringify(assessed)).not.toMatch(/315268198025995201|10055221456/);
  });
});

describe('what is right in the sample set', () => {
  test('ratings B, A, A', () => {
    expect(rowOf(assessed, 'SU-2.1-2').verdict).toBe('met');
    expect(findings('SU-2.1-2', 'figures/ratings', 'met')).toMatchObject([{ says: 'allowed' }]);
  });

  test.each([
    ['32,510 issued and 25,068 received', 'SU-2.1-4', 'figures/either', '57578', '50000'],
    ['652.3 million yuan issued', 'SU-2.1-4', 'figures/either', '652300000', '500000000'],
    ['866.12 million yuan of revenue', 'SU-2.1-3', 'figures/at-least', '866120000', '50000000'],
  ])('%s', (_, row, check, value, asked) => {
    expect(rowOf(assessed, row).verdict).toBe('met');
    expect(findings(row, check, 'met').map(({ figure }) => figure)).toContainEqual(
      expect.objectContaining({ value, asked }),
    );
  });

  test('https on port 8888', () => {
    expect(findings('SU-3-6', 'documents/agreement', 'met').map(({ text }) => text.zh)).toContain(
      '《乐企直连服务网络地址备案表》所载端口与平台声明一致：8888（入站）',
    );
    expect(textsOf('SU-3-6', 'documents/identifiers').join()).not.toContain('端口');
    expect(
      findings('SU-3-6', 'documents/complete', 'met')
        .map(({ text }) => text.zh)
        .join(),
    ).toContain('端口号');
  });

  test('the agreement is filled in, signed and sealed, and so are the commitments', () => {
    expect(findings('SU-3-2', 'documents/complete', 'met')).toHaveLength(1);
    expect(findings('AP-10', 'documents/complete', 'met')).toHaveLength(1);
    expect(findings('AP-11', 'documents/complete', 'met')).toHaveLength(1);
  });

  test('nothing else is called wrong', () => {
    const unmet = assessed.requirements.filter(({ verdict }) => verdict === 'unmet').map(({ id }) => id);
    expect(unmet).toEqual(['SU-1.3', 'SU-3-1', 'SU-3-2', 'SU-3-4', 'SU-3-6', 'AP-10', 'HB-3.1-7']);
  });
});
