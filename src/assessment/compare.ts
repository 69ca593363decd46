import { InputError } from '../errors.ts';
import { occasionTitles } from '../occasion.ts';
import { fill, type Text } from '../text.ts';
import type { AssessedRequirement, AssessedWaiver, Assessment } from './assessment.ts';
import { compareFindings } from './compare-findings.ts';
import {
  type Change,
  type ComparedRow,
  type Comparison,
  changes,
  comparisonFormat,
  comparisonSchema,
  type WaiverChange,
} from './comparison-schema.ts';
import type { Verdict } from './verdict.ts';
import { isAccepted } from './waivers.ts';

/**
 * Holds an assessment against an earlier one of the same platform by the same profile; throws {@link InputError} for others.
 * Pure. Where the profile asks something else by now, verdicts are shown beside each other and not called better or worse.
 */
export function compare(old: Assessment, now: Assessment): Comparison {
  refuseStrangers(old, now);
  const before = new Map(old.requirements.map((row) => [row.id, row]));
  const after = new Set(now.requirements.map(({ id }) => id));
  const rows = [
    ...now.requirements.map((row) => comparedRow(before.get(row.id), row)),
    ...old.requirements.filter(({ id }) => !after.has(id)).map(goneRow),
  ];
  const counts = Object.fromEntries(changes.map((name) => [name, rows.filter(({ change }) => change === name).length]));
  return comparisonSchema.parse({
    format: comparisonFormat,
    unit: now.unit,
    platform: now.platform.name,
    profile: { name: now.profile.name, title: now.profile.title },
    old: sideOf(old),
    new: sideOf(now),
    notes: notesOf(old, now, rows),
    regressions: rows.filter(({ regression }) => regression).length,
    counts,
    rows,
    waivers: waiverChanges(old, now),
  });
}

/** What must be the same for two assessments to be compared, or to stand in one history. */
export function seriesKey({ unit, platform, profile }: Assessment): string {
  return JSON.stringify([unit.creditCode, platform.name, profile.name]);
}

function refuseStrangers(old: Assessment, now: Assessment): void {
  if (seriesKey(old) === seriesKey(now)) return;
  const name = ({ unit, platform, profile }: Assessment): string =>
    `${unit.name} (${unit.creditCode}) · ${platform.name} · ${profile.name}`;
  throw new InputError({
    zh: `两次评估的单位、平台或规范配置不同，不能比较：\n  ${name(old)}\n  ${name(now)}`,
    en: `the assessments are of another unit, platform or profile, and do not compare:\n  ${name(old)}\n  ${name(now)}`,
  });
}

// From worst to best; what does not bind is neither.
const ranks: Readonly<Record<Verdict, number>> = { unmet: 0, partial: 1, unproven: 2, met: 3, 'not-applicable': -1 };

function comparedRow(before: AssessedRequirement | undefined, now: AssessedRequirement): ComparedRow {
  const found = compareFindings(before, now);
  const { change, regression } = changeOf(before, now, found);
  const evidence = evidenceOf(before, now);
  const isOther = found.appeared.length + found.vanished.length > 0;
  const still = isOther ? 'findings' : evidence === 'changed' ? 'evidence' : 'same';
  return {
    requirement: now.id,
    title: now.title,
    change: change === 'same' ? still : change,
    ...(before ? { from: stateOf(before) } : {}),
    to: stateOf(now),
    regression,
    appeared: found.appeared,
    vanished: found.vanished,
    evidence,
  };
}

function goneRow(row: AssessedRequirement): ComparedRow {
  const { id: requirement, title } = row;
  const nothing = { regression: false, appeared: [], vanished: [], evidence: 'unknown' as const };
  return { requirement, title, change: 'gone', from: stateOf(row), ...nothing };
}

type Found = Pick<ReturnType<typeof compareFindings>, 'newUnmet' | 'newUnmetOpen'>;

function changeOf(
  before: AssessedRequirement | undefined,
  now: AssessedRequirement,
  { newUnmet, newUnmetOpen }: Found,
): { change: Change; regression: boolean } {
  const [from, to] = [before?.verdict ?? 'not-applicable', now.verdict];
  const isAcceptedNow = isAccepted(now);
  const isBad = to === 'unmet' || to === 'partial';
  if (to === 'not-applicable') return { change: from === to ? 'same' : 'gone', regression: false };
  if (!before || from === 'not-applicable') return { change: 'new', regression: isBad && !isAcceptedNow };
  const wasBad = from === 'unmet' || from === 'partial';
  if (before.rule !== undefined && now.rule !== undefined && before.rule !== now.rule)
    return { change: 'otherwise', regression: isBad && !wasBad && !isAcceptedNow };
  const isLower = ranks[to] < ranks[from];
  const lostWaiver = isAccepted(before) && to !== 'met' && !isAcceptedNow;
  if (isLower || newUnmet || lostWaiver)
    return { change: 'worse', regression: (isLower && !isAcceptedNow) || newUnmetOpen || lostWaiver };
  // What cannot be told any more has not been put right.
  if (wasBad && to === 'unproven') return { change: 'unclear', regression: false };
  return { change: ranks[to] > ranks[from] ? 'better' : 'same', regression: false };
}

