import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPostgresql, nameOf } from '../../../src/collectors/network/service-answers.ts';
import { printable } from '../../../src/text.ts';
import { holds } from '../../support/fuzz.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('what programs answered on Debian 12', () => {
  test.each([
    ['OpenSSH', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n', 'ssh', 'OpenSSH_9.2p1 Debian-2+deb12u10'],
    ['vsftpd 3.0.3', '220 (vsFTPd 3.0.3)\r\n', 'ftp', '(vsFTPd 3.0.3)'],
    [
      'Exim',
      '220 mail.example ESMTP Exim 4.96 Sun, 22 Nov 2026 12:23:16 +0000\r\n',
      'smtp',
      'mail.example ESMTP Exim 4.96 Sun, 22 Nov 2026 12:23:16 +0000',
    ],
    [
      'MariaDB',
      'd\0\0\0\n5.5.5-10.11.19-MariaDB-0+deb12u1\0\x04\0\0\0>0v$J,9{\0\xfe\xf7\x08\x02\0\xff\x81\x15\0\0\0\0\0\0\x1d\0\0\0"5#M>+\\o:sS(\0mysql_native_password\0',
      'mysql',
      '10.11.19-MariaDB-0+deb12u1',
    ],
    ['Redis to HEAD', "-ERR unknown command 'HEAD', with args beginning with: '/' 'HTTP/1.0' \r\n", 'redis', undefined],
    [
      'nginx to HEAD',
      'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 12:23:16 GMT\r\nConnection: close\r\n\r\n',
      'http',
      'nginx/1.22.1',
    ],
    [
      'nginx to SSLRequest',
      'HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 157\r\n\r\n<html>\r\nServer: other\r\n',
      'http',
      'nginx/1.22.1',
    ],
    ['memcached to a line it does not know', 'ERROR\r\n', 'memcached', undefined],
  ])('%s', (_, answer, service, product) => {
    expect(nameOf(bytes(answer))).toEqual({ service, ...(product === undefined ? {} : { product }) });
  });
});

