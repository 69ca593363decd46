import { describe, expect, test } from 'vitest';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { nameOf } from '../../../src/reporters/plain.ts';
import { languages } from '../../../src/text.ts';
import { largePlatform } from '../../support/large-platform/large-platform.ts';

const { assessment } = await largePlatform({ hosts: 25 });
const findings = assessment.requirements.flatMap((row) => row.findings);
const hash = /^[0-9a-f]{64}$/;

describe.each(languages)('a platform of 25 hosts on paper in %s', (language) => {
  const page = renderHtml(assessment, language, {});
  const text = textOfHtml(page);

  const missing = (wanted: readonly string[]): string[] => [...new Set(wanted)].filter((each) => !text.includes(each));

  test('folds what is alike', () => {
    expect(page.match(/<td><span class="outcome/g)?.length).toBeLessThan(findings.length / 2);
  });

  test('loses no subject, no open finding and no requirement', () => {
    expect(missing(findings.map((each) => nameOf(each, language)))).toEqual([]);
    const open = findings.filter(({ outcome }) => outcome === 'unmet' || outcome === 'unproven');
    expect(open.length).toBeGreaterThan(50);
    expect(missing(open.flatMap(({ id }) => id ?? []))).toEqual([]);
    expect(missing(assessment.requirements.map(({ id }) => id))).toEqual([]);
  });

  test('lists every observation with the whole of its hash', () => {
    expect(missing(assessment.index.map(({ id }) => id))).toEqual([]);
    expect(missing(assessment.index.flatMap(({ raw }) => raw ?? []))).toEqual([]);
  });

  test('has the whole of each hash that a finding gives by its start', () => {
    const given = findings.flatMap((finding) =>
      finding.text[language].split(/[\s，。；、,;]/).filter((word) => hash.test(word)),
    );
    expect(given.length).toBeGreaterThan(5);
    expect(missing(given)).toEqual([]);
    const [first = ''] = given;
    expect(text).toContain(`${first.slice(0, 12)}…`);
  });

  test('has a place for each link', () => {
    const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => id?.startsWith('g-')).length).toBeGreaterThan(10);
    expect(links.filter((id) => !anchors.has(id))).toEqual([]);
  });

  test('says in words how each kind of evidence was got', () => {
    expect(text).toContain(
      language === 'zh' ? '在主机上只读列出包过滤规则。' : 'the rules of the packet filter were listed',
    );
  });
});
