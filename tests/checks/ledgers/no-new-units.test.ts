import { check } from '../../../checks/ledgers/no-new-units.ts';
import type { Fact } from '../../../src/evidence/filed/facts.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const fact = (value: Fact['value'], name = 'exit-announced') =>
  seen('facts', { name, value, declared: '-', document: { id: 'notice', sha256: 'a'.repeat(64) } }, { subject: name });

const exit = [fact({ type: 'date', date: '2025-12-01' })];

const unit = (joinedOn: string, changes: Record<string, string> = {}) => ({
  name: '甲公司',
  creditCode: joinedOn,
  joinedOn,
  ...changes,
});

const using = (rows: ReturnType<typeof unit>[], changes?: Changes) => ({
  platform,
  facts: exit,
  ledgers: [register('using-units', rows, changes)],
});

testCheck(check, { after: 'exit-announced' }, '2026-03-15', {
  met: {
    'all joined long before': { ...using([unit('2024-05-06')]), says: 'noneJoined' },
    'one joined on that very day': using([unit('2025-12-01')]),
    'a ledger that begins on that day': using([], { from: '2025-12-01' }),
    'one that is to join after the as-of date': using([unit('2026-03-16')]),
  },
  unmet: {
    'one joined the day after': { ...using([unit('2024-05-06'), unit('2025-12-02')]), says: 'joinedAfter' },
    'one joined, and left again': using([unit('2026-01-05', { leftOn: '2026-01-31' })]),
    'one joined on the as-of date, and nobody closed the ledger': {
      ...using([unit('2026-03-15')], { closing: false }),
      says: ['joinedAfter', 'notClosed'],
    },
  },
  unproven: {
    ...shortfalls((changes) => using([unit('2024-05-06')], changes)),
    'a unit without a date': { ...using([unit('2024-05-06'), unit('')]), says: 'joinedUnknown' },
    'the ledger ends on that day': {
      ...using([unit('2024-05-06')]),
      facts: [fact({ type: 'date', date: '2026-02-28' })],
      says: 'endsBefore',
    },
    'no such fact': { ...using([unit('2024-05-06')]), facts: [fact({ type: 'date', date: '2020-01-01' }, 'other')] },
    'a text for a date': {
      ...using([unit('2024-05-06')]),
      facts: [fact({ type: 'text', text: '2025-12-01' })],
      says: 'notADate',
    },
    'announced today': {
      ...using([unit('2024-05-06')]),
      facts: [fact({ type: 'date', date: '2026-03-15' })],
      says: 'dateAhead',
    },
    'no fact at all': { ...using([]), facts: [], says: 'noEvidence' },
    'announced on two days': {
      ...using([unit('2025-12-05')]),
      facts: [fact({ type: 'date', date: '2025-12-10' }), ...exit],
      says: 'differing',
    },
    'no ledger': { platform, facts: exit, says: 'noLedger' },
  },
});
