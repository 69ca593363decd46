import { expect, test } from 'vitest';
import { check } from '../../../checks/documents/present.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { testCheck } from '../../support/check-tester.ts';
import { defects, paper as paperOf, text, unhashed } from '../../support/papers.ts';

const paper = (value: Partial<FiledDocument> = {}) =>
  paperOf({ id: 'commitment-letter', title: '承诺书', file: '承诺书.pdf', ...value });

const copyright = (value: Partial<FiledDocument> = {}) => paperOf({ id: 'copyright', ...value });
const explanation = (value: Partial<FiledDocument> = {}) => paperOf({ id: 'explanation', ...value });

const either = { anyOf: ['copyright', 'explanation'] };
const afterOrder = { document: 'commitment-letter', when: { fact: 'ordered-exit', in: ['是'] } };

testCheck(check, { document: 'commitment-letter' }, '2026-03-01', {
  met: {
    'a PDF': { documents: [paper()], says: 'held' },
    'a scan': { documents: [paper({ file: '承诺书.PNG', mediaType: 'image/png' })] },
    'a text under its own name': { documents: [paper({ file: '说明.txt', mediaType: 'text/plain' })] },
    'of the format that is asked': {
      documents: [paper()],
      parameters: { document: 'commitment-letter', mediaTypes: ['application/ofd', 'application/pdf'] },
    },
    'on the last day that it states': { documents: [paper({ date: '2026-03-01', validUntil: '2026-03-01' })] },
    'one of several ended': { parameters: either, documents: [copyright({ validUntil: '2026-02-28' }), explanation()] },
    'another paper is not held': { documents: [paper(), paper({ id: 'other', ...defects['not held'] })] },
    'the first of several': { parameters: either, documents: [copyright()] },
    'the second of several, the first not held': {
      parameters: either,
      documents: [copyright(defects['not held']), explanation()],
      says: 'held',
    },
    'all of several': { parameters: either, documents: [copyright(), explanation()] },
    'one of several in the format that is asked': {
      parameters: { ...either, mediaTypes: ['application/pdf'] },
      documents: [copyright({ mediaType: 'image/png' }), explanation()],
    },
    'where it binds': { parameters: afterOrder, facts: [text('ordered-exit', '是')], documents: [paper()] },
  },
  unmet: {
    'declared as not held': { documents: [paper(defects['not held'])], says: 'notHeld' },
    'an empty file': { documents: [paper(defects.empty)], says: 'empty' },
    'content of no known kind': { documents: [paper(defects['no document'])], says: 'noDocument' },
    'text under the name of a PDF': { documents: [paper(defects.misnamed)], says: 'misnamed' },
    'of another format than asked': {
      documents: [paper({ mediaType: 'image/png' })],
      parameters: { document: 'commitment-letter', mediaTypes: ['application/ofd', 'application/pdf'] },
      says: 'otherType',
    },
    'none of several is a paper': {
      parameters: either,
      documents: [copyright(defects['not held']), explanation(defects.empty)],
      says: ['notHeld', 'empty'],
    },
    'one not held, the other not listed': {
      parameters: either,
      documents: [copyright(defects['not held'])],
      says: ['notHeld', 'noEvidence'],
    },
    'the same paper twice, once damaged': {
      parameters: either,
      documents: [copyright(), copyright(defects['no document'])],
      says: ['held', 'noDocument', 'noEvidence'],
    },
    'not held where it binds': {
      parameters: afterOrder,
      facts: [text('ordered-exit', '是')],
      documents: [paper(defects['not held'])],
    },
  },
  unproven: {
    'ended by what it states itself': { documents: [paper({ validUntil: '2026-02-28' })], says: 'ended' },
    'not yet valid': { documents: [paper({ validFrom: '2026-03-02' })], says: 'ahead' },
    'dated after the as-of date': { documents: [paper({ date: '2026-03-02' })], says: 'ahead' },
    'no such paper': { documents: [paper({ id: 'other' })], says: 'noEvidence' },
    'no hash': { documents: [unhashed({ id: 'commitment-letter' })], says: 'noHash' },
    'none of several is listed': { parameters: either, documents: [paper()], says: 'noEvidence' },
    'one of several, without a hash': { parameters: either, documents: [unhashed({ id: 'copyright' })] },
    'whether it binds is unknown': { parameters: afterOrder, documents: [paper()], says: 'conditionUnknown' },
  },
  'not-applicable': {
    'it does not bind': { parameters: afterOrder, facts: [text('ordered-exit', '否')], says: 'doesNotBind' },
  },
});

test.each([
  ['neither document nor anyOf', {}],
  ['both', { document: 'a', anyOf: ['b'] }],
  ['none of several', { anyOf: [] }],
])('refuses %s', (_, parameters) => {
  expect(check.parameters.safeParse(parameters).success).toBe(false);
});
