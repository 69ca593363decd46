import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Break, rowOf, testBreaks } from '../support/breaks.ts';
import { inClosing, inFact, inPaper } from '../support/changes.ts';
import { type Change, type Example, exampleOf } from '../support/example.ts';

// Nothing recorded proves nothing without a closing statement for just that; a figure is mere words without its paper.

const eventRows = ['AG-2.1-6', 'AG-2.1-8', 'AG-3.2-2', 'AG-3.2-5-3', 'AG-3.2-6-2', 'AG-3.2-6-3'];

const unclosed = (by: string, says: string, ...changes: Change[]): Break => ({
  row: 'SU-2.1-5',
  by: `nothing is recorded, and ${by}`,
  changes,
  check: 'ledgers/none-recorded',
  outcome: 'unproven',
  says,
  also: eventRows,
});

const ledgers: readonly Break[] = [
  unclosed('nobody closed the ledger', 'notClosed', inClosing('events', ' *closing: .*\\n', '')),
  unclosed(
    'it was closed for less',
    'closingOther',
    inClosing('events', 'from: [^,\\n]+, until', 'from: 2024-01-01, until'),
  ),
  unclosed('it was closed for one entry', 'closingOther', inClosing('events', 'entries: 0', 'entries: 1')),
  unclosed(
    'it was closed before its end',
    'closingDate',
    inClosing('events', 'signedOn: [^,]+', 'signedOn: 2026-10-20'),
  ),
  unclosed(
    'the closing names no paper',
    'closingNotShown',
    inClosing('events', 'document: ledger-closings', 'document: x'),
  ),
];

const unbacked = (by: string, ...changes: Change[]): Break => ({
  row: 'SU-2.1-3',
  by: `revenue is enough, and ${by}`,
  occasion: 'access',
  changes,
  check: '-',
  outcome: 'unproven',
  says: 'only-attested',
});

const statements = 'documents/25-年度财务报表.txt';

const figures: readonly Break[] = [
  unbacked('names no paper', inFact('revenue', ' *document: annual-statements\\n', '')),
  unbacked('its paper is not listed', inFact('revenue', 'document: annual-statements', 'document: others')),
  unbacked('its paper is not held', inPaper('annual-statements', 'file: .*\\n', 'held: false\n')),
  unbacked('its paper is not on disk', inPaper('annual-statements', 'file: .*\\n', 'file: 年报.txt\n')),
  unbacked('its paper is empty', { file: statements, from: /[\s\S]+/, to: '' }),
  unbacked('its paper is damaged', { file: statements, from: /[\s\S]+/, to: '\u0000\u0001' }),
];

describe('what never comes out met', () => {
  testBreaks('xiamen-self-use', [...ledgers, ...figures]);
});

describe('papers that all or much rests on', () => {
  let example: Example;
  beforeAll(async () => {
    example = await exampleOf('xiamen-self-use');
  });
  afterAll(() => example.remove());

  test('a figure is not met by text under the name of a PDF', async () => {
    await cp(join(example.folder, statements), join(example.folder, 'documents', 'misnamed.pdf'));
    const assessed = await example.assessed('access', [
      inPaper('annual-statements', 'file: .*\\n', 'file: misnamed.pdf\n'),
    ]);
    expect(rowOf(assessed, 'SU-2.1-3').verdict).toBe('unproven');
  });

  test('no ledger is met where the paper that closes them is not on disk', async () => {
    const gone = inPaper('ledger-closings', 'file: .*\\n', 'file: 结账.txt\n');
    const { requirements } = await example.assessed('renewal', [gone]);
    const met = requirements.flatMap(({ id, findings }) =>
      findings.filter(({ check, outcome }) => check.startsWith('ledgers/') && outcome === 'met').map(() => id),
    );
    expect(met).toEqual([]);
  });

  test('nothing signed is met where the signed paper is empty', async () => {
    const emptied = { file: 'documents/29-已签署声明.txt', from: /[\s\S]+/, to: '' };
    const { requirements } = await example.assessed('renewal', [emptied]);
    const signed = requirements.filter(({ attest, verdict }) => attest !== undefined && verdict === 'met');
    expect(signed.map(({ id }) => id)).toEqual([]);
  });
});
