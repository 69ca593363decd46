import { expect, test } from 'vitest';
import { standing, whereOf } from '../../../checks/shared/port-scans.ts';
import { answersInClear, described, encrypts, servicesAt, shown } from '../../../checks/shared/port-services.ts';
import { type OpenPort, rangesOf } from '../../../src/evidence/network/open-ports.ts';
import { openPort, portScan } from '../../support/port-scans.ts';

const services = {
  MySQL: { ports: [3306], speaks: ['mysql'] },
  PostgreSQL: { ports: [5432], speaks: ['postgresql'] },
  Dameng: { ports: [5236], speaks: [] },
  Nacos: { ports: [8848], speaks: ['http'] },
  'Tomcat AJP': { ports: [8009], speaks: ['ajp13'] },
  NVMe: { ports: [8009], speaks: [] },
};

test('thousands of ranges make no long text', () => {
  const odd = Array.from({ length: 30_000 }, (_, index) => index * 2 + 1);
  const { zh, en } = shown(rangesOf(odd));
  expect(zh).toMatch(/^1,3,5,.*,39 等$/);
  expect(en).toMatch(/^1,3,5,.*,39 and more$/);
  expect(shown('22,80-90').zh).toBe('22,80-90');
  expect(shown('').zh).toBe('无');
});

test.each<[string, OpenPort, string[]]>([
  ['a number', openPort(3306), ['MySQL']],
  ['a number that nmap guessed from, too', openPort(3306, { service: 'mysql', by: 'number' }), ['MySQL']],
  ['a number that two share', openPort(8009), ['Tomcat AJP', 'NVMe']],
  ['a database on another number', openPort(13306, { service: 'mysql', by: 'answer' }), ['MySQL']],
  ['a page on a database’s number', openPort(3306, { service: 'http', by: 'answer' }), []],
  ['anything known on the number of what has no name', openPort(5236, { service: 'http', by: 'nmap' }), []],
  ['TLS alone does not say what is inside', openPort(3306, { tls: true, by: 'answer' }), ['MySQL']],
  ['a page on a console’s number', openPort(8848, { service: 'http', by: 'answer', tls: true }), ['Nacos']],
  ['a page on any number', openPort(9999, { service: 'http', by: 'answer' }), []],
  ['one database on the number of another', openPort(5432, { service: 'mysql', by: 'nmap' }), ['MySQL']],
  ['an unknown number', openPort(9999), []],
])('which service it may be: %s', (_, open, names) => {
  expect(servicesAt(open, services)).toEqual(names);
});

test.each<[OpenPort, boolean, boolean]>([
  [openPort(8848), true, false],
  [openPort(9999), false, false],
  [openPort(9999, { service: 'http', by: 'answer' }), true, false],
  [openPort(9999, { service: 'http', by: 'number' }), false, false],
  [openPort(8848, { service: 'http', by: 'answer', tls: true }), false, true],
  [openPort(8848, { tls: true, by: 'nmap' }), false, true],
  [openPort(8848, { service: 'ssh', by: 'answer' }), false, true],
  [openPort(22, { service: 'ssh', by: 'number' }), false, false],
])('%j: in clear text %s, always encrypted %s', (open, isClear, isEncrypted) => {
  expect([answersInClear(open, services), encrypts(open)]).toEqual([isClear, isEncrypted]);
});

test('a port is shown with what is known of it, and how', () => {
  const ports = [
    openPort(3306),
    openPort(8009),
    openPort(8848, { service: 'http', by: 'answer', product: 'Apache' }),
    openPort(9443, { service: 'http', by: 'nmap', product: 'nginx 1.22.1', tls: true }),
    openPort(9444, { tls: true, by: 'answer' }),
    openPort(9998),
    openPort(9999),
    openPort(13306, { service: 'mysql', by: 'answer', product: '8.0.36' }),
  ];
  expect(described(ports, services)).toEqual({
    zh: '3306（按端口号推断：MySQL）、8009（按端口号推断：Tomcat AJP/NVMe）、8848（实测应答：http Apache，按端口号推断：Nacos）、9443（TLS 内应答：http nginx 1.22.1）、9444（以 TLS 应答）、13306（实测应答：mysql 8.0.36）、9998-9999',
    en: '3306 (by its number: MySQL), 8009 (by its number: Tomcat AJP/NVMe), 8848 (answers: http Apache, by its number: Nacos), 9443 (answers within TLS: http nginx 1.22.1), 9444 (answers in TLS), 13306 (answers: mysql 8.0.36), 9998-9999',
  });
});

test('hundreds of known ports make no long text', () => {
  const many = Array.from({ length: 300 }, (_, index) => openPort(index + 1, { service: 'http', by: 'answer' }));
  expect(described(many, services).zh).toMatch(/^1（[^、]*、.*、20（[^、]*）、另外 280 个$/);
});

test('a name is shown with its address, and loopback as such', () => {
  const loopback = { address: '127.0.0.1', loopback: true };
  expect(whereOf(portScan([])).zh).toBe('203.0.113.10');
  expect(whereOf(portScan([], {}, { subject: 'leqi.example.cn' })).zh).toBe('leqi.example.cn（203.0.113.10）');
  expect(whereOf(portScan([], loopback, { subject: 'leqi.example.cn' })).zh).toBe(
    'leqi.example.cn（127.0.0.1，环回地址，仅本机可达）',
  );
});

test('where the scanner stood is shown with its address, if that is known and means anything', () => {
  expect(standing(portScan([])).zone.zh).toBe('“互联网”');
  expect(standing(portScan([], { from: '198.51.100.7' })).zone).toEqual({
    zh: '“互联网”（源地址 198.51.100.7）',
    en: '“互联网” (source 198.51.100.7)',
  });
  expect(standing(portScan([], { from: '127.0.0.1', loopback: true })).zone.zh).toBe('“互联网”');
});
