import { describe } from 'vitest';
import { brokenEvents } from '../fixtures/broken-hubei.ts';
import { testBreaks } from '../support/breaks.ts';

describe('events of the Hubei example', () => {
  testBreaks('hubei-self-use', brokenEvents);
});
