import { expect, test } from 'vitest';
import { check } from '../../../checks/documents/in-date.ts';
import type { FiledDocument } from '../../../src/evidence/filed/documents.ts';
import { testCheck } from '../../support/check-tester.ts';
import { day, defects, evidence, paper, text, unhashed } from '../../support/papers.ts';

const dated = (value: Partial<FiledDocument>) => [paper(value)];

const byLevel = { document: 'form', monthsBy: { fact: 'level', of: { '2': 24, '3': 12, '4': 6 } } };
const plain = { document: 'form' };
const lasting = { document: 'form', months: 12, through: 'validity-end' };
const atRisk = { document: 'form', months: 12, when: { fact: 'at-risk', in: ['是'] } };

testCheck(check, { document: 'form', months: 12 }, '2026-03-01', {
  met: {
    'dated today': { documents: dated({ date: '2026-03-01' }), says: 'inDate' },
    'a year old to the day': { documents: dated({ date: '2025-03-01' }) },
    'a leap day is followed by the last of February': { documents: dated({ date: '2024-02-29' }), asOf: '2025-02-28' },
    'the end of a month': {
      documents: dated({ date: '2025-08-31' }),
      parameters: { document: 'form', months: 6 },
      asOf: '2026-02-28',
    },
    'ends today': { documents: dated({ date: '2025-09-01', validUntil: '2026-03-01' }) },
    'valid from today': { documents: dated({ date: '2025-09-01', validFrom: '2026-03-01' }) },
    'only an end, where no age is asked': { parameters: plain, documents: dated({ validUntil: '2026-03-01' }) },
    'only a date, where no age is asked': {
      parameters: plain,
      documents: dated({ date: '2001-01-01' }),
      says: 'noEnd',
    },
    'level 2 has two years': {
      parameters: byLevel,
      facts: [text('level', '2')],
      documents: dated({ date: '2024-03-01' }),
    },
    'a level in full width': {
      parameters: byLevel,
      facts: [text('level', ' ３ ')],
      documents: dated({ date: '2025-03-01' }),
    },
    'the same level from two collections': {
      parameters: byLevel,
      facts: [text('level', '3'), text('level', '3')],
      documents: dated({ date: '2025-03-01' }),
    },
    'through a later day': {
      parameters: lasting,
      facts: [day('validity-end', '2026-12-20')],
      documents: dated({ date: '2025-12-20' }),
    },
    'through a day that is past': {
      parameters: lasting,
      facts: [day('validity-end', '2025-12-20')],
      documents: dated({ date: '2025-12-20' }),
    },
    'where it binds': { parameters: atRisk, facts: [text('at-risk', '是')], documents: dated({ date: '2025-03-01' }) },
  },
  unmet: {
    'a year and a day old': { documents: dated({ date: '2025-02-28' }), says: 'ended' },
    'a day after a leap day’s year': { documents: dated({ date: '2024-02-29' }), asOf: '2025-03-01' },
    'a day after six months from the 31st': {
      documents: dated({ date: '2025-08-31' }),
      parameters: { document: 'form', months: 6 },
      asOf: '2026-03-01',
    },
    'young enough, but ended yesterday': { documents: dated({ date: '2025-09-01', validUntil: '2026-02-28' }) },
    'ends far ahead, but too old': { documents: dated({ date: '2020-01-01', validUntil: '2030-01-01' }) },
    'ended, whatever its age': { documents: dated({ validUntil: '2026-02-28' }), says: 'ended' },
    'level 4 has half a year': {
      parameters: byLevel,
      facts: [text('level', '4')],
      documents: dated({ date: '2025-08-31' }),
    },
    'ended, whatever the level': { parameters: byLevel, documents: dated({ validUntil: '2026-02-28' }) },
    'ends a day too soon': {
      parameters: lasting,
      facts: [day('validity-end', '2026-12-20')],
      documents: dated({ date: '2025-12-19' }),
      says: 'endsBefore',
    },
    'one of two papers of the id': {
      documents: [paper({ date: '2025-09-01' }), paper({ date: '2024-09-01' })],
      says: ['inDate', 'ended'],
    },
  },
  unproven: {
    'neither date nor end': { documents: dated({}), says: 'noDates' },
    'neither, where no age is asked': { parameters: plain, documents: dated({ validFrom: '2025-01-01' }) },
    'an end far ahead does not say how old it is': { documents: dated({ validUntil: '2099-12-31' }), says: 'noDate' },
    'dated tomorrow': { documents: dated({ date: '2026-03-02' }), says: 'datedAhead' },
    'dated after its own end': { documents: dated({ date: '2026-03-02', validUntil: '2020-01-01' }) },
    'valid from tomorrow': { documents: dated({ date: '2026-01-01', validFrom: '2026-03-02' }), says: 'notYetValid' },
    'no level': { parameters: byLevel, documents: dated({ date: '2026-02-01' }), says: 'monthsUnknown' },
    'a level that is no text': {
      parameters: byLevel,
      facts: [day('level', '2026-01-01')],
      documents: dated({ date: '2026-02-01' }),
    },
    'two levels': {
      parameters: byLevel,
      facts: [text('level', '2'), text('level', '4')],
      documents: dated({ date: '2026-02-01' }),
    },
    'a level that no rule knows': {
      parameters: byLevel,
      facts: [text('level', '5')],
      documents: dated({ date: '2026-02-01' }),
      says: 'monthsOther',
    },
    'a level named like a property': {
      parameters: byLevel,
      facts: [text('level', 'constructor')],
      documents: dated({ date: '2026-02-01' }),
    },
    'no day to last until': { parameters: lasting, documents: dated({ date: '2026-02-01' }), says: 'throughUnknown' },
    'two days to last until': {
      parameters: lasting,
      facts: [day('validity-end', '2026-03-02'), day('validity-end', '2029-03-02')],
      documents: dated({ date: '2026-02-01' }),
    },
    'no end to compare': {
      parameters: { document: 'form', through: 'validity-end' },
      facts: [day('validity-end', '2026-12-20')],
      documents: dated({ date: '2025-12-20' }),
      says: 'endUnknown',
    },
    'no such paper': { documents: [paper({ id: 'other', date: '2026-01-01' })], says: 'noEvidence' },
    'not held': { documents: dated({ ...defects['not held'], date: '2026-01-01' }), says: 'paperUnusable' },
    'an empty file': { documents: dated({ ...defects.empty, date: '2026-01-01' }) },
    'text under the name of a PDF': { documents: dated({ ...defects.misnamed, date: '2026-01-01' }) },
    'an old paper that is no document': { documents: dated({ ...defects['no document'], date: '2001-01-01' }) },
    'no hash': { documents: [unhashed({ date: '2026-01-01' })] },
    'one of two papers is not held': {
      documents: [paper({ date: '2026-01-01' }), paper({ ...defects['not held'], date: '2026-01-01' })],
      says: ['inDate', 'paperUnusable'],
    },
    'whether it binds is unknown': {
      parameters: atRisk,
      documents: dated({ date: '2026-01-01' }),
      says: 'conditionUnknown',
    },
  },
  'not-applicable': {
    'it does not bind': {
      parameters: atRisk,
      facts: [text('at-risk', '否')],
      documents: dated({ date: '2001-01-01' }),
      says: 'doesNotBind',
    },
  },
});

test('the end of validity is the day something is due', () => {
  const documents = dated({ date: '2025-12-31', validUntil: '2026-06-30' });
  const [found] = check.judge(evidence({ documents }), { document: 'form', months: 12 }, '2026-03-01');
  expect(found).toMatchObject({ outcome: 'met', data: { due: '2026-06-30' } });
});

test('a pass by a declared level rests on that declaration too', () => {
  const level = text('level', '2');
  const form = paper({ date: '2024-06-01' });
  const [found] = check.judge(evidence({ documents: [form], facts: [level] }), byLevel, '2026-03-01');
  expect(found?.cites).toEqual([form.id, level.id]);
});

test.each([
  ['months and monthsBy', { document: 'form', months: 1, monthsBy: { fact: 'level', of: { '2': 1 } } }],
  ['no months by any value', { document: 'form', monthsBy: { fact: 'level', of: {} } }],
  ['no months', { document: 'form', months: 0 }],
])('refuses %s', (_, parameters) => {
  expect(check.parameters.safeParse(parameters).success).toBe(false);
});
