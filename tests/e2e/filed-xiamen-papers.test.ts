import { describe } from 'vitest';
import { brokenPapers } from '../fixtures/broken-xiamen.ts';
import { testBreaks } from '../support/breaks.ts';

describe('papers of the Xiamen example', () => {
  testBreaks('xiamen-self-use', brokenPapers);
});
