import { describe } from 'vitest';
import { brokenFacts } from '../fixtures/broken-xiamen.ts';
import { testBreaks } from '../support/breaks.ts';

describe('facts of the Xiamen example', () => {
  testBreaks('xiamen-self-use', brokenFacts);
});
