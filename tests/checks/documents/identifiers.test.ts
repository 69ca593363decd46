import { check } from '../../../checks/documents/identifiers.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const ownCode = '91350100M000100Y43';

const declaration = (creditCode = ownCode) =>
  seen('platform', {
    name: '发票管理系统',
    mode: 'self-use',
    since: '2023-12-28',
    timeZone: 'Asia/Shanghai',
    unit: { name: '某某技术有限公司', creditCode },
    hosts: [],
    endpoints: [],
    stores: [],
    administrators: [],
    agents: [],
  });

const paper = (states: Partial<FiledDocument['states']>, value: Partial<FiledDocument> = {}) =>
  seen(
    'documents',
    {
      id: 'address-filing',
      title: '网络地址备案表',
      file: '备案表.pdf',
      held: true,
      bytes: 1024,
      mediaType: 'application/pdf',
      sha256: 'a'.repeat(64),
      states: { addresses: [], ports: [], phones: [], identities: [], ...states },
      ...value,
    },
    { subject: value.id ?? 'address-filing' },
  );

const address = (text: string) => ({ addresses: [{ address: text, environment: 'production' as const }] });
const port = (number: number) => ({ ports: [{ port: number, protocol: 'https', direction: 'outbound' as const }] });

const identity = (...problems: FiledDocument['states']['identities'][number]['problems']) => ({
  identities: [
    { role: '法定代表人', valid: problems.length === 0, problems, masked: '3****************1', hash: 'c'.repeat(64) },
  ],
});

const phone = (...problems: FiledDocument['states']['phones'][number]['problems']) => ({
  phones: [{ role: '联系人', valid: problems.length === 0, problems, masked: '100******56' }],
});

const platform = [declaration()];

testCheck(check, { documents: ['address-filing'] }, '2026-03-01', {
  met: {
    'all that a filing states': {
      platform,
      documents: [paper({ creditCode: ownCode, ...address('223.5.5.5'), ...port(8888), ...identity(), ...phone() })],
      says: 'wellFormed',
    },
    'an authorised unit, and a field that says there is none': {
      platform,
      documents: [
        paper({ creditCode: ownCode, fields: { authorisedCode: '91350203MA2YEXM32D' } }),
        paper({ creditCode: ownCode, fields: { authorisedCode: '无' } }),
      ],
      says: 'wellFormed',
    },
    'an address alone, without the declaration': { documents: [paper(address('2408:8000::1'))] },
    'wrong numbers in a paper that is not asked about': {
      platform,
      documents: [paper(address('223.5.5.5')), paper(address('10.0.0.1'), { id: 'other' })],
    },
  },
  unmet: {
    'the sample’s unit: letters in the division, both check characters': {
      platform: [declaration('9161252LQ1136652JR')],
      documents: [paper({ creditCode: '9161252LQ1136652JR' })],
      says: ['creditCodeDivision', 'creditCodeOrganisationCheck', 'creditCodeCheckCharacter'],
    },
    'the sample’s builder, as the form names it': {
      platform,
      documents: [paper({ creditCode: ownCode, fields: { authorisedCode: '916155ZL22511194LQ' } })],
      says: ['creditCodeExcludedLetters', 'creditCodeDivision', 'creditCodeOrganisationCheck'],
    },
    'the sample’s builder: a letter that the standard excludes': {
      platform: [declaration('916155ZL22511194LQ')],
      documents: [paper({ creditCode: '916155ZL22511194LQ' })],
      says: ['creditCodeExcludedLetters', 'creditCodeDivision', 'creditCodeOrganisationCheck'],
    },
    'a code of 17 characters, one of them small': {
      platform: [declaration('91350100m000100Y4')],
      documents: [paper({ creditCode: '91350100m000100Y4' })],
      says: ['creditCodeLength', 'creditCodeCharacters'],
    },
    'a good code, but another unit’s': {
      platform,
      documents: [paper({ creditCode: '91110000802100433B' })],
      says: ['wellFormed', 'disagree'],
    },
    'the sample’s address: octet and private range': {
      platform,
      documents: [paper(address('10.90.661.910'))],
      says: ['addressOctet', 'addressNotPublic'],
    },
    'an address with a leading zero': { documents: [paper(address('223.05.5.5'))], says: 'addressLeadingZero' },
    'a name for an address': { documents: [paper(address('待定'))], says: 'addressShape' },
    'port 0': { documents: [paper(port(0))], says: 'portRange' },
    'the sample’s phone number': { documents: [paper(phone('shape'))], says: 'phoneShape' },
    'the sample’s identity number': {
      documents: [paper(identity('region', 'birth-date', 'check-digit'))],
      says: ['identityRegion', 'identityBirthDate', 'identityCheckDigit'],
    },
    'an identity number of 15 characters with letters': {
      documents: [paper(identity('length', 'characters'))],
      says: ['identityLength', 'identityCharacters'],
    },
    'one good paper and one bad': {
      parameters: { documents: ['address-filing', 'proof'] },
      documents: [paper(address('223.5.5.5')), paper(address('192.168.1.1'), { id: 'proof' })],
      says: ['wellFormed', 'addressNotPublic'],
    },
  },
  unproven: {
    'no code but a field that says there is none': {
      documents: [paper({ fields: { authorisedCode: '无' } })],
      says: 'nothingStated',
    },
    'nothing stated': { platform, documents: [paper({ unitName: '某某技术有限公司' })], says: 'nothingStated' },
    'the paper is not held': {
      platform,
      documents: [paper({ creditCode: ownCode }, { held: false, bytes: 0, mediaType: 'unknown' })],
      says: 'noPaper',
    },
    'the paper is an empty file': {
      platform,
      documents: [paper(address('10.0.0.1'), { bytes: 0, mediaType: 'unknown' })],
      says: 'noPaper',
    },
    'no such paper': { platform, documents: [], says: 'noEvidence' },
    'one of two papers is missing': {
      platform,
      parameters: { documents: ['address-filing', 'proof'] },
      documents: [paper(address('223.5.5.5'))],
      says: ['wellFormed', 'noEvidence'],
    },
    'no declaration to compare with': { documents: [paper({ creditCode: ownCode })], says: 'noDeclaration' },
    'a landline without its area code': { documents: [paper(phone('area-code'))], says: 'phoneAreaCode' },
  },
});
