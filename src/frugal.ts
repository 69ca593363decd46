import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap small from here on. A fleet's answers are short-lived garbage that V8 by default lets pile up to some hundred megabytes before
 * it looks at them; a young generation that does not grow and an old one that grows by half at most cost a tenth more of processor time.
 */
export function keepHeapSmall(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=50', '--optimize-for-size'])
    setFlagsFromString(flag);
}
