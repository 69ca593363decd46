import { expect, test } from 'vitest';
import { check } from '../../../checks/documents/operator-proof.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { testCheck } from '../../support/check-tester.ts';
import { defects, evidence, paper, unhashed } from '../../support/papers.ts';

const national = ['移动', '电信', '联通', '广电'];
const parameters = { document: 'proof', national, licence: 'licence', relation: 'relation' };

const own = { addressOwner: '本单位', exclusive: '是' };
const proof = (fields: Record<string, string>, value: Partial<FiledDocument> = {}) =>
  paper({ id: 'proof', title: '固定IP专属使用证明', ...value }, { fields });
const telecom = (fields: Record<string, string> = {}) =>
  proof({ operator: '中国电信股份有限公司青岛分公司', ...own, ...fields });
const other = (fields: Record<string, string> = {}) =>
  proof({ operator: '某某网络服务有限公司', cloud: '不涉及', ...own, ...fields });
const licence = (value: Partial<FiledDocument> = {}) => paper({ id: 'licence', ...value });
const relation = (value: Partial<FiledDocument> = {}) => paper({ id: 'relation', ...value });

const issuedBy = (operator: string) => ({ documents: [telecom({ operator })] });

testCheck(check, parameters, '2026-03-01', {
  met: {
    'a national operator': { documents: [telecom()], says: 'proven' },
    'its local name': issuedBy('青岛移动'),
    'its company': issuedBy('山东联通公司'),
    'its bare name': issuedBy('广电'),
    'its name with blanks': issuedBy('中国 移动　通信集团山东有限公司'),
    'two of them': issuedBy('中国移动、中国联通'),
    'a bare yes': { documents: [telecom({ exclusive: 'true' })] },
    'another operator with its licence': { documents: [other(), licence()] },
    'another, with cloud services': { documents: [other({ cloud: '涉 及' }), licence()] },
    'a word in common, with a licence': {
      documents: [other({ operator: '某某移动互联科技有限公司' }), licence()],
    },
    'addresses of a related company': { documents: [telecom({ addressOwner: '关联公司' }), relation()] },
    'cloud left open where it is not asked': { documents: [telecom({ cloud: '涉及/不涉及' })] },
  },
  unmet: {
    'another operator without its licence': {
      documents: [other(), licence(defects['not held'])],
      says: 'licenceMissing',
    },
    'its licence is an empty file': { documents: [other(), licence(defects.empty)] },
    'its licence is no document': { documents: [other(), licence(defects['no document'])] },
    'one of two licences is not held': { documents: [other(), licence(), licence(defects['not held'])] },
    'cloud not chosen': { documents: [other({ cloud: '涉及/不涉及' }), licence()], says: 'cloudNotChosen' },
    'cloud left open': { documents: [other({ cloud: '____' }), licence()] },
    'cloud ticked both ways': { documents: [other({ cloud: '☑涉及 ☑不涉及' }), licence()] },
    'a related company’s addresses, relation not held': {
      documents: [telecom({ addressOwner: '关联公司' }), relation(defects['not held'])],
      says: 'relationMissing',
    },
    'its proof is a misnamed text': {
      documents: [telecom({ addressOwner: '关联公司' }), relation(defects.misnamed)],
    },
    'shared with others': { documents: [telecom({ exclusive: '否' })], says: 'notExclusive' },
    'a bare no': { documents: [telecom({ exclusive: 'false' })] },
    'a national operator beside another': {
      documents: [other({ operator: '中国移动、某某网络' }), licence(defects['not held'])],
    },
  },
  unproven: {
    'its licence has ended': { documents: [other(), licence({ validUntil: '2026-02-28' })], says: 'licenceUnknown' },
    'the proof of relation is dated ahead': {
      documents: [telecom({ addressOwner: '关联公司' }), relation({ date: '2026-03-02' })],
      says: 'relationUnknown',
    },
    'no operator': { documents: [proof(own)], says: 'noOperator' },
    'an operator left open': issuedBy('____'),
    'a sample of an operator': issuedBy('XX公司'),
    'nothing but separators': { ...issuedBy('和、与'), says: ['licenceUnknown', 'cloudNotEntered'] },
    'a word in common': { ...issuedBy('某某移动互联科技有限公司'), says: 'operatorUnclear' },
    'a word in common, near the front': issuedBy('北京电信通'),
    'a word in common, and no licence': {
      documents: [telecom({ operator: '北京电信通' }), licence(defects['not held'])],
    },
    'an agent of one': issuedBy('中国电信授权代理商'),
    'said not to be one': issuedBy('非电信运营商'),
    'another operator, its licence not listed': { documents: [other()], says: 'licenceUnknown' },
    'its licence has no hash': { documents: [other(), unhashed({ id: 'licence' })] },
    'cloud not entered': {
      documents: [proof({ operator: '某某网络', ...own }), licence()],
      says: 'cloudNotEntered',
    },
    'no owner': { documents: [proof({ operator: '中国电信', exclusive: '是' })], says: 'ownerUnknown' },
    'an owner left open': { documents: [telecom({ addressOwner: '□□□' })] },
    'another owner': { documents: [telecom({ addressOwner: '某某公司' })], says: 'ownerOther' },
    'both owners': { documents: [telecom({ addressOwner: '本单位、关联公司' })] },
    'a related company’s addresses, relation not listed': {
      documents: [telecom({ addressOwner: '关联公司' })],
      says: 'relationUnknown',
    },
    'exclusive not entered': {
      documents: [proof({ operator: '中国电信', addressOwner: '本单位' })],
      says: 'exclusiveUnknown',
    },
    'exclusive in other words': { documents: [telecom({ exclusive: '部分' })] },
    'no such paper': { documents: [licence()], says: 'noEvidence' },
    'the proof is not held': {
      documents: [proof({ operator: '中国电信', ...own }, defects['not held'])],
      says: 'paperUnusable',
    },
    'the proof is an empty file': { documents: [proof({ operator: '中国电信', exclusive: '否' }, defects.empty)] },
  },
});

test('a pass rests on the licence and the proof of relation too', () => {
  const documents = [other({ addressOwner: '关联公司' }), licence(), relation()];
  const [found] = check.judge(evidence({ documents }), parameters, '2026-03-01');
  expect(found?.cites).toEqual(documents.map(({ id }) => id));
});
