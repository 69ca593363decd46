import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PDF as independent programs see it (poppler). */
export type SeenPdf = {
  /** `pdfinfo`, by label. */
  readonly info: ReadonlyMap<string, string>;
  /** `pdffonts`: a line each. */
  readonly fonts: readonly string[];
  /** `pdftotext`, pages parted by form feeds. */
  readonly text: string;
  /** `pdfdetach`: the first attached file. */
  readonly attachment: Buffer | undefined;
};

/** Looks at a PDF with poppler's tools. */
export async function look(bytes: Uint8Array): Promise<SeenPdf> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-test-'));
  try {
    const path = join(folder, 'report.pdf');
    await writeFile(path, bytes);
    const run = (program: string, ...args: string[]): string =>
      execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const lines = run('pdfinfo', '-isodates', path).trim().split('\n');
    run('pdfdetach', '-saveall', '-o', folder, path);
    return {
      info: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])),
      fonts: run('pdffonts', path).trim().split('\n').slice(2),
      text: run('pdftotext', '-raw', path, '-'),
      attachment: await readFile(join(folder, 'assessment.json')).catch(() => undefined),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
