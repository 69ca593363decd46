import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { looksLikeName, protectionOf } from '../../../../src/collectors/database/clear-text/shapes.ts';

const sha256 = createHash('sha256').update('1');

describe('shapes of what is protected', () => {
  test.each([
    ['138****1234', 'masked'],
    ['3702**********1234', 'masked'],
    ['张*三', 'masked'],
    ['l***@example.com', 'masked'],
    ['6222 •••• •••• 1234', 'masked'],
    [sha256.copy().digest('hex'), 'hash'],
    [sha256.copy().digest('base64'), 'hash'],
    ['d41d8cd98f00b204e9800998ecf8427e'.replace('d', 'f'), 'hash'],
    ['$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy', 'hash'],
    ['{SSHA}W3tLm5Yw', 'hash'],
    ['ENC(abc)', 'ciphertext'],
    ['vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9g==', 'ciphertext'],
    [createHash('sha512').update('2').digest().subarray(0, 48).toString('base64'), 'ciphertext'],
    [createHash('sha512').update('2').digest().subarray(0, 24).toString('hex'), 'ciphertext'],
    [`${sha256.copy().digest('hex')}${'0a'.repeat(8)}`, 'ciphertext'],
    ['550e8400e29b41d4a716446655440000', undefined],
    ['550e8400-e29b-41d4-a716-446655440000', undefined],
    ['12345678901234567890123456789012', undefined],
    ['plainwordsinsmalllettersonlyno', undefined],
    ['青岛示例科技有限公司', undefined],
    ['5 * 3', undefined],
    ['', undefined],
  ])('%s: %s', (value, how) => {
    expect(protectionOf(value)).toBe(how);
  });
});

describe('names', () => {
  test.each(['王芳', '李小明', '欧阳文静', '诸葛亮', '张伟 '])('%s may be one', (name) => {
    expect(looksLikeName(name)).toBe(true);
  });

  test.each(['示例科技有限公司', '不锈钢', '王', '电子产品', 'Li', '王芳2', ''])('%s is none', (name) => {
    expect(looksLikeName(name)).toBe(false);
  });
});
