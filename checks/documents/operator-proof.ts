import { z } from 'zod';
import type { Text, TextData } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { compact, excerpt, isFilled, statedIn, wordOf } from '../shared/paper-fields.ts';
import { type Backing, backingOf, type Paper, paperMessages, paperRemedies, papersOf } from '../shared/papers.ts';

const messages = {
  proven: {
    zh: '《{{title}}》由「{{operator}}」出具，{{kind}}；{{owner}}',
    en: '“{{title}}” is issued by “{{operator}}”, {{kind}}; {{owner}}',
  },
  noOperator: { zh: '没有登记《{{title}}》的出具运营商', en: 'the operator that issued “{{title}}” is not entered' },
  operatorUnclear: {
    zh: '《{{title}}》的出具单位「{{operator}}」不能确定为基础电信运营商本身，亦无其资质材料或者云服务的选择',
    en: '“{{title}}” is issued by “{{operator}}”: it cannot be told whether this is a national operator itself, and its licence or the choice on cloud services is not there',
  },
  licenceMissing: {
    zh: '「{{operator}}」不是基础电信运营商，未持有其资质材料（{{document}}）',
    en: '“{{operator}}” is no national operator, and its licence ({{document}}) is not held',
  },
  licenceUnknown: {
    zh: '「{{operator}}」不是基础电信运营商，其资质材料（{{document}}）没有有效证据',
    en: '“{{operator}}” is no national operator, and there is no evidence of its licence ({{document}})',
  },
  cloudNotChosen: {
    zh: '《{{title}}》没有选定是否涉及云服务，所载为「{{value}}」',
    en: '“{{title}}” does not choose whether cloud services are involved; it says “{{value}}”',
  },
  cloudNotEntered: {
    zh: '没有登记《{{title}}》是否涉及云服务',
    en: 'whether “{{title}}” says that cloud services are involved is not entered',
  },
  ownerUnknown: {
    zh: '没有登记《{{title}}》所载 IP 地址属于本单位还是关联公司',
    en: 'whether the addresses in “{{title}}” belong to the unit or a related company is not entered',
  },
  ownerOther: {
    zh: '《{{title}}》所载 IP 地址的所属单位「{{value}}」，不能确定为本单位或者关联公司',
    en: '“{{title}}”: the addresses belong to “{{value}}”, which cannot be told to be the unit or a related company',
  },
  relationMissing: {
    zh: '《{{title}}》所载 IP 地址属于关联公司，未持有关联关系证明（{{document}}）',
    en: 'the addresses in “{{title}}” belong to a related company, and no proof of the relation ({{document}}) is held',
  },
  relationUnknown: {
    zh: '《{{title}}》所载 IP 地址属于关联公司，关联关系证明（{{document}}）没有有效证据',
    en: 'the addresses in “{{title}}” belong to a related company, and there is no evidence of the proof of relation ({{document}})',
  },
  notExclusive: {
    zh: '《{{title}}》载明 IP 地址不是专属使用',
    en: '“{{title}}” says that the addresses are not exclusive',
  },
  exclusiveUnknown: {
    zh: '没有登记《{{title}}》是否载明专属使用，或者登记的不是“是”“否”',
    en: 'whether “{{title}}” says that use is exclusive is not entered, or not as 是 or 否',
  },
  ...paperMessages,
} as const satisfies Record<string, Text>;

type Says = keyof typeof messages;

const enter: Text = {
  zh: '对照证明，在该材料的 states.fields 中登记 operator、cloud、addressOwner、exclusive',
  en: 'enter operator, cloud, addressOwner and exclusive under states.fields of the paper',
};

const reissue: Text = { zh: '请运营商重新出具证明', en: 'have the operator issue the proof again' };

const licence: Text = {
  zh: '取得该运营商的 CNNIC 或者增值电信业务许可材料，并列入平台文件',
  en: 'obtain the operator’s CNNIC or value-added telecom paper, and list it in the platform file',
};

const relation: Text = {
  zh: '取得双方关联关系证明，并列入平台文件',
  en: 'obtain proof of the relation, and list it in the platform file',
};

/** A proof of fixed addresses has behind it what its kind of operator and its owner of addresses ask for. */
export const check = defineCheck({
  id: 'documents/operator-proof',
  title: { zh: '固定 IP 证明与运营商类别相符', en: 'The fixed-IP proof suits its operator' },
  about: {
    zh: '基础电信运营商出具的证明本身即可；其他运营商还须持有其资质材料并选定是否涉及云服务；地址属关联公司的，须持有关联关系证明；证明须载明专属使用。',
    en: 'A national operator’s proof stands alone; any other operator’s needs its licence and a choice on cloud services; addresses of a related company need proof of the relation; use must be exclusive.',
  },
  reads: ['documents'],
  parameters: z.strictObject({
    /** The id of the proof. */
    document: z.string(),
    /** Names of the national operators, as they stand in an operator's name. */
    national: z.array(z.string().min(1)).min(1).meta(stricter.fewer),
    /** The id of the other operators' licence. */
    licence: z.string(),
    /** The id of the proof that the owner of the addresses is related. */
    relation: z.string(),
  }),
  messages,
  remedies: {
    noOperator: enter,
    operatorUnclear: licence,
    licenceMissing: licence,
    licenceUnknown: licence,
    cloudNotChosen: reissue,
    cloudNotEntered: enter,
    ownerUnknown: enter,
    ownerOther: { zh: '写明“本单位”或者“关联公司”', en: 'say 本单位 or 关联公司' },
    relationMissing: relation,
    relationUnknown: relation,
    notExclusive: reissue,
    exclusiveUnknown: enter,
    ...paperRemedies,
  },

  judge({ documents }, parameters, asOf) {
    const { papers, shortfalls } = papersOf(documents, parameters.document);
    const given = {
      ...parameters,
      licence: { id: parameters.licence, ...backingOf(documents, parameters.licence, asOf) },
      relation: { id: parameters.relation, ...backingOf(documents, parameters.relation, asOf) },
    };
    return [...shortfalls, ...papers.flatMap((paper) => ofPaper(paper, given))];
  },
});

