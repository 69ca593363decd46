import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { addMonths } from '../evidence/dates.ts';
import { plainDate } from '../evidence/schemas.ts';
import type { Text } from '../text.ts';
import { readYamlFile, refuse } from '../yaml.ts';
import { ownSays } from './own-findings.ts';
import type { Profile, Requirement } from './profile.ts';

/** The longest a waiver may last, calendar months: no document sets a limit, this is our reading of "for the time being". */
export const longestWaiver = 12;

/** What no waiver covers: what throws doubt on the evidence itself, and a check that failed. */
export const neverWaived: ReadonlySet<string> = new Set([
  'check-failed',
  'unobserved:host-key',
  'unobserved:not-declared',
  'unobserved:after-as-of',
]);

const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, { error: '须写在一行内 | must stand on one line' });

const entrySchema = z
  .strictObject({
    /** Id of a requirement of the profile: `QD-5.4-3`. */
    requirement: line.optional(),
    /** Id of one finding: `F-1a2b3c4d5e6f`, as `explain` prints it. */
    finding: z
      .string()
      .regex(/^F-[0-9a-f]{12}$/, {
        error: '不是发现编号，例如 F-1a2b3c4d5e6f | not the id of a finding such as F-1a2b3c4d5e6f',
      })
      .optional(),
    /** Of a whole requirement: the kinds of finding that are accepted, `logs/retention:tooYoung`; any other stays open. */
    covers: z.array(line).min(1).max(100).optional(),
    reason: z.string().trim().min(1).max(2000),
    /** Who answers for the acceptance. */
    approver: line,
    /** First and last day on which it holds, in the platform's time zone. */
    from: plainDate,
    until: plainDate,
    ticket: line.optional(),
    /** The paper that approves it: its number, or its id in the platform file. */
    paper: line.optional(),
  })
  .check((context) => {
    for (const [path, message] of contradictions(context.value))
      context.issues.push({ code: 'custom', path: [path], message, input: context.value });
  });

/** The file `waivers.yaml`: what the unit accepts for a time, with reason and approver. */
export const waiversSchema = z.strictObject({
  waivers: z
    .array(entrySchema)
    .max(1000)
    .nullish()
    .transform((list) => list ?? []),
});

/** One acceptance as the unit wrote it, with the id that its content gives it. */
export type Waiver = z.output<typeof entrySchema> & { readonly id: string };

/** The list of waivers, and where each entry stands in its file. */
export type WaiverList = {
  readonly waivers: readonly Waiver[];
  /** `file:line:column` of an entry, by its id. */
  readonly placeOf: (id: string) => string;
};

/**
 * Reads a list of waivers for a profile. Throws {@link InputError} with every mistake at once, each with file and line: what the
 * schema says, a requirement or a kind of finding that the profile does not have, an entry that stands there twice.
 */
export async function readWaivers(
  path: string,
  profile: Profile,
  secretIn: (text: string) => boolean = () => false,
): Promise<WaiverList> {
  const file = await readYamlFile(path, waiversSchema);
  const waivers = (file.value?.waivers ?? []).map((entry): Waiver => ({ id: idOf(entry), ...entry }));
  const mistakes = waivers.flatMap((waiver, index) => [
    ...(waivers.findIndex(({ id }) => id === waiver.id) < index
      ? [file.mistake(['waivers', index], { zh: '此条写了两次', en: 'this entry stands here twice' })]
      : []),
    ...unknowns(waiver, profile).map(([keys, text]) => file.mistake(['waivers', index, ...keys], text)),
    ...(['reason', 'approver', 'ticket', 'paper'] as const)
      .filter((key) => secretIn(waiver[key] ?? ''))
      .map((key) => file.mistake(['waivers', index, key], secretText)),
  ]);
  refuse([...file.mistakes, ...mistakes]);
  const places = new Map(
    waivers.map(({ id }, index) => [id, file.mistake(['waivers', index], { zh: '', en: '' }).at] as const),
  );
  return { waivers, placeOf: (id) => places.get(id) ?? path };
}

