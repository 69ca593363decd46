import { check } from '../../../checks/documents/present.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const paper = (value: Partial<FiledDocument>) =>
  seen(
    'documents',
    {
      id: 'commitment-letter',
      title: '承诺书',
      file: '承诺书.pdf',
      held: true,
      bytes: 48_213,
      mediaType: 'application/pdf',
      sha256: 'a'.repeat(64),
      sm3: 'b'.repeat(64),
      states: { addresses: [], ports: [], phones: [], identities: [] },
      ...value,
    },
    { subject: value.id ?? 'commitment-letter' },
  );

const { file: _, sha256: __, sm3: ___, ...unheld } = paper({}).value;

testCheck(check, { document: 'commitment-letter' }, '2026-03-01', {
  met: {
    'a PDF': { documents: [paper({})], says: 'held' },
    'a scan': { documents: [paper({ file: '承诺书.PNG', mediaType: 'image/png' })] },
    'a text under its own name': { documents: [paper({ file: '说明.txt', mediaType: 'text/plain' })] },
    'of the format that is asked': {
      documents: [paper({})],
      parameters: { document: 'commitment-letter', mediaTypes: ['application/ofd', 'application/pdf'] },
    },
    'no longer valid, which is another check’s concern': { documents: [paper({ validUntil: '2025-12-31' })] },
    'another paper is not held': {
      documents: [
        paper({}),
        seen('documents', { ...unheld, id: 'other', held: false, bytes: 0, mediaType: 'unknown' }),
      ],
    },
  },
  unmet: {
    'declared as not held': {
      documents: [seen('documents', { ...unheld, held: false, bytes: 0, mediaType: 'unknown' })],
      says: 'notHeld',
    },
    'an empty file': { documents: [paper({ bytes: 0, mediaType: 'unknown' })], says: 'empty' },
    'content of no known kind': { documents: [paper({ mediaType: 'unknown' })], says: 'noDocument' },
    'text under the name of a PDF': { documents: [paper({ mediaType: 'text/plain' })], says: 'misnamed' },
    'of another format than asked': {
      documents: [paper({ mediaType: 'image/png' })],
      parameters: { document: 'commitment-letter', mediaTypes: ['application/ofd', 'application/pdf'] },
      says: 'otherType',
    },
  },
  unproven: {
    'no such paper': { documents: [paper({ id: 'other' })], says: 'noEvidence' },
    'no hash': {
      documents: [seen('documents', { ...unheld, file: '承诺书.pdf' })],
      says: 'noHash',
    },
  },
});
