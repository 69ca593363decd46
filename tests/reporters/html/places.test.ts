import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/reporters/html/html.ts';
import { type OpenBrowser, openBrowser, openPage } from '../../support/browser.ts';
import { identifiedFixture, press, seenRows, tick, type, unfoldCited } from './seen.ts';

const assessment = identifiedFixture();
const html = renderHtml(assessment, 'zh');
const { requirements, index } = assessment;
const unmet = requirements.find(({ verdict }) => verdict === 'unmet');
const met = requirements.find(({ verdict, findings }) => verdict === 'met' && findings.length > 0);
const absent = requirements.find(({ verdict }) => verdict === 'not-applicable');
const position = (id: string | undefined) => `r-${requirements.findIndex((each) => each.id === id) + 1}`;

let browser: OpenBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser[Symbol.asyncDispose]());

/** Where the focus is, and whether the reader sees it; and what is marked as the place that a link led to. */
async function focusOf(page: Page): Promise<{ text: string; isInWindow: boolean; here: number }> {
  await page.waitForFunction('document.activeElement !== document.body');
  return page.evaluate(`new Promise((done) => requestAnimationFrame(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    done({
      text: document.activeElement.innerText,
      isInWindow: top < innerHeight && bottom > 0 && document.activeElement !== document.body,
      here: document.querySelectorAll('.is-here').length,
    });
  }))`) as Promise<{ text: string; isInWindow: boolean; here: number }>;
}

const links: readonly (readonly [name: string, fragment: string, says: string, opens: string | undefined])[] = [
  ['a requirement', `#${unmet?.id}`, unmet?.title.zh ?? '', unmet?.id],
  ['a requirement by its place', `#${position(unmet?.id)}`, unmet?.title.zh ?? '', unmet?.id],
  ['a requirement that does not apply', `#${absent?.id}`, absent?.id ?? '', undefined],
  ['a finding', `#${met?.findings[0]?.id}`, met?.findings[0]?.text.zh ?? '', met?.id],
  ['an item of evidence', `#${index[3]?.id}`, index[3]?.id ?? '', undefined],
  ['an item of evidence by its place', '#e-4', index[3]?.raw ?? '', undefined],
  ['a chapter', '#c-2', '评估范围与方法', undefined],
  ['a requirement under a filter that has it', `#${unmet?.id}?verdict=unmet`, unmet?.title.zh ?? '', unmet?.id],
  ['a requirement that the filter would hide', `#${met?.id}?verdict=unmet`, met?.title.zh ?? '', met?.id],
  ['evidence under a filter', `#${index[3]?.id}?verdict=unmet`, index[3]?.id ?? '', undefined],
];

test.each(links)('a link to %s opens it, scrolls there and moves the focus', async (_, fragment, says, opens) => {
  const { page, complaints } = await openPage(browser, html, { fragment });
  expect(await focusOf(page)).toEqual({ text: expect.stringContaining(says), isInWindow: true, here: 1 });
  expect((await seenRows(page)).open).toEqual(opens ? [opens] : []);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a fragment that nobody wrote harms nothing', async () => {
  const { page, complaints } = await openPage(browser, html);
  const all = await seenRows(page);
  for (const fragment of [
    '%E0%A4%A',
    '?verdict=%',
    '__proto__',
    '?q',
    '??&&==',
    'constructor?verdict',
    '?part=risk#x',
  ]) {
    await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    expect((await seenRows(page)).requirements.length).toBeLessThanOrEqual(all.requirements.length);
  }
  await page.evaluate(`location.hash = '?q=' + encodeURIComponent('<img src=x onerror=alert(1)>')`);
  await page.waitForFunction(`document.querySelector('input[name="q"]').value.startsWith('<img')`);
  expect(await page.$('img')).toBeNull();
  expect(complaints).toEqual([]);
  await page.close();
});

