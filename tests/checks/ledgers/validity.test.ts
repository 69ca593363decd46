import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/validity.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

const capability = (changes: Record<string, string> = {}) => ({
  name: '数电票开具',
  testedOn: '2024-03-01',
  approvedOn: '2024-03-10',
  validUntil: '2026-12-31',
  stoppedOn: '',
  ...changes,
});

const using = (rows: ReturnType<typeof capability>[], changes?: Changes) => ({
  platform,
  ledgers: [register('capabilities', rows, changes)],
});

const unproved = { testedOn: '', approvedOn: '', validUntil: '' };

testCheck(check, {}, '2026-03-15', {
  met: {
    'tested, approved and valid': { ...using([capability()]), says: 'allValid' },
    'approved on the day of the test, valid on its last day': using([
      capability({ approvedOn: '2024-03-01', validUntil: '2026-03-15' }),
    ]),
    'one that was stopped is not judged': using([capability(), capability({ ...unproved, stoppedOn: '2026-03-15' })]),
    'one that will be stopped': using([capability({ stoppedOn: '2026-03-16' })]),
  },
  unmet: {
    'ended the day before': { ...using([capability({ validUntil: '2026-03-14' })]), says: 'ended' },
    'one of many ended': using([capability(), capability({ validUntil: '2025-12-31' })]),
    'no test report': { ...using([capability({ testedOn: '' })]), says: 'noTest' },
    'no approval': { ...using([capability({ approvedOn: '' })]), says: 'notApproved' },
    'approved before the test': { ...using([capability({ approvedOn: '2024-02-29' })]), says: 'approvedUntested' },
    'to be stopped after the as-of date, and already ended': using([
      capability({ validUntil: '2026-01-31', stoppedOn: '2026-03-16' }),
    ]),
    'stopped, approved again and ended': using([
      capability({ stoppedOn: '2024-01-01', approvedOn: '2024-03-10', validUntil: '2025-01-01' }),
    ]),
    'ended by an open ledger': {
      ...using([capability({ validUntil: '2020-01-01' })], { closing: false }),
      says: ['ended', 'notClosed'],
    },
    'the same name twice, one of them ended': using([capability({ validUntil: '2026-01-01' }), capability()]),
  },
  unproven: {
    ...shortfalls((changes) => using([capability()], changes)),
    'no end of validity': { ...using([capability(), capability({ validUntil: '' })]), says: 'endUnknown' },
    'approval dated ahead': { ...using([capability({ approvedOn: '2026-03-16' })]), says: 'dateAhead' },
    'test and approval dated ahead': using([capability({ testedOn: '2026-04-01', approvedOn: '2026-04-02' })]),
    'no capabilities': { ...using([]), says: 'noCapabilities' },
    'all of them stopped': { ...using([capability({ stoppedOn: '2025-01-01' })]), says: 'noCapabilities' },
    'another ledger only': { platform, ledgers: [register('grants', [])], says: 'noLedger' },
  },
});

test('the earliest end is what is due', () => {
  const evidence = using([capability(), capability({ validUntil: '2026-05-31' }), capability()]);
  const findings = check.judge(
    evidence as unknown as Parameters<typeof check.judge>[0],
    { ledger: 'capabilities' },
    '2026-03-15',
  );
  expect(findings.map(({ data }) => data.due)).toEqual(['2026-05-31']);
});
