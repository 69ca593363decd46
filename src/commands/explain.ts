import { join } from 'node:path';
import type { AssessedFinding, AssessedRequirement, Assessment, EvidenceEntry } from '../assessment/assessment.ts';
import { readAssessment } from '../assessment/file.ts';
import { basisTitles } from '../assessment/profile.ts';
import { verdictTitles } from '../assessment/verdict.ts';
import { kindOf } from '../assessment/waivers-file.ts';
import { InputError } from '../errors.ts';
import { reasons } from '../evidence/observation.ts';
import { columns } from '../reporters/terminal/width.ts';
import { hanging } from '../reporters/terminal/wrap.ts';
import { acceptedLabel, waiverLabel } from '../reporters/words/waivers.ts';
import { fill, heard, type Language, printable, type Text } from '../text.ts';
import { type CommandFactory, createCommand, jsonOption, sayIn } from './context.ts';

/** `leqi-audit explain ID`: from a verdict down to the evidence, or from evidence up to the verdicts that rest on it. */
export const explain: CommandFactory = (context) =>
  createCommand(
    'explain',
    context,
    { zh: '说明一项判定从何而来', en: 'say why a verdict came out as it did' },
    'explain QD-5.4-3',
  )
    .argument(
      '<id>',
      sayIn(context.language)({
        zh: '要求项、发现、检查项或证据的编号',
        en: 'id of a requirement, a finding, a check or an observation',
      }),
    )
    .option(
      '--assessment <file>',
      sayIn(context.language)({ zh: '评估结果', en: 'assessment' }),
      join('out', 'assessment.json'),
    )
    .addOption(jsonOption(context))
    .action(async (id: string, options: { assessment: string; json?: boolean }) => {
      const assessment = await readAssessment(options.assessment);
      const rows = rowsFor(id, assessment);
      const ids = new Set(rows.flatMap((row) => row.findings.flatMap((finding) => finding.cites)));
      const evidence = assessment.index.filter((entry) => ids.has(entry.id));
      if (options.json) context.out(`${JSON.stringify({ requirements: rows, evidence }, null, 1)}\n`);
      else context.out(rows.map((row) => explained(row, assessment, context.language)).join('\n'));
    });

function rowsFor(id: string, { requirements, index }: Assessment): AssessedRequirement[] {
  const exact = requirements.filter((row) => row.id === id);
  if (exact.length > 0) return exact;
  const narrowed = requirements.flatMap((row) => {
    const findings = row.findings.filter(
      (finding) => finding.id === id || finding.check === id || finding.cites.includes(id),
    );
    return findings.length > 0 ? [{ ...row, findings }] : [];
  });
  if (narrowed.length > 0 || index.some((entry) => entry.id === id)) return narrowed;
  const shown = printable(id);
  throw new InputError({
    zh: `评估结果中没有「${shown}」；要求项例如 ${requirements[0]?.id ?? '-'}，可用 leqi-audit profiles show 查看`,
    en: `the assessment has no ${shown}; a requirement is, say, ${requirements[0]?.id ?? '-'}: see leqi-audit profiles show`,
  });
}

const words = {
  verdict: { zh: '判定', en: 'Verdict' },
  basis: { zh: '（依据：{{basis}}）', en: ' (basis: {{basis}})' },
  clause: { zh: '条款', en: 'Clause' },
  statement: { zh: '声明', en: 'Statement' },
  remedy: { zh: '整改', en: 'Remedy' },
  noEvidence: { zh: '没有证据', en: 'no evidence' },
  raw: { zh: '原始输出', en: 'raw output' },
  unobserved: { zh: '未能取证', en: 'not observed' },
} satisfies Record<string, Text>;

function explained(row: AssessedRequirement, assessment: Assessment, language: Language): string {
  const say = sayIn(language);
  const basis = row.basis ? say(fill(words.basis, { basis: basisTitles[row.basis] })) : '';
  const accepted = say(acceptedLabel(row, assessment));
  const lines = [
    `${row.id}  ${say(row.title)}`,
    `  ${say(words.clause)}: ${row.cites.map((cite) => `${cite.source} ${cite.clause}`).join(', ')}`,
    `  ${say(words.verdict)}: ${say(verdictTitles[row.verdict])}${accepted}${basis}${row.reason ? ` — ${say(row.reason)}` : ''}`,
    ...(row.attest ? [`  ${say(words.statement)}: ${say(row.attest.text)}`] : []),
    ...row.findings.flatMap((finding) => findingLines(finding, assessment, language)),
  ];
  return `${lines.flatMap(indented).join('\n')}\n`;
}

// A long line goes on below its own beginning; a path that is to be copied is not torn apart.
function indented(line: string): string[] {
  if (/evidence\/raw\/\w+\.txt$/.test(line)) return [printable(line)];
  const [indent = ''] = line.match(/^ */) ?? [];
  return line === '' ? [''] : hanging(indent, printable(line.trimStart()), columns);
}

function findingLines(finding: AssessedFinding, { index, waivers }: Assessment, language: Language): string[] {
  const say = sayIn(language);
  // What a waiver would name.
  const isOpen = finding.outcome === 'unmet' || finding.outcome === 'unproven';
  const waiver = waivers?.find(({ id }) => id === finding.waiver);
  const cited = finding.cites.flatMap((id) => index.find((entry) => entry.id === id) ?? []);
  return [
    '',
    `  ● ${say(verdictTitles[finding.outcome])}  ${finding.check}  ${finding.subject}`,
    ...(isOpen && finding.id ? [`    ${finding.id}  ${kindOf(finding)}`] : []),
    ...(waiver ? [`    ${say(waiverLabel(waiver))}`] : []),
    `    ${say(finding.text)}`,
    ...(finding.remedy ? [`    ${say(words.remedy)}: ${say(finding.remedy)}`] : []),
    ...(cited.length === 0 ? [`    ${say(words.noEvidence)}`] : cited.flatMap((entry) => entryLines(entry, language))),
  ];
}

function entryLines(
  { id, kind, subject, at, collector, zone, method, raw, unobserved }: EvidenceEntry,
  language: Language,
): string[] {
  const say = sayIn(language);
  return [
    `    ${id}  ${kind}  ${subject}  ${at}  ${collector} @ ${zone}`,
    `      ${method}`,
    ...(unobserved
      ? [`      ${say(words.unobserved)}: ${say(reasons[unobserved.reason])} ${say(heard(unobserved.detail))}`]
      : []),
    ...(raw ? [`      ${say(words.raw)}: evidence/raw/${raw}.txt`] : []),
  ];
}
