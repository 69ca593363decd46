import { describe, expect, test } from 'vitest';
import { patternFields } from '../src/evidence/host/audit-records.ts';
import { recordsSchema } from '../src/platform-records.ts';

describe('where the fields of audit records stand', () => {
  test.each([
    {},
    { format: 'json', fields: { initiator: 'user.name', date: 'time', time: ['time', 'at'] } },
    { format: 'csv', separator: '|', columns: ['时间', '操作人'] },
    { format: 'pattern', pattern: '{date} {time} [{initiator}] {type} - {description} ({result}){_}' },
  ])('%j can be declared', (records) => {
    expect(recordsSchema.safeParse(records).success).toBe(true);
  });

  test.each([
    { format: 'xml' },
    { fields: { who: 'user' } },
    { fields: { initiator: 'a\tb' } },
    { fields: { initiator: 'a\nd\tb' } },
    { format: 'pattern' },
    { pattern: '{date}' },
    { format: 'pattern', pattern: 'no placeholder' },
    { format: 'pattern', pattern: '{date}{time}' },
    { format: 'pattern', pattern: '{date} {level}' },
    { format: 'pattern', pattern: '{date}\n{time}' },
    { format: 'pattern', pattern: '{date} {time}', fields: { result: 'r' } },
    { format: 'json', separator: ',' },
    { format: 'csv', columns: ['one'] },
  ])('%j cannot', (records) => {
    expect(recordsSchema.safeParse(records).success).toBe(false);
  });

  test('a pattern’s fields come in their order', () => {
    expect(patternFields('{result} {datetime} {_} {initiator}')).toEqual(['date', 'time', 'initiator', 'result']);
  });
});
