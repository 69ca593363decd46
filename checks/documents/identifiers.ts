import { z } from 'zod';
import { type FiledDocument, paperDefect } from '../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { creditCodeProblems, type IdentityProblem, isPort, type PhoneProblem } from '../../src/evidence/identifiers.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { addressProblems, rangeTitles } from '../../src/evidence/public-address.ts';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, unmet, unproven } from '../check.ts';
import { isFilled, isNone } from '../shared/paper-fields.ts';

const messages = {
  wellFormed: {
    zh: '《{{title}}》所载 {{count}} 项标识均符合编码规则',
    en: '“{{title}}”: all {{count}} identifiers are well-formed',
  },
  creditCodeLength: {
    zh: '统一社会信用代码 {{value}} 有 {{actual}} 位，应为 18 位（GB 32100-2015）',
    en: 'credit code {{value}} has {{actual}} characters; it must have 18 (GB 32100-2015)',
  },
  creditCodeCharacters: {
    zh: '统一社会信用代码 {{value}} 含数字和大写字母以外的字符 {{found}}',
    en: 'credit code {{value}} holds {{found}}, which is neither a digit nor a capital letter',
  },
  creditCodeExcludedLetters: {
    zh: '统一社会信用代码 {{value}} 含标准不使用的字母 {{found}}（GB 32100-2015 不用 I、O、S、V、Z）',
    en: 'credit code {{value}} holds {{found}}; GB 32100-2015 uses no I, O, S, V, Z',
  },
  creditCodeDivision: {
    zh: '统一社会信用代码 {{value}} 第 3—8 位为 {{found}}，应为 6 位数字的行政区划码',
    en: 'credit code {{value}}: positions 3 to 8 are {{found}}, and must be the six digits of an administrative division',
  },
  creditCodeOrganisationCheck: {
    zh: '统一社会信用代码 {{value}} 中主体标识码的校验码（第 17 位）为 {{actual}}，应为 {{expected}}（GB 11714）',
    en: 'credit code {{value}}: the organisation code’s check character (position 17) is {{actual}}, and must be {{expected}} (GB 11714)',
  },
  creditCodeCheckCharacter: {
    zh: '统一社会信用代码 {{value}} 的校验码（第 18 位）为 {{actual}}，应为 {{expected}}（GB 32100-2015）',
    en: 'credit code {{value}}: the check character (position 18) is {{actual}}, and must be {{expected}} (GB 32100-2015)',
  },
  disagree: {
    zh: '材料所载统一社会信用代码 {{value}} 与平台声明的 {{declared}} 不一致',
    en: 'the paper states credit code {{value}}, the platform declaration {{declared}}',
  },
  addressShape: { zh: '{{value}} 不是 IP 地址', en: '{{value}} is no IP address' },
  addressOctet: {
    zh: 'IP 地址 {{value}} 中 {{found}} 超过 255',
    en: 'IP address {{value}}: {{found}} is above 255',
  },
  addressLeadingZero: {
    zh: 'IP 地址 {{value}} 中 {{found}} 以 0 开头，含义不明确',
    en: 'IP address {{value}}: {{found}} begins with 0, and can be read in two ways',
  },
  addressNotPublic: {
    zh: 'IP 地址 {{value}} 属于{{range}}，不是公网地址',
    en: 'IP address {{value}} is {{range}}, not a public one',
  },
  portRange: { zh: '端口号 {{value}} 不在 1—65535 之内', en: 'port {{value}} is not between 1 and 65535' },
  phoneShape: {
    zh: '{{role}}的电话号码 {{value}} 不是手机、固定电话或 400/800 号码的形式',
    en: 'phone number {{value}} ({{role}}) has the form of no mobile, landline, 400 or 800 number',
  },
  phoneAreaCode: {
    zh: '{{role}}的固定电话 {{value}} 缺少区号，无法核对',
    en: 'landline {{value}} ({{role}}) lacks its area code and cannot be judged',
  },
  identityLength: {
    zh: '{{role}}的身份证号 {{value}} 不是 18 位（GB 11643-1999）',
    en: 'identity number {{value}} ({{role}}) does not have 18 characters (GB 11643-1999)',
  },
  identityCharacters: {
    zh: '{{role}}的身份证号 {{value}} 含数字（末位可为 X）以外的字符',
    en: 'identity number {{value}} ({{role}}) holds characters other than digits and a final X',
  },
  identityRegion: {
    zh: '{{role}}的身份证号 {{value}} 的地址码不存在',
    en: 'identity number {{value}} ({{role}}) names a region that cannot exist',
  },
  identityBirthDate: {
    zh: '{{role}}的身份证号 {{value}} 的出生日期不存在或尚未到来',
    en: 'identity number {{value}} ({{role}}) names a birth date that does not exist or is still to come',
  },
  identityCheckDigit: {
    zh: '{{role}}的身份证号 {{value}} 的校验码有误',
    en: 'identity number {{value}} ({{role}}) has a wrong check digit',
  },
  nothingStated: {
    zh: '《{{title}}》没有登记所载的代码、地址、端口、电话或证件号',
    en: 'no code, address, port, phone or identity number is entered for “{{title}}”',
  },
  noPaper: {
    zh: '《{{title}}》没有可打开的文件，其所载内容无从核对',
    en: 'there is no file of “{{title}}” that can be opened, so what it states cannot be judged',
  },
  noDeclaration: {
    zh: '缺少平台声明，无法核对代码是否一致',
    en: 'without the platform declaration the code cannot be compared',
  },
  noEvidence: {
    zh: '没有该材料的有效证据：平台文件未列出、未能读取或已过期',
    en: 'there is no valid evidence of this paper: it is not listed in the platform file, could not be read, or is too old',
  },
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const asStated: Text = {
  zh: '对照材料原件改正；填报有误的，须重新报送',
  en: 'correct it against the original, and file it anew if it was filed wrong',
};

/** Every code, address, port, phone and identity number that papers state can exist, and the code is the unit's own. */
export const check = defineCheck({
  id: 'documents/identifiers',
  title: { zh: '材料所载标识有效', en: 'Identifiers in papers are valid' },
  about: {
    zh: '按 GB 32100-2015、GB 11714、GB 11643-1999 和 IP 地址分配规则逐项核对材料所载的代码、证件号、地址、端口和电话；自然人的号码只以掩码出现。',
    en: 'Judges each code, identity number, address, port and phone that a paper states by GB 32100-2015, GB 11714, GB 11643-1999 and the address registries; numbers of persons are shown masked only.',
  },
  reads: ['documents', 'platform'],
  parameters: z.strictObject({
    /** Ids of the papers. */
    documents: z.array(z.string()).min(1),
  }),
  messages,
  remedies: {
    creditCodeLength: asStated,
    creditCodeCharacters: asStated,
    creditCodeExcludedLetters: asStated,
    creditCodeDivision: asStated,
    creditCodeOrganisationCheck: asStated,
    creditCodeCheckCharacter: asStated,
    disagree: asStated,
    addressShape: asStated,
    addressOctet: asStated,
    addressLeadingZero: asStated,
    addressNotPublic: {
      zh: '备案运营商分配的公网固定地址',
      en: 'file the public fixed address that the operator assigned',
    },
    portRange: asStated,
    phoneShape: asStated,
    phoneAreaCode: { zh: '补充区号', en: 'add the area code' },
    identityLength: asStated,
    identityCharacters: asStated,
    identityRegion: asStated,
    identityBirthDate: asStated,
    identityCheckDigit: asStated,
    nothingStated: {
      zh: '在平台文件该材料的 states 中登记所载内容',
      en: 'enter what it says under its states in the platform file',
    },
  },

  judge({ documents, platform }, parameters) {
    return parameters.documents.flatMap((id) => {
      const papers = documents.filter((paper) => paper.value.id === id);
      if (papers.length === 0) return [unproven<Says>('noEvidence', [], {}, id)];
      return papers.flatMap((paper) => [...ofPaper(paper), ...agreementOf(paper, platform[0])]);
    });
  },
});

function ofPaper(paper: Seen<FiledDocument>): Finding<Says>[] {
  const { title, states } = paper.value;
  if (paperDefect(paper.value)) return [unproven('noPaper', paper, { title })];
  const { addresses, ports, phones, identities } = states;
  const count = addresses.length + ports.length + phones.length + identities.length + creditCodesIn(states).length;
  if (count === 0) return [unproven('nothingStated', paper, { title })];
  const problems = problemsIn(states);
  if (problems.length === 0) return [met('wellFormed', paper, { title, count })];
  // A local number may be right: only its area code is not known.
  return problems.map(({ says, data }) => (says === 'phoneAreaCode' ? unproven : unmet)(says, paper, data));
}

function agreementOf(paper: Seen<FiledDocument>, platform: Seen<PlatformDeclaration> | undefined): Finding<Says>[] {
  const value = paper.value.states.creditCode;
  if (value === undefined || paperDefect(paper.value)) return [];
  if (!platform) return [unproven('noDeclaration', paper)];
  const declared = platform.value.unit.creditCode;
  return value === declared ? [] : [unmet('disagree', [paper, platform], { value, declared })];
}

type Problem = { readonly says: Says; readonly data: TextData };

// The unit's own, and that of the unit that is authorised to build or manage.
function creditCodesIn({ creditCode, fields }: FiledDocument['states']): string[] {
  const authorised = fields?.authorisedCode ?? '';
  return [
    ...(creditCode === undefined ? [] : [creditCode]),
    ...(isFilled(authorised) && !isNone(authorised) ? [authorised] : []),
  ];
}

function problemsIn(states: FiledDocument['states']): Problem[] {
  const { addresses, ports, phones, identities } = states;
  return [
    ...creditCodesIn(states).flatMap(ofCreditCode),
    ...addresses.flatMap(({ address }) => ofAddress(address)),
    ...ports.flatMap(({ port }) => (isPort(port) ? [] : [{ says: 'portRange' as const, data: { value: port } }])),
    ...phones.flatMap(({ role, masked, problems }) =>
      problems.map((code) => ({ says: phoneSays[code], data: { role, value: masked } })),
    ),
    ...identities.flatMap(({ role, masked, problems }) =>
      problems.map((code) => ({ says: identitySays[code], data: { role, value: masked } })),
    ),
  ];
}

function ofCreditCode(value: string): Problem[] {
  return creditCodeProblems(value).map(({ code, ...data }) => ({ says: code, data: { value, ...data } }));
}

function ofAddress(value: string): Problem[] {
  return addressProblems(value).map((problem) => {
    if (problem.code === 'addressNotPublic')
      return { says: problem.code, data: { value, range: rangeTitles[problem.range] } };
    const { code, ...data } = problem;
    return { says: code, data: { value, ...data } };
  });
}

const phoneSays = { shape: 'phoneShape', 'area-code': 'phoneAreaCode' } as const satisfies Record<PhoneProblem, Says>;

const identitySays = {
  length: 'identityLength',
  characters: 'identityCharacters',
  region: 'identityRegion',
  'birth-date': 'identityBirthDate',
  'check-digit': 'identityCheckDigit',
} as const satisfies Record<IdentityProblem, Says>;
