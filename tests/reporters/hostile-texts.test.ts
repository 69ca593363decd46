import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/assessment/assessment.ts';
import { textOfHtml } from '../../src/reporters/html/html.ts';
import type { Format } from '../../src/reporters/index.ts';
import { columns, summary, widthOf } from '../../src/reporters/terminal/terminal.ts';
import { languages } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { inFolder } from '../support/folder.ts';
import { withoutOwnScript } from './html/own-script.ts';
import { oscalReferenceMistakes, oscalSchema } from './oscal/model.ts';
import { rendered, renderedText } from './rendered.ts';
import { assessmentMistakes, junitMistakes, sarifMistakes } from './schemas.ts';
import { elementsOf, openWorkbook } from './xlsx/workbook.ts';

/** What a machine, a paper or a profile might say, and how a reader sees it; `page` where the report's fonts ask for more. */
type Hostile = { readonly name: string; readonly raw: string; readonly seen: string; readonly page?: string };

const same = (name: string, raw: string): Hostile => ({ name, raw, seen: raw });

const texts: readonly Hostile[] = [
  same('markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'),
  same('markup that ends its element', '</td></style>--></script>]]>&amp;&#0;'),
  same('a template', '{{constructor}} {{{x}}} {{> cover}} <%= x %> {0}'),
  same('a formula', '=HYPERLINK("http://127.0.0.1","x")'),
  same('a command', "@SUM(1+1)*cmd|' /C calc'!A0"),
  same('a link', '[x](javascript:alert(1)) `a` **b** _c_'),
  same('quotes and backslashes', '"\'\\u0041\\n;,\\'),
  same('escapes of a workbook', '_x000D__x0041_'),
  { name: 'right to left', raw: 'a\u202eb\u202c\u2066c\u2069\u200f', seen: 'a·b··c··' },
  { name: 'no width', raw: 'a\u200bb\u00adc\ufeff\u2060', seen: 'a〔U+200B〕b〔U+00AD〕c〔U+FEFF〕〔U+2060〕' },
  { name: 'combining marks', raw: 'x\u0302\u0302', seen: 'x\u0302\u0302', page: 'x〔U+0302〕〔U+0302〕' },
  { name: 'emoji', raw: '😀✅', seen: '😀✅', page: '〔U+1F600〕〔U+2705〕' },
  { name: 'terminal escapes', raw: '\u001b[31m\u001b]0;x\u0007\u009b2J', seen: '·[31m·]0;x··2J' },
  { name: 'NUL', raw: 'a\u0000b', seen: 'a·b' },
  { name: 'half a pair', raw: 'a\ud800b\udc00', seen: 'a\ufffdb\ufffd' },
  { name: 'what XML forbids', raw: 'a\u0008\u000c\ufffe\uffffb', seen: 'a··〔U+FFFE〕〔U+FFFF〕b' },
  { name: 'separators of lines', raw: 'a\u2028b\u2029c\u0085d', seen: 'a〔U+2028〕b〔U+2029〕c·d' },
  { name: 'private use and tags', raw: '\ue000\u{e0041}', seen: '〔U+E000〕〔U+E0041〕' },
];

/** A small assessment that says it wherever something untrusted can stand, in the rows of these verdicts. */
function saying(raw: string, verdicts: readonly string[] = ['unmet', 'unproven', 'met', 'partial']): Assessment {
  const both = { zh: raw, en: raw };
  return assessmentFixture((body) => {
    const rows = verdicts.flatMap((verdict) =>
      body.requirements.filter((row) => row.verdict === verdict && row.findings.length > 0).slice(0, 1),
    );
    const [none] = body.requirements.filter(({ findings }) => findings.length === 0);
    const cited = new Set(rows.flatMap(({ findings }) => findings.flatMap(({ cites }) => cites)));
    body.requirements = [...rows, ...(none ? [none] : [])];
    body.index = body.index.filter(({ id }) => cited.has(id));
    body.unit.name = raw;
    body.platform.name = raw;
    body.profile.title = both;
    body.profile.sources = { QD: { title: both, issued: raw } };
    for (const row of body.requirements) {
      Object.assign(row, { title: both, remedy: both, ifMissed: both });
      if (row.reason) row.reason = both;
      for (const finding of row.findings)
        Object.assign(finding, {
          ...{ subject: raw, says: raw, text: both, remedy: both },
          figure: { amount: both, threshold: both, margin: both },
        });
    }
    for (const entry of body.index) Object.assign(entry, { subject: raw, method: raw, zone: raw, collector: raw });
    for (const contact of body.evidence.contacts) Object.assign(contact, { address: raw, by: raw });
    const [first] = rows;
    if (first) {
      const dates = { from: '2026-11-01', until: '2027-01-31', state: 'active' } as const;
      body.waivers = [
        { id: 'W-1', requirement: first.id, reason: raw, approver: raw, ticket: raw, paper: raw, ...dates },
      ];
      first.remaining = 'none';
      for (const finding of first.findings) if (finding.outcome !== 'met') finding.waiver = 'W-1';
    }
    const [entry] = body.index;
    if (entry) entry.unobserved = { reason: 'failed', detail: raw };
  });
}

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : [];

