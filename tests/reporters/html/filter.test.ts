import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/reporters/html/html.ts';
import { languages } from '../../../src/text.ts';
import { type OpenBrowser, type OpenPage, openBrowser, openPage } from '../../support/browser.ts';
import { identifiedFixture, press, seenRows, tick, type } from './seen.ts';

const assessment = identifiedFixture();
const { requirements } = assessment;
const pages = { zh: renderHtml(assessment, 'zh'), en: renderHtml(assessment, 'en') };
const listed = requirements.filter(({ verdict }) => verdict !== 'not-applicable').flatMap((each) => each.findings);

let browser: OpenBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser[Symbol.asyncDispose]());

type Row = (typeof requirements)[number];
type Found = Row['findings'][number];

/** What the page must show if rows and findings are asked for by these; findings that do not apply are not listed. */
function expected(row: (row: Row) => boolean, finding?: (finding: Found, row: Row) => boolean) {
  const rows = requirements
    .filter(row)
    .map((each) => ({ id: each.id, findings: each.verdict === 'not-applicable' ? [] : each.findings, row: each }))
    .map(({ id, findings, row: of }) => ({ id, findings: findings.filter((each) => !finding || finding(each, of)) }))
    .filter(({ findings }) => !finding || findings.length > 0);
  return {
    // The page has the rows that do not apply at the end of each part.
    requirements: rows.map(({ id }) => id).toSorted(),
    findings: rows
      .flatMap(({ id, findings }) => findings.map((each) => `${id} ${each.subject} ${each.outcome}`))
      .toSorted(),
  };
}

const always = () => true;

type Case = readonly [name: string, fragment: string, wanted: ReturnType<typeof expected>];

const cases: readonly Case[] = [
  ['nothing', '', expected(always)],
  ['one verdict', '#?verdict=unmet', expected(({ verdict }) => verdict === 'unmet')],
  [
    'two verdicts',
    '#?verdict=partial&verdict=not-applicable',
    expected(({ verdict }) => verdict === 'partial' || verdict === 'not-applicable'),
  ],
  ['a part', '#?part=risk', expected(({ part }) => part === 'risk')],
  [
    'a verdict of a part',
    '#?verdict=unproven&part=technology',
    expected(({ verdict, part }) => verdict === 'unproven' && part === 'technology'),
  ],
  ['the outcome of findings', '#?outcome=unmet', expected(always, ({ outcome }) => outcome === 'unmet')],
  ['a basis', '#?basis=attested', expected(always, ({ basis }) => basis === 'attested')],
  [
    'filed, unmet findings',
    '#?basis=filed&outcome=unmet',
    expected(always, ({ basis, outcome }) => basis === 'filed' && outcome === 'unmet'),
  ],
  [
    'a subject by its whole name',
    `#?subject=${encodeURIComponent('业务数据库')}`,
    expected(always, ({ subject }) => subject === '业务数据库'),
  ],
  [
    'a subject by a part of its name',
    '#?subject=VAR%2FLOG',
    expected(always, ({ subject }) => subject.includes('var/log')),
  ],
  ['a word of a finding', '#?q=permission', expected(always, ({ text }) => text.zh.includes('permission'))],
  ['an id, in small letters', '#?q=qd-5.3-2', expected(({ id }) => id === 'QD-5.3-2')],
  [
    'an id in full-width letters',
    `#?q=${encodeURIComponent('ＱＤ－５．３－２')}`,
    expected(({ id }) => id === 'QD-5.3-2'),
  ],
  ['the id of a finding', `#?q=${listed[5]?.id}`, expected(always, ({ id }) => id === listed[5]?.id)],
  ['what nobody says', '#?q=%E9%BE%98%E9%BE%98', expected(() => false)],
  ['an unknown verdict', '#?verdict=splendid&color=red', expected(always)],
];

