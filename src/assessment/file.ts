import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { codeOf, InputError, MachineError, messageOf } from '../errors.ts';
import { type Assessment, assessmentSchema } from './assessment.ts';

/** Reads an assessment; throws {@link InputError} if it is none, or was written by a newer version. */
export async function readAssessment(path: string): Promise<Assessment> {
  try {
    return assessmentIn(JSON.parse(await readFile(path, 'utf8')), path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why =
      codeOf(error) === 'ENOENT'
        ? { zh: '文件不存在；请先运行 scan 或 assess', en: 'no such file; run scan or assess first' }
        : { zh: messageOf(error), en: messageOf(error) };
    throw new InputError(
      { zh: `无法读取评估结果 ${path}：${why.zh}`, en: `cannot read the assessment ${path}: ${why.en}` },
      { cause: error },
    );
  }
}

/** What a file holds, as an assessment; throws {@link InputError} if it is none. */
export function assessmentIn(data: unknown, path: string): Assessment {
  const read = assessmentSchema.safeParse(data);
  if (read.success) return read.data;
  const problems = z.prettifyError(read.error);
  throw new InputError({
    zh: `${path} 不是本版本的评估结果：\n${problems}`,
    en: `${path} is not an assessment of this version:\n${problems}`,
  });
}

/** Writes an assessment under a temporary name, then renames it. */
export async function writeAssessment(path: string, assessment: Assessment): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.partial`, assessmentText(assessment));
    await rename(`${path}.partial`, path);
  } catch (error) {
    await rm(`${path}.partial`, { force: true }).catch(() => undefined);
    throw new MachineError(
      { zh: `无法写入 ${path}：${messageOf(error)}`, en: `cannot write ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

// JSON leaves them as they are, but a terminal obeys some (C1 controls), and others reorder or hide what a reader sees.
const unseen = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}]/u;

// To ask for properties of each character would take three times as long; hardly any is none of these.
const unusual = /[^\n -~·\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]/gu;

/** The text of assessment.json; control, direction and invisible characters as `\uXXXX`. */
export function assessmentText(assessment: Assessment): string {
  const text = JSON.stringify(assessment, null, 1);
  return `${text.replace(unusual, escaped)}\n`;
}

function escaped(character: string): string {
  return unseen.test(character) ? character.split('').map(unitOf).join('') : character;
}

function unitOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
