import { describe, expect, test } from 'vitest';
import { creditCodeProblems, identityProblems, isPort, phoneProblems } from '../../src/evidence/identifiers.ts';

describe('unified social credit code', () => {
  test.each([
    // The example of GB 32100-2015.
    '91350100M000100Y43',
    // Published codes of listed companies; the last has the organisation check character X.
    '91110000802100433B',
    '9144030071526726XG',
  ])('%s is well-formed', (code) => {
    expect(creditCodeProblems(code)).toEqual([]);
  });

  // Computed by hand. Organisation code M000100Y: 22·3 + 1·5 + 34·2 = 139, 139 mod 11 = 7, 11 − 7 = 4.
  test('each wrong check character says what it should be', () => {
    expect(creditCodeProblems('91350100M000100Y44')).toEqual([
      { code: 'creditCodeCheckCharacter', expected: '3', actual: '4' },
    ]);
    expect(creditCodeProblems('91350100M000100Y53')).toContainEqual({
      code: 'creditCodeOrganisationCheck',
      expected: '4',
      actual: '5',
    });
  });

  test('the impossible codes of the sample application', () => {
    expect(creditCodeProblems('9161252LQ1136652JR')).toEqual([
      { code: 'creditCodeDivision', found: '61252L' },
      { code: 'creditCodeOrganisationCheck', expected: '5', actual: 'J' },
      { code: 'creditCodeCheckCharacter', expected: '3', actual: 'R' },
    ]);
    expect(creditCodeProblems('916155ZL22511194LQ')).toEqual([
      { code: 'creditCodeExcludedLetters', found: 'Z' },
      { code: 'creditCodeDivision', found: '6155ZL' },
      { code: 'creditCodeOrganisationCheck', expected: '0', actual: 'L' },
    ]);
  });

  test.each([
    ['91350100M000100Y4', [{ code: 'creditCodeLength', actual: 17 }]],
    ['', [{ code: 'creditCodeLength', actual: 0 }]],
    ['91350100m000100Y43', [{ code: 'creditCodeCharacters', found: 'm' }]],
    [
      '9135０100M000100Y43',
      [
        { code: 'creditCodeCharacters', found: '０' },
        { code: 'creditCodeDivision', found: '35０100' },
      ],
    ],
    [
      ' 91350100IOSVZ\n',
      [
        { code: 'creditCodeLength', actual: 15 },
        { code: 'creditCodeExcludedLetters', found: 'IOSVZ' },
        { code: 'creditCodeCharacters', found: ' \n' },
      ],
    ],
  ])('%j: all that is wrong', (code, problems) => {
    expect(creditCodeProblems(code)).toEqual(problems);
  });
});

describe('identity number', () => {
  test.each([
    // Both examples of GB 11643-1999: a check character X, and a person born in 1880.
    '11010519491231002X',
    '440524188001010014',
    '11010519491231002x',
  ])('%s is well-formed', (number) => {
    expect(identityProblems(number, '2026-03-01')).toEqual([]);
  });

  test('the impossible number of the sample application: region, birth date and check digit', () => {
    expect(identityProblems('315268198025995201', '2026-03-01')).toEqual(['region', 'birth-date', 'check-digit']);
  });

  // The check digit is right for the other 17, so that only the named part is wrong: 16010519491231002 sums to 212, 212 mod 11 = 3 → 9.
  test.each([
    ['16 is no province', '160105194912310029', 'region'],
    ['Beijing has no prefecture 05', '110505194912310021', 'region'],
    ['30 February', '110105194902300020', 'birth-date'],
    ['29 February of a year that is no leap year', '110105194902290029', 'birth-date'],
    ['another check digit', '110105194912310021', 'check-digit'],
  ])('%s', (_, number, problem) => {
    expect(identityProblems(number, '2026-03-01')).toEqual([problem]);
  });

  test('a birth date is not in the future of the day it is judged on', () => {
    expect(identityProblems('11010519491231002X', '1949-12-30')).toEqual(['birth-date']);
    expect(identityProblems('11010519491231002X', '1949-12-31')).toEqual([]);
  });

  test.each([
    ['110105491231002', ['length']],
    ['', ['length', 'characters']],
    ['１１010519491231002X', ['characters']],
    ['1101051949123X002X', ['characters']],
    ["'; drop table --", ['length', 'characters']],
  ])('%j: %j', (number, problems) => {
    expect(identityProblems(number, '2026-03-01')).toEqual(problems);
  });

  test('Hainan’s old codes, a county under direct administration and a permanent residence card are regions', () => {
    for (const region of ['460003', '429004', '931156', '830000', '500381'])
      expect(identityProblems(`${region}19491231002X`, '2026-03-01')).not.toContain('region');
    for (const region of ['429104', '100105', '500405', '980156'])
      expect(identityProblems(`${region}19491231002X`, '2026-03-01')).toContain('region');
  });
});

describe('telephone number', () => {
  test.each([
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+86 13800138000',
    '0086-19912345678',
    '０５３２－８８８８６６６６',
    '010-12345678',
    '(0755) 12345678',
    '0755-12345678-801',
    '0755-12345678转801',
    '0891-6321234',
    '+86 532 88886666',
    '400-800-8820',
    '8008108888',
  ])('%s', (number) => {
    expect(phoneProblems(number)).toEqual([]);
  });

  test.each([
    // The sample application's number.
    ['10055221456', 'shape'],
    ['12800138000', 'shape'],
    ['1380013800', 'shape'],
    ['138001380001', 'shape'],
    ['+852 21234567', 'shape'],
    ['0261-12345678', 'shape'],
    ['88886666', 'area-code'],
    ['6321234-12', 'area-code'],
    ['无', 'shape'],
    ['', 'shape'],
    ['-'.repeat(64), 'shape'],
  ])('%j: %s', (number, problem) => {
    expect(phoneProblems(number)).toEqual([problem]);
  });
});

test.each([
  [1, true],
  [8888, true],
  [65_535, true],
  [0, false],
  [65_536, false],
  [-1, false],
  [443.5, false],
  [Number.NaN, false],
])('port %d: %j', (port, expected) => {
  expect(isPort(port)).toBe(expected);
});
