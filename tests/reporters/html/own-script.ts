import { expect } from 'vitest';
import { loadTemplates } from '../../../src/reporters/html/templates.ts';

/** A report's page without the one script that is ours; fails if it has none, or another. */
export function withoutOwnScript(page: string): string {
  const [before, after, ...others] = page.split(`<script type="module">${loadTemplates().script}</script>`);
  expect(others).toEqual([]);
  return `${before}${after ?? expect.fail('the page has no script of ours')}`;
}
