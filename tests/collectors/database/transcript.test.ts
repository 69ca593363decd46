import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fieldOf } from '../../../src/collectors/database/carried/clients.ts';
import { countsFrom } from '../../../src/collectors/database/carried/counted.ts';
import { offsetOf, signed } from '../../../src/collectors/database/carried/server-script.ts';
import { readTranscript, TranscriptFault } from '../../../src/collectors/database/carried/transcript.ts';
import type { CatalogueTable } from '../../../src/collectors/database/records/catalogue-table.ts';

const run = 'LEQI2|0123456789abcdef';
const sealed = (rest: string): string => {
  const line = `${run}|${rest}`;
  return `${line}|${createHash('md5').update(line).digest('hex')}`;
};
const faultOf = (...lines: string[]): string => {
  try {
    readTranscript(lines.join('\n'), run);
    return 'read';
  } catch (error) {
    if (error instanceof TranscriptFault) return error.fault;
    throw error;
  }
};

test('rows are read by statement, with what was escaped; a refusal by its code', () => {
  const lines = ['noise', sealed('row|0|a%7Cb%25%0A|%N|'), sealed('done|0|1|00000|0'), sealed('done|1|0|42000|1142')];
  const { answers } = readTranscript([...lines, `${run}|end|2`].join('\n'), run);
  expect(answers.get(0)).toMatchObject({ rows: [['a|b%\n', null, '']], count: 1 });
  expect(answers.get(1)?.refused).toMatchObject({ reason: 'denied', message: 'ER_TABLEACCESS_DENIED_ERROR' });
});

test.each<[string, string[], string]>([
  ['no end', [sealed('done|0|0|00000|0')], 'cut'],
  ['a statement that does not end', [sealed('row|0|a'), `${run}|end|1`], 'cut'],
  ['a row after its end', [sealed('done|0|0|00000|0'), sealed('row|0|a'), `${run}|end|1`], 'disorder'],
  ['two ends of a statement', [sealed('done|0|0|00000|0'), sealed('done|0|0|00000|0'), `${run}|end|1`], 'disorder'],
  ['a line after the last', [`${run}|end|0`, sealed('done|0|0|00000|0')], 'disorder'],
  ['a number that is none', [sealed('row|x|a'), `${run}|end|1`], 'disorder'],
  ['a number beyond all', [sealed('row|9999999999|a'), `${run}|end|1`], 'disorder'],
  ['an escape that is none', [sealed('row|0|%ZZ'), `${run}|end|1`], 'disorder'],
  ['a line of another kind', [`${run}|other|1`], 'disorder'],
  ['nothing but the mark', [`${run}|`], 'disorder'],
  ['a row without a checksum', [`${run}|row|0`], 'sums'],
  ['a state that is none', [sealed('done|0|1|:SQLSTATE|0')], 'disorder'],
])('%s is refused', (_, lines, fault) => {
  expect(faultOf(...lines)).toBe(fault);
});

test('fields', () => {
  expect(['%N', '', '%25N', '%5C%09%0D', '%', '%2'].map(fieldOf)).toEqual([
    null,
    '',
    '%N',
    '\\\t\r',
    undefined,
    undefined,
  ]);
});

describe('what was counted', () => {
  const table = (family: CatalogueTable['time']['family'], rows = 9): CatalogueTable => ({
    ...{ schema: 's', name: 't', place: '', rows, bytes: 0, visible: 0, partitions: [], relatives: [], definition: '' },
    time: { name: 'at', column: 'at', family, type: 'some type' },
  });
  const count = (family: CatalogueTable['time']['family'], ...rows: (string | null)[][]) =>
    countsFrom([undefined, { rows, count: rows.length, plain: [] }], table(family));

  test('a sample says so, with the server’s estimate', () => {
    const sampled = ['typed', '2024-01', '5', '2024-01-02', '2024-01-31', 'TABLESAMPLE SYSTEM (1)'];
    expect(count('instant', sampled)).toEqual({
      ...{
        counted: 'sample',
        rows: 9,
        oldest: '2024-01-02',
        newest: '2024-01-31',
        months: { '2024-01': 5 },
        undated: 0,
      },
    });
  });

  test('numbers count by the one reading that most have; the others are undated', () => {
    const seconds = ['s', '2024-01', '5', '2024-01-02', '2024-01-31', ''];
    const written = ['d8', '2020-01', '1', '2020-01-02', '2020-01-02', ''];
    expect(count('number', seconds, written, ['null', null, '2', null, null, ''])).toMatchObject({
      ...{ rows: 8, oldest: '2024-01-02', months: { '2024-01': 5 }, undated: 3 },
    });
    expect(() => count('number', seconds, ['other', null, '6', null, null, ''])).toThrow(/no known way/);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['days of another month', () => count('date', ['typed', '2024-02', '5', '2024-01-02', '2024-02-02', '']), /sums/],
    [
      'a count that is none',
      () => count('date', ['typed', '2024-02', '-5', '2024-02-02', '2024-02-02', '']),
      /disorder/,
    ],
    ['a form that is none', () => count('date', ['tidy', '2024-02', '5', '2024-02-02', '2024-02-02', '']), /disorder/],
    ['a type that dates nothing', () => count(undefined), /some type/],
    ['nothing that was run', () => countsFrom([undefined], table('date')), /did not count/],
    ['a table that is too large', () => count('date', ['large', null, '0', null, null, '']), /too large/],
  ])('%s is refused', (_, work, says) => {
    expect(work).toThrow(says);
  });

  test('a day that cannot be is undated', () => {
    expect(count('text', ['parted', '2024-02-31', '2', '2024-02-31', '2024-02-31', ''])).toMatchObject({
      ...{ rows: 2, undated: 2, months: {} },
    });
  });
});

test.each([
  ['Asia/Shanghai', 28_800, '+08:00'],
  ['Asia/Kolkata', 19_800, '+05:30'],
  ['UTC', 0, '+00:00'],
  ['America/New_York', undefined, '+00:00'],
])('%s is ahead of UTC by %s seconds', (zone, offset, written) => {
  expect(offsetOf(zone)).toBe(offset);
  expect(signed(offset ?? 0)).toBe(written);
});
