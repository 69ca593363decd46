import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assessment } from '../assessment/assessment.ts';
import { MachineError, messageOf, UserError } from '../errors.ts';
import { joined, type Text } from '../text.ts';
import type { Renderer, Reporter, ReportOptions } from './reporter.ts';

/** Every format, one line each; loaded when asked for, because the PDF's libraries cost every command a third of a second. */
export const reporters = {
  csv: lazily('report.csv', async () => (await import('./csv.ts')).csv),
  html: lazily('report.html', async () => (await import('./html/html.ts')).html),
  json: lazily('report.json', async () => (await import('./json.ts')).json),
  junit: lazily('report.junit.xml', async () => (await import('./junit.ts')).junit),
  oscal: lazily('report.oscal.json', async () => (await import('./oscal/oscal.ts')).oscal),
  pdf: lazily('report.pdf', async () => (await import('./pdf/pdf.ts')).pdf),
  sarif: lazily('report.sarif', async () => (await import('./sarif/sarif.ts')).sarif),
  xlsx: lazily('report.xlsx', async () => (await import('./xlsx/xlsx.ts')).xlsx),
} as const satisfies Record<string, Reporter>;

export type Format = keyof typeof reporters;

/** What was written. */
export type WrittenReports = {
  readonly files: readonly { readonly format: Format; readonly path: string }[];
  /** What the user should know of how they were made. */
  readonly notes: readonly Text[];
};

/** What is written where, and who hears how far it is: before each format how many were tried already, of how many. */
export type WriteOptions = ReportOptions & {
  readonly formats: readonly Format[];
  readonly folder: string;
  readonly onFormat?: (format: Format, done: number, total: number) => void;
};

/**
 * Writes an assessment as reports into a folder, each under a temporary name and then renamed. A format that fails does not spoil
 * the others: all are tried, then {@link MachineError} says which failed and why, and which were written.
 */
export async function writeReports(
  assessment: Assessment,
  { formats, folder, onFormat, ...options }: WriteOptions,
): Promise<WrittenReports> {
  const files: { format: Format; path: string }[] = [];
  const notes: Text[] = [];
  const failures: { format: Format; error: unknown }[] = [];
  const wanted = [...new Set(formats)];
  for (const [done, format] of wanted.entries()) {
    onFormat?.(format, done, wanted.length);
    try {
      const report = await reporters[format].render(assessment, options);
      files.push({ format, path: await replaceFile(folder, reporters[format].file, report.bytes) });
      notes.push(...report.notes);
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push({ format, error });
    }
  }
  if (failures.length > 0) throw failureOf(failures, files);
  return { files, notes };
}

/** Writes a file under a temporary name and renames it; throws {@link MachineError} with nothing left of it. */
export async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  const temporary = `${path}.partial`;
  try {
    await mkdir(folder, { recursive: true });
    // What an earlier run left there, or somebody else's link, is not written through.
    await rm(temporary, { force: true });
    await writeFile(temporary, bytes, { flag: 'wx', flush: true });
    await rename(temporary, path);
    return path;
  } catch (error) {
    // Where the folder itself is wrong there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new MachineError(
      { zh: `无法写入 ${path}：${messageOf(error)}`, en: `cannot write ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

function failureOf(
  failures: readonly { format: Format; error: unknown }[],
  written: readonly { path: string }[],
): unknown {
  // A bug is shown as one, with its stack.
  const bug = failures.find(({ error }) => !(error instanceof UserError));
  if (bug) return bug.error;
  const reasons = failures.map(({ format, error }) => {
    const text = error instanceof UserError ? error.text : { zh: '', en: '' };
    return { zh: `${format}：${text.zh}`, en: `${format}: ${text.en}` };
  });
  const why = joined(reasons);
  const paths = written.map(({ path }) => path).join(', ') || '-';
  return new MachineError(
    {
      zh: `未能生成的报告：${why.zh}。已生成：${paths}`,
      en: `reports that failed: ${why.en}. Written: ${paths}`,
    },
    { cause: failures[0]?.error },
  );
}

function lazily(file: string, load: () => Promise<Renderer>): Reporter {
  return { file, render: async (assessment, options) => (await load()).render(assessment, options) };
}