/** Every text that a reader of the format would see; fails where the format's own rules are broken. */
const readers: Readonly<Record<Exclude<Format, 'pdf'>, (assessment: Assessment) => Promise<readonly string[]>>> = {
  async csv(assessment) {
    const rows: string[][] = parse(await renderedText('csv', assessment, 'zh'), {
      bom: true,
      record_delimiter: '\r\n',
    });
    const cells = rows.flat();
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    return cells;
  },
  async html(assessment) {
    const page = await renderedText('html', assessment, 'zh');
    expect(withoutOwnScript(page)).not.toMatch(/<script|<img|<iframe| on\w+=/i);
    return [textOfHtml(page)];
  },
  async json(assessment) {
    const text = await renderedText('json', assessment, 'zh');
    const data: unknown = JSON.parse(text);
    expect(assessmentMistakes(data)).toEqual([]);
    expect(data).toEqual(assessment);
    return [text];
  },
  async junit(assessment) {
    const text = await renderedText('junit', assessment, 'zh');
    await inFolder({ 'report.xml': text }, async (at) => expect(junitMistakes(at('report.xml'))).toBe(''));
    return elementsOf(text).flatMap((element) => [element.text, ...Object.values(element.attributes)]);
  },
  async oscal(assessment) {
    const document = oscalSchema.parse(JSON.parse(await renderedText('oscal', assessment, 'zh')));
    expect(oscalReferenceMistakes(document)).toEqual([]);
    // A reader of Markdown drops the backslash before a sign.
    return stringsIn(document).map((text) => text.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
  },
  async sarif(assessment) {
    const log: unknown = JSON.parse(await renderedText('sarif', assessment, 'zh'));
    expect(sarifMistakes(log)).toEqual([]);
    const messages = [...JSON.stringify(log).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? '');
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.filter((text) => /(?<!\\)\]\(|(?<!\{)(?:\{\{)*\{0\}/.test(text))).toEqual([]);
    return stringsIn(log).map((text) => text.replace(/\{\{|\}\}/g, (pair) => pair.slice(1)).replaceAll('\\](', ']('));
  },
  async xlsx(assessment) {
    const { sheets, parts } = openWorkbook(await rendered('xlsx', assessment, 'zh'));
    expect([...parts.values()].filter((xml) => xml.includes('<f>'))).toEqual([]);
    return sheets.flatMap(({ rows }) => rows.flat());
  },
};

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for
// What would be obeyed, hidden or refused by some reader; line breaks and tabs are not.
const harmful = /[\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/** What colours a text of ours on a terminal. */
const colour = /\u001b\[\d+m/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for

describe.each(Object.entries(readers))('%s', (format, read) => {
  test.each(texts)('shows $name harmlessly', async ({ raw, seen, page }) => {
    const assessment = saying(raw);
    const words = await read(assessment);
    if (format === 'json') {
      expect(words.join('')).not.toMatch(harmful);
      return;
    }
    // The library that writes workbooks would drop the replacement character.
    const inCells = seen.replaceAll('\ufffd', '〔U+FFFD〕');
    const expected = format === 'html' ? (page ?? seen) : format === 'xlsx' ? inCells : seen;
    expect(words.filter((each) => each.includes(expected)).length).toBeGreaterThan(format === 'html' ? 0 : 5);
    expect(words.filter((each) => harmful.test(each))).toEqual([]);
  });

  test('shows of a word of a million letters that it is not whole', async () => {
    const words = await read(saying('W'.repeat(1_000_000), ['unproven']));
    if (format === 'json') return;
    const cut = words.filter((each) => /W{100}/.test(each));
    expect(cut.length).toBeGreaterThan(0);
    const silent = cut.filter((each) => !/W…(…（全文 \d{7,} 字| \(\d{7,} characters).*[0-9a-f]{64}[）)]/.test(each));
    expect(silent.map((each) => each.slice(0, 80))).toEqual([]);
    if (format !== 'html') expect(Math.max(...cut.map(({ length }) => length))).toBeLessThanOrEqual(32_767);
  });
});

describe.each(languages)('the terminal in %s', (language) => {
  test.each(texts)('shows $name harmlessly', ({ raw, seen }) => {
    const lines = summary(saying(raw), language).split('\n');
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(line.replace(colour, '')).not.toMatch(harmful);
    }
    expect(lines.join('')).toContain(seen.slice(0, 20));
  });

  test('a word of a million letters takes one line, and no time', () => {
    const long = saying('W'.repeat(1_000_000), ['unmet']);
    const started = performance.now();
    const lines = summary(long, language).split('\n');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
