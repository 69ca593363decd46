import type { Asked } from '../assessment/asked.ts';
import { Unavailable } from '../collectors/collector.ts';
import { openBelow } from '../collectors/filed/below.ts';
import { reasons } from '../evidence/observation.ts';
import { heard, joined, type Text, verbatim } from '../text.ts';
import type { Plan } from './plan.ts';
import { type Leaves, noAnswer, type Point, type Probe } from './point.ts';

/** Whether the files of papers, figures and ledgers are there, and what the profile asks for and nobody declared. */
export function fileProbes(plan: Plan): Probe[] {
  const { documents, facts, ledgers } = plan.platform;
  const papers = documents.items
    .filter(({ held }) => held)
    .map(({ id, file }) => probe(plan, verbatim(id), file, paperLeaves(plan, id)));
  const tables = facts.flatMap((fact) => {
    const file = 'monthly' in fact && typeof fact.monthly.file === 'string' ? fact.monthly.file : undefined;
    return file === undefined
      ? []
      : [probe(plan, verbatim(fact.name), file, surely(by(plan.asked.facts, [fact.name])))];
  });
  const registers = ledgers.map(({ of, file }) =>
    probe(plan, verbatim(of), file, surely(by(plan.asked.ledgers, [of]))),
  );
  return [...papers, ...tables, ...registers, undeclared(plan)];
}

function probe(plan: Plan, what: Text, file: string | undefined, leaves: Leaves): Probe {
  const point = (says: Text): Point => ({ area: 'files', what, state: 'unproven', says, remedy, leaves });
  return {
    run: async () => {
      if (file === undefined) return [point({ zh: '平台文件没有写明文件', en: 'the platform file names no file' })];
      try {
        await openBelow(plan.platform, file, async () => undefined);
        return [{ area: 'files', what, state: 'ok', says: verbatim(file) }];
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        return [point(joined([reasons[error.reason], heard(error.message)], '：', ': '))];
      }
    },
    late: () => [point(noAnswer)],
  };
}

const remedy: Text = {
  zh: '把文件放进材料目录，或改正平台文件',
  en: 'put the file into the document folder, or mend the platform file',
};

// What rests on a paper besides itself: figures taken from it, ledgers that it closes, statements that it carries.
function paperLeaves({ platform, asked, profile }: Plan, id: string): Leaves {
  const own = by(asked.papers, [id]);
  const facts = platform.facts.filter(({ document }) => document === id).map(({ name }) => name);
  const ledgers = platform.ledgers.filter(({ closing }) => closing?.document === id).map(({ of }) => of);
  const signed = platform.statements.filter(({ document }) => document === id).map(({ requirement }) => requirement);
  const all = new Set([...own, ...by(asked.facts, facts), ...by(asked.ledgers, ledgers)]);
  for (const { id: requirement } of asked.statements) if (signed.includes(requirement)) all.add(requirement);
  const requirements = profile.requirements.map((each) => each.id).filter((each) => all.has(each));
  return { requirements, surely: requirements.length === own.length };
}

function undeclared({ platform, asked, profile }: Plan): Probe {
  const has = {
    papers: platform.documents.items.map(({ id }) => id),
    facts: platform.facts.map(({ name }) => name),
    ledgers: platform.ledgers.map(({ of }): string => of),
    signed: platform.statements.map(({ requirement }) => requirement),
  };
  const papers = asked.papers.filter(({ name }) => !has.papers.includes(name));
  const facts = asked.facts.filter(({ name }) => !has.facts.includes(name));
  const ledgers = asked.ledgers.filter(({ name }) => !has.ledgers.includes(name));
  const statements = asked.statements.filter(({ id }) => !has.signed.includes(id));
  const lacking = new Set([...papers, ...facts, ...ledgers].flatMap((each) => each.by.map(({ id }) => id)));
  for (const { id } of statements) lacking.add(id);
  const requirements = profile.requirements.map(({ id }) => id).filter((id) => lacking.has(id));
  const what = { zh: '尚未填报', en: 'not declared' };
  const says = {
    zh: `${papers.length} 份材料、${facts.length} 项数据、${ledgers.length} 本台账、${statements.length} 项声明`,
    en: `${papers.length} papers, ${facts.length} facts, ${ledgers.length} ledgers, ${statements.length} statements`,
  };
  const toDo = {
    zh: '填入平台文件；逐项见 leqi-audit renewal',
    en: 'put them into the platform file; leqi-audit renewal lists them',
  };
  const point: Point =
    requirements.length === 0
      ? { area: 'files', what, state: 'ok', says: { zh: '无', en: 'nothing' } }
      : { area: 'files', what, state: 'unproven', says, remedy: toDo, leaves: { requirements, surely: false } };
  return { run: async () => [point], late: () => [point] };
}

function by(asked: readonly Asked<string>[], names: readonly string[]): string[] {
  return [...new Set(asked.filter(({ name }) => names.includes(name)).flatMap((each) => each.by.map(({ id }) => id)))];
}

function surely(requirements: readonly string[]): Leaves {
  return { requirements, surely: true };
}
