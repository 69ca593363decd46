import { messageOf } from '../errors.ts';
import type { PlainDate } from '../evidence/dates.ts';
import { kinds } from '../evidence/kinds.ts';
import { reasons } from '../evidence/observation.ts';
import { fill, heard, type Text } from '../text.ts';
import type { AssessedFinding } from './assessment.ts';
import type { Requirement, Way } from './profile.ts';
import type { Gap, Usable } from './usable.ts';

// What the assessment itself says, beside the checks; `-` stands for the check where none is meant.

/** What it can say of a requirement without a check. */
export const ownSays: readonly string[] = [
  'no-check-yet',
  'only-declared',
  'only-attested',
  'awaiting-signature',
  'signature-not-shown',
  'signature-not-valid',
  'signature-old',
];

/** What could not be observed, said of each check that needs it. */
export function gapFinding(check: string, { kind, subject, reason, detail, cites }: Gap): AssessedFinding {
  const said = heard(detail);
  const text = fill(
    { zh: '{{kind}}未能取证：{{reason}}{{detail}}', en: '{{kind}} not observed: {{reason}}{{detail}}' },
    {
      kind: kinds[kind].title,
      reason: reasons[reason],
      detail: detail ? { zh: `（${said.zh}）`, en: ` (${said.en})` } : '',
    },
  );
  return { check, subject, outcome: 'unproven', says: `unobserved:${reason}`, text, cites: [...cites] };
}

const wayTitles: Readonly<Record<Way, Text>> = {
  scan: { zh: '扫描', en: 'scan' },
  document: { zh: '材料', en: 'document' },
  fact: { zh: '数据', en: 'fact' },
  ledger: { zh: '台账', en: 'ledger' },
  date: { zh: '期限', en: 'date' },
};

/** A way that the requirement must be answered by, and that no check answers yet. */
export function noCheckYet(way: Way, subject: string): AssessedFinding {
  const text = fill(
    { zh: '尚无{{way}}类检查项，暂不能判定', en: 'no check yet for: {{way}}' },
    { way: wayTitles[way] },
  );
  return { check: '-', subject, outcome: 'unproven', says: 'no-check-yet', text, cites: [] };
}

/** Every pass rests on papers or words where measurement is asked for. */
export function onlyDeclared(subject: string): AssessedFinding {
  const text = {
    zh: '只有申报，没有实测证据；本项要求实测',
    en: 'only declared; this requirement asks for measured evidence',
  };
  return { check: '-', subject, outcome: 'unproven', says: 'only-declared', text, cites: [] };
}

/** A pass rests on a figure without its paper where papers are asked for. */
export function onlyAttested(subject: string): AssessedFinding {
  const text = {
    zh: '数据没有附带规范配置所指的原始材料，仅为声明；本项要求材料',
    en: 'a figure without the hashed source document that the profile names is a mere statement; this requirement asks for the document',
  };
  return { check: '-', subject, outcome: 'unproven', says: 'only-attested', text, cites: [] };
}

/** Whether the evidence holds a signature for a requirement that is good on the as-of date; the one signed last counts. */
export function signatureFinding(requirement: Requirement, usable: Usable, asOf: PlainDate): AssessedFinding {
  const mine = usable.seen.statements.filter((each) => each.value.requirement === requirement.id);
  const last = mine.toSorted((a, b) => (a.value.signedOn < b.value.signedOn ? -1 : 1)).at(-1);
  const base = { check: '-', subject: requirement.id, outcome: 'unproven' as const, cites: last ? [last.id] : [] };
  if (!last) {
    return { ...base, says: 'awaiting-signature', text: { zh: '待签署声明', en: 'awaiting a signed statement' } };
  }
  const { signedOn, validUntil, capacity, document } = last.value;
  if (!document.sha256) {
    const text = { zh: '未提供已签署的声明文件', en: 'the signed paper is not there' };
    return { ...base, says: 'signature-not-shown', text };
  }
  if (signedOn > asOf || (validUntil !== undefined && validUntil < asOf)) {
    const text = { zh: '声明在 {{asOf}} 不在有效期内', en: 'the statement does not hold on {{asOf}}' };
    return { ...base, says: 'signature-not-valid', text: fill(text, { asOf }) };
  }
  // A statement is of its day: one that names no end counts as long as what was measured then.
  if (validUntil === undefined && signedOn < usable.oldest) {
    const text = {
      zh: '声明签署于 {{signedOn}}，早于 {{oldest}}，又未写明有效期',
      en: 'signed on {{signedOn}}, before {{oldest}}, and without a stated end',
    };
    return { ...base, says: 'signature-old', text: fill(text, { signedOn, oldest: usable.oldest }) };
  }
  const text = { zh: '{{capacity}}已于 {{signedOn}} 签署声明', en: 'signed by {{capacity}} on {{signedOn}}' };
  return { ...base, outcome: 'met', says: 'signed', text: fill(text, { capacity, signedOn }), basis: 'attested' };
}

/** A check that failed proves nothing either way. */
export function threw(check: string, error: unknown): AssessedFinding {
  const text = fill(
    { zh: '检查项出错，不作判定：{{error}}', en: 'the check failed, nothing is judged: {{error}}' },
    { error: messageOf(error) },
  );
  return { check, subject: check, outcome: 'unproven', says: 'check-failed', text, cites: [] };
}