describe('the filter of an address shows exactly what it asks for', () => {
  let open: OpenPage;

  beforeAll(async () => {
    open = await openPage(browser, pages.zh);
  });

  test.each(cases)('%s', async (_, fragment, wanted) => {
    const { page, complaints } = open;
    await page.evaluate(`new Promise((done) => {
      if (location.hash === ${JSON.stringify(fragment)}) done();
      addEventListener('hashchange', done, { once: true });
      location.hash = ${JSON.stringify(fragment)};
    })`);
    const { showing, requirements: ids } = await seenRows(page);
    await press(page, 'unfold');
    const { findings } = await seenRows(page);
    expect({ requirements: ids.toSorted(), findings: findings.toSorted() }).toEqual(wanted);
    expect(showing).toContain(`显示 ${wanted.requirements.length} 项要求、${wanted.findings.length} 项发现`);
    const isUnmet = (finding: string) => finding.endsWith(' unmet');
    const faulty = requirements.filter(({ verdict }) => verdict === 'unmet' || verdict === 'partial');
    const rows = faulty.filter(({ id }) => !wanted.requirements.includes(id)).length;
    const all = expected(({ verdict }) => verdict !== 'not-applicable').findings.filter(isUnmet).length;
    const hidden = all - wanted.findings.filter(isUnmet).length;
    if (rows + hidden === 0) expect(showing).not.toContain('未显示的有');
    else expect(showing).toContain(`不符合或者部分符合的要求 ${rows} 项，不符合的发现 ${hidden} 项`);
    expect(complaints).toEqual([]);
  });
});

test('the fixture has what the cases ask for', () => {
  expect(
    cases.filter(([, fragment, { requirements: ids }]) => ids.length === 0 && !fragment.includes('%E9%BE%98')),
  ).toEqual([]);
});

describe.each(languages)('in %s', (language) => {
  test('boxes and words narrow the rows, the count and the address follow, one button clears all', async () => {
    const { page, complaints } = await openPage(browser, pages[language]);
    const before = await seenRows(page);
    const unmet = expected(({ verdict }) => verdict === 'unmet');
    await tick(page, 'unmet');
    const after = await seenRows(page);
    expect(after.requirements.toSorted()).toEqual(unmet.requirements);
    expect(after.fragment).toMatch(/^#\?(verdict|outcome)=unmet$/);
    const [rows, findings] = [unmet.requirements.length, unmet.findings.length];
    expect(after.showing).toContain(
      language === 'zh'
        ? `显示 ${rows} 项要求、${findings} 项发现`
        : `Shown: requirements ${rows}, findings ${findings}`,
    );
    // What is no requirement is out of the way: no cover, no contents, no other chapter.
    expect(after.chapters).toBeLessThanOrEqual(3);
    const [first = ''] = unmet.requirements;
    await type(page, 'q', first.toLowerCase());
    expect((await seenRows(page)).requirements).toEqual([first]);
    await page.waitForFunction(`location.hash.includes('q=${first.toLowerCase()}')`);
    await press(page, 'clear');
    expect(await seenRows(page)).toEqual(before);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test('words may stand in a requirement and in its finding; few results are unfolded, and folded again', async () => {
  const { page } = await openPage(browser, pages.zh);
  const [one] = requirements.filter(({ findings }) => findings.some(({ text }) => text.zh.includes('permission')));
  await type(page, 'q', `${one?.id} PERMISSION`);
  const { requirements: ids, open, findings } = await seenRows(page);
  expect(ids).toEqual([one?.id]);
  expect(open).toEqual([one?.id]);
  expect(findings).toHaveLength(1);
  expect(await page.$eval(`details[open] .matching`, (element) => element.textContent)).toContain('筛选显示 1 项');
  await press(page, 'clear');
  expect((await seenRows(page)).open).toEqual([]);
  await page.close();
});

test('evidence ids and addresses are found', async () => {
  const { page } = await openPage(browser, pages.zh);
  const cited = listed.find(({ cites }) => cites.length > 0)?.cites[0] ?? '';
  await type(page, 'q', cited);
  const { requirements: ids } = await seenRows(page);
  expect(ids).toEqual(
    requirements.filter((row) => row.findings.some(({ cites }) => cites.includes(cited))).map(({ id }) => id),
  );
  await page.close();
});
