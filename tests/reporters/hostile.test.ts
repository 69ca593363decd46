import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml, textOfHtml } from '../../src/reporters/html/html.ts';
import { withChromium } from '../../src/reporters/pdf/chromium.ts';
import { pdf } from '../../src/reporters/pdf/pdf.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { closedGate } from './gate.ts';
import { withoutOwnScript } from './html/own-script.ts';
import { look } from './pdf/poppler.ts';

/** Counts whoever connects. */
let listener: Server;
let connections = 0;
let url: string;

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(() => listener.close());

const word = 'x'.repeat(10_000);

function hostileAssessment() {
  const markup = `</td></table></style><script>fetch('${url}')</script><img src=${url}/a.png><base href="${url}"><style>*{display:none}</style>`;
  return assessmentFixture((body) => {
    body.unit.name = `公司"; } @import url(${url}); </style>${markup}`;
    body.platform.name = '{{number}} {{{unit}}} {{> cover}}';
    body.profile.title = { zh: `规范\u202e倒写\u202c${markup}`, en: markup };
    for (const requirement of body.requirements) {
      const [finding] = requirement.findings;
      if (finding) finding.text = { zh: `${markup} {{x}} \u202e反向\u202c 😀✅ ⼾ 户 ☑ Ελληνικά`, en: markup };
    }
    const [first, second, third] = body.requirements.filter((each) => each.findings.length > 0);
    const long = (text: string) => ({ zh: text, en: text });
    if (first?.findings[0]) first.findings[0].text = long(word);
    if (second?.findings[0]) second.findings[0].subject = word;
    if (third) third.title = long(`题${'长'.repeat(400)}☑`);
    if (third) third.id = `QD-${'9'.repeat(300)}`;
    body.profile.sources.QD = { title: long(word), issued: word };
    body.evidence.contacts.push({ address: word, by: word, times: 1 });
    for (const entry of body.index.slice(0, 5)) entry.method = word;
    for (const entry of body.index.slice(5, 10)) entry.method = markup;
  });
}

describe('a hostile assessment', () => {
  test('stays text in the page', () => {
    const page = renderHtml(hostileAssessment(), 'zh');
    expect(withoutOwnScript(page)).not.toMatch(/<script|<img|<base/i);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1]).not.toContain(url);
    const text = textOfHtml(page);
    expect(text).toContain(`<script>fetch('${url}')</script>`);
    expect(text).toContain('{{number}} {{{unit}}} {{> cover}}');
    expect(text).toContain('{{x}} ·反向· 〔U+1F600〕〔U+2705〕 ⼾ 户 ☑ Ελληνικά');
    expect(text).not.toContain(word);
    expect(text).toMatch(/x{1200}……（全文 10000 字，此处从略；全文 SHA-256：[0-9a-f]{64}）/);
  });

  test('becomes a PDF within its margins, contacting nobody', async () => {
    const { bytes } = await pdf.render(hostileAssessment(), { language: 'zh', gate: closedGate() });
    const { text, fonts, info } = await look(bytes);
    expect(text.replace(/\s/g, '')).toContain(`<script>fetch('${url}')</script>`);
    expect(fonts.filter((line) => line.includes('Type 3'))).toEqual([]);
    expect(info.get('JavaScript')).toBe('no');
    expect(connections).toBe(0);
    expect(Number(info.get('Pages'))).toBeLessThan(80);
  });
});

// Markup that has got into the page: what Chromium is kept from, should the escaping ever fail.
const vectors = () => [
  `<script>fetch('${url}/fetch');document.body.append('RAN')</script>`,
  `<img src="${url}/img" onerror="document.body.append('RAN')">`,
  `<iframe src="${url}/frame"></iframe><object data="${url}/object"></object><embed src="${url}/embed">`,
  '<iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object>',
  `<link rel="stylesheet" href="${url}/css"><link rel="preconnect" href="${url}"><link rel="prefetch" href="${url}/p">`,
  `<style>@import url("${url}/import"); @font-face { font-family: q; src: url(${url}/font) } p { font-family: q }</style>`,
  `<svg><image href="${url}/svg"/></svg><video src="${url}/video" poster="${url}/poster"></video>`,
  `<meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/base/">`,
  `<form action="${url}/form"><input autofocus><input type="image" src="${url}/input"></form>`,
];

test('markup that has got in loads nothing and runs nothing', async () => {
  const page = `<!doctype html><html lang="zh-CN"><body><p>正文</p>${vectors().join('\n')}</body></html>`;
  const { result } = await withChromium({ gate: closedGate() }, (print) => print(page));
  const { text } = await look(result);
  expect(text).toContain('正文');
  expect(text).not.toMatch(/RAN|root:/);
  expect(connections).toBe(0);
});
