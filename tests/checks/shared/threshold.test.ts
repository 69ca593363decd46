import { describe, expect, test } from 'vitest';
import { check } from '../../../checks/figures/at-least.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen } from '../../support/check-tester.ts';

const fact = (name: string, value: Fact['value']) => seen('facts', { name, value, declared: '-' }, { subject: name });

const whole: FiledDocument = {
  id: 'relief-paper',
  title: '核定书',
  file: 'relief.pdf',
  held: true,
  bytes: 1000,
  mediaType: 'application/pdf',
  sha256: 'b'.repeat(64),
  states: { addresses: [], ports: [], phones: [], identities: [], fields: { trade: '30000000' } },
};
const { sha256: _, ...unhashed } = whole;

const stating = (trade: string): FiledDocument => ({ ...whole, states: { ...whole.states, fields: { trade } } });

// 30 million yuan, where 50 are asked in general.
const findingWith = (paper: FiledDocument, unit: '元' | '张' = '元') =>
  check.judge(
    {
      facts: [
        fact('trade', { type: 'amount', unit, amount: '30000000' }),
        fact('livelihood', { type: 'text', text: ' 是' }),
      ],
      documents: [seen('documents', paper, { subject: paper.id })],
    } as unknown as Parameters<typeof check.judge>[0],
    check.parameters.parse({
      fact: 'trade',
      amount: '50000000',
      unit,
      relief: { fact: 'livelihood', in: ['是'], document: 'relief-paper' },
    }),
    '2026-03-15',
  )[0];

describe('a granted threshold', () => {
  test.each([
    ['as the paper is', whole],
    ['on a paper of the as-of date', { ...whole, date: '2026-03-15', validFrom: '2026-03-15' }],
    ['on the last day of its validity', { ...whole, validUntil: '2026-03-15' }],
    ['with separators', stating('30,000,000.00')],
    ['in full width', stating('３００')],
  ])('holds %s', (_, paper) => {
    expect(findingWith(paper)).toMatchObject({ outcome: 'met', says: 'reachedRelieved' });
  });

  test.each([
    ['not held', { ...whole, held: false }],
    ['empty', { ...whole, bytes: 0 }],
    ['of unknown content', { ...whole, mediaType: 'unknown' }],
    ['plain text under another name', { ...whole, mediaType: 'text/plain' }],
    ['without a hash', unhashed],
    ['dated ahead', { ...whole, date: '2026-03-16' }],
    ['valid from tomorrow', { ...whole, validFrom: '2026-03-16' }],
    ['valid until yesterday', { ...whole, validUntil: '2026-03-14' }],
  ])('does not hold on a paper that is %s', (_, paper) => {
    expect(findingWith(paper)).toMatchObject({ outcome: 'unmet', says: 'notRelieved' });
  });

  test.each(['三千万元', '3000万元', ' ', '0', '-1', '1e1', '+1', '0x1', 'NaN', '50000000', '1'.repeat(100_000)])(
    'does not hold if the paper states %.20s',
    (stated) => {
      expect(findingWith(stating(stated))).toMatchObject({ outcome: 'unmet', says: 'notRelieved' });
    },
  );

  test('does not hold if it is stated of another figure', () => {
    const paper = { ...whole, states: { ...whole.states, fields: { revenue: '30000000' } } };
    expect(findingWith(paper)).toMatchObject({ outcome: 'unmet', says: 'notRelieved' });
  });

  test('of a count is whole', () => {
    expect(findingWith(stating('29999999.5'), '张')).toMatchObject({ outcome: 'unmet', says: 'notRelieved' });
    expect(findingWith(stating('29999999'), '张')).toMatchObject({ outcome: 'met' });
  });
});
