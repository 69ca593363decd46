import { createHash } from 'node:crypto';
import type { Assessment } from '../../assessment/assessment.ts';
import type { Series } from '../../assessment/history-schema.ts';
import type { Language } from '../../text.ts';
import type { Renderer } from '../reporter.ts';
import { margin, type Paper, sideways } from './paper.ts';
import { loadTemplates } from './templates.ts';
import { type View, viewOf } from './view.ts';
import { screenView } from './view-screen.ts';

/**
 * The report as one HTML file that loads nothing, and in which nothing but its own style sheet and script is allowed. The PDF is
 * printed from the same templates; with `paper` there is no script, nothing to click, and the table of contents has page numbers.
 */
export function renderHtml(assessment: Assessment, language: Language, paper?: Paper, series?: Series): string {
  const templates = loadTemplates();
  const view = viewOf(assessment, language, paper, series);
  const page = {
    ...view,
    ...(paper ? {} : screenView(assessment, language, view)),
    head: assessment.platform.mode === 'joint-use' ? view.words.runningJoint : view.words.running,
    running: runningHeads(view),
    margin,
    sideways,
    chinese: language === 'zh',
    colon: language === 'zh' ? '：' : ': ',
    paged: paper !== undefined,
  };
  return templates.report({ ...page, policy: policyFor(templates.style(page), paper ? '' : templates.script) });
}

type Running = {
  readonly name: string;
  readonly anchors: readonly string[];
  readonly chapter: string;
  readonly isLying: boolean;
};

// A kind of page for each chapter, with its running head; the first two are short and share theirs. The correction plan lies on its
// side, for four of its columns are filled in by hand.
function runningHeads({ contents, rectification, lang }: View): Running[] {
  const heads = contents
    .filter(({ level }) => level === 1)
    .map(({ anchor, number, title }) => ({
      name: anchor,
      anchors: [anchor],
      chapter: number + (lang === 'en' ? ' ' : '') + title,
      isLying: anchor === rectification.heading.anchor,
    }));
  const [first, second, ...others] = heads;
  if (!first || !second) return heads;
  const chapter = `${first.chapter}　${second.chapter}`;
  return [{ ...first, anchors: [first.name, second.name], chapter }, ...others];
}

/** The report as a web page. */
export const html: Renderer = {
  render: async (assessment, { language, series }) => ({
    bytes: Buffer.from(renderHtml(assessment, language, undefined, series), 'utf8'),
    notes: [],
  }),
};

/** The text that a page shows, without its markup: what its print must contain. */
export function textOfHtml(page: string): string {
  const text = page.replace(/<head>[\s\S]*?<\/head>|<[^>]*>/g, '');
  return text.replace(/&(?:#x([0-9A-F]+)|(\w+));/g, (_, code: string | undefined, name: string | undefined) =>
    code ? String.fromCodePoint(Number.parseInt(code, 16)) : (namedCharacters[name ?? ''] ?? ''),
  );
}

// All that Handlebars writes by name.
const namedCharacters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * The content policy of a page: its one style sheet and its one script are allowed by their hashes, so that markup that found its
 * way into the page could bring neither; and the script itself could not make markup out of text.
 */
export function policyFor(style: string, script: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const scripts =
    script === '' ? '' : ` script-src ${hash(script)}; require-trusted-types-for 'script'; trusted-types 'none';`;
  return `default-src 'none';${scripts} style-src ${hash(style)}; form-action 'none'; base-uri 'none'`;
}
