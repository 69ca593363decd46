import { dirname } from 'node:path';
import { Option } from 'commander';
import type { Assessment } from '../assessment/assessment.ts';
import { readAssessment } from '../assessment/file.ts';
import { seriesFor } from '../assessment/history.ts';
import type { Series } from '../assessment/history-schema.ts';
import { InputError } from '../errors.ts';
import { createGate } from '../gate.ts';
import { type Format, reporters, writeReports } from '../reporters/index.ts';
import { createScope } from '../scope.ts';
import type { Signer } from '../signing/signer.ts';
import { type Language, languages, printable } from '../text.ts';
import { type CommandFactory, type Context, createCommand, sayIn } from './context.ts';
import { addSignOptions, manifestToSign, type SignOptions, signerOf, writeSignature } from './signing.ts';

const formats = (Object.keys(reporters) as Format[]).toSorted();

export type ReportOptions = { format: Format[]; reportLang: Language; series?: Series };

/** `leqi-audit report ASSESSMENT`: renders what was assessed. */
export const report: CommandFactory = (context) =>
  addSignOptions(
    createCommand(
      'report',
      context,
      { zh: '由评估结果生成报告', en: 'render an assessment' },
      'report out/assessment.json --format pdf,html',
    )
      .argument('<assessment>')
      .addOption(formatOption(context, 'pdf,html'))
      .addOption(reportLanguageOption(context))
      .option(
        '--history <folder>',
        sayIn(context.language)({
          zh: '历次评估所在目录，报告附趋势图',
          en: 'folder of earlier assessments: the report shows the trend',
        }),
      )
      .option(
        '--out <folder>',
        sayIn(context.language)({
          zh: '输出目录，默认与评估结果相同',
          en: 'output folder; default: beside the assessment',
        }),
      ),
    context,
  ).action(async (path: string, options: ReportOptions & SignOptions & { out?: string; history?: string }) => {
    const assessment = await readAssessment(path);
    const series = options.history === undefined ? {} : { series: await seriesFor(assessment, options.history) };
    const folder = options.out ?? dirname(path);
    const signer = await signerOf(options, context);
    if (signer && !options.format.includes('pdf')) throw new InputError(onlyPdf);
    const manifest = signer && (await manifestToSign(path, assessment, context));
    const paths = await renderReports(assessment, folder, { ...options, ...series }, context, signer);
    if (signer && manifest) paths.push(await writeSignature(folder, manifest, signer));
    for (const each of paths) context.out(`${each}\n`);
  });

const onlyPdf = {
  zh: '只有 PDF 能签署：--format 须含 pdf',
  en: 'only the PDF is signed: --format must name pdf',
};

/** `--format a,b`; throws {@link InputError} for a format that there is not. */
export function formatOption(context: Context, preset: string): Option {
  return new Option(
    '--format <list>',
    sayIn(context.language)({
      zh: `报告格式，以逗号分隔：${formats.join('、')}`,
      en: `formats, comma-separated: ${formats.join(', ')}`,
    }),
  )
    .argParser(parseFormats)
    .default(parseFormats(preset), preset);
}

/** Reports are filed in Chinese; the terminal's language is another matter. */
export function reportLanguageOption(context: Context): Option {
  return new Option(
    '--report-lang <language>',
    sayIn(context.language)({ zh: '报告语言', en: 'language of the report' }),
  )
    .choices(languages)
    .default('zh');
}

/** Renders the formats and returns their paths; one that fails does not spoil the others, and is thrown at the end. */
export async function renderReports(
  assessment: Assessment,
  folder: string,
  options: ReportOptions,
  context: Context,
  signer?: Signer,
): Promise<string[]> {
  // Reports contact nobody: the scope is empty.
  const gate = createGate(createScope([], []), context.now);
  const { files, notes } = await writeReports(assessment, {
    formats: options.format,
    folder,
    language: options.reportLang,
    gate,
    signal: context.signal,
    ...(options.series ? { series: options.series } : {}),
    ...(signer ? { signer } : {}),
  });
  for (const note of notes) context.note(note);
  return files.map(({ path }) => path);
}

function parseFormats(list: string): Format[] {
  return list.split(',').map((name) => {
    const format = formats.find((each) => each === name.trim());
    if (format) return format;
    const shown = printable(name);
    throw new InputError({
      zh: `没有报告格式「${shown}」；可用：${formats.join('、')}`,
      en: `there is no report format "${shown}"; there are: ${formats.join(', ')}`,
    });
  });
}
