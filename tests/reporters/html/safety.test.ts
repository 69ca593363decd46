import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Assessment } from '../../../src/assessment/assessment.ts';
import { renderHtml } from '../../../src/reporters/html/html.ts';
import { verbatim } from '../../../src/text.ts';
import { type OpenBrowser, openBrowser, openPage } from '../../support/browser.ts';
import { look } from '../pdf/poppler.ts';
import { identifiedFixture, press, seenRows, tick, type, unfoldCited } from './seen.ts';

const assessment = identifiedFixture();
const packed = (text: string) => text.replace(/\s/g, '');

let browser: OpenBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser[Symbol.asyncDispose]());

/** Every text of findings and requirements, and every hash: what a print must have. */
function wanted({ requirements, index }: Assessment, language: 'zh' | 'en'): string[] {
  const listed = requirements.filter(({ verdict }) => verdict !== 'not-applicable');
  return [
    ...requirements.flatMap(({ id, title }) => [id, title[language]]),
    ...listed.flatMap(({ findings }) => findings.flatMap(({ subject, text }) => [subject, text[language]])),
    ...listed.flatMap(({ attest, remedy }) => [attest?.text[language] ?? '', remedy?.[language] ?? '']),
    ...index.flatMap(({ id, method, raw }) => [id, method, raw ?? id]),
  ].map(packed);
}

test.each([
  ['with its script, folded and filtered, from the dark', 'zh', true],
  ['without scripts', 'en', false],
] as const)('a print of the page has everything, and no controls: %s', async (_, language, scripts) => {
  const { page } = await openPage(browser, renderHtml(assessment, language), { scripts });
  if (scripts) {
    await tick(page, 'unmet');
    await type(page, 'q', '日志');
    await press(page, 'dark');
    await press(page, 'fold');
  }
  const { text, info } = await look(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  const printed = packed(text);
  expect(wanted(assessment, language).filter((each) => !printed.includes(each))).toEqual([]);
  expect(printed).not.toContain(packed(language === 'zh' ? '清除全部条件' : 'Clear all'));
  expect(info.get('Page size')).toContain('A4');
  await page.close();
});

test('without scripts there are no controls, and each requirement unfolds by itself', async () => {
  const { page } = await openPage(browser, renderHtml(assessment, 'zh'), { scripts: false, fragment: '#c-3' });
  const isSeen = (selector: string) => page.$eval(selector, (element) => element.checkVisibility());
  expect(await isSeen('.controls')).toBe(false);
  expect(await isSeen('details.requirement .findings')).toBe(false);
  await page.click('details.requirement > summary');
  expect(await isSeen('details.requirement .findings')).toBe(true);
  await page.close();
});

const planted = `<script>document.title = 'RAN'</script><script type="module">document.title = 'RAN'</script>
<img src="x" onerror="document.title = 'RAN'"><svg onload="document.title = 'RAN'"></svg><style>main { display: none }</style>
<a id="planted" href="javascript:document.title='RAN'">x</a><iframe srcdoc="<script>parent.document.title='RAN'</script>"></iframe>`;

test('markup that has got in does not run, load or restyle; the script cannot make markup', async () => {
  const html = renderHtml(assessment, 'zh').replace('<main', `${planted}<main`);
  const { page, complaints } = await openPage(browser, html);
  await page.evaluate(`document.getElementById('planted').click()`);
  await tick(page, 'unmet');
  expect(await page.title()).not.toContain('RAN');
  expect(await page.$eval('main', (main) => main.checkVisibility())).toBe(true);
  expect(complaints.length).toBeGreaterThan(3);
  expect(complaints.filter((each) => !each.includes('Content Security Policy'))).toEqual([]);
  const tried = page.evaluate(`document.querySelector('main').innerHTML = '<b>x</b>'`);
  await expect(tried).rejects.toThrow(/TrustedHTML/);
  await page.close();
});

const hostile = `</details></script><script>document.title='RAN'</script><img src=x onerror=alert(1)>{{count}} \${x} "'><!--`;

test('hostile texts stay texts in all that the script makes of them', async () => {
  const html = renderHtml(
    identifiedFixture((body) => {
      for (const row of body.requirements) {
        row.title = verbatim(hostile);
        for (const finding of row.findings) Object.assign(finding, { subject: hostile, text: verbatim(hostile) });
      }
      for (const entry of body.index) Object.assign(entry, { subject: hostile, method: hostile });
      const [first, second] = body.requirements;
      if (first && second) [first.id, second.id] = ['subjects', 'x" onclick="alert(1)'];
    }),
    'zh',
  );
  const { page, complaints } = await openPage(browser, html);
  await type(page, 'subject', hostile);
  expect((await seenRows(page)).showing).toMatch(/^显示 [1-9]\d* 项要求、[1-9]\d* 项发现/);
  await type(page, 'q', hostile);
  expect((await seenRows(page)).findings.length).toBeGreaterThan(10);
  await unfoldCited(page);
  expect(await page.$$eval('.cited td', (cells) => cells.map((cell) => cell.textContent).join())).toContain(hostile);
  expect(await page.$$eval('#subjects option', (options) => options.map((each) => each.getAttribute('value')))).toEqual(
    [hostile],
  );
  await page.waitForFunction(`location.hash.includes('q=')`);
  await page.reload({ waitUntil: 'load' });
  expect((await seenRows(page)).findings.length).toBeGreaterThan(10);
  expect(await page.title()).not.toContain('RAN');
  expect(await page.$('img, iframe, main script')).toBeNull();
  expect(complaints).toEqual([]);
  await page.close();
});