function stateOf({ verdict, remaining }: AssessedRequirement): NonNullable<ComparedRow['from']> {
  return { verdict, ...(remaining ? { remaining } : {}) };
}

function evidenceOf(before: AssessedRequirement | undefined, now: AssessedRequirement): ComparedRow['evidence'] {
  if (!before || before.rule === undefined || now.rule === undefined) return 'unknown';
  return before.seen === now.seen ? 'same' : 'changed';
}

function sideOf({ number, asOf, occasion, tool }: Assessment): Comparison['old'] {
  return { number, asOf, occasion, version: tool.version };
}

function notesOf(old: Assessment, now: Assessment, rows: readonly ComparedRow[]): Text[] {
  const otherwise = rows.filter(({ change }) => change === 'otherwise').length;
  const noRules = [...old.requirements, ...now.requirements].some(({ rule }) => rule === undefined);
  const texts = [
    old.asOf > now.asOf ? fill(notes.backwards, { old: old.asOf, now: now.asOf }) : undefined,
    old.tool.version === now.tool.version
      ? undefined
      : fill(notes.version, { old: old.tool.version, now: now.tool.version }),
    old.occasion === now.occasion
      ? undefined
      : fill(notes.occasion, { old: occasionTitles[old.occasion], now: occasionTitles[now.occasion] }),
    otherwise > 0 ? fill(notes.otherwise, { count: otherwise }) : undefined,
    noRules ? notes.noRules : undefined,
  ];
  return texts.filter((text) => text !== undefined);
}

const notes = {
  backwards: {
    zh: '前一份的基准日 {{old}} 晚于后一份的 {{now}}，请确认次序',
    en: 'the first assessment ({{old}}) is later than the second ({{now}}): mind the order',
  },
  version: {
    zh: '两次评估所用版本不同（{{old}}、{{now}}），差异可能来自检查项本身',
    en: 'the versions differ ({{old}}, {{now}}): a difference may come from the checks themselves',
  },
  occasion: {
    zh: '两次评估的事项不同（{{old}}、{{now}}），只在一次适用的要求项不作好坏比较',
    en: 'the occasions differ ({{old}}, {{now}}): what binds at one of them only is not called better or worse',
  },
  otherwise: {
    zh: '有 {{count}} 个要求项的检查项、参数或限值已经改变，判定并列显示，不作好坏比较',
    en: 'of {{count}} requirements the checks, parameters or thresholds changed: verdicts stand side by side and are not called better or worse',
  },
  noRules: {
    zh: '其中一份由旧版本写成，未记录要求与证据的哈希，无法判断它们是否改变',
    en: 'one of the files is of an older version and does not record what was asked and seen: whether that changed cannot be told',
  },
} satisfies Record<string, Text>;

function waiverChanges(old: Assessment, now: Assessment): Comparison['waivers'] {
  const [before, after] = [activeOf(old), activeOf(now)];
  const listed = new Map((now.waivers ?? []).map((waiver) => [targetOf(waiver), waiver]));
  const begun = [...after].filter(([target]) => !before.has(target));
  const ended = [...before].filter(([target]) => !after.has(target));
  return {
    begun: begun.map(([, waiver]) => changeOfWaiver(waiver, waiver.state)),
    ended: ended.map(([target, waiver]) => changeOfWaiver(waiver, listed.get(target)?.state ?? 'removed')),
  };
}

function activeOf({ waivers = [] }: Assessment): Map<string, AssessedWaiver> {
  return new Map(waivers.filter(({ state }) => state === 'active').map((waiver) => [targetOf(waiver), waiver]));
}

function targetOf({ requirement, finding, covers }: AssessedWaiver): string {
  return finding ?? JSON.stringify([requirement, covers?.toSorted()]);
}

function changeOfWaiver(waiver: AssessedWaiver, state: WaiverChange['state']): WaiverChange {
  const { finding, requirement, approver, from, until } = waiver;
  return { of: [requirement, finding].filter(Boolean).join(' '), approver, from, until, state };
}