// Made up after the documents named.
describe('what documents say that others answer', () => {
  test.each([
    // https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html
    ['MySQL that turns a host away', 'E\0\0\0\xff\x6a\x04Host is not allowed to connect', 'mysql'],
    ['MySQL X', '\x05\0\0\0\x0b\x08\x05\x1a\0', 'mysqlx'],
    ['OceanBase', 'J\0\0\0\n5.7.25-OceanBase-v4.2.1.0\0', 'mysql'],
    ['Redis with a password', '-NOAUTH Authentication required.\r\n', 'redis'],
    ['Redis in protected mode', '-DENIED Redis is running in protected mode', 'redis'],
    ['MongoDB', 'HTTP/1.0 200 OK\r\n\r\nIt looks like you are trying to access MongoDB over HTTP on', 'mongodb'],
    // RFC 1939, RFC 9051, RFC 6143, RFC 854, AMQP 0-9-1 2.2.4
    ['POP3', '+OK Dovecot ready.\r\n', 'pop3'],
    ['IMAP', '* OK [CAPABILITY IMAP4rev1] ready\r\n', 'imap'],
    ['VNC', 'RFB 003.008\n', 'vnc'],
    ['telnet', '\xff\xfd\x18\xff\xfd\x20', 'telnet'],
    ['AMQP', 'AMQP\0\0\x09\x01', 'amqp'],
    ['ActiveMQ', '\0\0\x01\x3c\x01ActiveMQ\0\0\0\x0c', 'apachemq'],
    ['rsync', '@RSYNCD: 31.0\n', 'rsync'],
    ['HTTP/2 without TLS', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff', 'http'],
    ['Docker', 'HTTP/1.1 404 Not Found\r\nServer: Docker/24.0.7 (linux)\r\n\r\n', 'docker'],
    ['Elasticsearch', 'HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\n\r\n', 'elasticsearch'],
    ['Kubernetes', 'HTTP/1.1 403 Forbidden\r\nAudit-Id: 8a4b1c50-0000-4000-8000-0123456789ab\r\n\r\n', 'kubernetes'],
    ['ClickHouse', 'HTTP/1.1 200 OK\r\nX-ClickHouse-Server-Display-Name: db\r\n\r\n', 'clickhouse'],
    ['FTP in several lines', '220-Welcome\r\n220-to the\r\n220 FTP server ready\r\n', 'ftp'],
    ['Dubbo QoS', '  / _ \\ / /\r\ndubbo>', 'dubbo'],
  ])('%s', (_, answer, service) => {
    expect(nameOf(bytes(answer))?.service).toBe(service);
  });
});

describe('what is no name', () => {
  test.each([
    ['nothing', ''],
    ['a greeting that says nothing', '220 ready\r\n'],
    ['an error that several services have', '-ERR\r\n'],
    ['what is only an answer to SSLRequest', 'S'],
    ['a packet of MySQL without a version', 'd\0\0\0\n\x01\x02\0'],
    ['a packet of MySQL that is not the first', 'd\0\0\x01\n8.0.36\0'],
    ['an error that MySQL does not have', 'E\0\0\0\xff\x01\0no'],
    ['a TLS alert', '\x15\x03\x01\0\x02\x02\x28'],
    ['a header of Docker in the body', 'x\r\n\r\nServer: Docker/24'],
    ['zeros', '\0'.repeat(64)],
  ])('%s', (_, answer) => {
    expect(nameOf(bytes(answer))).toBeUndefined();
  });
});

// ErrorResponse after https://www.postgresql.org/docs/current/protocol-message-formats.html, and that of protocol 2.
test.each([
  ['without TLS', 'N', true],
  ['with TLS', 'S', true],
  ['full', 'E\0\0\0eSFATAL\0VFATAL\0C53300\0', true],
  ['before 7.4', 'EFATAL:  unsupported frontend protocol\n\0', true],
  ['with a byte too many', 'SS', false],
  ['something else', 'ERROR\r\n', false],
  ['silent', '', false],
])('PostgreSQL that was asked for TLS: %s', (_, answer, expected) => {
  expect(isPostgresql(bytes(answer))).toBe(expected);
});

test('what a service calls itself is short and printable', () => {
  const shown = nameOf(bytes(`SSH-2.0-\u001b[2J${'x'.repeat(4000)}\r\n`));
  expect(shown?.product).toMatch(/^·\[2Jx+$/);
  expect(shown?.product).toHaveLength(100);
  expect(nameOf(Buffer.from('SSH-2.0-\u202e税务\r\n'))?.product).toBe('·税务');
});

test('hostile bytes give a sound name or none', () => {
  const heads = ['', 'SSH-2.0-', '220 FTP ', 'HTTP/1.1 200 OK\r\nServer: ', 'd\0\0\0\n', '@RSYNCD: ', 'RFB 003.008'];
  const answers = fc
    .tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }))
    .map(([head, rest]) => Buffer.concat([bytes(head), rest]));
  holds(
    fc.property(answers, (answer) => {
      const name = nameOf(answer);
      if (!name) return;
      expect(name.service).toMatch(/^[a-z0-9]{2,20}$/);
      const { product = 'x' } = name;
      expect(printable(product)).toBe(product);
      expect(product.isWellFormed()).toBe(true);
      expect(product.length).toBeGreaterThan(0);
      expect(product.length).toBeLessThanOrEqual(100);
    }),
    1000,
  );
});

test('long answers that almost match take no time', () => {
  const started = performance.now();
  for (const unit of ['220-', '220-\r\n', 'ERROR\r\n', 'HTTP/1.1 ', 'Server:', '\0\0\x06\x04\0\0\0\0\0'])
    nameOf(bytes(unit.repeat(4096 / unit.length)));
  expect(performance.now() - started).toBeLessThan(200);
});
