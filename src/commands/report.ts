import { dirname } from 'node:path';
import { Option } from 'commander';
import type { Assessment } from '../assessment/assessment.ts';
import { readAssessment } from '../assessment/file.ts';
import { seriesFor } from '../assessment/history.ts';
import type { Series } from '../assessment/history-schema.ts';
import { InputError, UserError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { createGate } from '../gate.ts';
import { type Format, reporters, writeReports } from '../reporters/index.ts';
import { createScope } from '../scope.ts';
import type { Signer } from '../signing/signer.ts';
import { type Language, languages, printable } from '../text.ts';
import { type CommandFactory, type Context, createCommand, sayIn } from './context.ts';
import {
  addSignOptions,
  manifestSigned,
  manifestToSign,
  type SignOptions,
  signerOf,
  writeSignature,
} from './signing.ts';
import { addTimestampOptions, type TimestampOptions, timestampServerOf } from './timestamp.ts';

const formats = (Object.keys(reporters) as Format[]).toSorted();

export type ReportOptions = { format: Format[]; reportLang: Language; series?: Series };

/** `leqi-audit report ASSESSMENT`: renders what was assessed. */
export const report: CommandFactory = (context) =>
  addTimestampOptions(
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
    ),
    context,
  ).action(async (path: string, options: AllOptions) => {
    const assessment = await readAssessment(path);
    const series = options.history === undefined ? {} : { series: await seriesFor(assessment, options.history) };
    const folder = options.out ?? dirname(path);
    if (options.timestamp && options.sign === undefined) throw new InputError(onlySigned);
    const stamping = await timestampServerOf(options, context);
    const signer = await signerOf(options, context, stamping);
    if (signer && !options.format.includes('pdf')) throw new InputError(onlyPdf);
    const manifest = signer && (await manifestToSign(path, assessment, context));
    await interruptible(context, async () => {
      // Before anything is rendered: where no time stamp is to be had, that is known at once.
      const signed = await manifestSigned(manifest, signer);
      const rendered = { ...options, ...series, format: signed.failure ? withoutPdf(options.format) : options.format };
      const paths = await renderReports(assessment, folder, rendered, context, signer);
      if (signed.bytes) paths.push(await writeSignature(folder, signed.bytes));
      for (const each of paths) context.out(`${each}\n`);
      if (signed.failure) throw signed.failure;
    });
  });

type AllOptions = ReportOptions & SignOptions & TimestampOptions & { out?: string; history?: string };

function withoutPdf(formats: readonly Format[]): Format[] {
  return formats.filter((format) => format !== 'pdf');
}

// What was begun is not finished, and what was there before stays as it was.
async function interruptible(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!context.signal.aborted || error instanceof UserError) throw error;
    context.note({ zh: '已中断；未写完的文件不保留', en: 'interrupted; no file is left half-written' });
    context.exit(exitCodes.interrupted);
  }
}

const onlySigned = {
  zh: '--timestamp 须与 --sign 一起使用：时间戳是给签名的',
  en: '--timestamp goes with --sign: what is stamped is the signature',
};

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
  const writing = writeReports(assessment, {
    formats: options.format,
    folder,
    language: options.reportLang,
    gate,
    signal: context.signal,
    onFormat: (format, done, total) =>
      context.progress(done, total, { zh: `正在生成 ${format}`, en: `making ${format}` }),
    ...(options.series ? { series: options.series } : {}),
    ...(signer ? { signer } : {}),
  });
  // Whatever comes next, a bar stands in nobody's way.
  const { files, notes } = await writing.finally(() => context.holdProgress(true));
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