/** A kind of finding as `covers` names it: check and message, or the message alone where the assessment itself speaks. */
export function kindOf({ check, says }: { check: string; says: string }): string {
  return check === '-' ? says : `${check}:${says}`;
}

function idOf(entry: z.output<typeof entrySchema>): string {
  return `W-${createHash('sha256').update(canonicalJson(entry)).digest('hex').slice(0, 8)}`;
}

type Entry = Partial<Pick<Waiver, 'requirement' | 'finding' | 'covers' | 'from' | 'until'>>;

function contradictions({ requirement, finding, covers, from, until }: Entry): [keyof Entry, string][] {
  const wrong: [keyof Entry, string][] = [];
  if (!finding && !requirement)
    wrong.push([
      'requirement',
      '须写 finding，或 requirement 加 covers | finding is needed, or requirement with covers',
    ]);
  if (finding && covers)
    wrong.push([
      'covers',
      'covers 只用于整个要求项，不与 finding 同写 | covers is for a whole requirement, not beside finding',
    ]);
  if (requirement && !finding && !covers)
    wrong.push([
      'requirement',
      '还须写 covers：列出所接受的发现种类，运行 leqi-audit explain 可见 | covers is needed too: the kinds of finding accepted, as leqi-audit explain prints them',
    ]);
  if (from && until && from > until)
    wrong.push(['until', `until 早于 from（${from}） | until is earlier than from (${from})`]);
  if (from && until && until > addMonths(from, longestWaiver))
    wrong.push([
      'until',
      `例外最长 ${longestWaiver} 个月：不得晚于 ${addMonths(from, longestWaiver)} | a waiver lasts ${longestWaiver} months at most: no later than ${addMonths(from, longestWaiver)}`,
    ]);
  return wrong;
}

const secretText: Text = {
  zh: '疑似含有口令、密钥、身份证号或手机号；例外会写入报告，请删去',
  en: 'seems to hold a password, a key, an identity or mobile number; waivers stand in the report: leave it out',
};

function unknowns({ requirement, covers }: Waiver, profile: Profile): [PropertyKey[], Text][] {
  if (requirement === undefined) return [];
  const row = profile.requirements.find(({ id }) => id === requirement);
  if (!row) return [[['requirement'], noSuchRow(requirement, profile)]];
  return (covers ?? []).flatMap((kind, index): [PropertyKey[], Text][] => {
    const text = problemOf(kind, row);
    return text ? [[['covers', index], text]] : [];
  });
}

function noSuchRow(requirement: string, { name }: Profile): Text {
  return {
    zh: `规范配置 ${name} 没有要求项 ${requirement}；可用 leqi-audit profiles show ${name} 查看`,
    en: `the profile ${name} has no requirement ${requirement}: see leqi-audit profiles show ${name}`,
  };
}

function problemOf(kind: string, { id, uses }: Requirement): Text | undefined {
  const said = kind.slice(kind.indexOf(':') + 1);
  if (neverWaived.has(kind) || neverWaived.has(said))
    return {
      zh: `${kind} 涉及证据本身是否可信，不得例外`,
      en: `${kind} throws doubt on the evidence itself: it cannot be waived`,
    };
  if (ownSays.includes(kind)) return undefined;
  const use = uses.find(({ check }) => kind.startsWith(`${check.id}:`));
  const says = use ? kind.slice(use.check.id.length + 1) : '';
  if (use && (says.startsWith('unobserved:') || Object.hasOwn(use.check.messages, says))) return undefined;
  const checks = [...new Set(uses.map(({ check }) => check.id))];
  return {
    zh: `${id} 没有这种发现；应写作 检查项:消息，检查项有：${checks.join('、') || '无'}；运行 leqi-audit explain ${id} 可见`,
    en: `${id} has no such kind of finding; it is written check:message, its checks are: ${checks.join(', ') || 'none'}; leqi-audit explain ${id} prints them`,
  };
}
