import { expect, test } from 'vitest';
import { named, shown, whereOf } from '../../../checks/shared/port-scans.ts';
import { rangesOf } from '../../../src/evidence/network/open-ports.ts';
import { portScan } from '../../support/port-scans.ts';

test('thousands of ranges make no long text', () => {
  const odd = Array.from({ length: 30_000 }, (_, index) => index * 2 + 1);
  const { zh, en } = shown(rangesOf(odd));
  expect(zh).toMatch(/^1,3,5,.*,39 等$/);
  expect(en).toMatch(/^1,3,5,.*,39 and more$/);
  expect(shown('22,80-90').zh).toBe('22,80-90');
  expect(shown('').zh).toBe('无');
});

test('a port is named by every service that usually has it', () => {
  expect(named([389, 8009], { LDAP: [389], AJP: [8009], Tomcat: [8005, 8009] })).toEqual({
    zh: '389（LDAP）、8009（AJP/Tomcat）',
    en: '389 (LDAP), 8009 (AJP/Tomcat)',
  });
});

test('a name is shown with its address, and loopback as such', () => {
  const loopback = { address: '127.0.0.1', loopback: true };
  expect(whereOf(portScan([])).zh).toBe('203.0.113.10');
  expect(whereOf(portScan([], {}, { subject: 'leqi.example.cn' })).zh).toBe('leqi.example.cn（203.0.113.10）');
  expect(whereOf(portScan([], loopback, { subject: 'leqi.example.cn' })).zh).toBe(
    'leqi.example.cn（127.0.0.1，环回地址，仅本机可达）',
  );
});
