import { PDFDocument } from '@cantoo/pdf-lib';
import type { Assessment } from '../../assessment/assessment.ts';
import { signPdf } from '../../signing/pdf.ts';
import type { Signer } from '../../signing/signer.ts';
import type { Language } from '../../text.ts';
import { renderHtml, textOfHtml } from '../html/html.ts';
import { margin, type Paper, sideways } from '../html/paper.ts';
import { titleOf } from '../html/view.ts';
import { assessmentJson } from '../json.ts';
import type { Renderer } from '../reporter.ts';
import { shown } from '../show.ts';
import { wordsIn } from '../words/report.ts';
import { checkPdf } from './checks.ts';
import { type Print, withChromium } from './chromium.ts';
import { contentsLines, numberContents } from './contents.ts';
import { areaOf, correctDestinations, correctToUnicode, describe, destinationPages, digestOf } from './finish.ts';
import { glyphMaps } from './fonts.ts';
import { renumberTags } from './tags.ts';
import { readingsOf } from './to-unicode.ts';
import { writePdf } from './write.ts';

/** The report on paper, with the assessment attached. Delivered only after it was read back and found whole. */
export const pdf: Renderer = {
  async render(assessment, { language, signer, series, ...chromium }) {
    const page = (paper: Paper): string => renderHtml(assessment, language, { ...paper, signer }, series);
    const { result, notes } = await withChromium(chromium, (print) => printed(page, print));
    return { bytes: await finished(assessment, language, result, signer), notes };
  },
};

type Printed = {
  readonly html: string;
  readonly document: PDFDocument;
  readonly pages: Pages;
};

type Pages = ReadonlyMap<string, number>;

// Only a print says on which page a chapter begins: its numbers are put into the table of contents afterwards. Where that cannot be
// done it is printed again; the numbers are of fixed width, so that the second print breaks at the same places.
async function printed(page: (paper: Paper) => string, print: Print): Promise<Printed> {
  const html = page({});
  const document = await read(await print(html));
  const pages = destinationPages(document);
  if (numberContents(document, contentsLines(html), pages)) return { html, document, pages };
  const numbered = page({ pages });
  return { html: numbered, document: await read(await print(numbered)), pages };
}

function read(bytes: Uint8Array): Promise<PDFDocument> {
  return PDFDocument.load(bytes, { updateMetadata: false });
}

async function finished(
  assessment: Assessment,
  language: Language,
  { html, document, pages }: Printed,
  signer: Signer | undefined,
): Promise<Uint8Array> {
  const words = wordsIn(language);
  const text = textOfHtml(html) + words.pageBefore + words.pageBetween + words.pageAfter;
  const readings = readingsOf(glyphMaps(), text);
  correctToUnicode(document, readings);
  correctDestinations(document, { upright: margin, sideways });
  renumberTags(document);
  await describe(document, {
    title: `${titleOf(assessment, words)} ${shown(assessment.number)}`,
    author: shown(assessment.unit.name),
    subject: shown(assessment.profile.title[language]),
    lang: language === 'zh' ? 'zh-CN' : 'en',
    producer: `${assessment.tool.name} ${assessment.tool.version}`,
    at: new Date(assessment.evidence.to),
    digest: digestOf(html),
    attachment: { name: 'assessment.json', bytes: assessmentJson(assessment), description: words.attachment },
    linkText: words.link,
  });
  const lines = contentsLines(html).map(({ anchor, label }) => `${textOfHtml(label)}${pages.get(anchor)}`);
  const names = [...[assessment.number, ...assessment.requirements.map(({ id }) => id)].map(shown), ...lines];
  checkPdf(document, { text, names, readings, pages });
  const saved = await writePdf(document);
  if (!signer) return saved;
  const place = areaOf(document, 'signature-from', 'signature-to');
  return signPdf(saved, signer, place, { reason: words.signatureReason, title: words.electronic + words.signature });
}
