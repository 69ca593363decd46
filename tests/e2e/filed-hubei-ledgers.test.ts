import { describe } from 'vitest';
import { brokenLedgers } from '../fixtures/broken-hubei.ts';
import { testBreaks } from '../support/breaks.ts';

describe('ledgers of the Hubei example', () => {
  testBreaks('hubei-self-use', brokenLedgers);
});
