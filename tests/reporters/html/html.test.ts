import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verdictTitles } from '../../../src/assessment/verdict.ts';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { screenWordsIn } from '../../../src/reporters/words/screen.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

const assessment = assessmentFixture();

describe.each(languages)('the page in %s', (language) => {
  const page = renderHtml(assessment, language);
  const text = textOfHtml(page);

  test('shows every requirement, finding, statement, item of evidence and contact', () => {
    const wanted = [
      assessment.number,
      assessment.unit.name,
      assessment.unit.creditCode,
      assessment.evidence.manifest,
      ...assessment.requirements.flatMap(({ id, title, findings, attest }) => [
        id,
        title[language],
        ...findings.flatMap((finding) => [finding.subject, finding.text[language]]),
        ...(attest ? [attest.text[language]] : []),
      ]),
      ...assessment.index.flatMap(({ id, raw, method }) => [id, raw ?? id, method]),
      ...assessment.evidence.contacts.map((contact) => contact.address),
    ];
    expect(wanted.filter((each) => !text.includes(each))).toEqual([]);
  });

  test('contacts: one row for each address and program, however many ports', () => {
    const scanned = Array.from({ length: 90 }, (_, index) => ({
      address: '10.9.9.9',
      port: 2 * index + 1,
      by: 'scan',
      times: 2,
    }));
    const few = [80, 81, 82].map((port) => ({ address: '10.9.9.9', port, by: 'tls', times: 1 }));
    const contacts = [...scanned, ...few];
    const shown = renderHtml({ ...assessment, evidence: { ...assessment.evidence, contacts } }, language);
    const rows = [...shown.matchAll(/<tr><td>10\.9\.9\.9<\/td>(.*)<\/tr>/g)].map(([, cells = '']) => cells);
    const ninety = language === 'zh' ? '90 个端口' : '90 ports';
    expect(rows).toEqual([`<td>scan</td><td>${ninety}</td><td>180</td>`, '<td>tls</td><td>80-82</td><td>3</td>']);
  });

  test('contacts: addresses that follow each other are a range, and no row is longer than a page', () => {
    const spread = Array.from({ length: 300 }, (_, index) => `10.${index % 7}.${Math.floor(index / 7)}.9`);
    const close = Array.from({ length: 200 }, (_, index) => `10.20.0.${index + 1}`);
    const named = ['db.internal', '2001:db8::1', '2001:db8::2', '2001:db8::3', '10.20.1.1', '10.20.1.2', '010.0.0.1'];
    const contact = (by: string) => (address: string) => ({ address, port: 22, by, times: 2 });
    const contacts = [
      ...spread.map(contact('spread')),
      ...close.map(contact('close')),
      ...named.map(contact('named')),
      { address: '10.255.255.255', port: 1, by: 'edge', times: 1 },
      { address: '11.0.0.1', port: 1, by: 'edge', times: 1 },
      { address: '11.0.0.0', port: 1, by: 'edge', times: 1 },
    ];
    const shown = renderHtml({ ...assessment, evidence: { ...assessment.evidence, contacts } }, language);
    const rowsBy = (by: string) =>
      [...shown.matchAll(new RegExp(`<tr><td>([^<]*)</td><td>${by}</td><td>[^<]*</td><td>(\\d+)</td>`, 'g'))].map(
        ([, addresses = '', times]) => ({ addresses: addresses.split(/、|, /), times: Number(times) }),
      );
    expect(rowsBy('close')).toEqual([{ addresses: ['10.20.0.1–10.20.0.200'], times: 400 }]);
    expect(rowsBy('edge')).toEqual([{ addresses: ['10.255.255.255–11.0.0.1'], times: 3 }]);
    expect(rowsBy('named')).toEqual([
      {
        addresses: ['10.20.1.1', '10.20.1.2', 'db.internal', '2001:db8::1', '2001:db8::2', '2001:db8::3', '010.0.0.1'],
        times: 14,
      },
    ]);
    const rows = rowsBy('spread');
    expect(rows.flatMap(({ addresses }) => addresses).toSorted()).toEqual(spread.toSorted());
    expect(Math.max(...rows.map(({ addresses }) => addresses.length))).toBeLessThan(30);
    expect(rows.reduce((sum, { times }) => sum + times, 0)).toBe(600);
  });

  test('lists of each requirement what is open first, one finding a row', () => {
    const listed = assessment.requirements.filter(({ verdict }) => verdict !== 'not-applicable');
    const order = ['unmet', 'unproven', 'met', 'not-applicable'];
    for (const { id, findings } of listed) {
      const own = page.slice(page.indexOf(`id="${id}" data-verdict`)).split('</details>')[0] ?? '';
      const outcomes = [...own.matchAll(/<tr[^>]* data-outcome="([^"]*)"/g)].map(([, outcome = '']) => outcome);
      expect(outcomes, id).toEqual(
        findings.map(({ outcome }) => outcome).toSorted((one, other) => order.indexOf(one) - order.indexOf(other)),
      );
    }
  });

  test('names every verdict and its count', () => {
    for (const [verdict, title] of Object.entries(verdictTitles)) {
      expect(text).toContain(title[language]);
      expect(assessment.requirements.some((each) => each.verdict === verdict)).toBe(true);
    }
    expect(text).toContain(
      language === 'zh' ? '符合 33 项，部分符合 1 项，不符合 5 项，待确认 8 项' : '33 met, 1 partially',
    );
  });

  test('each link leads to a place in the page, and each place stands once', () => {
    const places = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, target]) => target);
    expect(new Set(places).size).toBe(places.length);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((target) => !places.some((place) => target === `#${place}`))).toEqual([]);
  });

  test('loads nothing, and allows its own style sheet and script by hash only', () => {
    expect(page).not.toMatch(/<link|<img|<iframe| style=| on\w+=|https?:|url\(|@import/i);
    const hashes = ['script type="module"', 'style'].map((tag) => {
      const own = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag.slice(0, 6).trim()}`, 'g'))];
      expect(own).toHaveLength(1);
      return createHash('sha256')
        .update(own[0]?.[1] ?? '')
        .digest('base64');
    });
    expect(page.match(/<script|<style/g)).toHaveLength(2);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1] ?? '';
    expect(textOfHtml(policy)).toBe(
      `default-src 'none'; script-src 'sha256-${hashes[0]}'; require-trusted-types-for 'script'; trusted-types 'none'; style-src 'sha256-${hashes[1]}'; form-action 'none'; base-uri 'none'`,
    );
  });

  test('has no script, no controls and nothing folded on paper', () => {
    const paper = renderHtml(assessment, language, {});
    expect(paper).not.toMatch(/<script|<form|<button|<input|<details|<summary|script-src/);
    expect(textOfHtml(paper)).not.toContain(screenWordsIn(language).clear);
  });

  test('is the same bytes in another time zone and locale', () => {
    const script = `
      import { createHash } from 'node:crypto';
      import { assessmentFixture } from './tests/fixtures/assessment.ts';
      import { renderHtml } from './src/reporters/html/html.ts';
      console.log(createHash('sha256').update(renderHtml(assessmentFixture(), '${language}')).digest('hex'));`;
    const elsewhere = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TZ: 'America/New_York', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
      encoding: 'utf8',
    });
    expect(elsewhere.trim()).toBe(createHash('sha256').update(page).digest('hex'));
  });
});

test('the contents page has page numbers on paper only', () => {
  const paper = renderHtml(assessment, 'zh', { pages: new Map([['c-1', 3]]) });
  expect(paper).toContain('<b class="page">3</b>');
  // Until a page is known, as many digits stand for it.
  expect(paper).toMatch(/<b class="page">\d{3}<\/b>/);
  expect(renderHtml(assessment, 'zh')).not.toContain('class="page"');
});

test('an assessment with nothing open, no evidence and no contacts has its sentences for that', () => {
  const empty = assessmentFixture((body) => {
    body.requirements = body.requirements.filter((each) => each.verdict === 'not-applicable');
    body.index = [];
    body.evidence.contacts = [];
  });
  const text = textOfHtml(renderHtml(empty, 'zh'));
  expect(text).toContain('没有判定为不符合、部分符合或待确认的要求');
  expect(text).toContain('本次取证没有打开任何网络连接');
  expect(text).toContain('本部分没有适用于本次事项的要求');
  expect(text).toContain('本次评估没有须由人员声明的事项');
});
