import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare } from '../../../src/assessment/compare.ts';
import { comparisonHtml } from '../../../src/reporters/html/comparison.ts';
import { renderHtml } from '../../../src/reporters/html/html.ts';
import { languages } from '../../../src/text.ts';
import { assessmentOf, requirement, waiver } from '../../support/assessments.ts';
import { type OpenBrowser, openBrowser, openPage } from '../../support/browser.ts';
import { identifiedFixture, press, tick, type, unfoldCited } from './seen.ts';

let browser: OpenBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser[Symbol.asyncDispose]());

/** What axe-core objects to, by rule and place; what it calls minor is left to the eye. */
async function objections(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => impact !== 'minor').flatMap(
    ({ id, impact, nodes }) => nodes.slice(0, 3).map((node) => [impact, id, node.html.slice(0, 120)].join(' ')),
  ))`) as Promise<string[]>;
}

const assessment = identifiedFixture();
const pages = { zh: renderHtml(assessment, 'zh'), en: renderHtml(assessment, 'en') };

test('the report as it opens, unfolded with its evidence, and filtered', async () => {
  const { page } = await openPage(browser, pages.zh);
  expect(await objections(page)).toEqual([]);
  await press(page, 'unfold');
  await unfoldCited(page);
  expect(await objections(page)).toEqual([]);
  await tick(page, 'unmet');
  await type(page, 'q', 'a');
  expect(await objections(page)).toEqual([]);
  await page.close();
});

test('in the dark, unfolded, with a place marked', async () => {
  const { page } = await openPage(browser, pages.zh, { dark: true, fragment: '#r-1' });
  await press(page, 'unfold');
  expect(await objections(page)).toEqual([]);
  await page.close();
});

test('in English, dark and filtered', async () => {
  const { page } = await openPage(browser, pages.en, { fragment: '#?outcome=unmet' });
  await press(page, 'dark');
  expect(await objections(page)).toEqual([]);
  await page.close();
});

test.each(languages)('in %s on a telephone or at fourfold zoom: nothing reaches past 320 pixels', async (language) => {
  const { page } = await openPage(browser, pages[language], { width: 320 });
  const wide = (): Promise<unknown> =>
    page.evaluate(`[...document.querySelectorAll('html, main, main *')]
      .filter((each) => !each.closest('svg') && each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
      .map((each) => each.outerHTML.slice(0, 80))`);
  expect(await wide()).toEqual([]);
  await press(page, 'unfold');
  expect(await wide()).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.close();
});

test('to a screen reader the page is controls and a report, with tables that are tables', async () => {
  const { page } = await openPage(browser, pages.zh);
  await press(page, 'unfold');
  const counted = await page.evaluate(`['main', 'form[role=search][aria-label]', '[role=status]', 'h1']
    .map((selector) => document.querySelectorAll(selector).length)`);
  expect(counted).toEqual([1, 1, 1, 1]);
  const tree = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
  for (const role of ['table', 'columnheader', 'row', 'cell', 'DisclosureTriangle'])
    expect(tree).toContain(`"role":"${role}"`);
  await page.close();
});

test.each(languages)('the comparison in %s, light and dark', async (language) => {
  const before = assessmentOf([requirement('R-1', [['met', 'a']]), requirement('R-2', [['unmet', 'b']])]);
  const after = assessmentOf([requirement('R-1', [['unmet', 'a']]), requirement('R-3', [['unproven', 'c']])], {
    waivers: [waiver({ requirement: 'R-1', covers: ['test/one:unmet'] })],
  });
  const { page, complaints } = await openPage(browser, comparisonHtml(compare(before, after), language));
  expect(await objections(page)).toEqual([]);
  await press(page, 'dark');
  expect(await objections(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});
