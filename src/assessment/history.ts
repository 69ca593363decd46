import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, UserError } from '../errors.ts';
import { joined, type Text, verbatim } from '../text.ts';
import { numberOf } from './assess.ts';
import type { Assessment } from './assessment.ts';
import { compare, seriesKey } from './compare.ts';
import { readAssessment } from './file.ts';
import { type History, historyFormat, type Run, type Series } from './history-schema.ts';

/** Largest assessment that a history reads, bytes: one of a thousand hosts has some 20 MB. */
const largestFile = 256 * 1024 * 1024;

/** Files of a folder that are looked at. */
const mostFiles = 10_000;

type Broken = History['broken'][number];
type Head = { readonly path: string; readonly key: string; readonly order: string; readonly number: string };

/**
 * Reads the assessments of a folder: every `*.json` in it, and `assessment.json` in each folder below. Never more than two are in
 * memory. What is no assessment, or was changed after it was made, is named; of two with one report number the first counts.
 */
export async function readHistory(
  folder: string,
  isWanted: (assessment: Assessment) => boolean = () => true,
): Promise<History> {
  const broken: Broken[] = [];
  const byNumber = new Map<string, Head>();
  const files = await filesIn(folder);
  for (const path of files) {
    const head = await headOf(folder, path, isWanted).catch((error: unknown) => whyBroken(path, error, broken));
    if (head && !byNumber.has(head.number)) byNumber.set(head.number, head);
  }
  const heads = [...byNumber.values()];
  if (files.length === 0) {
    throw new InputError({
      zh: `${folder} 中没有评估结果（*.json，或子目录中的 assessment.json）`,
      en: `there is no assessment in ${folder} (*.json, or assessment.json in a folder below)`,
    });
  }
  const groups = Map.groupBy(
    heads.toSorted((a, b) => compareText(a.order, b.order)),
    ({ key }) => key,
  );
  const series: Series[] = [];
  for (const key of [...groups.keys()].toSorted(compareText)) {
    const one = await seriesOf(folder, groups.get(key) ?? [], broken);
    if (one) series.push(one);
  }
  return { format: historyFormat, series, broken };
}

/**
 * The assessments of a folder that lead to one: of the same unit, platform and profile, within its period, no later than it; itself
 * last. Throws {@link InputError} if a file cannot be used, for a trend with holes that nobody sees would mislead.
 */
export async function seriesFor(assessment: Assessment, folder: string): Promise<Series> {
  const { series, broken } = await readHistory(folder, (each) => precedes(each, assessment));
  if (broken.length > 0) {
    throw new InputError(
      joined(
        broken.map(({ file, why }) => joined([verbatim(join(folder, file)), why], '：', ': ')),
        '\n',
        '\n',
      ),
    );
  }
  const [before] = series;
  const last = before?.runs.at(-1);
  const lastRead = last ? await readGenuine(join(folder, last.file)) : undefined;
  return { ...headOfSeries(assessment), runs: [...(before?.runs ?? []), runOf('', assessment, lastRead)] };
}

function precedes(each: Assessment, assessment: Assessment): boolean {
  const { number, asOf, period } = assessment;
  if (seriesKey(each) !== seriesKey(assessment) || each.number === number || orderOf(each) > orderOf(assessment))
    return false;
  return !period || (period.from <= each.asOf && each.asOf <= asOf);
}

/** An assessment whose number follows from its content; throws {@link InputError} for one that was changed. */
export async function readGenuine(path: string): Promise<Assessment> {
  const assessment = await readAssessment(path);
  const { number, ...body } = assessment;
  const expected = numberOf(body);
  if (expected === number) return assessment;
  throw new InputError({
    zh: `${path} 内容被改动：编号为 ${number}，按内容应为 ${expected}`,
    en: `${path} was changed: it carries ${number}, its content gives ${expected}`,
  });
}

/** One line of a history, held against the assessment before it. */
export function runOf(file: string, assessment: Assessment, before: Assessment | undefined): Run {
  const { number, asOf, evidence, occasion, tool, counts, accepted } = assessment;
  const comparison = before ? compare(before, assessment) : undefined;
  return {
    file,
    number,
    asOf,
    collected: evidence.to,
    occasion,
    version: tool.version,
    counts,
    ...(accepted ? { accepted } : {}),
    ...(comparison ? { changes: comparison.counts } : {}),
    regressions: comparison?.regressions ?? 0,
    waivers: { begun: comparison?.waivers.begun.length ?? 0, ended: comparison?.waivers.ended.length ?? 0 },
  };
}

function orderOf({ asOf, evidence, number }: Assessment): string {
  return `${asOf} ${evidence.to} ${number}`;
}

function headOfSeries({ unit, platform, profile, period }: Assessment): Omit<Series, 'runs'> {
  return {
    unit,
    platform: platform.name,
    profile: { name: profile.name, title: profile.title },
    ...(period ? { period } : {}),
  };
}

async function seriesOf(folder: string, heads: readonly Head[], broken: Broken[]): Promise<Series | undefined> {
  const runs: Run[] = [];
  let last: Assessment | undefined;
  for (const { path } of heads) {
    // It may have been changed since its head was read.
    const assessment = await readGenuine(join(folder, path)).catch((error: unknown) => whyBroken(path, error, broken));
    if (!assessment) continue;
    runs.push(runOf(path, assessment, last));
    last = assessment;
  }
  return last ? { ...headOfSeries(last), runs } : undefined;
}

async function headOf(
  folder: string,
  path: string,
  isWanted: (assessment: Assessment) => boolean,
): Promise<Head | undefined> {
  const { size } = await stat(join(folder, path));
  if (size > largestFile) {
    throw new InputError({
      zh: `有 ${size} 字节，超过上限 ${largestFile}`,
      en: `has ${size} bytes; the limit is ${largestFile}`,
    });
  }
  if (await isOtherOfOurs(join(folder, path))) return undefined;
  const assessment = await readGenuine(join(folder, path));
  if (!isWanted(assessment)) return undefined;
  return { path, key: seriesKey(assessment), order: orderOf(assessment), number: assessment.number };
}

// A comparison or a plan may lie beside the assessments; its format stands at the top.
async function isOtherOfOurs(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
  const [, format = ''] = /^\s*\{\s*"format":\s*"([^"]*)"/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
  return format.startsWith('leqi-audit/') && !format.startsWith('leqi-audit/assessment/');
}

function whyBroken(file: string, error: unknown, broken: Broken[]): undefined {
  const why: Text = error instanceof UserError ? error.text : verbatim(messageOf(error));
  broken.push({ file, why });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new InputError(
      {
        zh: `无法读取目录 ${folder}：${messageOf(error)}`,
        en: `cannot read the folder ${folder}: ${messageOf(error)}`,
      },
      { cause: error },
    );
  });
  const candidates = entries.flatMap((name) => (name.endsWith('.json') ? [name] : [join(name, 'assessment.json')]));
  const files: string[] = [];
  for (const path of candidates.toSorted(compareText)) if (await isFile(join(folder, path))) files.push(path);
  if (files.length <= mostFiles) return files;
  throw new InputError({
    zh: `${folder} 有 ${files.length} 个文件，超过上限 ${mostFiles}`,
    en: `${folder} has ${files.length} files; the limit is ${mostFiles}`,
  });
}

// A pipe or a device would never end.
function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
