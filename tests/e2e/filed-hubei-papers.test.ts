import { describe } from 'vitest';
import { brokenPapers } from '../fixtures/broken-hubei.ts';
import { testBreaks } from '../support/breaks.ts';

describe('papers of the Hubei example', () => {
  testBreaks('hubei-self-use', brokenPapers);
});
