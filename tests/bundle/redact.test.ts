import { expect, test } from 'vitest';
import { redact } from '../../src/bundle/redact.ts';

test.each([
  ['password = hunter2', 'hunter2'],
  ['"db_password": "hun ter2"', 'hun ter2'],
  ['ACCESS_KEY_SECRET=LTAI5tExample', 'LTAI5tExample'],
  ["api-key: 'abc def'", 'abc def'],
  ['Authorization: Bearer eyJhbGciOi.x.y', 'eyJhbGciOi'],
  ['{"Authorization":"Bearer eyJhbGciOi.x.y"}', 'eyJhbGciOi'],
  ['ssl.key_passphrase: "hun ter2"', 'hun ter2'],
  ['shared_key = hunter2', 'hunter2'],
  ['jdbc url postgres://app:s3cret@db:5432/x', 's3cret'],
  ['proxy http://user:12/34@host:3128', '34'],
  ['redis://:s3cret@cache', 's3cret'],
  ['mongodb://app:p@ss/w?rd@db-1:27017,db-2:27017/x', 'w?rd'],
  ['"amqp://app:a#b@mq", "amqp://app:c/d@mq"', 'c/d'],
  ['root:$6$salt$hashhashhash:19000:0:::', 'hashhash'],
  ['app:$y$j9T$abc$def:1', 'j9T'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNzaC1rZXk'],
  ['-----BEGIN EC PRIVATE KEY-----\ncut off', 'cut off'],
  ['身份证 11010519491231002X 结束', '11010519491231002X'],
  ['电话13800138000。', '13800138000'],
])('%s', (raw, secret) => {
  expect(redact(raw)).not.toContain(secret);
  expect(redact(raw)).toContain('[redacted]');
});

test.each([
  'PasswordAuthentication no',
  'PermitRootLogin prohibit-password',
  '2026-03-01T02:00:00Z 1772330400',
  'SHA256:13800138000123456',
  'rotate 26\nweekly',
  'proxy_pass http://10.0.0.5:8080/login;',
  'http://10.0.0.5:8080/ admin@example.com',
])('keeps what is no secret: %s', (raw) => {
  expect(redact(raw)).toBe(raw);
});

test('keeps what names a secret, and what stands around it', () => {
  expect(redact('to amqp://app:c/d@mq:5672/x "amqp://e:f@mq"')).toBe(
    'to amqp://app:[redacted]@mq:5672/x "amqp://e:[redacted]@mq"',
  );
});

test('takes no longer for a line that only looks like addresses', () => {
  const started = performance.now();
  redact('a://b:'.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(5000);
});
