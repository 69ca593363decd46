import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyExample, movedTo } from '../../scripts/example-platform.ts';
import { type Assessment, assessmentSchema } from '../../src/assessment/assessment.ts';
import { assess } from '../../src/commands/assess.ts';
import { collect } from '../../src/commands/collect.ts';
import { dateIn } from '../../src/evidence/dates.ts';
import type { Occasion } from '../../src/occasion.ts';
import { type Ended, runCli, runHere } from './cli.ts';

/** A change to one file of an example: the text that stands there, and what takes its place; in place of an empty text, a new file. */
export type Change = { readonly file: string; readonly from: string | RegExp; readonly to: string };

/** A copy of an example with its dates moved to today, so that its evidence is of today. */
export type Example = {
  readonly folder: string;
  /** Collects the filed evidence of a changed copy and assesses it, through the command line as a user would. */
  assessed(occasion: Occasion, changes?: readonly Change[]): Promise<Assessment>;
  /** The same by the same commands, without a process for each. */
  assessedHere(occasion: Occasion, changes?: readonly Change[]): Promise<Assessment>;
  remove(): Promise<void>;
};

const today = dateIn(new Date(), 'Asia/Shanghai');

/** Copies `examples/NAME`; dates of changes are written as on 2026-11-22, and moved like those of the files. */
export async function exampleOf(name: string): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), `leqi-audit-${name}-`));
  await copyExample(name, folder, today);
  let runs = 0;
  const assessedBy =
    (run: Run) =>
    async (occasion: Occasion, changes: readonly Change[] = []): Promise<Assessment> => {
      runs += 1;
      // A copy of its own, even without changes: others may be made of the folder at the same time.
      const copy = `${folder}-${runs}`;
      await cp(folder, copy, { recursive: true });
      try {
        for (const change of changes) await apply(copy, change);
        const out = join(copy, 'out');
        const args = ['--platform', join(copy, 'platform.yaml'), '--occasion', occasion, '--origin', 'filed'];
        const collected = await run('collect', [...args, '--out', out, '--quiet']);
        if (collected.status !== 0) throw new Error(collected.stderr);
        const judged = await run('assess', [join(out, 'evidence'), '--out', out, '--fail-on', 'none']);
        if (judged.status !== 0) throw new Error(judged.stderr);
        return assessmentSchema.parse(JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8')));
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    };
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
    assessed: assessedBy((command, args) => runCli([command, ...args])),
    assessedHere: assessedBy((command, args) => runHere({ collect, assess }[command], args)),
  };
}

type Run = (command: 'collect' | 'assess', args: readonly string[]) => Promise<Ended>;

async function apply(folder: string, { file, from, to }: Change): Promise<void> {
  const path = join(folder, file);
  const before = from === '' ? '' : await readFile(path, 'utf8');
  const after = before.replace(moved(from), () => movedTo(to, today));
  if (after === before) throw new Error(`${file} does not hold ${String(moved(from))}`);
  await writeFile(path, after);
}

function moved(from: string | RegExp): string | RegExp {
  return typeof from === 'string' ? movedTo(from, today) : new RegExp(movedTo(from.source, today), from.flags);
}