test('back goes through filters and places as they were', async () => {
  const { page } = await openPage(browser, html);
  await tick(page, 'unmet');
  const filtered = await seenRows(page);
  await page.click(`[id="${unmet?.id}"] > summary`);
  await page.click(`[id="${unmet?.id}"] .ids a`);
  const away = await seenRows(page);
  expect(away.fragment).toMatch(/^#e-\d+\?verdict=unmet$/);
  expect(away.requirements).toEqual(filtered.requirements);
  await page.goBack();
  expect((await seenRows(page)).requirements).toEqual(filtered.requirements);
  expect((await seenRows(page)).fragment).toBe(filtered.fragment);
  await page.goBack();
  expect((await seenRows(page)).requirements).toHaveLength(requirements.length);
  expect((await seenRows(page)).fragment).toBe('');
  await page.goForward();
  expect((await seenRows(page)).requirements).toEqual(filtered.requirements);
  await page.close();
});

test('an unfolded requirement shows the evidence it cites, as the index has it, with method and hash', async () => {
  const { page, complaints } = await openPage(browser, html, { fragment: `#${unmet?.id}` });
  await unfoldCited(page);
  const cited = (selector: string) => page.$$eval(selector, (rows) => rows.map((row) => row.textContent));
  const ids = new Set(unmet?.findings.flatMap(({ cites }) => cites));
  const indexed = (await cited('.evidence .evidence-rows tr')).filter((text) =>
    [...ids].some((id) => text?.includes(id)),
  );
  const shown = await cited('details[open] .cited tbody tr');
  expect(shown.toSorted()).toEqual(indexed.toSorted());
  expect(shown.length).toBe(ids.size);
  for (const { id, raw = id, method } of index.filter((entry) => ids.has(entry.id)))
    expect(shown.some((text) => text?.includes(raw) && text.includes(method))).toBe(true);
  // The copies bring no second place of the same name.
  expect(
    await page.evaluate(`(() => { const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
    return ids.length - new Set(ids).size; })()`),
  ).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test('with the keyboard alone: skip link, search, first result, unfold, the next one, clear', async () => {
  const { page } = await openPage(browser, html);
  const key = (name: Parameters<Page['keyboard']['press']>[0]) => page.keyboard.press(name);
  await key('Tab');
  expect((await focusOf(page)).text).toBe('跳到正文');
  await key('Enter');
  expect(await page.evaluate('document.activeElement.localName')).toBe('main');
  await key('/');
  await page.keyboard.type('日志/');
  const found = (await seenRows(page)).requirements;
  await key('Backspace');
  const { requirements: seen } = await seenRows(page);
  expect(seen.length).toBeGreaterThan(Math.max(1, found.length));
  await key('ArrowDown');
  expect((await focusOf(page)).text).toContain(seen[0]);
  const { open } = await seenRows(page);
  await key('Enter');
  expect((await seenRows(page)).open.length).toBe(open.length - 1);
  await key('ArrowDown');
  expect((await focusOf(page)).text).toContain(seen[1]);
  await key('ArrowUp');
  expect((await focusOf(page)).text).toContain(seen[0]);
  await key('/');
  await key('Escape');
  await key('Escape');
  expect((await seenRows(page)).requirements).toHaveLength(requirements.length);
  await page.close();
});

test('unfold all and fold all; dark and light, without a trace', async () => {
  const { page, complaints } = await openPage(browser, html);
  const background = () =>
    page.$eval('main', (main) => main.ownerDocument.defaultView?.getComputedStyle(main).backgroundColor);
  await press(page, 'unfold');
  expect((await seenRows(page)).open).toHaveLength(
    requirements.filter(({ verdict }) => verdict !== 'not-applicable').length,
  );
  await press(page, 'fold');
  expect((await seenRows(page)).open).toEqual([]);
  expect(await background()).toBe('rgb(255, 255, 255)');
  await press(page, 'dark');
  expect(await background()).toBe('rgb(30, 29, 27)');
  await press(page, 'dark');
  expect(await background()).toBe('rgb(255, 255, 255)');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  expect(await background()).toBe('rgb(255, 255, 255)');
  expect(
    await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie, location.hash].join()'),
  ).toBe('0,0,,');
  expect(complaints).toEqual([]);
  await page.close();
});

describe('from a file', () => {
  test('the page works as it does from a server', async () => {
    const path = join(browser.folder, 'report.html');
    await writeFile(path, html, { mode: 0o644 });
    const page = await browser.browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(`${pathToFileURL(path).href}#?verdict=unmet`);
    const ids = requirements.filter(({ verdict }) => verdict === 'unmet').map(({ id }) => id);
    expect((await seenRows(page)).requirements).toEqual(ids);
    await type(page, 'q', ids[1] ?? '');
    await page.waitForFunction(`location.hash.includes('q=')`);
    expect((await seenRows(page)).requirements).toEqual([ids[1]]);
    await press(page, 'clear');
    expect(await page.evaluate('location.href')).toBe(pathToFileURL(path).href);
    await page.goBack();
    expect((await seenRows(page)).requirements).toEqual([ids[1]]);
    await page.close();
  });
});
