import { describe, expect, test } from 'vitest';
import type { AssessedAnnex, AssessedTopic } from '../../../src/assessment/annex/annex-schema.ts';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { annexTexts } from '../../../src/reporters/words/annex.ts';
import { languages, verbatim } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { withoutOwnScript } from './own-script.ts';

const { index, requirements } = assessmentFixture();
const [first, second] = index.map(({ id }) => id);
const [one, other] = requirements.map(({ id }) => id);
if (!first || !second || !one || !other) throw new Error('the fixture has too little');

const topic = (value: Partial<AssessedTopic>): AssessedTopic => ({
  ...{ key: 'network', title: { zh: '网络环境', en: 'Network' }, entries: [], tables: [], requirements: [] },
  ...value,
});

const annex = (...topics: AssessedTopic[]): AssessedAnnex => ({
  title: { zh: '项目情况', en: 'The project' },
  cites: [{ source: 'QD', clause: '附件1' }],
  parts: [
    { title: { zh: '业务部分', en: 'Business' }, topics: [] },
    { title: { zh: '技术部分', en: 'Technology' }, topics },
  ],
});

const pageWith = (language: 'zh' | 'en', ...topics: AssessedTopic[]): string =>
  renderHtml(
    assessmentFixture((body) => {
      body.annex = annex(...topics);
    }),
    language,
  );

/** The annex alone. */
const annexIn = (page: string): string =>
  page.slice(page.indexOf('<section class="chapter annex">'), page.lastIndexOf('</main>'));

describe.each(languages)('the annex in %s', (language) => {
  const zh = language === 'zh';

  test('stands last, in the contents with its parts, numbered as official documents are', () => {
    const page = pageWith(language, topic({ unseen: true }));
    const headings = [...annexIn(page).matchAll(/<h[234] id="([^"]+)">([^<]*)</g)].map(([, anchor, title]) => [
      anchor,
      title,
    ]);
    expect(headings).toEqual([
      ['a', zh ? '附件：项目情况' : 'Annex: The project'],
      ['a-1', zh ? '一、业务部分' : 'A.1 Business'],
      ['a-2', zh ? '二、技术部分' : 'A.2 Technology'],
      ['a-2-1', zh ? '（一）网络环境' : 'A.2.1 Network'],
    ]);
    const contents = [...page.matchAll(/<li class="level-(\d)"><a href="#(a[^"]*)"/g)].map(([, level, anchor]) => [
      level,
      anchor,
    ]);
    expect(contents).toEqual([
      ['1', 'a'],
      ['2', 'a-1'],
      ['2', 'a-2'],
    ]);
    expect(page.indexOf('id="a"')).toBeGreaterThan(page.indexOf('id="c-8-2"'));
  });

  test('cites the clauses that ask for a project report, and claims to be no official form', () => {
    const text = textOfHtml(annexIn(pageWith(language)));
    expect(text).toContain(
      zh ? '《青岛市税务局乐企联用服务指引（试行）》附件1' : 'Qingdao joint-use guidance (trial), 附件1,',
    );
    expect(text).toContain(zh ? '不是官方表式' : 'not an official form');
  });

  test('a topic of which nothing is known says so, and only such a one', () => {
    expect(textOfHtml(annexIn(pageWith(language, topic({ unseen: true }))))).toContain(annexTexts.unseen[language]);
    expect(textOfHtml(annexIn(pageWith(language, topic({}))))).not.toContain(annexTexts.unseen[language]);
  });

  test('entries, rows and requirements lead to their evidence, verdict and place', () => {
    const page = annexIn(
      pageWith(
        language,
        topic({
          entries: [{ label: { zh: '部署地', en: 'Place' }, text: verbatim('X'), cites: [first] }],
          tables: [
            {
              title: { zh: '主机', en: 'Hosts' },
              head: [{ zh: '主机', en: 'Host' }],
              rows: [{ cells: [verbatim('web')], cites: [second, 'E-ffffffffff'] }],
              cites: [],
              more: 140,
            },
          ],
          requirements: [other, one, 'gone'],
        }),
      ),
    );
    expect(page).toContain(
      `<th scope="row">${zh ? '部署地' : 'Place'}</th><td>X</td><td class="ids"><a href="#e-1">${first}</a>`,
    );
    expect(page).toContain(`<td>web</td><td class="ids"><a href="#e-2">${second}</a> E-ffffffffff `);
    expect(page).toContain(zh ? '另有 140 行未列出' : '140 more rows are not listed');
    const rows = [...page.matchAll(/<a class="row-id" href="#(r-\d+)">([^<]+)<\/a>.*?class="badge is-([a-z-]+)"/g)].map(
      ([, ...row]) => row,
    );
    const verdictOf = (id: string) => requirements.find((row) => row.id === id)?.verdict;
    expect(rows).toEqual([
      ['r-2', other, verdictOf(other)],
      ['r-1', one, verdictOf(one)],
    ]);
  });

  test('evidence of a table as a whole stands below it, of many the first', () => {
    const cites = Array.from({ length: 9 }, (_, number) => `E-000000000${number}`);
    const table = { title: verbatim('T'), head: [verbatim('H')], rows: [{ cells: [verbatim('c')], cites: [] }], cites };
    const text = textOfHtml(annexIn(pageWith(language, topic({ tables: [table] }))));
    expect(text).toContain('E-0000000005');
    expect(text).not.toContain('E-0000000006');
    expect(text).toContain(zh ? '等共 9 件' : '9 in all');
  });

  test('what comes from outside is text, long text ends with its hash, and every link leads somewhere', () => {
    const hostile = verbatim('<script>alert(1)</script>\u202e{{x}}\u0007');
    const long = verbatim('長'.repeat(5000));
    const page = pageWith(
      language,
      topic({
        entries: [{ label: hostile, text: hostile, cites: [first] }],
        tables: [{ title: hostile, head: [hostile], rows: [{ cells: [long], cites: [] }], cites: [] }],
        requirements: [one],
      }),
    );
    for (const each of ['<script', '\u202e', '\u0007']) expect(withoutOwnScript(page)).not.toContain(each);
    expect(annexIn(page)).toContain('&lt;script&gt;');
    expect(annexIn(page)).not.toContain('長'.repeat(601));
    expect(textOfHtml(annexIn(page))).toMatch(/SHA-256/);
    const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, target]) => target);
    expect(links.filter((target) => !places.has(target))).toEqual([]);
  });
});

test('where the profile arranges none there is neither annex nor a line for it', () => {
  const page = renderHtml(assessmentFixture(), 'zh');
  expect(page).not.toContain('href="#a"');
  expect(page).not.toContain('附件：');
});