type Second = Backing & { readonly id: string };

type Given = { readonly national: readonly string[]; readonly licence: Second; readonly relation: Second };

/** Problems, or what a pass says and rests on besides the proof. */
type Answer = { readonly problems: readonly Finding<Says>[]; readonly note?: Text; readonly rests?: readonly Paper[] };

function ofPaper(paper: Paper, given: Given): Finding<Says>[] {
  const operator = ofOperator(paper, given);
  const owner = ofOwner(paper, given);
  const problems = [...operator.problems, ...owner.problems, ...ofExclusive(paper)];
  if (problems.length > 0 || !operator.note || !owner.note) return problems;
  const data = { title: paper.value.title, operator: shownIn(paper, 'operator') };
  return [
    met('proven', [paper, ...(operator.rests ?? []), ...(owner.rests ?? [])], {
      ...data,
      kind: operator.note,
      owner: owner.note,
    }),
  ];
}

function ofOperator(paper: Paper, { national, licence: paperOfLicence }: Given): Answer {
  const data = { title: paper.value.title, operator: shownIn(paper, 'operator') };
  const names = filled(paper, 'operator');
  if (names.length === 0) return { problems: [unproven('noOperator', paper, data)] };
  const kinds = names.flatMap((name) => kindsOf(name, national));
  if (kinds.length > 0 && kinds.every((kind) => kind === 'national'))
    return { problems: [], note: { zh: '属基础电信运营商', en: 'a national operator' } };
  const problems = [...ofLicence(paper, paperOfLicence, data), ...ofCloud(paper, data)];
  if (problems.length === 0)
    return { problems, note: { zh: '已持有其资质材料', en: 'whose licence is held' }, rests: paperOfLicence.papers };
  return {
    problems: kinds.length === 0 || kinds.includes('other') ? problems : [unproven('operatorUnclear', paper, data)],
  };
}

// 中国电信某某分公司, 某地移动 are the operator itself; 某某移动互联科技有限公司 only has a word in common with one.
function kindsOf(name: string, national: readonly string[]): ('national' | 'other' | 'unclear')[] {
  const parts = compact(name).split(/[、,;/+&和及与]/);
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const names = national.map(compact).filter((each) => part.includes(each));
      if (names.length === 0) return 'other';
      return names.some((each) => isItself(part, each)) ? 'national' : 'unclear';
    });
}

const mostBefore = 4;
const notItself = /非|代理|经销|授权|合作|转售|虚拟|二级/;

function isItself(part: string, name: string): boolean {
  if (notItself.test(part)) return false;
  if (part.startsWith(`中国${name}`) || (name.startsWith('中国') && part.startsWith(name))) return true;
  const [before = '', ...after] = part.split(name);
  return [...before].length <= mostBefore && /^(集团|分?公司|运营商)*$/.test(after.join(name));
}

function ofLicence(paper: Paper, { id, state, papers }: Second, data: TextData): Finding<Says>[] {
  if (state === 'held') return [];
  const more = { ...data, document: id };
  return state === 'missing'
    ? [unmet('licenceMissing', [paper, ...papers], more)]
    : [unproven('licenceUnknown', [paper, ...papers], more)];
}

function ofCloud(paper: Paper, data: TextData): Finding<Says>[] {
  const stated = statedIn(paper.value, 'cloud');
  if (stated.length === 0) return [unproven('cloudNotEntered', paper, data)];
  const isChosen = stated.map(wordOf).every((word) => word === '涉及' || word === '不涉及');
  return isChosen ? [] : [unmet('cloudNotChosen', paper, { ...data, value: shownIn(paper, 'cloud') })];
}

function ofOwner(paper: Paper, { relation: paperOfRelation }: Given): Answer {
  const data = { title: paper.value.title, value: shownIn(paper, 'addressOwner'), document: paperOfRelation.id };
  const [word] = filled(paper, 'addressOwner').map(wordOf);
  if (word === undefined) return { problems: [unproven('ownerUnknown', paper, data)] };
  if (word !== '本单位' && word !== '关联公司') return { problems: [unproven('ownerOther', paper, data)] };
  if (word === '本单位') return { problems: [], note: { zh: '地址属本单位', en: 'the addresses are the unit’s' } };
  const { state, papers } = paperOfRelation;
  const cites = [paper, ...papers] as const;
  if (state === 'missing') return { problems: [unmet('relationMissing', cites, data)] };
  if (state === 'unknown') return { problems: [unproven('relationUnknown', cites, data)] };
  return {
    problems: [],
    note: {
      zh: '地址属关联公司，已持有关联关系证明',
      en: 'the addresses are a related company’s, and the relation is proved',
    },
    rests: papers,
  };
}

function ofExclusive(paper: Paper): Finding<Says>[] {
  const [word] = filled(paper, 'exclusive').map(wordOf);
  const data = { title: paper.value.title };
  if (word === '否') return [unmet('notExclusive', paper, data)];
  return word === '是' ? [] : [unproven('exclusiveUnknown', paper, data)];
}

function filled(paper: Paper, key: string): string[] {
  return statedIn(paper.value, key).filter(isFilled);
}

function shownIn(paper: Paper, key: string): string {
  return statedIn(paper.value, key).map(excerpt).join(' / ');
}
