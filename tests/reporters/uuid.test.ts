import { expect, test } from 'vitest';
import { uuidOf } from '../../src/reporters/uuid.ts';

test('a name has one UUID, of version 5', () => {
  expect(uuidOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidOf('a', 'b')).toBe(uuidOf('a', 'b'));
});

test('names that read alike when joined have different ones', () => {
  expect(new Set([uuidOf('a', 'b'), uuidOf('ab'), uuidOf('a,b'), uuidOf('b', 'a')]).size).toBe(4);
});

test('stays what it was: other files refer to it', () => {
  expect(uuidOf('evidence', 'E-0123456789')).toBe('d9a395ba-5c94-50e6-9e92-9243bf940b1a');
});
