import { expect, test } from 'vitest';
import { uncollectedIn } from '../../src/assessment/uncollected.ts';
import type { Kind } from '../../src/evidence/kinds.ts';
import type { Observation } from '../../src/evidence/observation.ts';
import { declaration } from '../support/declaration.ts';

const declared = declaration({
  hosts: [
    { name: 'web', addresses: ['203.0.113.10'] },
    { name: 'db', addresses: ['203.0.113.11'] },
  ],
});

const of = (kind: Kind, subject: string): Observation =>
  ({ kind, subject, unobserved: { reason: 'denied', detail: '' } }) as Observation;

const uncollected = (observations: readonly Observation[], asked: readonly Kind[], by = declared) =>
  uncollectedIn(observations, by, asked).map(({ kind, declared: all, missing }) => [kind, all, missing]);

test('a kind is wanting where nothing of it, or nothing of some host, was collected', () => {
  const asked: Kind[] = ['clock', 'firewall', 'hosting'];
  const there = [of('clock', 'web'), of('clock', 'db'), of('firewall', 'web')];
  expect(uncollected(there, asked)).toEqual([
    ['firewall', 2, 1],
    ['hosting', 2, 2],
  ]);
});

test('what was tried in vain is no gap of the collection, and a stranger fills none', () => {
  expect(uncollected([of('clock', 'web'), of('clock', 'db')], ['clock'])).toEqual([]);
  expect(uncollected([of('clock', 'web'), of('clock', 'elsewhere')], ['clock'])).toEqual([['clock', 2, 1]]);
});

test('where nothing is declared that it could be collected of, that is said; what is filed is asked for by name', () => {
  expect(uncollected([], ['clock', 'records', 'documents'], declaration())).toEqual([
    ['clock', 0, 0],
    ['records', 0, 0],
  ]);
});
