import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** What of the PDF's making is named: the function that does it, and where it stands. */
const parts: readonly (readonly [name: string, functionName: string, file: string])[] = [
  ['reading the assessment', 'readAssessment', 'assessment/file.ts'],
  ['view', 'viewOf', 'html/view.ts'],
  ['view and template', 'renderHtml', 'html/html.ts'],
  ['reading the print', 'parseIndirectObject', 'parser/PDFParser.js'],
  ['contents', 'numberContents', 'pdf/contents.ts'],
  ['characters', 'correctToUnicode', 'pdf/finish.ts'],
  ['tags', 'renumberTags', 'pdf/tags.ts'],
  ['attachment and description', 'describe', 'pdf/finish.ts'],
  ['checks', 'checkPdf', 'pdf/checks.ts'],
  ['writing', 'writePdf', 'pdf/write.ts'],
  ['waiting for Chromium', '(idle)', ''],
];

/** Seconds that each part of a PDF took, by a profile of the command; run from the sources, so that functions have their names. */
export async function partsOf(assessment: string, folder: string): Promise<[string, number][]> {
  await mkdir(folder, { recursive: true });
  try {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--disable-warning=ExperimentalWarning'];
    const command = ['report', assessment, '--format', 'pdf', '--out', join(dirname(assessment), 'profiled')];
    execFileSync(process.execPath, [...flags, join(packageRoot, 'src/cli.ts'), ...command], { stdio: 'ignore' });
    const [name = ''] = await readdir(folder);
    const profile = profileSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    return parts.map(([title, functionName, file]) => [title, secondsOf(profile, functionName, file)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The time of all samples that have such a call on their stack.
function secondsOf({ nodes, samples, timeDeltas }: z.output<typeof profileSchema>, name: string, file: string): number {
  const children = new Map(nodes.map((node) => [node.id, node.children ?? []]));
  const found = nodes.filter(({ callFrame: { functionName, url } }) => functionName === name && url.endsWith(file));
  const within = new Set(found.map(({ id }) => id));
  for (const id of within) for (const child of children.get(id) ?? []) within.add(child);
  const total = samples.reduce((sum, id, index) => sum + (within.has(id) ? (timeDeltas[index] ?? 0) : 0), 0);
  return total / 1e6;
}
