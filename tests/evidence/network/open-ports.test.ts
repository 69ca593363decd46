import { expect, test } from 'vitest';
import { countOfPorts, portsBeside } from '../../../src/evidence/network/open-ports.ts';

test.each([
  [[], '1-65535'],
  [['1-65535'], ''],
  [['443'], '1-442,444-65535'],
  [['1-100', '50-200', '65535'], '201-65534'],
  [['100-200', '1-65534'], '65535'],
  // Outside evidence may name ports that there are not, and ranges that are none.
  [['0-99999'], ''],
  [['70000-99999', '9-1'], '1-65535'],
  [['10-65535', '9-1'], '1-9'],
])('beside %j there are %s', (lists, others) => {
  expect(portsBeside(...lists)).toBe(others);
});

test('counts ports', () => {
  expect(countOfPorts('')).toBe(0);
  expect(countOfPorts('22,80-90')).toBe(12);
});
