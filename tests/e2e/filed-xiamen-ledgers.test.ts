import { describe } from 'vitest';
import { brokenLedgers } from '../fixtures/broken-xiamen.ts';
import { testBreaks } from '../support/breaks.ts';

describe('ledgers of the Xiamen example', () => {
  testBreaks('xiamen-self-use', brokenLedgers);
});
