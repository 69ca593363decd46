import { expect, test } from 'vitest';
import { entryOf, entryOfDraft, identified } from '../../src/bundle/entries.ts';
import { canonicalJson } from '../../src/canonical-json.ts';
import type { Draft } from '../../src/evidence/observation.ts';

const draft = (more: Partial<Draft> & { rawText?: string }): Draft =>
  ({
    kind: 'clock',
    subject: 'app-1 "at":',
    at: '2026-11-22T00:00:00Z',
    source: { zone: '-', collector: 'host/clock', method: '-' },
    observed: { services: ['chronyd'], servers: ['10 2', 'a'], synchronised: true },
    ...more,
  }) as Draft;

test.each([
  ['without raw output', {}],
  ['with raw output', { rawText: 'password=hunter2\nlast\ud800 line\n' }],
  ['with empty raw output', { rawText: '' }],
  ['unobserved', { observed: undefined, unobserved: { reason: 'denied', detail: 'né 拒绝' } } as Partial<Draft>],
])('a draft %s is written as its observation is', (_, more) => {
  const { raw, ...entry } = entryOfDraft(draft(more));
  const { raw: expected, ...other } = entryOf(identified(draft(more)));
  expect(entry).toEqual(other);
  expect(raw && { name: `raw/${raw.digest}.txt`, content: Buffer.from(raw.text) }).toEqual(expected);
});

test.each([
  [{ b: 1, a: { d: [{ z: 1, y: 2 }], c: undefined } }, '{"a":{"d":[{"y":2,"z":1}]},"b":1}'],
  [{ a: 1, toJSON: 'x', B: 2 }, '{"B":2,"a":1,"toJSON":"x"}'],
  [{ 10: 'a', 9: 'b', 1: 'c' }, '{"1":"c","9":"b","10":"a"}'],
  [JSON.parse('{"b":1,"__proto__":{"y":1,"x":2}}'), '{"__proto__":{"x":2,"y":1},"b":1}'],
  [[undefined, Number.NaN, new Date(0)], '[null,null,"1970-01-01T00:00:00.000Z"]'],
])('canonical JSON of %j', (value, expected) => {
  expect(canonicalJson(value)).toBe(expected);
});
