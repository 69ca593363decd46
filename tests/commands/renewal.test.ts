import { expect, test } from 'vitest';
import { collectors } from '../../src/collectors/index.ts';
import { originOf } from '../../src/evidence/observation.ts';

test.each(collectors.filter(({ kind }) => originOf(kind) === 'filed'))(
  '$id asks no host, so that renewal runs none',
  (collector) => {
    expect(collector.by).toBe('calls');
  },
);
