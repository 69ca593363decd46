import { PDFDocument } from '@cantoo/pdf-lib';
import type { Assessment } from '../../assessment/assessment.ts';
import { signPdf } from '../../signing/pdf.ts';
import type { Signer } from '../../signing/signer.ts';
import type { Language } from '../../text.ts';
import { margin, type Paper, renderHtml, sideways, textOfHtml } from '../html/html.ts';
import { titleOf } from '../html/view.ts';
import { assessmentJson } from '../json.ts';
import type { Renderer } from '../reporter.ts';
import { shown } from '../show.ts';
import { wordsIn } from '../words/report.ts';
import { checkPdf } from './checks.ts';
import { type Print, withChromium } from './chromium.ts';
import { areaOf, correctDestinations, correctToUnicode, describe, destinationPages, digestOf } from './finish.ts';
import { glyphMaps } from './fonts.ts';
import { renumberTags } from './tags.ts';
import { readingsOf } from './to-unicode.ts';

/** The report on paper, with the assessment attached. Delivered only after it was read back and found whole. */
export const pdf: Renderer = {
  async render(assessment, { language, signer, series, ...chromium }) {
    const page = (paper: Paper): string => renderHtml(assessment, language, { ...paper, signer }, series);
    const { result, notes } = await withChromium(chromium, (print) => printTwice(page, print));
    return { bytes: await finished(assessment, language, result, signer), notes };
  },
};

type Printed = { readonly html: string; readonly bytes: Uint8Array; readonly pages: ReadonlyMap<string, number> };

// Only a print says on which page a chapter begins; the contents page has numbers of fixed width, so that the second print breaks
// at the same places.
async function printTwice(page: (paper: Paper) => string, print: Print): Promise<Printed> {
  const draft = await print(page({}), 'draft');
  const pages = destinationPages(await PDFDocument.load(draft, { updateMetadata: false }));
  const html = page({ pages });
  return { html, bytes: await print(html, 'final'), pages };
}

async function finished(
  assessment: Assessment,
  language: Language,
  printed: Printed,
  signer: Signer | undefined,
): Promise<Uint8Array> {
  const { html, bytes, pages } = printed;
  const words = wordsIn(language);
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
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
  const names = [assessment.number, ...assessment.requirements.map(({ id }) => id)].map(shown);
  checkPdf(document, { text, names, readings, pages });
  // Compressed objects halve the file, but the library needs minutes to write a hundred thousand of them.
  const useObjectStreams = document.context.enumerateIndirectObjects().length < 20_000;
  const saved = await document.save({ useObjectStreams, addDefaultPage: false, updateFieldAppearances: false });
  if (!signer) return saved;
  const place = areaOf(document, 'signature-from', 'signature-to');
  return signPdf(saved, signer, place, { reason: words.signatureReason, title: words.electronic + words.signature });
}
