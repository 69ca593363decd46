import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { compareDebian, compareRpm } from '../../../src/collectors/host/patch-state/versions.ts';
import { supportEndOf } from '../../../src/evidence/host/support-ends.ts';

describe('versions', () => {
  // In order, older first: deb-version(7), and versions of Debian's security updates.
  const debian = [
    '1.0~beta1~svn1245-1',
    '1.0~beta1-1',
    '1.0-1~deb12u1',
    '1.0-1',
    '1.0-1+b1',
    '1.0-1+deb12u2',
    '1.0-1+deb12u10',
    '1.0a-1',
    '1.0+x-1',
    '1.2.3-1',
    '1.10-1',
    '20240101123456789012-1',
    '20240101123456789013-1',
    '1:0.1-1',
  ];
  test.each(debian.slice(1).map((version, index) => [debian[index] ?? '', version]))(
    '%s < %s, as dpkg says too',
    (older, newer) => {
      expect(compareDebian(older, newer)).toBeLessThan(0);
      expect(compareDebian(newer, older)).toBeGreaterThan(0);
      expect(compareDebian(newer, newer)).toBe(0);
      execFileSync('dpkg', ['--compare-versions', older, 'lt', newer]);
    },
  );

  // In the manner of rpm's own table, tests/rpmvercmp.at.
  const rpm: [string, string][] = [
    ['1.0-1', '2.0-1'],
    ['2.0-1', '2.0.1-1'],
    ['2.0.1-1', '2.0.1a-1'],
    ['5.5p1-1', '5.5p10-1'],
    ['10xyz-1', '10.1xyz-1'],
    ['xyz10-1', 'xyz10.1-1'],
    ['xyz.4-1', '8-1'],
    ['1.0~rc1-1', '1.0-1'],
    ['1.0~rc1-1', '1.0~rc2-1'],
    ['1.0-1', '1.0^-1'],
    ['1.0^git1-1', '1.0.1-1'],
    ['1.0^git1~pre-1', '1.0^git1-1'],
    ['0:9-1', '1:1-1'],
    ['0:5.10.0-60.18.0.50.oe2203', '0:5.10.0-136.12.0.86.oe2203'],
    ['0:1-1.el8', '0:1-1.el8_7'],
  ];
  test.each(rpm)('%s < %s, as rpm says', (older, newer) => {
    expect(compareRpm(older, newer)).toBeLessThan(0);
    expect(compareRpm(newer, older)).toBeGreaterThan(0);
    expect(compareRpm(older, older)).toBe(0);
  });

  test('ends of support, by version or its first number', () => {
    expect(supportEndOf('centos', '7', '')).toEqual({ on: '2024-06-30', longerForSale: false });
    expect(supportEndOf('rhel', '7.9', '')?.longerForSale).toBe(true);
    expect(supportEndOf('alpine', '3.17.2', '')?.on).toBe('2024-11-22');
    expect(supportEndOf('ubuntu', '20.04', '')?.on).toBe('2025-05-31');
    for (const [id, version] of [
      ['debian', '99'],
      ['kylin', 'V10'],
      ['constructor', 'name'],
      ['debian', 'constructor'],
      ['', ''],
    ])
      expect(supportEndOf(id ?? '', version ?? '', '')).toBeUndefined();
  });
});
