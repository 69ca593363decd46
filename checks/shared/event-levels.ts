import { z } from 'zod';
import { isDate, monthsBefore, type PlainDate } from '../../src/evidence/dates.ts';
import type { Text } from '../../src/text.ts';
import { type Event, eventKind } from './events.ts';

const losses = ['none', 'larger', 'major'] as const;
const effects = ['none', 'adverse', 'rather-serious', 'serious'] as const;

/**
 * Events of these kinds belong to the level if the loss is one of those listed or the effect is (where neither is listed: always),
 * and the circumstances were vile, a consumer complained, the event lies within the months, where that is asked.
 */
export const levelRule = z.strictObject({
  level: z.enum(['reminder', 'order', 'new-units-suspended', 'service-suspended']),
  kinds: z.array(eventKind).min(1),
  loss: z.array(z.enum(losses)).min(1).optional(),
  effect: z.array(z.enum(effects)).min(1).optional(),
  vile: z.literal(true).optional(),
  complaint: z.literal(true).optional(),
  /** Calendar months back from the as-of date. */
  withinMonths: z.int().positive().optional(),
});

type Rule = z.output<typeof levelRule>;

/** How grave an event is, as the guidance sees it; `other`: named by no rule. */
export type Level = Rule['level'] | 'other';

/** What the bureau does at each level, gravest first. */
export const levelTitles = {
  'service-suspended': {
    zh: '暂停涉税服务功能并责令限期改正',
    en: 'service suspended and correction ordered',
  },
  'new-units-suspended': {
    zh: '暂停新增使用单位接入并责令限期改正',
    en: 'new using units suspended and correction ordered',
  },
  order: { zh: '责令限期改正', en: 'correction ordered' },
  reminder: { zh: '提示提醒', en: 'reminder' },
  other: { zh: '其他情形，由税务机关视损失和影响处理', en: 'other, for the bureau to decide by loss and effect' },
} as const satisfies Record<Level, Text>;

/**
 * The levels that an event may belong to, by rules that are ordered from the gravest: one where it is certain, several where what
 * is not known could change it.
 */
export function levelsBy(rules: readonly Rule[], asOf: PlainDate): (event: Event) => readonly Level[] {
  const bound = rules.map((rule) => ({
    ...rule,
    since: rule.withinMonths === undefined ? undefined : monthsBefore(asOf, rule.withinMonths),
  }));
  const byKind = new Map<string, Bound[]>();
  for (const rule of bound)
    for (const kind of new Set(rule.kinds)) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
  return (event) => possible(byKind.get(event.kind ?? '') ?? [], event);
}

type Bound = Rule & { readonly since: PlainDate | undefined };

function possible(rules: readonly Bound[], event: Event): Level[] {
  const levels = new Set<Level>();
  for (const rule of rules) {
    const answer = applies(rule, event);
    if (answer !== 'no') levels.add(rule.level);
    if (answer === 'yes') return [...levels];
  }
  return [...levels, 'other'];
}

type Answer = 'yes' | 'no' | 'maybe';

function applies(rule: Bound, event: Event): Answer {
  const answers = [
    isWithin(rule, event),
    isHarmful(rule, event),
    rule.vile ? said(event.vile) : 'yes',
    rule.complaint ? said(event.complaint) : 'yes',
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

function isWithin({ since }: Bound, { on }: Event): Answer {
  if (since === undefined) return 'yes';
  if (on === undefined || !isDate(on)) return 'maybe';
  return on >= since ? 'yes' : 'no';
}

function isHarmful({ loss, effect }: Bound, event: Event): Answer {
  const answers = [
    ...(loss ? [isAmong(loss, losses, event.loss)] : []),
    ...(effect ? [isAmong(effect, effects, event.effect)] : []),
  ];
  if (answers.length === 0 || answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

function isAmong(asked: readonly string[], known: readonly string[], cell: string | undefined): Answer {
  if (cell === undefined || !known.includes(cell)) return 'maybe';
  return asked.includes(cell) ? 'yes' : 'no';
}

function said(cell: string | undefined): Answer {
  return cell === 'yes' || cell === 'no' ? cell : 'maybe';
}

/** Whether the loss was major or the effect serious; undefined if that is not known. */
export function isHeavy({ loss, effect }: Event): boolean | undefined {
  const answers = [isAmong(['major'], losses, loss), isAmong(['serious'], effects, effect)];
  if (answers.includes('yes')) return true;
  return answers.includes('maybe') ? undefined : false;
}

/** `unclear`: the dates contradict each other, or whether it was corrected fully is said not to be known. */
export type State = 'open' | 'corrected' | 'unclear';

/** How an event stands at the as-of date: corrected only by then, and not if the correction is said to be incomplete. */
export function stateOf({ on, correctedOn, metFully }: Event, asOf: PlainDate): State {
  if (correctedOn === undefined || metFully === 'no') return 'open';
  if (!isDate(correctedOn)) return 'unclear';
  if (correctedOn > asOf) return 'open';
  if (on === undefined || correctedOn < on) return 'unclear';
  return metFully === undefined || metFully === 'yes' ? 'corrected' : 'unclear';
}
